/*
 * Who serves the zones of the domain, and what their SOA records say. All of it is seen through
 * a resolver: which server answered, whether all of them do, and what the parent's delegation
 * says, is hidden behind it. A zone that no server answers for is SERVFAIL (check_dns.c).
 */
#include "base/arena.h"
#include "base/dns_name.h"
#include "base/ip.h"
#include "base/ip_ranges.h"
#include "base/span.h"
#include "check/check_emit.h"
#include "check/check_facts.h"
#include "model/dns_answer.h"
#include "model/dns_soa.h"
#include "model/facts.h"
#include "model/finding.h"

#define NEGATIVE_TTL_MAX 86400 /* "exceeding one day ... problematic": RFC 2308, 5 */

/* what one failure is likely to take away together; RFC 2182, 3.1 names no numbers. Longer
 * prefixes are not routed on the Internet */
#define NETWORK_IPV4 24
#define NETWORK_IPV6 48

/* emit_server - a finding about one name server of a zone */
static struct found *emit_server(struct emitter *out, const struct zone_facts *zone,
                                 const struct name_server *server)
{
    struct finding_where where = where_name(out, zone->name, DNS_NS);
    struct found *found = NULL;

    where.term = server->host->text;
    found = emit(out, where);
    found_name(found, "host", server->host);
    return found;
}

/* ---- name servers ---- */

/* check_dns_one_name_server - when it is away the domain is away */
void check_dns_one_name_server(const struct facts *facts, struct emitter *out)
{
    for (const struct zone_facts *zone = facts->domain.zones; zone; zone = zone->next) {
        const struct dns_rr *rr = dns_answer_first(zone->ns);

        if (rr != NULL && dns_answer_count(zone->ns) == 1)
            found_name(emit(out, where_rr(out, zone->ns, rr)), "host", rr->target);
    }
}

/* check_dns_ns_cname - resolvers do not follow an alias there */
void check_dns_ns_cname(const struct facts *facts, struct emitter *out)
{
    for (const struct zone_facts *zone = facts->domain.zones; zone; zone = zone->next)
        for (const struct name_server *one = zone->servers; one != NULL; one = one->next) {
            const struct dns_name *target = check_alias_target(one->a, one->aaaa);

            if (target != NULL)
                found_name(emit_server(out, zone, one), "target", target);
        }
}

/* check_dns_ns_no_address - a name server that nobody can ask */
void check_dns_ns_no_address(const struct facts *facts, struct emitter *out)
{
    for (const struct zone_facts *zone = facts->domain.zones; zone; zone = zone->next)
        for (const struct name_server *one = zone->servers; one != NULL; one = one->next) {
            const struct dns_answer *failed = check_addresses_failed(one->a, one->aaaa);
            struct finding_where where = where_name(out, zone->name, DNS_NS);

            where.term = one->host->text;
            if (dns_status_is_absent(one->a->status) && dns_status_is_absent(one->aaaa->status))
                emit_server(out, zone, one);
            else if (failed != NULL)
                emit_undetermined(out, where, dns_answer_reason(out->arena, failed));
        }
}

/* the networks that the servers of a zone are in, as far as it matters whether it is one */
struct networks {
    const struct ip_address *first[2]; /* of IPv4, of IPv6; NULL: no address */
    bool is_everywhere[2];             /* every server has an address of the family */
    bool is_one;                       /* those of one family do not differ */
};

/* zone_add_networks - those of one answer about a server */
static void zone_add_networks(struct networks *networks, const struct dns_answer *answer)
{
    size_t family = answer->question.type == DNS_AAAA;
    bool has_address = false;

    if (!dns_status_is_answer(answer->status))
        networks->is_one = false; /* nobody knows */
    for (const struct dns_rr *rr = dns_answer_first(answer); rr != NULL;
         rr = dns_answer_next(answer, rr)) {
        if (rr->address == NULL)
            continue;
        has_address = true;
        if (networks->first[family] == NULL)
            networks->first[family] = rr->address;
        if (!ip_matches(networks->first[family], rr->address,
                        family == 0 ? NETWORK_IPV4 : NETWORK_IPV6))
            networks->is_one = false;
    }
    networks->is_everywhere[family] = networks->is_everywhere[family] && has_address;
}

