/*
 * An answer is judged in parts: each set of records on its CNAME chain, then the proof that
 * there is nothing more. The worst of them is the verdict.
 */
#include "dnssec/dnssec_chain_private.h"

struct dnssec_chain *dnssec_chain_open(struct arena *arena, struct ledger *ledger,
                                       const struct dnssec_anchor *anchors, int64_t now)
{
    struct dnssec_chain *chain = arena_new_of(arena, struct dnssec_chain);

    *chain =
        (struct dnssec_chain){.arena = arena, .ledger = ledger, .anchors = anchors, .now = now};
    return chain;
}

struct dnssec_chain *dnssec_chain_assume(struct arena *arena, const struct dnssec_chain *chain,
                                         struct ledger *ledger)
{
    struct dnssec_chain *assumed = dnssec_chain_open(arena, ledger, chain->anchors, chain->now);
    struct dnssec_chain_zone **tail = &assumed->zones;

    for (const struct dnssec_chain_zone *zone = chain->zones; zone != NULL; zone = zone->next) {
        *tail = arena_new_of(arena, struct dnssec_chain_zone);
        **tail = *zone;
        (*tail)->next = NULL;
        tail = &(*tail)->next;
    }
    assumed->judged = chain->judged; /* of answers that are the same ones */
    return assumed;
}

void dnssec_chain_prepare(struct dnssec_chain *chain, const struct dns_name *name)
{
    dnssec_chain_walk(chain, name);
}

const struct dnssec_chain_zone *dnssec_chain_zones(const struct dnssec_chain *chain)
{
    return chain->zones;
}

/* ---- verdicts ---- */

/* chain_worsen - another part of the answer; the worse of both counts */
static void chain_worsen(struct dnssec_chain_verdict *verdict,
                         const struct dnssec_chain_verdict *part)
{
    int64_t expires = verdict->expires;
    int64_t inception = verdict->inception;

    if (part->expires != 0 && (expires == 0 || part->expires < expires)) {
        expires = part->expires;
        inception = part->inception;
    }
    if (part->state < verdict->state)
        *verdict = *part;
    else if (verdict->zone == NULL)
        verdict->zone = part->zone;
    verdict->expires = expires;
    verdict->inception = inception;
}

/* chain_is_signed - the walk came to a zone whose keys can be believed */
static bool chain_is_signed(const struct dnssec_chain_zone *zone)
{
    return zone != NULL && dnssec_chain_state_is_signed(zone->state);
}

/* chain_holds - what the zone has signed is worth as much as its keys */
static struct dnssec_chain_verdict chain_holds(const struct dnssec_chain_zone *zone,
                                               int64_t inception, int64_t expires)
{
    return (struct dnssec_chain_verdict){zone->state, zone->reason, zone->name, inception,
                                         expires};
}

/* chain_verdict_of - what a walk that did not end in a secure zone says */
static struct dnssec_chain_verdict chain_verdict_of(const struct dnssec_chain_zone *zone)
{
    if (zone == NULL)
        return (struct dnssec_chain_verdict){DNSSEC_INDETERMINATE,
                                             "no trust anchor is above the name", NULL, 0, 0};
    return (struct dnssec_chain_verdict){zone->state, zone->reason, zone->name, 0, 0};
}

/* chain_bogus - in a zone that is secure, with what is wrong */
static struct dnssec_chain_verdict chain_bogus(struct dnssec_chain *chain,
                                               const struct dnssec_chain_zone *zone,
                                               const char *what, const char *fault)
{
    return (struct dnssec_chain_verdict){.state = DNSSEC_BOGUS,
                                         .zone = zone->name,
                                         .reason =
                                             arena_printf(chain->arena, "%s: %s", what, fault)};
}

/* what_of - "the MX records of example.com" */
static const char *what_of(struct dnssec_chain *chain, const struct dns_name *name,
                           enum dns_type type)
{
    return arena_printf(chain->arena, "the %s records of %s",
                        dns_type_to_text(chain->arena, type),
                        name->labels == 0 ? "the root" : name->text);
}

/* signer_of - who signs records of the owner and type; NULL: nobody. The longest name. */
static const struct dns_name *signer_of(struct dnssec_chain *chain, const struct dns_rr *rr,
                                        const struct dns_name *owner, enum dns_type type)
{
    const struct dns_name *signer = NULL;

    for (; rr != NULL; rr = rr->next) {
        struct dns_signature signature;

        if ((owner != NULL && !dns_name_equal(rr->owner, owner)) ||
            !dns_signature_read(chain->arena, rr, &signature) || signature.covered != type ||
            !dns_name_is_below(rr->owner, signature.signer))
            continue;
        if (signer == NULL || signature.signer->labels > signer->labels)
            signer = signature.signer;
    }
    return signer;
}

