/* Trouble on purpose: by tags of addresses and by chance, and what is said of the tries. */
#include "base/limits_serve.h"
#include "sandbox/sandbox_fault.h"
#include "sandbox/sandbox_tries.h"
#include "talk.h"
#include "unit.h"

#define HELLO "EHLO client.example\r\n"

static void tags_ask_for_trouble_at_their_stage(void **state)
{
    static const struct {
        const char *path;
        enum sandbox_stage stage;
        enum sandbox_fault_kind kind;
        unsigned code;
    } rows[] = {
        {"x+450@example.com", STAGE_RCPT, FAULT_REPLY, 450},
        {"x+450@example.com", STAGE_DATA, FAULT_NONE, 0},
        {"x+450@example.com", STAGE_MAIL, FAULT_REPLY, 450},
        {"x+data-554@example.com", STAGE_DATA, FAULT_REPLY, 554},
        {"x+data-554@example.com", STAGE_RCPT, FAULT_NONE, 0},
        {"x+dot-421@example.com", STAGE_DOT, FAULT_REPLY, 421},
        {"x+tag+greylist@example.com", STAGE_RCPT, FAULT_GREYLIST, 451},
        {"x+Timeout@example.com", STAGE_RCPT, FAULT_SILENCE, 0},
        {"x+close@example.com", STAGE_RCPT, FAULT_CLOSE, 0},
        {"x+tarpit@example.com", STAGE_RCPT, FAULT_TARPIT, 0},
        {"x+250@example.com", STAGE_RCPT, FAULT_NONE, 0},
        {"x+560@example.com", STAGE_RCPT, FAULT_NONE, 0},
        {"x+4500@example.com", STAGE_RCPT, FAULT_NONE, 0},
        {"450@example.com", STAGE_RCPT, FAULT_NONE, 0},
        {"x@example.com+450", STAGE_RCPT, FAULT_NONE, 0},
        {"", STAGE_RCPT, FAULT_NONE, 0},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct sandbox_fault fault =
            sandbox_fault_of_path(span_of(rows[i].path), rows[i].stage);

        if (fault.kind != rows[i].kind || fault.code != rows[i].code)
            fail_msg("%s at stage %d", rows[i].path, (int)rows[i].stage);
    }
}

static void a_seed_brings_the_same_and_lets_through_in_the_end(void **state)
{
    size_t faults = 0;

    (void)state;
    for (uint64_t tries = 0; tries < 100; tries++) {
        struct sandbox_fault one =
            sandbox_fault_of_seed(7, span_of("x@example.com"), STAGE_RCPT, tries);
        struct sandbox_fault same =
            sandbox_fault_of_seed(7, span_of("x@example.com"), STAGE_RCPT, tries);

        assert_int_equal(one.kind, same.kind);
        assert_true(one.code < 500);
        faults += one.kind != FAULT_NONE;
    }
    assert_in_range(faults, 10, 50);
}

/* says - the codes after these octets */
static void says(struct talk *talk, const char *bytes, const char *codes)
{
    talk->said = sbuf_start(talk->arena);
    talk_send(talk, span_of(bytes), 0);
    assert_string_equal(talk_codes(talk), codes);
}

static void faults_answer_in_place_of_the_command(void **state)
{
    struct talk *talk = talk_open();

    (void)state;
    says(talk, HELLO "MAIL FROM:<a+452@example.com>\r\nMAIL FROM:<a@example.com>\r\n",
         "250 452 250");
    says(talk, "RCPT TO:<x+550@example.net>\r\nRCPT TO:<x+data-451@example.net>\r\nDATA\r\n",
         "550 250 451");
    says(talk,
         "RSET\r\nMAIL FROM:<a@example.com>\r\nRCPT TO:<x+dot-452@example.net>\r\nDATA\r\n"
         "x\r\n.\r\nNOOP\r\n",
         "250 250 250 354 452 250");
    assert_int_equal(talk->count, 0);
    assert_int_equal(talk->dropped, 1);
    says(talk, "MAIL FROM:<a@example.com>\r\nRCPT TO:<x+tarpit@example.net>\r\n", "250 250");
    assert_int_equal(talk->delay_ms, 5000);
    says(talk, "RCPT TO:<x+421@example.net>\r\n", "421");
    assert_true(talk->is_over);
    talk_close(talk);
}

