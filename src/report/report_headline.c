/*
 * The headline goes through a table, the worst first; the first row that has a clause gives it.
 */
#include "base/ip.h"
#include "base/span.h"
#include <string.h>

#include "ledger/ledger.h"
#include "model/dkim_verdict.h"
#include "model/dmarc_verdict.h"
#include "model/dns_answer.h"
#include "model/policy.h"
#include "model/result.h"
#include "report/report.h"
#include "report/report_outcome.h"
#include "report/report_summing.h"

/* silent_source - nothing at all was answered: who was asked; NULL: something was */
static const char *silent_source(const struct facts *facts)
{
    const char *source = NULL;

    for (size_t i = 0; i < ledger_count(facts->ledger); i++) {
        const struct dns_answer *answer = ledger_get(facts->ledger, i);

        if (dns_status_is_answer(answer->status))
            return NULL;
        if (source == NULL)
            source = answer->source;
    }
    return source;
}

/* clause_silence - nothing could be asked */
static const char *clause_silence(const struct summing *sum)
{
    const char *source = silent_source(sum->facts);

    if (sum->facts->not_internet != NULL)
        return arena_printf(sum->arena,
                            "this machine does not reach the DNS of the Internet: %s knows "
                            "nothing of %s either",
                            sum->facts->not_internet_source, sum->facts->not_internet);
    return source == NULL
               ? NULL
               : arena_printf(sum->arena, "no answer about %s from %s", sum->domain, source);
}

/* clause_name - receivers see nothing of the domain */
static const char *clause_name(const struct summing *sum)
{
    if (summing_has(sum, ID_dns_domain_missing))
        return arena_printf(sum->arena, "%s does not exist in DNS", sum->domain);
    if (summing_has(sum, ID_dns_bogus) || summing_has(sum, ID_dnssec_bogus))
        return arena_printf(sum->arena,
                            "DNSSEC of %s is broken: receivers that validate see no "
                            "record",
                            sum->domain);
    return NULL;
}

/* clause_of_receivers - who does that with the message, and why the first does */
static const char *clause_of_receivers(const struct summing *sum,
                                       enum policy_disposition disposition, const char *action)
{
    const char *why = NULL;
    const char *names = report_outcome_names(sum->arena, sum->report, disposition, &why);

    return names == NULL ? NULL
                         : arena_printf(sum->arena, "%s would %s: %s", names, action, why);
}

/* fails_words - of DMARC, as far as it could be judged */
static const char *fails_words(const struct summing *sum)
{
    return sum->facts->spf_count == 0 && sum->facts->subject->ip.family == IP_NONE
               ? "this message fails DMARC unless SPF passes (client not known)"
               : "this message fails DMARC";
}

/* clause_refused - the message would be refused */
static const char *clause_refused(const struct summing *sum)
{
    if (sum->own_mail != REPORT_OWN_MAIL_REFUSED)
        return NULL;
    if (summing_wish(sum->facts) == REC_DMARC_REJECT)
        return arena_printf(sum->arena, "%s, and %s asks for reject", fails_words(sum),
                            sum->facts->message.author->text);
    return clause_of_receivers(sum, POLICY_REJECT, "refuse this message");
}

/* clause_junked - it would go to junk */
static const char *clause_junked(const struct summing *sum)
{
    if (sum->own_mail != REPORT_OWN_MAIL_JUNKED)
        return NULL;
    if (summing_wish(sum->facts) == REC_DMARC_QUARANTINE)
        return arena_printf(sum->arena, "%s, and %s asks for quarantine", fails_words(sum),
                            sum->facts->message.author->text);
    return clause_of_receivers(sum, POLICY_JUNK, "file this message as junk");
}

/* clause_unproved - nothing shows that it is the domain's, and nobody refuses it for that */
static const char *clause_unproved(const struct summing *sum)
{
    const struct message_facts *message = &sum->facts->message;

    if (message->message == NULL || sum->own_mail != REPORT_OWN_MAIL_BROKEN)
        return NULL;
    if (message->author == NULL)
        return message->author_fault != NULL ? message->author_fault : "no author domain";
    return arena_printf(sum->arena, "nothing shows that this message is from %s: %s",
                        message->author->text, message->dmarc->reason);
}

/* clause_useless - an SPF record that was meant and does not count; NULL */
static const char *clause_useless(const struct summing *sum)
{
    static const enum finding_id ids[] = {ID_spf_quoted, ID_spf_version};

    for (size_t i = 0; i < COUNT_OF(ids); i++)
        if (sum->spf.state == REPORT_SPF_ABSENT && summing_has(sum, ids[i]))
            return check_clause(sum->arena, summing_find(sum, ids[i]));
    return NULL;
}

