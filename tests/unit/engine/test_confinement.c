/* What holds a child, shown by children that try to get away; and a fork server that is lost. */
#include <signal.h>
#include <sys/wait.h>

#include "engine_fixture.h"
#include "engine_provoke.h"

#include "base/limits.h"
#include "engine/engine_library.h"

/* every provocation of engine_provoke.def: how its child ends, and, if it is asked for the
 * verdict of libspf2, what the report says */
static const struct provocation {
    const char *name;
    enum engine_kind kind;
    enum engine_end_kind end;
    int number;
    const char *detail;
    bool is_believed; /* nothing is wrong but what is said */
} provocations[] = {
#define LOST      "libspf2 ended with "
#define HERE      " on this question"
#define SENSELESS "libspf2 gave an answer that makes no sense" HERE
#define ROW(name) #name, PROVOKED(name)
#define KILLED    ENGINE_END_SIGNAL, SIGSYS, LOST "signal 31" HERE
#define CRASHED   ENGINE_END_SIGNAL, SIGSEGV, LOST "signal 11" HERE
#define REFUSED   ENGINE_END_EXIT, ENGINE_STATUS_GREW, LOST "exit status 42" HERE
/* bound: LIMIT_CHILD_MEMORY_BYTES past, LIMIT_CHILD_REPLY_BYTES past */
#define DISBELIEVED ENGINE_END_EXIT, 0, SENSELESS
    {ROW(OPEN_FILE), KILLED, false},
    {ROW(OPEN_SOCKET), KILLED, false},
    {ROW(FORK), KILLED, false},
    {ROW(EXEC), KILLED, false},
    {ROW(TRACE), KILLED, false},
    {ROW(KILL), KILLED, false},
    {ROW(WRITE), KILLED, false},
    {ROW(MAP_CODE), KILLED, false},
    {ROW(PROTECT_CODE), KILLED, false},
    {ROW(CRASH), CRASHED, false},
    {ROW(HANG), ENGINE_END_HUNG, 0, "libspf2 had no answer within 0 seconds" HERE, false},
    {ROW(GROW), REFUSED, false},
    {ROW(GROW_AT_ONCE), REFUSED, false},
    {ROW(DIE_IN_BODY), CRASHED, false},
    {ROW(DIE_IN_ANSWER), CRASHED, false},
    {ROW(DIE_AFTER_ANSWER), CRASHED, false},
    {ROW(BABBLE), DISBELIEVED, false},
    {ROW(FLOOD), ENGINE_END_SIGNAL, SIGPIPE, LOST "signal 13" HERE, false},
    {ROW(TOO_LONG), DISBELIEVED, false},
    {ROW(NO_RESULT), DISBELIEVED, false},
    {ROW(LEFTOVERS), DISBELIEVED, false},
    {ROW(NO_NAMES), DISBELIEVED, false},
    {ROW(ESCAPES), ENGINE_END_EXIT, 0, "\\x1b]0;owned\\x07\\x0d\\x0a\\u{9b}\\u{202e}\\xff",
     true},
    {ROW(ABSENT), ENGINE_END_EXIT, ENGINE_STATUS_ABSENT, "not run: it is not installed", false},
};

#define PATIENCE_MS 200 /* enough for all that do not hang */

/* can_be_seen - the address sanitizer's own reservations exceed the limit of memory */
static bool can_be_seen(enum engine_kind kind)
{
#ifdef ENGINE_SANITIZED
    return kind != PROVOKED(GROW) && kind != PROVOKED(GROW_AT_ONCE);
#else
    (void)kind;
    return true;
#endif
}

/* patience - how long a child of the kind may take: what ends by itself is never cut short */
static int patience(enum engine_kind kind)
{
    return kind == PROVOKED(HANG) ? PATIENCE_MS : LIMIT_CHILD_WAIT_MS;
}

