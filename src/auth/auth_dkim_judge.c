/*
 * A verdict is made in the order of RFC 6376, 6.1: the signature itself, the
 * key, the hashes, the times. What was found on the way stays in the verdict.
 */
#include "auth/auth_dkim.h"
#include "auth/auth_dkim_key.h"
#include "auth/auth_dkim_memo.h"
#include "base/clock.h"
#include "base/dns_name.h"
#include "base/escape.h"
#include "base/fault.h"
#include "base/limits.h"
#include "base/sbuf.h"
#include "ledger/ledger.h"
#include "model/result.h"
#include "record/rec_dkim.h"

#define SHOWN_MAX 60

/* what the steps of one verdict share */
struct judging {
    struct arena *arena;
    struct ledger *ledger;
    int64_t now;
    const struct auth_dkim_prepared *prepared;
    const struct auth_dkim_signature *signature;
    struct auth_dkim_verdict *verdict;
};

/* how one key record does */
struct trial {
    const struct rec_dkim_key *key;
    unsigned bits;
    enum dkim_result result; /* PASS: it verifies; FAIL: it does not; else it is unusable */
    const char *reason;
};

/* dkim_judge_conclude - the verdict ends here */
static void dkim_judge_conclude(struct judging *judging, enum dkim_result result,
                                const char *format, ...) __attribute__((format(printf, 3, 4)));
static void dkim_judge_conclude(struct judging *judging, enum dkim_result result,
                                const char *format, ...)
{
    va_list args;

    va_start(args, format);
    judging->verdict->result = result;
    judging->verdict->reason = arena_vprintf(judging->arena, format, args);
    va_end(args);
}

/* judge_body - compare the body hash, which needs no key */
static void judge_body(struct judging *judging)
{
    const struct auth_dkim_signature *signature = judging->signature;

    if (signature->body_digest.len == 0 || signature->parsed.body_hash.len == 0)
        return;
    if (span_equal(signature->body_digest, signature->parsed.body_hash))
        judging->verdict->body_hash = HASH_MATCH;
    else if (!judging->prepared->is_header_only)
        judging->verdict->body_hash = HASH_MISMATCH;
}

/* lacks_body - the file ends with the header, and what was signed had a body */
static bool lacks_body(const struct judging *judging)
{
    return judging->prepared->is_header_only && judging->signature->sealed == NULL &&
           judging->verdict->body_hash != HASH_MATCH;
}

/* is_stopped - the signature cannot be verified whatever the key */
static bool is_stopped(struct judging *judging)
{
    const struct auth_dkim_signature *signature = judging->signature;

    if (signature->is_over_limit)
        dkim_judge_conclude(judging, DKIM_NEUTRAL, "not verified: more than %d signatures",
                            LIMIT_SIGNATURES);
    else if (signature->parsed.is_fatal)
        dkim_judge_conclude(judging, DKIM_PERMERROR, "%s", signature->parsed.faults->text);
    else if (judging->prepared->body_trouble != NULL && signature->sealed == NULL)
        dkim_judge_conclude(judging, DKIM_TEMPERROR, "%s", judging->prepared->body_trouble);
    else
        return false;
    return true;
}

/* has_answer - ask for the key; false: none, or not yet */
static bool has_answer(struct judging *judging)
{
    const struct dns_name *name = judging->signature->parsed.key_name;
    const struct dns_answer *answer = ledger_ask(judging->ledger, name, DNS_TXT);

    judging->verdict->answer = answer;
    if (answer->status == DNS_OK)
        return true;
    if (answer->status == DNS_PENDING) {
        judging->verdict->is_pending = true;
        dkim_judge_conclude(judging, DKIM_TEMPERROR, "the key is being queried");
    } else if (dns_status_is_absent(answer->status)) {
        dkim_judge_conclude(judging, DKIM_PERMERROR, "no key: %s %s", name->text,
                            answer->status == DNS_NXDOMAIN ? "does not exist"
                                                           : "has no TXT record");
    } else {
        dkim_judge_conclude(judging, DKIM_TEMPERROR, "the key at %s could not be queried: %s",
                            name->text, dns_answer_trouble(judging->arena, answer));
    }
    return false;
}

