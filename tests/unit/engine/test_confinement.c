/* What holds a child, shown by children that try to get away; and a nursery that is lost. */
#include <signal.h>

#include "engine_fixture.h"

#include "engine/engine_library.h"
#include "engine/engine_provoke.h"

/* expect_signal - the provoked child ends with the signal */
static void expect_signal(enum engine_kind kind, int number)
{
    struct engine_end end = engine_provoke(shared_engine, kind);

    assert_int_equal(end.kind, ENGINE_END_SIGNAL);
    assert_int_equal(end.number, number);
}

static void opening_a_file_is_the_end(void **state)
{
    (void)state;
    expect_signal(ENGINE_KIND_OPEN_FILE, SIGSYS);
}

static void opening_a_socket_is_the_end(void **state)
{
    (void)state;
    expect_signal(ENGINE_KIND_OPEN_SOCKET, SIGSYS);
}

static void forking_is_the_end(void **state)
{
    (void)state;
    expect_signal(ENGINE_KIND_FORK, SIGSYS);
}

static void a_crash_is_told_by_its_signal(void **state)
{
    (void)state;
    expect_signal(ENGINE_KIND_CRASH, SIGSEGV);
}

static void a_child_that_dies_while_the_body_flows_does_not_stop_the_program(void **state)
{
    (void)state;
    expect_signal(ENGINE_KIND_DIE_IN_BODY, SIGSEGV);
}

static void a_child_that_hangs_is_killed(void **state)
{
    int patience = shared_engine->wait_ms;
    struct engine_end end;

    (void)state;
    shared_engine->wait_ms = 100;
    end = engine_provoke(shared_engine, ENGINE_KIND_HANG);
    shared_engine->wait_ms = patience;
    assert_int_equal(end.kind, ENGINE_END_HUNG);
}

static void a_child_that_grows_is_refused_memory(void **state)
{
#ifdef ENGINE_SANITIZED
    (void)state;
    skip(); /* the address sanitizer's own reservations exceed the limit */
#else
    struct engine_end end = engine_provoke(shared_engine, ENGINE_KIND_GROW);

    (void)state;
    assert_int_equal(end.kind, ENGINE_END_EXIT);
    assert_int_equal(end.number, ENGINE_STATUS_GREW);
#endif
}

static void a_child_that_babbles_is_not_waited_for(void **state)
{
    struct engine_end end = engine_provoke(shared_engine, ENGINE_KIND_BABBLE);

    (void)state;
    assert_int_equal(end.kind, ENGINE_END_EXIT);
    assert_int_equal(end.number, 0);
}

/* judge_once - an ordinary question */
static const struct engine_verdict *judge_once(struct fixture *fixture)
{
    static struct auth_spf_input input = { .helo = "mail.example.com",
                                           .mail_from = "jane@example.com" };
    static struct engine_request request = { .spf = &input, .spf_count = 1, .now = NOW };

    assert_true(ip_parse(span_of("192.0.2.1"), &input.client));
    judge(fixture, &request);
    return &fixture->verdicts[0];
}

static void a_child_that_hangs_costs_nobody_else_anything(void **state)
{
    int patience = shared_engine->wait_ms;
    struct engine_talk hanging;
    struct engine_talk crashing;
    struct engine_end end;

    (void)state;
    shared_engine->wait_ms = 200;
    assert_true(engine_talk_open(&hanging, shared_engine, ENGINE_KIND_HANG));
    assert_true(engine_talk_open(&crashing, shared_engine, ENGINE_KIND_CRASH));
    end = engine_talk_close(&hanging); /* hears of the other one first */
    assert_int_equal(end.kind, ENGINE_END_HUNG);
    end = engine_talk_close(&crashing);
    assert_int_equal(end.kind, ENGINE_END_SIGNAL);
    assert_int_equal(end.number, SIGSEGV);
    shared_engine->wait_ms = patience;
}

static void more_children_than_may_work_wait_for_a_place(void **state)
{
    int patience = shared_engine->wait_ms;
    struct engine_talk hanging[ENGINE_CHILDREN_MAX];
    struct engine_end end;

    (void)state;
    shared_engine->wait_ms = 100;
    for (size_t i = 0; i < ENGINE_CHILDREN_MAX; i++)
        assert_true(engine_talk_open(&hanging[i], shared_engine, ENGINE_KIND_HANG));
    for (size_t i = 0; i < ENGINE_CHILDREN_MAX - 1; i++) {
        end = engine_talk_close(&hanging[i]);
        assert_int_equal(end.kind, ENGINE_END_HUNG);
    }
    expect_signal(ENGINE_KIND_CRASH, SIGSEGV);
    end = engine_talk_close(&hanging[ENGINE_CHILDREN_MAX - 1]);
    assert_int_equal(end.kind, ENGINE_END_HUNG);
    shared_engine->wait_ms = patience;
}

static void announcing_questions_changes_nothing(void **state)
{
    struct fixture fixture = fixture_open("example.com TXT \"v=spf1 ip4:192.0.2.1 -all\"");

    (void)state;
    engine_expect(shared_engine, ENGINE_LIBOPENDKIM);
    engine_expect(shared_engine, ENGINE_LIBSPF2);
    assert_string_equal(judge_once(&fixture)->result, "pass");
    assert_int_equal(shared_engine->restarts, 0);
    arena_close(fixture.arena);
}

