/* All records of the type and all CNAMEs are made first, sorted, and then walked over. */
#include <stdlib.h>
#include <string.h>

#include "source/source_live_chain.h"
#include "base/dns_name.h"
#include "base/limits.h"
#include "dns/dns_ldns.h"
#include "dns/dns_rr.h"

struct candidates {
    struct dns_rr **list;
    size_t count;
};

/* live_chain_compare - MX by preference, then all by text */
static int live_chain_compare(const void *a, const void *b)
{
    const struct dns_rr *left = *(struct dns_rr *const *)a;
    const struct dns_rr *right = *(struct dns_rr *const *)b;

    if (left->preference != right->preference)
        return left->preference < right->preference ? -1 : 1;
    return strcmp(left->text, right->text);
}

/* read_candidates - records of the type and CNAMEs; false if one makes no sense */
static bool read_candidates(struct arena *arena, const ldns_rr_list *section,
                            enum dns_type type, struct candidates *candidates)
{
    for (size_t i = 0; i < ldns_rr_list_rr_count(section); i++) {
        const ldns_rr *from = ldns_rr_list_rr(section, i);
        int found = (int)ldns_rr_get_type(from);
        struct dns_rr *rr = NULL;

        if ((found != (int)type && found != DNS_CNAME) ||
            ldns_rr_get_class(from) != LDNS_RR_CLASS_IN)
            continue;
        rr = dns_rr_from_ldns(arena, from);
        if (rr == NULL)
            return false;
        arena_append(arena, candidates->list, candidates->count, rr);
    }
    if (candidates->count > 1)
        qsort(candidates->list, candidates->count, sizeof(struct dns_rr *), live_chain_compare);
    return true;
}

/* live_chain_add - behind the others; the least TTL is that of the answer */
static void live_chain_add(struct dns_answer *answer, struct dns_rr **last, struct dns_rr *rr)
{
    rr->next = NULL;
    if (*last == NULL)
        answer->records = rr;
    else
        (*last)->next = rr;
    *last = rr;
    answer->record_count++;
    if (!answer->has_ttl || rr->ttl < answer->ttl)
        answer->ttl = rr->ttl;
    answer->has_ttl = true;
}

/* find_cname - the alias of a name; of several, which is against RFC 1034, 3.6.2, the first */
static struct dns_rr *find_cname(const struct candidates *candidates,
                                 const struct dns_name *name)
{
    for (size_t i = 0; i < candidates->count; i++)
        if (candidates->list[i]->type == DNS_CNAME &&
            dns_name_equal(candidates->list[i]->owner, name))
            return candidates->list[i];
    return NULL;
}

/* live_chain_add_records - those of the type that the name has, each once */
static void live_chain_add_records(const struct candidates *candidates,
                                   const struct dns_name *name, struct dns_answer *answer,
                                   struct dns_rr **last)
{
    for (size_t i = 0; i < candidates->count; i++) {
        struct dns_rr *rr = candidates->list[i];

        if (rr->type != answer->question.type || !dns_name_equal(rr->owner, name))
            continue;
        if (*last == NULL || strcmp((*last)->text, rr->text) != 0)
            live_chain_add(answer, last, rr);
    }
}

bool dns_live_chain_read(struct arena *arena, const struct ldns_struct_rr_list *section,
                         struct dns_answer *answer)
{
    struct candidates candidates = {0};
    const struct dns_name *name = answer->question.name;
    struct dns_rr *last = NULL;

    if (!read_candidates(arena, section, answer->question.type, &candidates))
        return false;
    /* a circle ends at the limit too; the ledger sees that it is one */
    for (int links = 0; links <= LIMIT_CNAME_CHAIN; links++) {
        struct dns_rr *cname = NULL;

        live_chain_add_records(&candidates, name, answer, &last);
        if (last != NULL && last->type == answer->question.type)
            return true;
        cname = find_cname(&candidates, name);
        if (cname == NULL || cname->next != NULL || cname == last)
            return true; /* the end of the chain, or a circle */
        live_chain_add(answer, &last, cname);
        name = cname->target;
    }
    return true;
}