/* clause_broken - SPF or a key does not work */
static const char *clause_broken(const struct summing *sum)
{
    const struct finding *key = summing_key_error(sum);
    const char *useless = clause_useless(sum);

    if (sum->spf.state == REPORT_SPF_PERMERROR)
        return arena_printf(sum->arena, "SPF of %s is a permerror for %s: %s", sum->domain,
                            sum->spf.whom, sum->spf.why);
    if (sum->spf.state == REPORT_SPF_SHUT)
        return arena_printf(sum->arena, "SPF of %s: %s", sum->domain, sum->spf.why);
    if (useless != NULL)
        return useless;
    return key != NULL ? check_clause(sum->arena, key) : NULL;
}

/* clause_missing - own mail has nothing to be recognised by */
static const char *clause_missing(const struct summing *sum)
{
    if (sum->own_mail != REPORT_OWN_MAIL_MISSING)
        return NULL;
    return arena_printf(sum->arena, "%s has no SPF record", sum->domain);
}

/* clause_error - the first other error */
static const char *clause_error(const struct summing *sum)
{
    for (const struct finding *finding = sum->report->findings; finding != NULL;
         finding = finding->next)
        if (finding->status == FINDING_FIRES && finding->severity == SEV_ERROR &&
            !report_is_known(sum->report, finding))
            return check_clause(sum->arena, finding);
    return NULL;
}

/* clause_undetermined - a query that is needed had no answer */
static const char *clause_undetermined(const struct summing *sum)
{
    if (sum->spf.state == REPORT_SPF_UNKNOWN)
        return arena_printf(sum->arena, "SPF of %s: %s", sum->domain, sum->spf.why);
    if (sum->report->result == REPORT_UNDETERMINED)
        return report_exit_reason(sum->arena, sum->report, THRESHOLD_NEVER);
    if (sum->forgery == REPORT_FORGERY_UNKNOWN)
        return arena_printf(sum->arena, "whether others can send as %s is not known",
                            sum->domain);
    return NULL;
}

/* unjudged_signature - the first that only the body is missing for; NULL */
static const struct auth_dkim_verdict *unjudged_signature(const struct message_facts *message)
{
    for (size_t i = 0; i < message->dkim_count; i++)
        if (message->dkim[i].result == DKIM_TEMPERROR &&
            message->dkim[i].body_hash == HASH_NOT_CHECKED)
            return &message->dkim[i];
    return NULL;
}

/* dmarc_word - the result for the message at hand */
static const char *dmarc_word(const struct auth_dmarc_verdict *dmarc)
{
    if (dmarc == NULL)
        return "not judged";
    return dmarc->result == DMARC_TEMPERROR ? "not known without it"
                                            : dmarc_result_to_text(dmarc->result);
}

/* clause_bodiless - the file ends with the header: what is known all the same, what to give */
static const char *clause_bodiless(const struct summing *sum)
{
    const struct facts *facts = sum->facts;
    const struct auth_dkim_verdict *signature = unjudged_signature(&facts->message);
    const struct dns_name *signer = NULL;

    if (sum->report->result != REPORT_UNDETERMINED || signature == NULL ||
        !summing_has(sum, ID_message_header_only))
        return NULL;
    signer = signature->signature->parsed.domain;
    return arena_printf(
        sum->arena,
        "the body of this message is not in the file: the signature of %s %s, SPF is %s, "
        "DMARC is %s; give the whole message",
        signer != NULL ? signer->text : "its signer",
        signature->header_hash == HASH_MATCH ? "fits the header" : "is not judged",
        facts->spf_count > 0 ? spf_result_to_text(facts->spf[0]->result) : "not judged",
        dmarc_word(facts->message.dmarc));
}

/* is_risk - not accepted, and not counted as refusal or junk: deferred, or of low confidence */
static bool is_risk(const struct policy_outcome *outcome)
{
    return report_outcome_differs(outcome) && !outcome->is_for_bulk;
}

/* is_bulk_risk - the same for bulk mail alone */
static bool is_bulk_risk(const struct policy_outcome *outcome)
{
    return report_outcome_differs(outcome) && outcome->is_for_bulk;
}

/* clause_of_risk - who may not take what is sent, and why the first may not */
static const char *clause_of_risk(const struct summing *sum, report_outcome_fn *wants,
                                  const char *action)
{
    const char *why = NULL;
    const char *names = report_outcome_those(sum->arena, sum->report, wants, &why);

    return names == NULL ? NULL : arena_printf(sum->arena, "%s %s: %s", names, action, why);
}

