/*
 * check_host() of RFC 7208, 4: find the record, walk its terms, follow
 * include and redirect. The first error or missing answer ends everything.
 */
#include "auth/auth_spf_private.h"
#include "base/escape.h"
#include "base/fault.h"
#include "base/limits.h"
#include "record/rec_spf.h"

size_t auth_spf_select(const struct dns_answer *answer, const struct dns_rr **record_out)
{
    size_t count = 0;

    *record_out = NULL;
    if (answer->status != DNS_OK)
        return 0;
    for (const struct dns_rr *rr = dns_answer_first(answer); rr != NULL;
         rr = dns_answer_next(answer, rr)) {
        if (!rec_spf_is_record(rr->joined))
            continue;
        if (count++ == 0)
            *record_out = rr;
    }
    return count;
}

/* spf_eval_parse - for ledger_parsed() */
static const void *spf_eval_parse(struct arena *arena, const struct dns_rr *rr)
{
    struct rec_spf *record = arena_new_of(arena, struct rec_spf);

    rec_spf_parse(arena, rr->joined, record);
    return record;
}

const struct rec_spf *auth_spf_record_of(struct auth_spf_eval *eval,
                                         const struct dns_answer *answer)
{
    const struct dns_rr *rr = NULL;

    if (auth_spf_select(answer, &rr) != 1)
        return NULL;
    return ledger_parsed(eval->ledger, rr, spf_eval_parse);
}

struct auth_spf_frame *auth_spf_frame_below(struct auth_spf_eval *eval,
                                            const struct auth_spf_frame *above,
                                            const struct rec_spf_term *via,
                                            const struct auth_spf_target *target)
{
    struct auth_spf_frame *frame = arena_new_of(eval->arena, struct auth_spf_frame);

    frame->above = above;
    frame->via = via;
    frame->name = target->name;
    frame->domain = target->octets;
    frame->is_included = above->is_included || via->kind == REC_SPF_INCLUDE;
    return frame;
}

/* spf_eval_result_of - RFC 7208, 4.6.2 */
static enum spf_result spf_eval_result_of(char qualifier)
{
    if (qualifier == '-')
        return SPF_FAIL;
    if (qualifier == '~')
        return SPF_SOFTFAIL;
    return qualifier == '?' ? SPF_NEUTRAL : SPF_PASS;
}

/* spf_eval_none - no record: a sentence about why; include and redirect make it permerror */
static enum spf_result spf_eval_none(struct auth_spf_eval *eval, const char *subject,
                                     const char *why)
{
    eval->verdict->reason = arena_printf(eval->arena, "%s %s", subject, why);
    return SPF_NONE;
}

/* stop_fatal - a syntax error anywhere is permerror before anything else (RFC 7208, 4.6) */
static void stop_fatal(struct auth_spf_eval *eval, const struct auth_spf_frame *frame)
{
    const struct rec_spf *record = frame->record;
    const struct fault *fault = fault_fatal(record->faults);
    const struct rec_spf_term *culprit = NULL;

    for (size_t i = 0; fault != NULL && i < record->term_count; i++)
        if (record->terms[i].at <= fault->at)
            culprit = &record->terms[i];
    auth_spf_stop_permerror(eval, frame, culprit,
                            arena_printf(eval->arena, "record of %s: %s", frame->name->text,
                                         fault == NULL ? "syntax error" : fault->text));
}

/* find_record - RFC 7208, 4.4 and 4.5; SPF_PASS when there is one to evaluate */
static enum spf_result find_record(struct auth_spf_eval *eval, struct auth_spf_frame *frame)
{
    const struct dns_answer *answer = ledger_ask(eval->ledger, frame->name, DNS_TXT);
    const struct dns_rr *rr = NULL;
    size_t count = 0;

