/*
 * The standard's verdicts. DMARC is judged from the first pass on, with what is known of SPF
 * and DKIM, so that its queries travel with theirs; once they are answered it waits for
 * those two.
 */
#include "auth/auth_arc.h"
#include "auth/auth_dkim.h"
#include "auth/auth_dmarc.h"
#include "auth/auth_spf.h"
#include "base/ip.h"
#include "gather/gather_private.h"
#include "ledger/ledger.h"
#include "mail/mail_address.h"
#include "model/dkim_verdict.h"
#include "model/result.h"
#include "model/spf_verdict.h"

/* verdicts_judge_spf - one verdict for each identity that is known */
static void verdicts_judge_spf(const struct gather_work *work, struct facts *facts)
{
    struct auth_spf_input inputs[2];

    facts->spf_count = gather_spf_inputs(facts->subject, inputs);
    for (size_t i = 0; i < facts->spf_count; i++)
        if (facts->spf[i] == NULL)
            facts->spf[i] = auth_spf_check(work->arena, work->ledger, &inputs[i]);
}

/* verdicts_sender_domain - the domain that SPF authenticates for DMARC; the null path
 * stands for postmaster at the HELO name (RFC 7208, 2.4) */
static const struct dns_name *verdicts_sender_domain(struct arena *arena,
                                                     const struct subject *subject)
{

    if (subject->mail_from[0] != '\0')
        return mail_path_domain(arena, subject->mail_from, NULL);
    return subject->helo != NULL ? dns_name_parse(arena, span_of(subject->helo), NULL) : NULL;
}

/* spf_identifier - HELO alone does not count for DMARC (RFC 9989, 4.4.2) */
static struct auth_dmarc_identifier spf_identifier(struct arena *arena,
                                                   const struct facts *facts)
{
    const struct auth_spf_verdict *spf = facts->spf_count > 0 ? facts->spf[0] : NULL;

    if (spf == NULL || spf->identity != AUTH_SPF_MAILFROM)
        return (struct auth_dmarc_identifier){0};
    return (struct auth_dmarc_identifier){
        .domain = verdicts_sender_domain(arena, facts->subject),
        .passes = !spf->is_pending && spf->result == SPF_PASS,
        .is_undetermined = spf->is_pending || spf->result == SPF_TEMPERROR,
    };
}

/* dkim_identifiers - the d= of every signature, in message order */
static const struct auth_dmarc_identifier *dkim_identifiers(struct arena *arena,
                                                            const struct message_facts *message)
{
    struct auth_dmarc_identifier *identifiers =
        arena_array_of(arena, struct auth_dmarc_identifier, message->dkim_count + 1);

    for (size_t i = 0; i < message->dkim_count; i++) {
        const struct auth_dkim_verdict *verdict = &message->dkim[i];

        identifiers[i] = (struct auth_dmarc_identifier){
            .domain = verdict->signature->parsed.domain,
            .passes = !verdict->is_pending && verdict->result == DKIM_PASS,
            .is_undetermined = verdict->is_pending || verdict->result == DKIM_TEMPERROR,
        };
    }
    return identifiers;
}

/* inputs_are_final - SPF and every signature have their verdicts */
static bool inputs_are_final(const struct facts *facts)
{
    for (size_t i = 0; i < facts->spf_count; i++)
        if (facts->spf[i]->is_pending)
            return false;
    for (size_t i = 0; i < facts->message.dkim_count; i++)
        if (facts->message.dkim[i].is_pending)
            return false;
    return true;
}

void gather_verdicts(const struct gather_work *work, struct facts *facts)
{
    struct message_facts *message = &facts->message;
    struct auth_dmarc_input input = {
        .author = message->author,
        .author_fault = message->author_fault,
    };

    verdicts_judge_spf(work, facts);
    if (message->message == NULL)
        return;
    if (!work->is_verdict_only && message->author != NULL)
        ledger_ask(work->ledger, message->author, DNS_TXT); /* does it exist? */
    message->dkim =
        auth_dkim_judge(work->arena, work->ledger, message->dkim_prepared, facts->subject->now);
    message->dkim_count = message->dkim_prepared->count;
    if (message->arc_prepared != NULL)
        message->arc = auth_arc_judge(work->arena, work->ledger, message->arc_prepared,
                                      facts->subject->now);
    input.spf = spf_identifier(work->arena, facts);
    input.is_spf_unjudged = facts->spf_count == 0 && facts->subject->ip.family == IP_NONE;
    input.dkim = dkim_identifiers(work->arena, message);
    input.dkim_count = message->dkim_count;
    if (message->dmarc == NULL || inputs_are_final(facts))
        message->dmarc = auth_dmarc_check(work->arena, work->ledger, &input);
}

void gather_keep_verdicts(const struct facts *pass, struct facts *next_out)
{
    const struct auth_dmarc_verdict *dmarc = pass->message.dmarc;

    for (size_t i = 0; i < pass->spf_count; i++)
        if (!pass->spf[i]->is_pending)
            next_out->spf[i] = pass->spf[i];
    if (dmarc != NULL && !dmarc->is_pending)
        next_out->message.dmarc = dmarc;
    next_out->domain.dnssec.chain = pass->domain.dnssec.chain;
}
