/*
 * When an answer is missing, walk the records that are known as a client
 * would that nothing matches, and ask for everything on the way. The walk
 * counts terms in the order of evaluation and ends at the limit, so it asks
 * for nothing that no evaluation would ask for, however hostile the records.
 */
#include "auth/auth_spf_private.h"

static void ask_record(struct auth_spf_eval *eval, struct auth_spf_frame *frame,
                       unsigned *left);

/* target_ahead - the target if it is known already; asks for what %{p} needs */
static struct auth_spf_target target_ahead(struct auth_spf_eval *eval,
                                           const struct auth_spf_frame *frame,
                                           const struct rec_spf_term *term)
{
    struct auth_spf_target target = auth_spf_target_of(eval, frame, term);

    if (eval->is_stopped)
        target.name = NULL;
    eval->is_stopped = false;
    return target;
}

/* spf_ahead_ask_hosts - the MX answer, and the addresses of its hosts */
static void spf_ahead_ask_hosts(struct auth_spf_eval *eval, const struct dns_name *name)
{
    const struct dns_answer *answer = ledger_ask(eval->ledger, name, DNS_MX);

    unsigned hosts = 0;

    if (answer->status != DNS_OK)
        return;
    for (const struct dns_rr *mx = dns_answer_first(answer);
         mx != NULL && hosts < AUTH_SPF_MX_MAX; mx = dns_answer_next(answer, mx)) {
        if (mx->target == NULL || mx->target->labels == 0)
            continue;
        ledger_ask(eval->ledger, mx->target, auth_spf_address_type(eval));
        hosts++;
    }
}

/* spf_ahead_ask_term - what one term needs, and what the record behind it needs */
static void spf_ahead_ask_term(struct auth_spf_eval *eval, const struct auth_spf_frame *frame,
                               const struct rec_spf_term *term, unsigned *left)
{
    struct auth_spf_target target = target_ahead(eval, frame, term);

    if (target.name == NULL)
        return;
    if (term->kind == REC_SPF_INCLUDE || term->kind == REC_SPF_REDIRECT) {
        if (target.name->labels >= 2)
            ask_record(eval, auth_spf_frame_below(eval, frame, term, &target), left);
    } else if (term->kind == REC_SPF_MX) {
        spf_ahead_ask_hosts(eval, target.name);
    } else if (term->kind == REC_SPF_PTR) {
        auth_spf_ptr_matches(eval, frame, term, target.name);
        eval->is_stopped = false;
    } else {
        ledger_ask(eval->ledger, target.name,
                   term->kind == REC_SPF_A ? auth_spf_address_type(eval) : DNS_A);
    }
}

/* ask_explanation - the text of exp=, if the record can fail and its exp= counts */
static void ask_explanation(struct auth_spf_eval *eval, const struct auth_spf_frame *frame)
{
    const struct rec_spf *record = frame->record;
    struct auth_spf_target target;
    bool can_fail = false;

    if (frame->is_included || record->exp == NULL)
        return;
    for (size_t i = 0; i < record->term_count && !can_fail; i++)
        can_fail = record->terms[i].qualifier == '-';
    if (!can_fail)
        return;
    target = target_ahead(eval, frame, record->exp);
    if (target.name != NULL)
        ledger_ask(eval->ledger, target.name, DNS_TXT);
}

/* ask_counted - ask for a term and count it; false when the limit is reached */
static bool ask_counted(struct auth_spf_eval *eval, const struct auth_spf_frame *frame,
                        const struct rec_spf_term *term, unsigned *left)
{
    if (*left == 0)
        return false;
    (*left)--;
    spf_ahead_ask_term(eval, frame, term, left);
    return true;
}

/* ask_record - ask for the record of the frame, and for all it needs in turn */
static void ask_record(struct auth_spf_eval *eval, struct auth_spf_frame *frame, unsigned *left)
{
    const struct dns_answer *answer = ledger_ask(eval->ledger, frame->name, DNS_TXT);
    const struct rec_spf *record = auth_spf_record_of(eval, answer);

    if (record == NULL || record->is_fatal)
        return;
    frame->record = record;
    ask_explanation(eval, frame);
    for (size_t i = 0; i < record->term_count; i++) {
        const struct rec_spf_term *term = &record->terms[i];

        if (term->kind == REC_SPF_ALL)
            return;
        if (term->kind != REC_SPF_REDIRECT && rec_spf_term_costs_lookup(term) &&
            !ask_counted(eval, frame, term, left))
            return;
    }
    if (record->redirect != NULL)
        ask_counted(eval, frame, record->redirect, left);
}

void auth_spf_ask_ahead(struct auth_spf_eval *eval, struct auth_spf_frame *first)
{
    struct auth_spf_verdict verdict = *eval->verdict;
    struct auth_spf_eval ahead = *eval;
    unsigned left = AUTH_SPF_LOOKUP_MAX;

    ahead.verdict = &verdict; /* what the walk counts does not count */
    verdict.void_lookups = 0;
    ahead.is_stopped = false;
    ask_record(&ahead, first, &left);
}
