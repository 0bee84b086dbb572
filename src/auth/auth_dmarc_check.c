/*
 * The verdict: every identifier is aligned or not, or it is not known; one that passes and is
 * aligned decides for pass, whatever else is unknown. Fail is only said when nothing that is
 * unknown could have made it a pass (RFC 9989, 5.3.6).
 */
#include "auth/auth_dmarc_private.h"
#include "base/sbuf.h"
#include "model/rec_dmarc.h"
#include "model/result.h"

/* one identifier under judgement */
struct candidate {
    const struct auth_dmarc_identifier *identifier;
    const char *method;                 /* "SPF", "DKIM" */
    const struct auth_dmarc_walk *walk; /* NULL: not needed, or no domain */
    struct auth_dmarc_alignment alignment;
    bool is_alignment_known;
};

struct judgement {
    struct arena *arena;
    struct ledger *ledger;
    const struct auth_dmarc_input *input;
    struct auth_dmarc_verdict *verdict;
    struct candidate *candidates; /* SPF, then DKIM in order */
    size_t count;
};

/* could_pass - may this identifier still bring a pass */
static bool could_pass(const struct auth_dmarc_identifier *identifier)
{
    return identifier->passes || identifier->is_undetermined;
}

/* walk_of - the walk of an identifier; that of the author domain is there already */
static const struct auth_dmarc_walk *walk_of(struct judgement *judgement,
                                             const struct dns_name *domain)
{
    const struct auth_dmarc_walk *author = judgement->verdict->policy->walk;

    if (dns_name_equal(domain, author->domain))
        return author;
    return auth_dmarc_walk(judgement->arena, judgement->ledger, domain);
}

/* dmarc_check_collect - all identifiers, with their walks asked for at once */
static void dmarc_check_collect(struct judgement *judgement)
{
    const struct auth_dmarc_input *input = judgement->input;

    judgement->count = 1 + input->dkim_count;
    judgement->candidates =
        arena_array_of(judgement->arena, struct candidate, judgement->count);
    for (size_t i = 0; i < judgement->count; i++) {
        struct candidate *candidate = &judgement->candidates[i];

        candidate->identifier = i == 0 ? &input->spf : &input->dkim[i - 1];
        candidate->method = i == 0 ? "SPF" : "DKIM";
        if (candidate->identifier->domain == NULL)
            continue;
        candidate->walk = walk_of(judgement, candidate->identifier->domain);
        judgement->verdict->is_pending |= candidate->walk->is_pending;
    }
}

/* share_a_label - names under different top-level domains never have one organisational
 * domain */
static bool share_a_label(struct arena *arena, const struct dns_name *a,
                          const struct dns_name *b)
{
    return dns_name_equal(dns_name_suffix(arena, a, 1), dns_name_suffix(arena, b, 1));
}

/* dmarc_check_align - RFC 9989, 4.4 and 4.10.2 */
static void dmarc_check_align(struct judgement *judgement, struct candidate *candidate,
                              bool is_strict)
{
    const struct auth_dmarc_walk *author = judgement->verdict->policy->walk;
    const struct dns_name *domain = candidate->identifier->domain;
    struct auth_dmarc_alignment *alignment = &candidate->alignment;

    alignment->domain = domain;
    alignment->is_strict = is_strict;
    candidate->is_alignment_known = true;
    if (domain == NULL)
        return;
    if (candidate->walk != NULL)
        alignment->organizational_domain = candidate->walk->organizational_domain;
    if (dns_name_equal(domain, judgement->input->author))
        alignment->is_aligned = true;
    else if (!is_strict && candidate->walk != NULL &&
             share_a_label(judgement->arena, domain, judgement->input->author))
        alignment->is_aligned = auth_dmarc_walks_meet(judgement->arena, author, candidate->walk,
                                                      &candidate->is_alignment_known);
    if (!candidate->is_alignment_known)
        alignment->is_aligned = false;
}

/* align_all - and copy the alignments to the verdict */
static void align_all(struct judgement *judgement)
{
    const struct auth_dmarc_policy *policy = judgement->verdict->policy;
    const struct rec_dmarc *record = policy->step == NULL ? NULL : policy->step->record;

    for (size_t i = 0; i < judgement->count; i++) {
        struct candidate *candidate = &judgement->candidates[i];

        dmarc_check_align(judgement, candidate,
                          record != NULL &&
                              (i == 0 ? record->aspf_strict : record->adkim_strict));
        if (i == 0)
            judgement->verdict->spf = candidate->alignment;
        else
            judgement->verdict->dkim[i - 1] = candidate->alignment;
    }
}

/* find_pass - the first identifier that passes and is certainly aligned; NULL */
static const struct candidate *find_pass(const struct judgement *judgement)
{
    const struct candidate *found = NULL;

    for (size_t i = 0; i < judgement->count; i++) {
        const struct candidate *candidate = &judgement->candidates[i];

        if (!candidate->identifier->passes || !candidate->alignment.is_aligned ||
            !candidate->is_alignment_known)
            continue;
        if (i == 0)
            judgement->verdict->spf_aligned = true;
        else
            judgement->verdict->dkim_aligned = true;
        if (found == NULL)
            found = candidate;
    }
    return found;
}

/* find_unknown_identifier - an identifier that might bring a pass if more were known; NULL */
static const struct candidate *find_unknown_identifier(const struct judgement *judgement)
{
    for (size_t i = 0; i < judgement->count; i++) {
        const struct candidate *candidate = &judgement->candidates[i];
        bool may_align = candidate->alignment.is_aligned || !candidate->is_alignment_known;

        if (candidate->identifier->domain != NULL && could_pass(candidate->identifier) &&
            may_align)
            return candidate;
    }
    return NULL;
}

