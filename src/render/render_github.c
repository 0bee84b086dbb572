/*
 * Workflow commands of GitHub: "::error file=F,line=N,title=T::text". Its runner reads them
 * from both output streams and shows ten of each kind a step; the job summary has the rest.
 */
#include <string.h>

#include "render/render_format.h"
#include "render/render_issue.h"

/* github_escape - what would end the text, or with `is_property` the property */
static void github_escape(struct sbuf *out, const char *text, bool is_property)
{
    for (; *text != '\0'; text++)
        if (*text == '%' || *text == '\r' || *text == '\n' ||
            (is_property && strchr(":,", *text) != NULL))
            sbuf_addf(out, "%%%02X", (unsigned char)*text);
        else
            sbuf_add_octet(out, *text);
}

/* github_place - file and line, where a file has it */
static void github_place(struct sbuf *out, const struct render_issue_row *row)
{
    const struct report_issue_place *at =
        row->issue->at.file != NULL ? &row->issue->at : &row->subject->at;

    if (at->file == NULL)
        return;
    sbuf_add(out, "file=");
    github_escape(out, render_raw(out->arena, at->file), true);
    if (at->line > 0)
        sbuf_addf(out, ",line=%d,endLine=%d", at->line, at->line);
    if (at->line > 0 && at->column > 0)
        sbuf_addf(out, ",col=%d", at->column);
    sbuf_add_octet(out, ',');
}

/* github_command - one annotation */
static void github_command(struct sbuf *out, const struct render_issue_row *row)
{
    static const char *const words[] = {"error", "warning", "notice", "notice"};
    const struct report_issue *issue = row->issue;
    struct arena *arena = out->arena;

    sbuf_addf(out, "::%s ", words[render_issue_level(issue)]);
    github_place(out, row);
    sbuf_add(out, "title=");
    github_escape(
        out, arena_printf(arena, "%s (%s)", issue->id, render_raw(arena, row->subject->name)),
        true);
    sbuf_add(out, "::");
    github_escape(out, render_issue_text(arena, issue), false);
    if (issue->really.file != NULL)
        github_escape(out,
                      arena_printf(arena, "\n%s%s:%d",
                                   issue->world != NULL && strcmp(issue->world, "old") == 0
                                       ? "removed from "
                                       : "at ",
                                   render_raw(arena, issue->really.file), issue->really.line),
                      false);
    if (issue->hint[0] != '\0')
        github_escape(out, arena_printf(arena, "\n-> %s", render_safe(arena, issue->hint)),
                      false);
    sbuf_add_octet(out, '\n');
}

void render_github(const struct report_issues *issues, const struct report_options *options,
                   struct sbuf *out)
{
    size_t count = 0;
    struct render_issue_row *rows = render_issue_rows(out->arena, issues, &count);

    (void)options;
    for (const struct report_issue_subject *one = issues->subjects; one; one = one->next)
        if (one->headline != NULL) /* a line of the log, not an annotation */
            sbuf_addf(out, "%s: %s\n", render_safe(out->arena, one->name),
                      render_safe(out->arena, one->headline));
    for (size_t i = 0; i < count; i++)
        github_command(out, &rows[i]);
}
