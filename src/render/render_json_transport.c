/* What the audit knows of MTA-STS, TLS-RPT, DANE and BIMI. */
#include "base/arena.h"
#include "base/span.h"
#include "model/certificate.h"
#include "model/facts.h"
#include "model/https_fact.h"
#include "model/rec_bimi.h"
#include "model/rec_mta_sts.h"
#include "model/rec_mta_sts_policy.h"
#include "model/rec_tls_rpt.h"
#include "model/rec_tlsa.h"
#include "render/render_json.h"

/* text_object - how many records count, and the first of them */
static json_t *text_object(struct arena *arena, const struct text_facts *text)
{
    return json_pack(
        "{s:o, s:o, s:I, s:o}", "name",
        render_json_name(arena, text->answer != NULL ? text->answer->question.name : NULL),
        "status", render_json_status(text->answer), "records", (json_int_t)text->count,
        "record", render_json_joined(arena, text->rr));
}

/* json_transport_validity - is there exactly one usable record; null without one */
static json_t *json_transport_validity(const struct text_facts *text, bool is_fatal)
{
    return text->count == 0 ? json_null() : json_boolean(text->count == 1 && !is_fatal);
}

/* fetched_object - what is known of a URL; null where there is none */
static json_t *fetched_object(struct arena *arena, const struct https_fact *fact)
{
    if (fact == NULL)
        return json_null();
    return json_pack("{s:o, s:s, s:o, s:o, s:o, s:o, s:o}", "url",
                     render_json_span(arena, span_of(fact->url)), "status",
                     https_status_to_text(fact->status), "http_status",
                     render_json_number(fact->http_status), "content_type",
                     render_json_text(arena, fact->content_type), "location",
                     render_json_text(arena, fact->location), "certificate_fault",
                     render_json_text(arena, fact->certificate), "reason",
                     render_json_text(arena, fact->detail));
}

/* json_transport_policy_object - the MTA-STS policy; what it says is null where it was not
 * got */
static json_t *json_transport_policy_object(struct arena *arena,
                                            const struct mta_sts_facts *facts)
{
    const struct rec_mta_sts_policy *policy = facts->policy;
    json_t *object = fetched_object(arena, facts->fetched);
    json_t *patterns = NULL;

    if (facts->fetched == NULL)
        return object;
    patterns = json_array();
    for (const struct rec_mta_sts_mx *mx = policy != NULL ? policy->mx : NULL; mx;
         mx = mx->next)
        json_array_append_new(patterns, render_json_span(arena, mx->text));
    json_object_update_new(
        object,
        json_pack("{s:o, s:s?, s:o, s:o}", "valid",
                  policy == NULL
                      ? json_null()
                      : json_boolean(policy->faults == NULL &&
                                     https_is_served_as(facts->fetched, "text/plain")),
                  "mode",
                  policy == NULL || policy->mode == REC_STS_UNSAID
                      ? NULL
                      : rec_mta_sts_mode_to_text(policy->mode),
                  "max_age",
                  policy == NULL || !policy->has_max_age ? json_null()
                                                         : json_integer(policy->max_age),
                  "mx", patterns));
    return object;
}

/* logo_object - the image that l= names */
static json_t *logo_object(struct arena *arena, const struct bimi_facts *bimi)
{
    json_t *object = fetched_object(arena, bimi->logo);

    if (bimi->logo == NULL)
        return object;
    json_object_update_new(
        object,
        json_pack(
            "{s:o, s:o, s:o}", "octets",
            bimi->svg == NULL ? json_null() : json_integer((json_int_t)bimi->logo->body.len),
            "valid", bimi->svg == NULL ? json_null() : json_boolean(bimi->svg->faults == NULL),
            "title", render_json_text(arena, bimi->svg != NULL ? bimi->svg->title : NULL)));
    return object;
}

/* evidence_object - the certificate that a= names */
static json_t *evidence_object(struct arena *arena, const struct bimi_facts *bimi)
{
    static const struct smtp_certificate none = {0};
    const struct smtp_certificate *certificate =
        bimi->mark != NULL ? &bimi->mark->certificate : &none;
    json_t *object = fetched_object(arena, bimi->evidence);

    if (bimi->evidence == NULL)
        return object;
    json_object_update_new(
        object,
        json_pack("{s:o, s:o, s:o, s:o, s:o, s:o}", "for_marks",
                  bimi->mark == NULL ? json_null() : json_boolean(bimi->mark->is_for_marks),
                  "subject", render_json_text(arena, certificate->subject), "issuer",
                  render_json_text(arena, certificate->issuer), "names",
                  render_json_text(arena, certificate->names), "not_before",
                  render_json_text(arena, certificate->not_before), "not_after",
                  render_json_text(arena, certificate->not_after)));
    return object;
}

