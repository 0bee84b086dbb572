/*
 * Domains that neither send nor take mail: what should say so, and which rows are about mail
 * that they do not have.
 */
#include <string.h>

#include "base/arena.h"
#include "base/span.h"
#include "check/check_emit.h"
#include "check/check_facts.h"
#include "model/dmarc_verdict.h"
#include "model/dns_answer.h"
#include "model/facts.h"
#include "model/finding.h"
#include "model/finding_id.h"
#include "model/rec_dkim.h"
#include "model/rec_dmarc.h"
#include "model/rec_spf.h"
#include "model/spf_verdict.h"
#include "record/rec_dkim.h"

/* rows that only speak to domains with mail; what they are about is covered by the four rows
 * below */
static const bool is_about_mail[FINDING_IDS] = {
    [ID_dkim_key_revoked] = true,
    [ID_dkim_key_missing] = true,
    [ID_dkim_selectors_guessed] = true,
    [ID_dmarc_missing] = true,
    [ID_dmarc_no_reports] = true,
    [ID_dmarc_np_open] = true,
    [ID_dmarc_np_weaker] = true,
    [ID_dmarc_sp_weaker] = true,
    [ID_dmarc_testing] = true,
    [ID_dns_mx_ipv4_only] = true,
    [ID_dns_no_mail_host] = true,
    [ID_dns_no_mx] = true,
    [ID_dns_null_mx_sends] = true,
    [ID_spf_lookup_near] = true,
    [ID_spf_missing] = true,
};

/* families of which all rows do */
static const char *const mail_families[] = {"bimi_", "dmarc_policy_", "mta_sts_", "spf_all_",
                                            "tls_rpt_"};

bool check_is_silenced(const struct facts *facts, enum finding_id row)
{
    const struct span id = span_of(check_row_get(row)->id);

    if (facts->domain.parked == PARKED_NOT)
        return false;
    for (size_t i = 0; i < COUNT_OF(mail_families); i++)
        if (span_starts_with(id, mail_families[i]))
            return true;
    return is_about_mail[row];
}

/* is_parked - and it is there at all */
static bool is_parked(const struct facts *facts)
{
    return facts->domain.name != NULL && facts->domain.parked != PARKED_NOT &&
           !check_domain_is_missing(facts);
}

/* emit_lack - a record that should be there; undetermined if it could not be queried */
static struct found *emit_lack(struct emitter *out, const struct dns_answer *answer)
{
    struct finding_where where = where_name(out, answer->question.name, answer->question.type);

    if (!dns_status_is_answer(answer->status)) {
        emit_undetermined(out, where, dns_answer_reason(out->arena, answer));
        return NULL;
    }
    return emit(out, where);
}

/* check_parked_mx - others go on trying to deliver there */
void check_parked_mx(const struct facts *facts, struct emitter *out)
{
    if (is_parked(facts) && !facts->domain.is_null_mx)
        emit_lack(out, facts->domain.mx);
}

/* check_parked_spf - the record does not say that nobody sends */
void check_parked_spf(const struct facts *facts, struct emitter *out)
{
    const struct auth_spf_node *root = check_spf_root(facts);
    const struct rec_spf *record = root != NULL ? root->record : NULL;

    if (is_parked(facts) && (record == NULL || record->term_count != 1 || record->all == NULL ||
                             record->all->qualifier != '-'))
        emit_lack(out, facts->domain.txt);
}

/* parked_weakness - where the policy lets mail through; NULL: nowhere */
static const char *parked_weakness(struct arena *arena, const struct auth_dmarc_policy *policy)
{
    const struct rec_dmarc *record = policy->step != NULL ? policy->step->record : NULL;

    if (record == NULL)
        return policy->reason;
    if (policy->policy != REC_DMARC_REJECT)
        return policy->reason;
    if (record->sub_policy != REC_DMARC_REJECT)
        return arena_printf(arena, "subdomains get %s",
                            rec_dmarc_policy_to_text(record->sub_policy));
    if (record->np_policy != REC_DMARC_REJECT)
        return arena_printf(arena, "names that do not exist get %s",
                            rec_dmarc_policy_to_text(record->np_policy));
    return NULL;
}

/* check_parked_dmarc - forged mail is not refused everywhere */
void check_parked_dmarc(const struct facts *facts, struct emitter *out)
{
    const struct auth_dmarc_policy *policy = facts->domain.dmarc;
    const struct auth_dmarc_step *own = check_dmarc_own_step(facts);

    if (!is_parked(facts) || own == NULL)
        return;
    if (policy->is_undetermined)
        emit_undetermined(out, where_name(out, own->answer->question.name, DNS_TXT),
                          policy->reason);
    else if (parked_weakness(out->arena, policy) != NULL)
        found_text(emit(out, where_name(out, own->answer->question.name, DNS_TXT)), "because",
                   parked_weakness(out->arena, policy));
}

/* check_parked_dkim - an old key, or one that somebody slips in, would still verify */
void check_parked_dkim(const struct facts *facts, struct emitter *out)
{
    const struct dns_answer *answer = facts->domain.wildcard_dkim;
    const struct dns_rr *rr = answer != NULL ? dns_answer_first(answer) : NULL;
    struct found *found = NULL;
    struct rec_dkim_key key;

    if (!is_parked(facts) || answer == NULL)
        return;
    for (; rr != NULL; rr = dns_answer_next(answer, rr)) {
        rec_dkim_key_parse(out->arena, rr->joined, &key);
        if (rec_dkim_key_is_record(rr->joined) && key.is_revoked)
            return;
    }
    found = emit_lack(out, answer);
    if (found != NULL)
        found->finding->where.name =
            arena_printf(out->arena, "*._domainkey.%s", facts->domain.name->text);
}
