/* The message's signatures: what is wrong with each, and what they leave unprotected. */
#include <string.h>

#include "base/clock.h"
#include "base/fault.h"
#include "base/limits.h"
#include "base/span.h"
#include "check/check_damage.h"
#include "check/check_emit.h"
#include "model/dkim_verdict.h"
#include "model/dns_answer.h"
#include "model/facts.h"
#include "model/finding.h"
#include "model/mail_message.h"
#include "model/rec_dkim.h"
#include "model/result.h"

#define FIELDS_SHOWN 8

/* clocks differ by minutes; a signature from the future by more is a wrong clock */
#define CLOCK_SKEW_SECONDS 300

/* emit_signature - a finding at the field of a signature */
static struct found *emit_signature(struct emitter *out,
                                    const struct auth_dkim_verdict *verdict)
{
    const struct rec_dkim_signature *parsed = &verdict->signature->parsed;
    struct finding_where where = where_signature(out, verdict);
    struct found *found = emit(out, where);

    found_text(found, "signature", where.term != NULL ? where.term : "without d= or s=");
    found_name(found, "key_name", parsed->key_name);
    found_name(found, "domain", parsed->domain);
    found_text(found, "because", verdict->reason);
    return found;
}

/* check_dkim_unsigned - no signature at all */
void check_dkim_unsigned(const struct facts *facts, struct emitter *out)
{
    if (facts->message.message != NULL && facts->message.dkim_count == 0)
        found_text(
            emit(out, (struct finding_where){.name = "DKIM-Signature", .type = "header"}),
            "domain",
            facts->message.author != NULL ? facts->message.author->text : "the From domain");
}

/* add_damage - what broke it, if that was proved, and what to do; else what may have */
static void add_damage(struct found *found, struct check_damage damage,
                       struct check_damage otherwise)
{
    found_text(found, "damage", damage.text != NULL ? damage.text : otherwise.text);
    found_text(found, "advice", damage.advice != NULL ? damage.advice : otherwise.advice);
}

/* check_dkim_body_changed - the body is not the one that was signed */
void check_dkim_body_changed(const struct facts *facts, struct emitter *out)
{
    static const struct check_damage unknown = {
        "the body was changed after signing",
        "find the hop behind the signer that adds footers, re-encodes or rewrites the body, or "
        "let signing be the last step"};

    for (size_t i = 0; i < facts->message.dkim_count; i++) {
        const struct auth_dkim_verdict *verdict = &facts->message.dkim[i];
        struct found *found = NULL;

        if (verdict->body_hash != HASH_MISMATCH)
            continue;
        found = emit_signature(out, verdict);
        found_text(found, "header_hash", hash_result_to_text(verdict->header_hash));
        add_damage(found, check_damage_text(out, i, true), unknown);
    }
}

/* check_dkim_header_changed - the signature does not fit the header section */
void check_dkim_header_changed(const struct facts *facts, struct emitter *out)
{
    static const struct check_damage unknown = {
        "it does not fit the header fields, or was made with another key",
        "compare the published key with the signer's; if they agree look for a hop that "
        "rewrites Subject, From, To or Message-ID, and sign with c=relaxed/relaxed"};

    for (size_t i = 0; i < facts->message.dkim_count; i++) {
        const struct auth_dkim_verdict *verdict = &facts->message.dkim[i];
        struct found *found = NULL;

        if (verdict->header_hash != HASH_MISMATCH)
            continue;
        found = emit_signature(out, verdict);
        found_text(found, "body_hash", hash_result_to_text(verdict->body_hash));
        add_damage(found, check_damage_text(out, i, false), unknown);
    }
}

/* dkim_is_own_fault - a fault that has a row of its own */
static bool dkim_is_own_fault(const struct fault *fault)
{
    return fault->kind == REC_DKIM_FAULT_FROM_UNSIGNED || fault->kind == REC_DKIM_FAULT_SHA1;
}

/* check_dkim_signature_syntax - a field that no verifier can use */
void check_dkim_signature_syntax(const struct facts *facts, struct emitter *out)
{
    for (size_t i = 0; i < facts->message.dkim_count; i++)
        for (const struct fault *fault = facts->message.dkim[i].signature->parsed.faults;
             fault != NULL; fault = fault->next) {
            struct found *found = NULL;

            if (!fault->is_fatal || dkim_is_own_fault(fault))
                continue;
            found = emit_signature(out, &facts->message.dkim[i]);
            found_fault(found, fault);
        }
}

/* emit_fault_kind - a finding for each signature with a fault of the kind */
static void emit_fault_kind(struct emitter *out, int kind)
{
    const struct message_facts *message = &out->facts->message;

    for (size_t i = 0; i < message->dkim_count; i++)
        if (fault_find(message->dkim[i].signature->parsed.faults, kind) != NULL)
            emit_signature(out, &message->dkim[i]);
}

CHECK_AS(dkim_from_unsigned, emit_fault_kind(out, REC_DKIM_FAULT_FROM_UNSIGNED))
CHECK_AS(dkim_sha1, emit_fault_kind(out, REC_DKIM_FAULT_SHA1))

/* check_dkim_expired - x= has passed */
void check_dkim_expired(const struct facts *facts, struct emitter *out)
{
    for (size_t i = 0; i < facts->message.dkim_count; i++) {
        const struct rec_dkim_signature *parsed = &facts->message.dkim[i].signature->parsed;

        if (parsed->has_expiry && parsed->expiry < facts->subject->now)
            found_text(emit_signature(out, &facts->message.dkim[i]), "expiry",
                       clock_to_text(out->arena, parsed->expiry));
    }
}

