/* Conditions: the grammar, what is refused, and Kleene's tables in full. */
#include "base/limits.h"
#include "unit.h"

#include "policy/policy_expression.h"

struct fixture {
    struct arena *arena;
    struct policy_known *known;
    struct err why;
};

static int open_fixture(void **state)
{
    static struct fixture fixture;

    fixture.arena = arena_open();
    fixture.known = policy_known_nothing(fixture.arena, "not specified");
    fixture.why = (struct err){0};
    *state = &fixture;
    return 0;
}

static int close_fixture(void **state)
{
    struct fixture *fixture = *state;

    arena_close(fixture->arena);
    return 0;
}

/* know - give words their values: "word=value word=value" */
static void know(struct fixture *fixture, const char *settings)
{
    struct span rest = span_of(settings);

    while (rest.len > 0) {
        struct span setting = span_cut(&rest, ' ');
        struct span word = span_cut(&setting, '=');

        if (!policy_known_set(fixture->known, word, arena_strdup_span(fixture->arena, setting)))
            fail_msg("%.*s", SPAN_ARG(word));
    }
}

static struct policy_answer ask(struct fixture *fixture, const char *text)
{
    const struct policy_expression *expression =
        policy_expression_parse(fixture->arena, span_of(text), &fixture->why);

    if (expression == NULL)
        fail_msg("%s: %s", text, fixture->why.text);
    return policy_expression_evaluate(expression, fixture->known);
}

/* because - the words that made the answer, with blanks between */
static const char *because(struct fixture *fixture, const struct policy_answer *answer)
{
    const char *text = "";

    for (int fact = 0; fact < POLICY_FACT_COUNT; fact++)
        if (policy_facts_has(&answer->because, (enum policy_fact)fact))
            text = arena_printf(fixture->arena, "%s%s%s", text, text[0] != '\0' ? " " : "",
                                policy_fact_row((enum policy_fact)fact)->word);
    return text;
}

#define N POLICY_NO
#define Y POLICY_YES
#define U POLICY_CANNOT_TELL

static const char *const values[] = {"no", "yes", "?"};

static void and_is_kleenes(void **state)
{
    static const enum policy_truth expected[3][3] = {{N, N, N}, {N, Y, U}, {N, U, U}};

    for (int a = 0; a < 3; a++)
        for (int b = 0; b < 3; b++) {
            struct fixture *fixture = *state;

            know(fixture, arena_printf(fixture->arena, "spf.passes=%s dkim.passes=%s",
                                       values[a], values[b]));
            assert_int_equal(ask(fixture, "spf.passes and dkim.passes").truth, expected[a][b]);
        }
}

static void or_is_kleenes(void **state)
{
    static const enum policy_truth expected[3][3] = {{N, Y, U}, {Y, Y, Y}, {U, Y, U}};

    for (int a = 0; a < 3; a++)
        for (int b = 0; b < 3; b++) {
            struct fixture *fixture = *state;

            know(fixture, arena_printf(fixture->arena, "spf.passes=%s dkim.passes=%s",
                                       values[a], values[b]));
            assert_int_equal(ask(fixture, "spf.passes or dkim.passes").truth, expected[a][b]);
        }
}

static void not_is_kleenes(void **state)
{
    static const enum policy_truth expected[] = {Y, N, U};

    for (int a = 0; a < 3; a++) {
        know(*state,
             arena_printf(((struct fixture *)*state)->arena, "spf.passes=%s", values[a]));
        assert_int_equal(ask(*state, "not spf.passes").truth, expected[a]);
    }
}

static void the_facts_that_decide_are_told(void **state)
{
    static const struct {
        const char *settings;
        const char *text;
        enum policy_truth truth;
        const char *because;
    } rows[] = {
        {"spf.passes=yes dkim.passes=yes", "spf.passes and dkim.passes", Y,
         "spf.passes dkim.passes"},
        {"spf.passes=no dkim.passes=yes", "spf.passes and dkim.passes", N, "spf.passes"},
        {"spf.passes=no dkim.passes=?", "spf.passes and dkim.passes", N, "spf.passes"},
        {"spf.passes=? dkim.passes=no", "spf.passes and dkim.passes", N, "dkim.passes"},
        {"spf.passes=? dkim.passes=yes", "spf.passes and dkim.passes", U, "spf.passes"},
        {"spf.passes=yes dkim.passes=?", "spf.passes and dkim.passes", U, "dkim.passes"},
        {"spf.passes=? dkim.passes=?", "spf.passes and dkim.passes", U,
         "spf.passes dkim.passes"},
        {"spf.passes=no dkim.passes=no", "spf.passes and dkim.passes", N,
         "spf.passes dkim.passes"},
        {"spf.passes=yes dkim.passes=?", "spf.passes or dkim.passes", Y, "spf.passes"},
        {"spf.passes=no dkim.passes=?", "spf.passes or dkim.passes", U, "dkim.passes"},
        {"spf.passes=no dkim.passes=no", "not (spf.passes or dkim.passes)", Y,
         "spf.passes dkim.passes"},
        {"spf.passes=no", "not spf.passes", Y, "spf.passes"},
        {"spf.passes=no", "always", Y, ""},
    };

    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct fixture *fixture = *state;
        struct policy_answer answer;

        know(fixture, rows[i].settings);
        answer = ask(fixture, rows[i].text);
        assert_int_equal(answer.truth, rows[i].truth);
        assert_string_equal(because(fixture, &answer), rows[i].because);
    }
}

