/*
 * The first screen: what must be seen always, then as many steps as fit, the gravest first,
 * then findings that have no step. Each part is rendered into a buffer of its own, and its rows
 * are counted as a terminal would show them.
 */
#include <string.h>

#include "render/render_policies.h"
#include "render/render_text.h"
#include "render/render_traffic.h"
#include "model/report.h"
#include "base/sbuf.h"
#include "base/span.h"
#include "model/finding_id.h"
#include "model/policy.h"

#define SCREEN_ROWS 40 /* fits the windows that people have, with room for the prompt */
#define ROWS_LAST   2  /* the empty line and the line that says how to see more */

/* ---- rows ---- */

/* columns_of - of a line, without what colours it */
static unsigned columns_of(struct page *page, struct span line)
{
    struct sbuf plain = sbuf_start(page->arena);

    for (size_t i = 0; i < line.len; i++)
        if (line.at[i] == '\033')
            while (i < line.len && line.at[i] != 'm')
                i++;
        else
            sbuf_add_octet(&plain, line.at[i]);
    return page_columns(sbuf_text(&plain));
}

/* rows_of - how many rows of the page the bytes take */
static unsigned rows_of(struct page *page, const struct sbuf *bytes)
{
    struct span rest = sbuf_span(bytes);
    unsigned rows = 0;

    while (rest.len > 0) {
        unsigned columns = columns_of(page, span_cut(&rest, '\n'));

        rows += columns <= page->width ? 1 : (columns + page->width - 1) / page->width;
    }
    return rows;
}

/* a part of the screen that is put there whole or not at all */
struct part {
    struct page page;
    struct sbuf bytes;
};

static void part_open(struct part *part, const struct page *page)
{
    part->bytes = sbuf_start(page->arena);
    part->page = *page;
    part->page.out = &part->bytes;
    part->page.column = 0;
}

/* part_fits - put it on the page if that leaves room; false: nothing was put */
static bool part_fits(struct part *part, struct page *page, unsigned *rows_left)
{
    unsigned rows = rows_of(page, &part->bytes);

    if (rows > *rows_left)
        return false;
    *rows_left -= rows;
    sbuf_add_span(page->out, sbuf_span(&part->bytes));
    return true;
}

/* ---- receivers ---- */

/* text_screen_is_whole - the next outcome is the other half of the receiver's mail, and
 * does the same */
static bool text_screen_is_whole(const struct report *report, size_t at)
{
    const struct policy_outcome *one = &report->outcomes[at];

    return at + 1 < report->outcome_count && one[1].policy == one->policy &&
           one[1].disposition == one->disposition;
}

/* put_labels - "would accept: Gmail, iCloud": all with this disposition */
static void put_labels(struct page *page, const struct report *report,
                       enum policy_disposition disposition, const char *action)
{
    struct sbuf labels = sbuf_start(page->arena);

    for (size_t i = 0; i < report->outcome_count; i++) {
        const struct policy_outcome *one = &report->outcomes[i];

        if (one->disposition != disposition || !report_outcome_is_shown(report, one))
            continue;
        sbuf_add_item(&labels, "; ",
                      text_screen_is_whole(report, i) ? one->policy->title
                                                      : policy_outcome_label(page->arena, one));
        i += text_screen_is_whole(report, i);
    }
    if (labels.len == 0)
        return;
    page_cell(page, 2, PAGE_FAINT,
              page_cut(page, arena_printf(page->arena, "%s: %s", action, sbuf_text(&labels)),
                       page->width - 2));
    page_end(page);
}

/* screen_receivers - a line for each that does not accept, one for all others */
static void screen_receivers(struct page *page, const struct report *report)
{
    struct part part;

    part_open(&part, page);
    for (size_t i = 0; i < report->outcome_count; i++) {
        const struct policy_outcome *outcome = &report->outcomes[i];

        if (!report_outcome_is_shown(report, outcome) ||
            outcome->disposition == POLICY_ACCEPT || outcome->disposition == POLICY_UNKNOWN)
            continue;
        page_cell(&part.page, 2, render_disposition_style(outcome->disposition),
                  page_cut(page, policy_outcome_text(page->arena, outcome), page->width - 2));
        page_end(&part.page);
    }
    put_labels(&part.page, report, POLICY_ACCEPT, "would accept");
    put_labels(&part.page, report, POLICY_UNKNOWN, "cannot be predicted");
    if (part.bytes.len == 0)
        return;
    page_heading(page, "Receivers");
    sbuf_add_span(page->out, sbuf_span(&part.bytes));
    page_end(page);
}

