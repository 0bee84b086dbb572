/* Policy files: what a good one gives, and for every kind of mistake the line that has it. */
#include "unit.h"

#include "base/sbuf.h"
#include "policy/policy.h"

/* a good file; tests replace one line of it */
static const char *const good[] = {
    "name: example", /* 1 */
    "title: Example",
    "kind: receiver",
    "as-of: 2026-01-02",
    "about: A receiver for tests.", /* 5 */
    "sources:",
    "  - id: A1",
    "    title: A page",
    "    url: https://www.example.com/page",
    "    read: 2025-12", /* 10 */
    "rules:",
    "  - id: no-dkim",
    "    says: DKIM does not pass",
    "    who: bulk",
    "    since: 2024-02-01", /* 15 */
    "    until: 2025-11",
    "    when: not dkim.passes",
    "    disposition: reject",
    "    code: 550",
    "    enhanced: 5.7.30", /* 20 */
    "    reply: no DKIM from {from.domain}",
    "    source: [A1]",
    "    confidence: medium",
    "    note: A note.",
    "  - id: accept", /* 25 */
    "    says: it is fine",
    "    when: always",
    "    disposition: accept",
    "    source: [A1]",
    "    confidence: high", /* 30 */
    "advice:",
    "  - id: be-kind",
    "    says: Be kind.",
    "    since: 2024",
    "    source: [A1]", /* 35 */
    "    confidence: low",
};

/* the file with line `number` replaced; `text` NULL: left out */
static struct span with(struct arena *arena, size_t number, const char *text)
{
    const char *all = "";

    for (size_t i = 0; i < COUNT_OF(good); i++) {
        const char *line = i + 1 == number ? text : good[i];

        if (i + 1 == 34 && number != 34)
            line = "    since: 2024-03";
        if (line != NULL)
            all = arena_printf(arena, "%s%s\n", all, line);
    }
    return span_of(all);
}

static void a_good_file_gives_all_that_is_in_it(void **state)
{
    struct arena *arena = arena_open();
    struct err why = {0};
    const struct policy *policy =
        policy_parse(arena, "example.yaml", with(arena, 0, NULL), &why);
    const struct policy_rule *rule = NULL;
    int64_t day = 0;

    (void)state;
    assert_string_equal(why.text, "");
    assert_non_null(policy);
    assert_string_equal(policy->name, "example");
    assert_string_equal(policy->title, "Example");
    assert_int_equal(policy->kind, POLICY_RECEIVER);
    assert_string_equal(policy->as_of, "2026-01-02");
    assert_string_equal(policy->about, "A receiver for tests.");
    assert_int_equal(policy->source_count, 1);
    assert_string_equal(policy->sources[0].url, "https://www.example.com/page");
    assert_string_equal(policy->sources[0].read, "2025-12");
    assert_int_equal(policy->rule_count, 2);
    rule = &policy->rules[0];
    assert_string_equal(rule->id, "no-dkim");
    assert_true(rule->is_for_bulk);
    assert_int_equal(rule->disposition, POLICY_REJECT);
    assert_string_equal(rule->code, "550");
    assert_string_equal(rule->enhanced, "5.7.30");
    assert_string_equal(rule->reply, "no DKIM from {from.domain}");
    assert_ptr_equal(rule->sources[0], &policy->sources[0]);
    assert_int_equal(rule->confidence, POLICY_MEDIUM);
    assert_string_equal(rule->note, "A note.");
    assert_int_equal(rule->line, 12);
    assert_int_equal(rule->dates.since_day, 19754); /* 2024-02-01 */
    assert_true(policy_day_parse(span_of("2025-11-01"), &day));
    assert_int_equal(rule->dates.until_day, day);
    rule = &policy->rules[1];
    assert_false(rule->is_for_bulk);
    assert_null(rule->dates.since);
    assert_null(rule->code);
    assert_int_equal(policy->advice_count, 1);
    assert_string_equal(policy->advice[0].says, "Be kind.");
    assert_int_equal(policy->advice[0].confidence, POLICY_LOW);
    arena_close(arena);
}

