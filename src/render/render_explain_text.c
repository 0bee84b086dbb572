/* One block a recipient: what happened, who saw what, what we see now, the steps. */
#include <string.h>

#include "base/clock.h"
#include "base/escape.h"
#include "base/limits.h"
#include "base/limits_bounce.h"
#include "base/span.h"
#include "model/bounce.h"
#include "model/explain.h"
#include "model/reply_cause.h"
#include "model/reply_class.h"
#include "render/render_explain.h"
#include "render/render_text.h"

#define COLUMN_VALUE  17
#define COLUMN_NUMBER 2
#define COLUMN_STEP   5
#define SAW_NAME      10 /* octets of a name that fits in front of the values */

/* columns of a table */
#define COLUMN_CAUSE    10
#define COLUMN_RECEIVER 32
#define COLUMN_EXAMPLE  58

/* explain_safe - untrusted octets, made safe and not too long */
static const char *explain_safe(struct page *page, const char *text)
{
    return escape_shown(page->arena, text);
}

/* explain_head - what happened, with the codes */
static void explain_head(struct page *page, const struct explain_one *one)
{
    const char *line = one->headline;
    const char *codes = one->codes;

    page_wrap(page, PAGE_STRONG,
              codes[0] != '\0' ? arena_printf(page->arena, "%s  (%s)", line, codes) : line);
    page_end(page);
}

/* explain_who - the receiver, its host, and who reports it */
static const char *explain_who(struct page *page, const struct explain_one *one)
{
    const struct bounce_recipient *said = one->said;
    struct sbuf text = sbuf_start(page->arena);

    sbuf_add(&text, one->receiver != NULL ? explain_safe(page, one->receiver) : "not known");
    if (said->host != NULL && (one->receiver == NULL || strcmp(said->host, one->receiver) != 0))
        sbuf_addf(&text, " (%s)", explain_safe(page, said->host));
    if (said->reporter != NULL)
        sbuf_addf(&text, ", reported by %s", explain_safe(page, said->reporter));
    if (said->has_time)
        sbuf_addf(&text, " on %.16s", clock_to_text(page->arena, said->time));
    for (size_t i = text.len; said->has_time && i > 0; i--)
        if (text.bytes[i - 1] == 'T' && i >= 2 && ascii_is_digit(text.bytes[i - 2])) {
            text.bytes[i - 1] = ' ';
            break;
        }
    return sbuf_text(&text);
}

/* explain_saw - what the receiver says that it saw; "" where it says nothing */
static const char *explain_saw(struct page *page, const struct explain_one *one)
{
    const struct explain_facts *facts = &one->facts;
    struct sbuf text = sbuf_start(page->arena);

    if (facts->spf != NULL)
        sbuf_addf(&text, "SPF: %s; ", explain_safe(page, facts->spf));
    if (facts->dkim != NULL)
        sbuf_addf(&text, "DKIM: %s; ", explain_safe(page, facts->dkim));
    if (facts->dmarc != NULL)
        sbuf_addf(&text, "DMARC: %s; ", explain_safe(page, facts->dmarc));
    if (facts->ip != NULL)
        sbuf_addf(&text, "client %s (named by %s); ", facts->ip, facts->ip_origin);
    if (facts->mail_from != NULL)
        sbuf_addf(&text, "envelope sender %s; ",
                  facts->mail_from[0] != '\0' ? explain_safe(page, facts->mail_from) : "<>");
    if (text.len >= 2)
        text.len -= 2;
    return sbuf_text(&text);
}

/* explain_saw_label - "Gmail saw", where the name is short */
static const char *explain_saw_label(struct page *page, const struct explain_one *one)
{
    bool is_short = one->receiver != NULL && strlen(one->receiver) < SAW_NAME;

    return is_short ? arena_printf(page->arena, "%s saw", explain_safe(page, one->receiver))
                    : "they saw";
}

/* explain_agrees - whether both see the same, and whether it is still so */
static const char *explain_agrees(struct page *page, const struct explain_one *one)
{
    static const char *const texts[] = {"cannot be decided", "yes, it still applies",
                                        "no: the cause is gone", "it could never pass"};

    if (one->now == NULL)
        return NULL;
    return arena_printf(page->arena, "%s%s%s", texts[one->still],
                        one->reason != NULL ? ": " : "",
                        one->reason != NULL ? one->reason : "");
}

/* explain_known_by - the evidence, and where it was read */
static const char *explain_known_by(struct page *page, const struct explain_one *one)
{
    const struct reply_class *class = one->said->class;
    const char *sure = reply_confidence_to_text(class->confidence);

    if (class->cause_id == REPLY_CAUSE_FEEDBACK || class->cause_id == REPLY_CAUSE_AUTO_REPLY)
        return "the form of the message";
    if (class->phrase != NULL)
        return arena_printf(page->arena, "%s \"%s\", confidence %s; %s, read %s",
                            reply_evidence_to_text(class->phrase->kind), class->phrase->text,
                            sure, class->phrase->source->title, class->phrase->source->read);
    if (class->row != NULL)
        return arena_printf(page->arena, "the code alone, confidence %s", sure);
    return one->is_known ? "the class of the code alone, confidence low"
                         : "nothing: the text is unknown";
}

