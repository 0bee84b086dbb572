/* The order of the page, its heading and its first line. */
#include "render/render_text.h"
#include "base/clock.h"
#include "base/dns_name.h"
#include "model/report.h"
#include "model/subject.h"
#include "render/render_policies.h"
#include "render/render_report.h"
#include "render/render_session.h"
#include "render/render_traffic.h"

/* text_heading - who speaks, about what, when */
static void text_heading(struct page *page, const struct facts *facts)
{
    const struct subject *subject = facts->subject;
    const char *unicode = NULL;
    const char *time = clock_to_text(page->arena, subject->now);

    if (subject->domain != NULL)
        unicode = dns_name_to_unicode(page->arena, subject->domain);
    page_put(page, PAGE_FAINT, "mailassay " MAILASSAY_VERSION "  ");
    page_put(page, PAGE_STRONG, subject->domain != NULL ? subject->domain->text : "message");
    if (unicode != NULL)
        page_putf(page, PAGE_PLAIN, " (%s)", unicode);
    if (page->column + page_columns(time) + 2 <= page->width)
        page_cell(page, page->width - page_columns(time), PAGE_FAINT, time);
    page_end(page);
    page_end(page);
}

/* text_headline - the one line that must be seen; without a summary the result alone */
static void text_headline(struct page *page, const struct report *report)
{
    static const enum page_style styles[] = {PAGE_GOOD, PAGE_DOUBT, PAGE_BAD};
    static const char *const words[] = {"PASS", "FAIL", "UNDETERMINED"};
    const struct report_summary *summary = report->summary;

    if (summary != NULL)
        page_cell(page, 2, styles[summary->tone], summary->word);
    else
        page_cell(page, 2, page_result_style(report->result), words[report->result]);
    page_line(page, page->column + 2, PAGE_STRONG,
              summary != NULL ? summary->clause : render_text_counted(page, report));
    page_end(page);
}

/* render_text_rest - what does not fit the first screen, as far as it is wanted */
static void render_text_rest(struct page *page, const struct report *report,
                             const struct report_steps *steps, unsigned shown)
{
    bool has_session = report->facts->has_envelope && report->facts->message.message != NULL;

    render_text_receivers(page, report);
    page_end(page);
    if (report->traffic != NULL)
        render_traffic_section(page, report->traffic, report->findings);
    render_text_plan(page, report, steps);
    render_text_what_if(page, report->what_if);
    if (shown & REPORT_PART_FINDINGS)
        render_text_findings(page, report, steps);
    if (shown & REPORT_PART_EVIDENCE)
        render_text_evidence(page, report);
    if ((shown & REPORT_PART_SESSION) && has_session) {
        page_end(page);
        page_title(page, "The expected SMTP session");
        render_session_steps(page, report->session);
    }
}

void render_text(const struct report *report, const struct report_options *options,
                 struct sbuf *out)
{
    struct page page = page_open(options, out);

    page.is_brief = options->shown == 0;
    if (options->is_quiet) {
        render_text_quiet(&page, report);
        return;
    }
    text_heading(&page, report->facts);
    text_headline(&page, report);
    if (report->facts->message.message != NULL || report->facts->spf_count > 0)
        render_text_verdicts(&page, report);
    else
        render_text_published(&page, report);
    page_end(&page);
    if (options->shown != 0) {
        render_text_rest(&page, report, report->steps, options->shown);
        return;
    }
    render_text_screen(&page, report, report->steps);
    render_text_what_if(&page, report->what_if);
}
