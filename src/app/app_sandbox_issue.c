/*
 * The formats for CI: a subject for each message, with what was expected of it and the findings
 * of its report, and one for the run as a whole.
 */
#include <string.h>

#include "app/app_sandbox.h"
#include "base/arena.h"
#include "base/clock.h"
#include "base/sbuf.h"
#include "model/finding.h"
#include "model/issue.h"
#include "model/report.h"
#include "render/render_sandbox.h"

/* issue_text - a key of an object; what stands for null */
static const char *issue_text(struct arena *arena, const json_t *object, const char *key,
                              const char *otherwise)
{
    const char *text = json_string_value(json_object_get(object, key));

    return arena_strdup(arena, text != NULL ? text : otherwise);
}

/* result_named - "pass", "fail", "undetermined" */
static enum report_result result_named(const char *word)
{
    if (strcmp(word, "pass") == 0)
        return REPORT_PASS;
    return strcmp(word, "fail") == 0 ? REPORT_FAIL : REPORT_UNDETERMINED;
}

/* severity_named - "error", "warning", "notice"; else information */
static enum severity severity_named(const char *word)
{
    for (int severity = SEV_ERROR; severity < SEV_INFO; severity++)
        if (strcmp(word, severity_to_text((enum severity)severity)) == 0)
            return (enum severity)severity;
    return SEV_INFO;
}

/* add_expectations - one issue each; those that are so are mere information */
static void add_expectations(struct report_issues *issues, struct report_issue_subject *subject,
                             const json_t *record)
{
    size_t index = 0;
    const json_t *item = NULL;

    json_array_foreach(json_object_get(record, "expectations"), index, item)
    {
        struct report_issue *issue = report_issues_add(issues, subject);
        const char *condition = issue_text(issues->arena, item, "condition", "");
        const char *result = issue_text(issues->arena, item, "result", "");

        issue->id = "expectation";
        issue->counts = strcmp(result, "yes") != 0;
        issue->is_undetermined = strcmp(result, "unknown") == 0;
        issue->severity = issue->counts ? SEV_ERROR : SEV_INFO;
        issue->name = condition;
        issue->text = arena_printf(issues->arena, "expected %s: %s: %s", condition, result,
                                   issue_text(issues->arena, item, "because", ""));
        issue->hint = issue->general_hint = issue->standards = "";
        issue->general = "what is expected of each message";
        issue->fingerprint = arena_printf(issues->arena, "expectation|%s", condition);
    }
}

/* joined_standards - an array of texts as one */
static const char *joined_standards(struct arena *arena, const json_t *list)
{
    struct sbuf text = sbuf_start(arena);
    size_t index = 0;
    const json_t *item = NULL;

    json_array_foreach(list, index, item)
    {
        sbuf_addf(&text, "%s%s", index > 0 ? "; " : "", json_string_value(item));
    }
    return sbuf_text(&text);
}

/* add_report_findings - of the report; they count where nothing is expected */
static void add_report_findings(const struct app_sandbox *sandbox, struct report_issues *issues,
                                struct report_issue_subject *subject, const json_t *report)
{
    struct arena *arena = issues->arena;
    size_t index = 0;
    const json_t *item = NULL;

    json_array_foreach(json_object_get(report, "findings"), index, item)
    {
        struct report_issue *issue = report_issues_add(issues, subject);
        const json_t *where = json_object_get(item, "where");

        issue->id = issue_text(arena, item, "id", "");
        issue->severity = severity_named(issue_text(arena, item, "severity", ""));
        issue->is_undetermined =
            strcmp(issue_text(arena, item, "status", ""), "undetermined") == 0;
        issue->is_known = json_is_true(json_object_get(item, "known"));
        issue->text = issue->general = issue_text(arena, item, "text", "");
        issue->hint = issue->general_hint = issue_text(arena, item, "hint", "");
        issue->standards = joined_standards(arena, json_object_get(item, "standards"));
        issue->name = issue_text(arena, where, "name", NULL);
        issue->type = issue_text(arena, where, "type", NULL);
        issue->fingerprint = issue_text(arena, item, "fingerprint", "");
        if (sandbox->app->options.sandbox.expected.count == 0)
            report_issue_weigh(issue, sandbox->app->options.threshold);
    }
}

/* issue_add_message - a subject of its own */
static void issue_add_message(const struct app_sandbox *sandbox, struct report_issues *issues,
                              const struct render_sandbox_message *message)
{
    struct arena *arena = issues->arena;
    bool is_expected = sandbox->app->options.sandbox.expected.count > 0;
    const json_t *verdicts = json_object_get(message->record, "verdicts");
    enum report_result result =
        result_named(issue_text(arena, verdicts, "result", "undetermined"));
    struct report_issue_subject *subject = report_issues_add_subject(
        issues,
        arena_printf(arena, "message %s", issue_text(arena, message->record, "id", "?")),
        result);

    add_expectations(issues, subject, message->record);
    add_report_findings(sandbox, issues, subject, message->report);
    report_issues_close(
        issues, subject,
        is_expected || result == REPORT_PASS ||
                (result == REPORT_FAIL && sandbox->app->options.threshold == THRESHOLD_NEVER)
            ? NULL
            : "the report does not pass");
}

const struct report_issues *app_sandbox_issues(struct app_sandbox *sandbox)
{
    const struct render_sandbox *result = &sandbox->result;
    struct report_issues *issues =
        report_issues_open(sandbox->app->arena, "sandbox", clock_wall());

    for (size_t i = 0; i < result->message_count; i++)
        issue_add_message(sandbox, issues, &result->messages[i]);
    report_issues_close(issues, report_issues_add_subject(issues, "sandbox", result->result),
                        result->reason);
    return issues;
}
