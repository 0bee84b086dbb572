/*
 * What a name server sends with the answers of a signed zone. Too much does no harm, because
 * whoever judges looks for the record that proves something; so for every name there is one
 * record at most to be found, the last one of the zone's chain that does not come after it. It
 * is at the name, or spans it if the chain is in order.
 */
#include <stdlib.h>
#include <string.h>

#include "dns/dns_ldns.h"
#include "dns/dns_nsec3.h"
#include "dns/dns_rr.h"
#include "source/zone_private.h"

/* fields of an NSEC3 record that all of a chain share: algorithm, flags, iterations, salt */
enum { NSEC3_FIELDS = 4 };

/* ---- the chain of denials ---- */

/* proofs_by_name - the order of NSEC records (RFC 4034, 6.1) */
static int proofs_by_name(const void *left, const void *right)
{
    return dns_name_compare(((const struct zone_denial *)left)->rr->owner,
                            ((const struct zone_denial *)right)->rr->owner);
}

/* compare_hashes - as text: base32hex keeps the order of what it stands for (RFC 4648, 7) */
static int compare_hashes(struct span a, struct span b)
{
    size_t len = a.len < b.len ? a.len : b.len;
    int order = len > 0 ? memcmp(a.at, b.at, len) : 0;

    return order != 0 ? order : (a.len > b.len) - (a.len < b.len);
}

/* by_hash - the order of NSEC3 records (RFC 5155, 7.1) */
static int by_hash(const void *left, const void *right)
{
    return compare_hashes(((const struct zone_denial *)left)->hash,
                          ((const struct zone_denial *)right)->hash);
}

/* has_parameters_of - hashed like the other one; their flags may differ (RFC 5155, 7.1) */
static bool has_parameters_of(const struct dns_rr *a, const struct dns_rr *b)
{
    struct span left = span_of(zone_rdata_of(a));
    struct span right = span_of(zone_rdata_of(b));

    for (int i = 0; i < NSEC3_FIELDS; i++)
        if (!span_equal(span_cut(&left, ' '), span_cut(&right, ' ')) && i != 1)
            return false;
    return true;
}

/* zone_proofs_collect - the records of one of the two types */
static void zone_proofs_collect(struct zone *zone, enum dns_type type)
{
    zone->denial_count = 0;
    for (const struct zone_node *node = zone->nodes; node != NULL; node = node->next) {
        const struct dns_rr *rr = zone_node_first(node, type);
        struct zone_denial denial = {.node = node, .rr = rr};

        if (rr == NULL || (type == DNS_NSEC3 && zone->denial_count > 0 &&
                           !has_parameters_of(rr, zone->denials[0].rr)))
            continue; /* of a second chain, as while parameters change: one is enough */
        denial.hash = dns_name_first_label(rr->owner);
        arena_append(zone->arena, zone->denials, zone->denial_count, denial);
    }
}

/* zone_proofs_is_signed - not only keys that a signer will use, and not only foreign
 * signatures */
static bool zone_proofs_is_signed(const struct zone *zone)
{
    const struct zone_node *apex = dns_name_table_find(&zone->names, dns_name_key(zone->apex));

    if (zone_node_first(apex, DNS_RRSIG) != NULL)
        return true;
    if (zone_node_first(apex, DNS_DNSKEY) == NULL)
        return false;
    for (const struct zone_node *node = zone->nodes; node != NULL; node = node->next)
        if (zone_node_first(node, DNS_RRSIG) != NULL)
            return true;
    return false;
}

void zone_index_denials(struct zone *zone)
{
    zone->is_signed = zone_proofs_is_signed(zone);
    if (!zone->is_signed)
        return;
    zone_proofs_collect(zone, DNS_NSEC3);
    zone->has_nsec3 = zone->denial_count > 0;
    if (!zone->has_nsec3)
        zone_proofs_collect(zone, DNS_NSEC);
    if (zone->denial_count > 1)
        qsort(zone->denials, zone->denial_count, sizeof(*zone->denials),
              zone->has_nsec3 ? by_hash : proofs_by_name);
}

/* find_last - the last record that does not come after the key; the chain is a ring */
static const struct zone_denial *find_last(const struct zone *zone,
                                           const struct zone_denial *key)
{
    size_t first = 0;
    size_t end = zone->denial_count;

    while (first < end) {
        size_t middle = first + (end - first) / 2;
        const struct zone_denial *at = &zone->denials[middle];

        if ((zone->has_nsec3 ? by_hash(at, key) : proofs_by_name(at, key)) <= 0)
            first = middle + 1;
        else
            end = middle;
    }
    return &zone->denials[first > 0 ? first - 1 : zone->denial_count - 1];
}

