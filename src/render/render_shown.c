/* One table of the texts of an issue, for both ways. */
#include "render/render_shown.h"

#include <limits.h>
#include <stddef.h>
#include <string.h>

#include "render/render_format.h"
#include "render/render_json.h"
#include "base/sbuf.h"
#include "base/span.h"
#include "model/finding.h"

static const char shown_key[] = "shown";

/* texts of an issue; a line end may be in those of files */
static const struct shown_member {
    const char *key;
    size_t offset;
    bool is_needed; /* never NULL */
} members[] = {
    {"id", offsetof(struct report_issue, id), true},
    {"text", offsetof(struct report_issue, text), true},
    {"hint", offsetof(struct report_issue, hint), true},
    {"general", offsetof(struct report_issue, general), true},
    {"general_hint", offsetof(struct report_issue, general_hint), true},
    {"standards", offsetof(struct report_issue, standards), true},
    {"name", offsetof(struct report_issue, name), false},
    {"type", offsetof(struct report_issue, type), false},
    {"term", offsetof(struct report_issue, term), false},
    {"world", offsetof(struct report_issue, world), false},
    {"fingerprint", offsetof(struct report_issue, fingerprint), true},
    {"fix", offsetof(struct report_issue, fix), false},
};

#define MEMBERS (COUNT_OF(members))

struct report_options render_shown_options(const struct report_options *options)
{
    struct report_options plain = *options;

    plain.has_color = false;
    plain.width = 0;
    return plain;
}

/* ---- writing ---- */

/* place_object - null for none */
static json_t *place_object(struct arena *arena, const struct report_issue_place *place)
{
    if (place->file == NULL)
        return json_null();
    return json_pack("{s:o, s:i, s:i}", "file", render_json_text(arena, place->file), "line",
                     place->line, "column", place->column);
}

/* edits_array - the lines of files that a remedy replaces */
static json_t *edits_array(struct arena *arena, const struct report_issue_edit *edit)
{
    json_t *array = json_array();

    for (; edit != NULL; edit = edit->next)
        json_array_append_new(array,
                              json_pack("{s:o, s:i, s:i, s:o}", "file",
                                        render_json_text(arena, edit->file), "line", edit->line,
                                        "lines", edit->lines, "text",
                                        json_string(render_safe_lines(arena, edit->text))));
    return array;
}

/* issue_object - one issue */
static json_t *issue_object(struct arena *arena, const struct report_issue *issue)
{
    json_t *object =
        json_pack("{s:s, s:s, s:b, s:b, s:b}", "kind", report_issue_kind_to_text(issue->kind),
                  "severity", severity_to_text(issue->severity), "undetermined",
                  issue->is_undetermined, "known", issue->is_known, "counts", issue->counts);
    for (size_t i = 0; i < MEMBERS; i++)
        json_object_set_new(object, members[i].key,
                            render_json_text(arena, *(const char *const *)((const char *)issue +
                                                                           members[i].offset)));
    json_object_update_new(object,
                           json_pack("{s:o, s:o, s:o}", "at", place_object(arena, &issue->at),
                                     "really", place_object(arena, &issue->really), "edits",
                                     edits_array(arena, issue->edits)));
    return object;
}

/* subject_object - one subject with its issues */
static json_t *subject_object(struct arena *arena, const struct report_issue_subject *subject)
{
    json_t *issues = json_array();

    for (const struct report_issue *one = subject->issues; one != NULL; one = one->next)
        json_array_append_new(issues, issue_object(arena, one));
    return json_pack("{s:o, s:o, s:s, s:o, s:o}", "name",
                     render_json_text(arena, subject->name), "headline",
                     render_json_text(arena, subject->headline), "result",
                     report_result_to_text(subject->result), "at",
                     place_object(arena, &subject->at), "issues", issues);
}

void render_shown_add(json_t *document, struct sbuf *text, const struct report_issues *issues)
{
    struct arena *arena = text->arena;
    json_t *subjects = json_array();

    for (const struct report_issue_subject *one = issues != NULL ? issues->subjects : NULL;
         one != NULL; one = one->next)
        json_array_append_new(subjects, subject_object(arena, one));
    json_object_set_new(document, shown_key,
                        json_pack("{s:o, s:o, s:o}", "command",
                                  issues != NULL ? json_string(issues->command) : json_null(),
                                  "subjects", subjects, "text",
                                  json_string(render_safe_lines(arena, sbuf_text(text)))));
}

