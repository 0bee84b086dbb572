/*
 * A scan judges in other processes; what comes from them is the JSON line of each subject. It
 * has all that CI shows but the edits of files.
 */
#include <jansson.h>
#include <string.h>

#include "app/app_issue.h"
#include "app/app_run.h"
#include "base/arena.h"
#include "base/sbuf.h"
#include "model/finding.h"
#include "model/issue.h"
#include "model/report.h"
#include "render/render_format.h"
#include "scan/scan.h"

/* stored_text - a member that is text; NULL: not text */
static const char *stored_text(struct arena *arena, const json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));

    return text != NULL ? arena_strdup(arena, render_safe(arena, text)) : NULL;
}

struct report_issue *app_issue_add_stored(struct app *app, struct report_issues *issues,
                                          const json_t *finding)
{
    struct arena *arena = issues->arena;
    struct report_issue *issue = report_issues_add(issues, issues->last);
    const json_t *where = json_object_get(finding, "where");
    const char *id = stored_text(arena, finding, "id");
    const struct check_row *row = id != NULL ? check_row_find(id) : NULL;
    const char *status = json_string_value(json_object_get(finding, "status"));

    issue->id = id != NULL ? id : "unknown";
    issue->severity = severity_of_text(json_string_value(json_object_get(finding, "severity")));
    issue->is_undetermined = status != NULL && strcmp(status, "undetermined") == 0;
    issue->text = stored_text(arena, finding, "text");
    issue->hint = stored_text(arena, finding, "hint");
    if (row != NULL) {
        issue->general = row->text;
        issue->general_hint = row->hint;
        issue->standards = row->standards;
    }
    issue->name = stored_text(arena, where, "name");
    issue->type = stored_text(arena, where, "type");
    issue->term = stored_text(arena, where, "term");
    issue->at.file = app_issue_path(arena, stored_text(arena, where, "file"));
    issue->at.line = (int)json_integer_value(json_object_get(where, "line"));
    issue->fingerprint = stored_text(arena, finding, "fingerprint");
    if (issue->text == NULL)
        issue->text = "";
    if (issue->hint == NULL)
        issue->hint = "";
    if (issue->fingerprint == NULL)
        issue->fingerprint = "";
    if (issue->at.file == NULL)
        issue->at = issues->last->at;
    report_issue_weigh(issue, app->options.threshold);
    return issue;
}

/* stored_unread - what is wrong with a line that could not be read */
static const char *stored_unread(struct arena *arena, const json_t *report)
{
    struct sbuf text = sbuf_start(arena);
    size_t index = 0;
    json_t *fault = NULL;

    json_array_foreach(json_object_get(report, "errors"), index, fault)
    {
        sbuf_addf(&text, "%s%s", index > 0 ? "; " : "",
                  json_string_value(json_object_get(fault, "text")));
    }
    return sbuf_text(&text);
}

/* stored_reason - why the subject does not pass, where no finding says so; NULL: it passes */
static const char *stored_reason(struct arena *arena, const json_t *report,
                                 const struct scan_done *done)
{
    switch (done->kind) {
    case SCAN_UNREAD:
        return stored_unread(arena, report);
    case SCAN_FAILING:
        return "a verdict fails";
    case SCAN_UNDETERMINED:
        return "a required answer is missing";
    case SCAN_FINE:
    case SCAN_KINDS:
        break;
    }
    return NULL;
}

/* a report as it was stored */
struct stored_line {
    const json_t *report;
    const struct scan_done *done;
    struct report_issue_place at;
};

/* stored_subject - one subject more */
static void stored_subject(struct app *app, struct report_issues *issues,
                           const struct stored_line *line)
{
    const json_t *report = line->report;
    const struct scan_done *done = line->done;
    static const enum report_result results[SCAN_KINDS] = {REPORT_PASS, REPORT_FAIL,
                                                           REPORT_UNDETERMINED, REPORT_FAIL};
    const char *domain =
        stored_text(issues->arena, json_object_get(report, "subject"), "domain");
    struct report_issue_subject *subject = report_issues_add_subject(
        issues,
        domain != NULL ? domain : arena_printf(issues->arena, "line %zu", done->line.number),
        results[done->kind]);
    size_t index = 0;
    json_t *finding = NULL;

    subject->headline =
        stored_text(issues->arena, json_object_get(report, "summary"), "headline");
    subject->at = line->at;
    json_array_foreach(json_object_get(report, "findings"), index, finding)
    {
        app_issue_add_stored(app, issues, finding);
    }
    report_issues_close(issues, subject, stored_reason(issues->arena, report, done));
}

void app_issues_add_document(struct app *app, struct report_issues *issues,
                             const json_t *document)
{
    const char *result = json_string_value(json_object_get(document, "result"));
    const bool is_unread = json_array_size(json_object_get(document, "errors")) > 0;
    const struct scan_done done = {
        .kind = is_unread                             ? SCAN_UNREAD
                : result == NULL                      ? SCAN_FINE
                : strcmp(result, "fail") == 0         ? SCAN_FAILING
                : strcmp(result, "undetermined") == 0 ? SCAN_UNDETERMINED
                                                      : SCAN_FINE,
        .line.number = (size_t)json_integer_value(
            json_object_get(json_array_get(json_object_get(document, "errors"), 0), "line")),
    };

    stored_subject(app, issues, &(struct stored_line){.report = document, .done = &done});
}

void app_issues_add_stored(struct app *app, struct report_issues *issues,
                           const struct scan_done *done, struct report_issue_place at)
{
    json_t *report = json_loadb(done->report.at, done->report.len, 0, NULL);

    at.file = strcmp(at.file, "-") == 0 ? NULL : app_issue_path(issues->arena, at.file);
    stored_subject(app, issues, &(struct stored_line){report, done, at});
    json_decref(report);
}