static void and_binds_before_or_and_not_before_and(void **state)
{
    know(*state, "spf.passes=yes dkim.passes=no dmarc.passes=no");
    assert_int_equal(ask(*state, "spf.passes or dkim.passes and dmarc.passes").truth, Y);
    assert_int_equal(ask(*state, "(spf.passes or dkim.passes) and dmarc.passes").truth, N);
    assert_int_equal(ask(*state, "not dkim.passes and dmarc.passes").truth, N);
    assert_int_equal(ask(*state, "not (dkim.passes and dmarc.passes)").truth, Y);
    assert_int_equal(ask(*state, "not not spf.passes").truth, Y);
}

static void numbers_are_compared(void **state)
{
    static const struct {
        const char *text;
        enum policy_truth below, same, above; /* for 1023, 1024, 1025 */
    } rows[] = {
        {"dkim.bits = 1024", N, Y, N}, {"dkim.bits != 1024", Y, N, Y},
        {"dkim.bits < 1024", Y, N, N}, {"dkim.bits <= 1024", Y, Y, N},
        {"dkim.bits > 1024", N, N, Y}, {"dkim.bits >= 1024", N, Y, Y},
        {"dkim.bits<1024", Y, N, N},
    };

    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        know(*state, "dkim.bits=1023");
        assert_int_equal(ask(*state, rows[i].text).truth, rows[i].below);
        know(*state, "dkim.bits=1024");
        assert_int_equal(ask(*state, rows[i].text).truth, rows[i].same);
        know(*state, "dkim.bits=1025");
        assert_int_equal(ask(*state, rows[i].text).truth, rows[i].above);
        know(*state, "dkim.bits=?");
        assert_int_equal(ask(*state, rows[i].text).truth, U);
    }
}

static void words_texts_and_lists_are_compared(void **state)
{
    know(*state, "spf.result=softfail from.domain=Example.COM "
                 "dmarc.rua=mailto:a@example.com");
    assert_int_equal(ask(*state, "spf.result = softfail").truth, Y);
    assert_int_equal(ask(*state, "spf.result = fail").truth, N);
    assert_int_equal(ask(*state, "spf.result != fail").truth, Y);
    assert_int_equal(ask(*state, "spf.result in (fail, softfail)").truth, Y);
    assert_int_equal(ask(*state, "spf.result in (pass,none)").truth, N);
    assert_int_equal(ask(*state, "from.domain = 'example.com'").truth, Y);
    assert_int_equal(ask(*state, "from.domain = \"example.org\"").truth, N);
    assert_int_equal(ask(*state, "from.domain in ('a.example', 'example.com')").truth, Y);
    assert_int_equal(ask(*state, "dmarc.rua has 'MAILTO:a@example.com'").truth, Y);
    assert_int_equal(ask(*state, "dmarc.rua has 'mailto:a@example.co'").truth, N);
    know(*state, "spf.result=? from.domain=? dmarc.rua=?");
    assert_int_equal(ask(*state, "spf.result in (fail, softfail)").truth, U);
    assert_int_equal(ask(*state, "from.domain != 'example.com'").truth, U);
    assert_int_equal(ask(*state, "dmarc.rua has 'mailto:a@example.com'").truth, U);
}

static void a_list_holds_each_of_its_texts(void **state)
{
    struct fixture *fixture = *state;

    assert_true(policy_known_set(fixture->known, span_of("dmarc.rua"),
                                 "mailto:a@example.com mailto:b@example.com"));
    assert_int_equal(ask(fixture, "dmarc.rua has 'mailto:b@example.com'").truth, Y);
    assert_int_equal(ask(fixture, "dmarc.rua has 'mailto:c@example.com'").truth, N);
    assert_true(policy_known_set(fixture->known, span_of("dmarc.rua"), ""));
    assert_int_equal(ask(fixture, "dmarc.rua has ''").truth, N);
}