/* ---- steps and findings ---- */

/* screen_steps - as many as fit; the first always, the rest is counted */
static void screen_steps(struct page *page, const struct report *report,
                         const struct report_steps *steps, unsigned *rows_left)
{
    size_t shown = 0;

    if (steps->count == 0)
        return;
    page_heading(page, steps->count == 1 ? "Do this" : "Do this, in this order");
    *rows_left -= *rows_left > 2 ? 2 : *rows_left;
    for (; shown < steps->count; shown++) {
        struct part part;
        unsigned room = *rows_left > 1 || shown + 1 == steps->count ? *rows_left : 0;

        part_open(&part, page);
        render_text_step(&part.page, report, &steps->list[shown], shown + 1);
        if (shown + 1 < steps->count && room > 0)
            room--; /* for the line that counts */
        if (rows_of(page, &part.bytes) > room)
            break;
        part_fits(&part, page, rows_left);
    }
    if (shown < steps->count) {
        page_to(page, 6);
        page_putf(page, PAGE_FAINT, "%s: -v",
                  page_count(page, steps->count - shown, shown > 0 ? "more step" : "step"));
        page_end(page);
        *rows_left -= *rows_left > 0;
    }
    page_end(page);
}

/* is_left - it is worth a line of its own: no step is there for it */
static bool is_left(const struct report *report, const struct report_steps *steps,
                    const struct finding *finding)
{
    return finding->severity <= SEV_NOTICE && !report_is_known(report, finding) &&
           finding->row != ID_receiver_refuses && finding->row != ID_rule_unmet &&
           report_step_number(steps, finding) == 0;
}

/* screen_findings - a line each for what has no step; the rest is counted */
static void screen_findings(struct page *page, const struct report *report,
                            const struct report_steps *steps, unsigned rows_left)
{
    size_t left = 0;
    size_t shown = 0;

    for (const struct finding *one = report->findings; one != NULL; one = one->next)
        left += is_left(report, steps, one);
    for (const struct finding *one = report->findings; one != NULL; one = one->next) {
        bool is_last = shown + 1 == left;

        if (!is_left(report, steps, one))
            continue;
        if (rows_left < (is_last ? 1 : 2))
            break;
        render_text_finding_line(page, report, one);
        rows_left--;
        shown++;
    }
    if (shown == left)
        return;
    page_to(page, 2);
    page_putf(page, PAGE_FAINT, "%s: -v",
              page_count(page, left - shown, shown > 0 ? "more finding" : "finding"));
    page_end(page);
}

/* screen_last - what was counted, and how to see more */
static void screen_last(struct page *page, const struct report *report)
{
    page_end(page);
    page_cell(
        page, 2, PAGE_FAINT,
        page_cut(page,
                 arena_printf(page->arena, "%s; more: -v, --show evidence,session,findings",
                              render_text_counted(page, report)),
                 page->width - 2));
    page_end(page);
}

void render_text_screen(struct page *page, const struct report *report,
                        const struct report_steps *steps)
{
    bool has_session = report->facts->has_envelope && report->facts->message.message != NULL;
    unsigned used = 0;
    unsigned rows_left = 0;
    unsigned kept = 0; /* for the line that counts findings without a step */

    screen_receivers(page, report);
    render_text_books(page, report);
    if (report->traffic != NULL)
        render_traffic_brief(page, report->traffic);
    if (has_session)
        render_text_session(page, report);
    for (const struct finding *one = report->findings; one != NULL; one = one->next)
        kept = kept > 0 || is_left(report, steps, one);
    used = rows_of(page, page->out) + ROWS_LAST + kept;
    rows_left = used < SCREEN_ROWS ? SCREEN_ROWS - used : 0;
    screen_steps(page, report, steps, &rows_left);
    screen_findings(page, report, steps, rows_left + kept);
    screen_last(page, report);
}