/* host_object - where the policy is fetched; null without a record */
static json_t *host_object(struct arena *arena, const struct mta_sts_facts *facts)
{
    if (facts->host_a == NULL)
        return json_null();
    return json_pack(
        "{s:o, s:o, s:o}", "name", render_json_name(arena, facts->host_a->question.name), "a",
        render_json_status(facts->host_a), "aaaa", render_json_status(facts->host_aaaa));
}

json_t *render_json_audit_mta_sts(struct arena *arena, const struct domain_facts *domain)
{
    const struct mta_sts_facts *facts = &domain->mta_sts;
    const struct rec_mta_sts *record = facts->record;
    json_t *object = NULL;

    if (domain->name == NULL)
        return json_null();
    object = text_object(arena, &facts->text);
    json_object_update_new(
        object,
        json_pack(
            "{s:o, s:o, s:o, s:o}", "valid",
            json_transport_validity(&facts->text, record != NULL && record->faults != NULL),
            "id", record == NULL ? json_null() : render_json_value(arena, record->id),
            "policy_host", host_object(arena, facts), "policy",
            json_transport_policy_object(arena, facts)));
    return object;
}

json_t *render_json_audit_tls_rpt(struct arena *arena, const struct domain_facts *domain)
{
    const struct rec_tls_rpt *record = domain->tls_rpt.record;
    json_t *object = NULL;
    json_t *rua = NULL;

    if (domain->name == NULL)
        return json_null();
    object = text_object(arena, &domain->tls_rpt.text);
    rua = json_array();
    if (record != NULL)
        for (const struct rec_tls_rpt_uri *uri = record->rua; uri != NULL; uri = uri->next)
            json_array_append_new(rua, render_json_span(arena, uri->text));
    json_object_update_new(
        object, json_pack("{s:o, s:o}", "valid",
                          json_transport_validity(&domain->tls_rpt.text,
                                                  record != NULL && record->faults != NULL),
                          "rua", rua));
    return object;
}

json_t *render_json_audit_bimi(struct arena *arena, const struct domain_facts *domain)
{
    const struct rec_bimi *record = domain->bimi.record;
    json_t *object = NULL;

    if (domain->name == NULL)
        return json_null();
    object = text_object(arena, &domain->bimi.text);
    json_object_update_new(
        object,
        json_pack(
            "{s:o, s:o, s:o, s:o, s:o, s:o}", "valid",
            json_transport_validity(&domain->bimi.text, record != NULL && record->is_fatal),
            "declined", record == NULL ? json_null() : json_boolean(record->is_declined),
            "location",
            record == NULL ? json_null() : render_json_value(arena, record->location),
            "authority",
            record == NULL ? json_null() : render_json_value(arena, record->authority), "logo",
            logo_object(arena, &domain->bimi), "evidence",
            evidence_object(arena, &domain->bimi)));
    return object;
}

/* ---- DANE ---- */

/* tlsa_object - one TLSA record; numbers are null where it cannot be read */
static json_t *tlsa_object(struct arena *arena, const struct tlsa_facts *facts)
{
    const struct rec_tlsa *record = facts->record;
    bool is_readable = record->is_readable;

    return json_pack("{s:o, s:o, s:o, s:b, s:o}", "usage",
                     is_readable ? json_integer(record->usage) : json_null(), "selector",
                     is_readable ? json_integer(record->selector) : json_null(),
                     "matching_type",
                     is_readable ? json_integer(record->matching) : json_null(), "usable",
                     record->is_usable, "record", render_json_span(arena, record->text));
}

/* dane_host - one mail host */
static json_t *dane_host(struct arena *arena, const struct mx_host *mx)
{
    static const char *const states[] = {"absent", "undetermined", "unverified", "insecure",
                                         "secure"};
    json_t *records = json_array();

    for (const struct tlsa_facts *one = mx->tlsa_records; one != NULL; one = one->next)
        json_array_append_new(records, tlsa_object(arena, one));
    return json_pack("{s:o, s:o, s:o, s:s, s:o, s:o}", "host",
                     render_json_name(arena, mx->host), "name",
                     render_json_name(arena, mx->tlsa != NULL ? mx->tlsa->question.name : NULL),
                     "status", render_json_status(mx->tlsa), "state", states[mx->dane],
                     "reason", render_json_text(arena, mx->dane_reason), "records", records);
}

json_t *render_json_audit_dane(struct arena *arena, const struct domain_facts *domain)
{
    json_t *hosts = NULL;

    if (domain->name == NULL)
        return json_null();
    hosts = json_array();
    for (const struct mx_host *mx = domain->mx_hosts; mx != NULL; mx = mx->next)
        json_array_append_new(hosts, dane_host(arena, mx));
    return json_pack("{s:o}", "hosts", hosts);
}
