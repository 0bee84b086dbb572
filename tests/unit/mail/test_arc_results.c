/* ARC-Authentication-Results: an instance, then what Authentication-Results has. */
#include "unit.h"

#include "mail/mail_trace.h"

static struct mail_arc_results parse(struct arena *arena, const char *value)
{
    const struct mail_header header = {.value = span_of(value), .line = 7};

    return mail_arc_results_parse(arena, &header);
}

static void the_instance_stands_in_front(void **state)
{
    static const struct {
        const char *value;
        const char *instance;
        const char *server;
    } cases[] = {
        {" i=1; mx.example.com; spf=pass", "1", "mx.example.com"},
        {"i=50;mx.example.com;none", "50", "mx.example.com"},
        {" (a) i (b;c) =\r\n\t(d) 2 (e) ; mx.example.com 1; spf=pass", "2", "mx.example.com"},
        {" i=3; \"mx example\"; spf=pass", "3", "mx example"},
        {" i=nonsense; mx.example.com", "nonsense", "mx.example.com"},
        {" i=4; spf=pass", "4", ""},
        {" i=5;", "5", ""},
    };

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct mail_arc_results results = parse(*state, cases[i].value);

        if (!span_equal_text(results.instance, cases[i].instance))
            fail_msg("%s: instance %.*s", cases[i].value, SPAN_ARG(results.instance));
        assert_string_equal(results.server, cases[i].server);
    }
}

static void results_follow_as_in_authentication_results(void **state)
{
    struct mail_arc_results results = parse(
        *state, " i=1; mx.example.com;\r\n\tSPF=pass (fine) smtp.mailfrom=a@example.org;\r\n"
                "\tdkim=fail reason=\"x; y\" header.d=example.org; arc=none");

    assert_string_equal(results.results->method, "spf");
    assert_string_equal(results.results->result, "pass");
    assert_string_equal(results.results->properties, "smtp.mailfrom=a@example.org");
    assert_string_equal(results.results->server, "mx.example.com");
    assert_int_equal(results.results->line, 7);
    assert_string_equal(results.results->next->method, "dkim");
    assert_string_equal(results.results->next->result, "fail");
    assert_string_equal(results.results->next->properties,
                        "reason=\"x; y\" header.d=example.org");
    assert_string_equal(results.results->next->next->method, "arc");
    assert_null(results.results->next->next->next);
}

static void what_does_not_begin_with_an_instance_has_none(void **state)
{
    static const char *const values[] = {
        "",
        " ",
        ";",
        "i",
        "i;",
        "i=",
        "i=;",
        "I=1; mx.example.com",
        "mx.example.com; i=1",
        "i=1",
        "i=1 mx.example.com; spf=pass",
        "i=1 2; mx.example.com",
        "ii=1; mx.example.com",
        "(i=1; mx.example.com",
        "i/1=1; mx.example.com",
    };

    for (size_t i = 0; i < COUNT_OF(values); i++) {
        struct mail_arc_results results = parse(*state, values[i]);

        if (results.instance.len != 0)
            fail_msg("%s: instance %.*s", values[i], SPAN_ARG(results.instance));
        assert_non_null(results.server);
    }
}

static void nonsense_behind_the_instance_does_not_hide_it(void **state)
{
    struct mail_arc_results results = parse(*state, "i=1; \"never closed");

    assert_true(span_equal_text(results.instance, "1"));
    assert_null(results.results);
    results = parse(*state, "i=1; mx.example.com; \x1b[31m=\x01; (");
    assert_true(span_equal_text(results.instance, "1"));
    assert_string_equal(results.server, "mx.example.com");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, unit_open_arena, unit_close_arena)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_instance_stands_in_front),
        TEST(results_follow_as_in_authentication_results),
        TEST(what_does_not_begin_with_an_instance_has_none),
        TEST(nonsense_behind_the_instance_does_not_hide_it),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