/* ---- what is sent ---- */

/* zone_proofs_insert - a record under the name that was queried */
static void zone_proofs_insert(const struct zone_reply *reply, const struct dns_rr *rr,
                               const struct dns_name *owner)
{
    struct dns_rr *copy = arena_new_of(reply->arena, struct dns_rr);
    const char *after_owner = strchr(rr->text, '\t');

    *copy = *rr;
    copy->owner = owner;
    if (!dns_name_equal(owner, rr->owner) && after_owner != NULL)
        copy->text = arena_printf(reply->arena, "%s.%s", owner->text, after_owner);
    dns_proofs_insert(reply->proofs, copy);
}

void zone_add_signatures(const struct zone_reply *reply, const struct zone_node *node,
                         enum dns_type type, const struct dns_name *owner)
{
    if (reply->proofs == NULL)
        return;
    for (const struct dns_rr *rr = node->first; rr != NULL; rr = rr->next)
        if (zone_covered(rr) == type)
            zone_proofs_insert(reply, rr, owner);
}

/* add_denial - one, with what signs it */
static void add_denial(const struct zone_reply *reply, const struct zone_denial *denial)
{
    const struct dns_rr *rr = denial->rr;

    zone_proofs_insert(reply, rr, rr->owner);
    zone_add_signatures(reply, denial->node, rr->type, rr->owner);
}

/* zone_proofs_add_names - what spans the name and its wildcard */
static void zone_proofs_add_names(const struct zone_reply *reply, const struct dns_name *name,
                                  struct span encloser)
{
    const char *wildcard =
        encloser.len == 0 ? "*" : arena_printf(reply->arena, "*.%.*s", SPAN_ARG(encloser));
    const struct dns_name *names[] = {name, dns_name_from_text(reply->arena, wildcard)};

    for (size_t i = 0; i < COUNT_OF(names); i++) {
        struct dns_rr rr = {.owner = names[i]};
        struct zone_denial key = {.rr = &rr};

        if (names[i] != NULL) /* NULL: too long to exist */
            add_denial(reply, find_last(reply->zone, &key));
    }
}

/* a search for hashed names */
struct hashing {
    const struct zone_reply *reply;
    ldns_rr *parameters; /* any of the records */
};

/* add_hashed - what is at the name or spans it; true: at it */
static bool add_hashed(const struct hashing *hashing, const struct dns_name *name,
                       bool if_match_only)
{
    const struct zone_reply *reply = hashing->reply;
    const char *hash = dns_nsec3_hash(reply->arena, hashing->parameters, name);
    struct zone_denial key = {.hash = hash != NULL ? span_of(hash) : (struct span){0}};
    const struct zone_denial *found = find_last(reply->zone, &key);
    bool is_match = hash != NULL && span_equal(found->hash, key.hash);

    if (is_match || (hash != NULL && !if_match_only))
        add_denial(reply, found);
    return is_match;
}

/* add_hashes - the closest encloser that is proved, the name next to it, and the wildcard */
static void add_hashes(const struct hashing *hashing, const struct dns_name *name)
{
    struct arena *arena = hashing->reply->arena;
    unsigned labels = name->labels;
    const struct dns_name *wildcard = NULL;

    while (!add_hashed(hashing, dns_name_suffix(arena, name, labels), true))
        if (labels-- == hashing->reply->zone->apex->labels)
            return; /* not even the apex: the chain is broken */
    if (labels == name->labels)
        return;
    add_hashed(hashing, dns_name_suffix(arena, name, labels + 1), false);
    wildcard = dns_name_prepend(arena, "*", dns_name_suffix(arena, name, labels));
    if (wildcard != NULL)
        add_hashed(hashing, wildcard, false);
}

void zone_add_denials(const struct zone_reply *reply, const struct dns_name *name,
                      struct span encloser)
{
    const struct zone *zone = reply->zone;
    struct hashing hashing = {.reply = reply};

    if (reply->proofs == NULL || zone->denial_count == 0)
        return;
    if (!zone->has_nsec3) {
        zone_proofs_add_names(reply, name, encloser);
        return;
    }
    hashing.parameters = dns_rr_to_ldns(reply->arena, zone->denials[0].rr);
    if (hashing.parameters == NULL)
        return;
    if (ldns_nsec3_iterations(hashing.parameters) > DNS_NSEC3_ITERATIONS_MAX)
        add_denial(reply, &zone->denials[0]); /* which is all that anybody looks at */
    else
        add_hashes(&hashing, name);
    ldns_rr_free(hashing.parameters);
}