static void greylisting_passes_when_a_second_is_over(void **state)
{
    struct talk *talk = talk_open();

    (void)state;
    says(talk, HELLO "MAIL FROM:<a@example.com>\r\nRCPT TO:<x+greylist@example.net>\r\n",
         "250 250 451");
    assert_int_equal(talk->made, 451);
    talk->ago_ms = 999;
    says(talk, "RCPT TO:<x+greylist@example.net>\r\n", "451");
    talk->ago_ms = 1000;
    says(talk, "RCPT TO:<x+greylist@example.net>\r\n", "250");
    talk_close(talk);
}

static void silence_and_an_end_without_a_reply(void **state)
{
    static const char *const tags[] = {"timeout", "close"};

    (void)state;
    for (size_t i = 0; i < COUNT_OF(tags); i++) {
        struct talk *talk = talk_open();

        says(talk, HELLO "MAIL FROM:<a@example.com>\r\n", "250 250");
        says(talk, arena_printf(talk->arena, "RCPT TO:<x+%s@example.net>\r\n", tags[i]), "");
        assert_true(talk->has_no_reply);
        talk_close(talk);
    }
}

static void tries_are_told_in_words(void **state)
{
    struct arena *arena = arena_open();
    struct sandbox_tries *tries = sandbox_tries_open(arena);

    (void)state;
    sandbox_tries_add(tries, "a", "b", (struct sandbox_try){1000, 451, NULL});
    assert_string_equal(sandbox_tries_text(arena, sandbox_tries_find(tries, "a", "b")),
                        "tried once (451): was deferred and did not come back");
    sandbox_tries_add(tries, "a", "b", (struct sandbox_try){2250, 250, NULL});
    assert_string_equal(sandbox_tries_text(arena, sandbox_tries_find(tries, "a", "b")),
                        "tried 2 times, 1.2 s apart (451, 250): came back and was accepted");
    sandbox_tries_add(tries, "a", "c", (struct sandbox_try){0, 550, NULL});
    sandbox_tries_add(tries, "a", "c", (struct sandbox_try){500, 550, NULL});
    assert_string_equal(
        sandbox_tries_text(arena, sandbox_tries_find(tries, "a", "c")),
        "tried 2 times, 0.5 s apart (550, 550): came back although it was refused for good");
    sandbox_tries_add(tries, "a", "d", (struct sandbox_try){0, 0, NULL});
    assert_string_equal(sandbox_tries_text(arena, sandbox_tries_find(tries, "a", "d")),
                        "tried once (no reply): got no reply and did not come back");
    arena_close(arena);
}

static void who_falls_back_is_told(void **state)
{
    struct arena *arena = arena_open();
    struct sandbox_tries *tries = sandbox_tries_open(arena);

    (void)state;
    sandbox_tries_add(tries, "a", "b", (struct sandbox_try){0, 451, "127.0.0.2:25"});
    sandbox_tries_add(tries, "a", "b", (struct sandbox_try){100, 250, "127.0.0.3:25"});
    assert_string_equal(sandbox_tries_text(arena, sandbox_tries_find(tries, "a", "b")),
                        "tried 2 times, 0.1 s apart (451 at 127.0.0.2:25, 250 at "
                        "127.0.0.3:25): fell back to 127.0.0.3:25 and was accepted");
    sandbox_tries_add(tries, "a", "c", (struct sandbox_try){0, 250, "127.0.0.2:25"});
    sandbox_tries_add(tries, "a", "c", (struct sandbox_try){100, 250, "127.0.0.2:25"});
    assert_false(sandbox_tries_find(tries, "a", "c")->met_trouble);
    assert_true(sandbox_tries_find(tries, "a", "b")->met_trouble);
    arena_close(arena);
}

/* bound: LIMIT_SANDBOX_TRIED both */
static void pairs_are_bounded(void **state)
{
    struct arena *arena = arena_open();
    struct sandbox_tries *tries = sandbox_tries_open(arena);

    (void)state;
    for (int i = 0; i <= LIMIT_SANDBOX_TRIED; i++)
        sandbox_tries_add(tries, "a", arena_printf(arena, "%d", i),
                          (struct sandbox_try){0, 250, NULL});
    assert_int_equal(tries->count, LIMIT_SANDBOX_TRIED);
    assert_int_equal(tries->left_off, 1);
    arena_close(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tags_ask_for_trouble_at_their_stage),
        cmocka_unit_test(a_seed_brings_the_same_and_lets_through_in_the_end),
        cmocka_unit_test(faults_answer_in_place_of_the_command),
        cmocka_unit_test(greylisting_passes_when_a_second_is_over),
        cmocka_unit_test(silence_and_an_end_without_a_reply),
        cmocka_unit_test(tries_are_told_in_words),
        cmocka_unit_test(who_falls_back_is_told),
        cmocka_unit_test(pairs_are_bounded),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
