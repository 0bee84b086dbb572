/*
 * The keys of the domain's selectors. A key that the user named, or that a signature uses, has
 * to be there; one of the common selectors need not.
 */
#include <string.h>

#include "base/arena.h"
#include "base/escape.h"
#include "base/fault.h"
#include "base/span.h"
#include "check/check_emit.h"
#include "check/check_facts.h"
#include "model/dkim_verdict.h"
#include "model/dns_answer.h"
#include "model/facts.h"
#include "model/finding.h"
#include "model/rec_dkim.h"

#define SELECTORS_SHOWN 8

/* libopendkim reads a key record into a buffer of 1,024 octets and loses the rest */
#define KEY_TEXT_SHOWN    60 /* octets: enough to see what it is instead of a key */
#define KEY_LENGTH_WANTED 1024

/* emit_key - a finding at the key record, or where it should be */
static struct found *emit_key(struct emitter *out, const struct selector_facts *selector)
{
    struct finding_where where = selector->rr != NULL
                                     ? where_rr(out, selector->answer, selector->rr)
                                     : where_name(out, selector->key_name, DNS_TXT);
    struct found *found = NULL;

    found = emit(out, where);
    found_name(found, "selector", selector->selector);
    return found;
}

/* emit_missing - no key where one was said to be, or where the alias there leads */
static void emit_missing(struct emitter *out, const struct selector_facts *selector)
{
    struct found *found = emit_key(out, selector);
    const char *name = selector->key_name->text;

    found_text(found, "place",
               selector->target == NULL ? name
                                        : arena_printf(out->arena, "%s, an alias for %s", name,
                                                       selector->target->text));
    found_name(found, "target",
               selector->target != NULL ? selector->target : selector->key_name);
    found_meant_alias(found, selector->key_name, selector->alias_meant);
}

/* check_dkim_key_missing - a selector that the user named has no key */
void check_dkim_key_missing(const struct facts *facts, struct emitter *out)
{
    for (const struct selector_facts *selector = facts->domain.selectors; selector != NULL;
         selector = selector->next) {
        if (selector->origin != SELECTOR_OPTION)
            continue;
        if (dns_status_is_absent(selector->answer->status))
            emit_missing(out, selector);
        else if (selector->answer->status != DNS_OK)
            emit_undetermined(out, where_name(out, selector->key_name, DNS_TXT),
                              dns_answer_reason(out->arena, selector->answer));
    }
}

/* emit_no_key - a text that is not a key, with what it was meant to be */
static void emit_no_key(struct emitter *out, const struct selector_facts *selector,
                        const struct dns_rr *rr)
{
    struct found *found = emit_key(out, selector);

    found_text(found, "text",
               rr->joined.len == 0 ? "(empty)"
                                   : escape_to_text(out->arena, rr->joined, KEY_TEXT_SHOWN));
    found_meant(found, &selector->meant);
    found_meant_alias(found, selector->key_name, selector->alias_meant);
}

/* check_dkim_key_no_record - a TXT record where a key belongs, but it is none */
void check_dkim_key_no_record(const struct facts *facts, struct emitter *out)
{
    for (const struct selector_facts *selector = facts->domain.selectors; selector != NULL;
         selector = selector->next) {
        const struct dns_rr *rr = NULL;

        if (selector->answer->status != DNS_OK || selector->rr != NULL)
            continue;
        rr = dns_answer_first(selector->answer);
        if (rr->type != DNS_TXT)
            continue;
        /* a wildcard answers for every selector that was only guessed */
        if (selector->origin != SELECTOR_COMMON)
            emit_no_key(out, selector, rr);
    }
}

/* check_dkim_key_quoted - quotes or backslashes became part of the key */
void check_dkim_key_quoted(const struct facts *facts, struct emitter *out)
{
    for (const struct selector_facts *selector = facts->domain.selectors; selector != NULL;
         selector = selector->next) {
        const struct dns_rr *rr = dns_answer_first(selector->answer);

        if (rr != NULL && check_holds(rr->joined, "p=") && check_is_quoted(rr->joined))
            found_meant(emit_key(out, selector), &selector->meant);
    }
}

/* dkim_key_count_texts - all TXT records at the key's name, keys or not */
static size_t dkim_key_count_texts(const struct selector_facts *selector)
{
    size_t count = 0;

    for (const struct dns_rr *rr = dns_answer_first(selector->answer); rr != NULL;
         rr = dns_answer_next(selector->answer, rr))
        count += rr->type == DNS_TXT;
    return count;
}

/* check_dkim_key_several - a verifier picks any of them; a key that goes on in another record
 * has a row of its own */
void check_dkim_key_several(const struct facts *facts, struct emitter *out)
{
    for (const struct selector_facts *selector = facts->domain.selectors; selector != NULL;
         selector = selector->next) {
        size_t count = selector->rr != NULL ? dkim_key_count_texts(selector) : 0;
        struct found *found = NULL;

        if (count < 2 || (selector->key_count == 1 && check_dkim_is_split(selector)))
            continue;
        found = emit_key(out, selector);
        found_number(found, "count", (int64_t)count);
        found_number(found, "keys", (int64_t)selector->key_count);
    }
}

/* check_dkim_selector_underscore - not a name that RFC 6376 has for selectors */
void check_dkim_selector_underscore(const struct facts *facts, struct emitter *out)
{
    for (const struct selector_facts *selector = facts->domain.selectors; selector != NULL;
         selector = selector->next)
        if (selector->origin != SELECTOR_WILDCARD &&
            strchr(selector->selector->text, '_') != NULL &&
            (selector->rr != NULL || selector->origin == SELECTOR_OPTION))
            found_name(emit_key(out, selector), "domain", selector->domain);
}