/* expect_signal - the provoked child ends with the signal */
static void expect_signal(enum engine_kind kind, int number)
{
    struct engine_end end = engine_provoke(shared_engine, kind);

    assert_int_equal(end.kind, ENGINE_END_SIGNAL);
    assert_int_equal(end.number, number);
}

static void every_provocation_has_its_row(void **state)
{
    (void)state;
    assert_int_equal(COUNT_OF(provocations), ENGINE_PROVOKE_LIMIT - ENGINE_KIND_LIMIT);
    for (size_t i = 0; i < COUNT_OF(provocations); i++)
        assert_int_equal(provocations[i].kind, ENGINE_KIND_LIMIT + (int)i);
}

static void every_provocation_ends_its_child(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(provocations); i++) {
        const struct provocation *row = &provocations[i];
        struct engine_end end;

        if (!can_be_seen(row->kind))
            continue;
        shared_engine->wait_ms = patience(row->kind);
        end = engine_provoke(shared_engine, row->kind);
        if (end.kind != row->end || end.number != row->number)
            fail_msg("%s: ended with %d, %d", row->name, (int)end.kind, end.number);
    }
    shared_engine->wait_ms = LIMIT_CHILD_WAIT_MS;
}

/* judge_once - an ordinary question */
static const struct engine_verdict *judge_once(struct fixture *fixture)
{
    static struct auth_spf_input input = {.helo = "mail.example.com",
                                          .mail_from = "jane@example.com"};
    static struct engine_request request = {.spf = &input, .spf_count = 1, .now = NOW};

    assert_true(ip_parse(span_of("192.0.2.1"), &input.client));
    judge(fixture, &request);
    return &fixture->verdicts[0];
}

static void no_provocation_ends_the_report(void **state)
{
    struct fixture fixture = fixture_open("example.com TXT \"v=spf1 ip4:192.0.2.1 -all\"");

    (void)state;
    for (size_t i = 0; i < COUNT_OF(provocations); i++) {
        const struct provocation *row = &provocations[i];
        const struct engine_verdict *verdict = NULL;

        if (!can_be_seen(row->kind))
            continue;
        shared_engine->instead = row->kind;
        shared_engine->wait_ms = patience(row->kind);
        verdict = judge_once(&fixture);
        if (strcmp(verdict->detail, row->detail) != 0)
            fail_msg("%s: \"%s\"", row->name, verdict->detail);
        assert_true(verdict->is_lost != (row->is_believed || verdict->is_skipped));
        assert_true(verdict->is_skipped == (row->number == ENGINE_STATUS_ABSENT));
        assert_true((verdict->result != NULL) == row->is_believed);
        shared_engine->instead = ENGINE_KIND_SPF;
        shared_engine->wait_ms = LIMIT_CHILD_WAIT_MS;
        assert_string_equal(judge_once(&fixture)->result, "pass");
    }
    assert_true(shared_engine->fork_server > 0);
    arena_close(fixture.arena);
}

/* open_hanging - a child that hangs, with little patience; what comes next may take its time */
static void open_hanging(struct engine_talk *talk)
{
    shared_engine->wait_ms = PATIENCE_MS;
    assert_true(engine_talk_open(talk, shared_engine, ENGINE_BIT(PROVOKED(HANG)), ""));
    shared_engine->wait_ms = LIMIT_CHILD_WAIT_MS;
}

/* close_hung - it was killed after the wait */
static void close_hung(struct engine_talk *talk)
{
    struct engine_end end = engine_talk_close(talk);

    assert_int_equal(end.kind, ENGINE_END_HUNG);
}

/* bound: LIMIT_CHILD_WAIT_MS past */
static void a_child_that_hangs_costs_nobody_else_anything(void **state)
{
    struct engine_talk hanging;
    struct engine_talk crashing;
    struct engine_end end;

    (void)state;
    open_hanging(&hanging);
    assert_true(engine_talk_open(&crashing, shared_engine, ENGINE_BIT(PROVOKED(CRASH)), ""));
    close_hung(&hanging); /* hears of the other one first */
    end = engine_talk_close(&crashing);
    assert_int_equal(end.kind, ENGINE_END_SIGNAL);
    assert_int_equal(end.number, SIGSEGV);
}

