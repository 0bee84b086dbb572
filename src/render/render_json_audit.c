/* What is published, whatever message there is: mx and dnssec here; SPF in render_json_spf.c,
 * DKIM and DMARC in render_json_record.c, TLS and the logo in render_json_transport.c, names of
 * addresses and zones in render_json_zone.c. */
#include "base/arena.h"
#include "model/dmarc_verdict.h"
#include "model/dns_answer.h"
#include "model/facts.h"
#include "model/report.h"
#include "render/render_json.h"
#include "render/render_providers.h"

/* json_audit_mx_object - where mail for the domain goes */
static json_t *json_audit_mx_object(struct arena *arena, const struct domain_facts *domain)
{
    json_t *hosts = NULL;

    if (domain->mx == NULL)
        return json_null();
    hosts = json_array();
    for (const struct mx_host *host = domain->mx_hosts; host != NULL; host = host->next) {
        json_t *one = json_pack("{s:I, s:o}", "preference", (json_int_t)host->preference,
                                "host", render_json_name(arena, host->host));
        render_json_addresses(one, arena, host->a, host->aaaa);
        json_array_append_new(hosts, one);
    }
    return json_pack("{s:o, s:b, s:o}", "status", render_json_status(domain->mx), "null_mx",
                     domain->is_null_mx, "hosts", hosts);
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

    return json_pack(
        "{s:o, s:o, s:o, s:o, s:o, s:o}", "mx", json_audit_authenticated(domain->mx), "spf",
        json_audit_authenticated(domain->txt), "dmarc",
        json_audit_authenticated(has_step ? walk->steps[0].answer : NULL), "soa",
        json_audit_authenticated(domain->soa), "ns", json_audit_authenticated(domain->ns),
        "chain", render_json_dnssec(arena, &domain->dnssec));
}

json_t *render_json_audit(struct arena *arena, const struct report *report)
{
    static const char *const parked[] = {NULL, "declared", "null_mx", "spf"};
    const struct facts *facts = report->facts;
    const struct domain_facts *domain = &facts->domain;

    return json_pack(
        "{s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "mx",
        json_audit_mx_object(arena, domain), "spf", render_json_audit_spf(arena, domain),
        "dkim", render_json_audit_dkim(arena, domain), "dmarc",
        render_json_audit_dmarc(arena, report), "mta_sts",
        render_json_audit_mta_sts(arena, domain), "tls_rpt",
        render_json_audit_tls_rpt(arena, domain), "dane", render_json_audit_dane(arena, domain),
        "dnssec", dnssec_object(arena, domain), "bimi", render_json_audit_bimi(arena, domain),
        "ptr", render_json_audit_ptr(arena, facts), "soa",
        render_json_audit_soa(arena, domain->zones), "ns",
        render_json_audit_ns(arena, domain->zones), "providers",
        render_json_providers_seen(arena, domain), "parked",
        render_json_text(arena, parked[domain->parked]));
}
