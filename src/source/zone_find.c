/*
 * The algorithm of RFC 1034, 4.3.2 with the wildcards of RFC 4592: find the closest
 * encloser (the longest existing name at or above the one asked for), look whether
 * authority ends above it, then take what matches: the name itself, the DNAME above it,
 * the wildcard next to it, or nothing. A CNAME starts over with its target.
 */
#include <string.h>

#include "base/limits.h"
#include "base/must.h"
#include "dns/dns_proofs.h"
#include "source/zone_private.h"

#define WILDCARD_PREFIX "*."

/* where a name is found */
struct match {
    struct span encloser;          /* the closest encloser */
    const struct zone_node *node;  /* the records of the name, or of a wildcard; or NULL */
    const struct zone_node *cut;   /* the delegation at or above the name */
    const struct zone_node *dname; /* the name above that has a DNAME */
    bool is_inside;                /* of the zone; else nothing above is set */
    bool is_apex;
    bool is_exact; /* the name exists */
};

/* a name that exists and has no records */
static const struct zone_node no_records = {0};

/* one answer being made */
struct search {
    const struct zone *zone;
    struct arena *arena;
    struct dns_answer *answer;
    struct zone_reply reply; /* with the answer */
    struct dns_rr *last;
    unsigned links; /* of the CNAME chain */
};

/* encloser_of - the longest name at or above that exists, as text */
static struct span encloser_of(const struct zone *zone, const struct dns_name *name)
{
    struct span key = dns_name_key(name);

    for (unsigned more = name->labels - zone_encloser(zone, name); more > 0; more--)
        key = dns_name_key_above(key);
    return key;
}

/* node_at - what is at a name; NULL: it does not exist */
static const struct zone_node *node_at(const struct zone *zone, const struct dns_name *name)
{
    const struct zone_node *node = dns_name_table_find(&zone->names, dns_name_key(name));

    if (node == NULL && zone_encloser(zone, name) == name->labels)
        node = &no_records;
    return node;
}

/* wildcard_at - what is at "*." before the encloser */
static const struct zone_node *wildcard_at(const struct search *search, struct span encloser)
{
    const char *text = encloser.len == 0 ? "*"
                                         : arena_printf(search->arena, WILDCARD_PREFIX "%.*s",
                                                        SPAN_ARG(encloser));
    const struct dns_name *name = dns_name_from_text(search->arena, text);

    return name != NULL ? node_at(search->zone, name) : NULL; /* NULL: too long to exist */
}

/* highest_cut - the delegation nearest to the apex, at or above the node */
static const struct zone_node *highest_cut(const struct zone_node *node)
{
    const struct zone_node *cut = NULL;

    for (; node != NULL && node->parent != NULL; node = node->parent)
        if (node->has_ns)
            cut = node;
    return cut;
}

/* dname_above - the DNAME nearest to the apex, at the node or above */
static const struct zone_node *dname_above(const struct zone_node *node)
{
    const struct zone_node *dname = NULL;

    for (; node != NULL; node = node->parent)
        if (node->has_dname)
            dname = node;
    return dname;
}

/* look_up - where the name is, and what rules there */
static struct match look_up(const struct search *search, const struct dns_name *name)
{
    const struct zone *zone = search->zone;
    const struct zone_node *nearest = NULL;
    struct match match = {0};

    if (!dns_name_is_below(name, zone->apex))
        return match;
    match.is_inside = true;
    match.is_apex = name->labels == zone->apex->labels;
    nearest = zone_nearest(zone, dns_name_key(name));
    match.node = node_at(zone, name);
    match.is_exact = match.node != NULL;
    match.encloser = match.is_exact ? dns_name_key(name) : encloser_of(zone, name);
    match.cut = highest_cut(nearest);
    must(nearest != NULL); /* the apex is above every name inside */
    match.dname = dname_above(match.node == nearest ? nearest->parent : nearest);
    if (!match.is_exact)
        match.node = wildcard_at(search, match.encloser);
    return match;
}

/* zone_find_add_record - a record under the name asked for; from a wildcard its owner
 * changes */
