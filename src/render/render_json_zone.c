/* Names of addresses (PTR), and the zones of the domain: SOA records and name servers. */
#include "base/arena.h"
#include "base/ip.h"
#include "model/dns_answer.h"
#include "model/dns_soa.h"
#include "model/facts.h"
#include "render/render_json.h"

json_t *render_json_status(const struct dns_answer *answer)
{
    return answer == NULL ? json_null() : json_string(dns_status_to_text(answer->status));
}

/* json_zone_add_addresses - the addresses of an answer to an array */
static void json_zone_add_addresses(struct arena *arena, json_t *array,
                                    const struct dns_answer *answer)
{
    const struct dns_rr *rr = answer != NULL ? dns_answer_first(answer) : NULL;

    for (; rr != NULL; rr = dns_answer_next(answer, rr))
        if (rr->address != NULL)
            json_array_append_new(array,
                                  render_json_text(arena, ip_to_text(arena, rr->address)));
}

void render_json_addresses(json_t *object, struct arena *arena, const struct dns_answer *a,
                           const struct dns_answer *aaaa)
{
    json_t *addresses = json_array();

    json_zone_add_addresses(arena, addresses, a);
    json_zone_add_addresses(arena, addresses, aaaa);
    json_object_update_new(object,
                           json_pack("{s:o, s:o, s:o}", "a", render_json_status(a), "aaaa",
                                     render_json_status(aaaa), "addresses", addresses));
}

/* ---- names of addresses ---- */

/* names_object - one address; "confirmed" is null where nobody knows */
static json_t *names_object(struct arena *arena, const struct ptr_facts *names)
{
    json_t *array = json_array();
    bool is_known = names->is_confirmed ||
                    (dns_status_is_answer(names->ptr->status) && names->unknown == NULL);

    for (const struct dns_rr *rr = dns_answer_first(names->ptr); rr != NULL;
         rr = dns_answer_next(names->ptr, rr))
        json_array_append_new(array, render_json_name(arena, rr->target));
    return json_pack("{s:o, s:o, s:o, s:o}", "ip",
                     render_json_text(arena, ip_to_text(arena, &names->ip)), "status",
                     render_json_status(names->ptr), "names", array, "confirmed",
                     is_known ? json_boolean(names->is_confirmed) : json_null());
}

json_t *render_json_audit_ptr(struct arena *arena, const struct facts *facts)
{
    const struct ptr_facts client = {.ip = facts->subject->ip,
                                     .ptr = facts->client_ptr,
                                     .unknown = facts->client_ptr_unknown,
                                     .is_confirmed = facts->client_ptr_confirmed};
    json_t *hosts = json_array();

    for (const struct mx_host *mx = facts->domain.mx_hosts; mx != NULL; mx = mx->next)
        for (const struct ptr_facts *names = mx->names; names != NULL; names = names->next) {
            json_t *one = names_object(arena, names);

            json_object_set_new(one, "host", render_json_name(arena, mx->host));
            json_array_append_new(hosts, one);
        }
    return json_pack("{s:o, s:o, s:I}", "client",
                     client.ptr == NULL ? json_null() : names_object(arena, &client), "mx",
                     hosts, "left_off", (json_int_t)facts->domain.unnamed_addresses);
}

/* ---- zones ---- */

/* soa_object - the SOA record of one name; its fields are null where there is none */
static json_t *soa_object(struct arena *arena, const struct zone_facts *zone)
{
    const struct dns_soa *soa = zone->values;
    json_t *object =
        json_pack("{s:o, s:o, s:o, s:o}", "name", render_json_name(arena, zone->name), "status",
                  render_json_status(zone->soa), "primary",
                  render_json_name(arena, soa ? soa->primary : NULL), "mailbox",
                  render_json_name(arena, soa ? soa->mailbox : NULL));

    json_object_update_new(
        object,
        soa != NULL
            ? json_pack("{s:I, s:I, s:I, s:I, s:I, s:I}", "serial", (json_int_t)soa->serial,
                        "refresh", (json_int_t)soa->refresh, "retry", (json_int_t)soa->retry,
                        "expire", (json_int_t)soa->expire, "minimum", (json_int_t)soa->minimum,
                        "absence", (json_int_t)soa->absence)
            : json_pack("{s:n, s:n, s:n, s:n, s:n, s:n}", "serial", "refresh", "retry",
                        "expire", "minimum", "absence"));
    return object;
}

/* ns_object - the name servers of one name */
static json_t *ns_object(struct arena *arena, const struct zone_facts *zone)
{
    json_t *servers = json_array();

    for (const struct name_server *one = zone->servers; one != NULL; one = one->next) {
        json_t *server = json_pack("{s:o}", "host", render_json_name(arena, one->host));

        render_json_addresses(server, arena, one->a, one->aaaa);
        json_array_append_new(servers, server);
    }
    return json_pack("{s:o, s:o, s:o}", "name", render_json_name(arena, zone->name), "status",
                     render_json_status(zone->ns), "servers", servers);
}

/* zones_array - an object for each zone */
static json_t *zones_array(struct arena *arena, const struct zone_facts *zone,
                           json_t *(*object)(struct arena *arena,
                                             const struct zone_facts *zone))
{
    json_t *array = zone == NULL ? json_null() : json_array();

    for (; zone != NULL; zone = zone->next)
        json_array_append_new(array, object(arena, zone));
    return array;
}

json_t *render_json_audit_soa(struct arena *arena, const struct zone_facts *zone)
{
    return zones_array(arena, zone, soa_object);
}

json_t *render_json_audit_ns(struct arena *arena, const struct zone_facts *zone)
{
    return zones_array(arena, zone, ns_object);
}
