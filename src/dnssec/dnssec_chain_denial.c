/*
 * Proofs of absence. Every NSEC and NSEC3 record of an answer is verified first; then the
 * question is whether one of them is at the name (a match) or spans it (a cover), RFC 4035,
 * 5.4 and RFC 5155, 8. A record of the parent side of a delegation says nothing about what
 * is below it (RFC 6840, 4.1).
 */
#include <string.h>

#include "base/limits.h"
#include "base/span.h"
#include "dns/dns_ldns.h"
#include "dns/dns_nsec3.h"
#include "dns/dns_rr.h"
#include "dnssec/dnssec_chain_private.h"

#define NSEC_BITMAP  1
#define NSEC3_BITMAP 5
#define NSEC3_NEXT   4

/* one verified record */
struct span_record {
    const struct dns_rr *rr;
    ldns_rr *made;
    bool is_nsec3;
    const struct dns_name *next; /* NSEC */
    const char *hash;            /* NSEC3: base32, as names have it */
    const char *next_hash;
};

struct proof {
    struct dnssec_chain *chain;
    struct arena *arena;
    const struct dns_name *zone;
    struct span_record records[LIMIT_PROOF_RECORDS];
    size_t count;
    bool has_nsec3;
    bool is_costly; /* too many iterations */
};

/* chain_denial_text_of - a field in presentation form */
static const char *chain_denial_text_of(struct arena *arena, const ldns_rdf *rdf)
{
    char *written = rdf != NULL ? ldns_rdf2str(rdf) : NULL;
    const char *text = written != NULL ? arena_strdup(arena, written) : NULL;

    LDNS_FREE(written);
    return text;
}

/* chain_denial_read_record - the fields that matter; false if some are missing */
static bool chain_denial_read_record(struct proof *proof, struct span_record *record)
{
    struct arena *arena = proof->arena;
    struct span label = dns_name_first_label(record->rr->owner);

    record->is_nsec3 = record->rr->type == DNS_NSEC3;
    if (!record->is_nsec3) {
        const ldns_rdf *next = ldns_rr_rdf(record->made, 0);

        if (next != NULL)
            record->next = dns_name_from_wire(arena, ldns_rdf_data(next), ldns_rdf_size(next));
        return record->next != NULL;
    }
    if (ldns_rr_rd_count(record->made) <= NSEC3_NEXT ||
        ldns_nsec3_algorithm(record->made) != LDNS_SHA1) /* the only one: RFC 5155, 11 */
        return false;
    record->hash = arena_strdup_span(arena, label);
    record->next_hash = chain_denial_text_of(arena, ldns_rr_rdf(record->made, NSEC3_NEXT));
    proof->has_nsec3 = true;
    return record->next_hash != NULL;
}

/* note_iterations - for the report, and as a bound */
static void note_iterations(struct proof *proof, struct dnssec_chain_zone *zone,
                            const ldns_rr *rr)
{
    unsigned iterations = ldns_nsec3_iterations(rr);

    if (iterations > zone->iterations)
        zone->iterations = iterations;
    proof->is_costly = proof->is_costly || iterations > DNS_NSEC3_ITERATIONS_MAX;
}

/* chain_denial_add_record - one of the denial, if its signature holds */
static void chain_denial_add_record(struct proof *proof, struct dnssec_chain_zone *zone,
                                    struct dns_denied *denied, const struct dns_rr *rr)
{
    struct dnssec_chain *chain = proof->chain;
    struct dns_rrset set =
        dns_rrset_of(chain->arena, denied->proofs->denial, rr->owner, rr->type);
    struct span_record *record = &proof->records[proof->count];
    struct dns_verified verified =
        dnssec_chain_verify(chain, zone, &set, denied->proofs->signatures);

    if (!verified.is_good || verified.is_wildcard) {
        if (denied->fault == NULL)
            denied->fault = verified.fault;
        return;
    }
    *record = (struct span_record){.rr = rr, .made = dns_rr_to_ldns(chain->arena, rr)};
    if (record->made == NULL)
        return;
    if (!chain_denial_read_record(proof, record)) {
        ldns_rr_free(record->made);
        return;
    }
    if (record->is_nsec3)
        note_iterations(proof, zone, record->made);
    proof->count++;
    if (denied->expires == 0 || verified.expires < denied->expires) {
        denied->expires = verified.expires;
        denied->inception = verified.inception;
    }
}

/* ---- questions about one record ---- */

/* chain_denial_has_type - the record says that the name has records of the type */
static bool chain_denial_has_type(const struct span_record *record, enum dns_type type)
{
    size_t at = record->is_nsec3 ? NSEC3_BITMAP : NSEC_BITMAP;
    const ldns_rdf *bitmap =
        at < ldns_rr_rd_count(record->made) ? ldns_rr_rdf(record->made, at) : NULL;

    return bitmap != NULL && ldns_nsec_bitmap_covers_type(bitmap, (ldns_rr_type)type);
}

