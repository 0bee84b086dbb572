/* Formats for CI: bounds of services, and text that is not ours. */
#include <string.h>

#include "base/limits.h"
#include "render/render_issue.h"
#include "unit.h"

/* issues_of - a list with one subject and so many errors, each on a line of its own */
static struct report_issues *issues_of(struct arena *arena, size_t count, const char *text)
{
    struct report_issues *issues = report_issues_open(arena, "check", 0, THRESHOLD_ERROR);
    struct report_issue_subject *subject =
        report_issues_add_subject(issues, "a.example", REPORT_FAIL);

    for (size_t i = 0; i < count; i++) {
        struct report_issue *issue = report_issues_add(issues, subject);

        issue->id = "spf_syntax";
        issue->text = text;
        issue->at = (struct report_issue_place){"a.zone", (int)i + 1, 0};
        issue->fingerprint = arena_printf(arena, "%zu", i);
        report_issue_weigh(issue, THRESHOLD_ERROR);
    }
    report_issues_close(issues, subject, "a reason");
    return issues;
}

/* count_of - how often a text is in another */
static size_t count_of(const char *text, const char *wanted)
{
    const char *end = text + strlen(text);
    size_t len = strlen(wanted);
    size_t count = 0;

    /* not strstr(3): with sanitizers each call reads to the end */
    for (const char *at = text; (at = memmem(at, (size_t)(end - at), wanted, len)) != NULL;
         at++)
        count++;
    return count;
}

/* bound: LIMIT_SARIF_RESULTS both */
static void sarif_has_as_many_results_as_a_run_may(void **state)
{
    const struct report_options options = {0};

    (void)state;
    for (size_t over = 0; over <= 1; over++) {
        struct arena *arena = arena_open();
        struct sbuf out = sbuf_start(arena);

        render_sarif(issues_of(arena, LIMIT_SARIF_RESULTS + over, "x"), &options, &out);
        assert_int_equal(count_of(sbuf_text(&out), "\"ruleIndex\""), LIMIT_SARIF_RESULTS);
        arena_close(arena);
    }
}

/* bound: LIMIT_MARKDOWN_BYTES past */
static void markdown_ends_where_a_summary_does(void **state)
{
    const struct report_options options = {0};
    struct arena *arena = arena_open();
    struct sbuf out = sbuf_start(arena);

    (void)state;
    render_markdown(issues_of(arena, 10, "x"), &options, &out);
    assert_null(strstr(sbuf_text(&out), "left out"));
    out = sbuf_start(arena);
    render_markdown(issues_of(arena, LIMIT_MARKDOWN_BYTES / 50, "x"), &options, &out);
    assert_true(out.len < LIMIT_MARKDOWN_BYTES + 200);
    assert_non_null(strstr(sbuf_text(&out), "1 parts are left out here"));
    arena_close(arena);
}

static void what_makes_the_status_is_always_there(void **state)
{
    struct arena *arena = arena_open();
    struct report_issues *issues = issues_of(arena, 0, "");

    (void)state;
    assert_int_equal(issues->subjects->counting, 1);
    assert_string_equal(issues->subjects->issues->text, "a reason");
    assert_int_equal(issues->subjects->issues->kind, ISSUE_STATUS);
    assert_true(report_issue_is_shown(issues->subjects->issues));
    arena_close(arena);
}

static void text_stays_text_in_every_format(void **state)
{
    static void (*const renderers[])(const struct report_issues *,
                                     const struct report_options *, struct sbuf *) = {
        render_sarif, render_junit, render_gitlab, render_github, render_markdown, render_csv};
    static const char *const forbidden[][3] = {{"](http"},
                                               {"<b>", "\001", "]]>"},
                                               {"\001"},
                                               {"\n::error::", "\001"},
                                               {"<b>", "](http", "@team"},
                                               {"\n=1", ",=1", "\001"}};
    const struct report_options options = {0};

    (void)state;
    for (size_t i = 0; i < COUNT_OF(renderers); i++) {
        struct arena *arena = arena_open();
        struct sbuf out = sbuf_start(arena);

        renderers[i](issues_of(arena, 1, "=1\n::error::<b>]]>\001[x](http://e.example) @team"),
                     &options, &out);
        for (size_t j = 0; j < 3 && forbidden[i][j] != NULL; j++)
            if (strstr(sbuf_text(&out), forbidden[i][j]) != NULL)
                fail_msg("format %zu holds \"%s\":\n%s", i, forbidden[i][j], sbuf_text(&out));
        arena_close(arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sarif_has_as_many_results_as_a_run_may),
        cmocka_unit_test(markdown_ends_where_a_summary_does),
        cmocka_unit_test(what_makes_the_status_is_always_there),
        cmocka_unit_test(text_stays_text_in_every_format),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