/* clause_risk - this message may be refused, deferred or filed as junk */
static const char *clause_risk(const struct summing *sum)
{
    return clause_of_risk(sum, is_risk, "may not take this mail");
}

/* clause_bulk - bulk mail would be */
static const char *clause_bulk(const struct summing *sum)
{
    return clause_of_risk(sum, is_bulk_risk, "would not take it as bulk mail");
}

/* revoked_selector - one that was asked for, where none of those has a key in use; NULL */
static const char *revoked_selector(const struct summing *sum)
{
    const char *revoked = NULL;

    for (const struct selector_facts *one = sum->facts->domain.selectors; one != NULL;
         one = one->next)
        if (one->origin == SELECTOR_OPTION && one->key != NULL && one->key->is_revoked)
            revoked = one->selector->text;
    return revoked;
}

/* clause_unseen - nobody knows whether own mail is signed */
static const char *clause_unseen(const struct summing *sum)
{
    const char *revoked = revoked_selector(sum);

    if (sum->own_mail != REPORT_OWN_MAIL_UNKNOWN)
        return NULL;
    if (revoked != NULL)
        return arena_printf(sum->arena,
                            "others cannot send as %s; the key of selector %s is revoked: give "
                            "the selector in use to check whether its own mail is signed",
                            sum->domain, revoked);
    return arena_printf(sum->arena,
                        "others cannot send as %s; give --selector or a message to check "
                        "whether its own mail is signed",
                        sum->domain);
}

/* clause_pass - nothing to do about either */
static const char *clause_pass(const struct summing *sum)
{
    const char *own = sum->facts->domain.sends_no_mail ? "and it sends no mail"
                      : sum->own_mail == REPORT_OWN_MAIL_BELIEVED
                          ? "and this message is believed"
                          : "and its own mail is ready: SPF and a DKIM key";

    return arena_printf(sum->arena, "others cannot send as %s, %s", sum->domain, own);
}

/* the worst first */
static const struct headline {
    const char *word;
    enum report_tone tone;
    const char *(*clause)(const struct summing *sum);
} headlines[] = {
    {"CANNOT TELL", REPORT_TONE_DOUBT, clause_silence},
    {"UNREACHABLE", REPORT_TONE_BAD, clause_name},
    {"REFUSED", REPORT_TONE_BAD, clause_refused},
    {"JUNKED", REPORT_TONE_BAD, clause_junked},
    {"NOT BELIEVED", REPORT_TONE_BAD, clause_unproved},
    {"BROKEN", REPORT_TONE_BAD, clause_broken},
    {"NOT PROTECTED", REPORT_TONE_BAD, summing_clause_open},
    {"NOT READY", REPORT_TONE_BAD, clause_missing},
    {"PARTLY PROTECTED", REPORT_TONE_BAD, summing_clause_open_spf},
    {"FAULTY", REPORT_TONE_BAD, clause_error},
    {"CANNOT TELL", REPORT_TONE_DOUBT, clause_bodiless},
    {"CANNOT TELL", REPORT_TONE_DOUBT, clause_undetermined},
    {"PARTLY PROTECTED", REPORT_TONE_DOUBT, summing_clause_partly},
    {"AT RISK", REPORT_TONE_DOUBT, clause_risk},
    {"NOT FOR BULK", REPORT_TONE_DOUBT, clause_bulk},
    {"PROTECTED", REPORT_TONE_GOOD, clause_unseen},
    {"PASS", REPORT_TONE_GOOD, clause_pass},
};

#define CLAUSE_LENGTH 160 /* octets: three lines of a terminal */

/* clause_short - without further clauses that would make a headline a paragraph */
static const char *clause_short(struct arena *arena, const char *clause)
{
    size_t end = 0;

    for (size_t i = 0; strlen(clause) > CLAUSE_LENGTH && i < CLAUSE_LENGTH; i++)
        if (clause[i] == ';' && clause[i + 1] == ' ')
            end = i;
    return end > 0 ? arena_printf(arena, "%.*s", (int)end, clause) : clause;
}

void summing_headline(const struct summing *sum, struct report_summary *summary)
{
    for (size_t i = 0; summary->clause == NULL; i++) {
        summary->word = headlines[i].word;
        summary->tone = headlines[i].tone;
        summary->clause = headlines[i].clause(sum);
        if (summary->clause != NULL)
            summary->clause = clause_short(sum->arena, summary->clause);
    }
}
