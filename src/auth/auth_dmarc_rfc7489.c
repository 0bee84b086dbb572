/*
 * The older rule book, for those who still go by it: the public suffix list instead of the
 * walk, two names at most, no np, no psd, no t. The percentage is reported, not applied.
 */
#include "auth/auth_dmarc_private.h"
#include "model/rec_dmarc.h"
#include "model/result.h"

/* an answer that RFC 7489 looks at, read */
struct place {
    struct auth_dmarc_step step;
    bool is_asked;
    bool is_failed; /* it could not be queried */
};

/* look_at - ask for the record at a domain; NULL is a place nobody asks */
static struct place look_at(struct arena *arena, struct ledger *ledger,
                            const struct dns_name *domain, bool *is_pending_out)
{
    struct place place = {.step = {.domain = domain}};

    if (domain != NULL)
        place.step.answer = auth_dmarc_ask(arena, ledger, domain);
    if (place.step.answer == NULL)
        return place;
    place.is_asked = true;
    if (place.step.answer->status == DNS_PENDING)
        *is_pending_out = true;
    place.is_failed = !dns_status_is_answer(place.step.answer->status);
    auth_dmarc_step_read(ledger, &place.step);
    return place;
}

/* same_organization - relaxed alignment: RFC 7489, 3.1 and 3.2 */
static bool same_organization(struct arena *arena, const struct dns_name *a,
                              const struct dns_name *b)
{
    const struct dns_name *of_a = auth_psl_organizational_domain(arena, a);
    const struct dns_name *of_b = auth_psl_organizational_domain(arena, b);

    return of_a != NULL && of_b != NULL && dns_name_equal(of_a, of_b);
}

/* dmarc_rfc7489_is_aligned - one identifier with the author domain */
static bool dmarc_rfc7489_is_aligned(struct arena *arena, const struct auth_dmarc_input *input,
                                     const struct auth_dmarc_identifier *identifier,
                                     bool is_strict)
{
    if (identifier->domain == NULL)
        return false;
    if (dns_name_equal(identifier->domain, input->author))
        return true;
    return !is_strict && same_organization(arena, identifier->domain, input->author);
}

/* dmarc_rfc7489_align - which identifiers pass and are aligned, relaxed without a record;
 * returns whether one that is aligned might yet pass */
static bool dmarc_rfc7489_align(struct arena *arena, const struct auth_dmarc_input *input,
                                const struct rec_dmarc *record,
                                struct auth_dmarc_rfc7489 *opinion)
{
    bool is_uncertain = false;

    for (size_t i = 0; i <= input->dkim_count; i++) {
        const struct auth_dmarc_identifier *one = i == 0 ? &input->spf : &input->dkim[i - 1];
        bool *is_aligned = i == 0 ? &opinion->spf_aligned : &opinion->dkim_aligned;

        if (!dmarc_rfc7489_is_aligned(
                arena, input, one,
                record != NULL && (i == 0 ? record->aspf_strict : record->adkim_strict)))
            continue;
        *is_aligned = *is_aligned || one->passes;
        is_uncertain = is_uncertain || one->is_undetermined;
    }
    return is_uncertain;
}

struct auth_dmarc_rfc7489 auth_dmarc_rfc7489_check(struct arena *arena, struct ledger *ledger,
                                                   const struct auth_dmarc_input *input,
                                                   bool *is_pending_out)
{
    const struct dns_name *above = auth_psl_organizational_domain(arena, input->author);
    struct place own = look_at(arena, ledger, input->author, is_pending_out);
    struct place inherited = look_at(arena, ledger, above, is_pending_out);
    /* RFC 7489, 6.6.3, step 3: the second name only if the first has nothing at all */
    const struct place *place = own.is_failed || own.step.record_count > 0 ? &own : &inherited;
    const struct rec_dmarc *record = place->step.record;
    struct auth_dmarc_rfc7489 opinion = {
        .result = DMARC_NONE, .organizational_domain = above, .percent = 100};
    bool is_uncertain = dmarc_rfc7489_align(arena, input, record, &opinion);

    if (place->is_asked && place->is_failed)
        opinion.result = DMARC_TEMPERROR;
    if (record == NULL || record->rfc7489_is_fatal)
        return opinion;
    opinion.record_domain = place->step.domain;
    opinion.has_policy = true;
    opinion.policy = place == &own ? record->rfc7489_policy : record->rfc7489_sub_policy;
    opinion.percent = record->percent;
    opinion.result = opinion.spf_aligned || opinion.dkim_aligned ? DMARC_PASS
                     : is_uncertain                              ? DMARC_TEMPERROR
                                                                 : DMARC_FAIL;
    return opinion;
}