static struct dns_rr *zone_find_add_record(struct search *search, const struct dns_rr *rr,
                                           const struct dns_name *owner)
{
    struct dns_answer *answer = search->answer;
    struct dns_rr *copy = arena_new_of(search->arena, struct dns_rr);
    const char *after_owner = strchr(rr->text, '\t');

    *copy = *rr;
    copy->next = NULL;
    if (!dns_name_equal(owner, rr->owner) && after_owner != NULL) {
        copy->owner = owner;
        copy->text = arena_printf(search->arena, "%s.%s", owner->text, after_owner);
    }
    if (search->last == NULL)
        answer->records = copy;
    else
        search->last->next = copy;
    search->last = copy;
    answer->record_count++;
    if (!answer->has_ttl || copy->ttl < answer->ttl)
        answer->ttl = copy->ttl;
    answer->has_ttl = true;
    return copy;
}

/* zone_find_absent - the answer is that there is nothing */
static void zone_find_absent(struct search *search, enum dns_status status)
{
    struct dns_answer *answer = search->answer;

    answer->status = status;
    if (!search->zone->has_soa)
        return;
    if (!answer->has_ttl || search->zone->negative_ttl < answer->ttl)
        answer->ttl = search->zone->negative_ttl;
    answer->has_ttl = true;
}

/* zone_find_synthesise - the CNAME that a DNAME makes for a name below it (RFC 6672, 3.1);
 * NULL if the name would be too long */
static struct dns_rr *zone_find_synthesise(struct search *search, const struct dns_rr *dname,
                                           const struct dns_name *name)
{
    struct dns_rr *cname = arena_new_of(search->arena, struct dns_rr);
    size_t below = name->len - dname->owner->len;
    const char *prefix = NULL;

    if (dname->owner->len > 0)
        below--; /* the dot between */
    prefix = arena_strdup_span(search->arena, span_make(name->text, below));
    *cname = *dname;
    cname->owner = name;
    cname->type = DNS_CNAME;
    cname->target = dns_name_prepend(search->arena, prefix, dname->target);
    cname->next = NULL;
    if (cname->target == NULL)
        return NULL;
    cname->text = arena_printf(search->arena, "%s.\t%u\tIN\tCNAME\t%s.", name->text,
                               (unsigned)dname->ttl, cname->target->text);
    return cname;
}

/* zone_find_fail - the zone cannot answer this */
static void zone_find_fail(struct search *search, enum dns_status status, const char *detail)
{
    search->answer->status = status;
    search->answer->detail = detail;
    search->answer->has_ttl = false;
    search->answer->ttl = 0;
}

/* zone_find_outside - the name is not this zone's: at the end of a chain the asker goes on
 * elsewhere */
static void zone_find_outside(struct search *search, const struct match *match)
{
    if (search->links > 0)
        search->answer->status = DNS_OK;
    else if (match->is_inside && match->cut == NULL)
        zone_find_fail(search, DNS_UNKNOWN,
                       arena_printf(search->arena, "DS of %s. belongs to the zone above",
                                    search->zone->apex->text));
    else if (match->cut == NULL)
        zone_find_fail(
            search, DNS_UNKNOWN,
            arena_printf(search->arena, "not in the zone %s.", search->zone->apex->text));
    else
        zone_find_fail(search, DNS_UNKNOWN,
                       arena_printf(search->arena, "delegated at %.*s.",
                                    SPAN_ARG(dns_name_key(match->cut->name))));
}

/* zone_find_take - add what the node has for the type; returns the target if it is a CNAME
 * instead */
static const struct dns_name *zone_find_take(struct search *search, const struct match *match,
                                             const struct dns_name *name)
{
    enum dns_type type = search->answer->question.type;
    struct dns_rr *rr = zone_node_first(match->node, type);

    if (!match->is_exact) /* a wildcard: the name itself is absent */
        zone_add_denials(&search->reply, name, match->encloser);
    if (rr == NULL && match->node->alias != NULL && (type == DNS_A || type == DNS_AAAA)) {
        zone_find_fail(search, DNS_UNKNOWN,
                       arena_printf(search->arena, "ALIAS to %s; the DNS provider looks it up",
                                    match->node->alias->text));
        return NULL;
    }
    if (rr == NULL && (rr = zone_node_first(match->node, DNS_CNAME)) != NULL) {
        zone_add_signatures(&search->reply, match->node, DNS_CNAME, name);
        return zone_find_add_record(search, rr, name)->target;
    }
    if (rr == NULL) {
        if (match->is_exact)
            zone_add_denials(&search->reply, name, match->encloser);
        zone_find_absent(search, DNS_NODATA);
        return NULL;
    }
    zone_add_signatures(&search->reply, match->node, type, name);
    for (; rr != NULL; rr = rr->next)
        if (rr->type == type)
            zone_find_add_record(search, rr, name);
    search->answer->status = DNS_OK;
    return NULL;
}

