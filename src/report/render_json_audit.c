/* What is published, whatever message there is: mx, dnssec, ptr here; SPF in render_json_spf.c,
 * DKIM and DMARC in render_json_record.c, TLS and the logo in render_json_transport.c. */
#include "report/render_json.h"
#include "report/render_providers.h"

/* status_word - of an answer; NULL gives null */
static json_t *status_word(const struct dns_answer *answer)
{
    return answer == NULL ? json_null() : json_string(dns_status_to_text(answer->status));
}

/* add_addresses - the addresses of an answer to an array */
static void add_addresses(struct arena *arena, json_t *array, const struct dns_answer *answer)
{
    const struct dns_rr *rr = answer != NULL ? dns_answer_first(answer) : NULL;

    for (; rr != NULL; rr = dns_answer_next(answer, rr))
        if (rr->address != NULL)
            json_array_append_new(array,
                                  render_json_text(arena, ip_to_text(arena, rr->address)));
}

/* mx_object - where mail for the domain goes */
static json_t *mx_object(struct arena *arena, const struct domain_facts *domain)
{
    json_t *object = NULL;
    json_t *hosts = NULL;

    if (domain->mx == NULL)
        return json_null();
    object = json_object();
    hosts = json_array();
    json_object_set_new(object, "status", status_word(domain->mx));
    json_object_set_new(object, "null_mx", json_boolean(domain->is_null_mx));
    for (const struct mx_host *host = domain->mx_hosts; host != NULL; host = host->next) {
        json_t *one = json_object();
        json_t *addresses = json_array();

        add_addresses(arena, addresses, host->a);
        add_addresses(arena, addresses, host->aaaa);
        json_object_set_new(one, "preference", json_integer(host->preference));
        json_object_set_new(one, "host", render_json_name(arena, host->host));
        json_object_set_new(one, "a", status_word(host->a));
        json_object_set_new(one, "aaaa", status_word(host->aaaa));
        json_object_set_new(one, "addresses", addresses);
        json_array_append_new(hosts, one);
    }
    json_object_set_new(object, "hosts", hosts);
    return object;
}

/* authenticated - was the answer validated by a trusted resolver; null when there is none */
static json_t *authenticated(const struct dns_answer *answer)
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

    json_object_set_new(object, "mx", authenticated(domain->mx));
    json_object_set_new(object, "spf", authenticated(domain->txt));
    json_object_set_new(object, "dmarc",
                        authenticated(has_step ? walk->steps[0].answer : NULL));
    json_object_set_new(object, "soa", authenticated(domain->soa));
    json_object_set_new(object, "ns", authenticated(domain->ns));
    render_json_dnssec(object, arena, &domain->dnssec);
    return object;
}

/* ptr_object - the names of the client's address; null without an address */
static json_t *ptr_object(struct arena *arena, const struct facts *facts)
{
    const struct dns_answer *ptr = facts->client_ptr;
    json_t *object = NULL;
    json_t *names = NULL;

    if (ptr == NULL)
        return json_null();
    object = json_object();
    names = json_array();
    for (const struct dns_rr *rr = dns_answer_first(ptr); rr; rr = dns_answer_next(ptr, rr))
        json_array_append_new(names, render_json_name(arena, rr->target));
    json_object_set_new(object, "status", status_word(ptr));
    json_object_set_new(object, "names", names);
    json_object_set_new(object, "confirmed", json_boolean(facts->client_ptr_confirmed));
    return object;
}

json_t *render_json_audit(struct arena *arena, const struct facts *facts)
{
    static const char *const parked[] = {NULL, "declared", "null_mx", "spf"};
    const struct domain_facts *domain = &facts->domain;
    json_t *object = json_object();

    json_object_set_new(object, "mx", mx_object(arena, domain));
    json_object_set_new(object, "spf", render_json_audit_spf(arena, domain));
    json_object_set_new(object, "dkim", render_json_audit_dkim(arena, domain));
    json_object_set_new(object, "dmarc", render_json_audit_dmarc(arena, facts));
    json_object_set_new(object, "mta_sts", render_json_audit_mta_sts(arena, domain));
    json_object_set_new(object, "tls_rpt", render_json_audit_tls_rpt(arena, domain));
    json_object_set_new(object, "dane", render_json_audit_dane(arena, domain));
    json_object_set_new(object, "dnssec", dnssec_object(arena, domain));
    json_object_set_new(object, "bimi", render_json_audit_bimi(arena, domain));
    json_object_set_new(object, "ptr", ptr_object(arena, facts));
    json_object_set_new(object, "providers", render_json_providers_seen(arena, domain));
    json_object_set_new(object, "parked", render_json_text(arena, parked[domain->parked]));
    return object;
}