/* explain_pass - which identifier brought it */
static const char *explain_pass(struct judgement *judgement, const struct candidate *candidate)
{
    const struct auth_dmarc_alignment *alignment = &candidate->alignment;
    const char *domain = alignment->domain->text;

    if (dns_name_equal(alignment->domain, judgement->input->author))
        return arena_printf(judgement->arena, "%s passes for %s, the author domain itself",
                            candidate->method, domain);
    return arena_printf(judgement->arena,
                        "%s passes for %s, which shares the organizational domain %s",
                        candidate->method, domain, alignment->organizational_domain->text);
}

/* explain_unknown - what keeps us from a verdict */
static const char *explain_unknown(struct judgement *judgement,
                                   const struct candidate *candidate)
{
    const struct auth_dmarc_walk *author = judgement->verdict->policy->walk;
    const struct auth_dmarc_step *trouble = NULL;

    if (!candidate->identifier->passes)
        return arena_printf(judgement->arena,
                            "%s for %s ended in temperror, and might have passed",
                            candidate->method, candidate->identifier->domain->text);
    if (candidate->walk != NULL)
        trouble = candidate->walk->trouble;
    if (trouble == NULL)
        trouble = author->trouble;
    if (trouble == NULL)
        return "the organizational domains could not be found";
    return arena_printf(judgement->arena, "whether %s is aligned is not known: %s",
                        candidate->identifier->domain->text,
                        auth_dmarc_trouble_text(judgement->arena, trouble->answer));
}

/* explain_fail - name what passed without being aligned */
static const char *explain_fail(struct judgement *judgement)
{
    struct sbuf buf = sbuf_start(judgement->arena);
    size_t passing = 0;

    for (size_t i = 0; i < judgement->count; i++) {
        const struct candidate *candidate = &judgement->candidates[i];

        if (!candidate->identifier->passes || candidate->identifier->domain == NULL)
            continue;
        if (passing++ < 3)
            sbuf_addf(&buf, "%s%s for %s", passing == 1 ? "" : ", ", candidate->method,
                      candidate->identifier->domain->text);
    }
    if (passing == 0)
        return judgement->input->is_spf_unjudged
                   ? "DKIM does not pass, and SPF is not judged without the client's address"
                   : "neither SPF nor DKIM passes";
    if (passing > 3)
        sbuf_addf(&buf, " and %zu more", passing - 3);
    sbuf_addf(&buf, " %s, but not aligned with %s", passing == 1 ? "passes" : "pass",
              judgement->input->author->text);
    return sbuf_text(&buf);
}

/* dmarc_check_decide - the result, once a record applies */
static void dmarc_check_decide(struct judgement *judgement, const struct candidate *pass)
{
    struct auth_dmarc_verdict *verdict = judgement->verdict;
    const struct candidate *doubt = find_unknown_identifier(judgement);

    if (pass != NULL) {
        verdict->result = DMARC_PASS;
        verdict->reason = explain_pass(judgement, pass);
    } else if (doubt != NULL) {
        verdict->result = DMARC_TEMPERROR;
        verdict->reason = explain_unknown(judgement, doubt);
    } else if (verdict->policy->is_undetermined) {
        verdict->result = DMARC_TEMPERROR;
        verdict->reason = verdict->policy->reason;
    } else {
        verdict->result = DMARC_FAIL;
        verdict->reason = explain_fail(judgement);
    }
}

/* dmarc_check_judge - with an author domain and all answers there */
static void dmarc_check_judge(struct judgement *judgement)
{
    struct auth_dmarc_verdict *verdict = judgement->verdict;
    const struct candidate *pass = NULL;

    verdict->organizational_domain = verdict->policy->walk->organizational_domain;
    align_all(judgement);
    pass = find_pass(judgement);
    if (verdict->policy->step != NULL) {
        dmarc_check_decide(judgement, pass);
        return;
    }
    verdict->result = verdict->policy->is_undetermined ? DMARC_TEMPERROR : DMARC_NONE;
    verdict->reason = verdict->policy->reason;
}

const struct auth_dmarc_verdict *auth_dmarc_check(struct arena *arena, struct ledger *ledger,
                                                  const struct auth_dmarc_input *input)
{
    struct auth_dmarc_verdict *verdict = arena_new_of(arena, struct auth_dmarc_verdict);
    struct judgement judgement = {
        .arena = arena, .ledger = ledger, .input = input, .verdict = verdict};

    verdict->dkim = arena_array_of(arena, struct auth_dmarc_alignment, input->dkim_count + 1);
    if (input->author == NULL) {
        verdict->result = DMARC_PERMERROR;
        verdict->reason =
            input->author_fault == NULL ? "no usable author domain" : input->author_fault;
        verdict->rfc7489 =
            (struct auth_dmarc_rfc7489){.result = DMARC_PERMERROR, .percent = 100};
        return verdict;
    }
    verdict->policy = auth_dmarc_discover(arena, ledger, input->author);
    verdict->is_pending = verdict->policy->is_pending;
    dmarc_check_collect(&judgement);
    verdict->rfc7489 = auth_dmarc_rfc7489_check(arena, ledger, input, &verdict->is_pending);
    verdict->reason = "answers are still wanted";
    if (!verdict->is_pending)
        dmarc_check_judge(&judgement);
    return verdict;
}