/* type_fits - is the key of the type that a= needs */
static bool type_fits(const struct auth_dkim_signature *signature,
                      const struct rec_dkim_key *key)
{
    return (signature->parsed.algorithm == REC_DKIM_ED25519_SHA256) ==
           (key->type == REC_DKIM_KEY_ED25519);
}

/* refusal_by_record - why the key record may not be used for the signature; NULL: it may */
static const char *refusal_by_record(struct judging *judging, const struct rec_dkim_key *key)
{
    const struct rec_dkim_signature *parsed = &judging->signature->parsed;

    if (key->is_fatal)
        return arena_printf(judging->arena, "the key record is unusable: %s",
                            key->faults->text);
    if (key->is_revoked)
        return "the key is revoked: p= is empty";
    if (!type_fits(judging->signature, key))
        return arena_printf(judging->arena, "a=%s does not go with a key of type %s",
                            escape_header(judging->arena, parsed->algorithm_text, SHOWN_MAX),
                            escape_header(judging->arena, key->type_text, SHOWN_MAX));
    if (key->is_strict && !dns_name_equal(parsed->identity_domain, parsed->domain))
        return "the key has t=s, and the domain of i= is not d=";
    return NULL;
}

/* refuse_by_size - bounds of RFC 8301, 3.2 and our own; true if the key is beyond them */
static bool refuse_by_size(struct judging *judging, struct trial *trial)
{
    if (trial->key->type != REC_DKIM_KEY_RSA)
        return false;
    if (trial->bits == 0)
        trial->reason = "the key record is unusable: p= is not an RSA key";
    else if (trial->bits < AUTH_DKIM_RSA_BITS_MIN)
        trial->reason = arena_printf(judging->arena,
                                     "the RSA key has %u bits, fewer than %d are never valid",
                                     trial->bits, AUTH_DKIM_RSA_BITS_MIN);
    else if (trial->bits > AUTH_DKIM_RSA_BITS_MAX) {
        trial->reason =
            arena_printf(judging->arena, "not verified: the RSA key has %u bits, more than %d",
                         trial->bits, AUTH_DKIM_RSA_BITS_MAX);
        trial->result = DKIM_NEUTRAL;
    }
    return trial->reason != NULL;
}

/* try_key - does the signature verify with the key */
static struct trial try_key(struct judging *judging, const struct rec_dkim_key *key)
{
    struct trial trial = {.key = key, .result = DKIM_PERMERROR};
    struct auth_dkim_decoded *decoded = NULL;

    trial.bits = auth_dkim_key_bits(key);
    if ((trial.reason = refusal_by_record(judging, key)) != NULL ||
        refuse_by_size(judging, &trial))
        return trial;
    if ((decoded = auth_dkim_key_get(key)) == NULL) {
        trial.reason = "the key record is unusable: p= cannot be decoded";
        return trial;
    }
    trial.result = auth_dkim_key_verifies(decoded, judging->signature->parsed.signature,
                                          judging->signature->header_digest)
                       ? DKIM_PASS
                       : DKIM_FAIL;
    return trial;
}

/* is_better - more is known with `a` than with `b` */
static bool is_better(const struct trial *a, const struct trial *b)
{
    if (b->key == NULL)
        return true;
    if (a->result == DKIM_PASS || b->result == DKIM_PASS)
        return b->result != DKIM_PASS;
    return a->result == DKIM_FAIL && b->result != DKIM_FAIL;
}

/* dkim_judge_try_keys - each key record of the answer in order, until one verifies */
static struct trial dkim_judge_try_keys(struct judging *judging,
                                        const struct dns_answer *answer)
{
    struct trial best = {.result = DKIM_PERMERROR};

    for (const struct dns_rr *rr = dns_answer_first(answer); rr != NULL;
         rr = dns_answer_next(answer, rr)) {
        struct rec_dkim_key *key = NULL;
        struct trial trial = {0};

        if (!rec_dkim_key_is_record(rr->joined))
            continue;
        judging->verdict->key_count++;
        if (best.result == DKIM_PASS)
            continue;
        key = arena_new_of(judging->arena, struct rec_dkim_key);
        rec_dkim_key_parse(judging->arena, rr->joined, key);
        trial = try_key(judging, key);
        if (is_better(&trial, &best))
            best = trial;
    }
    judging->verdict->key = best.key;
    judging->verdict->key_bits = best.bits;
    return best;
}

