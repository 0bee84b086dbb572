/* DANE for SMTP: TLSA records of the mail hosts, and whether DNSSEC carries them. */
#include "base/fault.h"
#include "check/check_emit.h"
#include "model/dns_answer.h"
#include "model/facts.h"
#include "model/rec_tlsa.h"

/* emit_host - a finding at the TLSA records of a mail host */
static struct found *emit_host(struct emitter *out, const struct mx_host *mx)
{
    struct found *found = emit(out, where_name(out, mx->tlsa->question.name, DNS_TLSA));

    found_name(found, "host", mx->host);
    found_text(found, "because", mx->dane_reason);
    return found;
}

/* check_dane_insecure - TLSA records that no sender may use */
void check_dane_insecure(const struct facts *facts, struct emitter *out)
{
    for (const struct mx_host *mx = facts->domain.mx_hosts; mx != NULL; mx = mx->next)
        if (mx->dane == DANE_INSECURE)
            emit_host(out, mx);
}

/* check_dane_unverified - the resolver reports nothing about DNSSEC */
void check_dane_unverified(const struct facts *facts, struct emitter *out)
{
    for (const struct mx_host *mx = facts->domain.mx_hosts; mx != NULL; mx = mx->next)
        if (mx->dane == DANE_UNVERIFIED)
            emit_host(out, mx);
}

/* dane_is_refusal - the name servers failed; not that nobody was asked */
static bool dane_is_refusal(enum dns_status status)
{
    return !dns_status_is_answer(status) && status != DNS_PENDING && status != DNS_UNKNOWN &&
           status != DNS_BUDGET;
}

/* check_dane_lookup - senders that use DANE wait until the question is answered */
void check_dane_lookup(const struct facts *facts, struct emitter *out)
{
    const struct dns_answer *mx_answer = facts->domain.mx;

    for (const struct mx_host *mx = facts->domain.mx_hosts; mx != NULL; mx = mx->next)
        if (mx->dane == DANE_UNASKED && dane_is_refusal(mx->tlsa->status) && mx_answer->ad &&
            (mx->a->ad || mx->aaaa->ad))
            emit_host(out, mx);
}

/* emit_records - a finding for each fault of the TLSA records, about usage 0 and 1 or others */
static void emit_records(struct emitter *out, bool about_pkix)
{
    for (const struct mx_host *mx = out->facts->domain.mx_hosts; mx != NULL; mx = mx->next)
        for (const struct tlsa_facts *one = mx->tlsa_records; one != NULL; one = one->next)
            for (const struct fault *fault = one->record->faults; fault != NULL;
                 fault = fault->next) {
                struct found *found = NULL;

                if ((fault->kind == REC_TLSA_FAULT_PKIX) != about_pkix)
                    continue;
                found = emit(out, where_rr(out, mx->tlsa, one->rr));
                found_name(found, "host", mx->host);
                found_fault(found, fault);
            }
}

CHECK_AS(dane_pkix, emit_records(out, true))
CHECK_AS(dane_malformed, emit_records(out, false))

/* check_dane_partial - some mail hosts are protected, others not */
void check_dane_partial(const struct facts *facts, struct emitter *out)
{
    const struct mx_host *open = NULL;
    struct found *found = NULL;
    int64_t count = 0;
    int64_t secure = 0;

    for (const struct mx_host *mx = facts->domain.mx_hosts; mx != NULL; mx = mx->next) {
        count++;
        secure += mx->dane == DANE_SECURE;
        if (open == NULL && mx->dane == DANE_ABSENT)
            open = mx;
    }
    if (secure == 0 || open == NULL)
        return;
    found = emit(out, where_name(out, facts->domain.name, DNS_MX));
    found_number(found, "secure", secure);
    found_number(found, "count", count);
    found_name(found, "host", open->host);
}
