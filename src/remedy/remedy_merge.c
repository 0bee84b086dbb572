/*
 * Several records where only one is allowed: one with what all of them say, and each of them
 * alone. A broken one takes part as it was meant.
 */
#include <string.h>

#include "base/escape.h"
#include "base/limits.h"
#include "base/span.h"
#include "model/dmarc_verdict.h"
#include "model/rec_dmarc.h"
#include "model/rec_meant.h"
#include "record/rec_dmarc.h"
#include "record/rec_meant.h"
#include "record/rec_spf.h"
#include "remedy/remedy_private.h"

/* ---- SPF ---- */

/* what the merged record gets */
struct merged_spf {
    struct remedy_draft draft;
    const char *all;  /* NULL: none of them has one */
    bool has_denying; /* one lets nobody send, which contradicts the others */
};

/* softest_all - the "all" that refuses least among those that refuse anything */
static const char *softest_all(const char *all, const struct rec_spf_term *term)
{
    static const char *const order[] = {"?all", "~all", "-all"};

    for (size_t i = 0; i < COUNT_OF(order); i++)
        if (term->qualifier == order[i][0] || (all != NULL && strcmp(all, order[i]) == 0))
            return order[i];
    return all;
}

/* merge_spf - the terms of one more record, as it was meant; redirect= would end the list */
static void merge_spf(const struct remedy_maker *maker, struct merged_spf *out,
                      const struct dns_rr *rr)
{
    const struct rec_meant *meant =
        rec_meant_spf(maker->arena, rr->strings, rr->string_count, NULL);
    size_t before = out->draft.count;
    struct rec_spf record;

    rec_spf_parse(maker->arena,
                  meant != NULL && meant->other == NULL ? meant->text : rr->joined, &record);
    for (size_t i = 0; i < record.term_count; i++) {
        const struct rec_spf_term *term = &record.terms[i];

        if (term->kind == REC_SPF_ALL || term->is_after_all)
            continue;
        if (term->kind == REC_SPF_REDIRECT)
            remedy_draft_add_text(&out->draft, arena_printf(maker->arena, "include:%.*s",
                                                            SPAN_ARG(term->domain_spec)));
        else
            remedy_draft_add(&out->draft, term->text);
    }
    if (record.all != NULL)
        out->all = softest_all(out->all, record.all);
    out->has_denying = out->has_denying || out->draft.count == before;
}

/* merged_text - the whole record */
static struct span merged_text(struct merged_spf *merged)
{
    remedy_draft_add_text(&merged->draft, merged->all != NULL ? merged->all : "~all");
    remedy_draft_tidy(&merged->draft);
    return remedy_draft_text(&merged->draft);
}

void remedy_spf_several(struct remedy_maker *maker)
{
    const struct auth_spf_node *root = check_spf_root(maker->facts);
    struct merged_spf merged = {.draft = {.arena = maker->arena}};
    struct remedy *remedy = remedy_offer(maker, "join the terms of all in one record", NULL);
    const struct dns_rr *first = NULL;
    struct span text;

    for (const struct dns_rr *rr = dns_answer_first(root->answer); rr != NULL;
         rr = dns_answer_next(root->answer, rr)) {
        if (!rec_spf_is_record(rr->joined))
            continue;
        merge_spf(maker, &merged, rr);
        if (first == NULL)
            first = rr;
        else
            remedy_remove(maker, remedy, rr);
    }
    text = merged_text(&merged);
    if (first != NULL && !span_equal(text, first->joined))
        remedy_replace_text(maker, remedy, first, text);
    if (merged.has_denying)
        remedy->condition = "if mail is sent from the domain";
    remedy_keep_one(maker, root->answer, rec_spf_is_record);
}

void remedy_spf_beside(struct remedy_maker *maker, const struct dns_rr *rr)
{
    const struct auth_spf_node *root = check_spf_root(maker->facts);
    struct merged_spf merged = {.draft = {.arena = maker->arena}};
    struct remedy *remedy = NULL;

    if (root->rr != NULL) {
        remedy =
            remedy_offer(maker, "join the terms of both in one record", "if both should count");
        merge_spf(maker, &merged, root->rr);
        merge_spf(maker, &merged, rr);
        remedy_remove(maker, remedy, rr);
        remedy_replace_text(maker, remedy, root->rr, merged_text(&merged));
    }
    remedy_remove(maker, remedy_offer(maker, "remove the record: the other one counts", NULL),
                  rr);
}