static void what_makes_no_sense_is_refused_with_a_reason(void **state)
{
    static const struct {
        const char *text;
        const char *reason; /* what the sentence holds */
    } rows[] = {
        {"", "a word is missing before the end"},
        {"spf.pass", "\"spf.pass\" is not a policy word"},
        {"spf.passes and", "a word is missing before the end"},
        {"spf.passes dkim.passes", "\"and\" or \"or\" is missing before \"dkim.passes\""},
        {"(spf.passes", "a bracket is not closed before the end"},
        {"spf.passes)", "\"and\" or \"or\" is missing before \")\""},
        {"spf.passes = yes", "spf.passes is yes or no"},
        {"spf.result", "spf.result has values"},
        {"spf.result < pass", "spf.result has values"},
        {"spf.result = passed",
         "invalid value \"passed\" for spf.result: expected one of: none neutral"},
        {"spf.result = 'pass'", "invalid value \"pass\" for spf.result"},
        {"spf.result in pass", "comes a list in brackets"},
        {"spf.result in (pass", "the list is not closed before the end"},
        {"spf.result in ()", "invalid value \")\" for spf.result"},
        {"dkim.bits", "dkim.bits is a number"},
        {"dkim.bits in (1, 2)", "dkim.bits is a number"},
        {"dkim.bits < many", "dkim.bits is a number, and \"many\" is not"},
        {"dkim.bits < 99999999999999999999", "is a number, and"},
        {"from.domain = example", "compared with a text in quotes, not with \"example\""},
        {"from.domain = 'example", "a text is not closed: example"},
        {"from.domain has 'x'", "from.domain is a text"},
        {"dmarc.rua = 'x'", "dmarc.rua is a list of texts"},
        {"spf.passes & dkim.passes", "\"&\" has no meaning in a condition"},
        {"spf.passes and \x1b[31m", "\"\\x1b\" has no meaning"},
        {"'text'", "a word is missing before \"text\""},
        {"and", "a word is missing before \"and\""},
        {"spf.passes or in", "a word is missing before \"in\""},
        {"always always", "is missing before \"always\""},
    };

    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct fixture *fixture = *state;

        fixture->why = (struct err){0};
        assert_null(
            policy_expression_parse(fixture->arena, span_of(rows[i].text), &fixture->why));
        if (strstr(fixture->why.text, rows[i].reason) == NULL)
            fail_msg("%s: \"%s\" lacks \"%s\"", rows[i].text, fixture->why.text,
                     rows[i].reason);
    }
}

/* repeat - the text so many times */
static const char *repeat(struct fixture *fixture, const char *text, int times)
{
    const char *all = "";

    while (times-- > 0)
        all = arena_printf(fixture->arena, "%s%s", all, text);
    return all;
}

/* bound: LIMIT_CONDITION_TESTS both, LIMIT_CONDITION_DEPTH both */
static void size_and_depth_are_bounded(void **state)
{
    struct fixture *fixture = *state;
    const char *most = repeat(fixture, "spf.passes or ", LIMIT_CONDITION_TESTS - 1);
    const char *deepest = repeat(fixture, "not ", LIMIT_CONDITION_DEPTH - 1);
    const char *texts[] = {
        arena_printf(fixture->arena, "%sspf.passes or spf.passes", most),
        arena_printf(fixture->arena, "not %sspf.passes", deepest),
        repeat(fixture, "(", 5000),
        repeat(fixture, "not ", 5000),
    };

    know(fixture, "spf.passes=no");
    assert_int_equal(ask(fixture, arena_printf(fixture->arena, "%sspf.passes", most)).truth, N);
    assert_int_equal(ask(fixture, arena_printf(fixture->arena, "%sspf.passes", deepest)).truth,
                     LIMIT_CONDITION_DEPTH % 2 == 0 ? Y : N);
    for (size_t i = 0; i < COUNT_OF(texts); i++)
        assert_null(policy_expression_parse(fixture->arena, span_of(texts[i]), &fixture->why));
}

static void only_always_holds_whatever_is_known(void **state)
{
    struct fixture *fixture = *state;

    assert_true(policy_expression_is_always(
        policy_expression_parse(fixture->arena, span_of(" always "), &fixture->why)));
    assert_false(policy_expression_is_always(
        policy_expression_parse(fixture->arena, span_of("spf.passes"), &fixture->why)));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, open_fixture, close_fixture)
    const struct CMUnitTest tests[] = {
        TEST(and_is_kleenes),
        TEST(or_is_kleenes),
        TEST(not_is_kleenes),
        TEST(the_facts_that_decide_are_told),
        TEST(and_binds_before_or_and_not_before_and),
        TEST(numbers_are_compared),
        TEST(words_texts_and_lists_are_compared),
        TEST(a_list_holds_each_of_its_texts),
        TEST(what_makes_no_sense_is_refused_with_a_reason),
        TEST(size_and_depth_are_bounded),
        TEST(only_always_holds_whatever_is_known),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