/* add_clause - one more to the reason */
static void add_clause(struct sbuf *reason, const char *clause)
{
    if (reason->len > 0)
        sbuf_add(reason, "; ");
    sbuf_add(reason, clause);
}

/* add_body_failure - the body is not what was signed; a seal does not cover it */
static void add_body_failure(struct judging *judging, struct sbuf *reason)
{
    const struct auth_dkim_signature *signature = judging->signature;
    const struct rec_dkim_signature *parsed = &signature->parsed;

    if (signature->sealed != NULL || lacks_body(judging))
        return;
    if (parsed->has_length && parsed->length > signature->body_length) {
        judging->verdict->body_hash = HASH_MISMATCH; /* what bh= covers is not there */
        add_clause(reason, "l= is larger than the body");
    } else if (judging->verdict->body_hash != HASH_MATCH) {
        add_clause(reason, "the body hash does not match bh=");
    }
}

/* add_failures - why the signature does not hold although it could be verified */
static void add_failures(struct judging *judging, struct sbuf *reason)
{
    const struct rec_dkim_signature *parsed = &judging->signature->parsed;
    const struct auth_dkim_verdict *verdict = judging->verdict;

    add_body_failure(judging, reason);
    if (verdict->header_hash != HASH_MATCH)
        add_clause(reason, "the signature does not verify over the header fields");
    if (parsed->has_expiry && judging->now > parsed->expiry)
        add_clause(reason, arena_printf(judging->arena, "it expired at %s",
                                        clock_to_text(judging->arena, parsed->expiry)));
}

/* add_notes - what is worth reporting in addition to the verdict */
static void add_notes(struct judging *judging, struct sbuf *reason)
{
    const struct rec_dkim_signature *parsed = &judging->signature->parsed;
    const struct auth_dkim_verdict *verdict = judging->verdict;

    if (parsed->has_time && parsed->time > judging->now)
        add_clause(reason, arena_printf(judging->arena, "t= is in the future: %s",
                                        clock_to_text(judging->arena, parsed->time)));
    if (parsed->has_length && parsed->length < judging->signature->body_length)
        add_clause(reason,
                   arena_printf(
                       judging->arena, "l= leaves %llu octets of the body unsigned",
                       (unsigned long long)(judging->signature->body_length - parsed->length)));
    if (verdict->key->is_testing)
        add_clause(reason, "the key is for testing (t=y)");
    if (verdict->key_count > 1)
        add_clause(reason,
                   arena_printf(judging->arena, "there are %zu key records, one is allowed",
                                verdict->key_count));
}

/* conclude_verified - the key was used: what do hashes and times say */
static void conclude_verified(struct judging *judging, enum dkim_result result)
{
    struct sbuf reason = sbuf_start(judging->arena);
    bool has_failed = false;

    judging->verdict->header_hash = result == DKIM_PASS ? HASH_MATCH : HASH_MISMATCH;
    add_failures(judging, &reason);
    has_failed = reason.len > 0;
    if (!has_failed && lacks_body(judging)) {
        dkim_judge_conclude(judging, DKIM_TEMPERROR,
                            "the signature verifies over the header fields; the body is not in "
                            "the file, so its hash was not judged");
        return;
    }
    if (!has_failed)
        sbuf_add(&reason, "the signature verifies");
    add_notes(judging, &reason);
    dkim_judge_conclude(judging, has_failed ? DKIM_FAIL : DKIM_PASS, "%s", sbuf_text(&reason));
}