/* ---- DMARC ---- */

/* merge_list - entries of a list of report addresses that are not there yet */
static void merge_list(struct sbuf *list, const struct rec_dmarc_uri *uri)
{
    for (; uri != NULL; uri = uri->next) {
        struct span there = sbuf_span(list);

        if (uri->text.len == 0 ||
            (there.len > 0 && memmem(there.at, there.len, uri->text.at, uri->text.len) != NULL))
            continue;
        sbuf_add(list, list->len > 0 ? "," : "");
        sbuf_add_span(list, uri->text);
    }
}

/* merged_policy - one of the records, with the report addresses of all */
static struct span merged_policy(const struct remedy_maker *maker,
                                 const struct dns_answer *answer, const struct dns_rr *kept)
{
    struct sbuf lists[2] = {sbuf_start(maker->arena), sbuf_start(maker->arena)};
    struct rec_dmarc record;
    struct remedy_tags tags;

    for (const struct dns_rr *rr = dns_answer_first(answer); rr != NULL;
         rr = dns_answer_next(answer, rr))
        if (rec_dmarc_is_record(rr->joined)) {
            rec_dmarc_parse(maker->arena, rr->joined, &record);
            merge_list(&lists[0], record.rua);
            merge_list(&lists[1], record.ruf);
        }
    rec_dmarc_parse(maker->arena, kept->joined, &record);
    tags = remedy_tags_of(maker->arena, &record.tags);
    if (lists[0].len > 0)
        remedy_tags_set(&tags, "rua", sbuf_span(&lists[0]), false);
    if (lists[1].len > 0)
        remedy_tags_set(&tags, "ruf", sbuf_span(&lists[1]), false);
    return remedy_tags_text(&tags);
}

/* is_one_policy - all records say the same but for who gets reports */
static bool is_one_policy(const struct remedy_maker *maker, const struct dns_answer *answer)
{
    struct span first = {NULL, 0};

    for (const struct dns_rr *rr = dns_answer_first(answer); rr != NULL;
         rr = dns_answer_next(answer, rr)) {
        struct rec_dmarc record;
        struct remedy_tags tags;
        struct span text;

        if (!rec_dmarc_is_record(rr->joined))
            continue;
        rec_dmarc_parse(maker->arena, rr->joined, &record);
        tags = remedy_tags_of(maker->arena, &record.tags);
        remedy_tags_remove(&tags, "rua");
        remedy_tags_remove(&tags, "ruf");
        text = remedy_tags_text(&tags);
        if (first.at != NULL && !span_equal(first, text))
            return false;
        first = text;
    }
    return true;
}

/* offer_policy - one of the records stays, with the report addresses of all */
static void offer_policy(struct remedy_maker *maker, const struct dns_answer *answer,
                         const struct dns_rr *kept, bool is_one)
{
    struct span text = merged_policy(maker, answer, kept);
    struct remedy *remedy = remedy_offer(
        maker,
        is_one ? "keep one record, with the report addresses of all"
               : "keep one of the policies, with the report addresses of all",
        is_one ? NULL
               : arena_printf(maker->arena, "if \"%s\" is the one you want",
                              escape_to_text(maker->arena, text, LIMIT_SHOWN_BYTES)));

    for (const struct dns_rr *rr = dns_answer_first(answer); rr != NULL;
         rr = dns_answer_next(answer, rr))
        if (rr != kept && rec_dmarc_is_record(rr->joined))
            remedy_remove(maker, remedy, rr);
    if (!span_equal(text, kept->joined))
        remedy_replace_text(maker, remedy, kept, text);
}

void remedy_dmarc_several(struct remedy_maker *maker)
{
    const struct auth_dmarc_step *step = check_dmarc_own_step(maker->facts);
    bool is_one = step != NULL && is_one_policy(maker, step->answer);

    if (step == NULL || step->record_count < 2)
        return;
    if (step->record_count > LIMIT_REMEDY_EDITS + 1) {
        maker->left_out += step->record_count; /* none of them would be kept */
        return;
    }
    for (const struct dns_rr *kept = dns_answer_first(step->answer); kept != NULL;
         kept = dns_answer_next(step->answer, kept)) {
        if (!rec_dmarc_is_record(kept->joined) || !remedy_may_offer(maker))
            continue;
        offer_policy(maker, step->answer, kept, is_one);
        if (is_one)
            return;
    }
}
