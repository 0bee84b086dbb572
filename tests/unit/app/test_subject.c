/* Lines of scan: what they give, and what is wrong where. */
#include "app/app_subject.h"
#include "unit.h"

/* each test gets an arena of its own */
static int open_arena(void **state)
{
    *state = arena_open();
    return 0;
}

static int close_arena(void **state)
{
    arena_close(*state);
    return 0;
}

#define in_arena(test) cmocka_unit_test_setup_teardown(test, open_arena, close_arena)

/* read_line - the subject of a line, with its options */
static struct app_subject read_line(struct arena *arena, struct app_options *options,
                                    const char *line)
{
    struct app_subject subject;

    *options = (struct app_options){.arena = arena};
    app_subject_parse(options, span_of(line), &subject);
    return subject;
}

static void a_word_is_a_domain(void **state)
{
    struct app_options options;
    struct app_subject subject = read_line(*state, &options, " example.com\r");

    assert_string_equal(subject.domain, "example.com");
    assert_null(subject.id);
    assert_null(subject.message);
    assert_int_equal(subject.fault_count, 0);
}

static void an_object_says_what_options_say(void **state)
{
    struct app_options options;
    struct app_subject subject = read_line(
        *state, &options,
        "{\"id\":\"a\\\"1\",\"domain\":\"example.com\",\"ip\":\"192.0.2.1\",\"helo\":\"h."
        "example\","
        "\"mail_from\":\"<>\",\"rcpt\":\"b@example.net\",\"selectors\":[\"s1\",\"s2\"],"
        "\"message\":\"m.eml\"}");

    assert_int_equal(subject.fault_count, 0);
    assert_string_equal(subject.id, "\"a\\\"1\"");
    assert_string_equal(subject.domain, "example.com");
    assert_string_equal(subject.message, "m.eml");
    assert_int_equal(options.ip.family, IP_V4);
    assert_string_equal(options.helo, "h.example");
    assert_string_equal(options.mail_from, "");
    assert_string_equal(options.rcpt, "b@example.net");
    assert_int_equal(options.selectors.count, 2);
    assert_string_equal(options.selectors.texts[1], "s2");
}

static void null_is_not_given(void **state)
{
    struct app_options options;
    struct app_subject subject =
        read_line(*state, &options, "{\"id\":7,\"domain\":\"a.example\",\"ip\":null}");

    assert_int_equal(subject.fault_count, 0);
    assert_string_equal(subject.id, "7");
    assert_int_equal(options.ip.family, IP_NONE);
}

/* expect_fault - the only one of the line */
static void expect_fault(void **state, const char *line, size_t column, const char *key,
                         const char *text)
{
    struct app_options options;
    struct app_subject subject = read_line(*state, &options, line);

    assert_int_equal(subject.fault_count, 1);
    assert_int_equal(subject.faults[0].column, column);
    if (key == NULL)
        assert_null(subject.faults[0].key);
    else
        assert_string_equal(subject.faults[0].key, key);
    assert_non_null(strstr(subject.faults[0].text, text));
}

static void faults_have_column_and_key(void **state)
{
    expect_fault(state, "{\"domain\":\"a.example\",\"hello\":\"x\"}", 23, "hello",
                 "did you mean helo?");
    expect_fault(state, "{\"domain\":\"a.example\",\"quux\":1}", 23, "quux", "no such key");
    expect_fault(state, "{\"domain\":\"a.example\", \"ip\":\"192.0.2.300\"}", 24, "ip",
                 "not an IPv4 or IPv6 address");
    expect_fault(state, "{\"domain\":\"ip\",\"ip\":4}", 16, "ip", "is not a string");
    expect_fault(state, "{\"domain\":\"a.example\",\"selectors\":\"s1\"}", 23, "selectors",
                 "not an array");
    expect_fault(state, "{\"domain\":\"a.example\",\"id\":true}", 23, "id", "neither a string");
    expect_fault(state, "{\"domain\":\"a.example\",\"message\":\"-\"}", 23, "message",
                 "not the name of a file");
    expect_fault(state, "{\"id\":1}", 1, "domain", "is missing");
    expect_fault(state, "{\"domain\":\"a.example\",}", 23, NULL, "not a JSON object");
    expect_fault(state, "{\"domain\":\"a\",\"domain\":\"b\"}", 22, NULL, "not a JSON object");
}

static void a_key_inside_a_value_is_not_taken_for_one(void **state)
{
    expect_fault(state, "{\"x\":{\"y\":\"\\\"\"},\"domain\":\"a.example\"}", 2, "x",
                 "no such key");
    expect_fault(state, "{\"domain\":\"ipp\\\":\",\"ipp\":1}", 20, "ipp", "did you mean ip?");
}

static void every_fault_of_a_line_is_told(void **state)
{
    struct app_options options;
    struct app_subject subject =
        read_line(*state, &options, "{\"id\":\"k\",\"domain\":1,\"ip\":\"x\",\"rcpt\":\"\"}");

    assert_int_equal(subject.fault_count, 3);
    assert_string_equal(subject.id, "\"k\"");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        in_arena(a_word_is_a_domain),
        in_arena(an_object_says_what_options_say),
        in_arena(null_is_not_given),
        in_arena(faults_have_column_and_key),
        in_arena(a_key_inside_a_value_is_not_taken_for_one),
        in_arena(every_fault_of_a_line_is_told),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
