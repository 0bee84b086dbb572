/*
 * Two passes: first every record goes under its name; then each name is looked at as a whole.
 */
#include <string.h>

#include "base/limits.h"
#include "source/zone_private.h"

/* types that may be next to a CNAME (RFC 4035, 2.5; RFC 2931 keeps KEY) */
#define TYPE_KEY 25

/* node_in - the node of a name in a table, made if it is not there */
static struct zone_node *node_in(struct zone *zone, struct dns_name_table *table,
                                 const struct dns_name *name)
{
    struct zone_node *node = dns_name_table_find(table, dns_name_key(name));

    if (node != NULL)
        return node;
    node = arena_new_of(zone->arena, struct zone_node);
    node->name = name;
    dns_name_table_add(table, zone->arena, dns_name_key(name), node);
    if (zone->nodes == NULL)
        zone->nodes = node;
    else
        zone->last_node->next = node;
    zone->last_node = node;
    return node;
}

/* zone_index_node_of - where a record belongs; a hashed name does not exist, nor those
 * above it by it */
static struct zone_node *zone_index_node_of(struct zone *zone, const struct dns_rr *rr)
{
    bool is_hashed = rr->type == DNS_NSEC3 || zone_covered(rr) == DNS_NSEC3;

    return node_in(zone, is_hashed ? &zone->hashed : &zone->names, rr->owner);
}

bool zone_soa_minimum(const struct dns_rr *soa, uint32_t *seconds_out)
{
    const char *last = strrchr(soa->text, ' ');
    uint64_t minimum = 0;

    if (last == NULL || !span_to_number(span_of(last + 1), UINT32_MAX, &minimum))
        return false;
    *seconds_out = (uint32_t)minimum;
    return true;
}

/* note_soa - what negative answers last (RFC 2308, 5); a zone has one SOA, at its apex */
static bool note_soa(struct zone *zone, const struct dns_rr *rr)
{
    uint32_t minimum = rr->ttl;

    if (!dns_name_equal(rr->owner, zone->apex))
        return zone_fault_add(
            zone, rr->line,
            "this SOA belongs to \"%s.\", but the zone is \"%s.\"; remove it or "
            "name the right origin",
            rr->owner->text, zone->apex->text);
    if (zone->has_soa)
        return zone_fault_add(zone, rr->line,
                              "a second SOA; a zone has exactly one, remove it");
    zone->has_soa = true;
    zone_soa_minimum(rr, &minimum);
    zone->negative_ttl = minimum < rr->ttl ? minimum : rr->ttl;
    return true;
}

/* rdata_bit - where the filter has type and data of a record */
static size_t rdata_bit(const struct dns_rr *rr)
{
    uint64_t hash = span_hash(span_of(zone_rdata_of(rr))) + (uint64_t)rr->type;

    return (size_t)(hash ^ hash >> 32) % ZONE_FILTER_BITS;
}

/* filter_set - the records of the node have the bit of this one */
static void filter_set(struct zone *zone, const struct dns_rr *rr)
{
    size_t bit = rdata_bit(rr);

    zone->filter[bit / 64] |= (uint64_t)1 << bit % 64;
}

/* filter_passes - the node may have the record already; most that are new do not pass */
static bool filter_passes(struct zone *zone, const struct zone_node *node,
                          const struct dns_rr *rr)
{
    size_t bit = 0;

    if (node->count < ZONE_FILTER_FROM)
        return true;
    if (zone->filtered != node) {
        memset(zone->filter, 0, sizeof(zone->filter));
        for (const struct dns_rr *held = node->first; held != NULL; held = held->next)
            filter_set(zone, held);
        zone->filtered = node;
    }
    bit = rdata_bit(rr);
    return (zone->filter[bit / 64] >> bit % 64 & 1) != 0;
}

/* is_duplicate - the node already has this record */
static bool is_duplicate(struct zone *zone, const struct zone_node *node,
                         const struct dns_rr *rr)
{
    if (!filter_passes(zone, node, rr))
        return false;
    for (const struct dns_rr *held = node->first; held != NULL; held = held->next)
        if (held->type == rr->type && strcmp(zone_rdata_of(held), zone_rdata_of(rr)) == 0)
            return true;
    return false;
}