/* explain_step - a numbered step with its records */
static void explain_step(struct page *page, const struct explain_one *one, size_t index)
{
    const struct explain_step *step = &one->steps[index];

    page_to(page, COLUMN_NUMBER);
    page_putf(page, PAGE_STRONG, "%zu", index + 1);
    page_line(page, COLUMN_STEP, PAGE_PLAIN,
              step->remedy != NULL ? arena_printf(page->arena, "%s (proved)", step->text)
                                   : step->text);
    if (step->remedy == NULL)
        return;
    const struct text_edits what = {COLUMN_STEP, step->remedy, false, false};
    text_records(page, one->now, &what);
    if (step->remedy->condition != NULL)
        page_line(page, COLUMN_STEP, PAGE_FAINT, step->remedy->condition);
}

/* explain_block - all about one recipient */
static void explain_block(struct page *page, const struct explain_one *one)
{
    const struct bounce_recipient *said = one->said;
    bool is_complaint = said->class->cause_id == REPLY_CAUSE_FEEDBACK ||
                        said->class->cause_id == REPLY_CAUSE_AUTO_REPLY;

    explain_head(page, one);
    page_end(page);
    page_field(page, COLUMN_VALUE,
               is_complaint         ? "who writes"
               : one->is_unanswered ? "sent to"
                                    : "who refused",
               explain_who(page, one));
    page_field(page, COLUMN_VALUE, "it said",
               said->words.len > 0 ? escape_to_text(page->arena, said->words, LIMIT_SHOWN_BYTES)
                                   : NULL);
    page_field(page, COLUMN_VALUE, explain_saw_label(page, one), explain_saw(page, one));
    if (said->original != NULL)
        page_field(page, COLUMN_VALUE, "forwarded",
                   arena_printf(page->arena, "the mail was sent to %s",
                                explain_safe(page, said->original)));
    page_field(page, COLUMN_VALUE, "we see now", one->now_text);
    page_field(page, COLUMN_VALUE, "agrees", explain_agrees(page, one));
    page_field(page, COLUMN_VALUE, "left out", one->gap);
    if (one->finality != REPLY_NO_FAILURE)
        page_field(page, COLUMN_VALUE, "who acts", reply_move_to_sentence(one->move));
    page_field(page, COLUMN_VALUE, "known by", explain_known_by(page, one));
    page_end(page);
    for (size_t i = 0; i < one->step_count; i++)
        explain_step(page, one, i);
    page_linef(page, COLUMN_NUMBER, PAGE_PLAIN, "to the customer: \"%s\"", one->customer);
}

/* ---- tables ---- */

/* explain_table - by cause and receiver, the most frequent first */
static void explain_table(struct page *page, const struct explain *explain)
{
    page_wrapf(page, PAGE_STRONG, "%zu recipients in %s, by cause and receiver", explain->total,
               explain->form);
    page_end(page);
    for (size_t i = 0; i < explain->row_count; i++) {
        const struct explain_row *row = &explain->rows[i];

        const char *when = row->final_count == row->count ? ""
                           : row->final_count == 0        ? "retry: "
                                                          : "partly retry: ";

        page_putf(page, PAGE_STRONG, "%8zu", row->count);
        page_cell(page, COLUMN_CAUSE, PAGE_PLAIN, row->cause);
        page_cell(page, COLUMN_RECEIVER, PAGE_PLAIN,
                  row->receiver[0] != '\0' ? page_cut(page, explain_safe(page, row->receiver),
                                                      COLUMN_EXAMPLE - COLUMN_RECEIVER - 1)
                                           : "not known");
        page_cell(
            page, COLUMN_EXAMPLE, PAGE_FAINT,
            page_cut(page,
                     arena_printf(page->arena, "%s%s", when, explain_safe(page, row->example)),
                     page->width - COLUMN_EXAMPLE));
        page_end(page);
    }
}

/* explain_opening - what the input is, where that is not plain from one block */
static void explain_opening(struct page *page, const struct explain *explain)
{
    if (explain->form != NULL && explain->count == 0)
        page_wrap(page, PAGE_PLAIN, explain->form);
    else if (explain->form != NULL && (explain->count != 1 || page->is_verbose))
        page_wrapf(page, PAGE_FAINT, "%s, %s", explain->form,
                   page_count(page, explain->count, "recipient"));
}

void render_explain_text(const struct explain *explain, const struct report_options *options,
                         struct sbuf *out)
{
    struct page page = page_open(options, out);
    bool is_table = explain->count == 0 || explain->count > LIMIT_EXPLAIN_BLOCKS;

    if (is_table && explain->row_count > 0)
        explain_table(&page, explain);
    else
        explain_opening(&page, explain);
    for (size_t i = 0; (!is_table || options->is_verbose) && i < explain->count; i++) {
        if (out->len > 0)
            page_end(&page);
        explain_block(&page, explain->list[i]);
    }
    if (out->len > 0 && explain->fault_count > 0)
        page_end(&page);
    for (size_t i = 0; i < explain->fault_count; i++)
        page_wrap(&page, PAGE_DOUBT, explain->faults[i]);
}
