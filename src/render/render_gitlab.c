/*
 * The report artifact "codequality" of GitLab: an array of issues. Of equal fingerprints only
 * the first is shown, and each issue wants a path.
 */
#include "render/render_issue.h"
#include "render/render_json.h"

/* gitlab_severity - in its words; what counts and is not an error is major all the same */
static const char *gitlab_severity(const struct report_issue *issue)
{
    static const char *const words[] = {"critical", "major", "minor", "info"};

    return words[render_issue_level(issue)];
}

/* gitlab_issue - one object */
static json_t *gitlab_issue(struct arena *arena, const struct render_issue_row *row)
{
    const struct report_issue *issue = row->issue;
    const char *hint = issue->hint[0] != '\0' ? arena_printf(arena, "; %s", issue->hint) : "";

    json_t *object =
        json_pack("{s:o, s:s, s:o, s:s, s:{s:o, s:{s:i}}}", "description",
                  render_json_text(arena, arena_printf(arena, "%s: %s%s", row->subject->name,
                                                       render_issue_text(arena, issue), hint)),
                  "check_name", issue->id, "fingerprint",
                  render_json_text(arena, arena_printf(arena, "%s|%s|%s", row->subject->name,
                                                       report_issue_kind_to_text(issue->kind),
                                                       issue->fingerprint)),
                  "severity", gitlab_severity(issue), "location", "path",
                  render_json_raw(arena, render_issue_file(row)), "lines", "begin",
                  render_issue_line(row));

    if (row->subject->headline != NULL)
        json_object_set_new(
            object, "content",
            json_pack("{s:o}", "body", render_json_text(arena, row->subject->headline)));
    return object;
}

void render_gitlab(const struct report_issues *issues, const struct report_options *options,
                   struct sbuf *out)
{
    size_t count = 0;
    struct render_issue_row *rows = render_issue_rows(out->arena, issues, &count);
    json_t *array = json_array();

    (void)options;
    for (size_t i = 0; i < count; i++)
        json_array_append_new(array, gitlab_issue(out->arena, &rows[i]));
    render_json_write(array, out);
}
