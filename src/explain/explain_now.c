/*
 * The row of a cause names the function that looks for it in the facts, and the findings whose
 * remedies cure it.
 */
#include "explain/explain_now.h"

#include "base/ip.h"
#include "base/sbuf.h"
#include "base/span.h"
#include "model/dmarc_verdict.h"
#include "model/dns_answer.h"
#include "model/facts.h"
#include "model/mail_trace.h"
#include "model/rec_dmarc.h"
#include "model/result.h"
#include "model/spf_verdict.h"

/* whether the cause is there; never EXPLAIN_NEVER */
typedef enum explain_still explain_judge_fn(const struct facts *facts);

/* ---- SPF ---- */

/* now_spf - the verdict on the envelope sender, else on HELO; NULL: not judged */
static const struct auth_spf_verdict *now_spf(const struct facts *facts)
{
    return facts->spf_count > 0 ? facts->spf[0] : NULL;
}

/* now_spf_is - the verdict is that one */
static enum explain_still now_spf_is(const struct facts *facts, enum spf_result result)
{
    const struct auth_spf_verdict *spf = now_spf(facts);

    if (spf == NULL || (spf->result == SPF_TEMPERROR && result != SPF_TEMPERROR))
        return EXPLAIN_UNKNOWN;
    return spf->result == result ? EXPLAIN_YES : EXPLAIN_NO;
}

/* now_spf_fails - anything but a pass */
static enum explain_still now_spf_fails(const struct facts *facts)
{
    enum explain_still passes = now_spf_is(facts, SPF_PASS);

    return passes == EXPLAIN_YES  ? EXPLAIN_NO
           : passes == EXPLAIN_NO ? EXPLAIN_YES
                                  : EXPLAIN_UNKNOWN;
}

/* now_spf_missing - no record */
static enum explain_still now_spf_missing(const struct facts *facts)
{
    return now_spf_is(facts, SPF_NONE);
}

/* now_spf_broken - the record cannot be evaluated */
static enum explain_still now_spf_broken(const struct facts *facts)
{
    return now_spf_is(facts, SPF_PERMERROR);
}

/* now_spf_dns - a query fails */
static enum explain_still now_spf_dns(const struct facts *facts)
{
    return now_spf_is(facts, SPF_TEMPERROR);
}

/* ---- DKIM and DMARC ---- */

/* now_dkim_fails - no signature passes; one whose body is missing may pass */
static enum explain_still now_dkim_fails(const struct facts *facts)
{
    const struct message_facts *message = &facts->message;
    bool is_open = false;

    if (message->message == NULL)
        return EXPLAIN_UNKNOWN;
    for (size_t i = 0; i < message->dkim_count; i++) {
        if (message->dkim[i].result == DKIM_PASS)
            return EXPLAIN_NO;
        is_open |= message->dkim[i].result == DKIM_TEMPERROR ||
                   (message->dkim[i].header_hash == HASH_MATCH &&
                    message->dkim[i].body_hash == HASH_NOT_CHECKED);
    }
    return is_open ? EXPLAIN_UNKNOWN : EXPLAIN_YES;
}

/* now_both - both apply: NO wins, then UNKNOWN */
static enum explain_still now_both(enum explain_still a, enum explain_still b)
{
    if (a == EXPLAIN_NO || b == EXPLAIN_NO)
        return EXPLAIN_NO;
    return a == EXPLAIN_UNKNOWN || b == EXPLAIN_UNKNOWN ? EXPLAIN_UNKNOWN : EXPLAIN_YES;
}

/* now_unauthenticated - neither SPF nor DKIM passes */
static enum explain_still now_unauthenticated(const struct facts *facts)
{
    return now_both(now_spf_fails(facts), now_dkim_fails(facts));
}

/* now_dmarc_fails - DMARC fails for the message */
static enum explain_still now_dmarc_fails(const struct facts *facts)
{
    const struct auth_dmarc_verdict *dmarc = facts->message.dmarc;

