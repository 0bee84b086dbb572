/*
 * TLS between mail servers: MTA-STS, DANE and the reports about both. That a domain has neither
 * is worth one remark; what it has and does not work is worth more, because senders that go by
 * it either stop delivering or are not protected at all.
 */
#include "base/fault.h"
#include "check/check_emit.h"
#include "check/check_facts.h"
#include "model/dns_answer.h"
#include "model/facts.h"

/* has_record - exactly one record, which is what counts */
static bool has_record(const struct text_facts *text)
{
    return text->count == 1;
}

/* is_without - certainly no record, and nothing that was meant as one */
static bool is_without(const struct text_facts *text, const char *marker)
{
    if (text->answer == NULL || !dns_status_is_answer(text->answer->status) || text->count > 0)
        return false;
    for (const struct dns_rr *rr = dns_answer_first(text->answer); rr != NULL;
         rr = dns_answer_next(text->answer, rr))
        if (check_holds(rr->joined, marker))
            return false;
    return true;
}

/* uses_dane - some mail host has TLSA records */
static bool uses_dane(const struct domain_facts *domain)
{
    for (const struct mx_host *mx = domain->mx_hosts; mx != NULL; mx = mx->next)
        if (mx->tlsa_records != NULL)
            return true;
    return false;
}

/* transport_emit_faults - what is wrong with the one record */
static void transport_emit_faults(struct emitter *out, const struct text_facts *text,
                                  const struct fault *fault)
{
    for (; has_record(text) && fault != NULL; fault = fault->next)
        found_fault(emit(out, where_rr(out, text->answer, text->rr)), fault);
}

/* emit_undetermined_text - the query about a record was not answered; true if so */
static bool emit_undetermined_text(struct emitter *out, const struct text_facts *text)
{
    if (text->answer == NULL || dns_status_is_answer(text->answer->status))
        return false;
    emit_undetermined(out, where_name(out, text->answer->question.name, DNS_TXT),
                      dns_answer_reason(out->arena, text->answer));
    return true;
}

/* ---- MTA-STS ---- */

static const char mta_sts_marker[] = "STSv";

/* check_mta_sts_missing - nothing makes senders insist on TLS */
void check_mta_sts_missing(const struct facts *facts, struct emitter *out)
{
    const struct domain_facts *domain = &facts->domain;
    const struct text_facts *text = &domain->mta_sts.text;

    if (domain->mx_hosts == NULL || uses_dane(domain))
        return;
    if (!emit_undetermined_text(out, text) && is_without(text, mta_sts_marker))
        found_name(emit(out, where_name(out, text->answer->question.name, DNS_TXT)), "domain",
                   domain->name);
}

CHECK_AS(mta_sts_several, emit_several(out, &facts->domain.mta_sts.text))
CHECK_AS(mta_sts_version, emit_meant(out, &facts->domain.mta_sts.text, mta_sts_marker))

/* check_mta_sts_syntax - what makes senders drop the record */
void check_mta_sts_syntax(const struct facts *facts, struct emitter *out)
{
    const struct mta_sts_facts *mta_sts = &facts->domain.mta_sts;

    transport_emit_faults(out, &mta_sts->text,
                          mta_sts->record != NULL ? mta_sts->record->faults : NULL);
}

/* check_mta_sts_no_host - the policy cannot be fetched: its host has no address */
void check_mta_sts_no_host(const struct facts *facts, struct emitter *out)
{
    const struct mta_sts_facts *mta_sts = &facts->domain.mta_sts;
    const struct dns_answer *answers[] = {mta_sts->host_a, mta_sts->host_aaaa};
    const struct dns_answer *unknown = NULL;

    if (mta_sts->host_a == NULL || mta_sts->host_aaaa == NULL)
        return;
    for (size_t i = 0; i < 2; i++) {
        if (answers[i]->status == DNS_OK)
            return;
        if (!dns_status_is_answer(answers[i]->status))
            unknown = answers[i];
    }
    if (unknown != NULL)
        emit_undetermined(out, where_name(out, unknown->question.name, unknown->question.type),
                          dns_answer_reason(out->arena, unknown));
    else
        found_name(emit(out, where_name(out, answers[0]->question.name, DNS_A)), "domain",
                   facts->domain.name);
}

/* ---- TLS-RPT ---- */

static const char tls_rpt_marker[] = "TLSRPT";

/* check_tls_rpt_missing - nobody reports that required TLS has failed */
void check_tls_rpt_missing(const struct facts *facts, struct emitter *out)
{
    const struct domain_facts *domain = &facts->domain;
    const struct text_facts *text = &domain->tls_rpt.text;

    if (domain->mta_sts.text.count == 0 && !uses_dane(domain))
        return;
    if (!emit_undetermined_text(out, text) && is_without(text, tls_rpt_marker))
        found_name(emit(out, where_name(out, text->answer->question.name, DNS_TXT)), "domain",
                   domain->name);
}

CHECK_AS(tls_rpt_several, emit_several(out, &facts->domain.tls_rpt.text))
CHECK_AS(tls_rpt_version, emit_meant(out, &facts->domain.tls_rpt.text, tls_rpt_marker))

/* check_tls_rpt_syntax - destinations that get no reports */
void check_tls_rpt_syntax(const struct facts *facts, struct emitter *out)
{
    const struct tls_rpt_facts *tls_rpt = &facts->domain.tls_rpt;

    transport_emit_faults(out, &tls_rpt->text,
                          tls_rpt->record != NULL ? tls_rpt->record->faults : NULL);
}
