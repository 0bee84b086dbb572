/*
 * Every line of testdata/policies/NAME.cases, run through the rules of policies/NAME.yaml as they
 * are built in. README.md there has the format, and what is required.
 */
#include <dirent.h>

#include "unit.h"

#include "base/file.h"
#include "base/limits.h"
#include "policy/policy.h"

#define DIRECTORY TESTDATA_DIR "/policies"
#define TODAY     "2026-11-24"

struct one_case {
    int line;
    const char *rule;
    bool decides;
    const char *expected; /* the rule that decides, or "unknown" */
    struct policy_known known;
    int64_t day;
};

struct cases {
    struct arena *arena;
    const char *name; /* of the policy */
    const struct policy *policy;
    struct one_case *cases;
    size_t count;
};

static size_t failed;

/* complain - one line for what is wrong */
static void complain(const struct cases *in, int line, const char *what)
{
    fprintf(stderr, "%s.cases:%d: %s\n", in->name, line, what);
    failed++;
}

/* ---- reading ---- */

static struct span load(struct arena *arena, const char *path)
{
    struct span text = {NULL, 0};
    struct err why = {0};

    if (!file_load(arena, path, LIMIT_POLICY_BYTES, &text, &why))
        fail_msg("%s", why.text);
    return text;
}

/* set - "word=value"; false: no such word, or the word cannot have the value */
static bool set(struct arena *arena, struct policy_known *known, struct span setting)
{
    struct span word = span_cut(&setting, '=');

    return setting.at != NULL &&
           policy_known_set(known, word, arena_strdup_span(arena, setting));
}

/* read_base - a value for every word */
static const struct policy_known *read_base(struct arena *arena)
{
    struct policy_known *known = policy_known_nothing(arena, "not in base");
    struct span rest = load(arena, DIRECTORY "/base");

    while (rest.len > 0) {
        struct span line = span_trim(span_cut(&rest, '\n'));

        if (line.len > 0 && line.at[0] != '#' && !set(arena, known, line))
            fail_msg("base: %.*s", SPAN_ARG(line));
    }
    return known;
}

/* read_settings - what differs from base, and what is expected */
static void read_settings(struct cases *in, struct one_case *one, struct span rest)
{
    while (rest.len > 0) {
        struct span word = span_cut(&rest, ' ');

        if (word.len == 0)
            continue;
        if (span_equal_text(word, "->"))
            one->expected = arena_strdup_span(in->arena, span_cut(&rest, ' '));
        else if (span_starts_with(word, "as-of=")) {
            if (!policy_day_parse(span_from(word, 6), &one->day))
                complain(in, one->line, "as-of= has no date");
        } else if (!set(in->arena, &one->known, word))
            complain(in, one->line, arena_printf(in->arena, "%.*s", SPAN_ARG(word)));
    }
}

/* read_case - "RULE decides (why) settings" */
static void read_case(struct cases *in, const struct policy_known *base, struct span line,
                      int number)
{
    struct one_case one = {.line = number, .known = *base};
    struct span rest = line;
    struct span kind;

    one.rule = arena_strdup_span(in->arena, span_cut(&rest, ' '));
    rest = span_trim(rest);
    kind = span_cut(&rest, ' ');
    one.decides = span_equal_text(kind, "decides");
    assert_true(policy_day_parse(span_of(TODAY), &one.day));
    if (!one.decides && !span_equal_text(kind, "does-not"))
        complain(in, number, "the second word is neither decides nor does-not");
    span_cut(&rest, '(');
    if (span_cut(&rest, ')').len == 0)
        complain(in, number, "there is no reason in brackets");
    if (one.decides)
        one.expected = one.rule;
    read_settings(in, &one, rest);
    if (one.expected == NULL || (!one.decides && strcmp(one.expected, one.rule) == 0))
        complain(in, number, "a does-not says which other rule decides: -> RULE");
    arena_append(in->arena, in->cases, in->count, one);
}

static struct cases read_cases(struct arena *arena, const char *name,
                               const struct policy_known *base)
{
    struct cases in = {.arena = arena, .name = name};
    struct span rest = load(arena, arena_printf(arena, DIRECTORY "/%s.cases", name));
    struct err why = {0};
    int number = 0;

    in.policy = policy_open(arena, name, &why);
    if (in.policy == NULL)
        fail_msg("%s", why.text);
    while (rest.len > 0) {
        struct span line = span_trim(span_cut(&rest, '\n'));

        number++;
        if (line.len > 0 && line.at[0] != '#')
            read_case(&in, base, line, number);
    }
    return in;
}

/* ---- running ---- */

static void run_case(struct cases *in, const struct one_case *one)
{
    const struct policy_occasion occasion = {.known = &one->known, .day = one->day};
    struct policy_outcome outcome = policy_judge(in->arena, in->policy, &occasion);
    const char *got = outcome.rule != NULL ? outcome.rule->id : "unknown";

    if (one->expected != NULL && strcmp(got, one->expected) != 0)
        complain(in, one->line,
                 arena_printf(in->arena, "%s: expected %s, got %s: %s", one->rule,
                              one->expected, got, policy_outcome_text(in->arena, &outcome)));
}

