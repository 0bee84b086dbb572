/*
 * A row for each issue, information and known ones included. A field that a spreadsheet would
 * take for a formula gets an apostrophe in front.
 */
#include <string.h>

#include "render/render_csv.h"
#include "render/render_format.h"
#include "render/render_issue.h"

/* render_csv_field - quoted where it has to be */
void render_csv_field(struct sbuf *out, const char *text)
{
    bool is_formula = text[0] != '\0' && strchr("=+-@\t\r", text[0]) != NULL;
    bool is_quoted = strpbrk(text, "\",\r\n") != NULL || is_formula;

    if (out->len > 0 && out->bytes[out->len - 1] != '\n')
        sbuf_add_octet(out, ',');
    if (!is_quoted) {
        sbuf_add(out, text);
        return;
    }
    sbuf_add(out, is_formula ? "\"'" : "\"");
    for (; *text != '\0'; text++) {
        if (*text == '"')
            sbuf_add_octet(out, '"');
        sbuf_add_octet(out, *text);
    }
    sbuf_add_octet(out, '"');
}

/* csv_number - from 1 on; 0 is an empty field */
static void csv_number(struct sbuf *out, int number)
{
    render_csv_field(out, number > 0 ? arena_printf(out->arena, "%d", number) : "");
}

/* csv_raw - untrusted bytes, made safe; NULL is an empty field */
static void csv_raw(struct sbuf *out, const char *bytes)
{
    render_csv_field(out, bytes != NULL ? render_safe(out->arena, bytes) : "");
}

/* csv_issue - one row; the order of the columns is a contract */
static void csv_issue(struct sbuf *out, const struct report_issue_subject *subject,
                      const struct report_issue *issue)
{
    csv_raw(out, subject->name);
    render_csv_field(out, report_issue_kind_to_text(issue->kind));
    render_csv_field(out, issue->id);
    render_csv_field(out, severity_to_text(issue->severity));
    render_csv_field(out, issue->is_undetermined ? "undetermined" : "fires");
    render_csv_field(out, issue->counts ? "yes" : "no");
    render_csv_field(out, issue->is_known ? "yes" : "no");
    csv_raw(out, issue->text);
    csv_raw(out, issue->hint);
    render_csv_field(out, issue->standards);
    csv_raw(out, issue->name);
    csv_raw(out, issue->type);
    csv_raw(out, issue->term);
    csv_raw(out, issue->at.file);
    csv_number(out, issue->at.line);
    csv_number(out, issue->at.column);
    csv_raw(out, issue->really.file);
    csv_number(out, issue->really.line);
    csv_raw(out, issue->fingerprint);
    csv_raw(out, subject->headline);
    sbuf_add_octet(out, '\n');
}

void render_csv(const struct report_issues *issues, const struct report_options *options,
                struct sbuf *out)
{
    (void)options;
    sbuf_add(out, "subject,kind,id,severity,status,counts,known,text,hint,standards,name,type,"
                  "term,file,line,column,really_file,really_line,fingerprint,headline\n");
    for (const struct report_issue_subject *subject = issues->subjects; subject != NULL;
         subject = subject->next)
        for (const struct report_issue *issue = subject->issues; issue; issue = issue->next)
            csv_issue(out, subject, issue);
}