/* bound: LIMIT_CHILDREN both */
static void more_children_than_may_work_wait_for_a_place(void **state)
{
    struct engine_talk hanging[LIMIT_CHILDREN];

    (void)state;
    for (size_t i = 0; i < LIMIT_CHILDREN; i++)
        open_hanging(&hanging[i]);
    for (size_t i = 0; i < LIMIT_CHILDREN - 1; i++)
        close_hung(&hanging[i]);
    expect_signal(PROVOKED(CRASH), SIGSEGV);
    close_hung(&hanging[LIMIT_CHILDREN - 1]);
}

static void announcing_questions_changes_nothing(void **state)
{
    struct fixture fixture = fixture_open("example.com TXT \"v=spf1 ip4:192.0.2.1 -all\"");

    (void)state;
    engine_expect(shared_engine, ENGINE_LIBOPENDKIM);
    engine_expect(shared_engine, ENGINE_LIBSPF2);
    assert_string_equal(judge_once(&fixture)->result, "pass");
    assert_true(shared_engine->fork_server > 0);
    arena_close(fixture.arena);
}

static void a_fork_server_lost_in_a_talk_is_not_waited_for(void **state)
{
    struct engine_talk first;
    struct engine_talk second;
    struct engine_end end;
    struct err why;
    struct engine *own = engine_open(&why);

    (void)state;
    assert_non_null(own);
    assert_true(engine_talk_open(&first, own, ENGINE_BIT(PROVOKED(HANG)), ""));
    assert_true(engine_talk_open(&second, own, ENGINE_BIT(PROVOKED(HANG)), ""));
    assert_int_equal(kill(own->fork_server, SIGKILL), 0);
    end = engine_talk_close(&second);
    assert_int_equal(end.kind, ENGINE_END_UNKNOWN);
    end = engine_talk_close(&first);
    assert_int_equal(end.kind, ENGINE_END_UNKNOWN);
    engine_close(own);
}

/* open_ready - an engine of its own, with a child that gets ready itself */
static struct engine *open_ready(void)
{
    struct err why;
    struct engine *own = engine_open(&why);

    assert_non_null(own);
    engine_expect_one(own);
    engine_expect(own, ENGINE_LIBSPF2);
    assert_true(own->ready > 0);
    return own;
}

static void a_child_that_got_ready_is_asked_once(void **state)
{
    struct fixture fixture = fixture_open("example.com TXT \"v=spf1 ip4:192.0.2.1 -all\"");
    struct engine *own = open_ready();

    (void)state;
    fixture.engine = own;
    for (int i = 0; i < 3; i++) {
        assert_string_equal(judge_once(&fixture)->result, "pass");
        assert_int_equal(own->ready_control, -1);
    }
    engine_expect_one(
        own); /* too late to have nothing in memory, and the other one was asked */
    engine_close(own);
    arena_close(fixture.arena);
}

static void a_child_that_gets_ready_is_held_as_all_others(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(provocations); i++) {
        const struct provocation *row = &provocations[i];
        struct engine *own = can_be_seen(row->kind) ? open_ready() : NULL;
        struct engine_end end;

        if (own == NULL)
            continue;
        own->wait_ms =
            row->kind == PROVOKED(HANG) ? PATIENCE_MS - ENGINE_GRACE_MS : LIMIT_CHILD_WAIT_MS;
        end = engine_provoke(own, row->kind);
        if (end.kind != row->end || end.number != row->number)
            fail_msg("%s: ended with %d, %d", row->name, (int)end.kind, end.number);
        assert_int_equal(own->ready, 0);
        engine_close(own);
    }
}

