/* Messages and keys that libopendkim takes badly. */
#include "engine_storm.h"
#include "mail/mail_message.h"

#define FIELD "DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d=example.com; s=sel;\r\n "
#define TAIL                                                          \
    "bh=47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=;\r\n b=AAAA\r\n" \
    "From: jane@example.com\r\nSubject: hello\r\n"
#define END "\r\nx\r\n"

/* weather_message - a message whose key exists */
static unsigned weather_message(struct fixture *fixture, struct span bytes)
{
    struct mail_message *message = mail_message_parse(fixture->arena, bytes);
    size_t signatures = mail_header_count(message, "DKIM-Signature");
    struct engine_request request = {
        .message = message, .signature_count = signatures, .now = NOW};

    assert_true(signatures > 0);
    return weather(fixture, &request, signatures);
}

/* a_world_with_a_key - whatever signs as sel._domainkey.example.com */
static struct fixture a_world_with_a_key(void)
{
    return fixture_open("sel._domainkey.example.com TXT \"v=DKIM1; p=MCowBQYDK2VwAyEA\"");
}

static void messages_that_trouble_libopendkim_cost_one_question(void **state)
{
    static const struct flood floods[] = {
        {FIELD "h=dkim-signature:from:subject:more; ", "", 0, TAIL END},
        {FIELD "h=from:subject:dkim-signature:more:most; ", "", 0, TAIL END},
        {FIELD "h=from; i=jane=@example.com; ", "", 0, TAIL END},
        {FIELD "h=from; i=", "j", 300, "@example.com; " TAIL END},
        {FIELD "h=from; i=@example.com=; ", "", 0, TAIL END},
        {FIELD "h=from; i=@example.com=4; ", "", 0, TAIL END},
        {FIELD "h=from; i=", "j", LITERAL, "; " TAIL END},
        {FIELD "h=from", ":from", 12000, "; " TAIL END},
        {FIELD "h=from; z=", "From:x|", 8000, "; " TAIL END},
        {FIELD "h=from; d=", "a.", 20000, "example.com; " TAIL END},
        {FIELD "h=from; s=", "a.", 140, "sel; " TAIL END},
        {FIELD "h=from; l=", "9", 76, "; " TAIL END},
        {FIELD "h=from; q=foo/bar; ", "", 0, TAIL END},
        {FIELD "h=from; c=simple/simple; ", "", 0, TAIL "X: a\x01\x0b\x7f\xff" END},
        {FIELD "h=from; c=simple/simple; x=1; t=99999999999999999999; ", "", 0, TAIL END},
        {FIELD "h=from; ", ";", 30000, TAIL END},
        {FIELD "h=from; ", "x=1; ", 10000, TAIL END},
        {FIELD "h=from; " TAIL "References: ", "<y@example.com>\r\n ", 5000, "z\r\n" END},
        {FIELD "h=from; " TAIL, "X: y\r\n", 15000, END},
        {FIELD "h=from; " TAIL, "From: a@example.com,\r\n", 3000, END},
        {FIELD "h=from; " TAIL "From: ", "(", 30000, "\r\n" END},
        {FIELD "h=from; " TAIL "From: ", "\"", 30001, "\r\n" END},
        {"\n" FIELD "h=from; ", "", 0, TAIL END},
        {"", FIELD "h=from; bh=AAAA; b=AAAA\r\n", 200, "From: jane@example.com\r\n" END},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(floods); i++) {
        struct fixture fixture = a_world_with_a_key();
        const char *text = flood_text(fixture.arena, &floods[i]);

        weather_message(&fixture, span_of(text[0] == '\n' ? text + 1 : text));
        arena_close(fixture.arena);
    }
    expect_all_is_well();
}

