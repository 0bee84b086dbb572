/* What is published, whatever message there is: mx and dnssec here; SPF in render_json_spf.c,
 * DKIM and DMARC in render_json_record.c, TLS and the logo in render_json_transport.c, names of
 * addresses and zones in render_json_zone.c. */
#include "render/render_json.h"
#include "render/render_providers.h"

/* json_audit_mx_object - where mail for the domain goes */
static json_t *json_audit_mx_object(struct arena *arena, const struct domain_facts *domain)
{
    json_t *object = NULL;
    json_t *hosts = NULL;

    if (domain->mx == NULL)
        return json_null();
    object = json_object();
    hosts = json_array();
    json_object_set_new(object, "status", render_json_status(domain->mx));
    json_object_set_new(object, "null_mx", json_boolean(domain->is_null_mx));
    for (const struct mx_host *host = domain->mx_hosts; host != NULL; host = host->next) {
        json_t *one = json_object();

        json_object_set_new(one, "preference", json_integer(host->preference));
        json_object_set_new(one, "host", render_json_name(arena, host->host));
        render_json_addresses(one, arena, host->a, host->aaaa);
        json_array_append_new(hosts, one);
    }
    json_object_set_new(object, "hosts", hosts);
    return object;
}

/* json_audit_authenticated - was the answer validated by a trusted resolver; null when
 * there is none */
static json_t *json_audit_authenticated(const struct dns_answer *answer)
{
    return answer != NULL && dns_status_is_answer(answer->status) ? json_boolean(answer->ad)
                                                                  : json_null();
}

/* dnssec_object - which of the central answers were authenticated */
static json_t *dnssec_object(struct arena *arena, const struct domain_facts *domain)
{
    const struct auth_dmarc_walk *walk = domain->dmarc != NULL ? domain->dmarc->walk : NULL;
    bool has_step = walk != NULL && walk->step_count > 0;
    json_t *object = json_object();

    json_object_set_new(object, "mx", json_audit_authenticated(domain->mx));
    json_object_set_new(object, "spf", json_audit_authenticated(domain->txt));
    json_object_set_new(object, "dmarc",
                        json_audit_authenticated(has_step ? walk->steps[0].answer : NULL));
    json_object_set_new(object, "soa", json_audit_authenticated(domain->soa));
    json_object_set_new(object, "ns", json_audit_authenticated(domain->ns));
    render_json_dnssec(object, arena, &domain->dnssec);
    return object;
}

json_t *render_json_audit(struct arena *arena, const struct report *report)
{
    static const char *const parked[] = {NULL, "declared", "null_mx", "spf"};
    const struct facts *facts = report->facts;
    const struct domain_facts *domain = &facts->domain;
    json_t *object = json_object();

    json_object_set_new(object, "mx", json_audit_mx_object(arena, domain));
    json_object_set_new(object, "spf", render_json_audit_spf(arena, domain));
    json_object_set_new(object, "dkim", render_json_audit_dkim(arena, domain));
    json_object_set_new(object, "dmarc", render_json_audit_dmarc(arena, report));
    json_object_set_new(object, "mta_sts", render_json_audit_mta_sts(arena, domain));
    json_object_set_new(object, "tls_rpt", render_json_audit_tls_rpt(arena, domain));
    json_object_set_new(object, "dane", render_json_audit_dane(arena, domain));
    json_object_set_new(object, "dnssec", dnssec_object(arena, domain));
    json_object_set_new(object, "bimi", render_json_audit_bimi(arena, domain));
    json_object_set_new(object, "ptr", render_json_audit_ptr(arena, facts));
    json_object_set_new(object, "soa", render_json_audit_soa(arena, domain->zones));
    json_object_set_new(object, "ns", render_json_audit_ns(arena, domain->zones));
    json_object_set_new(object, "providers", render_json_providers_seen(arena, domain));
    json_object_set_new(object, "parked", render_json_text(arena, parked[domain->parked]));
    return object;
}
