/*
 * Documents on HTTPS: the MTA-STS policy, and the documents of BIMI. What was not fetched
 * is one remark for all; what could not be is undetermined once, at the finding about fetching,
 * and all that speaks of the contents keeps silent.
 */
#include "base/arena.h"
#include "base/escape.h"
#include "base/fault.h"
#include "base/limits.h"
#include "base/span.h"
#include "check/check_emit.h"
#include "model/certificate.h"
#include "model/facts.h"
#include "model/finding.h"
#include "model/https_fact.h"
#include "model/rec_mta_sts_policy.h"

#define HTTP_NOT_FOUND 404                /* RFC 9110, 15.5.5 */
#define HTTP_GONE      410                /* RFC 9110, 15.5.11 */
#define AGE_SHORT      (7 * 24 * 60 * 60) /* RFC 8461, 10.2 speaks of weeks */
#define LOGO_BYTES_MAX (32 * 1024)        /* draft-svg-tiny-ps-abrotman */
#define URLS_SHOWN     3
#define HOSTS_SHOWN    10

/* where_url - what was fetched */
static struct finding_where where_url(const struct https_fact *fact)
{
    return (struct finding_where){.name = fact->url, .type = "HTTPS"};
}

/* https_is_unasked - nobody was asked */
static bool https_is_unasked(const struct https_fact *fact)
{
    return fact != NULL && fact->status == HTTPS_UNKNOWN;
}

/* check_https_not_asked - what is left open because nothing was fetched */
void check_https_not_asked(const struct facts *facts, struct emitter *out)
{
    const struct domain_facts *domain = &facts->domain;
    const struct https_fact *all[] = {domain->mta_sts.fetched, domain->bimi.logo,
                                      domain->bimi.evidence};
    struct check_list list = check_list_start(out->arena, URLS_SHOWN);
    const struct https_fact *first = NULL;

    for (size_t i = 0; i < COUNT_OF(all); i++) {
        if (!https_is_unasked(all[i]))
            continue;
        first = first == NULL ? all[i] : first;
        check_list_add(&list,
                       escape_to_text(out->arena, span_of(all[i]->url), LIMIT_SHOWN_BYTES));
    }
    if (first != NULL)
        found_text(emit(out, where_url(first)), "urls", check_list_text(&list));
}

/* because_of - why there is no body, as words */
static const char *because_of(struct arena *arena, const struct https_fact *fact)
{
    if (fact->status == HTTPS_REDIRECT)
        return arena_printf(arena, "it is redirected to %s",
                            fact->location != NULL ? fact->location : "nowhere");
    return fact->detail != NULL ? fact->detail : https_status_to_text(fact->status);
}

/* emit_failure - nobody answered: undetermined; true if so */
static bool emit_failure(struct emitter *out, const struct https_fact *fact)
{
    if (!https_is_failure(fact->status))
        return false;
    emit_undetermined(out, where_url(fact), because_of(out->arena, fact));
    return true;
}

/* ---- MTA-STS ---- */

/* https_fetched - what was fetched for a domain with one usable record; NULL: nothing to
 * judge */
static const struct https_fact *https_fetched(const struct facts *facts)
{
    const struct mta_sts_facts *mta_sts = &facts->domain.mta_sts;

    if (mta_sts->text.count != 1 || mta_sts->fetched == NULL ||
        mta_sts->fetched->status == HTTPS_UNKNOWN)
        return NULL;
    return mta_sts->fetched;
}

/* usable_policy - a policy that senders go by, whatever it says; NULL */
static const struct rec_mta_sts_policy *usable_policy(const struct facts *facts)
{
    const struct rec_mta_sts_policy *policy = facts->domain.mta_sts.policy;

    return https_fetched(facts) != NULL && policy != NULL && !policy->is_fatal ? policy : NULL;
}

/* is_missing - the server says that there is none */
static bool is_missing(const struct https_fact *fact)
{
    return fact->status == HTTPS_STATUS &&
           (fact->http_status == HTTP_NOT_FOUND || fact->http_status == HTTP_GONE);
}

