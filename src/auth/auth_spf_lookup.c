/* What lookups find and cost, and what ends an evaluation. */
#include "auth/auth_spf_private.h"
#include "base/escape.h"
#include "base/ip.h"
#include "base/limits.h"

#define PREFIX4_MAX 32 /* bits of an IPv4 address */

const char *auth_spf_term_shown(struct arena *arena, const struct rec_spf_term *term)
{
    return escape_to_text(arena, term->text, LIMIT_SHOWN_BYTES);
}

void auth_spf_stop_pending(struct auth_spf_eval *eval)
{
    eval->is_stopped = true;
    eval->is_pending = true;
}

/* spf_lookup_stop - end the evaluation with an error, unless it has ended already */
static void spf_lookup_stop(struct auth_spf_eval *eval, enum spf_result result,
                            const char *reason)
{
    if (eval->is_stopped)
        return;
    eval->is_stopped = true;
    eval->stopped_with = result;
    eval->verdict->reason = reason;
}

void auth_spf_decide(struct auth_spf_eval *eval, const struct auth_spf_frame *frame,
                     const struct rec_spf_term *term)
{
    if (eval->is_stopped)
        return;
    eval->decided_in = frame;
    eval->decided_by = term;
}

void auth_spf_stop_temperror(struct auth_spf_eval *eval, const struct auth_spf_frame *frame,
                             const struct rec_spf_term *term, const struct dns_answer *answer)
{
    const struct dns_question *question = &answer->question;

    if (eval->is_stopped)
        return;
    auth_spf_decide(eval, frame, term);
    eval->verdict->trouble = answer->status;
    eval->verdict->trouble_name = question->name;
    eval->verdict->trouble_type = question->type;
    spf_lookup_stop(
        eval, SPF_TEMPERROR,
        arena_printf(eval->arena, "%s %s: %s", dns_type_to_text(eval->arena, question->type),
                     question->name->text, dns_answer_trouble(eval->arena, answer)));
}

void auth_spf_stop_permerror(struct auth_spf_eval *eval, const struct auth_spf_frame *frame,
                             const struct rec_spf_term *term, const char *reason)
{
    auth_spf_decide(eval, frame, term);
    spf_lookup_stop(eval, SPF_PERMERROR, reason);
}

enum dns_type auth_spf_address_type(const struct auth_spf_eval *eval)
{
    return eval->input->client.family == IP_V6 ? DNS_AAAA : DNS_A;
}

void auth_spf_count_lookup(struct auth_spf_eval *eval, const struct auth_spf_frame *frame,
                           const struct rec_spf_term *term)
{
    if (++eval->verdict->lookups <= AUTH_SPF_LOOKUP_MAX)
        return;
    auth_spf_stop_permerror(
        eval, frame, term,
        arena_printf(
            eval->arena,
            "more than %d terms need DNS lookups: %s in the record of %s is one too many",
            AUTH_SPF_LOOKUP_MAX, auth_spf_term_shown(eval->arena, term), frame->name->text));
}

void auth_spf_count_void(struct auth_spf_eval *eval, const struct auth_spf_frame *frame,
                         const struct rec_spf_term *term, const struct dns_answer *answer)
{
    const struct dns_question *question = &answer->question;

    if (!dns_status_is_absent(answer->status) || eval->is_explaining ||
        ++eval->verdict->void_lookups <= AUTH_SPF_VOID_MAX)
        return;
    auth_spf_stop_permerror(
        eval, frame, term,
        arena_printf(
            eval->arena,
            "more than %d lookups found nothing: %s %s for %s in the record of %s is one "
            "too many",
            AUTH_SPF_VOID_MAX, dns_type_to_text(eval->arena, question->type),
            question->name->text,
            term != NULL ? auth_spf_term_shown(eval->arena, term) : "the macro p",
            frame->name->text));
}

bool auth_spf_has_client(const struct auth_spf_eval *eval, const struct dns_answer *answer,
                         unsigned prefix)
{
    const struct ip_address *client = &eval->input->client;

    if (client->family == IP_V4 && prefix > PREFIX4_MAX)
        prefix = PREFIX4_MAX;
    if (answer->status != DNS_OK)
        return false;
    for (const struct dns_rr *rr = dns_answer_first(answer); rr != NULL;
         rr = dns_answer_next(answer, rr))
        if (rr->address != NULL && ip_matches(client, rr->address, prefix))
            return true;
    return false;
}
