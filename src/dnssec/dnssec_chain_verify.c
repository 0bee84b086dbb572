/*
 * One signature against one key at a time, with a bound on how many of such tests a set of
 * records may cost: keys with the same tag and signatures by the hundred are a known attack
 * (KeyTrap, CVE-2023-50387). Time is compared here, because ldns would take that of the clock.
 */
#include <string.h>

#include "base/clock.h"
#include "base/limits.h"
#include "dns/dns_ldns.h"
#include "dns/dns_rr.h"
#include "dnssec/dnssec_chain_private.h"

#define KEY_ZONE     0x0100 /* RFC 4034, 2.1.1 */
#define KEY_REVOKED  0x0080 /* RFC 5011, 2.1 */
#define KEY_PROTOCOL 3      /* RFC 4034, 2.1.2 */

enum { KEY_FLAGS, KEY_PROTOCOL_AT, KEY_ALGORITHM, KEY_FIELDS = 4 };
enum { DS_TAG, DS_ALGORITHM, DS_DIGEST, DS_FIELDS = 4 };
enum { SIG_COVERED, SIG_ALGORITHM, SIG_LABELS, SIG_TAG = 6, SIG_FIELDS = 9 };

/* number_at - a field of one or two octets; 0 if it has another length */
static unsigned number_at(const ldns_rr *rr, size_t index)
{
    const ldns_rdf *rdf = ldns_rr_rdf(rr, index);

    if (rdf != NULL && ldns_rdf_size(rdf) == sizeof(uint16_t))
        return ldns_rdf2native_int16(rdf);
    return rdf != NULL && ldns_rdf_size(rdf) == sizeof(uint8_t) ? ldns_rdf2native_int8(rdf) : 0;
}

/* chain_verify_time_of - a field of seconds */
static uint32_t chain_verify_time_of(const ldns_rdf *rdf)
{
    return rdf != NULL && ldns_rdf_size(rdf) == sizeof(uint32_t) ? ldns_rdf2native_int32(rdf)
                                                                 : 0;
}

bool dns_signature_read(struct arena *arena, const struct dns_rr *rr,
                        struct dns_signature *signature_out)
{
    ldns_rr *made = dns_rr_to_ldns(arena, rr);
    const ldns_rdf *signer = NULL;

    *signature_out = (struct dns_signature){0};
    if (made != NULL && ldns_rr_rd_count(made) == SIG_FIELDS)
        signer = ldns_rr_rrsig_signame(made);
    if (signer != NULL) {
        *signature_out = (struct dns_signature){
            .covered = (enum dns_type)number_at(made, SIG_COVERED),
            .algorithm = (uint8_t)number_at(made, SIG_ALGORITHM),
            .labels = (uint8_t)number_at(made, SIG_LABELS),
            .expires = chain_verify_time_of(ldns_rr_rrsig_expiration(made)),
            .inception = chain_verify_time_of(ldns_rr_rrsig_inception(made)),
            .tag = (uint16_t)number_at(made, SIG_TAG),
            .signer = dns_name_from_wire(arena, ldns_rdf_data(signer), ldns_rdf_size(signer)),
        };
    }
    ldns_rr_free(made);
    return signature_out->signer != NULL;
}

struct dns_rrset dns_rrset_of(struct arena *arena, const struct dns_rr *list,
                              const struct dns_name *owner, enum dns_type type)
{
    struct dns_rrset set = {.owner = owner, .type = type};

    for (; list != NULL; list = list->next)
        if (list->type == type && dns_name_equal(list->owner, owner))
            arena_append(arena, set.list, set.count, list);
    return set;
}

struct dns_rrset dns_rrset_asked(struct arena *arena, const struct dns_answer *answer)
{
    return dns_rrset_of(arena, answer->records, answer->question.name, answer->question.type);
}

/* ---- keys and DS records ---- */

