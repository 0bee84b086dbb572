/*
 * Terms are kept as they are written. Tidying never changes what passes: "+" networks may
 * be anywhere before "all" as long as nothing with another qualifier precedes them.
 */
#include <string.h>

#include "base/ip.h"
#include "base/ip_ranges.h"
#include "base/limits.h"
#include "record/rec_spf.h"
#include "remedy/remedy_private.h"

static const char marker[] = "v=spf1";

struct remedy_draft remedy_draft_of(struct arena *arena, const struct rec_spf *record)
{
    struct remedy_draft draft = {.arena = arena};

    for (size_t i = 0; i < record->term_count; i++)
        remedy_draft_add(&draft, record->terms[i].text);
    return draft;
}

void remedy_draft_add(struct remedy_draft *draft, struct span term)
{
    arena_append(draft->arena, draft->terms, draft->count, term);
}

void remedy_draft_add_text(struct remedy_draft *draft, const char *term)
{
    remedy_draft_add(draft, span_of(term));
}

void remedy_draft_drop(struct remedy_draft *draft, size_t index)
{
    if (index >= draft->count)
        return;
    draft->count--;
    memmove(&draft->terms[index], &draft->terms[index + 1],
            sizeof(*draft->terms) * (draft->count - index));
}

struct span remedy_draft_text(const struct remedy_draft *draft)
{
    struct sbuf text = sbuf_start(draft->arena);

    sbuf_add(&text, marker);
    for (size_t i = 0; i < draft->count; i++) {
        sbuf_add_octet(&text, ' ');
        sbuf_add_span(&text, draft->terms[i]);
    }
    return sbuf_span(&text);
}

/* ---- networks ---- */

/* draft_network_text - the term for it */
static const char *draft_network_text(struct arena *arena, const struct ip_network *network)
{
    return arena_printf(arena, "%s:%s", network->address.family == IP_V4 ? "ip4" : "ip6",
                        ip_network_to_text(arena, network));
}

/* draft_add_networks - the fewest terms for all addresses of the set */
static void draft_add_networks(struct remedy_draft *draft, struct ip_ranges *ranges)
{
    struct ip_network_walk walk = {0};
    struct ip_network network;

    ip_ranges_settle(ranges);
    while (ip_ranges_next_network(ranges, &walk, &network))
        remedy_draft_add_text(draft, draft_network_text(draft->arena, &network));
}

/* is_network - an ip4 or ip6 term that lets pass */
static bool is_network(const struct rec_spf_term *term)
{
    return term->qualifier == '+' &&
           ((term->kind == REC_SPF_IP4 && term->address.family == IP_V4) ||
            (term->kind == REC_SPF_IP6 && term->address.family == IP_V6));
}

/* draft_prefix_of - what the term says for addresses of the family */
static unsigned draft_prefix_of(const struct rec_spf_term *term, enum ip_family family)
{
    return family == IP_V4 ? term->prefix4 : term->prefix6;
}

void remedy_draft_add_addresses(struct remedy_draft *draft, const struct dns_answer *answer,
                                const struct rec_spf_term *term)
{
    struct ip_ranges sets[AUTH_SPF_SET_FAMILIES] = {ip_ranges_none(IP_V4),
                                                    ip_ranges_none(IP_V6)};

    for (const struct dns_rr *rr = answer != NULL ? dns_answer_first(answer) : NULL; rr != NULL;
         rr = dns_answer_next(answer, rr))
        for (size_t i = 0; rr->address != NULL && i < AUTH_SPF_SET_FAMILIES; i++)
            ip_ranges_add_network(draft->arena, &sets[i], rr->address,
                                  draft_prefix_of(term, rr->address->family));
    for (size_t i = 0; i < AUTH_SPF_SET_FAMILIES; i++)
        draft_add_networks(draft, &sets[i]);
}

/* ---- order ---- */

/* draft_is_last - "all" and modifiers, which decide when nothing matched */
static bool draft_is_last(const struct rec_spf_term *term)
{
    return term->kind == REC_SPF_ALL || term->kind == REC_SPF_REDIRECT ||
           term->kind == REC_SPF_EXP || term->kind == REC_SPF_UNKNOWN_MODIFIER;
}

/* is_orderly - only "+" mechanisms before "all": their order does not matter */
static bool is_orderly(const struct rec_spf *record)
{
    for (size_t i = 0; i < record->term_count; i++)
        if (!draft_is_last(&record->terms[i]) &&
            (record->terms[i].qualifier != '+' || record->terms[i].is_after_all ||
             record->terms[i].kind == REC_SPF_INVALID))
            return false;
    return true;
}

/* add_new - a term that is not there yet */
static void add_new(struct remedy_draft *draft, struct span term)
{
    for (size_t i = 0; i < draft->count; i++)
        if (span_same_nocase(draft->terms[i], term))
            return;
    remedy_draft_add(draft, term);
}

/* drop_repeated - the first of equal terms is enough */
static void drop_repeated(struct remedy_draft *draft)
{
    struct remedy_draft once = {.arena = draft->arena};

    for (size_t i = 0; i < draft->count; i++)
        add_new(&once, draft->terms[i]);
    *draft = once;
}

void remedy_draft_tidy(struct remedy_draft *draft)
{
    struct remedy_draft tidy = {.arena = draft->arena};
    struct rec_spf record;
    struct ip_ranges sets[AUTH_SPF_SET_FAMILIES] = {ip_ranges_none(IP_V4),
                                                    ip_ranges_none(IP_V6)};

    rec_spf_parse(draft->arena, remedy_draft_text(draft), &record);
    if (!is_orderly(&record) || record.term_count > LIMIT_REMEDY_TERMS) {
        drop_repeated(draft);
        return;
    }
    for (size_t i = 0; i < record.term_count; i++)
        for (size_t j = 0; is_network(&record.terms[i]) && j < AUTH_SPF_SET_FAMILIES; j++)
            ip_ranges_add_network(
                draft->arena, &sets[j], &record.terms[i].address,
                draft_prefix_of(&record.terms[i], record.terms[i].address.family));
    for (size_t i = 0; i < AUTH_SPF_SET_FAMILIES; i++)
        draft_add_networks(&tidy, &sets[i]);
    for (size_t i = 0; i < record.term_count; i++)
        if (!is_network(&record.terms[i]) && !draft_is_last(&record.terms[i]))
            add_new(&tidy, record.terms[i].text);
    for (size_t i = 0; i < record.term_count; i++)
        if (draft_is_last(&record.terms[i]))
            add_new(&tidy, record.terms[i].text);
    *draft = tidy;
}
