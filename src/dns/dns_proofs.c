/* Lists are short, so each record is put into its place one after another. */
#include <string.h>

#include "base/limits.h"
#include "dns/dns_ldns.h"
#include "dns/dns_proofs.h"
#include "dns/dns_rr.h"

void dns_proofs_insert(struct dns_rr **list, struct dns_rr *rr)
{
    size_t count = 0;

    for (; *list != NULL && strcmp((*list)->text, rr->text) < 0; count++)
        list = &(*list)->next;
    if (*list != NULL && strcmp((*list)->text, rr->text) == 0)
        return;
    rr->next = *list;
    *list = rr;
    for (; *list != NULL && count < LIMIT_PROOF_RECORDS; count++)
        list = &(*list)->next;
    *list = NULL; /* whatever the order they came in, the same ones are kept */
}

/* list_of - where a record of a packet belongs; NULL: nowhere */
static struct dns_rr **list_of(struct dns_proofs *proofs, ldns_rr_type type)
{
    if (type == LDNS_RR_TYPE_RRSIG)
        return &proofs->signatures;
    return type == LDNS_RR_TYPE_NSEC || type == LDNS_RR_TYPE_NSEC3 ? &proofs->denial : NULL;
}

/* read_section - the DNSSEC records of a section */
static void read_section(struct arena *arena, const ldns_rr_list *section,
                         struct dns_proofs *proofs)
{
    size_t count = ldns_rr_list_rr_count(section);

    if (count > LIMIT_ANSWER_RECORDS)
        count = LIMIT_ANSWER_RECORDS;
    for (size_t i = 0; i < count; i++) {
        const ldns_rr *from = ldns_rr_list_rr(section, i);
        struct dns_rr **list = list_of(proofs, ldns_rr_get_type(from));
        struct dns_rr *rr = list != NULL ? dns_rr_from_ldns(arena, from) : NULL;

        if (rr != NULL)
            dns_proofs_insert(list, rr);
    }
}

const struct dns_proofs *dns_proofs_read(struct arena *arena,
                                         const struct ldns_struct_pkt *packet)
{
    struct dns_proofs *proofs = arena_new_of(arena, struct dns_proofs);

    read_section(arena, ldns_pkt_answer(packet), proofs);
    read_section(arena, ldns_pkt_authority(packet), proofs);
    return proofs;
}

/* insert_all - copies, because lists are linked anew */
static void insert_all(struct arena *arena, struct dns_rr **list, const struct dns_rr *from)
{
    for (; from != NULL; from = from->next) {
        struct dns_rr *copy = arena_new_of(arena, struct dns_rr);

        *copy = *from;
        dns_proofs_insert(list, copy);
    }
}

const struct dns_proofs *dns_proofs_join(struct arena *arena, const struct dns_proofs *a,
                                         const struct dns_proofs *b)
{
    struct dns_proofs *proofs = arena_new_of(arena, struct dns_proofs);

    insert_all(arena, &proofs->signatures, a->signatures);
    insert_all(arena, &proofs->signatures, b->signatures);
    insert_all(arena, &proofs->denial, a->denial);
    insert_all(arena, &proofs->denial, b->denial);
    return proofs;
}