    if (dmarc == NULL || dmarc->result == DMARC_TEMPERROR)
        return EXPLAIN_UNKNOWN;
    if (dmarc->result == DMARC_PASS)
        return EXPLAIN_NO;
    if (dmarc->result == DMARC_NONE)
        return EXPLAIN_NO;
    return !dmarc->dkim_aligned && now_dkim_fails(facts) == EXPLAIN_UNKNOWN ? EXPLAIN_UNKNOWN
                                                                            : EXPLAIN_YES;
}

/* now_unaligned - nothing that passes is aligned with From */
static enum explain_still now_unaligned(const struct facts *facts)
{
    const struct auth_dmarc_verdict *dmarc = facts->message.dmarc;

    if (dmarc == NULL || dmarc->result == DMARC_TEMPERROR)
        return EXPLAIN_UNKNOWN;
    if (dmarc->spf_aligned || dmarc->dkim_aligned)
        return EXPLAIN_NO;
    return now_both(EXPLAIN_YES, now_dkim_fails(facts));
}

/* now_dmarc_missing - no record, or one without a policy that applies */
static enum explain_still now_dmarc_missing(const struct facts *facts)
{
    const struct auth_dmarc_policy *policy = facts->domain.dmarc;

    if (policy == NULL || policy->is_undetermined)
        return EXPLAIN_UNKNOWN;
    return policy->step == NULL ? EXPLAIN_YES : EXPLAIN_NO;
}

/* now_dmarc_dns - a query fails */
static enum explain_still now_dmarc_dns(const struct facts *facts)
{
    const struct auth_dmarc_policy *policy = facts->domain.dmarc;

    if (policy == NULL)
        return EXPLAIN_UNKNOWN;
    return policy->is_undetermined ? EXPLAIN_YES : EXPLAIN_NO;
}

/* now_not_all - one of SPF, DKIM and DMARC does not pass */
static enum explain_still now_not_all(const struct facts *facts)
{
    const enum explain_still each[] = {now_spf_fails(facts), now_dkim_fails(facts),
                                       now_unaligned(facts), now_dmarc_missing(facts)};
    enum explain_still all = EXPLAIN_NO;

    for (size_t i = 0; i < COUNT_OF(each); i++) {
        if (each[i] == EXPLAIN_YES)
            return EXPLAIN_YES;
        if (each[i] == EXPLAIN_UNKNOWN)
            all = EXPLAIN_UNKNOWN;
    }
    return all;
}

/* ---- names ---- */

/* now_ptr - the address has no name that resolves back */
static enum explain_still now_ptr(const struct facts *facts)
{
    if (facts->client_ptr == NULL || !dns_status_is_answer(facts->client_ptr->status) ||
        (facts->client_ptr_unknown != NULL && !facts->client_ptr_confirmed))
        return EXPLAIN_UNKNOWN;
    return facts->client_ptr_confirmed ? EXPLAIN_NO : EXPLAIN_YES;
}

/* now_sender_domain - the domain of the sender does not exist or takes no mail */
static enum explain_still now_sender_domain(const struct facts *facts)
{
    const struct domain_facts *domain = &facts->domain;
    const struct dns_answer *const answers[] = {domain->mx, domain->a, domain->aaaa};

    if (domain->mx == NULL)
        return EXPLAIN_UNKNOWN;
    if (domain->is_null_mx)
        return EXPLAIN_YES;
    for (size_t i = 0; i < COUNT_OF(answers); i++) {
        if (answers[i] == NULL || !dns_status_is_answer(answers[i]->status))
            return EXPLAIN_UNKNOWN;
        if (answers[i]->status == DNS_OK)
            return EXPLAIN_NO;
    }
    return EXPLAIN_YES;
}

/* now_unseen - DNS does not show it */
static enum explain_still now_unseen(const struct facts *facts)
{
    (void)facts;
    return EXPLAIN_UNKNOWN;
}

/* ---- the causes ---- */