void dnssec_chain_read_keys(struct dnssec_chain *chain, struct dnssec_chain_zone *zone)
{
    struct dns_rrset set = dns_rrset_asked(chain->arena, zone->dnskey);

    for (size_t i = 0; i < set.count && zone->key_count < LIMIT_ZONE_KEYS; i++) {
        ldns_rr *made = dns_rr_to_ldns(chain->arena, set.list[i]);

        if (made != NULL && ldns_rr_rd_count(made) == KEY_FIELDS &&
            number_at(made, KEY_PROTOCOL_AT) == KEY_PROTOCOL) {
            struct dnssec_chain_key key = {
                .rr = set.list[i],
                .flags = (uint16_t)number_at(made, KEY_FLAGS),
                .tag = ldns_calc_keytag(made),
                .algorithm = (uint8_t)number_at(made, KEY_ALGORITHM),
                .bits = (unsigned)ldns_rr_dnskey_key_size(made),
            };

            arena_append(chain->arena, zone->keys, zone->key_count, key);
        }
        ldns_rr_free(made);
    }
}

void dnssec_chain_read_ds(struct dnssec_chain *chain, struct dnssec_chain_zone *zone)
{
    struct dns_rrset set = dns_rrset_asked(chain->arena, zone->ds);

    for (size_t i = 0; i < set.count && zone->ds_count < LIMIT_ZONE_KEYS; i++) {
        ldns_rr *made = dns_rr_to_ldns(chain->arena, set.list[i]);

        if (made != NULL && ldns_rr_rd_count(made) == DS_FIELDS) {
            struct dnssec_chain_ds ds = {
                .rr = set.list[i],
                .tag = (uint16_t)number_at(made, DS_TAG),
                .algorithm = (uint8_t)number_at(made, DS_ALGORITHM),
                .digest = (uint8_t)number_at(made, DS_DIGEST),
            };

            arena_append(chain->arena, zone->ds_list, zone->ds_count, ds);
        }
        ldns_rr_free(made);
    }
}

/* chain_verify_may_sign - a zone key that was not revoked, of an algorithm that can be
 * verified */
static bool chain_verify_may_sign(const struct dnssec_chain_key *key)
{
    return (key->flags & KEY_ZONE) != 0 && (key->flags & KEY_REVOKED) == 0 &&
           dnssec_chain_algorithm_is_verified(key->algorithm);
}

/* has_digest - the DS record holds the digest of the key (RFC 4034, 5.1.4) */
static bool has_digest(struct arena *arena, const struct dns_rr *ds,
                       const struct dnssec_chain_key *key, unsigned digest)
{
    ldns_rr *wanted = dns_rr_to_ldns(arena, ds);
    ldns_rr *from = dns_rr_to_ldns(arena, key->rr);
    ldns_rr *made = from != NULL ? ldns_key_rr2ds(from, (ldns_hash)digest) : NULL;
    bool is_same = wanted != NULL && made != NULL && ldns_rr_rd_count(wanted) == DS_FIELDS &&
                   ldns_rdf_compare(ldns_rr_rdf(wanted, DS_FIELDS - 1),
                                    ldns_rr_rdf(made, DS_FIELDS - 1)) == 0;

    ldns_rr_free(made);
    ldns_rr_free(from);
    ldns_rr_free(wanted);
    return is_same;
}

/* is_known_digest - SHA-1, SHA-256 and SHA-384 */
static bool is_known_digest(unsigned digest)
{
    return digest == LDNS_SHA1 || digest == LDNS_SHA256 || digest == LDNS_SHA384;
}

/* match_one - the keys that one DS record names */
static void match_one(struct arena *arena, struct dnssec_chain_zone *zone,
                      struct dnssec_chain_ds *ds)
{
    for (size_t i = 0; i < zone->key_count; i++) {
        struct dnssec_chain_key *key = &zone->keys[i];

        if (key->tag != ds->tag || key->algorithm != ds->algorithm ||
            !chain_verify_may_sign(key) || !has_digest(arena, ds->rr, key, ds->digest))
            continue;
        key->is_named = true;
        ds->is_matched = true;
    }
}

