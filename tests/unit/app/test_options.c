/* The tables of options and commands, and how argv is read by them. */
#include "app/app_options.h"
#include "unit.h"

struct fixture {
    struct arena *arena;
    struct app_options options;
    struct app_line line;
    struct err why;
};

/* begin - nothing read yet */
static struct fixture begin(void)
{
    struct fixture f = {.arena = arena_open()};

    f.options.arena = f.arena;
    return f;
}

/* read - a command line, up to NULL */
static bool read_line(struct fixture *f, const char *const *words)
{
    return app_options_read(&f->options, (char **)words, &f->line, &f->why);
}

#define READ(f, ...) read_line(f, (const char *const[]){__VA_ARGS__, NULL})

static void every_row_is_complete_and_named_once(void **state)
{
    (void)state;
    for (size_t i = 0; i < app_option_count(); i++) {
        const struct app_option *option = app_option_get(i);

        assert_true(strlen(option->name) > 1);
        assert_true(strlen(option->help) > 5);
        assert_true((option->type.kind == OPTION_CALL) == (option->type.call != NULL));
        assert_true(option->type.kind == OPTION_CALL || option->type.at > 0);
        if (option->type.kind == OPTION_SWITCH || option->type.kind == OPTION_CHOICE)
            assert_null(option->value);
        else
            assert_non_null(option->value);
        for (size_t j = 0; j < i; j++) {
            assert_string_not_equal(option->name, app_option_get(j)->name);
            if (option->letter != '\0')
                assert_int_not_equal(option->letter, app_option_get(j)->letter);
        }
    }
}

static void every_option_belongs_to_a_command(void **state)
{
    (void)state;
    for (size_t i = 0; i < app_option_count(); i++) {
        size_t commands = 0;

        for (size_t j = 0; j < app_command_count(); j++)
            commands += app_option_applies(app_option_get(i), app_command_get(j));
        assert_true(commands > 0);
    }
}

static void every_command_has_examples_that_begin_with_it(void **state)
{
    (void)state;
    for (size_t i = 0; i < app_command_count(); i++) {
        const struct app_command *command = app_command_get(i);
        char start[64];

        snprintf(start, sizeof(start), "mailassay %s", command->name);
        assert_ptr_equal(app_command_find(command->name), command);
        assert_true(strlen(command->summary) > 5);
        assert_memory_equal(command->examples, start, strlen(start));
        assert_true(command->least <= command->most);
    }
}

static void a_value_may_follow_or_be_joined(void **state)
{
    struct fixture f = begin();

    (void)state;
    assert_true(READ(&f, "check", "a.example", "--helo", "one.example", "--dns=live:192.0.2.1",
                     "--dns", "zone:x=y", "-oa.txt", "-o", "b.json", "-qv"));
    assert_string_equal(f.options.helo, "one.example");
    assert_int_equal(f.options.dns.count, 2);
    assert_string_equal(f.options.dns.texts[0], "live:192.0.2.1");
    assert_string_equal(f.options.dns.texts[1], "zone:x=y");
    assert_int_equal(f.options.outputs.count, 2);
    assert_string_equal(f.options.outputs.texts[0], "a.txt");
    assert_string_equal(f.options.outputs.texts[1], "b.json");
    assert_true(f.options.is_quiet);
    assert_true(f.options.is_verbose);
    arena_close(f.arena);
}

static void two_dashes_end_the_options(void **state)
{
    struct fixture f = begin();

    (void)state;
    assert_true(READ(&f, "check", "--", "a.example", "--quiet"));
    assert_int_equal(f.line.argument_count, 2);
    assert_string_equal(f.line.arguments[1], "--quiet");
    assert_false(f.options.is_quiet);
    arena_close(f.arena);
}

static void one_dash_is_standard_input(void **state)
{
    struct fixture f = begin();

    (void)state;
    assert_true(READ(&f, "check", "a.example", "-"));
    assert_string_equal(f.line.arguments[1], "-");
    arena_close(f.arena);
}