static const struct {
    enum reply_cause_id cause;
    explain_judge_fn *judge;
    const char *findings;
} now_rows[] = {
    {REPLY_CAUSE_SPF_FAIL, now_spf_fails, "spf_result spf_helo spf_"},
    {REPLY_CAUSE_SPF_MISSING, now_spf_missing, "spf_"},
    {REPLY_CAUSE_SPF_BROKEN, now_spf_broken, "spf_"},
    {REPLY_CAUSE_SPF_DNS, now_spf_dns, "spf_"},
    {REPLY_CAUSE_DKIM_FAIL, now_dkim_fails, "dkim_ message_dkim"},
    {REPLY_CAUSE_UNAUTHENTICATED, now_unauthenticated, "spf_result dkim_ spf_"},
    {REPLY_CAUSE_DMARC_POLICY, now_dmarc_fails, "spf_result dkim_ spf_ dmarc_"},
    {REPLY_CAUSE_DMARC_NONE, now_dmarc_missing, "dmarc_"},
    {REPLY_CAUSE_DMARC_DNS, now_dmarc_dns, "dmarc_"},
    {REPLY_CAUSE_UNALIGNED, now_unaligned, "dmarc_ dkim_ spf_result"},
    {REPLY_CAUSE_AUTH_LEVEL, now_not_all, "spf_result dkim_ dmarc_ spf_"},
    {REPLY_CAUSE_AUTH_FAILED, now_unauthenticated, "spf_result dkim_ dmarc_ spf_"},
    {REPLY_CAUSE_POLICY_MAYBE_AUTH, now_unauthenticated, "spf_result dkim_ dmarc_ spf_"},
    {REPLY_CAUSE_ARC_FAIL, now_unseen, "arc_"},
    {REPLY_CAUSE_PTR, now_ptr, "dns_client"},
    {REPLY_CAUSE_SENDER_DOMAIN, now_sender_domain, "dns_ mx_"},
    {REPLY_CAUSE_HELO, now_unseen, "spf_helo dns_helo"},
};

#define NOW_ROWS COUNT_OF(now_rows)

bool explain_is_checked(enum reply_cause_id cause)
{
    for (size_t i = 0; i < NOW_ROWS; i++)
        if (now_rows[i].cause == cause)
            return true;
    return false;
}

const char *explain_now_findings(enum reply_cause_id cause)
{
    for (size_t i = 0; i < NOW_ROWS; i++)
        if (now_rows[i].cause == cause)
            return now_rows[i].findings;
    return NULL;
}

/* ---- words ---- */

/* add_now - one more clause */
static void add_now(struct sbuf *text, const char *clause)
{
    sbuf_add_item(text, "; ", clause);
}

/* add_dkim - what became of the signatures */
static void add_dkim(struct arena *arena, const struct facts *facts, struct sbuf *text)
{
    const struct message_facts *message = &facts->message;

    if (message->message == NULL)
        return;
    if (message->dkim_count == 0)
        add_now(text, "the original message has no DKIM signature");
    for (size_t i = 0; i < message->dkim_count; i++)
        add_now(text,
                arena_printf(arena, "DKIM %s: %s", dkim_result_to_text(message->dkim[i].result),
                             message->dkim[i].reason));
}

/* add_dmarc - the verdict and the policy */
static void add_dmarc(struct arena *arena, const struct facts *facts, struct sbuf *text)
{
    const struct auth_dmarc_verdict *dmarc = facts->message.dmarc;

    if (dmarc == NULL)
        return;
    add_now(text, dmarc->policy != NULL && dmarc->policy->step != NULL
                      ? arena_printf(arena, "DMARC %s, policy %s",
                                     dmarc_result_to_text(dmarc->result),
                                     rec_dmarc_policy_to_text(dmarc->policy->policy))
                      : arena_printf(arena, "DMARC %s: %s", dmarc_result_to_text(dmarc->result),
                                     dmarc->reason));
}

