/* Replies: whole ones, halves, and what servers send that is none. */
#include "base/limits_bounce.h"
#include "reply/reply.h"
#include "unit_arena.h"

static struct reply parse(const char *text)
{
    struct reply reply = {0};

    reply_parse(arena, arena_span(arena, span_of(text)), &reply);
    return reply;
}

static void one_line_is_a_reply(void **state)
{
    struct reply reply = parse("220 mx.example.com ESMTP\r\n");

    (void)state;
    assert_int_equal(reply.state, REPLY_COMPLETE);
    assert_int_equal(reply.code, 220);
    assert_int_equal(reply.used, 26);
    assert_int_equal(reply.line_count, 1);
    assert_true(span_equal_text(reply.lines->text, "mx.example.com ESMTP"));
    assert_null(reply.faults);
    assert_int_equal(reply_class(&reply), 2);
}

static void several_lines_end_with_the_blank(void **state)
{
    struct reply reply = parse("250-mx.example.com\r\n250-SIZE 1000\r\n250 HELP\r\n250 x");

    (void)state;
    assert_int_equal(reply.state, REPLY_COMPLETE);
    assert_int_equal(reply.line_count, 3);
    assert_int_equal(reply.used, 45);
    assert_true(span_equal_text(reply.lines->next->text, "SIZE 1000"));
    assert_string_equal(reply_to_text(arena, &reply), "250 mx.example.com SIZE 1000 HELP");
}

static void every_prefix_is_incomplete(void **state)
{
    static const char text[] = "250-a\r\n250-b\r\n250 c\r\n";
    struct reply reply = {0};

    (void)state;
    for (size_t len = 0; len + 1 < sizeof(text) - 1; len++) {
        reply_parse(arena, arena_span(arena, span_make(text, len)), &reply);
        assert_int_equal(reply.state, REPLY_INCOMPLETE);
        assert_null(reply.faults);
    }
}

static void a_code_alone_is_a_reply(void **state)
{
    struct reply reply = parse("250\r\n");

    (void)state;
    assert_int_equal(reply.state, REPLY_COMPLETE);
    assert_int_equal(reply.code, 250);
    assert_int_equal(reply.lines->text.len, 0);
    assert_null(reply.faults);
}