/* check_dkim_future - t= is still to come */
void check_dkim_future(const struct facts *facts, struct emitter *out)
{
    for (size_t i = 0; i < facts->message.dkim_count; i++) {
        const struct rec_dkim_signature *parsed = &facts->message.dkim[i].signature->parsed;

        if (parsed->has_time && parsed->time > facts->subject->now + CLOCK_SKEW_SECONDS)
            found_text(emit_signature(out, &facts->message.dkim[i]), "time",
                       clock_to_text(out->arena, parsed->time));
    }
}

/* check_dkim_no_key - the key that a signature names is not there */
void check_dkim_no_key(const struct facts *facts, struct emitter *out)
{
    for (size_t i = 0; i < facts->message.dkim_count; i++) {
        const struct auth_dkim_verdict *verdict = &facts->message.dkim[i];

        if (verdict->answer == NULL)
            continue;
        if (verdict->result == DKIM_TEMPERROR && !dns_status_is_answer(verdict->answer->status))
            emit_undetermined(out, where_header(out, verdict->signature->header),
                              dns_answer_reason(out->arena, verdict->answer));
        else if (dns_status_is_absent(verdict->answer->status))
            emit_signature(out, verdict);
    }
}

/* is_no_verdict - neither pass nor fail: something stood in the way of verifying */
static bool is_no_verdict(enum dkim_result result)
{
    return result == DKIM_PERMERROR || result == DKIM_NEUTRAL || result == DKIM_POLICY;
}

/* check_dkim_key_unusable - the key is there, and cannot verify this signature */
void check_dkim_key_unusable(const struct facts *facts, struct emitter *out)
{
    for (size_t i = 0; i < facts->message.dkim_count; i++) {
        const struct auth_dkim_verdict *verdict = &facts->message.dkim[i];

        if (verdict->answer != NULL && verdict->answer->status == DNS_OK &&
            is_no_verdict(verdict->result) && !verdict->signature->parsed.is_fatal)
            emit_signature(out, verdict);
    }
}

/* check_dkim_ed25519_only - verifiers that do not know Ed25519 see no signature at all */
void check_dkim_ed25519_only(const struct facts *facts, struct emitter *out)
{
    const struct auth_dkim_verdict *found = NULL;

    for (size_t i = 0; i < facts->message.dkim_count; i++) {
        const struct auth_dkim_verdict *verdict = &facts->message.dkim[i];

        if (verdict->result != DKIM_PASS)
            continue;
        if (verdict->signature->parsed.algorithm != REC_DKIM_ED25519_SHA256)
            return;
        found = verdict;
    }
    if (found != NULL)
        emit_signature(out, found);
}

/* check_dkim_body_tail - anything may follow what was signed, and something does */
void check_dkim_body_tail(const struct facts *facts, struct emitter *out)
{
    for (size_t i = 0; i < facts->message.dkim_count; i++) {
        const struct auth_dkim_signature *signature = facts->message.dkim[i].signature;
        struct found *found = NULL;

        if (!signature->parsed.has_length || signature->parsed.length >= signature->body_length)
            continue;
        found = emit_signature(out, &facts->message.dkim[i]);
        found_number(found, "signed", (int64_t)signature->parsed.length);
        found_number(found, "unsigned",
                     (int64_t)(signature->body_length - signature->parsed.length));
    }
}

/* check_dkim_length - anything may be appended without breaking the signature */
void check_dkim_length(const struct facts *facts, struct emitter *out)
{
    for (size_t i = 0; i < facts->message.dkim_count; i++) {
        const struct auth_dkim_signature *signature = facts->message.dkim[i].signature;

        if (signature->parsed.has_length && signature->parsed.length >= signature->body_length)
            found_number(emit_signature(out, &facts->message.dkim[i]), "length",
                         (int64_t)signature->parsed.length);
    }
}

/* unsigned_fields - fields of the message that a reader sees and h= leaves out */
static struct check_list unsigned_fields(struct emitter *out,
                                         const struct rec_dkim_signature *parsed)
{
    /* RFC 6376, 5.4.1 */
    static const char *const wanted[] = {"Reply-To", "Subject",     "Date",      "To",
                                         "Cc",       "In-Reply-To", "References"};
    struct check_list list = check_list_start(out->arena, FIELDS_SHOWN);

    for (size_t i = 0; i < COUNT_OF(wanted); i++)
        if (mail_header_find(out->facts->message.message, wanted[i], 0) != NULL &&
            !rec_dkim_signs(parsed, span_of(wanted[i])))
            check_list_add(&list, wanted[i]);
    return list;
}

/* check_dkim_fields_unsigned - what a forger may rewrite under a passing signature */
void check_dkim_fields_unsigned(const struct facts *facts, struct emitter *out)
{
    for (size_t i = 0; i < facts->message.dkim_count; i++) {
        const struct auth_dkim_verdict *verdict = &facts->message.dkim[i];
        struct check_list list = {0};

        if (verdict->result != DKIM_PASS)
            continue;
        list = unsigned_fields(out, &verdict->signature->parsed);
        if (list.count > 0)
            found_text(emit_signature(out, verdict), "fields", check_list_text(&list));
    }
}

/* check_dkim_too_many - beyond what receivers look at */
void check_dkim_too_many(const struct facts *facts, struct emitter *out)
{
    for (size_t i = 0; i < facts->message.dkim_count; i++)
        if (facts->message.dkim[i].signature->is_over_limit) {
            struct found *found = emit_signature(out, &facts->message.dkim[i]);

            found_number(found, "count", (int64_t)facts->message.dkim_count);
            found_number(found, "limit", LIMIT_SIGNATURES);
            return;
        }
}