/* is_parent_side - it is at a delegation, or at a DNAME: nothing is said about below */
static bool is_parent_side(const struct span_record *record)
{
    return (chain_denial_has_type(record, DNS_NS) && !chain_denial_has_type(record, DNS_SOA)) ||
           chain_denial_has_type(record, DNS_DNAME);
}

/* is_between - strictly; the last record of a zone leads back to its first */
static bool is_between(int to_owner, int to_next, int owner_to_next)
{
    if (owner_to_next < 0)
        return to_owner > 0 && to_next < 0;
    return to_owner > 0 || to_next < 0;
}

/* chain_denial_spans - the name is between the two that the record names */
static bool chain_denial_spans(const struct proof *proof, const struct span_record *record,
                               const struct dns_name *name)
{
    const char *hash = NULL;

    if (!record->is_nsec3)
        return !dns_name_equal(name, record->rr->owner) &&
               is_between(dns_name_compare(name, record->rr->owner),
                          dns_name_compare(name, record->next),
                          dns_name_compare(record->rr->owner, record->next));
    hash = dns_nsec3_hash(proof->arena, record->made, name);
    return hash != NULL && strcmp(hash, record->hash) != 0 &&
           is_between(strcmp(hash, record->hash), strcmp(hash, record->next_hash),
                      strcmp(record->hash, record->next_hash));
}

/* ---- questions about the proof ---- */

/* find_match - the record that is at the name */
static const struct span_record *find_match(const struct proof *proof,
                                            const struct dns_name *name)
{
    for (size_t i = 0; i < proof->count; i++) {
        const struct span_record *record = &proof->records[i];
        const char *hash =
            record->is_nsec3 ? dns_nsec3_hash(proof->arena, record->made, name) : NULL;

        if (record->is_nsec3 ? hash != NULL && strcmp(hash, record->hash) == 0
                             : dns_name_equal(record->rr->owner, name))
            return record;
    }
    return NULL;
}

/* find_cover - the record that spans the name */
static const struct span_record *find_cover(const struct proof *proof,
                                            const struct dns_name *name)
{
    for (size_t i = 0; i < proof->count; i++) {
        const struct span_record *record = &proof->records[i];

        if (!chain_denial_spans(proof, record, name) ||
            (!record->is_nsec3 && dns_name_is_below(name, record->rr->owner) &&
             is_parent_side(record)))
            continue;
        return record;
    }
    return NULL;
}

/* the name is absent: by which record, and below which name that exists */
struct absence {
    const struct span_record *cover;
    unsigned encloser; /* labels of the closest encloser */
};

/* find_absence - the proof that the name itself does not exist; no cover: none */
static struct absence find_absence(const struct proof *proof, const struct dns_name *name)
{
    struct absence absence = {.cover = NULL};
    struct arena *arena = proof->arena;

    if (!proof->has_nsec3) {
        absence.cover = find_cover(proof, name);
        if (absence.cover != NULL) {
            unsigned above = dns_name_shared(name, absence.cover->rr->owner);
            unsigned below = dns_name_shared(name, absence.cover->next);

            absence.encloser = above > below ? above : below;
        }
        return absence;
    }
    for (unsigned labels = name->labels; labels-- > proof->zone->labels;) {
        const struct span_record *match =
            find_match(proof, dns_name_suffix(arena, name, labels));

        if (match == NULL)
            continue;
        absence.encloser = labels; /* RFC 5155, 8.3 */
        if (!is_parent_side(match))
            absence.cover = find_cover(proof, dns_name_suffix(arena, name, labels + 1));
        return absence;
    }
    return absence;
}

/* wildcard_below - "*." before the last `labels` labels of a name; NULL: too long */
static const struct dns_name *wildcard_below(const struct proof *proof,
                                             const struct dns_name *name, unsigned labels)
{
    return dns_name_prepend(proof->arena, "*", dns_name_suffix(proof->arena, name, labels));
}

/* is_optout - unsigned delegations may be in the span (RFC 5155, 6) */
static bool is_optout(const struct span_record *record)
{
    return record->is_nsec3 && ldns_nsec3_optout(record->made);
}

/* chain_denial_is_empty - the NSEC spans the name and leads to one below it: it exists
 * without records */
static bool chain_denial_is_empty(const struct span_record *cover, const struct dns_name *name)
{
    return !cover->is_nsec3 && dns_name_is_below(cover->next, name);
}

/* ---- what is to be proved ---- */

typedef enum dns_denial deny_fn(const struct proof *proof, const struct dns_denied *denied);

/* deny_with - by all records of the zone that hold */
static enum dns_denial deny_with(struct dnssec_chain *chain, struct dnssec_chain_zone *zone,
                                 struct dns_denied *denied, deny_fn *deny)
{
    struct proof proof = {.chain = chain, .arena = chain->arena, .zone = zone->name};
    enum dns_denial result = DNS_DENIAL_UNSIGNED; /* too many iterations */

    for (const struct dns_rr *rr = denied->proofs->denial;
         rr != NULL && proof.count < LIMIT_PROOF_RECORDS; rr = rr->next)
        if (dns_name_is_below(rr->owner, zone->name))
            chain_denial_add_record(&proof, zone, denied, rr);
    if (!proof.is_costly)
        result = deny(&proof, denied);
    for (size_t i = 0; i < proof.count; i++)
        ldns_rr_free(proof.records[i].made);
    return result;
}

