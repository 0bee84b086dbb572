/*
 * The domain's own SPF record, term by term. What the terms lead to is in check_spf_tree.c, how
 * the text was published in check_spf_text.c.
 */
#include "auth/auth_spf.h"
#include "base/arena.h"
#include "base/escape.h"
#include "base/fault.h"
#include "base/limits.h"
#include "base/span.h"
#include "check/check_emit.h"
#include "check/check_facts.h"
#include "model/dns_answer.h"
#include "model/facts.h"
#include "model/finding.h"
#include "model/rec_meant.h"
#include "model/rec_spf.h"
#include "model/spf_verdict.h"
#include "record/rec_spf.h"

#define TERMS_COMPARED 200 /* with each other; a record of honest size has fewer */
#define TERMS_SHOWN    6

/* own_record - the one SPF record of the domain; NULL: none or several */
static const struct rec_spf *own_record(const struct facts *facts)
{
    const struct auth_spf_node *root = check_spf_root(facts);

    return root != NULL ? root->record : NULL;
}

/* emit_term - a finding at a term of a record */
static struct found *emit_term(struct emitter *out, const struct auth_spf_node *node,
                               const struct rec_spf_term *term)
{
    return emit(out, where_node(out, node, term->text));
}

/* check_spf_missing - a domain that may send says nothing about who sends for it */
void check_spf_missing(const struct facts *facts, struct emitter *out)
{
    const struct auth_spf_node *root = check_spf_root(facts);
    const struct dns_answer *txt = facts->domain.txt;

    if (root == NULL || facts->domain.sends_no_mail || check_domain_is_missing(facts))
        return;
    if (!dns_status_is_answer(txt->status))
        emit_undetermined(out, where_name(out, root->name, DNS_TXT),
                          dns_answer_reason(out->arena, txt));
    else if (root->record_count == 0)
        emit(out, where_name(out, root->name, DNS_TXT));
}

/* check_spf_several - receivers cannot choose, so none counts */
void check_spf_several(const struct facts *facts, struct emitter *out)
{
    const struct auth_spf_node *root = check_spf_root(facts);
    const struct dns_rr *rr = NULL;

    if (root == NULL || root->record_count < 2)
        return;
    auth_spf_select(root->answer, &rr);
    found_number(emit(out, rr != NULL ? where_rr(out, root->answer, rr)
                                      : where_name(out, root->name, DNS_TXT)),
                 "count", (int64_t)root->record_count);
}

/* spf_term_of - the whole term that a fault is in; what the fault names if it is in none */
static struct span spf_term_of(const struct rec_spf *record, const struct fault *fault)
{
    for (size_t i = 0; i < record->term_count; i++) {
        const struct rec_spf_term *term = &record->terms[i];

        if (fault->at >= term->at && fault->at < term->at + term->text.len)
            return term->text;
    }
    return fault->part;
}

/* spf_emit_faults - the fatal faults of the own record that are, or are not, about macros */
static void spf_emit_faults(struct emitter *out, bool about_macros)
{
    const struct facts *facts = out->facts;
    const struct rec_spf *record = own_record(facts);

    for (const struct fault *fault = record != NULL ? record->faults : NULL; fault != NULL;
         fault = fault->next) {
        struct found *found = NULL;

        if (!fault->is_fatal || (fault->kind == REC_SPF_FAULT_MACRO) != about_macros)
            continue;
        found = emit(out, where_node(out, check_spf_root(facts), spf_term_of(record, fault)));
        found_fault(found, fault);
        found_meant_part(found, &facts->domain.spf_meant, spf_term_of(record, fault));
    }
}

CHECK_AS(spf_syntax, spf_emit_faults(out, false))
CHECK_AS(spf_macro, spf_emit_faults(out, true))

/* emit_all - a finding when the deciding "all" has the qualifier */
static void emit_all(struct emitter *out, char qualifier)
{
    const struct auth_spf_node *node = check_spf_effective(out->facts);

    if (node != NULL && node->record->all != NULL && node->record->all->qualifier == qualifier)
        emit_term(out, node, node->record->all);
}

CHECK_AS(spf_all_pass, emit_all(out, '+'))
CHECK_AS(spf_all_neutral, emit_all(out, '?'))

/* is_softfail - the record ends in "~all" */
static bool is_softfail(struct arena *arena, struct span text)
{
    struct rec_spf record;

    rec_spf_parse(arena, text, &record);
    return record.all != NULL && record.all->qualifier == '~';
}

/* means_softfail - no record counts, and what was meant to ends so: it is broken, is
 * elsewhere, or is one of several */
static bool means_softfail(const struct facts *facts, struct arena *arena)
{
    const struct rec_meant *meant = facts->domain.spf_meant.meant;
    const struct misplaced_facts *elsewhere = facts->domain.spf_elsewhere;
    const struct auth_spf_node *root = check_spf_root(facts);

    if (meant != NULL)
        return meant->other == NULL && is_softfail(arena, meant->text);
    if (elsewhere != NULL)
        return !elsewhere->is_contradicted && is_softfail(arena, elsewhere->text);
    for (const struct dns_rr *rr =
             root != NULL && root->record_count > 1 ? dns_answer_first(root->answer) : NULL;
         rr != NULL; rr = dns_answer_next(root->answer, rr))
        if (rec_spf_is_record(rr->joined) && is_softfail(arena, rr->joined))
            return true;
    return false;
}

/* check_spf_all_softfail - other hosts get softfail */
void check_spf_all_softfail(const struct facts *facts, struct emitter *out)
{
    if (check_spf_effective(facts) == NULL && means_softfail(facts, out->arena)) {
        struct finding_where where = where_name(out, facts->domain.name, DNS_TXT);

        where.term = "~all";
        emit(out, where);
        return;
    }
    emit_all(out, '~');
}

