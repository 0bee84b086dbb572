/* The records of DKIM and DMARC as the audit sees them. */
#include "base/arena.h"
#include "model/dmarc_verdict.h"
#include "model/dns_answer.h"
#include "model/facts.h"
#include "model/rec_dkim.h"
#include "model/rec_dmarc.h"
#include "model/report.h"
#include "render/render_json.h"

/* ---- DKIM ---- */

/* selector_object - one selector that was asked for */
static json_t *selector_object(struct arena *arena, const struct selector_facts *selector)
{
    static const char *const origins[] = {"option",   "signature", "reports",
                                          "provider", "common",    "wildcard"};
    const struct rec_dkim_key *key = selector->key;

    return json_pack(
        "{s:o, s:o, s:s, s:o, s:o, s:o, s:s?, s:o, s:o, s:o, s:o}", "selector",
        render_json_name(arena, selector->selector), "domain",
        render_json_name(arena, selector->domain), "origin", origins[selector->origin],
        "provider",
        render_json_text(arena,
                         selector->usual != NULL ? selector->usual->provider->name : NULL),
        "alias_of", render_json_name(arena, selector->target), "hosted_by",
        render_json_text(arena, selector->host != NULL ? selector->host->name : NULL), "status",
        selector->answer == NULL ? NULL : dns_status_to_text(selector->answer->status),
        "key_bits", render_json_number(selector->key_bits), "testing",
        key == NULL ? json_null() : json_boolean(key->is_testing), "revoked",
        key == NULL ? json_null() : json_boolean(key->is_revoked), "record",
        render_json_joined(arena, selector->rr));
}

/* domainkey_object - what the name above all selectors says of those that nobody asked for */
static json_t *domainkey_object(struct arena *arena, const struct dns_answer *below)
{
    if (below == NULL)
        return json_null();
    return json_pack("{s:o, s:s, s:o}", "name", render_json_name(arena, below->question.name),
                     "status", dns_status_to_text(below->status), "proves_no_selector",
                     dns_status_is_answer(below->status)
                         ? json_boolean(dns_answer_is_empty_below(below))
                         : json_null());
}

json_t *render_json_audit_dkim(struct arena *arena, const struct domain_facts *domain)
{
    json_t *selectors = NULL;

    if (domain->name == NULL)
        return json_null();
    selectors = json_array();
    for (const struct selector_facts *one = domain->selectors; one != NULL; one = one->next)
        json_array_append_new(selectors, selector_object(arena, one));
    return json_pack("{s:o, s:o}", "selectors", selectors, "domainkey",
                     domainkey_object(arena, domain->domainkey));
}

/* ---- DMARC ---- */

/* report_object - one report address */
static json_t *report_object(struct arena *arena, const struct auth_dmarc_report *report)
{
    return json_pack("{s:s, s:o, s:b, s:o, s:o}", "tag", report->is_failure ? "ruf" : "rua",
                     "uri", render_json_span(arena, report->uri->text), "external",
                     report->is_external, "authorized",
                     !report->is_external || report->is_undetermined
                         ? json_null()
                         : json_boolean(report->is_authorised),
                     "deliverable",
                     report->mx == NULL || report->mail_trouble != NULL
                         ? json_null()
                         : json_boolean(!report->takes_no_mail));
}

/* json_record_step_object - one question of the walk */
static json_t *json_record_step_object(struct arena *arena, const struct auth_dmarc_step *step)
{
    return json_pack(
        "{s:o, s:s, s:I, s:o}", "name",
        render_json_text(arena, arena_printf(arena, "_dmarc.%s", step->domain->text)), "status",
        dns_status_to_text(step->answer->status), "records", (json_int_t)step->record_count,
        "record", render_json_joined(arena, step->rr));
}

json_t *render_json_audit_dmarc(struct arena *arena, const struct report *report)
{
    const struct domain_facts *domain = &report->facts->domain;
    const struct auth_dmarc_policy *policy = domain->dmarc;
    const struct auth_dmarc_step *step = policy != NULL ? policy->step : NULL;
    json_t *walk = NULL;
    json_t *reports = NULL;

    if (policy == NULL)
        return json_null();
    walk = json_array();
    reports = json_array();
    for (size_t i = 0; policy->walk != NULL && i < policy->walk->step_count; i++)
        json_array_append_new(walk, json_record_step_object(arena, &policy->walk->steps[i]));
    for (const struct auth_dmarc_report *one = domain->reports; one != NULL; one = one->next)
        json_array_append_new(reports, report_object(arena, one));
    return json_pack(
        "{s:o, s:o, s:s?, s:o, s:o, s:b, s:b, s:o, s:o, s:o, s:o}", "record",
        render_json_joined(arena, step != NULL ? step->rr : NULL), "record_domain",
        render_json_name(arena, step != NULL ? step->domain : NULL), "policy",
        step != NULL ? rec_dmarc_policy_to_text(policy->policy) : NULL, "tag",
        render_json_text(arena, step != NULL ? auth_dmarc_tag_to_text(policy->tag) : NULL),
        "testing",
        step != NULL && step->rr != NULL && step->record != NULL
            ? json_boolean(step->record->is_testing)
            : json_null(),
        "domain_exists", policy->domain_exists, "undetermined", policy->is_undetermined,
        "reason", render_json_text(arena, policy->reason), "walk", walk, "reports", reports,
        "spoof", render_json_spoof(arena, report));
}
