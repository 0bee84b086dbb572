/*
 * The chain of trust. Each zone and each reason is reported once, for any number of answers:
 * most of them share a zone.
 */
#include <string.h>

#include "base/clock.h"
#include "base/dns_name.h"
#include "check/check_emit.h"
#include "check/check_facts.h"
#include "model/dns_answer.h"
#include "model/dnssec_verdict.h"
#include "model/facts.h"

/* signatures that live this short are not being renewed: signers renew at a tenth of the life
 * or before, and a week is enough notice for those made by hand (RFC 6781, 4.4.2) */
#define LIFE_PARTS     10
#define DAY_SECONDS    86400
#define NOTICE_SECONDS (7 * (int64_t)DAY_SECONDS)

/* is_reason_repeated - an earlier answer of the list has the same reason, in the same zone */
static bool is_reason_repeated(const struct dnssec_facts *facts,
                               const struct dnssec_answer *answer)
{
    const struct dnssec_chain_verdict *verdict = answer->verdict;

    for (const struct dnssec_answer *one = facts->answers; one != answer; one = one->next)
        if (one->verdict->state == verdict->state && one->verdict->reason != NULL &&
            verdict->reason != NULL && strcmp(one->verdict->reason, verdict->reason) == 0)
            return true;
    return false;
}

/* emit_answer - a finding at an answer */
static struct found *emit_answer(struct emitter *out, const struct dnssec_answer *one)
{
    const struct dns_question *question = &one->answer->question;
    struct found *found = emit(out, where_name(out, question->name, question->type));

    found_name(found, "zone", one->verdict->zone);
    return found;
}

bool check_dnssec_explains(const struct facts *facts, const struct dns_answer *answer)
{
    const struct dnssec_facts *dnssec = &facts->domain.dnssec;

    for (const struct dnssec_answer *one = dnssec->answers; one != NULL; one = one->next)
        if (one->answer == answer && one->verdict->state == DNSSEC_BOGUS)
            return true;
    for (const struct dnssec_chain_zone *zone = dnssec->zones; zone != NULL; zone = zone->next)
        if (zone->state == DNSSEC_BOGUS && dns_name_is_below(answer->question.name, zone->name))
            return true;
    return false;
}

/* check_dnssec_bogus - validating receivers see nothing of it */
void check_dnssec_bogus(const struct facts *facts, struct emitter *out)
{
    const struct dnssec_facts *dnssec = &facts->domain.dnssec;

    for (const struct dnssec_answer *one = dnssec->answers; one != NULL; one = one->next)
        if (one->verdict->state == DNSSEC_BOGUS && !is_reason_repeated(dnssec, one))
            found_text(emit_answer(out, one), "reason", one->verdict->reason);
}

/* expires_soon - the signature holds and ends before a signer in order would let it */
static bool expires_soon(const struct dnssec_chain_verdict *verdict, int64_t now)
{
    int64_t life = verdict->expires - verdict->inception;
    int64_t left = verdict->expires - now;

    return dnssec_chain_state_is_signed(verdict->state) && verdict->expires != 0 &&
           left < NOTICE_SECONDS && left < life / LIFE_PARTS;
}

/* has_soon_before - an earlier answer of the zone expires soon too */
static bool has_soon_before(const struct facts *facts, const struct dnssec_answer *answer)
{
    for (const struct dnssec_answer *one = facts->domain.dnssec.answers; one != answer;
         one = one->next)
        if (expires_soon(one->verdict, facts->subject->now) &&
            dns_name_equal(one->verdict->zone, answer->verdict->zone))
            return true;
    return false;
}

/* check_dnssec_expires_soon - signatures that nobody seems to renew */
void check_dnssec_expires_soon(const struct facts *facts, struct emitter *out)
{
    for (const struct dnssec_answer *one = facts->domain.dnssec.answers; one; one = one->next)
        if (expires_soon(one->verdict, facts->subject->now) && !has_soon_before(facts, one))
            found_text(emit_answer(out, one), "expires",
                       clock_to_text(out->arena, one->verdict->expires));
}

/* dnssec_zone_of - the zone of the domain itself, as far as the chain leads; NULL */
static const struct dnssec_chain_zone *dnssec_zone_of(const struct facts *facts)
{
    const struct dnssec_chain_zone *best = NULL;

    for (const struct dnssec_chain_zone *zone = facts->domain.dnssec.zones; zone;
         zone = zone->next)
        if ((zone->is_cut || !dnssec_chain_state_is_signed(zone->state)) &&
            dns_name_is_below(facts->domain.name, zone->name) &&
            (best == NULL || zone->name->labels > best->name->labels))
            best = zone;
    return best;
}

/* has_own_keys - the zone is signed, although nothing above says so */
static bool has_own_keys(const struct dnssec_chain_zone *zone)
{
    return zone->key_count > 0 && zone->ds_count == 0;
}

/* check_dnssec_unsigned - provably no DNSSEC: nothing protects the records on their way */
void check_dnssec_unsigned(const struct facts *facts, struct emitter *out)
{
    const struct dnssec_chain_zone *zone = dnssec_zone_of(facts);

    if (zone != NULL && zone->state == DNSSEC_INSECURE && !has_own_keys(zone))
        found_text(emit(out, where_name(out, facts->domain.name, DNS_DS)), "reason",
                   zone->reason);
}

/* check_dnssec_ds_missing - signed for nobody */
void check_dnssec_ds_missing(const struct facts *facts, struct emitter *out)
{
    const struct dnssec_chain_zone *zone = dnssec_zone_of(facts);

    if (zone != NULL && zone->state == DNSSEC_INSECURE && has_own_keys(zone))
        found_number(emit(out, where_name(out, zone->name, DNS_DS)), "keys",
                     (int64_t)zone->key_count);
}

/* check_dnssec_ds_not_asked - an island, for want of a source that knows what is above */
void check_dnssec_ds_not_asked(const struct facts *facts, struct emitter *out)
{
    const struct dnssec_chain_zone *zone = dnssec_zone_of(facts);

    if (zone != NULL && zone->is_island)
        found_number(emit(out, where_name(out, zone->name, DNS_DS)), "keys",
                     (int64_t)zone->key_count);
}

/* check_dnssec_algorithm - keys that validators stop believing */
void check_dnssec_algorithm(const struct facts *facts, struct emitter *out)
{
    const struct dnssec_chain_zone *zone = dnssec_zone_of(facts);

    for (size_t i = 0; zone != NULL && i < zone->key_count; i++) {
        unsigned algorithm = zone->keys[i].algorithm;
        struct found *found = NULL;

        if (dnssec_chain_algorithm_is_sound(algorithm))
            continue;
        found = emit(out, where_name(out, zone->name, DNS_DNSKEY));
        found_text(found, "algorithm", dnssec_chain_algorithm_to_text(algorithm));
        found_number(found, "tag", zone->keys[i].tag);
        return; /* the others go with it */
    }
}

/* check_dnssec_nsec3_iterations - work for validators that protects nothing */
void check_dnssec_nsec3_iterations(const struct facts *facts, struct emitter *out)
{
    const struct dnssec_chain_zone *zone = dnssec_zone_of(facts);

    if (zone != NULL && zone->iterations > 0)
        found_number(emit(out, where_name(out, zone->name, DNS_DNSKEY)), "iterations",
                     zone->iterations);
}