/* check_dkim_key_revoked - published, but empty */
void check_dkim_key_revoked(const struct facts *facts, struct emitter *out)
{
    for (const struct selector_facts *selector = facts->domain.selectors; selector != NULL;
         selector = selector->next)
        if (selector->key != NULL && selector->key->is_revoked &&
            selector->origin != SELECTOR_COMMON)
            emit_key(out, selector);
}

/* dkim_key_is_own_fault - a fault with a row of its own */
static bool dkim_key_is_own_fault(const struct fault *fault)
{
    return fault->kind == REC_DKIM_FAULT_HASHES || fault->kind == REC_DKIM_FAULT_SERVICE;
}

/* check_dkim_key_syntax - a key that no verifier can use as it is */
void check_dkim_key_syntax(const struct facts *facts, struct emitter *out)
{
    for (const struct selector_facts *selector = facts->domain.selectors; selector != NULL;
         selector = selector->next)
        for (const struct fault *fault = selector->key != NULL ? selector->key->faults : NULL;
             fault != NULL; fault = fault->next) {
            struct found *found = NULL;

            if (!fault->is_fatal || dkim_key_is_own_fault(fault))
                continue;
            found = emit_key(out, selector);
            found_fault(found, fault);
            found_meant(found, &selector->meant);
        }
}

/* dkim_key_emit_kind - a finding for each key with a fault of the kind */
static void dkim_key_emit_kind(struct emitter *out, int kind)
{
    for (const struct selector_facts *selector = out->facts->domain.selectors; selector != NULL;
         selector = selector->next) {
        const struct rec_dkim_key *key = selector->key;
        const struct fault *fault = key != NULL ? fault_find(key->faults, kind) : NULL;

        if (fault != NULL)
            found_text(emit_key(out, selector), "fault", fault->text);
    }
}

CHECK_AS(dkim_key_hash, dkim_key_emit_kind(out, REC_DKIM_FAULT_HASHES))
CHECK_AS(dkim_key_service, dkim_key_emit_kind(out, REC_DKIM_FAULT_SERVICE))

/* rsa_bits - 0 unless it is an RSA key that can be decoded */
static unsigned rsa_bits(const struct selector_facts *selector)
{
    const struct rec_dkim_key *key = selector->key;

    return key != NULL && key->type == REC_DKIM_KEY_RSA ? selector->key_bits : 0;
}

/* check_dkim_key_short - verifiers must not accept it */
void check_dkim_key_short(const struct facts *facts, struct emitter *out)
{
    for (const struct selector_facts *selector = facts->domain.selectors; selector != NULL;
         selector = selector->next)
        if (rsa_bits(selector) > 0 && rsa_bits(selector) < AUTH_DKIM_RSA_BITS_MIN)
            found_number(emit_key(out, selector), "bits", rsa_bits(selector));
}

/* check_dkim_key_weak - accepted today */
void check_dkim_key_weak(const struct facts *facts, struct emitter *out)
{
    for (const struct selector_facts *selector = facts->domain.selectors; selector != NULL;
         selector = selector->next)
        if (rsa_bits(selector) >= AUTH_DKIM_RSA_BITS_MIN &&
            rsa_bits(selector) < AUTH_DKIM_RSA_BITS_WEAK)
            found_number(emit_key(out, selector), "bits", rsa_bits(selector));
}

/* check_dkim_key_testing - t=y asks verifiers to treat the mail as unsigned */
void check_dkim_key_testing(const struct facts *facts, struct emitter *out)
{
    for (const struct selector_facts *selector = facts->domain.selectors; selector != NULL;
         selector = selector->next)
        if (selector->key != NULL && selector->key->is_testing)
            emit_key(out, selector);
}

/* check_dkim_key_long - cut by a library that many receivers use */
void check_dkim_key_long(const struct facts *facts, struct emitter *out)
{
    for (const struct selector_facts *selector = facts->domain.selectors; selector != NULL;
         selector = selector->next)
        if (selector->rr != NULL && selector->rr->joined.len > KEY_LENGTH_WANTED) {
            struct found *found = emit_key(out, selector);

            found_number(found, "length", (int64_t)selector->rr->joined.len);
            found_number(found, "limit", KEY_LENGTH_WANTED);
        }
}

/* check_dkim_selectors_guessed - no key was found, which proves nothing */
void check_dkim_selectors_guessed(const struct facts *facts, struct emitter *out)
{
    struct check_list tried = check_list_start(out->arena, SELECTORS_SHOWN);
    const struct dns_answer *below = facts->domain.domainkey;
    struct found *found = NULL;

    for (const struct selector_facts *selector = facts->domain.selectors; selector != NULL;
         selector = selector->next) {
        if (selector->origin != SELECTOR_COMMON || selector->rr != NULL ||
            !dns_status_is_answer(selector->answer->status))
            return;
        check_list_add(&tried, selector->selector->text);
    }
    if (tried.count == 0 || facts->domain.sends_no_mail || below == NULL ||
        check_domain_is_missing(facts))
        return;
    found = emit(out, where_name(out, below->question.name, DNS_TXT));
    found_text(found, "selectors", check_list_text(&tried));
    found_text(found, "below", check_dkim_below_text(below));
}