/* emit_policy - a finding about the policy */
static struct found *emit_policy(struct emitter *out)
{
    const struct domain_facts *domain = &out->facts->domain;
    struct found *found = emit(out, where_url(domain->mta_sts.fetched));

    found_name(found, "domain", domain->name);
    return found;
}

/* check_mta_sts_policy_fetch - what keeps senders from the policy, and has no finding of its
 * own */
void check_mta_sts_policy_fetch(const struct facts *facts, struct emitter *out)
{
    const struct https_fact *fact = https_fetched(facts);

    if (fact == NULL || fact->status == HTTPS_OK || fact->status == HTTPS_NO_ADDRESS ||
        fact->status == HTTPS_REDIRECT || fact->status == HTTPS_CERTIFICATE || is_missing(fact))
        return;
    if (fact->status == HTTPS_UNRESOLVED || emit_failure(out, fact))
        return; /* addresses have a finding of their own */
    found_text(emit_policy(out), "because", because_of(out->arena, fact));
}

/* check_mta_sts_policy_missing - the record promises a policy that is not there */
void check_mta_sts_policy_missing(const struct facts *facts, struct emitter *out)
{
    const struct https_fact *fact = https_fetched(facts);

    if (fact != NULL && is_missing(fact))
        found_number(emit_policy(out), "status", fact->http_status);
}

/* check_mta_sts_policy_redirect - senders follow none */
void check_mta_sts_policy_redirect(const struct facts *facts, struct emitter *out)
{
    const struct https_fact *fact = https_fetched(facts);

    if (fact != NULL && fact->status == HTTPS_REDIRECT)
        found_text(emit_policy(out), "location",
                   fact->location != NULL ? fact->location : "nowhere");
}

/* check_mta_sts_policy_certificate - senders believe no policy from this server */
void check_mta_sts_policy_certificate(const struct facts *facts, struct emitter *out)
{
    const struct https_fact *fact = https_fetched(facts);
    struct found *found = NULL;

    if (fact == NULL || fact->status != HTTPS_CERTIFICATE)
        return;
    found = emit_policy(out);
    found_text(found, "fault", fact->certificate != NULL ? fact->certificate : "other");
    found_text(found, "because", because_of(out->arena, fact));
}

/* check_mta_sts_policy_content_type - not what the standard has it served as */
void check_mta_sts_policy_content_type(const struct facts *facts, struct emitter *out)
{
    const struct https_fact *fact = https_fetched(facts);

    if (fact != NULL && fact->status == HTTPS_OK && !https_is_served_as(fact, "text/plain"))
        found_text(emit_policy(out), "content_type", fact->content_type);
}

/* check_mta_sts_policy_syntax - what makes no sense in it */
void check_mta_sts_policy_syntax(const struct facts *facts, struct emitter *out)
{
    const struct rec_mta_sts_policy *policy = facts->domain.mta_sts.policy;

    if (https_fetched(facts) == NULL || policy == NULL)
        return;
    for (const struct fault *fault = policy->faults; fault != NULL; fault = fault->next)
        found_fault(emit_policy(out), fault);
}

/* check_mta_sts_policy_mode_none - the policy says that there is none */
void check_mta_sts_policy_mode_none(const struct facts *facts, struct emitter *out)
{
    const struct rec_mta_sts_policy *policy = usable_policy(facts);

    if (policy != NULL && policy->mode == REC_STS_NONE)
        emit_policy(out);
}

/* check_mta_sts_policy_mode_testing - failures are reported and nothing else */
void check_mta_sts_policy_mode_testing(const struct facts *facts, struct emitter *out)
{
    const struct rec_mta_sts_policy *policy = usable_policy(facts);

    if (policy != NULL && policy->mode == REC_STS_TESTING)
        emit_policy(out);
}

