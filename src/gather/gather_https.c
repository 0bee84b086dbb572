/*
 * Documents on HTTPS: fetched once the addresses of the host are known. A redirect is
 * one more URL, with one more host.
 */
#include "base/limits.h"
#include "gather/gather_private.h"
#include "ledger/ledger.h"
#include "ledger/ledger_https.h"
#include "model/https_fact.h"
#include "model/rec_mta_sts_policy.h"
#include "model/rec_svg.h"
#include "record/rec_mta_sts_policy.h"
#include "record/rec_svg.h"
#include "record/rec_uri.h"
#include "smtp/smtp_mark.h"

/* https_unasked - a fact that DNS alone decides: the same in every pass */
static const struct https_fact *https_unasked(struct arena *arena, const char *url,
                                              enum https_status status, const char *detail)
{
    struct https_fact *fact = arena_new_of(arena, struct https_fact);

    *fact = (struct https_fact){.url = url, .status = status, .detail = detail};
    return fact;
}

/* fetch_one - one URL, no redirects; NULL while the addresses are wanted */
static const struct https_fact *fetch_one(const struct gather_work *work, const char *url,
                                          size_t max_bytes)
{
    const struct dns_name *host = NULL;
    const char *fault = rec_https_fault(work->arena, span_of(url), &host);
    const struct dns_answer *answers[2];
    bool is_found = false;

    if (fault != NULL)
        return https_unasked(work->arena, url, HTTPS_REFUSED, fault);
    answers[0] = ledger_ask(work->ledger, host, DNS_A);
    answers[1] = ledger_ask(work->ledger, host, DNS_AAAA);
    for (size_t i = 0; i < 2; i++) {
        if (answers[i]->status == DNS_PENDING)
            return NULL;
        is_found = is_found || answers[i]->status == DNS_OK;
    }
    if (is_found)
        return ledger_https_ask(work->ledger, url, host, max_bytes);
    for (size_t i = 0; i < 2; i++)
        if (!dns_status_is_answer(answers[i]->status))
            return https_unasked(work->arena, url, HTTPS_UNRESOLVED,
                                 arena_printf(work->arena, "the addresses of %s: %s",
                                              host->text,
                                              answers[i]->detail != NULL
                                                  ? answers[i]->detail
                                                  : dns_status_to_text(answers[i]->status)));
    return https_unasked(work->arena, url, HTTPS_NO_ADDRESS,
                         arena_printf(work->arena, "%s has no address", host->text));
}

static const struct https_fact *gather_fetch(const struct gather_work *work, const char *url,
                                             size_t max_bytes, unsigned redirects)
{
    const struct https_fact *fact = fetch_one(work, url, max_bytes);

    while (fact != NULL && fact->status == HTTPS_REDIRECT && redirects > 0 &&
           fact->location != NULL) {
        fact = fetch_one(work, fact->location, max_bytes);
        redirects--;
    }
    return fact != NULL && fact->status == HTTPS_PENDING ? NULL : fact;
}

/* gather_policy - the MTA-STS policy; no redirect is followed (RFC 8461, 3.3) */
void gather_policy(const struct gather_work *work, const struct dns_name *host,
                   struct mta_sts_facts *facts)
{
    struct rec_mta_sts_policy *policy = NULL;

    facts->fetched = gather_fetch(
        work, arena_printf(work->arena, "https://%s/.well-known/mta-sts.txt", host->text),
        LIMIT_POLICY_FETCH_BYTES, 0);
    if (facts->fetched == NULL || facts->fetched->status != HTTPS_OK)
        return;
    policy = arena_new_of(work->arena, struct rec_mta_sts_policy);
    rec_mta_sts_policy_parse(work->arena, facts->fetched->body, policy);
    facts->policy = policy;
}

/* fetch_document - one of the two that a BIMI record names; NULL: it names none */
static const struct https_fact *fetch_document(const struct gather_work *work, struct span uri,
                                               size_t max_bytes)
{
    return uri.len > 0 ? gather_fetch(work, arena_strdup_span(work->arena, uri), max_bytes,
                                      LIMIT_REDIRECTS)
                       : NULL;
}

void gather_logo(const struct gather_work *work, struct bimi_facts *bimi)
{
    struct rec_svg *svg = NULL;

    if (bimi->record == NULL || bimi->record->is_fatal || bimi->record->is_declined)
        return;
    bimi->logo = fetch_document(work, bimi->record->location, LIMIT_LOGO_BYTES);
    bimi->evidence = fetch_document(work, bimi->record->authority, LIMIT_FETCH_BYTES);
    if (bimi->logo != NULL && bimi->logo->status == HTTPS_OK) {
        svg = arena_new_of(work->arena, struct rec_svg);
        rec_svg_parse(work->arena, bimi->logo->body, svg);
        bimi->svg = svg;
    }
    if (bimi->evidence != NULL && bimi->evidence->status == HTTPS_OK)
        bimi->mark = smtp_mark_read(work->arena, bimi->evidence->body);
}