/* check_spf_all_missing - the record ends without a verdict: neutral for other hosts */
void check_spf_all_missing(const struct facts *facts, struct emitter *out)
{
    const struct auth_spf_node *node = check_spf_effective(facts);

    if (node != NULL && node->record->all == NULL)
        emit(out, where_rr(out, node->answer, node->rr));
}

/* check_spf_ptr - slow, unreliable, and many receivers skip it */
void check_spf_ptr(const struct facts *facts, struct emitter *out)
{
    const struct rec_spf *record = own_record(facts);

    for (size_t i = 0; record != NULL && i < record->term_count; i++)
        if (record->terms[i].kind == REC_SPF_PTR && !record->terms[i].is_after_all)
            emit_term(out, check_spf_root(facts), &record->terms[i]);
}

/* is_modifier - no mechanism: may be anywhere */
static bool is_modifier(const struct rec_spf_term *term)
{
    return term->kind == REC_SPF_REDIRECT || term->kind == REC_SPF_EXP ||
           term->kind == REC_SPF_UNKNOWN_MODIFIER;
}

/* check_spf_after_all - mechanisms that are never looked at */
void check_spf_after_all(const struct facts *facts, struct emitter *out)
{
    const struct rec_spf *record = own_record(facts);
    struct check_list terms = check_list_start(out->arena, TERMS_SHOWN);

    if (record == NULL || record->all == NULL)
        return;
    for (size_t i = 0; i < record->term_count; i++)
        if (record->terms[i].is_after_all && !is_modifier(&record->terms[i]))
            check_list_add(
                &terms, escape_to_text(out->arena, record->terms[i].text, LIMIT_SHOWN_BYTES));
    if (terms.count > 0)
        found_text(emit_term(out, check_spf_root(facts), record->all), "terms",
                   check_list_text(&terms));
}

/* check_spf_redirect_ignored - "all" decides before redirect is looked at */
void check_spf_redirect_ignored(const struct facts *facts, struct emitter *out)
{
    const struct rec_spf *record = own_record(facts);

    if (record != NULL && record->all != NULL && record->redirect != NULL)
        found_span(emit_term(out, check_spf_root(facts), record->redirect), "all",
                   record->all->text);
}

/* check_spf_network_huge - "/8" where "/28" was meant */
void check_spf_network_huge(const struct facts *facts, struct emitter *out)
{
    const struct rec_spf *record = own_record(facts);

    if (record == NULL || record->is_fatal)
        return;
    for (size_t i = 0; i < record->term_count; i++)
        if (check_spf_is_huge(&record->terms[i]))
            emit_term(out, check_spf_root(facts), &record->terms[i]);
}

/* check_spf_private_network - an inside address in a record for the outside */
void check_spf_private_network(const struct facts *facts, struct emitter *out)
{
    const struct rec_spf *record = own_record(facts);

    for (size_t i = 0; record != NULL && i < record->term_count; i++)
        if (check_spf_is_private(&record->terms[i]))
            emit_term(out, check_spf_root(facts), &record->terms[i]);
}

/* spf_is_repeated - the same term is earlier in the record */
static bool spf_is_repeated(struct arena *arena, const struct rec_spf *record, size_t index)
{
    const struct rec_spf_term *term = &record->terms[index];
    const char *text = arena_strdup_span(arena, term->text);

    for (size_t i = 0; i < index && i < TERMS_COMPARED; i++)
        if (span_equal_nocase(record->terms[i].text, text))
            return term->kind != REC_SPF_INVALID && !is_modifier(term);
    return false;
}

/* check_spf_duplicate_term - paid twice, matched once */
void check_spf_duplicate_term(const struct facts *facts, struct emitter *out)
{
    const struct rec_spf *record = own_record(facts);

    for (size_t i = 0; record != NULL && i < record->term_count; i++)
        if (spf_is_repeated(out->arena, record, i))
            emit_term(out, check_spf_root(facts), &record->terms[i]);
}

/* is_lost_mechanism - "include=example.com": written as a modifier, so that nobody reads it */
static bool is_lost_mechanism(const struct rec_spf_term *term)
{
    static const char *const mechanisms[] = {"include", "a",   "mx",     "ptr",
                                             "ip4",     "ip6", "exists", "all"};

    for (size_t i = 0; i < COUNT_OF(mechanisms); i++)
        if (span_equal_nocase(term->name, mechanisms[i]))
            return true;
    return false;
}

/* is_report_modifier - asks for reports about failures (RFC 6652, 3) */
static bool is_report_modifier(const struct rec_spf_term *term)
{
    static const char *const names[] = {"ra", "rp", "rr"};

    for (size_t i = 0; i < COUNT_OF(names); i++)
        if (span_equal_nocase(term->name, names[i]))
            return true;
    return false;
}

/* check_spf_unknown_modifier - ignored by every receiver; an error where a mechanism is lost */
void check_spf_unknown_modifier(const struct facts *facts, struct emitter *out)
{
    const struct rec_spf *record = own_record(facts);

    for (size_t i = 0; record != NULL && i < record->term_count; i++)
        if (record->terms[i].kind == REC_SPF_UNKNOWN_MODIFIER &&
            !is_report_modifier(&record->terms[i])) {
            struct found *found = emit_term(out, check_spf_root(facts), &record->terms[i]);

            found_meant_part(found, &facts->domain.spf_meant, record->terms[i].text);
            if (is_lost_mechanism(&record->terms[i]))
                found->finding->severity = SEV_ERROR;
        }
}
