/*
 * How SPF was published: at which name, in which type, with which quotes and blanks. Most of it
 * is what DNS consoles do to a text on its way into the zone.
 */
#include "auth/auth_spf.h"
#include "base/arena.h"
#include "base/ip.h"
#include "base/sbuf.h"
#include "base/span.h"
#include "check/check_emit.h"
#include "check/check_facts.h"
#include "model/dmarc_verdict.h"
#include "model/dns_answer.h"
#include "model/facts.h"
#include "model/rec_spf.h"
#include "model/spf_verdict.h"
#include "record/rec_spf.h"

/* RFC 7208, 3.4: answers should fit into 512 octets, of which names and headers need some */
#define SPF_LENGTH_WANTED 450

static const char marker[] = "v=spf1";

/* emit_text - a finding about a text that is not a record, with what it was meant to be */
static void emit_text(const struct facts *facts, struct emitter *out, const struct dns_rr *rr)
{
    struct found *found = emit(out, where_rr(out, facts->domain.txt, rr));

    found_span(found, "text", rr->joined);
    if (rr == facts->domain.spf_meant.rr)
        found_meant(found, &facts->domain.spf_meant);
}

/* check_spf_quoted - quotes or backslashes became part of the text */
void check_spf_quoted(const struct facts *facts, struct emitter *out)
{
    for (const struct dns_rr *rr = check_apex_txt(facts); rr != NULL;
         rr = dns_answer_next(facts->domain.txt, rr))
        if ((check_holds(rr->joined, marker) || rr == facts->domain.spf_meant.rr) &&
            check_is_quoted(rr->joined))
            emit_text(facts, out, rr);
}

/* is_meant_as_spf - somebody wanted to write an SPF record; where there is one, the marker in
 * the middle of another text is only talk about it */
static bool is_meant_as_spf(const struct facts *facts, struct span text)
{
    struct span trimmed = span_trim(text);

    return span_starts_with_nocase(trimmed, "v=spf") ||
           span_starts_with_nocase(trimmed, "spf1 ") ||
           (check_holds(text, marker) && check_spf_root(facts)->record_count == 0);
}

/* check_spf_version - a text that looks like SPF and is none */
void check_spf_version(const struct facts *facts, struct emitter *out)
{
    for (const struct dns_rr *rr = check_apex_txt(facts); rr != NULL;
         rr = dns_answer_next(facts->domain.txt, rr))
        if ((is_meant_as_spf(facts, rr->joined) || rr == facts->domain.spf_meant.rr) &&
            !rec_spf_is_record(rr->joined) && !check_is_quoted(rr->joined))
            emit_text(facts, out, rr);
}

/* check_spf_sender_id - a record of the abandoned Sender ID */
void check_spf_sender_id(const struct facts *facts, struct emitter *out)
{
    for (const struct dns_rr *rr = check_apex_txt(facts); rr != NULL;
         rr = dns_answer_next(facts->domain.txt, rr))
        if (span_starts_with_nocase(rr->joined, "spf2.0/"))
            found_span(emit(out, where_rr(out, facts->domain.txt, rr)), "text", rr->joined);
}

/* last_word, first_word - what is right and left of a seam */
static struct span spf_text_last_word(struct span text)
{
    ptrdiff_t blank = span_find_last(text, ' ');

    return span_from(text, (size_t)(blank + 1));
}

static struct span spf_text_first_word(struct span text)
{
    return span_cut(&text, ' ');
}

/* is_term - the word alone is a well-formed term with an argument, or "all" */
static bool is_term(struct arena *arena, struct span word)
{
    struct rec_spf record;
    struct sbuf text = sbuf_start(arena);
    const struct rec_spf_term *term = NULL;

    sbuf_addf(&text, "%s ", marker);
    sbuf_add_span(&text, word);
    rec_spf_parse(arena, sbuf_span(&text), &record);
    if (record.is_fatal || record.term_count != 1)
        return false;
    term = &record.terms[0];
    if (term->kind == REC_SPF_ALL)
        return true;
    return term->kind != REC_SPF_UNKNOWN_MODIFIER &&
           (term->has_domain_spec || term->address.family != IP_NONE);
}