/* zone_network_text - "192.0.2.0/24 and 2001:db8::/48" */
static const char *zone_network_text(struct arena *arena, const struct networks *networks)
{
    static const unsigned prefixes[] = {NETWORK_IPV4, NETWORK_IPV6};
    const char *text = NULL;

    for (size_t i = 0; i < COUNT_OF(prefixes); i++) {
        struct ip_network network = {.prefix = prefixes[i]};

        if (networks->first[i] == NULL)
            continue;
        network.address.family = networks->first[i]->family;
        for (size_t octet = 0; octet < prefixes[i] / 8; octet++)
            network.address.octets[octet] = networks->first[i]->octets[octet];
        text = arena_printf(arena, "%s%s%s", text != NULL ? text : "",
                            text != NULL ? " and " : "", ip_network_to_text(arena, &network));
    }
    return text;
}

/* check_dns_ns_one_network - several servers that one failure takes away together */
void check_dns_ns_one_network(const struct facts *facts, struct emitter *out)
{
    for (const struct zone_facts *zone = facts->domain.zones; zone; zone = zone->next) {
        struct networks networks = {.is_one = true, .is_everywhere = {true, true}};
        struct found *found = NULL;
        size_t count = 0;

        for (const struct name_server *one = zone->servers; one != NULL; one = one->next) {
            zone_add_networks(&networks, one->a);
            zone_add_networks(&networks, one->aaaa);
            count++;
        }
        /* one with IPv4 and one with IPv6 alone have nothing in common */
        if (count < 2 || !networks.is_one ||
            (!networks.is_everywhere[0] && !networks.is_everywhere[1]))
            continue;
        found = emit(out, where_name(out, zone->name, DNS_NS));
        found_number(found, "count", (int64_t)count);
        found_text(found, "network", zone_network_text(out->arena, &networks));
    }
}

/* check_dns_ns_ipv6_only - resolvers without IPv6 see nothing of the zone */
void check_dns_ns_ipv6_only(const struct facts *facts, struct emitter *out)
{
    for (const struct zone_facts *zone = facts->domain.zones; zone; zone = zone->next) {
        const struct name_server *one = zone->servers;
        bool has_ipv6 = false;

        for (; one != NULL && dns_status_is_absent(one->a->status); one = one->next)
            has_ipv6 = has_ipv6 || one->aaaa->status == DNS_OK;
        if (one == NULL && has_ipv6)
            emit(out, where_name(out, zone->name, DNS_NS));
    }
}

/* ---- SOA ---- */

/* check_dns_soa_missing - a zone always has one */
void check_dns_soa_missing(const struct facts *facts, struct emitter *out)
{
    for (const struct zone_facts *zone = facts->domain.zones; zone; zone = zone->next)
        if (zone->ns->status == DNS_OK && dns_status_is_absent(zone->soa->status))
            emit(out, where_name(out, zone->name, DNS_SOA));
}

/* expire_trouble - what the zone outlives at a secondary too shortly; NULL: nothing */
static const char *expire_trouble(const struct dns_soa *soa)
{
    if (soa->expire <= soa->retry)
        return "before they try again";
    if (soa->expire <= soa->minimum)
        return "before resolvers forget that something is absent";
    return NULL;
}

/* check_dns_soa_expire - one failed try, and a secondary gives up */
void check_dns_soa_expire(const struct facts *facts, struct emitter *out)
{
    for (const struct zone_facts *zone = facts->domain.zones; zone; zone = zone->next) {
        const char *trouble = zone->values != NULL ? expire_trouble(zone->values) : NULL;
        struct found *found = NULL;

        if (trouble == NULL)
            continue;
        found = emit(out, where_rr(out, zone->soa, zone->soa_rr));
        found_number(found, "expire", zone->values->expire);
        found_text(found, "because", trouble);
    }
}

/* check_dns_soa_negative_ttl - a record that is published stays invisible for days */
void check_dns_soa_negative_ttl(const struct facts *facts, struct emitter *out)
{
    for (const struct zone_facts *zone = facts->domain.zones; zone; zone = zone->next)
        if (zone->values != NULL && zone->values->absence > NEGATIVE_TTL_MAX)
            found_number(emit(out, where_rr(out, zone->soa, zone->soa_rr)), "seconds",
                         zone->values->absence);
}
