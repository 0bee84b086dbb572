/* Records to publish; a record is never wrapped. */
#include <string.h>

#include "base/limits.h"
#include "base/span.h"
#include "model/policy.h"
#include "model/rec_dmarc.h"
#include "model/result.h"
#include "render/render_record.h"
#include "render/render_text.h"

const char *text_ids(struct arena *arena, const struct finding *const *findings, size_t count)
{
    struct sbuf list = sbuf_start(arena);

    for (size_t i = 0; i < count; i++) {
        bool is_new = true;

        for (size_t j = 0; j < i; j++)
            is_new = is_new && findings[j]->row != findings[i]->row;
        if (is_new)
            sbuf_add_item(&list, ", ", findings[i]->id);
    }
    return sbuf_text(&list);
}

/* text_remedy_cleared - the ids of what is gone */
static const char *text_remedy_cleared(struct arena *arena, const struct remedy_proof *proof)
{
    size_t count = 0;
    const struct finding **gone = remedy_gone(arena, proof, &count);

    return text_ids(arena, gone, count);
}

/* text_remedy_line - one line of a record, however long it is */
static void text_remedy_line(struct page *page, unsigned column, struct span text)
{
    page_cell(page, column, PAGE_GOOD, arena_strdup_span(page->arena, text));
    page_end(page);
}

/* text_remedy_rr - "+ example.com. 3600 IN TXT ..."; what goes may be cut */
static void text_remedy_rr(struct page *page, const struct text_edits *what, char sign,
                           const struct dns_rr *rr)
{
    const char *line = arena_printf(page->arena, "%c %s. %u IN %s %s", sign, rr->owner->text,
                                    (unsigned)rr->ttl, dns_type_to_text(page->arena, rr->type),
                                    remedy_value(rr));

    page_to(page, what->column);
    if (sign == '+')
        page_put(page, PAGE_GOOD, line);
    else
        page_put(page, PAGE_BAD,
                 what->is_brief ? page_cut(page, line, page->width - what->column) : line);
    page_end(page);
}

/* plain_records - a line each: what goes, and what comes */
static void plain_records(struct page *page, const struct text_edits *what)
{
    for (const struct remedy_edit *edit = what->remedy->edits; edit != NULL;
         edit = edit->next) {
        if (edit->action == REMEDY_REMOVE)
            text_remedy_rr(page, what, '-', edit->rr);
        if (edit->action == REMEDY_REPLACE && !what->is_known)
            text_remedy_rr(page, what, '-', edit->old);
        if (edit->action != REMEDY_REMOVE)
            text_remedy_rr(page, what, '+', edit->rr);
    }
}

void text_records(struct page *page, const struct report *report, const struct text_edits *what)
{
    struct sbuf text = sbuf_start(page->arena);
    struct span rest = {NULL, 0};

    if (report->record_form == RENDER_RECORD_oneline) {
        plain_records(page, what);
        return;
    }
    render_record((enum render_record_form)report->record_form, what->remedy, &text);
    rest = sbuf_span(&text);
    while (rest.len > 0)
        text_remedy_line(page, what->column, span_cut(&rest, '\n'));
}

/* text_remedy_asked - what receivers are asked to do with the message */
static const char *text_remedy_asked(enum dmarc_result result, enum rec_dmarc_policy policy)
{
    if (result == DMARC_FAIL)
        return rec_dmarc_policy_to_text(policy);
    return result == DMARC_NONE ? "no policy" : dmarc_result_to_text(result);
}

/* changes_policy - a message that failed would be treated differently */
static bool changes_policy(const struct auth_dmarc_verdict *before,
                           const struct auth_dmarc_verdict *after)
{
    return before->policy->policy != after->policy->policy ||
           before->rfc7489.policy != after->rfc7489.policy;
}

/* add_effect - what becomes of the message at hand; nothing where it is not concerned */
static void add_effect(struct sbuf *text, const struct remedy *remedy)
{
    const struct auth_dmarc_verdict *before = remedy->proof.before;
    const struct auth_dmarc_verdict *after = remedy->proof.after;
    const char *words[4] = {NULL};

    if (before == NULL || after == NULL || before->policy == NULL || after->policy == NULL)
        return;
    words[0] = text_remedy_asked(before->result, before->policy->policy);
    words[1] = text_remedy_asked(after->result, after->policy->policy);
    words[2] = text_remedy_asked(before->rfc7489.result, before->rfc7489.policy);
    words[3] = text_remedy_asked(after->rfc7489.result, after->rfc7489.policy);
    if (strcmp(words[0], words[1]) == 0 && strcmp(words[2], words[3]) == 0) {
        if (changes_policy(before, after))
            sbuf_addf(text, "; this message: %s as before", words[1]);
        return;
    }
    if (strcmp(words[0], words[1]) == 0)
        sbuf_addf(text, "; this message: %s as before", words[1]);
    else
        sbuf_addf(text, "; this message: %s -> %s", words[0], words[1]);
    if (strcmp(words[0], words[2]) != 0 || strcmp(words[1], words[3]) != 0)
        sbuf_addf(text, ", by RFC 7489 %s -> %s", words[2], words[3]);
}

/* is_remedy_change - the change is one of the remedy, and leads there */
static bool is_remedy_change(const struct report_change *change, const struct remedy *remedy,
                             enum policy_disposition disposition)
{
    return change->remedy == remedy && change->after.disposition == disposition;
}

/* find_twin - the other half of the receiver's mail, from `from` on, where the same becomes of
 * it; change_count: there is none */