/* lost_blank - two strings of the record run into one another: the index of the second, or 0 */
static size_t lost_blank(struct arena *arena, const struct dns_rr *rr)
{
    for (size_t i = 1; i < rr->string_count; i++) {
        struct span left = spf_text_last_word(rr->strings[i - 1]);
        struct span right = spf_text_first_word(rr->strings[i]);
        bool is_left_whole = rec_spf_is_record(left) || is_term(arena, left);

        if (left.len > 0 && right.len > 0 && is_left_whole && is_term(arena, right))
            return i;
    }
    return 0;
}

/* check_spf_split_blank - strings of one record are joined without a blank */
void check_spf_split_blank(const struct facts *facts, struct emitter *out)
{
    for (const struct dns_rr *rr = check_apex_txt(facts); rr != NULL;
         rr = dns_answer_next(facts->domain.txt, rr)) {
        size_t at = is_meant_as_spf(facts, rr->joined) ? lost_blank(out->arena, rr) : 0;
        struct found *found = NULL;

        if (at == 0)
            continue;
        found = emit(out, where_rr(out, facts->domain.txt, rr));
        found_span(found, "left", spf_text_last_word(rr->strings[at - 1]));
        found_span(found, "right", spf_text_first_word(rr->strings[at]));
        found_number(found, "string", (int64_t)at);
        if (rr == facts->domain.spf_meant.rr)
            found_meant(found, &facts->domain.spf_meant);
    }
}

/* check_spf_long - the answer may not fit into a packet of 512 octets */
void check_spf_long(const struct facts *facts, struct emitter *out)
{
    const struct auth_spf_node *root = check_spf_root(facts);
    struct found *found = NULL;

    if (root == NULL || root->rr == NULL || root->rr->joined.len <= SPF_LENGTH_WANTED)
        return;
    found = emit(out, where_rr(out, root->answer, root->rr));
    found_number(found, "length", (int64_t)root->rr->joined.len);
    found_number(found, "limit", SPF_LENGTH_WANTED);
}

/* has_spf - an SPF record is among the texts of the answer */
static bool has_spf(const struct dns_answer *answer)
{
    const struct dns_rr *rr = NULL;

    return answer != NULL && answer->status == DNS_OK && auth_spf_select(answer, &rr) > 0;
}

/* own_spf_is_absent - the domain certainly has no SPF record */
static bool own_spf_is_absent(const struct facts *facts)
{
    const struct auth_spf_node *root = check_spf_root(facts);

    return root != NULL && dns_status_is_answer(facts->domain.txt->status) &&
           root->record_count == 0;
}

/* check_spf_wrong_name - a record at _spf.<domain>, where nobody looks */
void check_spf_wrong_name(const struct facts *facts, struct emitter *out)
{
    const struct domain_facts *domain = &facts->domain;

    if (own_spf_is_absent(facts) && has_spf(domain->spf_misplaced) &&
        !has_spf(domain->wildcard_dmarc))
        found_name(emit(out, where_rr(out, domain->spf_misplaced,
                                      dns_answer_first(domain->spf_misplaced))),
                   "domain", domain->name);
}

/* check_spf_at_dmarc - an SPF record where DMARC belongs */
void check_spf_at_dmarc(const struct facts *facts, struct emitter *out)
{
    const struct auth_dmarc_step *step = check_dmarc_own_step(facts);

    /* a wildcard answers for every name: nobody put it there */
    if (step == NULL || !has_spf(step->answer) || has_spf(facts->domain.wildcard_dmarc))
        return;
    found_name(emit(out, where_rr(out, step->answer, dns_answer_first(step->answer))), "domain",
               facts->domain.name);
}

/* check_spf_type99_only - the abandoned record type, without a TXT record */
void check_spf_type99_only(const struct facts *facts, struct emitter *out)
{
    if (own_spf_is_absent(facts) && has_spf(facts->domain.spf_type))
        emit(out,
             where_rr(out, facts->domain.spf_type, dns_answer_first(facts->domain.spf_type)));
}
