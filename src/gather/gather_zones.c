/*
 * The zones that answer for the domain: its own name and its organizational domain, where the
 * DMARC policy usually is. Other names on the way may be zones too; most domains have one.
 * What mail rests on are the records, not who serves them, so this is evidence.
 */
#include "base/limits.h"
#include "gather/gather_private.h"
#include "ledger/ledger.h"
#include "model/dns_soa.h"

static const void *parse_soa(struct arena *arena, const struct dns_rr *rr)
{
    struct dns_soa *soa = arena_new_of(arena, struct dns_soa);

    return dns_soa_parse(arena, rr, soa) ? soa : NULL;
}

/* add_servers - of a zone, with their addresses */
static void add_servers(const struct gather_work *work, struct zone_facts *zone)
{
    struct name_server **tail = &zone->servers;
    size_t count = 0;

    for (const struct dns_rr *rr = dns_answer_first(zone->ns);
         rr != NULL && count < LIMIT_NAME_SERVERS; rr = dns_answer_next(zone->ns, rr)) {
        struct name_server *server = NULL;

        if (rr->target == NULL)
            continue;
        server = arena_new_of(work->arena, struct name_server);
        server->host = rr->target;
        server->a = ledger_ask_aside(work->ledger, rr->target, DNS_A);
        server->aaaa = ledger_ask_aside(work->ledger, rr->target, DNS_AAAA);
        *tail = server;
        tail = &server->next;
        count++;
    }
}

/* zones_zone_of - what is known of one name as a zone */
static struct zone_facts *zones_zone_of(const struct gather_work *work,
                                        const struct dns_name *name,
                                        const struct dns_answer *soa,
                                        const struct dns_answer *ns)
{
    struct zone_facts *zone = arena_new_of(work->arena, struct zone_facts);
    const struct dns_rr *rr = dns_answer_first(soa);

    zone->name = name;
    zone->soa = soa;
    zone->ns = ns;
    if (rr != NULL)
        zone->values = ledger_parsed(work->ledger, rr, parse_soa);
    zone->soa_rr = zone->values != NULL ? rr : NULL;
    add_servers(work, zone);
    return zone;
}

void gather_zones(const struct gather_work *work, struct domain_facts *domain)
{
    const struct auth_dmarc_walk *walk = domain->dmarc->walk;
    const struct dns_name *above = NULL;

    domain->zones = zones_zone_of(work, domain->name, domain->soa, domain->ns);
    if (walk == NULL || walk->is_pending || walk->is_undetermined)
        return;
    above = walk->organizational_domain;
    if (above == NULL || dns_name_equal(above, domain->name))
        return;
    domain->zones->next =
        zones_zone_of(work, above, ledger_ask_aside(work->ledger, above, DNS_SOA),
                      ledger_ask_aside(work->ledger, above, DNS_NS));
}
