/* The mechanisms that look at addresses. */
#include "auth/auth_spf_private.h"
#include "base/ip.h"

/* spf_match_usable - can the evaluation go on with this answer; if not, it is stopped */
static bool spf_match_usable(struct auth_spf_eval *eval, const struct auth_spf_frame *frame,
                             const struct rec_spf_term *term, const struct dns_answer *answer)
{
    if (answer->status == DNS_PENDING)
        auth_spf_stop_pending(eval);
    else if (!dns_status_is_answer(answer->status))
        auth_spf_stop_temperror(eval, frame, term, answer);
    return !eval->is_stopped;
}

/* spf_match_prefix_of - the prefix length that concerns the client */
static unsigned spf_match_prefix_of(const struct auth_spf_eval *eval,
                                    const struct rec_spf_term *term)
{
    return eval->input->client.family == IP_V6 ? term->prefix6 : term->prefix4;
}

/* own_answer - the answer to the term's own query, counted if it is void; NULL: stopped */
static const struct dns_answer *own_answer(struct auth_spf_eval *eval,
                                           const struct auth_spf_frame *frame,
                                           const struct rec_spf_term *term,
                                           const struct dns_question *question)
{
    const struct dns_answer *answer = ledger_ask(eval->ledger, question->name, question->type);

    if (!spf_match_usable(eval, frame, term, answer))
        return NULL;
    auth_spf_count_void(eval, frame, term, answer);
    return eval->is_stopped ? NULL : answer;
}

/* spf_match_ask_rest - ask for the addresses of further hosts from `mx` on, so that one round
 * brings all that count */
static void spf_match_ask_rest(struct auth_spf_eval *eval, const struct dns_answer *answer,
                               const struct dns_rr *mx)
{
    for (unsigned left = AUTH_SPF_MX_MAX; mx != NULL && left > 0; left--) {
        if (mx->target != NULL && mx->target->labels > 0)
            ledger_ask(eval->ledger, mx->target, auth_spf_address_type(eval));
        mx = dns_answer_next(answer, mx);
    }
}

/* stop_too_many_hosts - an eleventh host would have to be looked up (RFC 7208, 4.6.4) */
static void stop_too_many_hosts(struct auth_spf_eval *eval, const struct auth_spf_frame *frame,
                                const struct rec_spf_term *term,
                                const struct dns_answer *answer)
{
    auth_spf_stop_permerror(
        eval, frame, term,
        arena_printf(eval->arena,
                     "%s in the record of %s finds %zu MX hosts, and none of the first %d "
                     "matches; the limit is %d",
                     auth_spf_term_shown(eval->arena, term), frame->name->text,
                     dns_answer_count(answer), AUTH_SPF_MX_MAX, AUTH_SPF_MX_MAX));
}

/* mx_matches - RFC 7208, 5.4 */
static bool mx_matches(struct auth_spf_eval *eval, const struct auth_spf_frame *frame,
                       const struct rec_spf_term *term, const struct dns_answer *answer)
{
    unsigned hosts = 0;

    for (const struct dns_rr *mx = dns_answer_first(answer); mx != NULL && !eval->is_stopped;
         mx = dns_answer_next(answer, mx)) {
        const struct dns_answer *addresses = NULL;

        if (mx->target == NULL || mx->target->labels == 0)
            continue; /* the null MX: RFC 7505, 3 */
        if (hosts++ == AUTH_SPF_MX_MAX) {
            stop_too_many_hosts(eval, frame, term, answer);
            return false;
        }
        addresses = ledger_ask(eval->ledger, mx->target, auth_spf_address_type(eval));
        if (!spf_match_usable(eval, frame, term, addresses)) {
            if (eval->is_pending)
                spf_match_ask_rest(eval, answer, mx);
            return false;
        }
        if (auth_spf_has_client(eval, addresses, spf_match_prefix_of(eval, term)))
            return true;
        auth_spf_count_void(eval, frame, term, addresses);
    }
    return false;
}

/* asks_matches - the mechanisms that cost a lookup */
static bool asks_matches(struct auth_spf_eval *eval, const struct auth_spf_frame *frame,
                         const struct rec_spf_term *term)
{
    struct dns_question question = {NULL, DNS_A}; /* exists asks A always: RFC 7208, 5.7 */
    const struct dns_answer *answer = NULL;

    auth_spf_count_lookup(eval, frame, term);
    if (eval->is_stopped)
        return false;
    question.name = auth_spf_target_used(eval, frame, term).name;
    if (question.name == NULL)
        return false; /* no such name can exist: RFC 7208, 4.8 */
    if (term->kind == REC_SPF_PTR)
        return auth_spf_ptr_matches(eval, frame, term, question.name);
    if (term->kind == REC_SPF_MX)
        question.type = DNS_MX;
    else if (term->kind == REC_SPF_A)
        question.type = auth_spf_address_type(eval);
    answer = own_answer(eval, frame, term, &question);
    if (answer == NULL || answer->status != DNS_OK)
        return false;
    if (term->kind == REC_SPF_MX)
        return mx_matches(eval, frame, term, answer);
    return term->kind == REC_SPF_EXISTS ||
           auth_spf_has_client(eval, answer, spf_match_prefix_of(eval, term));
}

bool auth_spf_matches(struct auth_spf_eval *eval, const struct auth_spf_frame *frame,
                      const struct rec_spf_term *term)
{
    if (term->kind == REC_SPF_ALL)
        return true;
    if (term->kind == REC_SPF_IP4 || term->kind == REC_SPF_IP6)
        return ip_matches(&eval->input->client, &term->address,
                          spf_match_prefix_of(eval, term));
    return asks_matches(eval, frame, term);
}