/* now_text_of - what a check sees of the cause */
static const char *now_text_of(struct arena *arena, const struct explain_one *one)
{
    const struct facts *facts = one->now->facts;
    const struct auth_spf_verdict *spf = now_spf(facts);
    struct sbuf text = sbuf_start(arena);

    if (one->facts.ip == NULL && facts->subject->ip.family != IP_NONE)
        add_now(&text,
                arena_printf(arena, "client %s (%s)", ip_to_text(arena, &facts->subject->ip),
                             facts->subject->ip_origin));
    if (one->said->class->cause_id == REPLY_CAUSE_PTR && facts->client_ptr != NULL)
        add_now(&text, facts->client_ptr_confirmed
                           ? "the address has a PTR record that resolves back to it"
                           : "the address has no PTR record that resolves back to it");
    if (one->said->class->cause_id == REPLY_CAUSE_SENDER_DOMAIN)
        add_now(&text, one->still == EXPLAIN_NO    ? "the domain has a mail host or an address"
                       : one->still == EXPLAIN_YES ? "the domain cannot receive mail"
                                                   : "the domain could not be looked up");
    if (spf != NULL)
        add_now(&text, arena_printf(arena, "SPF %s: %s", spf_result_to_text(spf->result),
                                    spf->reason));
    else if (facts->subject->ip.family == IP_NONE)
        add_now(&text, "SPF was not evaluated: the client that the receiver saw is not known");
    add_dkim(arena, facts, &text);
    add_dmarc(arena, facts, &text);
    return sbuf_text(&text);
}

/* is_forwarded - why the client is a forwarder; NULL: it is not */
static const char *is_forwarded(struct arena *arena, const struct explain_one *one)
{
    const struct mail_trace *trace = one->now->facts->message.trace;

    if (trace != NULL && trace->envelope.hop.relay != NULL &&
        one->now->facts->subject->ip_origin == trace->envelope.client_origin)
        return arena_printf(arena, "the client is %s", trace->envelope.hop.relay);
    if (one->said->original != NULL && strchr(one->said->original, '@') != NULL)
        return "the recipient's mail is forwarded, so the client is the forwarder";
    return NULL;
}

/* now_is_spf_half - SPF would have cured it */
static bool now_is_spf_half(enum reply_cause_id cause)
{
    return cause == REPLY_CAUSE_UNAUTHENTICATED || cause == REPLY_CAUSE_AUTH_FAILED ||
           cause == REPLY_CAUSE_DMARC_POLICY || cause == REPLY_CAUSE_POLICY_MAYBE_AUTH;
}

void explain_now_judge(struct arena *arena, struct explain_one *one)
{
    const char *forwarded = is_forwarded(arena, one);
    enum reply_cause_id cause = one->said->class->cause_id;
    bool is_about_client = cause != REPLY_CAUSE_DKIM_FAIL && cause != REPLY_CAUSE_DMARC_NONE &&
                           cause != REPLY_CAUSE_SENDER_DOMAIN;

    for (size_t i = 0; i < NOW_ROWS; i++)
        if (now_rows[i].cause == cause)
            one->still = now_rows[i].judge(one->now->facts);
    one->now_text = now_text_of(arena, one);
    if (one->still == EXPLAIN_UNKNOWN && now_is_spf_half(cause) &&
        one->now->facts->message.message == NULL &&
        now_spf_fails(one->now->facts) == EXPLAIN_YES) {
        one->still = EXPLAIN_YES;
        one->reason = "as far as SPF shows; DKIM cannot be evaluated without the message";
        return;
    }
    if (forwarded != NULL && is_about_client && one->still != EXPLAIN_UNKNOWN) {
        one->still = EXPLAIN_NEVER;
        one->move = REPLY_MOVE_FORWARDER;
        one->reason = forwarded;
        return;
    }
    if (one->still == EXPLAIN_NO)
        one->reason = "the records have changed since, or the receiver saw another client or a "
                      "cached answer";
    else if (one->still == EXPLAIN_UNKNOWN)
        one->reason = "the bounce and DNS do not show it";
}