void render_shown_drop(json_t *document)
{
    json_object_del(document, shown_key);
}

/* ---- reading ---- */

/* shown_text - NULL: none */
static const char *shown_text(struct arena *arena, const json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));

    return text != NULL ? arena_strdup(arena, render_safe(arena, text)) : NULL;
}

/* shown_number - of a line, 0 for what is none */
static int shown_number(const json_t *object, const char *key)
{
    json_int_t number = json_integer_value(json_object_get(object, key));

    return number > 0 && number <= INT_MAX ? (int)number : 0;
}

/* shown_place - file NULL: none */
static struct report_issue_place shown_place(struct arena *arena, const json_t *object,
                                             const char *key)
{
    const json_t *place = json_object_get(object, key);

    return (struct report_issue_place){shown_text(arena, place, "file"),
                                       shown_number(place, "line"),
                                       shown_number(place, "column")};
}

/* shown_flag - a member that is true */
static bool shown_flag(const json_t *object, const char *key)
{
    return json_is_true(json_object_get(object, key));
}

/* shown_edits - in their order */
static void shown_edits(struct arena *arena, struct report_issue *issue, const json_t *edits)
{
    struct report_issue_edit **link = &issue->edits;

    for (size_t i = 0; i < json_array_size(edits); i++) {
        const json_t *edit = json_array_get(edits, i);
        const char *text = json_string_value(json_object_get(edit, "text"));
        const char *file = shown_text(arena, edit, "file");

        if (file == NULL)
            continue;
        *link = arena_new_of(arena, struct report_issue_edit);
        **link = (struct report_issue_edit){
            file, shown_number(edit, "line"), shown_number(edit, "lines"),
            text != NULL ? arena_strdup(arena, render_safe_lines(arena, text)) : "", NULL};
        link = &(*link)->next;
    }
}

/* shown_kind - by its word */
static enum report_issue_kind shown_kind(const json_t *object)
{
    const char *word = json_string_value(json_object_get(object, "kind"));
    int kind = ISSUE_FINDING;

    while (word != NULL && kind < ISSUE_STATUS &&
           strcmp(report_issue_kind_to_text((enum report_issue_kind)kind), word) != 0)
        kind++;
    return (enum report_issue_kind)kind;
}

/* shown_issue - one more of the subject */
static void shown_issue(struct report_issues *issues, const json_t *object)
{
    struct report_issue *issue = report_issues_add(issues, issues->last);

    issue->kind = shown_kind(object);
    issue->severity = severity_of_text(json_string_value(json_object_get(object, "severity")));
    issue->is_undetermined = shown_flag(object, "undetermined");
    issue->is_known = shown_flag(object, "known");
    issue->counts = shown_flag(object, "counts");
    for (size_t i = 0; i < MEMBERS; i++) {
        const char *text = shown_text(issues->arena, object, members[i].key);

        *(const char **)((char *)issue + members[i].offset) =
            text == NULL && members[i].is_needed ? "" : text;
    }
    issue->at = shown_place(issues->arena, object, "at");
    issue->really = shown_place(issues->arena, object, "really");
    shown_edits(issues->arena, issue, json_object_get(object, "edits"));
}

const char *render_shown_text(struct arena *arena, const json_t *document)
{
    const char *text =
        json_string_value(json_object_get(json_object_get(document, shown_key), "text"));

    return text != NULL ? render_safe_lines(arena, text) : NULL;
}

bool render_shown_issues(const json_t *document, struct report_issues *issues)
{
    const json_t *shown = json_object_get(document, shown_key);
    const char *command = shown_text(issues->arena, shown, "command");
    const json_t *subjects = json_object_get(shown, "subjects");

    if (command == NULL)
        return false;
    issues->command = command;
    for (size_t i = 0; i < json_array_size(subjects); i++) {
        const json_t *one = json_array_get(subjects, i);
        const json_t *list = json_object_get(one, "issues");
        const char *name = shown_text(issues->arena, one, "name");
        struct report_issue_subject *subject = report_issues_add_subject(
            issues, name != NULL ? name : "",
            report_result_of_text(json_string_value(json_object_get(one, "result"))));

        subject->headline = shown_text(issues->arena, one, "headline");
        subject->at = shown_place(issues->arena, one, "at");
        for (size_t k = 0; k < json_array_size(list); k++)
            shown_issue(issues, json_array_get(list, k));
        report_issues_close(issues, subject, NULL);
    }
    return true;
}