/* has_dname - a signed DNAME above the owner made this alias */
static bool has_dname(struct dnssec_chain *chain, const struct dns_rr *signatures,
                      const struct dns_rrset *set)
{
    for (; set->type == DNS_CNAME && signatures != NULL; signatures = signatures->next) {
        struct dns_signature signature;

        if (dns_signature_read(chain->arena, signatures, &signature) &&
            signature.covered == DNS_DNAME && dns_name_is_below(set->owner, signatures->owner))
            return true;
    }
    return false;
}

/* judge_unsigned - records without a signature: right only where the zone has none */
static struct dnssec_chain_verdict judge_unsigned(struct dnssec_chain *chain,
                                                  const struct dns_answer *answer,
                                                  const struct dns_rrset *set)
{
    const struct dnssec_chain_zone *zone = NULL;

    if (has_dname(chain, answer->proofs->signatures, set))
        return (struct dnssec_chain_verdict){.state = DNSSEC_INDETERMINATE,
                                             .reason = "an alias is made by a DNAME"};
    zone = dnssec_chain_walk(chain, set->owner);
    if (!chain_is_signed(zone))
        return chain_verdict_of(zone);
    return chain_bogus(
        chain, zone, what_of(chain, set->owner, set->type),
        arena_printf(chain->arena, "no signature, in the signed zone %s.", zone->name->text));
}

/* judge_wildcard - the records are those of a wildcard: is the name itself absent */
static struct dnssec_chain_verdict judge_wildcard(struct dnssec_chain *chain,
                                                  struct dnssec_chain_zone *zone,
                                                  struct dns_denied *denied,
                                                  const struct dns_verified *verified)
{
    enum dns_denial denial = DNS_DENIAL_NONE;

    denied->parent_labels = verified->labels;
    denial = dnssec_chain_deny_exact(chain, zone, denied);
    if (denial == DNS_DENIAL_UNSIGNED)
        return (struct dnssec_chain_verdict){
            DNSSEC_INSECURE,
            "the proof leaves room for unsigned zones (NSEC3 opt-out or too many iterations)",
            zone->name, verified->inception, verified->expires};
    if (denial != DNS_DENIAL_PROVED)
        return chain_bogus(chain, zone, what_of(chain, denied->name, denied->type),
                           denied->fault != NULL
                               ? denied->fault
                               : "a wildcard, without proof that the name is absent");
    return chain_holds(zone, verified->inception, verified->expires);
}

/* judge_set - one set of records of an answer */
static struct dnssec_chain_verdict judge_set(struct dnssec_chain *chain,
                                             const struct dns_answer *answer,
                                             const struct dns_rrset *set)
{
    const struct dns_rr *signatures = answer->proofs->signatures;
    const struct dns_name *signer = signer_of(chain, signatures, set->owner, set->type);
    struct dnssec_chain_zone *zone = NULL;
    struct dns_verified verified;
    struct dnssec_chain_verdict verdict;
    struct dns_denied denied = {
        .name = set->owner, .type = set->type, .proofs = answer->proofs};

    if (signer == NULL)
        return judge_unsigned(chain, answer, set);
    zone = dnssec_chain_walk(chain, signer);
    if (!chain_is_signed(zone))
        return chain_verdict_of(zone);
    if (!dns_name_equal(zone->name, signer))
        return chain_bogus(
            chain, zone, what_of(chain, set->owner, set->type),
            arena_printf(chain->arena, "signed by %s., which is not a zone", signer->text));
    verified = dnssec_chain_verify(chain, zone, set, signatures);
    if (verified.is_good && verified.is_wildcard)
        return judge_wildcard(chain, zone, &denied, &verified);
    if (!verified.is_good) {
        verdict =
            chain_bogus(chain, zone, what_of(chain, set->owner, set->type), verified.fault);
        verdict.inception = verified.inception;
        verdict.expires = verified.expires;
        return verdict;
    }
    return chain_holds(zone, verified.inception, verified.expires);
}

/* denier_of - the zone that signed the proof; NULL: none */
static const struct dns_name *denier_of(struct dnssec_chain *chain, const struct dns_name *name,
                                        const struct dns_proofs *proofs)
{
    const struct dns_name *denier = NULL;

    for (const struct dns_rr *rr = proofs->denial; rr != NULL; rr = rr->next) {
        const struct dns_name *signer =
            signer_of(chain, proofs->signatures, rr->owner, rr->type);

        if (signer != NULL && dns_name_is_below(name, signer) &&
            (denier == NULL || signer->labels > denier->labels))
            denier = signer;
    }
    return denier;
}