static void options_may_stand_before_the_command(void **state)
{
    struct fixture f = begin();

    (void)state;
    assert_true(READ(&f, "-v", "--ip", "2001:db8::1", "check", "a.example"));
    assert_string_equal(f.line.command->name, "check");
    assert_int_equal(f.options.ip.family, IP_V6);
    arena_close(f.arena);
}

static void values_are_read_as_what_they_are(void **state)
{
    struct fixture f = begin();

    (void)state;
    assert_true(READ(&f, "check", "a.example", "--ip", "::ffff:192.0.2.1", "--mail-from", "<>",
                     "--rcpt", "<b@a.example>", "--timeout", "0.25", "--retries", "0", "--now",
                     "2026-11-24T10:00:00Z", "--fail-on", "notice", "--color", "never",
                     "--selector", "S1", "--no-engines", "--trust-ad"));
    assert_int_equal(f.options.ip.family, IP_V4);
    assert_string_equal(f.options.mail_from, "");
    assert_string_equal(f.options.rcpt, "b@a.example");
    assert_int_equal(f.options.source.timeout_ms, 250);
    assert_int_equal(f.options.source.retries, 0);
    assert_true(f.options.has_now);
    assert_true(f.options.now == 1795514400);
    assert_int_equal(f.options.threshold, THRESHOLD_NOTICE);
    assert_int_equal(f.options.color, COLOR_NEVER);
    assert_string_equal(f.options.selectors.texts[0], "s1");
    assert_int_equal(f.options.engines, ENGINES_OFF);
    assert_true(f.options.source.trust_ad);
    arena_close(f.arena);
}

static void seconds_may_have_three_decimals(void **state)
{
    static const struct {
        const char *text;
        unsigned ms; /* 0: refused */
    } cases[] = {{"1", 1000},   {"60", 60000}, {"1.5", 1500}, {"0.001", 1}, {"2.05", 2050},
                 {"61", 0},     {"0", 0},      {"", 0},       {".5", 0},    {"-1", 0},
                 {"1.2345", 0}, {"1,5", 0},    {"1e3", 0},    {"0.0", 0},   {"1.x", 0}};

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct fixture f = begin();

        assert_int_equal(READ(&f, "check", "a.example", "--timeout", cases[i].text),
                         cases[i].ms > 0);
        if (cases[i].ms > 0)
            assert_int_equal(f.options.source.timeout_ms, cases[i].ms);
        else
            assert_int_equal(f.why.kind, ERR_USAGE);
        arena_close(f.arena);
    }
}

static void a_message_tells_what_was_meant(void **state)
{
    struct fixture f = begin();

    (void)state;
    assert_false(READ(&f, "check", "a.example", "--formt", "json"));
    assert_int_equal(f.why.kind, ERR_USAGE);
    assert_non_null(strstr(f.why.text, "did you mean --format?"));
    arena_close(f.arena);
}

static void too_many_selectors_are_refused(void **state)
{
    struct fixture f = begin();
    const char *words[2 * 51 + 3] = {"check", "a.example"};

    (void)state;
    for (size_t i = 0; i < 51; i++) {
        words[2 + 2 * i] = "--selector";
        words[3 + 2 * i] = "s";
    }
    assert_false(read_line(&f, words));
    arena_close(f.arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_row_is_complete_and_named_once),
        cmocka_unit_test(every_option_belongs_to_a_command),
        cmocka_unit_test(every_command_has_examples_that_begin_with_it),
        cmocka_unit_test(a_value_may_follow_or_be_joined),
        cmocka_unit_test(two_dashes_end_the_options),
        cmocka_unit_test(one_dash_is_standard_input),
        cmocka_unit_test(options_may_stand_before_the_command),
        cmocka_unit_test(values_are_read_as_what_they_are),
        cmocka_unit_test(seconds_may_have_three_decimals),
        cmocka_unit_test(a_message_tells_what_was_meant),
        cmocka_unit_test(too_many_selectors_are_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