/* judge_key - the answer is there */
static void judge_key(struct judging *judging)
{
    const struct dns_answer *answer = judging->verdict->answer;
    struct trial trial = dkim_judge_try_keys(judging, answer);

    if (trial.key == NULL)
        dkim_judge_conclude(judging, DKIM_PERMERROR,
                            "no key: no TXT record at %s is a key record",
                            judging->signature->parsed.key_name->text);
    else if (trial.result == DKIM_PASS || trial.result == DKIM_FAIL)
        conclude_verified(judging, trial.result);
    else if (judging->verdict->key_count > 1)
        dkim_judge_conclude(judging, trial.result, "%s; none of %zu key records can be used",
                            trial.reason, judging->verdict->key_count);
    else
        dkim_judge_conclude(judging, trial.result, "%s", trial.reason);
}

/* is_sha1_alone - nothing is wrong with the signature but its hash */
static bool is_sha1_alone(const struct auth_dkim_signature *signature)
{
    const struct fault *fault = signature->parsed.faults;

    while (fault != NULL && (fault->kind == REC_DKIM_FAULT_SHA1 || !fault->is_fatal))
        fault = fault->next;
    return fault == NULL && !signature->is_over_limit &&
           signature->parsed.algorithm == REC_DKIM_RSA_SHA1;
}

/* judge_sha1_header - what the header hash of a signature that counts for nothing is */
static void judge_sha1_header(struct judging *judging)
{
    const struct auth_dkim_signature *signature = judging->signature;
    const struct dns_answer *answer =
        ledger_ask_aside(judging->ledger, signature->parsed.key_name, DNS_TXT);

    judging->verdict->is_pending = answer->status == DNS_PENDING;
    if (answer->status != DNS_OK)
        return;
    for (const struct dns_rr *rr = dns_answer_first(answer); rr != NULL;
         rr = dns_answer_next(answer, rr)) {
        struct rec_dkim_key *key = NULL;
        struct auth_dkim_decoded *decoded = NULL;

        if (!rec_dkim_key_is_record(rr->joined) || judging->verdict->header_hash == HASH_MATCH)
            continue;
        key = arena_new_of(judging->arena, struct rec_dkim_key);
        rec_dkim_key_parse(judging->arena, rr->joined, key);
        if (key->is_fatal || key->is_revoked || key->type != REC_DKIM_KEY_RSA ||
            (decoded = auth_dkim_key_get(key)) == NULL)
            continue;
        judging->verdict->header_hash =
            auth_dkim_key_verifies_sha1(decoded, signature->parsed.signature,
                                        signature->header_digest)
                ? HASH_MATCH
                : HASH_MISMATCH;
    }
}

/* judge_signature - one verdict, or the one that is kept */
static void judge_signature(struct judging *judging, struct auth_dkim_memo *memo)
{
    struct auth_dkim_verdict *verdict = judging->verdict;

    *verdict = (struct auth_dkim_verdict){
        .signature = judging->signature,
        .body_hash = HASH_NOT_CHECKED,
        .header_hash = HASH_NOT_CHECKED,
    };
    judge_body(judging);
    if (is_stopped(judging)) {
        if (is_sha1_alone(judging->signature))
            judge_sha1_header(judging);
        return;
    }
    if (!has_answer(judging))
        return;
    if (memo->answer == verdict->answer && memo->now == judging->now) {
        *verdict = memo->verdict;
        return;
    }
    judge_key(judging);
    *memo = (struct auth_dkim_memo){verdict->answer, judging->now, *verdict};
}

const struct auth_dkim_verdict *auth_dkim_judge(struct arena *arena, struct ledger *ledger,
                                                const struct auth_dkim_prepared *prepared,
                                                int64_t now)
{
    struct auth_dkim_verdict *verdicts =
        arena_array_of(arena, struct auth_dkim_verdict, prepared->count);

    for (size_t i = 0; i < prepared->count; i++) {
        struct judging judging = {
            .arena = prepared->arena, /* what is kept lives as long as the prepared message */
            .ledger = ledger,
            .now = now,
            .prepared = prepared,
            .signature = &prepared->signatures[i],
            .verdict = &verdicts[i],
        };

        judge_signature(&judging, &prepared->memos[i]);
    }
    return verdicts;
}
