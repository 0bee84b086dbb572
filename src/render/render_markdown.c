/*
 * A comment of a pull request, or the summary of a job: one line a subject, then what is wrong
 * with it. A service takes a megabyte; what does not fit is counted.
 */
#include <string.h>

#include "base/limits.h"
#include "base/span.h"
#include "render/render_format.h"
#include "render/render_issue.h"

/* is_markdown - the octet is markup at its place: emphasis is so at the edge of a word only,
 * and a colon or a dot in what is taken for an address of the web */
static bool is_markdown(const char *start, const char *at)
{
    bool is_inside = at > start && ascii_is_alnum(at[-1]) && ascii_is_alnum(at[1]);

    if (*at == '_')
        return !is_inside;
    if (*at == ':')
        return at[1] == '/';
    if (*at == '.')
        return at - start >= 3 && span_equal_nocase(span_make(at - 3, 3), "www");
    return strchr("\\`*[]<>#!|~&@$", *at) != NULL;
}

/* markdown_escape - nothing of the text is markup, HTML, a link or a mention. Entities, since a
 * backslash means nothing in a table or in front of "@" */
static const char *markdown_escape(struct arena *arena, const char *text)
{
    struct sbuf out = sbuf_start(arena);

    for (const char *at = text; *at != '\0'; at++)
        if (*at == '\n')
            sbuf_add(&out, "<br>");
        else if (*at == '\t')
            sbuf_add_octet(&out, ' ');
        else if (is_markdown(text, at))
            sbuf_addf(&out, "&#%d;", *at);
        else
            sbuf_add_octet(&out, *at);
    return sbuf_text(&out);
}

/* markdown_code - "`text`", whatever backticks it holds */
static const char *markdown_code(struct arena *arena, const char *text)
{
    return arena_printf(arena, "<code>%s</code>", markdown_escape(arena, text));
}

/* markdown_place - file and line; "" where no file has it */
static const char *markdown_place(struct arena *arena, const struct report_issue *issue)
{
    const struct report_issue_place *at =
        issue->really.file != NULL ? &issue->really : &issue->at;

    if (at->file == NULL)
        return "";
    return arena_printf(
        arena, "%s: ",
        markdown_code(arena,
                      arena_printf(arena, "%s:%d", render_raw(arena, at->file), at->line)));
}

/* markdown_edit - the line that comes, without its end */
static const char *markdown_edit(struct arena *arena, const struct report_issue_edit *edit)
{
    struct span line = span_of(edit->text);

    return markdown_code(arena, arena_strdup_span(arena, span_cut(&line, '\n')));
}

/* markdown_issue - one item of a list */
static void markdown_issue(struct sbuf *out, const struct report_issue *issue)
{
    static const char *const words[] = {"error", "warning", "notice", "info"};
    struct arena *arena = out->arena;

    sbuf_addf(out, "- %s**%s**: %s (%s)\n", markdown_place(arena, issue),
              issue->is_undetermined ? "undetermined" : words[issue->severity],
              markdown_escape(arena, render_issue_text(arena, issue)),
              markdown_code(arena, issue->id));
    if (issue->hint[0] != '\0')
        sbuf_addf(out, "  <br>&#8594; %s\n",
                  markdown_escape(arena, render_safe(arena, issue->hint)));
    for (const struct report_issue_edit *edit = issue->edits; edit; edit = edit->next)
        if (edit->text[0] != '\0')
            sbuf_addf(out, "  <br>fix, proved: %s\n", markdown_edit(arena, edit));
}

/* markdown_gains - what works then and did not before, as one line each */
static void markdown_gains(struct sbuf *out, const struct report_issue_subject *subject)
{
    for (const struct report_issue *one = subject->issues; one != NULL; one = one->next)
        if (one->kind == ISSUE_GAIN)
            sbuf_addf(out, "- gain: %s\n",
                      markdown_escape(out->arena, render_safe(out->arena, one->text)));
}

/* markdown_result - one word, as loud as it is */
static const char *markdown_result(const struct report_issue_subject *subject)
{
    if (subject->counting > 0)
        return "**FAIL**";
    return subject->undetermined > 0 ? "**undetermined**" : "pass";
}

/* markdown_row - the line of the table */
static void markdown_row(struct sbuf *out, const struct report_issue_subject *subject,
                         bool has_headlines)
{
    size_t counts[SEV_INFO + 1] = {0};

    for (const struct report_issue *one = subject->issues; one != NULL; one = one->next)
        if (report_issue_is_shown(one) && !one->is_undetermined)
            counts[one->severity]++;
    sbuf_addf(out, "| %s | %s | %zu | %zu | %zu | %zu |",
              markdown_escape(out->arena, render_raw(out->arena, subject->name)),
              markdown_result(subject), counts[SEV_ERROR], counts[SEV_WARNING],
              counts[SEV_NOTICE], subject->undetermined);
    if (has_headlines)
        sbuf_addf(out, " %s |",
                  subject->headline != NULL ? markdown_escape(out->arena, subject->headline)
                                            : "");
    sbuf_add_octet(out, '\n');
}

/* markdown_subject - what is wrong with one; nothing if nothing is */
static void markdown_subject(struct sbuf *out, const struct report_issue_subject *subject)
{
    size_t start = out->len;
    size_t titled = 0;

    sbuf_addf(out, "\n### %s\n\n",
              markdown_escape(out->arena, render_raw(out->arena, subject->name)));
    titled = out->len;
    for (int counts = 1; counts >= 0; counts--) /* what counts comes first */
        for (const struct report_issue *one = subject->issues; one != NULL; one = one->next)
            if (report_issue_is_shown(one) && one->counts == (counts == 1))
                markdown_issue(out, one);
    markdown_gains(out, subject);
    if (out->len == titled)
        out->len = start;
}

void render_markdown(const struct report_issues *issues, const struct report_options *options,
                     struct sbuf *out)
{
    size_t left_off = 0;
    bool has_headlines = false;

    (void)options;
    for (const struct report_issue_subject *one = issues->subjects; one; one = one->next)
        has_headlines = has_headlines || one->headline != NULL;
    sbuf_addf(out,
              "## mailassay %s\n\n| domain | result | errors | warnings | notices | "
              "undetermined |%s\n|---|---|---|---|---|---|%s\n",
              issues->command, has_headlines ? " headline |" : "", has_headlines ? "---|" : "");
    for (const struct report_issue_subject *one = issues->subjects; one; one = one->next)
        if (out->len < LIMIT_MARKDOWN_BYTES / 2)
            markdown_row(out, one, has_headlines);
        else
            left_off++;
    for (const struct report_issue_subject *one = issues->subjects; one; one = one->next) {
        size_t start = out->len;

        markdown_subject(out, one);
        if (out->len > LIMIT_MARKDOWN_BYTES) {
            out->len = start;
            left_off++;
        }
    }
    if (left_off > 0)
        sbuf_addf(out, "\n%zu parts are left out here; the full report has them.\n", left_off);
}