/* check_mta_sts_policy_mx_uncovered - mail hosts that no pattern names */
void check_mta_sts_policy_mx_uncovered(const struct facts *facts, struct emitter *out)
{
    const struct rec_mta_sts_policy *policy = usable_policy(facts);
    struct check_list list = check_list_start(out->arena, HOSTS_SHOWN);
    struct found *found = NULL;

    if (policy == NULL || policy->mode == REC_STS_NONE)
        return;
    for (const struct mx_host *mx = facts->domain.mx_hosts; mx != NULL; mx = mx->next)
        if (!rec_mta_sts_policy_covers(policy, mx->host))
            check_list_add(&list, mx->host->text);
    if (list.count == 0)
        return;
    found = emit_policy(out);
    found_text(found, "hosts", check_list_text(&list));
    found_text(found, "mode", rec_mta_sts_mode_to_text(policy->mode));
}

/* check_mta_sts_policy_max_age_short - senders forget it before an attacker tires */
void check_mta_sts_policy_max_age_short(const struct facts *facts, struct emitter *out)
{
    const struct rec_mta_sts_policy *policy = usable_policy(facts);

    if (policy != NULL && policy->mode == REC_STS_ENFORCE && policy->max_age < AGE_SHORT)
        found_number(emit_policy(out), "seconds", policy->max_age);
}

/* ---- BIMI ---- */

/* emit_document - a document of BIMI that receivers do not get */
static void emit_document(struct emitter *out, const struct https_fact *fact)
{
    if (fact == NULL || fact->status == HTTPS_OK || fact->status == HTTPS_UNKNOWN ||
        emit_failure(out, fact))
        return;
    found_text(emit(out, where_url(fact)), "because", because_of(out->arena, fact));
}

CHECK_AS(bimi_logo_fetch, emit_document(out, facts->domain.bimi.logo))

/* check_bimi_logo_svg - receivers refuse the image */
void check_bimi_logo_svg(const struct facts *facts, struct emitter *out)
{
    const struct bimi_facts *bimi = &facts->domain.bimi;

    if (bimi->svg == NULL)
        return;
    for (const struct fault *fault = bimi->svg->faults; fault != NULL; fault = fault->next)
        found_fault(emit(out, where_url(bimi->logo)), fault);
}

/* check_bimi_logo_content_type - not said to be an SVG image */
void check_bimi_logo_content_type(const struct facts *facts, struct emitter *out)
{
    const struct https_fact *logo = facts->domain.bimi.logo;

    if (logo != NULL && logo->status == HTTPS_OK && !https_is_served_as(logo, "image/svg+xml"))
        found_text(emit(out, where_url(logo)), "content_type", logo->content_type);
}

/* check_bimi_logo_size - larger than the draft allows */
void check_bimi_logo_size(const struct facts *facts, struct emitter *out)
{
    const struct https_fact *logo = facts->domain.bimi.logo;

    if (logo == NULL || logo->status != HTTPS_OK || logo->body.len <= LOGO_BYTES_MAX)
        return;
    found_number(emit(out, where_url(logo)), "octets", (int64_t)logo->body.len);
}

CHECK_AS(bimi_evidence_fetch, emit_document(out, facts->domain.bimi.evidence))

/* evidence_fault - what is wrong with the certificate; NULL: nothing */
static const char *evidence_fault(struct arena *arena, const struct facts *facts)
{
    const struct smtp_mark *mark = facts->domain.bimi.mark;

    if (mark == NULL)
        return "it contains no certificate in PEM format";
    if (!mark->is_for_marks)
        return arena_printf(arena, "the certificate of %s is none for marks",
                            mark->certificate.subject);
    if (mark->certificate.expires < facts->subject->now)
        return arena_printf(arena, "the certificate expired at %s",
                            mark->certificate.not_after);
    if (!smtp_mark_covers(mark, facts->domain.name->text))
        return arena_printf(arena, "the certificate is for %s", mark->certificate.names_shown);
    return NULL;
}

/* check_bimi_evidence_certificate - the evidence proves nothing */
void check_bimi_evidence_certificate(const struct facts *facts, struct emitter *out)
{
    const struct https_fact *evidence = facts->domain.bimi.evidence;
    const char *fault = NULL;

    if (evidence == NULL || evidence->status != HTTPS_OK)
        return;
    fault = evidence_fault(out->arena, facts);
    if (fault != NULL)
        found_text(emit(out, where_url(evidence)), "because", fault);
}