/* speaks_of - the zone answers this question: below a delegation it does not, and at one only
 * about DS, which is the parent's (RFC 4035, 3.1.4.1), as that of the apex is, and about NS,
 * which is the delegation */
static bool speaks_of(const struct match *match, enum dns_type type)
{
    bool is_cut = match->is_exact && match->cut == match->node;

    if (!match->is_inside)
        return false;
    if (type == DNS_NS && match->cut != NULL && is_cut)
        return true;
    if (type != DNS_DS || !match->is_exact)
        return match->cut == NULL;
    return !match->is_apex && (match->cut == NULL || is_cut);
}

/* zone_find_step - answer for one name of the chain; returns the next one */
static const struct dns_name *zone_find_step(struct search *search, const struct dns_name *name)
{
    struct match match = look_up(search, name);
    struct dns_rr *cname = NULL;

    if (!speaks_of(&match, search->answer->question.type)) {
        zone_find_outside(search, &match);
        return NULL;
    }
    if (match.dname != NULL) {
        cname = zone_find_synthesise(search, zone_node_first(match.dname, DNS_DNAME), name);
        if (cname == NULL) {
            zone_find_fail(search, DNS_SERVFAIL,
                           "a DNAME makes a name that is too long (RFC 6672, 2.2)");
            return NULL;
        }
        zone_add_signatures(&search->reply, match.dname, DNS_DNAME, match.dname->name);
        return zone_find_add_record(search, cname, name)->target;
    }
    if (match.node != NULL)
        return zone_find_take(search, &match, name);
    zone_add_denials(&search->reply, name, match.encloser);
    zone_find_absent(search, DNS_NXDOMAIN);
    return NULL;
}

/* is_circle - the chain has been at this name before */
static bool is_circle(const struct search *search, const struct dns_name *name)
{
    for (const struct dns_rr *rr = search->answer->records; rr != NULL; rr = rr->next)
        if (dns_name_equal(rr->owner, name))
            return true;
    return false;
}

/* may_follow - resolvers answer SERVFAIL for a chain that is a circle or too long */
static bool may_follow(struct search *search, const struct dns_name *name)
{
    if (is_circle(search, name))
        zone_find_fail(
            search, DNS_SERVFAIL,
            arena_printf(search->arena, "the CNAME chain goes in a circle at %s", name->text));
    else if (++search->links > LIMIT_CNAME_CHAIN)
        zone_find_fail(search, DNS_SERVFAIL,
                       arena_printf(search->arena, "the CNAME chain has more than %d links",
                                    LIMIT_CNAME_CHAIN));
    else
        return true;
    return false;
}

const struct dns_answer *zone_find(struct zone *zone, struct arena *arena,
                                   const struct dns_question *question)
{
    struct dns_answer *answer = arena_new_of(arena, struct dns_answer);
    struct search search = {
        .zone = zone, .arena = arena, .answer = answer, .reply = {zone, arena, NULL}};
    const struct dns_name *name = question->name;

    answer->question = *question;
    answer->source = zone->source;
    if (zone->is_signed)
        search.reply.proofs = arena_new_of(arena, struct dns_proofs);
    do
        name = zone_find_step(&search, name);
    while (name != NULL && may_follow(&search, name));
    if (zone->is_signed)
        answer->proofs = dns_proofs_whole(search.reply.proofs);
    return answer;
}

bool zone_speaks_for_ds(const struct zone *zone, const struct dns_name *name)
{
    struct span above = dns_name_key_above(dns_name_key(name));

    if (!dns_name_is_below(name, zone->apex) || name->labels == zone->apex->labels)
        return false;
    return highest_cut(zone_nearest(zone, above)) == NULL;
}

bool zone_delegates(const struct zone *zone, const struct dns_name *name)
{
    const struct zone_node *node = dns_name_table_find(&zone->names, dns_name_key(name));

    return node != NULL && highest_cut(node) == node;
}

bool zone_speaks_for(const struct zone *zone, const struct dns_name *name)
{
    if (!dns_name_is_below(name, zone->apex))
        return false;
    return highest_cut(zone_nearest(zone, dns_name_key(name))) == NULL;
}