static void keys_that_trouble_libopendkim_cost_one_question(void **state)
{
    static const struct flood keys[] = {
        {"v=DKIM1; p=", "A", LITERAL, ""},
        {"v=DKIM1; p=", "MII", 1366, ""},
        {"", ";", LITERAL, ""},
        {"v=DKIM1; n=", "=", LITERAL, "; p=AAAA"},
        {"v=DKIM1; h=", "sha256:", 8000, "; p=A="},
        {"v=DKIM1; p=", " \t", 20000, "="},
        {"v=DKIM1; ", "p=AAAA; ", 7000, ""},
        {"v=DKIM1; s=", "*:", 20000, "; p=AAAA"},
        {"v=DKIM1; t=", "y:s:", 10000, "; p=AAAA"},
        {"v=DKIM1; p=", "\xff", 2000, ""},
        {"v=DKIM1; g=", "*", LITERAL, "; p=AAAA"},
        {"", "A", LITERAL, ""},
        {"v=DKIM1; n=", "x", 1010, "; p=MCowBQYDK2VwAyEA"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(keys); i++) {
        struct arena *arena = arena_open();
        struct span rest = span_of(flood_text(arena, &keys[i]));
        struct sbuf world = sbuf_start(arena);
        struct fixture fixture;

        sbuf_add(&world, "sel._domainkey.example.com TXT");
        for (; rest.len > 0; rest = span_from(rest, 250))
            sbuf_addf(&world, " \"%s\"", arena_strdup_span(arena, span_sub(rest, 0, 250)));
        fixture = fixture_open(sbuf_text(&world));
        weather_message(&fixture, span_of(FIELD "h=from; " TAIL END));
        arena_close(fixture.arena);
        arena_close(arena);
    }
    expect_all_is_well();
}

/* message_with - so many fields beside the first two, and so many names more in h= */
static struct span message_with(struct arena *arena, int fields, int more)
{
    struct sbuf message = sbuf_start(arena);

    sbuf_add(&message, FIELD "h=dkim-signature:from");
    for (int i = 0; i < fields; i++)
        sbuf_addf(&message, ":x-%d", i);
    for (int i = 0; i < more; i++)
        sbuf_add(&message, ":more");
    sbuf_add(&message, "; bh=47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=;\r\n b=AAAA\r\n"
                       "From: jane@example.com\r\n");
    for (int i = 0; i < fields; i++)
        sbuf_addf(&message, "X-%d: y\r\n", i);
    sbuf_add(&message, END);
    return sbuf_span(&message);
}

static void messages_with_long_lists_of_fields_cost_one_question(void **state)
{
    struct fixture fixture = a_world_with_a_key();

    (void)state;
    for (int fields = 0; fields < 8; fields++)
        for (int more = 0; more < 4; more++)
            weather_message(&fixture, message_with(fixture.arena, fields, more));
    expect_all_is_well();
    arena_close(fixture.arena);
}

static void a_header_section_that_takes_minutes_costs_one_question(void **state)
{
    struct fixture fixture = a_world_with_a_key();
    struct sbuf message = sbuf_start(fixture.arena);

    (void)state;
    for (int signature = 0; signature < 50; signature++) {
        sbuf_add(&message, FIELD "h=from");
        for (int i = 0; i < 2000; i++)
            sbuf_add(&message, ":x");
        sbuf_add(&message, "; bh=47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=; b=AAAA\r\n");
    }
    sbuf_add(&message, "From: jane@example.com\r\n");
    for (int i = 0; i < 10000; i++)
        sbuf_add(&message, "X: y\r\n");
    sbuf_add(&message, END);
    weather_message(&fixture, sbuf_span(&message));
    expect_all_is_well();
    arena_close(fixture.arena);
}

static void a_body_without_a_blank_costs_one_question(void **state)
{
    struct fixture fixture = a_world_with_a_key();
    struct sbuf message = sbuf_start(fixture.arena);
    static char run[65536];

    (void)state;
    memset(run, 'y', sizeof(run));
    sbuf_add(&message, FIELD "h=from; " TAIL "\r\n");
    for (size_t len = 0; len + sizeof(run) < LIMIT_CHILD_BODY_BYTES; len += sizeof(run))
        sbuf_add_span(&message, span_make(run, sizeof(run)));
    weather_message(&fixture, sbuf_span(&message));
    expect_all_is_well();
    arena_close(fixture.arena);
}

static void octets_of_all_kinds_in_a_message_cost_one_question(void **state)
{
    struct fixture fixture = a_world_with_a_key();
    struct sbuf message = sbuf_start(fixture.arena);

    (void)state;
    for (int octet = 0; octet < 256; octet++) {
        message = sbuf_start(fixture.arena);
        sbuf_add(&message, FIELD "h=from:x; i=a");
        sbuf_add_octet(&message, (char)octet);
        sbuf_add(&message, "@example.com; " TAIL "X: a");
        sbuf_add_octet(&message, (char)octet);
        sbuf_add(&message, "b\r\n\r\n c");
        sbuf_add_octet(&message, (char)octet);
        if (octet % 8 == 0 || octet < 34) /* the same many times over */
            weather_message(&fixture, sbuf_span(&message));
    }
    expect_all_is_well();
    arena_close(fixture.arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(messages_that_trouble_libopendkim_cost_one_question),
        cmocka_unit_test(keys_that_trouble_libopendkim_cost_one_question),
        cmocka_unit_test(messages_with_long_lists_of_fields_cost_one_question),
        cmocka_unit_test(a_header_section_that_takes_minutes_costs_one_question),
        cmocka_unit_test(a_body_without_a_blank_costs_one_question),
        cmocka_unit_test(octets_of_all_kinds_in_a_message_cost_one_question),
    };

    if (!library_runs(ENGINE_LIBOPENDKIM))
        return 77;
    return cmocka_run_group_tests(tests, open_impatient, close_engine);
}
