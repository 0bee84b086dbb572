/*
 * Both answers are computed from facts: who gets through by the policy as it is published
 * (report_forgery.c), and what the verdicts and the records say of the domain's own mail.
 */
#include <string.h>

#include "base/span.h"
#include "model/dmarc_verdict.h"
#include "model/policy.h"
#include "model/result.h"
#include "report/report_outcome.h"
#include "report/report_summing.h"

/* ---- is its own mail accepted? ---- */

/* has_receiver - a receiver does that with the message */
static bool has_receiver(const struct summing *sum, enum policy_disposition disposition)
{
    for (size_t i = 0; i < sum->report->outcome_count; i++)
        if (sum->report->outcomes[i].disposition == disposition &&
            report_outcome_is_sure(&sum->report->outcomes[i]))
            return true;
    return false;
}

/* has_pass - some method passes for the message */
static bool has_pass(const struct facts *facts)
{
    if (facts->spf_count > 0 && facts->spf[0]->result == SPF_PASS)
        return true;
    for (size_t i = 0; i < facts->message.dkim_count; i++)
        if (facts->message.dkim[i].result == DKIM_PASS)
            return true;
    return false;
}

/* is_undetermined - a verdict that the answer rests on is not known */
static bool is_undetermined(const struct facts *facts)
{
    const struct auth_dmarc_verdict *dmarc = facts->message.dmarc;

    return dmarc == NULL || dmarc->result == DMARC_TEMPERROR ||
           (dmarc->result == DMARC_NONE && facts->spf_count > 0 &&
            facts->spf[0]->result == SPF_TEMPERROR);
}

/* own_message - of the message at hand */
static enum report_own_mail own_message(const struct summing *sum)
{
    enum rec_dmarc_policy wish = summing_wish(sum->facts);

    if (has_receiver(sum, POLICY_REJECT) || wish == REC_DMARC_REJECT)
        return REPORT_OWN_MAIL_REFUSED;
    if (has_receiver(sum, POLICY_JUNK) || wish == REC_DMARC_QUARANTINE)
        return REPORT_OWN_MAIL_JUNKED;
    if (is_undetermined(sum->facts))
        return REPORT_OWN_MAIL_UNKNOWN;
    if (sum->facts->message.dmarc->result == DMARC_PASS ||
        (sum->facts->message.dmarc->result == DMARC_NONE && has_pass(sum->facts)))
        return REPORT_OWN_MAIL_BELIEVED;
    return REPORT_OWN_MAIL_BROKEN;
}

/* own_records - of what is published */
static enum report_own_mail own_records(const struct summing *sum)
{
    bool has_key = false;

    if (sum->spf.state == REPORT_SPF_PERMERROR || sum->spf.state == REPORT_SPF_SHUT ||
        summing_key_error(sum) != NULL || summing_has(sum, ID_dns_domain_missing) ||
        summing_has(sum, ID_spf_quoted) || summing_has(sum, ID_spf_version))
        return REPORT_OWN_MAIL_BROKEN;
    if (sum->spf.state == REPORT_SPF_ABSENT)
        return REPORT_OWN_MAIL_MISSING;
    if (sum->spf.state == REPORT_SPF_UNKNOWN)
        return REPORT_OWN_MAIL_UNKNOWN;
    for (const struct selector_facts *one = sum->facts->domain.selectors; one != NULL;
         one = one->next)
        has_key = has_key || (one->key != NULL && one->key_bits > 0);
    return has_key || sum->facts->domain.sends_no_mail ? REPORT_OWN_MAIL_READY
                                                       : REPORT_OWN_MAIL_UNKNOWN;
}

/* ---- reasons ---- */

/* what speaks of forgery; own mail is spoken of by errors of the records and of the message */
static const enum finding_id forgery_ids[] = {
    ID_dmarc_missing,        ID_dmarc_several,     ID_dmarc_quoted,
    ID_dmarc_version,        ID_dmarc_wrong_name,  ID_dmarc_policy_invalid,
    ID_dmarc_policy_absent,  ID_dmarc_policy_none, ID_dmarc_testing,
    ID_dmarc_inherited_none, ID_dmarc_sp_weaker,   ID_dmarc_np_weaker,
    ID_dmarc_np_open,        ID_spf_all_pass,      ID_spf_wide,
    ID_spf_network_huge,     ID_parked_dmarc,
};

static const char *const own_prefixes[] = {"spf_", "dkim_", "dmarc_result_", "dns_",
                                           "message_"};

/* is_reason - the finding is behind one of the two answers */
static bool is_reason(const struct summing *sum, const struct finding *finding)
{
    bool wants_forgery =
        sum->forgery == REPORT_FORGERY_OPEN || sum->forgery == REPORT_FORGERY_PARTLY;

    if (finding->status != FINDING_FIRES)
        return false;
    for (size_t i = 0; wants_forgery && i < COUNT_OF(forgery_ids); i++)
        if (finding->row == forgery_ids[i])
            return true;
    if (finding->severity == SEV_ERROR &&
        (finding->row == ID_dnssec_bogus || finding->row == ID_receiver_refuses))
        return true;
    for (size_t i = 0; i < COUNT_OF(own_prefixes); i++)
        if (finding->severity == SEV_ERROR &&
            span_starts_with(span_of(finding->id), own_prefixes[i]))
            return true;
    return false;
}

/* add_reasons - ids, each once, in the order of the findings */
static void add_reasons(const struct summing *sum, struct report_summary *summary)
{
    const char **reasons = NULL;

    for (const struct finding *finding = sum->report->findings; finding != NULL;
         finding = finding->next) {
        bool is_new = is_reason(sum, finding);

        for (size_t i = 0; reasons != NULL && i < summary->reason_count; i++)
            is_new = is_new && strcmp(reasons[i], finding->id) != 0;
        if (is_new)
            arena_append(sum->arena, reasons, summary->reason_count, finding->id);
    }
    summary->reasons = reasons;
}

const struct report_summary *report_summary_of(struct arena *arena, const struct report *report)
{
    struct report_summary *summary = arena_new_of(arena, struct report_summary);
    struct summing sum = {
        .arena = arena, .report = report, .facts = report->facts, .spoof = report->spoof};
    struct report_lines lines = {NULL, 0};

    if (sum.spoof == NULL || report->facts->domain.spf == NULL)
        return NULL;
    sum.domain = report->facts->domain.name->text;
    sum.spf = report_spf_of(arena, report->facts);
    sum.forgery = summing_forgery(&sum);
    sum.own_mail =
        report->facts->message.message != NULL ? own_message(&sum) : own_records(&sum);
    summary->forgery = sum.forgery;
    summary->own_mail = sum.own_mail;
    lines = report_outcome_lines(arena, report);
    summary->receivers = lines.list;
    summary->receiver_count = lines.count;
    add_reasons(&sum, summary);
    summing_headline(&sum, summary);
    return summary;
}
