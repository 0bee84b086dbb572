/* The names of the client: PTR records whose names lead back to its address. */
#include "auth/auth_spf_private.h"
#include "base/ip.h"

#define CLIENT_PREFIX_MAX 128 /* the whole address; clamped for IPv4 */

/* what one PTR name turned out to be */
enum validity { NAME_VALID, NAME_WRONG, NAME_PENDING, NAME_UNKNOWN };

/* how well a name fits %{p}: the domain itself, below it, any (RFC 7208, 7.3) */
enum fitness { FIT_NONE, FIT_ANY, FIT_BELOW, FIT_EQUAL };

/* is_our_trouble - we could not ask: says nothing about what a receiver would see */
static bool is_our_trouble(enum dns_status status)
{
    return status == DNS_UNKNOWN || status == DNS_BUDGET;
}

/* ask_names - the PTR answer if there are names in it; else NULL. DNS errors mean no name
 * (RFC 7208, 5.5). `*answer_out` is what was answered. */
static const struct dns_rr *ask_names(struct auth_spf_eval *eval,
                                      const struct dns_answer **answer_out)
{
    if (eval->reverse == NULL)
        eval->reverse = dns_name_from_text(
            eval->arena, ip_to_reverse_name(eval->arena, &eval->input->client));
    *answer_out = ledger_ask(eval->ledger, eval->reverse, DNS_PTR);
    return (*answer_out)->status == DNS_OK ? dns_answer_first(*answer_out) : NULL;
}

/* spf_ptr_validate - do the addresses of the name hold the client */
static enum validity spf_ptr_validate(struct auth_spf_eval *eval, const struct dns_rr *ptr,
                                      const struct dns_answer **answer_out)
{
    *answer_out = ledger_ask(eval->ledger, ptr->target, auth_spf_address_type(eval));
    if ((*answer_out)->status == DNS_PENDING)
        return NAME_PENDING;
    if (is_our_trouble((*answer_out)->status))
        return NAME_UNKNOWN;
    return auth_spf_has_client(eval, *answer_out, CLIENT_PREFIX_MAX) ? NAME_VALID : NAME_WRONG;
}

/* stop_without - end because of an answer that is pending or failed */
static void stop_without(struct auth_spf_eval *eval, const struct auth_spf_frame *frame,
                         const struct rec_spf_term *term, const struct dns_answer *answer)
{
    if (answer->status == DNS_PENDING)
        auth_spf_stop_pending(eval);
    else
        auth_spf_stop_temperror(eval, frame, term, answer);
}

bool auth_spf_ptr_matches(struct auth_spf_eval *eval, const struct auth_spf_frame *frame,
                          const struct rec_spf_term *term, const struct dns_name *target)
{
    const struct dns_answer *names = NULL;
    const struct dns_answer *missing = NULL;
    const struct dns_rr *ptr = ask_names(eval, &names);

    if (names->status == DNS_PENDING || is_our_trouble(names->status))
        stop_without(eval, frame, term, names);
    else
        auth_spf_count_void(eval, frame, term, names);
    for (unsigned i = 0; ptr != NULL && i < AUTH_SPF_PTR_MAX; i++) {
        const struct dns_answer *addresses = NULL;
        enum validity validity = NAME_WRONG;

        if (dns_name_is_below(ptr->target, target))
            validity = spf_ptr_validate(eval, ptr, &addresses);
        if (validity == NAME_VALID)
            return true;
        if (addresses != NULL && missing == NULL)
            auth_spf_count_void(eval, frame, term, addresses);
        if (validity == NAME_PENDING || (validity == NAME_UNKNOWN && missing == NULL))
            missing = addresses;
        ptr = dns_answer_next(names, ptr);
    }
    if (missing != NULL)
        stop_without(eval, frame, term, missing);
    return false;
}

/* fitness_of - how well a valid name serves as %{p} */
static enum fitness fitness_of(const struct dns_name *name, const struct dns_name *domain)
{
    if (dns_name_equal(name, domain))
        return FIT_EQUAL;
    return dns_name_is_below(name, domain) ? FIT_BELOW : FIT_ANY;
}

struct span auth_spf_client_name(struct auth_spf_eval *eval, const struct auth_spf_frame *frame)
{
    const struct dns_answer *names = NULL;
    const struct dns_rr *ptr = ask_names(eval, &names);
    const struct dns_answer *missing = NULL;
    const struct dns_name *best = NULL;
    enum fitness best_fitness = FIT_NONE;

    if (names->status == DNS_PENDING || is_our_trouble(names->status))
        missing = names;
    else
        auth_spf_count_void(eval, frame, NULL, names);
    for (unsigned i = 0; ptr != NULL && i < AUTH_SPF_PTR_MAX; i++) {
        const struct dns_answer *addresses = NULL;
        enum validity validity = spf_ptr_validate(eval, ptr, &addresses);

        if (validity == NAME_VALID && fitness_of(ptr->target, frame->name) > best_fitness) {
            best = ptr->target;
            best_fitness = fitness_of(best, frame->name);
        }
        if (missing == NULL)
            auth_spf_count_void(eval, frame, NULL, addresses);
        if (validity == NAME_PENDING || (validity == NAME_UNKNOWN && missing == NULL))
            missing = addresses;
        ptr = dns_answer_next(names, ptr);
    }
    if (missing != NULL && (missing->status == DNS_PENDING || !eval->is_explaining))
        stop_without(eval, frame, NULL, missing);
    return best == NULL ? span_of("unknown") : span_make(best->text, best->len);
}