/* denial_verdict - what the proof is worth */
static struct dnssec_chain_verdict denial_verdict(struct dnssec_chain *chain,
                                                  const struct dnssec_chain_zone *zone,
                                                  const struct dns_denied *denied,
                                                  enum dns_denial denial)
{
    struct dnssec_chain_verdict verdict = chain_holds(zone, denied->inception, denied->expires);

    switch (denial) {
    case DNS_DENIAL_PROVED:
        break;
    case DNS_DENIAL_UNSIGNED:
        verdict.state = DNSSEC_INSECURE;
        verdict.reason =
            "the proof leaves room for unsigned zones (NSEC3 opt-out or too many iterations)";
        break;
    case DNS_DENIAL_CONTRADICTS:
    case DNS_DENIAL_NONE:
        verdict.state = DNSSEC_BOGUS;
        verdict.reason =
            arena_printf(chain->arena, "the denial of %s: %s",
                         what_of(chain, denied->name, denied->type) + sizeof("the ") - 1,
                         denial == DNS_DENIAL_CONTRADICTS ? "the proof says that there are"
                         : denied->fault != NULL          ? denied->fault
                                                          : "the proof is missing");
        break;
    }
    return verdict;
}

/* judge_absence - nothing, or nothing more: is that proved */
static struct dnssec_chain_verdict judge_absence(struct dnssec_chain *chain,
                                                 const struct dns_answer *answer)
{
    const struct dns_name *name = dns_answer_final_name(answer);
    const struct dns_name *denier = denier_of(chain, name, answer->proofs);
    struct dns_denied denied = {
        .name = name, .type = answer->question.type, .proofs = answer->proofs};
    struct dnssec_chain_zone *zone = dnssec_chain_walk(chain, denier != NULL ? denier : name);

    if (!chain_is_signed(zone))
        return chain_verdict_of(zone);
    if (denier == NULL || !dns_name_equal(denier, zone->name))
        return denial_verdict(chain, zone, &denied, DNS_DENIAL_NONE);
    return denial_verdict(chain, zone, &denied,
                          answer->status == DNS_NXDOMAIN
                              ? dnssec_chain_deny_name(chain, zone, &denied)
                              : dnssec_chain_deny_type(chain, zone, &denied));
}

/* judge_records - each set of the chain, the last of which is of the type asked for */
static void judge_records(struct dnssec_chain *chain, const struct dns_answer *answer,
                          struct dnssec_chain_verdict *verdict)
{
    const struct dns_rr *before = NULL;

    for (const struct dns_rr *rr = answer->records; rr != NULL; before = rr, rr = rr->next) {
        struct dns_rrset set;
        struct dnssec_chain_verdict part;

        if (before != NULL && before->type == rr->type &&
            dns_name_equal(before->owner, rr->owner))
            continue;
        set = dns_rrset_of(chain->arena, answer->records, rr->owner, rr->type);
        part = judge_set(chain, answer, &set);
        chain_worsen(verdict, &part);
    }
}

/* chain_judge - an answer that came with its proofs */
static struct dnssec_chain_verdict chain_judge(struct dnssec_chain *chain,
                                               const struct dns_answer *answer)
{
    struct dnssec_chain_verdict verdict = {.state = DNSSEC_SECURE};

    if (answer->unchecked != NULL)
        answer = answer->unchecked;
    if (!dns_status_is_answer(answer->status))
        return (struct dnssec_chain_verdict){
            .state = answer->status == DNS_PENDING ? DNSSEC_PENDING : DNSSEC_INDETERMINATE,
            .reason =
                answer->detail != NULL ? answer->detail : dns_status_to_text(answer->status)};
    if (answer->proofs == NULL)
        return (struct dnssec_chain_verdict){.state = DNSSEC_INDETERMINATE,
                                             .reason =
                                                 "answered without DNSSEC records, or with too "
                                                 "many of them"};
    judge_records(chain, answer, &verdict);
    if (dns_status_is_absent(answer->status)) {
        struct dnssec_chain_verdict part = judge_absence(chain, answer);

        chain_worsen(&verdict, &part);
    }
    return verdict;
}

const struct dnssec_chain_verdict *dnssec_chain_judge(struct dnssec_chain *chain,
                                                      const struct dns_answer *answer)
{
    struct dnssec_chain_judged *judged = chain->judged;
    struct dnssec_chain_verdict *verdict = NULL;

    while (judged != NULL && judged->answer != answer)
        judged = judged->next;
    if (judged != NULL)
        return judged->verdict;
    verdict = arena_new_of(chain->arena, struct dnssec_chain_verdict);
    *verdict = chain_judge(chain, answer);
    if (verdict->state == DNSSEC_PENDING)
        return verdict;
    judged = arena_new_of(chain->arena, struct dnssec_chain_judged);
    *judged = (struct dnssec_chain_judged){answer, verdict, chain->judged};
    chain->judged = judged;
    return verdict;
}