static void enhanced_codes_are_read_where_they_are_some(void **state)
{
    static const struct {
        const char *text;
        const char *code; /* NULL: none */
    } cases[] = {
        {"550 5.7.26 no\r\n", "5.7.26"},
        {"550 5.7.1\r\n", "5.7.1"},
        {"250-2.1.0 a\r\n250 2.1.5 b\r\n", "2.1.0"},
        {"550 5.7.1000 no\r\n", NULL},
        {"550 5.7 no\r\n", NULL},
        {"550 3.7.1 no\r\n", NULL},
        {"550 5.7.1x no\r\n", NULL},
        {"550 no 5.7.1\r\n", NULL},
        {"550 .5.7.1\r\n", NULL},
        {"451 4.7.500 later\r\n", "4.7.500"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct reply reply = parse(cases[i].text);

        assert_int_equal(reply.state, REPLY_COMPLETE);
        assert_null(reply.faults);
        if (cases[i].code != NULL)
            assert_string_equal(smtp_enhanced_to_text(arena, &reply.enhanced), cases[i].code);
        else
            assert_int_equal(reply.enhanced.kind, 0);
    }
}

static void a_contradicting_enhanced_code_is_a_fault(void **state)
{
    struct reply reply = parse("421 5.7.32 not aligned\r\n");

    (void)state;
    assert_int_equal(reply.state, REPLY_COMPLETE);
    assert_int_equal(reply.code, 421);
    assert_non_null(reply_fault(&reply, SMTP_FAULT_ENHANCED_CLASS));
}

static void what_breaks_the_rules_is_named(void **state)
{
    static const struct {
        const char *text;
        enum reply_state ends;
        enum reply_fault fault;
    } cases[] = {
        {"SSH-2.0-OpenSSH_9.2\r\n", REPLY_BROKEN, SMTP_FAULT_NO_CODE},
        {"\r\n", REPLY_BROKEN, SMTP_FAULT_NO_CODE},
        {"25\r\n", REPLY_BROKEN, SMTP_FAULT_NO_CODE},
        {"250-a\r\nb\r\n", REPLY_BROKEN, SMTP_FAULT_NO_CODE},
        {"250-a\r\n251 b\r\n", REPLY_COMPLETE, SMTP_FAULT_CODE_CHANGES},
        {"199 a\r\n", REPLY_COMPLETE, SMTP_FAULT_CODE_RANGE},
        {"600 a\r\n", REPLY_COMPLETE, SMTP_FAULT_CODE_RANGE},
        {"260 a\r\n", REPLY_COMPLETE, SMTP_FAULT_CODE_RANGE},
        {"250_a\r\n", REPLY_COMPLETE, SMTP_FAULT_SEPARATOR},
        {"2500 a\r\n", REPLY_COMPLETE, SMTP_FAULT_SEPARATOR},
        {"250 a\n", REPLY_COMPLETE, SMTP_FAULT_BARE_LF},
        {"250 a\x1b[2J\r\n", REPLY_COMPLETE, SMTP_FAULT_CONTROL},
        {"250 a\rb\r\n", REPLY_COMPLETE, SMTP_FAULT_CONTROL},
        {"250 \xc3\xa4\r\n", REPLY_COMPLETE, SMTP_FAULT_NOT_ASCII},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct reply reply = parse(cases[i].text);

        assert_int_equal(reply.state, cases[i].ends);
        assert_non_null(reply_fault(&reply, cases[i].fault));
        assert_null(reply.faults->next);
    }
}

static void the_last_code_counts(void **state)
{
    struct reply reply = parse("250-a\r\n550 b\r\n");

    (void)state;
    assert_int_equal(reply.code, 550);
}

/* filled - `head`, then `count` octets, then `tail` */
static struct reply filled(const char *head, size_t count, const char *tail)
{
    char *text = arena_alloc(arena, count + 1);

    memset(text, 'x', count);
    return parse(arena_printf(arena, "%s%s%s", head, text, tail));
}

static void a_line_of_512_octets_is_fine_and_one_more_is_not(void **state)
{
    struct reply fits = filled("250 ", 512 - 6, "\r\n");
    struct reply over = filled("250 ", 512 - 5, "\r\n");

    (void)state;
    assert_null(fits.faults);
    assert_int_equal(over.state, REPLY_COMPLETE);
    assert_non_null(reply_fault(&over, SMTP_FAULT_LONG_LINE));
}

/* bound: LIMIT_REPLY_LINE_BYTES both */
static void a_line_without_end_is_given_up(void **state)
{
    struct reply at_limit = filled("250 ", LIMIT_REPLY_LINE_BYTES - 4, "");
    struct reply over = filled("250 ", LIMIT_REPLY_LINE_BYTES - 3, "");

    (void)state;
    assert_int_equal(at_limit.state, REPLY_INCOMPLETE);
    assert_int_equal(over.state, REPLY_BROKEN);
    assert_non_null(reply_fault(&over, SMTP_FAULT_TOO_LARGE));
}

/* lines - a reply that goes on for `count` lines */
static struct reply lines(size_t count, size_t len)
{
    size_t size = len + 6;
    char *text = arena_alloc(arena, count * size + 1);

    for (size_t i = 0; i < count; i++) {
        memset(text + i * size, 'x', size);
        memcpy(text + i * size, "250-", 4);
        memcpy(text + (i + 1) * size - 2, "\r\n", 2);
    }
    return parse(text);
}

/* bound: LIMIT_REPLY_LINES both, LIMIT_REPLY_BYTES both */
static void a_reply_without_end_is_given_up(void **state)
{
    struct reply many = lines(LIMIT_REPLY_LINES + 1, 1);
    /* 127 lines of 512 octets, and one whose line feed is the octet after the last */
    size_t full = LIMIT_REPLY_BYTES / 512;
    struct reply large = lines(full + 1, 506);

    (void)state;
    assert_int_equal(lines(full, 506).state, REPLY_INCOMPLETE);
    assert_int_equal(lines(LIMIT_REPLY_LINES - 1, 1).state, REPLY_INCOMPLETE);
    assert_int_equal(many.state, REPLY_BROKEN);
    assert_int_equal(large.state, REPLY_BROKEN);
    assert_non_null(reply_fault(&large, SMTP_FAULT_TOO_LARGE));
}

static void a_nul_is_no_end(void **state)
{
    static const char text[] = "250 a\0b\r\n";
    struct reply reply = {0};

    (void)state;
    reply_parse(arena, span_make(text, sizeof(text) - 1), &reply);
    assert_int_equal(reply.state, REPLY_COMPLETE);
    assert_int_equal(reply.lines->text.len, 3);
    assert_string_equal(reply_to_text(arena, &reply), "250 a\\x00b");
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_line_is_a_reply),
        cmocka_unit_test(several_lines_end_with_the_blank),
        cmocka_unit_test(every_prefix_is_incomplete),
        cmocka_unit_test(a_code_alone_is_a_reply),
        cmocka_unit_test(enhanced_codes_are_read_where_they_are_some),
        cmocka_unit_test(a_contradicting_enhanced_code_is_a_fault),
        cmocka_unit_test(what_breaks_the_rules_is_named),
        cmocka_unit_test(the_last_code_counts),
        cmocka_unit_test(a_line_of_512_octets_is_fine_and_one_more_is_not),
        cmocka_unit_test(a_line_without_end_is_given_up),
        cmocka_unit_test(a_reply_without_end_is_given_up),
        cmocka_unit_test(a_nul_is_no_end),
    };

    return cmocka_run_group_tests(tests, open_arena, close_arena);
}