void dnssec_chain_match_ds(struct dnssec_chain *chain, struct dnssec_chain_zone *zone,
                           bool *has_known_out)
{
    bool has_better = false; /* next to SHA-256 and SHA-384, SHA-1 is ignored: RFC 4509, 3 */

    *has_known_out = false;
    for (size_t i = 0; i < zone->ds_count; i++)
        if (dnssec_chain_algorithm_is_verified(zone->ds_list[i].algorithm) &&
            zone->ds_list[i].digest != LDNS_SHA1 && is_known_digest(zone->ds_list[i].digest))
            has_better = true;
    for (size_t i = 0; i < zone->ds_count; i++) {
        struct dnssec_chain_ds *ds = &zone->ds_list[i];

        if (!dnssec_chain_algorithm_is_verified(ds->algorithm) ||
            !is_known_digest(ds->digest) || (has_better && ds->digest == LDNS_SHA1))
            continue;
        *has_known_out = true;
        match_one(chain->arena, zone, ds);
    }
}

/* rdata_of - what follows the type in the text of a record */
static const char *rdata_of(const struct dns_rr *rr)
{
    const char *last = strrchr(rr->text, '\t');

    return last != NULL ? last : rr->text;
}

void dnssec_chain_match_anchors(struct dnssec_chain *chain, struct dnssec_chain_zone *zone)
{
    for (const struct dnssec_anchor *anchor = chain->anchors; anchor; anchor = anchor->next) {
        struct dnssec_chain_zone anchored = *zone;
        struct dns_answer held = {.question = {zone->name, DNS_DS}, .records = NULL};
        struct dns_rr rr = *anchor->rr;
        bool has_known = false;

        if (!dns_name_equal(rr.owner, zone->name))
            continue;
        for (size_t i = 0; rr.type == DNS_DNSKEY && i < zone->key_count; i++)
            if (chain_verify_may_sign(&zone->keys[i]) &&
                strcmp(rdata_of(zone->keys[i].rr), rdata_of(&rr)) == 0)
                zone->keys[i].is_named = true;
        if (rr.type != DNS_DS)
            continue;
        rr.next = NULL;
        held.records = &rr;
        anchored.ds = &held;
        anchored.ds_list = NULL;
        anchored.ds_count = 0;
        dnssec_chain_read_ds(chain, &anchored);
        dnssec_chain_match_ds(chain, &anchored, &has_known); /* the keys are those of `zone` */
    }
}

/* ---- signatures ---- */

/* seconds_between - in serial arithmetic of 32 bits (RFC 4034, 3.1.5) */
static int64_t seconds_between(uint32_t later, int64_t earlier)
{
    return (int32_t)(later - (uint32_t)earlier);
}

/* own_labels - of a name, without a leading "*" (RFC 4034, 3.1.3) */
static unsigned own_labels(const struct dns_name *name)
{
    return name->labels -
           (unsigned)(strncmp(name->text, "*.", 2) == 0 || strcmp(name->text, "*") == 0);
}

/* time_fault - the signature does not hold now; NULL: it does */
static const char *time_fault(struct dnssec_chain *chain, const struct dns_signature *signature)
{
    int64_t left = seconds_between(signature->expires, chain->now);
    int64_t ahead = seconds_between(signature->inception, chain->now);

    if (left < 0)
        return arena_printf(chain->arena, "the signature expired on %s",
                            clock_to_text(chain->arena, chain->now + left));
    if (ahead > 0)
        return arena_printf(chain->arena, "the signature is not valid before %s",
                            clock_to_text(chain->arena, chain->now + ahead));
    return NULL;
}

/* is_signed_by - does the signature verify with the key */
static bool is_signed_by(struct arena *arena, const struct dns_rrset *rrset,
                         const struct dns_rr *signature, const struct dnssec_chain_key *key)
{
    ldns_rr_list *list = ldns_rr_list_new();
    ldns_rr_list *keys = ldns_rr_list_new();
    ldns_rr_list *good = ldns_rr_list_new();
    ldns_rr *sig = dns_rr_to_ldns(arena, signature);
    ldns_rr *dnskey = dns_rr_to_ldns(arena, key->rr);
    bool is_good = list != NULL && good != NULL && sig != NULL && dnskey != NULL &&
                   ldns_rr_list_push_rr(keys, dnskey);

    for (size_t i = 0; is_good && i < rrset->count; i++) {
        ldns_rr *rr = dns_rr_to_ldns(arena, rrset->list[i]);

        is_good = rr != NULL && ldns_rr_list_push_rr(list, rr);
        if (!is_good)
            ldns_rr_free(rr);
    }
    /* ldns_verify_rrsig() would take the time of the clock */
    is_good =
        is_good && ldns_verify_rrsig_keylist_notime(list, sig, keys, good) == LDNS_STATUS_OK;
    ldns_rr_list_free(keys); /* the key itself is freed below */
    ldns_rr_list_free(good);
    ldns_rr_list_deep_free(list);
    ldns_rr_free(sig);
    ldns_rr_free(dnskey);
    return is_good;
}