static size_t find_twin(const struct report *report, size_t index, size_t from)
{
    const struct report_change *change = &report->changes[index];

    while (
        from < report->change_count &&
        (from == index || report->changes[from].after.policy != change->after.policy ||
         !is_remedy_change(&report->changes[from], change->remedy, change->after.disposition)))
        from++;
    return from;
}

/* add_receivers - "Gmail, iCloud, Yahoo (bulk mail)": all that do the same */
static void add_receivers(struct sbuf *text, const struct report *report,
                          const struct remedy *remedy, enum policy_disposition disposition)
{
    const char *between = "";

    for (size_t i = 0; i < report->change_count; i++) {
        const struct policy_outcome *after = &report->changes[i].after;
        bool is_whole = find_twin(report, i, 0) < report->change_count ||
                        (!after->is_for_bulk && !after->is_for_others);

        if (!is_remedy_change(&report->changes[i], remedy, disposition) ||
            find_twin(report, i, 0) < i)
            continue;
        sbuf_addf(text, "%s%s%s", between, after->policy->title,
                  is_whole             ? ""
                  : after->is_for_bulk ? " (bulk mail)"
                                       : " (other mail)");
        between = ", ";
    }
}

const char *text_receivers(struct arena *arena, const struct report *report,
                           const struct remedy *remedy)
{
    struct sbuf text = sbuf_start(arena);
    bool is_reported[POLICY_UNKNOWN] = {false};

    if (report_is_unjudged(report, remedy))
        return "what receivers would do then was not evaluated: there are too many remedies";
    for (size_t i = 0; i < report->change_count; i++) {
        enum policy_disposition disposition = report->changes[i].after.disposition;

        if (report->changes[i].remedy != remedy || disposition == POLICY_UNKNOWN ||
            is_reported[disposition])
            continue;
        is_reported[disposition] = true;
        sbuf_add(&text, text.len > 0 ? "; " : "");
        add_receivers(&text, report, remedy, disposition);
        sbuf_addf(&text, " would %s then", policy_disposition_to_text(disposition));
    }
    return text.len > 0 ? sbuf_text(&text) : NULL;
}

/* text_remedy_evidence - what reports say of the choice; of further ones only what differs */
static const char *text_remedy_evidence(struct arena *arena, const struct report *report,
                                        const struct text_edits *what,
                                        const struct remedy *remedy)
{
    const char *evidence = report_evidence_of(report, remedy);
    const struct report_traffic *world = report_traffic_of(report, remedy);

    if (evidence == NULL || !what->is_known)
        return evidence;
    return world != NULL && world->effect[0] != '\0'
               ? arena_printf(arena, "reports: %s", world->effect)
               : NULL;
}

/* text_remedy_choice - what it does, when it fits, what it was proved to clear, and the
 * records */
static void text_remedy_choice(struct page *page, const struct report *report,
                               const struct text_edits *what, const struct remedy *remedy)
{
    struct arena *arena = page->arena;
    struct sbuf text = sbuf_start(arena);
    const char *receivers = NULL;
    const char *evidence = text_remedy_evidence(arena, report, what, remedy);

    sbuf_addf(&text, "%s%s%s", remedy->condition != NULL ? remedy->condition : "",
              remedy->condition != NULL ? ": " : "", remedy->summary);
    if (remedy->price != NULL)
        sbuf_addf(&text, "; the price: %s", remedy->price);
    add_effect(&text, remedy);
    receivers = text_receivers(arena, report, remedy);
    if (receivers != NULL)
        sbuf_addf(&text, "; %s", receivers);
    if (*text_remedy_cleared(arena, &remedy->proof) != '\0')
        sbuf_addf(&text, " (clears %s)", text_remedy_cleared(arena, &remedy->proof));
    page_item(page, what->column, "=> ", sbuf_text(&text));
    if (evidence != NULL)
        page_line(page, what->column + 3, PAGE_NOTE, evidence);
    text_records(page, report, what);
}

/* text_remedy_first_with - the first finding that has this remedy */
static const struct finding *text_remedy_first_with(const struct finding *finding,
                                                    const struct remedy *remedy)
{
    while (finding->remedy != remedy)
        finding = finding->next;
    return finding;
}

/* text_remedy_untried - how many ways a bound left out */
static void text_remedy_untried(struct page *page, unsigned column,
                                const struct finding *finding)
{
    if (finding->unproved == 0)
        return;
    page_linef(page, column, PAGE_FAINT,
               "%zu %sway%s to cure it %s not tried: a run proves %d for each "
               "finding, of at most %d edits each, until all proofs together "
               "have looked at %d answers",
               finding->unproved, finding->remedy != NULL ? "more " : "",
               finding->unproved == 1 ? "" : "s", finding->unproved == 1 ? "was" : "were",
               LIMIT_REMEDY_CHOICES, LIMIT_REMEDY_EDITS, LIMIT_PROOF_QUESTIONS);
}

void text_choices(struct page *page, unsigned column, const struct report *report,
                  const struct finding *finding)
{
    const struct finding *first =
        finding->remedy != NULL ? text_remedy_first_with(report->plan->rest, finding->remedy)
                                : finding;

    if (first != finding) {
        page_item(page, column, "=> ",
                  arena_printf(page->arena, "the remedy of %s clears this too", first->id));
        return;
    }
    for (const struct remedy *remedy = finding->remedy; remedy != NULL; remedy = remedy->next) {
        const struct text_edits what = {column, remedy, false, remedy != finding->remedy};

        text_remedy_choice(page, report, &what, remedy);
    }
    text_remedy_untried(page, column, finding);
}
