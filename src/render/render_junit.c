/*
 * JUnit XML as GitLab and Jenkins read it: a suite for each subject, a case for each finding.
 * Services know a case by class and name, so both are unique; what counts is a failure, what
 * could not be determined an error, and a subject without either has one case that passes.
 */
#include <string.h>

#include "base/clock.h"
#include "render/render_format.h"
#include "render/render_issue.h"

/* junit_escape - for text and attributes; what XML 1.0 has no character for never gets here,
 * since text is made safe first */
static void junit_escape(struct sbuf *out, const char *text)
{
    for (; *text != '\0'; text++)
        if (strchr("&<>\"'", *text) != NULL)
            sbuf_addf(out, "&#%d;", *text);
        else if (*text == '\n' || (unsigned char)*text >= ' ')
            sbuf_add_octet(out, *text);
        else
            sbuf_add_octet(out, ' ');
}

/* junit_attribute - name="value" */
static void junit_attribute(struct sbuf *out, const char *name, const char *value)
{
    sbuf_addf(out, " %s=\"", name);
    junit_escape(out, value);
    sbuf_add_octet(out, '"');
}

/* junit_details - what is shown when the case is opened */
static const char *junit_details(struct arena *arena, const struct report_issue *issue)
{
    struct sbuf text = sbuf_start(arena);

    sbuf_add(&text, render_issue_text(arena, issue));
    if (issue->at.file != NULL)
        sbuf_addf(&text, "\n%s:%d", render_raw(arena, issue->at.file), issue->at.line);
    if (issue->really.file != NULL)
        sbuf_addf(&text, "\nfound at %s:%d", render_raw(arena, issue->really.file),
                  issue->really.line);
    if (issue->hint[0] != '\0')
        sbuf_addf(&text, "\n-> %s", render_safe(arena, issue->hint));
    if (issue->standards[0] != '\0')
        sbuf_addf(&text, "\n%s", issue->standards);
    return sbuf_text(&text);
}

/* junit_outcome - the element that says why the case does not pass */
static void junit_outcome(struct sbuf *out, const struct report_issue *issue)
{
    const char *element = issue->is_undetermined ? "error" : "failure";

    sbuf_addf(out, "      <%s", element);
    junit_attribute(out, "type", issue->id);
    junit_attribute(out, "message", render_issue_text(out->arena, issue));
    sbuf_add_octet(out, '>');
    junit_escape(out, junit_details(out->arena, issue));
    sbuf_addf(out, "</%s>\n", element);
}

/* junit_name - the finding and what it is about */
static const char *junit_name(struct arena *arena, const struct report_issue *issue)
{
    return arena_printf(arena, "%s%s%s%s%s", issue->id, issue->name != NULL ? " " : "",
                        issue->name != NULL ? render_safe(arena, issue->name) : "",
                        issue->name != NULL && issue->type != NULL ? " " : "",
                        issue->name != NULL && issue->type != NULL ? issue->type : "");
}

/* junit_has_case - what is shown elsewhere, and expectations that hold: tests that passed */
static bool junit_has_case(const struct report_issue *issue)
{
    return report_issue_is_shown(issue) || strcmp(issue->id, "expectation") == 0;
}

/* same_before - how many shown issues before this one have its name */
static size_t same_before(struct arena *arena, const struct report_issue_subject *subject,
                          const struct report_issue *issue)
{
    const char *name = junit_name(arena, issue);
    size_t count = 0;

    for (const struct report_issue *one = subject->issues; one != issue; one = one->next)
        count += junit_has_case(one) && strcmp(one->id, issue->id) == 0 &&
                 strcmp(junit_name(arena, one), name) == 0;
    return count;
}

/* junit_case - one finding */
static void junit_case(struct sbuf *out, const struct report_issue_subject *subject,
                       const struct report_issue *issue)
{
    struct arena *arena = out->arena;
    size_t same = same_before(arena, subject, issue);
    const char *name = junit_name(arena, issue);

    if (same > 0)
        name = arena_printf(arena, "%s (%zu)", name, same + 1);
    sbuf_add(out, "    <testcase");
    junit_attribute(out, "classname", render_raw(arena, subject->name));
    junit_attribute(out, "name", name);
    if (issue->at.file != NULL) {
        junit_attribute(out, "file", render_raw(arena, issue->at.file));
        if (issue->at.line > 0)
            junit_attribute(out, "line", arena_printf(arena, "%d", issue->at.line));
    }
    junit_attribute(out, "time", "0");
    sbuf_add(out, ">\n");
    if (issue->counts)
        junit_outcome(out, issue);
    else {
        sbuf_add(out, "      <system-out>");
        junit_escape(out, junit_details(arena, issue));
        sbuf_add(out, "</system-out>\n");
    }
    sbuf_add(out, "    </testcase>\n");
}

/* junit_shown - issues of a subject that get a case */
static size_t junit_shown(const struct report_issue_subject *subject)
{
    size_t count = 0;

    for (const struct report_issue *one = subject->issues; one != NULL; one = one->next)
        count += junit_has_case(one);
    return count;
}

/* junit_counts - the attributes that sum up */
static void junit_counts(struct sbuf *out, size_t tests, size_t failures, size_t errors)
{
    sbuf_addf(out, " tests=\"%zu\" failures=\"%zu\" errors=\"%zu\" time=\"0\"", tests, failures,
              errors);
}

/* junit_suite - one subject */
static void junit_suite(struct sbuf *out, const struct report_issues *issues,
                        const struct report_issue_subject *subject)
{
    bool is_clean = subject->counting + subject->undetermined == 0;
    const char *name = render_raw(out->arena, subject->name);

    sbuf_add(out, "  <testsuite");
    junit_attribute(out, "name", name);
    junit_counts(out, junit_shown(subject) + is_clean, subject->counting,
                 subject->undetermined);
    /* without the "Z": the schema of Jenkins has no time zone */
    junit_attribute(out, "timestamp",
                    arena_printf(out->arena, "%.19s", clock_to_text(out->arena, issues->time)));
    sbuf_add(out, ">\n");
    if (subject->headline != NULL) {
        sbuf_add(out, "    <properties>\n      <property");
        junit_attribute(out, "name", "headline");
        junit_attribute(out, "value", render_safe(out->arena, subject->headline));
        sbuf_add(out, "/>\n    </properties>\n");
    }
    if (is_clean) {
        sbuf_add(out, "    <testcase");
        junit_attribute(out, "classname", name);
        junit_attribute(out, "name", issues->command);
        sbuf_add(out, " time=\"0\"/>\n");
    }
    for (const struct report_issue *one = subject->issues; one != NULL; one = one->next)
        if (junit_has_case(one))
            junit_case(out, subject, one);
    sbuf_add(out, "  </testsuite>\n");
}

void render_junit(const struct report_issues *issues, const struct report_options *options,
                  struct sbuf *out)
{
    size_t tests = 0;
    size_t failures = 0;
    size_t errors = 0;

    (void)options;
    for (const struct report_issue_subject *one = issues->subjects; one; one = one->next) {
        tests += junit_shown(one) + (one->counting + one->undetermined == 0);
        failures += one->counting;
        errors += one->undetermined;
    }
    sbuf_add(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"mailassay\"");
    junit_counts(out, tests, failures, errors);
    sbuf_add(out, ">\n");
    for (const struct report_issue_subject *one = issues->subjects; one; one = one->next)
        junit_suite(out, issues, one);
    sbuf_add(out, "</testsuites>\n");
}