static void a_nursery_lost_in_a_talk_is_not_waited_for(void **state)
{
    struct engine_talk first;
    struct engine_talk second;
    struct engine_end end;

    (void)state;
    assert_true(engine_talk_open(&first, shared_engine, ENGINE_KIND_HANG));
    assert_true(engine_talk_open(&second, shared_engine, ENGINE_KIND_HANG));
    assert_int_equal(kill(shared_engine->nursery, SIGKILL), 0);
    end = engine_talk_close(&second);
    assert_int_equal(end.kind, ENGINE_END_UNKNOWN);
    end = engine_talk_close(&first);
    assert_int_equal(end.kind, ENGINE_END_UNKNOWN);
}

static void after_all_of_this_an_ordinary_question_is_answered(void **state)
{
    struct fixture fixture = fixture_open("example.com TXT \"v=spf1 ip4:192.0.2.1 -all\"");

    (void)state;
    assert_string_equal(judge_once(&fixture)->result, "pass");
    assert_int_equal(shared_engine->restarts, 0);
    arena_close(fixture.arena);
}

static void a_nursery_that_is_killed_costs_one_question(void **state)
{
    struct fixture fixture = fixture_open("example.com TXT \"v=spf1 ip4:192.0.2.1 -all\"");

    (void)state;
    assert_string_equal(judge_once(&fixture)->result, "pass");
    assert_int_equal(kill(shared_engine->nursery, SIGKILL), 0);
    assert_true(judge_once(&fixture)->is_lost);
    assert_string_equal(fixture.verdicts[0].detail, "the process that runs libspf2 was lost");
    assert_string_equal(judge_once(&fixture)->result, "pass");
    assert_int_equal(shared_engine->restarts, 1);
    arena_close(fixture.arena);
}

static void a_nursery_that_is_stopped_costs_one_question(void **state)
{
    struct fixture fixture = fixture_open("example.com TXT \"v=spf1 ip4:192.0.2.1 -all\"");
    int patience = shared_engine->wait_ms;

    (void)state;
    assert_string_equal(judge_once(&fixture)->result, "pass");
    assert_int_equal(kill(shared_engine->nursery, SIGSTOP), 0);
    shared_engine->wait_ms = 50 - ENGINE_GRACE_MS;
    assert_true(judge_once(&fixture)->is_lost);
    shared_engine->wait_ms = patience;
    assert_string_equal(judge_once(&fixture)->result, "pass");
    arena_close(fixture.arena);
}

static void nurseries_are_not_replaced_for_ever(void **state)
{
    struct fixture fixture = fixture_open("example.com TXT \"v=spf1 ip4:192.0.2.1 -all\"");
    struct err why;
    struct engine *own = engine_open(&why);

    (void)state;
    assert_non_null(own);
    fixture.engine = own;
    for (unsigned i = 0; i < ENGINE_RESTARTS_MAX + 1; i++) {
        assert_string_equal(judge_once(&fixture)->result, "pass");
        assert_int_equal(kill(own->nursery, SIGKILL), 0);
        assert_true(judge_once(&fixture)->is_lost);
    }
    assert_true(judge_once(&fixture)->is_lost);
    engine_close(own);
    arena_close(fixture.arena);
}

static void closing_leaves_no_process_behind(void **state)
{
    struct err why;
    struct engine *own = engine_open(&why);
    pid_t nursery;

    (void)state;
    assert_non_null(own);
    nursery = own->nursery;
    engine_close(own);
    assert_int_equal(kill(nursery, 0), -1);
    engine_close(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(opening_a_file_is_the_end),
        cmocka_unit_test(opening_a_socket_is_the_end),
        cmocka_unit_test(forking_is_the_end),
        cmocka_unit_test(a_crash_is_told_by_its_signal),
        cmocka_unit_test(a_child_that_dies_while_the_body_flows_does_not_stop_the_program),
        cmocka_unit_test(a_child_that_hangs_is_killed),
        cmocka_unit_test(a_child_that_grows_is_refused_memory),
        cmocka_unit_test(a_child_that_babbles_is_not_waited_for),
        cmocka_unit_test(a_child_that_hangs_costs_nobody_else_anything),
        cmocka_unit_test(more_children_than_may_work_wait_for_a_place),
        cmocka_unit_test(announcing_questions_changes_nothing),
        cmocka_unit_test(after_all_of_this_an_ordinary_question_is_answered),
        cmocka_unit_test(a_nursery_that_is_killed_costs_one_question),
        cmocka_unit_test(a_nursery_that_is_stopped_costs_one_question),
        cmocka_unit_test(a_nursery_lost_in_a_talk_is_not_waited_for),
        cmocka_unit_test(nurseries_are_not_replaced_for_ever),
        cmocka_unit_test(closing_leaves_no_process_behind),
    };

    return cmocka_run_group_tests(tests, open_engine, close_engine);
}