/* ---- what is insisted on ---- */

/* is_same_value - nothing differs */
static bool is_same_value(const struct policy_value *a, const struct policy_value *b)
{
    return a->is_known == b->is_known && a->truth == b->truth && a->number == b->number &&
           span_equal(span_of(a->text), span_of(b->text));
}

/* distance - how many words differ, the day counted as one */
static int distance(const struct one_case *a, const struct one_case *b)
{
    int count = a->day != b->day;

    for (int fact = 0; fact < POLICY_FACT_COUNT; fact++)
        count += !is_same_value(&a->known.values[fact], &b->known.values[fact]);
    return count;
}

/* insist - both kinds for the rule, and only near misses */
static void insist(const struct cases *in, const char *rule)
{
    size_t decides = 0;
    size_t does_not = 0;

    for (size_t i = 0; i < in->count; i++) {
        int nearest = INT32_MAX;

        if (strcmp(in->cases[i].rule, rule) != 0)
            continue;
        decides += in->cases[i].decides;
        does_not += !in->cases[i].decides;
        for (size_t j = 0; j < in->count && !in->cases[i].decides; j++)
            if (in->cases[j].decides && strcmp(in->cases[j].rule, rule) == 0 &&
                distance(&in->cases[i], &in->cases[j]) < nearest)
                nearest = distance(&in->cases[i], &in->cases[j]);
        if (!in->cases[i].decides && nearest != 1)
            complain(
                in, in->cases[i].line,
                arena_printf(in->arena, "%s: no near miss, %d words differ", rule, nearest));
    }
    if (decides == 0 || does_not == 0)
        complain(in, 1,
                 arena_printf(in->arena, "the rule %s lacks a case that %s", rule,
                              decides == 0 ? "decides" : "does-not"));
}

/* check_rule_names - every case names a rule of the policy */
static void check_rule_names(struct cases *in)
{
    for (size_t i = 0; i < in->count; i++) {
        bool is_there = false;

        for (size_t j = 0; j < in->policy->rule_count; j++)
            is_there = is_there || strcmp(in->cases[i].rule, in->policy->rules[j].id) == 0;
        if (!is_there)
            complain(in, in->cases[i].line, "there is no such rule");
    }
}

/* ---- tests ---- */

static void base_gives_every_word_a_value(void **state)
{
    struct arena *arena = arena_open();
    const struct policy_known *base = read_base(arena);

    (void)state;
    for (int fact = 0; fact < POLICY_FACT_COUNT; fact++)
        if (!base->values[fact].is_known)
            fail_msg("base lacks %s", policy_fact_row((enum policy_fact)fact)->word);
    arena_close(arena);
}

static void every_case_is_decided_by_the_rule_it_names(void **state)
{
    (void)state;
    failed = 0;
    for (size_t i = 0; i < policy_builtin_count(); i++) {
        struct arena *arena = arena_open();
        struct cases in = read_cases(arena, policy_builtin_name(i), read_base(arena));

        for (size_t j = 0; j < in.count; j++)
            run_case(&in, &in.cases[j]);
        arena_close(arena);
    }
    assert_int_equal(failed, 0);
}

static void every_rule_has_a_case_where_it_decides_and_a_near_miss(void **state)
{
    (void)state;
    failed = 0;
    for (size_t i = 0; i < policy_builtin_count(); i++) {
        struct arena *arena = arena_open();
        struct cases in = read_cases(arena, policy_builtin_name(i), read_base(arena));

        check_rule_names(&in);
        for (size_t j = 0; j < in.policy->rule_count; j++)
            insist(&in, in.policy->rules[j].id);
        arena_close(arena);
    }
    assert_int_equal(failed, 0);
}

/* is_builtin - a policy of this name */
static bool is_builtin(struct span name)
{
    for (size_t i = 0; i < policy_builtin_count(); i++)
        if (span_equal_text(name, policy_builtin_name(i)))
            return true;
    return false;
}

static void every_file_of_cases_belongs_to_a_policy(void **state)
{
    DIR *directory = opendir(DIRECTORY);
    const struct dirent *entry = NULL;

    (void)state;
    assert_non_null(directory);
    while ((entry = readdir(directory)) != NULL) {
        struct span name = span_of(entry->d_name);

        if (span_ends_with_nocase(name, ".cases") &&
            !is_builtin(span_sub(name, 0, name.len - strlen(".cases"))))
            fail_msg("%s: no such policy", entry->d_name);
    }
    closedir(directory);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(base_gives_every_word_a_value),
        cmocka_unit_test(every_case_is_decided_by_the_rule_it_names),
        cmocka_unit_test(every_rule_has_a_case_where_it_decides_and_a_near_miss),
        cmocka_unit_test(every_file_of_cases_belongs_to_a_policy),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