static void every_mistake_is_told_with_file_and_line(void **state)
{
    static const struct {
        size_t line; /* that is replaced */
        const char *text;
        const char *reason; /* how the reason begins */
    } rows[] = {
        {1, "name: Example", "x.yaml:1: name \"Example\" has characters other than"},
        {3, "kind: recipient", "x.yaml:3: invalid value \"recipient\" for \"kind\": expected"},
        {4, "as-of: 2026-02-30", "x.yaml:4: as-of \"2026-02-30\" is not a date"},
        {4, "as-of: yesterday", "x.yaml:4: as-of \"yesterday\" is not a date"},
        {7, "  - id: A 1", "x.yaml:7: id \"A 1\" has characters other than"},
        {10, "    read: 2025-13", "x.yaml:10: read \"2025-13\" is not a date"},
        {10, "    reed: 2025-12", "x.yaml:10: unknown key \"reed\": expected one of id, title"},
        {12, "  - id: accept", "x.yaml:25: there are two with the id \"accept\""},
        {14, "    who: nobody", "x.yaml:14: invalid value \"nobody\" for \"who\": expected"},
        {15, "    since: 2024-02-31", "x.yaml:15: since \"2024-02-31\" is not a date"},
        {15, "    since: 2024", "x.yaml:15: since \"2024\" is not a date"},
        {15, "    since: 2025-11-01", "x.yaml:16: until 2025-11 is not after since 2025-11-01"},
        {16, "    until: soon", "x.yaml:16: until \"soon\" is not a date"},
        {17, "    when: not dkim.pass", "x.yaml:17: \"dkim.pass\" is not a policy word"},
        {17, "    when: spf.result = passed",
         "x.yaml:17: invalid value \"passed\" for spf.result"},
        {17, "    when: always\n    who: everybody", "x.yaml:18: \"who\" is given twice"},
        {18, "    disposition: refuse",
         "x.yaml:18: invalid value \"refuse\" for \"disposition\": expected accept, "
         "junk, defer or reject"},
        {18, "    disposition: reject\n    at: dusk",
         "x.yaml:19: invalid value \"dusk\" for \"at\""},
        {28, "    disposition: accept\n    at: ehlo",
         "x.yaml:29: only defer and reject come "
         "before"},
        {19, "    code: 55", "x.yaml:19: code \"55\" is not a three-digit reply code"},
        {19, "    code: 450",
         "x.yaml:19: code \"450\" is not a three-digit reply code that begins "
         "with 5"},
        {19, "    code: 5x0", "x.yaml:19: code \"5x0\""},
        {20, "    enhanced: 4.7.30", "x.yaml:20: enhanced \"4.7.30\" is not a code like 5.7.1"},
        {20, "    enhanced: 5.7", "x.yaml:20: enhanced \"5.7\""},
        {20, "    enhanced: 5.7.1.1", "x.yaml:20: enhanced"},
        {20, "    enhanced: 50.7.1", "x.yaml:20: enhanced"},
        {20, "    enhanced: 5.7.1234", "x.yaml:20: enhanced"},
        {21, "    reply: no {dkim}", "x.yaml:21: {dkim} in the reply is not a policy word"},
        {22, "    source: [A2]", "x.yaml:22: source \"A2\" is not in the list of sources"},
        {22, "    source: []", "x.yaml:22: the list \"source\" is empty"},
        {22, "    source: A1", "x.yaml:22: \"source\" must be a list, not one value"},
        {23, "    confidence: sure",
         "x.yaml:23: invalid value \"sure\" for \"confidence\": expected"},
        {27, "    when: dkim.passes", "x.yaml:27: the last rule must match everything"},
        {27, "    when: always\n    since: 2024-01", "x.yaml:27: the last rule must match"},
        {28, "    disposition: accept\n    code: 250",
         "x.yaml:29: only defer and reject have a "
         "code"},
        {34, "    since: 2024", "x.yaml:34: since \"2024\" is not a date"},
        {35, "    source: [B]", "x.yaml:35: source \"B\" is not in the list"},
        {2, "title: [", "x.yaml:"},
        {2, "title: \"unclosed", "x.yaml:"},
        {2, "\ttitle: tab", "x.yaml:2: not YAML"},
        {5, "about: *nothing", "x.yaml:5: an alias (*name) is not allowed"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct arena *arena = arena_open();
        struct err why = {0};
        struct span text = with(arena, rows[i].line, rows[i].text);

        if (policy_parse(arena, "x.yaml", text, &why) != NULL)
            fail_msg("%s: taken", rows[i].text);
        assert_int_equal(why.kind, ERR_INPUT);
        if (strncmp(why.text, rows[i].reason, strlen(rows[i].reason)) != 0)
            fail_msg("%s: \"%s\" does not begin with \"%s\"", rows[i].text, why.text,
                     rows[i].reason);
        arena_close(arena);
    }
}

static void marks_and_line_ends_of_windows_are_taken(void **state)
{
    struct arena *arena = arena_open();
    struct err why = {0};
    struct sbuf text = sbuf_start(arena);
    struct span rest = with(arena, 17, "    when: not dkim.pass");

    (void)state;
    sbuf_add(&text, "\xef\xbb\xbf"); /* a byte order mark */
    while (rest.len > 0) {
        sbuf_add_span(&text, span_cut(&rest, '\n'));
        sbuf_add(&text, "\r\n");
    }
    assert_null(policy_parse(arena, "x.yaml", sbuf_span(&text), &why));
    assert_string_equal(
        why.text, "x.yaml:17: \"dkim.pass\" is not a policy word; did you mean dkim.passes?");
    memcpy(strstr((char *)(uintptr_t)sbuf_span(&text).at, "not dkim.pass"), "not spf.valid",
           13);
    assert_non_null(policy_parse(arena, "x.yaml", sbuf_span(&text), &why));
    arena_close(arena);
}

static void what_is_missing_is_told(void **state)
{
    static const struct {
        size_t line;
        const char *reason;
    } rows[] = {
        {1, "\"name\" is missing"},    {3, "\"kind\" is missing"},
        {4, "\"as-of\" is missing"},   {13, "\"says\" is missing"},
        {17, "\"when\" is missing"},   {18, "\"disposition\" is missing"},
        {22, "\"source\" is missing"}, {23, "\"confidence\" is missing"},
        {35, "\"source\" is missing"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct arena *arena = arena_open();
        struct err why = {0};

        assert_null(policy_parse(arena, "x.yaml", with(arena, rows[i].line, NULL), &why));
        if (strstr(why.text, rows[i].reason) == NULL || strncmp(why.text, "x.yaml:", 7) != 0)
            fail_msg("\"%s\" lacks \"%s\"", why.text, rows[i].reason);
        arena_close(arena);
    }
}

static void all_mistakes_are_told_at_once(void **state)
{
    struct arena *arena = arena_open();
    struct err why = {0};
    struct span text = with(arena, 15, "    since: 1.1.2024");

    (void)state;
    memcpy(strstr((char *)(uintptr_t)text.at, "dkim.passes"), "dkim.passez", 11);
    assert_null(policy_parse(arena, "x.yaml", text, &why));
    assert_string_equal(why.text,
                        "x.yaml:15: since \"1.1.2024\" is not a date like 2024-02-01 or "
                        "2024-02\n"
                        "x.yaml:17: \"dkim.passez\" is not a policy word; "
                        "did you mean dkim.passes?");
    arena_close(arena);
}

static void a_rule_after_one_that_always_decides_is_refused(void **state)
{
    struct arena *arena = arena_open();
    struct err why = {0};
    struct span text = with(arena, 17, "    when: always");

    (void)state;
    /* for bulk senders, or within dates, others are left */
    assert_non_null(policy_parse(arena, "x.yaml", text, &why));
    text = span_of("name: x\ntitle: x\nkind: rule book\nas-of: 2026-01\nabout: x\n"
                   "sources: [{id: A, title: x}]\nrules:\n"
                   "  - {id: a, says: x, when: always, disposition: accept, source: [A], "
                   "confidence: low}\n"
                   "  - {id: b, says: x, when: always, disposition: accept, source: [A], "
                   "confidence: low}\n");
    assert_null(policy_parse(arena, "x.yaml", text, &why));
    assert_string_equal(why.text, "x.yaml:8: this rule always decides, so that none after it "
                                  "can");
    arena_close(arena);
}

static void odd_files_are_refused_in_words(void **state)
{
    static const char *const texts[] = {
        "",
        "\n",
        "# nothing\n",
        "- a\n",
        "text\n",
        "{}\n",
        "name: x\n",
        "\xff\xfe\n",
        "name: \x01\n",
        "{name: {a: b}}\n",
        "rules: [[[[[[[[[[",
        "---\n---\n---\n",
        "a: &a [x]\nb: [*a, *a]\n",
        "name:\n  - x\n",
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        struct arena *arena = arena_open();
        struct err why = {0};

        assert_null(policy_parse(arena, "x.yaml", span_of(texts[i]), &why));
        if (strncmp(why.text, "x.yaml:", 7) != 0 || strlen(why.text) < 12)
            fail_msg("%s: \"%s\"", texts[i], why.text);
        arena_close(arena);
    }
}

static void depth_is_bounded(void **state)
{
    static const char *const openings[] = {"[", "{a: ", "- ", "? "};

    (void)state;
    for (size_t i = 0; i < COUNT_OF(openings); i++) {
        struct arena *arena = arena_open();
        struct sbuf text = sbuf_start(arena);
        struct err why = {0};

        for (int depth = 0; depth < 50000; depth++)
            sbuf_add(&text, openings[i]);
        assert_null(policy_parse(arena, "x.yaml", sbuf_span(&text), &why));
        assert_string_equal(why.text, "x.yaml:1: nested more than 8 deep");
        arena_close(arena);
    }
}

static void aliases_are_refused(void **state)
{
    struct arena *arena = arena_open();
    struct err why = {0};
    struct span text = with(arena, 1, "name: &x example");

    (void)state;
    memcpy(strstr((char *)(uintptr_t)text.at, "Example"), "*x     ", 7);
    assert_null(policy_parse(arena, "x.yaml", text, &why));
    assert_non_null(strstr(why.text, "alias"));
    arena_close(arena);
}

static void dates_are_days_or_months(void **state)
{
    static const struct {
        const char *text;
        bool is_date;
        int64_t day;
    } rows[] = {
        {"1970-01-01", true, 0},
        {"1970-01-02", true, 1},
        {"1969-12-31", true, -1},
        {"1970-02", true, 31},
        {"2024-02-29", true, 19782},
        {"2023-02-29", false, 0},
        {"2024-00", false, 0},
        {"2024-13", false, 0},
        {"2024", false, 0},
        {"2024-2-1", false, 0},
        {"", false, 0},
        {"2024-02-01T00", false, 0},
        {"2024-02-01Z", false, 0},
        {"2024-02-0", false, 0},
        {"2024/02/01", false, 0},
        {" 2024-02", false, 0},
        {"20240201", false, 0},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        int64_t day = 0;

        if (policy_day_parse(span_of(rows[i].text), &day) != rows[i].is_date)
            fail_msg("\"%s\"", rows[i].text);
        if (rows[i].is_date)
            assert_int_equal(day, rows[i].day);
    }
}

static void what_is_built_in_loads_and_the_defaults_are_there(void **state)
{
    size_t defaults = 0;

    (void)state;
    for (size_t i = 0; i < policy_builtin_count(); i++) {
        struct arena *arena = arena_open();
        struct err why = {0};
        const struct policy *policy = policy_open(arena, policy_builtin_name(i), &why);

        if (policy == NULL)
            fail_msg("%s", why.text);
        assert_string_equal(policy->name, policy_builtin_name(i));
        assert_int_equal(span_find_last(span_of(policy->about), '.'),
                         strlen(policy->about) - 1);
        defaults += policy_is_default(policy->name);
        arena_close(arena);
    }
    assert_int_equal(policy_builtin_count(), 16);
    assert_int_equal(defaults, 5);
    assert_true(policy_is_default("gmail"));
    assert_true(policy_is_default("icloud"));
    assert_false(policy_is_default("parked"));
    assert_false(policy_is_default(""));
}

static void every_source_that_is_listed_is_cited(void **state)
{
    (void)state;
    for (size_t i = 0; i < policy_builtin_count(); i++) {
        struct arena *arena = arena_open();
        struct err why = {0};
        const struct policy *policy = policy_open(arena, policy_builtin_name(i), &why);

        for (size_t s = 0; s < policy->source_count; s++) {
            bool is_cited = false;

            for (size_t r = 0; r < policy->rule_count; r++)
                for (size_t c = 0; c < policy->rules[r].source_count; c++)
                    is_cited = is_cited || policy->rules[r].sources[c] == &policy->sources[s];
            for (size_t r = 0; r < policy->advice_count; r++)
                for (size_t c = 0; c < policy->advice[r].source_count; c++)
                    is_cited = is_cited || policy->advice[r].sources[c] == &policy->sources[s];
            if (!is_cited)
                fail_msg("%s: %s is not cited", policy->path, policy->sources[s].id);
        }
        arena_close(arena);
    }
}

static void a_name_that_is_none_and_a_file_that_is_none_are_told_apart(void **state)
{
    struct arena *arena = arena_open();
    struct err why = {0};

    (void)state;
    assert_null(policy_open(arena, "gmial", &why));
    assert_int_equal(why.kind, ERR_USAGE);
    assert_non_null(strstr(why.text, "no policy \"gmial\"; there are bsi-tr-03182, cisa"));
    assert_null(policy_open(arena, "./none.yaml", &why));
    assert_int_equal(why.kind, ERR_INPUT);
    assert_non_null(strstr(why.text, "./none.yaml"));
    assert_null(policy_open(arena, "/", &why));
    assert_int_equal(why.kind, ERR_INPUT);
    arena_close(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_good_file_gives_all_that_is_in_it),
        cmocka_unit_test(every_mistake_is_told_with_file_and_line),
        cmocka_unit_test(marks_and_line_ends_of_windows_are_taken),
        cmocka_unit_test(what_is_missing_is_told),
        cmocka_unit_test(all_mistakes_are_told_at_once),
        cmocka_unit_test(a_rule_after_one_that_always_decides_is_refused),
        cmocka_unit_test(odd_files_are_refused_in_words),
        cmocka_unit_test(depth_is_bounded),
        cmocka_unit_test(aliases_are_refused),
        cmocka_unit_test(dates_are_days_or_months),
        cmocka_unit_test(what_is_built_in_loads_and_the_defaults_are_there),
        cmocka_unit_test(every_source_that_is_listed_is_cited),
        cmocka_unit_test(a_name_that_is_none_and_a_file_that_is_none_are_told_apart),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