    if (answer->status == DNS_PENDING)
        auth_spf_stop_pending(eval);
    else if (answer->status == DNS_NXDOMAIN)
        return spf_eval_none(eval, frame->name->text, "does not exist");
    else if (answer->status != DNS_OK && answer->status != DNS_NODATA)
        auth_spf_stop_temperror(eval, frame, NULL, answer);
    if (eval->is_stopped)
        return SPF_NONE;
    count = auth_spf_select(answer, &rr);
    if (count == 0)
        return spf_eval_none(eval, frame->name->text, "has no SPF record");
    if (count > 1) {
        auth_spf_stop_permerror(
            eval, frame, NULL,
            arena_printf(eval->arena, "%s has %zu SPF records", frame->name->text, count));
        return SPF_NONE;
    }
    frame->record = ledger_parsed(eval->ledger, rr, spf_eval_parse);
    if (frame->record->is_fatal)
        stop_fatal(eval, frame);
    return SPF_PASS;
}

/* spf_eval_follow - check_host() for the target of include or redirect; none becomes permerror
 * (RFC 7208, 5.2 and 6.1) */
static enum spf_result spf_eval_follow(struct auth_spf_eval *eval,
                                       const struct auth_spf_frame *frame,
                                       const struct rec_spf_term *term)
{
    struct auth_spf_target target;
    enum spf_result result = SPF_NONE;

    auth_spf_count_lookup(eval, frame, term);
    if (eval->is_stopped)
        return SPF_NONE;
    target = auth_spf_target_used(eval, frame, term);
    if (eval->is_stopped)
        return SPF_NONE;
    result = auth_spf_check_host(eval, auth_spf_frame_below(eval, frame, term, &target));
    if (result == SPF_NONE && !eval->is_stopped)
        auth_spf_stop_permerror(eval, frame, term,
                                arena_printf(eval->arena, "%s in the record of %s: %s",
                                             auth_spf_term_shown(eval->arena, term),
                                             frame->name->text, eval->verdict->reason));
    return result;
}

/* term_matches - does the mechanism match (RFC 7208, 4.6.2); for include by 5.2 */
static bool term_matches(struct auth_spf_eval *eval, const struct auth_spf_frame *frame,
                         const struct rec_spf_term *term)
{
    bool is_match = false;

    if (term->kind == REC_SPF_INCLUDE) {
        is_match = spf_eval_follow(eval, frame, term) == SPF_PASS;
        if (is_match && term->qualifier != '+')
            auth_spf_decide(eval, frame, term);
        return is_match;
    }
    is_match = auth_spf_matches(eval, frame, term);
    if (is_match)
        auth_spf_decide(eval, frame, term);
    return is_match;
}

/* is_mechanism - modifiers are not tested in their place */
static bool is_mechanism(const struct rec_spf_term *term)
{
    return term->qualifier != '\0';
}

enum spf_result auth_spf_check_host(struct auth_spf_eval *eval, struct auth_spf_frame *frame)
{
    enum spf_result found = SPF_NONE;
    const struct rec_spf *record = NULL;

    if (frame->name == NULL || frame->name->labels < 2) /* RFC 7208, 4.3 */
        return spf_eval_none(
            eval, escape_to_text(eval->arena, frame->domain, LIMIT_SHOWN_BYTES),
            frame->name == NULL ? "is not a domain name" : "is not a full domain name");
    found = find_record(eval, frame);
    if (eval->is_stopped || found == SPF_NONE)
        return SPF_NONE;
    record = frame->record;
    for (size_t i = 0; i < record->term_count; i++) {
        if (!is_mechanism(&record->terms[i]))
            continue;
        if (term_matches(eval, frame, &record->terms[i]))
            return spf_eval_result_of(record->terms[i].qualifier);
        if (eval->is_stopped)
            return SPF_NONE;
    }
    if (record->redirect != NULL)
        return spf_eval_follow(eval, frame, record->redirect);
    auth_spf_decide(eval, frame, NULL);
    return SPF_NEUTRAL; /* RFC 7208, 4.7 */
}
