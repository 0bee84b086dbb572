/* The JSON of a report has all that CI shows but the edits of files. */
#include "issue/issue_stored.h"

#include <string.h>

#include "base/arena.h"
#include "base/escape.h"
#include "base/sbuf.h"
#include "issue/issue_place.h"
#include "model/finding.h"

enum report_result issue_stored_result(const char *word)
{
    if (word != NULL && strcmp(word, "fail") == 0)
        return REPORT_FAIL;
    return word != NULL && strcmp(word, "undetermined") == 0 ? REPORT_UNDETERMINED
                                                             : REPORT_PASS;
}

/* stored_text - a member that is text; NULL: not text */
static const char *stored_text(struct arena *arena, const json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));

    return text != NULL ? arena_strdup(arena, escape_safe(arena, text)) : NULL;
}

struct report_issue *issue_add_stored(struct report_issues *issues, const json_t *finding)
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
    issue->at.file = issue_path(arena, stored_text(arena, where, "file"));
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
    report_issue_weigh(issue, issues->threshold);
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

/* stored_is_unread - of a line that could not be read, or a subject that was not judged */
static bool stored_is_unread(const json_t *report)
{
    return json_array_size(json_object_get(report, "errors")) > 0;
}

/* stored_reason - why the subject does not pass, where no finding says so; NULL: it passes */
static const char *stored_reason(struct arena *arena, const json_t *report,
                                 enum report_result result)
{
    if (stored_is_unread(report))
        return stored_unread(arena, report);
    if (result == REPORT_PASS)
        return NULL;
    return result == REPORT_FAIL ? "a verdict fails" : "a required answer is missing";
}

/* stored_subject - one subject more */
static void stored_subject(struct report_issues *issues, const json_t *report,
                           const struct issue_line *line)
{
    const char *domain =
        stored_text(issues->arena, json_object_get(report, "subject"), "domain");
    struct report_issue_subject *subject = report_issues_add_subject(
        issues, domain != NULL ? domain : arena_printf(issues->arena, "line %zu", line->number),
        line->result);
    size_t index = 0;
    json_t *finding = NULL;

    subject->headline =
        stored_text(issues->arena, json_object_get(report, "summary"), "headline");
    subject->at = line->at;
    json_array_foreach(json_object_get(report, "findings"), index, finding)
    {
        issue_add_stored(issues, finding);
    }
    report_issues_close(issues, subject, stored_reason(issues->arena, report, line->result));
}

void issue_add_document(struct report_issues *issues, const json_t *document)
{
    const json_t *fault = json_array_get(json_object_get(document, "errors"), 0);
    const struct issue_line line = {
        .number = (size_t)json_integer_value(json_object_get(fault, "line")),
        .result =
            stored_is_unread(document)
                ? REPORT_FAIL
                : issue_stored_result(json_string_value(json_object_get(document, "result"))),
    };

    stored_subject(issues, document, &line);
}

void issue_add_line(struct report_issues *issues, struct span text,
                    const struct issue_line *line)
{
    struct issue_line placed = *line;
    json_t *report = json_loadb(text.at, text.len, 0, NULL);

    placed.at.file =
        strcmp(line->at.file, "-") == 0 ? NULL : issue_path(issues->arena, line->at.file);
    stored_subject(issues, report, &placed);
    json_decref(report);
}
