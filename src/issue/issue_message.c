/* A message of the sandbox: what was expected of it, and the findings of its report. */
#include "issue/issue_stored.h"

#include <string.h>

#include "base/arena.h"
#include "model/finding.h"
#include "model/issue.h"
#include "model/report.h"

/* issue_text - a key of an object; what stands for null */
static const char *issue_text(struct arena *arena, const json_t *object, const char *key,
                              const char *otherwise)
{
    const char *text = json_string_value(json_object_get(object, key));

    return arena_strdup(arena, text != NULL ? text : otherwise);
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

/* add_report_findings - they count where nothing is expected */
static void add_report_findings(struct report_issues *issues, const json_t *report,
                                bool is_expected)
{
    size_t index = 0;
    const json_t *finding = NULL;

    json_array_foreach(json_object_get(report, "findings"), index, finding)
    {
        struct report_issue *issue = issue_add_stored(issues, finding);

        issue->counts &= !is_expected;
    }
}

void issue_add_message(struct report_issues *issues, const json_t *record, const json_t *report,
                       bool is_expected)
{
    struct arena *arena = issues->arena;
    const json_t *verdicts = json_object_get(record, "verdicts");
    enum report_result result =
        issue_stored_result(issue_text(arena, verdicts, "result", "undetermined"));
    struct report_issue_subject *subject = report_issues_add_subject(
        issues, arena_printf(arena, "message %s", issue_text(arena, record, "id", "?")),
        result);

    add_expectations(issues, subject, record);
    add_report_findings(issues, report, is_expected);
    report_issues_close(issues, subject,
                        is_expected || result == REPORT_PASS ||
                                (result == REPORT_FAIL && issues->threshold == THRESHOLD_NEVER)
                            ? NULL
                            : "the report does not pass");
}