/* one signature over the records being tried */
struct trial {
    struct dnssec_chain *chain;
    const struct dnssec_chain_zone *zone;
    const struct dns_rrset *rrset;
    unsigned tests;
    bool is_cut; /* keys and signatures that fit were not tried */
};

/* chain_verify_try_keys - with all keys that fit; NULL: one verifies */
static const char *chain_verify_try_keys(struct trial *trial, const struct dns_rr *rr,
                                         const struct dns_signature *signature)
{
    struct arena *arena = trial->chain->arena;
    bool has_key = false;

    for (size_t i = 0; i < trial->zone->key_count; i++) {
        const struct dnssec_chain_key *key = &trial->zone->keys[i];

        if (key->tag != signature->tag || key->algorithm != signature->algorithm ||
            !chain_verify_may_sign(key) || (trial->rrset->needs_named && !key->is_named))
            continue;
        has_key = true;
        if (++trial->tests > LIMIT_RRSET_CHECKS ||
            ++trial->chain->tests > LIMIT_SIGNATURE_TESTS) {
            trial->is_cut = true;
            return "more keys and signatures fit than are tried";
        }
        if (is_signed_by(arena, trial->rrset, rr, key))
            return NULL;
    }
    return has_key
               ? arena_printf(arena, "the signature by key %u does not verify",
                              (unsigned)signature->tag)
               : arena_printf(arena, "no trusted key of %s. has the tag %u of the signature",
                              trial->zone->name->text, (unsigned)signature->tag);
}

/* try_signature - one RRSIG; false if it is not about these records */
static bool try_signature(struct trial *trial, const struct dns_rr *rr,
                          struct dns_verified *result)
{
    struct dnssec_chain *chain = trial->chain;
    const struct dns_rrset *rrset = trial->rrset;
    struct dns_signature signature;

    if (!dns_name_equal(rr->owner, rrset->owner) ||
        !dns_signature_read(chain->arena, rr, &signature) || signature.covered != rrset->type ||
        !dns_name_equal(signature.signer, trial->zone->name))
        return false;
    *result = (struct dns_verified){
        .inception = chain->now + seconds_between(signature.inception, chain->now),
        .expires = chain->now + seconds_between(signature.expires, chain->now),
        .labels = signature.labels,
        .is_wildcard = signature.labels < own_labels(rrset->owner),
    };
    if (signature.labels > own_labels(rrset->owner))
        result->fault = "the signature is about a longer name";
    else
        result->fault = time_fault(chain, &signature);
    if (result->fault == NULL)
        result->fault = chain_verify_try_keys(trial, rr, &signature);
    result->is_good = result->fault == NULL;
    return true;
}

struct dns_verified dnssec_chain_verify(struct dnssec_chain *chain,
                                        const struct dnssec_chain_zone *zone,
                                        const struct dns_rrset *rrset,
                                        const struct dns_rr *signatures)
{
    struct trial trial = {chain, zone, rrset, 0, false};
    struct dns_verified first = {.fault = NULL};
    bool has_any = false;

    if (rrset->count == 0) /* ldns would read the type of the first */
        return (struct dns_verified){.fault = "there is nothing that a signature could cover"};
    for (; signatures != NULL && !trial.is_cut; signatures = signatures->next) {
        struct dns_verified result;

        if (!try_signature(&trial, signatures, &result))
            continue;
        if (result.is_good)
            return result;
        if (!has_any || trial.is_cut)
            first = result; /* of several that fail the first speaks; one not tried more */
        has_any = true;
    }
    if (!has_any)
        first.fault =
            arena_printf(chain->arena, "no signature of %s. covers them", zone->name->text);
    return first;
}