/* zone_index_place - put one record under its name */
static void zone_index_place(struct zone *zone, struct dns_rr *rr)
{
    struct zone_node *node = NULL;

    rr->next = NULL;
    zone->file = rr->file;
    if (rr->type == DNS_SOA && !note_soa(zone, rr))
        return;
    if (!dns_name_is_below(rr->owner, zone->apex)) {
        zone_fault_add(zone, rr->line,
                       "\"%s.\" is outside the zone \"%s.\"; remove it, or check for a final "
                       "dot too many",
                       rr->owner->text, zone->apex->text);
        return;
    }
    node = zone_index_node_of(zone, rr);
    if (node->count == LIMIT_ANSWER_RECORDS)
        zone_fault_add(zone, rr->line, "more than %d records of one name",
                       LIMIT_ANSWER_RECORDS);
    if (node->count >= LIMIT_ANSWER_RECORDS || is_duplicate(zone, node, rr))
        return;
    if (node->first == NULL)
        node->first = rr;
    else
        node->last->next = rr;
    node->last = rr;
    node->count++;
    if (zone->filtered == node)
        filter_set(zone, rr);
    node->has_ns = node->has_ns || rr->type == DNS_NS;
    node->has_dname = node->has_dname || rr->type == DNS_DNAME;
}

/* may_stand_beside_cname - data of DNSSEC (RFC 4035, 2.5) */
static bool may_stand_beside_cname(enum dns_type type)
{
    return (int)type == TYPE_KEY || type == DNS_RRSIG || type == DNS_NSEC;
}

/* check_alone - a CNAME is the only data of its name (RFC 2181, 10.1) */
static void check_alone(struct zone *zone, const struct zone_node *node)
{
    const struct dns_rr *cname = zone_node_first(node, DNS_CNAME);

    if (node->first != NULL)
        zone->file = node->first->file;
    for (const struct dns_rr *rr = node->first; cname != NULL && rr != NULL; rr = rr->next) {
        if (rr == cname || may_stand_beside_cname(rr->type))
            continue;
        zone_fault_add(zone, rr->line > cname->line ? rr->line : cname->line,
                       "\"%s.\" has a CNAME (line %d) and also %s (line %d); no other record "
                       "may exist beside a CNAME, remove one",
                       node->name->text, cname->line, dns_type_to_text(zone->arena, rr->type),
                       rr->line);
        return;
    }
}

/* check_dname - one DNAME a name, and nothing below it (RFC 6672, 2.4) */
static void check_dname(struct zone *zone, const struct zone_node *node)
{
    const struct dns_rr *dname = zone_node_first(node, DNS_DNAME);

    for (const struct dns_rr *rr = node->first; dname != NULL && rr != NULL; rr = rr->next)
        if (rr != dname && rr->type == DNS_DNAME)
            zone_fault_add(zone, rr->line, "a second DNAME of \"%s.\"; remove one",
                           node->name->text);
    if (node->first == NULL)
        return;
    for (const struct zone_node *above = node->parent; above; above = above->parent)
        if (above->has_dname)
            zone_fault_add(zone, node->first->line,
                           "\"%s.\" is below the DNAME of \"%s.\" and will not be answered; "
                           "remove it",
                           node->name->text, above->name->text);
}

/* place_alias - a name whose addresses somebody else makes */
static void place_alias(struct zone *zone, const struct zone_remark *alias)
{
    if (dns_name_is_below(alias->owner, zone->apex))
        node_in(zone, &zone->names, alias->owner)->alias = alias;
}

void zone_index(struct zone *zone)
{
    struct dns_rr *next = NULL;

    for (struct dns_rr *rr = zone->records; rr != NULL; rr = next) {
        next = rr->next;
        zone_index_place(zone, rr);
    }
    zone->records = zone->last_record = NULL;
    /* the apex exists even if only names below it have records */
    node_in(zone, &zone->names, zone->apex);
    for (const struct zone_remark *alias = zone->aliases.first; alias != NULL;
         alias = alias->next)
        place_alias(zone, alias);
    zone_link(zone);
    for (const struct zone_node *node = zone->nodes; node != NULL; node = node->next) {
        check_alone(zone, node);
        check_dname(zone, node);
    }
    zone_index_denials(zone);
}
