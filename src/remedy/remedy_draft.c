/*
 * Terms are kept as they are written. Tidying never changes what passes: "+" networks may
 * stand anywhere before "all" as long as nothing with another qualifier stands before them.
 */
#include <string.h>

#include "base/limits.h"
#include "remedy/remedy_private.h"

#define BITS_V4 32
#define BITS_V6 128

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

size_t remedy_draft_find(const struct remedy_draft *draft, struct span term, size_t from)
{
    const char *text = arena_strdup_span(draft->arena, term);

    while (from < draft->count && !span_equal_nocase(draft->terms[from], text))
        from++;
    return from;
}

void remedy_draft_drop(struct remedy_draft *draft, size_t index)
{
    if (index >= draft->count)
        return;
    draft->count--;
    memmove(&draft->terms[index], &draft->terms[index + 1],
            sizeof(*draft->terms) * (draft->count - index));
}

void remedy_draft_splice(struct remedy_draft *draft, size_t index,
                         const struct remedy_draft *more)
{
    struct remedy_draft whole = {.arena = draft->arena};

    for (size_t i = 0; i < draft->count; i++) {
        if (i != index) {
            remedy_draft_add(&whole, draft->terms[i]);
            continue;
        }
        for (size_t j = 0; j < more->count; j++)
            remedy_draft_add(&whole, more->terms[j]);
    }
    *draft = whole;
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

struct network {
    struct ip_address address;
    unsigned prefix;
};

/* bits_of - of an address of the family */
static unsigned bits_of(const struct network *network)
{
    return network->address.family == IP_V4 ? BITS_V4 : BITS_V6;
}

/* clear_host_bits - what is beyond the prefix says nothing */
static void clear_host_bits(struct network *network)
{
    for (unsigned bit = network->prefix; bit < bits_of(network); bit++)
        network->address.octets[bit / 8] &= (uint8_t) ~(0x80 >> bit % 8);
}

/* network_text - the term for it */
static const char *network_text(struct arena *arena, const struct network *network)
{
    const char *kind = network->address.family == IP_V4 ? "ip4" : "ip6";
    const char *address = ip_to_text(arena, &network->address);

    if (network->prefix == bits_of(network))
        return arena_printf(arena, "%s:%s", kind, address);
    return arena_printf(arena, "%s:%s/%u", kind, address, network->prefix);
}

/* contains - every address of `b` is in `a` */
static bool contains(const struct network *a, const struct network *b)
{
    return a->prefix <= b->prefix && ip_matches(&a->address, &b->address, a->prefix);
}

/* joined - two halves of one network: `a` becomes the whole */
static bool joined(struct network *a, const struct network *b)
{
    if (a->prefix != b->prefix || a->prefix == 0 ||
        !ip_matches(&a->address, &b->address, a->prefix - 1))
        return false;
    a->prefix--;
    clear_host_bits(a);
    return true;
}

/* merge_once - join or drop one pair; false when there is nothing left to do */
static bool merge_once(struct network *networks, size_t *count)
{
    for (size_t i = 0; i < *count; i++)
        for (size_t j = i + 1; j < *count; j++) {
            if (contains(&networks[j], &networks[i]))
                networks[i] = networks[j];
            else if (!contains(&networks[i], &networks[j]) &&
                     !joined(&networks[i], &networks[j]))
                continue;
            networks[j] = networks[--*count];
            return true;
        }
    return false;
}

/* is_network - an ip4 or ip6 term that lets pass */
static bool is_network(const struct rec_spf_term *term)
{
    return (term->kind == REC_SPF_IP4 || term->kind == REC_SPF_IP6) && term->qualifier == '+' &&
           term->address.family != IP_NONE;
}

/* network_of - the term as a network */
static struct network network_of(const struct rec_spf_term *term)
{
    struct network network = {term->address,
                              term->kind == REC_SPF_IP4 ? term->prefix4 : term->prefix6};

    clear_host_bits(&network);
    return network;
}

void remedy_draft_add_addresses(struct remedy_draft *draft, const struct dns_answer *answer,
                                const struct rec_spf_term *term)
{
    for (const struct dns_rr *rr = answer != NULL ? dns_answer_first(answer) : NULL; rr != NULL;
         rr = dns_answer_next(answer, rr)) {
        struct network network = {0};

        if (rr->address == NULL)
            continue;
        network.address = *rr->address;
        network.prefix = rr->address->family == IP_V4 ? term->prefix4 : term->prefix6;
        clear_host_bits(&network);
        remedy_draft_add_text(draft, network_text(draft->arena, &network));
    }
}

/* ---- order ---- */

/* is_last - "all" and modifiers, which decide when nothing matched */
static bool is_last(const struct rec_spf_term *term)
{
    return term->kind == REC_SPF_ALL || term->kind == REC_SPF_REDIRECT ||
           term->kind == REC_SPF_EXP || term->kind == REC_SPF_UNKNOWN_MODIFIER;
}

/* is_orderly - only "+" mechanisms before "all": their order does not matter */
static bool is_orderly(const struct rec_spf *record)
{
    for (size_t i = 0; i < record->term_count; i++)
        if (!is_last(&record->terms[i]) &&
            (record->terms[i].qualifier != '+' || record->terms[i].is_after_all ||
             record->terms[i].kind == REC_SPF_INVALID))
            return false;
    return true;
}

/* add_new - a term that is not there yet */
static void add_new(struct remedy_draft *draft, struct span term)
{
    if (remedy_draft_find(draft, term, 0) == draft->count)
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
    struct network *networks = NULL;
    size_t count = 0;

    rec_spf_parse(draft->arena, remedy_draft_text(draft), &record);
    if (!is_orderly(&record) || record.term_count > LIMIT_REMEDY_TERMS) {
        drop_repeated(draft);
        return;
    }
    for (size_t i = 0; i < record.term_count; i++)
        if (is_network(&record.terms[i]))
            arena_append(draft->arena, networks, count, network_of(&record.terms[i]));
    while (merge_once(networks, &count))
        continue;
    for (size_t i = 0; i < count && networks != NULL; i++)
        remedy_draft_add_text(&tidy, network_text(draft->arena, &networks[i]));
    for (size_t i = 0; i < record.term_count; i++)
        if (!is_network(&record.terms[i]) && !is_last(&record.terms[i]))
            add_new(&tidy, record.terms[i].text);
    for (size_t i = 0; i < record.term_count; i++)
        if (is_last(&record.terms[i]))
            add_new(&tidy, record.terms[i].text);
    *draft = tidy;
}
