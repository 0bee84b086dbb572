/* The libraries get the same world as the standard, and their wants end. */
#include "check/check.h"
#include "engine/engine.h"
#include "dkim_signer.h"
#include "gather_case.h"
#include "libraries.h"
#include "mail/mail_message.h"

#define PLAIN                         \
    "From: Ann <ann@example.com>\r\n" \
    "Subject: Hello\r\n"              \
    "\r\n"                            \
    "Hello\r\n"

static const char world[] =
    "example.com MX 10 mail.example.com\n"
    "mail.example.com A 192.0.2.25\n"
    "mail.example.com TXT \"v=spf1 a -all\"\n"
    "example.com TXT \"v=spf1 include:a.example.net -all\"\n"
    "a.example.net TXT \"v=spf1 include:b.example.net -all\"\n"
    "b.example.net TXT \"v=spf1 include:c.example.net -all\"\n"
    "c.example.net TXT \"v=spf1 mx:example.com -all\"\n"
    "_dmarc.example.com TXT \"v=DMARC1; p=reject; rua=mailto:d@example.com\"\n"
    "25.2.0.192.in-addr.arpa PTR mail.example.com\n";

/* key_line - the key that the signature needs, as a line of the world */
static const char *key_line(struct arena *arena)
{
    return dkim_signer_world(arena, "s", "example.com", dkim_signer_record(arena, "rsa1024"));
}

/* open_with_engine - a signed message from the right client */
static struct gather_case open_with_engine(struct engine **engine_out)
{
    struct dkim_signing signing = {
        .domain = "example.com", .selector = "s", .key = "rsa1024", .headers = "From:Subject"};
    struct arena *scratch = arena_open();
    const char *text = arena_printf(scratch, "%s%s", world, key_line(scratch));
    struct err why = {0};
    struct gather_case one = gather_case_open(text, "example.com");

    *engine_out = engine_open(&why);
    assert_non_null(*engine_out);
    one.work.engine = *engine_out;
    one.subject.message =
        mail_message_parse(one.arena, dkim_sign(one.arena, span_of(PLAIN), &signing));
    assert_true(ip_parse(span_of("192.0.2.25"), &one.subject.ip));
    one.subject.helo = "mail.example.com";
    one.subject.mail_from = "ann@example.com";
    arena_close(scratch);
    return one;
}

static void the_libraries_confirm_a_sound_message(void **state)
{
    static const char *const about[] = {"spf.mailfrom", "spf.helo", "dkim.0", "dmarc"};
    struct engine *engine = NULL;
    struct gather_case one = open_with_engine(&engine);
    const struct facts *facts = gather_case_run(&one);

    (void)state;
    assert_int_equal(facts->engine_count, COUNT_OF(about));
    for (size_t i = 0; i < facts->engine_count; i++) {
        assert_string_equal(facts->engines[i].about, about[i]);
        assert_string_equal(facts->engines[i].result, "pass");
        assert_true(check_engine_agrees(facts, &facts->engines[i], NULL));
    }
    assert_in_range(facts->rounds, 1, 6);
    engine_close(engine);
    gather_case_close(&one);
}

static void without_anything_to_judge_the_libraries_are_not_asked(void **state)
{
    struct engine *engine = NULL;
    struct gather_case one = open_with_engine(&engine);
    const struct facts *facts = NULL;

    (void)state;
    one.subject.message = NULL;
    one.subject.ip.family = IP_NONE;
    facts = gather_case_run(&one);
    assert_int_equal(facts->engine_count, 0);
    engine_close(engine);
    gather_case_close(&one);
}

static void a_message_without_a_policy_that_can_be_asked_leaves_dmarc_out(void **state)
{
    struct engine *engine = NULL;
    struct gather_case one = open_with_engine(&engine);
    const struct facts *facts = NULL;

    (void)state;
    one.work.source =
        world_source(one.arena, ". TXT !SERVFAIL\n. A !SERVFAIL\n. MX !SERVFAIL\n");
    facts = gather_case_run(&one);
    for (size_t i = 0; i < facts->engine_count; i++)
        assert_string_not_equal(facts->engines[i].about, "dmarc");
    assert_int_equal(facts->message.dmarc->result, DMARC_TEMPERROR);
    engine_close(engine);
    gather_case_close(&one);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_libraries_confirm_a_sound_message),
        cmocka_unit_test(without_anything_to_judge_the_libraries_are_not_asked),
        cmocka_unit_test(a_message_without_a_policy_that_can_be_asked_leaves_dmarc_out),
    };

    if (!libraries_run())
        return 77;
    return cmocka_run_group_tests(tests, NULL, NULL);
}