static void without_the_child_that_got_ready_the_fork_server_is_asked(void **state)
{
    struct fixture fixture = fixture_open("example.com TXT \"v=spf1 ip4:192.0.2.1 -all\"");
    struct engine *own = open_ready();
    siginfo_t ended;

    (void)state;
    fixture.engine = own;
    assert_int_equal(kill(own->ready, SIGKILL), 0);
    assert_int_equal(waitid(P_PID, (id_t)own->ready, &ended, WEXITED | WNOWAIT), 0);
    assert_string_equal(judge_once(&fixture)->result, "pass");
    engine_close(own);
    arena_close(fixture.arena);
}

static void after_all_of_this_an_ordinary_question_is_answered(void **state)
{
    struct fixture fixture = fixture_open("example.com TXT \"v=spf1 ip4:192.0.2.1 -all\"");

    (void)state;
    assert_string_equal(judge_once(&fixture)->result, "pass");
    assert_true(shared_engine->fork_server > 0);
    arena_close(fixture.arena);
}

/* lose_fork_server - by a signal; everything after it is lost, and nothing waits long */
static void lose_fork_server(int number)
{
    struct fixture fixture = fixture_open("example.com TXT \"v=spf1 ip4:192.0.2.1 -all\"");
    struct err why;
    struct engine *own = engine_open(&why);

    assert_non_null(own);
    fixture.engine = own;
    assert_string_equal(judge_once(&fixture)->result, "pass");
    assert_int_equal(kill(own->fork_server, number), 0);
    own->wait_ms = 50 - ENGINE_GRACE_MS;
    for (int i = 0; i < 3; i++) {
        assert_true(judge_once(&fixture)->is_lost);
        assert_string_equal(fixture.verdicts[0].detail, "the process that runs libspf2 died");
    }
    engine_close(own);
    arena_close(fixture.arena);
}

/* another one would hold what the program has read by then */
static void a_fork_server_that_is_killed_is_not_replaced(void **state)
{
    (void)state;
    lose_fork_server(SIGKILL);
}

static void a_fork_server_that_is_stopped_is_not_replaced(void **state)
{
    (void)state;
    lose_fork_server(SIGSTOP);
}

static void closing_leaves_no_process_behind(void **state)
{
    struct err why;
    struct engine *own = engine_open(&why);
    pid_t fork_server;

    (void)state;
    assert_non_null(own);
    fork_server = own->fork_server;
    engine_close(own);
    assert_int_equal(kill(fork_server, 0), -1);
    engine_close(NULL);
}

/* open_provoked - children that may be asked for a provocation */
static int open_provoked(void **state)
{
    engine_child_provoked = engine_provoke_now;
    return open_engine(state);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_provocation_has_its_row),
        cmocka_unit_test(every_provocation_ends_its_child),
        cmocka_unit_test(no_provocation_ends_the_report),
        cmocka_unit_test(a_child_that_hangs_costs_nobody_else_anything),
        cmocka_unit_test(more_children_than_may_work_wait_for_a_place),
        cmocka_unit_test(announcing_questions_changes_nothing),
        cmocka_unit_test(a_child_that_got_ready_is_asked_once),
        cmocka_unit_test(a_child_that_gets_ready_is_held_as_all_others),
        cmocka_unit_test(without_the_child_that_got_ready_the_fork_server_is_asked),
        cmocka_unit_test(after_all_of_this_an_ordinary_question_is_answered),
        cmocka_unit_test(a_fork_server_that_is_killed_is_not_replaced),
        cmocka_unit_test(a_fork_server_that_is_stopped_is_not_replaced),
        cmocka_unit_test(a_fork_server_lost_in_a_talk_is_not_waited_for),
        cmocka_unit_test(closing_leaves_no_process_behind),
    };

    if (!library_runs(ENGINE_LIBSPF2))
        return 77;
    return cmocka_run_group_tests(tests, open_provoked, close_engine);
}
