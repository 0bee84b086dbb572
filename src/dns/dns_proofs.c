/* Lists are short, so each record is put into its place one after another. */
#include <string.h>

#include "base/limits.h"
#include "dns/dns_ldns.h"
#include "dns/dns_proofs.h"
#include "dns/dns_rr.h"

/* proofs_list_of - where a record belongs; NULL: nowhere */
static struct dns_rr **proofs_list_of(struct dns_proofs *proofs, int type)
{
    if (type == DNS_RRSIG)
        return &proofs->signatures;
    return type == DNS_NSEC || type == DNS_NSEC3 ? &proofs->denial : NULL;
}

/* count_of - the length of a list */
static size_t count_of(const struct dns_rr *list)
{
    size_t count = 0;

    for (; list != NULL; list = list->next)
        count++;
    return count;
}

void dns_proofs_insert(struct dns_proofs *proofs, struct dns_rr *rr)
{
    struct dns_rr **list = proofs_list_of(proofs, rr->type);
    size_t count = list != NULL ? count_of(*list) : 0;

    if (list == NULL)
        return;
    while (*list != NULL && strcmp((*list)->text, rr->text) < 0)
        list = &(*list)->next;
    if (*list != NULL && strcmp((*list)->text, rr->text) == 0)
        return;
    if (count == LIMIT_PROOF_RECORDS) {
        proofs->is_cut = true;
        return;
    }
    rr->next = *list;
    *list = rr;
}

const struct dns_proofs *dns_proofs_whole(const struct dns_proofs *proofs)
{
    return proofs->is_cut ? NULL : proofs;
}

/* read_section - the DNSSEC records of a section */
static void read_section(struct arena *arena, const ldns_rr_list *section,
                         struct dns_proofs *proofs)
{
    for (size_t i = 0; i < ldns_rr_list_rr_count(section) && !proofs->is_cut; i++) {
        const ldns_rr *from = ldns_rr_list_rr(section, i);
        bool is_kept = proofs_list_of(proofs, (int)ldns_rr_get_type(from)) != NULL;
        struct dns_rr *rr = is_kept ? dns_rr_from_ldns(arena, from) : NULL;

        if (rr != NULL)
            dns_proofs_insert(proofs, rr);
    }
}

const struct dns_proofs *dns_proofs_read(struct arena *arena,
                                         const struct ldns_struct_pkt *packet)
{
    struct dns_proofs *proofs = arena_new_of(arena, struct dns_proofs);

    read_section(arena, ldns_pkt_answer(packet), proofs);
    read_section(arena, ldns_pkt_authority(packet), proofs);
    return dns_proofs_whole(proofs);
}

/* insert_all - copies, because lists are linked again */
static void insert_all(struct arena *arena, struct dns_proofs *proofs,
                       const struct dns_rr *from)
{
    for (; from != NULL; from = from->next) {
        struct dns_rr *copy = arena_new_of(arena, struct dns_rr);

        *copy = *from;
        dns_proofs_insert(proofs, copy);
    }
}

const struct dns_proofs *dns_proofs_join(struct arena *arena, const struct dns_proofs *a,
                                         const struct dns_proofs *b)
{
    struct dns_proofs *proofs = arena_new_of(arena, struct dns_proofs);

    insert_all(arena, proofs, a->signatures);
    insert_all(arena, proofs, b->signatures);
    insert_all(arena, proofs, a->denial);
    insert_all(arena, proofs, b->denial);
    return dns_proofs_whole(proofs);
}