/* deny_by_cover - what the record proves that spans a name; NULL: nothing */
static enum dns_denial deny_by_cover(const struct span_record *cover)
{
    if (cover == NULL)
        return DNS_DENIAL_NONE;
    return is_optout(cover) ? DNS_DENIAL_UNSIGNED : DNS_DENIAL_PROVED;
}

/* match_ds - the record at the name: is a zone cut there */
static enum dns_denial match_ds(const struct span_record *match)
{
    if (chain_denial_has_type(match, DNS_SOA))
        return DNS_DENIAL_NONE; /* of the child itself: RFC 4035, 5.2 */
    if (chain_denial_has_type(match, DNS_DS))
        return DNS_DENIAL_CONTRADICTS;
    return chain_denial_has_type(match, DNS_NS) ? DNS_DENIAL_UNSIGNED : DNS_DENIAL_PROVED;
}

/* deny_ds - there is no DS record at the name */
static enum dns_denial deny_ds(const struct proof *proof, const struct dns_denied *denied)
{
    const struct span_record *match = find_match(proof, denied->name);

    return match != NULL ? match_ds(match)
                         : deny_by_cover(find_absence(proof, denied->name).cover);
}

enum dns_denial dnssec_chain_deny_ds(struct dnssec_chain *chain, struct dnssec_chain_zone *zone,
                                     struct dns_denied *denied)
{
    return deny_with(chain, zone, denied, deny_ds);
}

/* match_type - the record at the name: has it neither the type nor an alias */
static enum dns_denial match_type(const struct span_record *match, enum dns_type type)
{
    if (chain_denial_has_type(match, type) || chain_denial_has_type(match, DNS_CNAME))
        return DNS_DENIAL_CONTRADICTS;
    return chain_denial_has_type(match, DNS_NS) && !chain_denial_has_type(match, DNS_SOA) &&
                   type != DNS_DS
               ? DNS_DENIAL_NONE
               : DNS_DENIAL_PROVED;
}

/* deny_by_wildcard - the name is absent, and the wildcard that stands for it lacks the type */
static enum dns_denial deny_by_wildcard(const struct proof *proof,
                                        const struct dns_denied *denied)
{
    struct absence absence = find_absence(proof, denied->name);
    const struct dns_name *wildcard = NULL;
    const struct span_record *match = NULL;

    if (absence.cover == NULL)
        return DNS_DENIAL_NONE;
    if (chain_denial_is_empty(absence.cover, denied->name))
        return DNS_DENIAL_PROVED;
    wildcard = wildcard_below(proof, denied->name, absence.encloser);
    match = wildcard != NULL ? find_match(proof, wildcard) : NULL;
    if (match != NULL)
        return match_type(match, denied->type);
    return is_optout(absence.cover) ? DNS_DENIAL_UNSIGNED : DNS_DENIAL_NONE;
}

/* deny_type - the name has no records of the type */
static enum dns_denial deny_type(const struct proof *proof, const struct dns_denied *denied)
{
    const struct span_record *match = find_match(proof, denied->name);

    return match != NULL ? match_type(match, denied->type) : deny_by_wildcard(proof, denied);
}

enum dns_denial dnssec_chain_deny_type(struct dnssec_chain *chain,
                                       struct dnssec_chain_zone *zone,
                                       struct dns_denied *denied)
{
    return deny_with(chain, zone, denied, deny_type);
}

/* deny_name - the name does not exist, and no wildcard stands for it */
static enum dns_denial deny_name(const struct proof *proof, const struct dns_denied *denied)
{
    struct absence absence = find_absence(proof, denied->name);
    const struct dns_name *wildcard = NULL;

    if (absence.cover == NULL || chain_denial_is_empty(absence.cover, denied->name))
        return DNS_DENIAL_NONE;
    wildcard = wildcard_below(proof, denied->name, absence.encloser);
    if (wildcard != NULL && find_cover(proof, wildcard) == NULL)
        return DNS_DENIAL_NONE;
    return deny_by_cover(absence.cover);
}

enum dns_denial dnssec_chain_deny_name(struct dnssec_chain *chain,
                                       struct dnssec_chain_zone *zone,
                                       struct dns_denied *denied)
{
    return deny_with(chain, zone, denied, deny_name);
}

/* deny_exact - the name next to the wildcard's parent (RFC 5155, 8.8); of NSEC the name
 * itself */
static enum dns_denial deny_exact(const struct proof *proof, const struct dns_denied *denied)
{
    const struct dns_name *name = denied->name;

    if (proof->has_nsec3)
        name = dns_name_suffix(proof->arena, name, denied->parent_labels + 1);
    return deny_by_cover(find_cover(proof, name));
}

enum dns_denial dnssec_chain_deny_exact(struct dnssec_chain *chain,
                                        struct dnssec_chain_zone *zone,
                                        struct dns_denied *denied)
{
    return deny_with(chain, zone, denied, deny_exact);
}
