/* Where libopendkim judges a signature otherwise than RFC 6376 and those that update it. */
#include <string.h>

#include "base/arena.h"
#include "base/escape.h"
#include "base/fault.h"
#include "base/limits.h"
#include "base/span.h"
#include "check/check_engine_cause.h"
#include "model/mail_message.h"
#include "model/rec_dkim.h"
#include "model/rec_tags.h"

#define KEY_READ_MAX    1024 /* octets of a key record that libopendkim keeps */
#define CLOCK_DRIFT_MAX 300  /* seconds: its default for x= in the past and t= in the future */

#define DER_SEQUENCE 0x30 /* ITU-T X.690, 8.9 */
#define DER_INTEGER  0x02 /* ITU-T X.690, 8.3 */

/* signature_of - what the case is about; NULL without a verdict */
static const struct auth_dkim_verdict *signature_of(const struct engine_case *one)
{
    return one->verdict == NULL ? NULL
                                : check_engine_signature(one->facts, one->verdict->about);
}

/* engine_dkim_holds - at the signature */
static bool engine_dkim_holds(struct engine_case *one, const struct auth_dkim_verdict *verdict,
                              const char *cause)
{
    return check_case_holds(one, where_signature(one->out, verdict), cause);
}

/* ---- the signature ---- */

/* check_cause_dkim_sha1 - libopendkim still verifies rsa-sha1 */
bool check_cause_dkim_sha1(struct engine_case *one)
{
    const struct auth_dkim_verdict *verdict = signature_of(one);

    return verdict != NULL && check_case_is(one, NULL, "pass") &&
           verdict->signature->parsed.algorithm == REC_DKIM_RSA_SHA1 &&
           engine_dkim_holds(one, verdict, "a=rsa-sha1");
}

/* check_cause_dkim_clock - five minutes of slack, and a wrong idea of the first ones of 1970 */
bool check_cause_dkim_clock(struct engine_case *one)
{
    const struct auth_dkim_verdict *verdict = signature_of(one);
    const struct rec_dkim_signature *parsed = NULL;
    int64_t now = one->facts->subject->now;
    bool is_slack = false;
    bool is_early = false;

    if (verdict == NULL)
        return false;
    parsed = &verdict->signature->parsed;
    is_slack = check_case_is(one, "fail", "pass") && parsed->has_expiry &&
               parsed->expiry < now && now - parsed->expiry < CLOCK_DRIFT_MAX;
    is_early = check_case_is(one, "pass", "permerror") && parsed->has_time &&
               (parsed->time > now + CLOCK_DRIFT_MAX || parsed->time < CLOCK_DRIFT_MAX);
    return (is_slack || is_early) &&
           engine_dkim_holds(one, verdict,
                             arena_printf(one->out->arena, "%s=%lld, judged at %lld",
                                          is_slack ? "x" : "t",
                                          (long long)(is_slack ? parsed->expiry : parsed->time),
                                          (long long)now));
}

/* ends_in_b - the tag that libopendkim may take for b=, or b= itself with a blank before "=" */
static bool ends_in_b(const struct rec_dkim_signature *parsed, const struct rec_tag *tag)
{
    struct span after = span_from(parsed->tags.text, tag->at + tag->name.len);

    if (span_equal_text(tag->name, "b"))
        return after.len > 0 && after.at[0] != '=';
    return tag->name.len > 0 && tag->name.at[tag->name.len - 1] == 'b';
}

/* check_cause_dkim_tag_b - libopendkim searches for "b=" to take the value out */
bool check_cause_dkim_tag_b(struct engine_case *one)
{
    const struct auth_dkim_verdict *verdict = signature_of(one);

    if (verdict == NULL || !check_case_is(one, "pass", "fail"))
        return false;
    for (const struct rec_tag *tag = verdict->signature->parsed.tags.first; tag != NULL;
         tag = tag->next)
        if (ends_in_b(&verdict->signature->parsed, tag))
            return engine_dkim_holds(
                one, verdict, escape_to_text(one->out->arena, tag->name, LIMIT_SHOWN_BYTES));
    return false;
}

/* check_cause_dkim_identity_quoted - libopendkim cuts i= at its first "@" */
bool check_cause_dkim_identity_quoted(struct engine_case *one)
{
    const struct auth_dkim_verdict *verdict = signature_of(one);
    struct span identity = {NULL, 0};

    if (verdict == NULL || !check_case_is(one, "pass", "permerror"))
        return false;
    identity = verdict->signature->parsed.identity;
    return span_find(identity, '@') != span_find_last(identity, '@') &&
           engine_dkim_holds(one, verdict,
                             escape_to_text(one->out->arena, identity, LIMIT_SHOWN_BYTES));
}

/* check_cause_dkim_utf8 - libopendkim stops at the first octet over 127 (RFC 8616, 4) */
bool check_cause_dkim_utf8(struct engine_case *one)
{
    const struct auth_dkim_verdict *verdict = signature_of(one);
    struct span text = {NULL, 0};

    if (verdict == NULL || !check_case_is(one, "pass", "permerror"))
        return false;
    text = verdict->signature->parsed.tags.text;
    for (size_t i = 0; i < text.len; i++)
        if ((unsigned char)text.at[i] > 127)
            return engine_dkim_holds(one, verdict, "UTF-8");
    return false;
}

/* check_cause_dkim_fault_overlooked - the standard refuses signature or key, libopendkim not */
bool check_cause_dkim_fault_overlooked(struct engine_case *one)
{
    const struct auth_dkim_verdict *verdict = signature_of(one);
    const struct fault *fault = NULL;

    if (verdict == NULL || !check_case_is(one, "permerror", "pass") ||
        verdict->signature->parsed.algorithm == REC_DKIM_RSA_SHA1)
        return false;
    fault = fault_fatal(verdict->signature->parsed.faults);
    if (fault == NULL && verdict->key != NULL)
        fault = fault_fatal(verdict->key->faults);
    return fault != NULL && engine_dkim_holds(one, verdict, fault->text);
}

/* ---- the message ---- */

/* check_cause_dkim_no_line_end - libopendkim does not complete the last line of the body */
bool check_cause_dkim_no_line_end(struct engine_case *one)
{
    const struct auth_dkim_verdict *verdict = signature_of(one);

    return verdict != NULL && check_case_is(one, "pass", NULL) &&
           one->facts->message.message->lacks_line_end &&
           engine_dkim_holds(one, verdict, "the last line has no CRLF");
}

/* check_cause_dkim_bare_line_end - a CR or LF of its own in the body */
bool check_cause_dkim_bare_line_end(struct engine_case *one)
{
    const struct auth_dkim_verdict *verdict = signature_of(one);
    bool is_relaxed = false;

    if (verdict == NULL)
        return false;
    is_relaxed = verdict->signature->parsed.body_canon == REC_DKIM_RELAXED;
    return fault_find(one->facts->message.message->faults,
                      is_relaxed ? MAIL_FAULT_BARE_CR : MAIL_FAULT_BARE_LF) != NULL &&
           engine_dkim_holds(one, verdict, is_relaxed ? "CR without LF" : "LF without CR");
}

/* holds_control - NUL, VT or FF, which C strings and isspace(3) treat in ways of their own */
static bool holds_control(struct span value)
{
    return span_find(value, '\0') >= 0 || span_find(value, '\v') >= 0 ||
           span_find(value, '\f') >= 0;
}

/* check_cause_dkim_control_octet - in a field that is signed with relaxed canonicalisation */
bool check_cause_dkim_control_octet(struct engine_case *one)
{
    const struct auth_dkim_verdict *verdict = signature_of(one);
    const struct mail_message *message = one->facts->message.message;

    if (verdict == NULL || verdict->signature->parsed.header_canon != REC_DKIM_RELAXED)
        return false;
    for (size_t i = 0; i < message->header_count; i++)
        if (rec_dkim_signs(&verdict->signature->parsed, message->headers[i].name) &&
            holds_control(message->headers[i].value))
            return check_case_holds(one, where_header(one->out, &message->headers[i]),
                                    "a control character");
    return false;
}

/* check_cause_dkim_field_tab - a tab before the colon: libopendkim gives the message up */
bool check_cause_dkim_field_tab(struct engine_case *one)
{
    const struct auth_dkim_verdict *verdict = signature_of(one);
    const struct mail_message *message = one->facts->message.message;

    if (verdict == NULL || !check_case_is(one, "pass", "permerror"))
        return false;
    for (size_t i = 0; i < message->header_count; i++) {
        const struct mail_header *header = &message->headers[i];
        ptrdiff_t colon = span_find(header->raw, ':');

        if (colon > 0 && span_find(span_sub(header->raw, 0, (size_t)colon), '\t') >= 0)
            return check_case_holds(one, where_header(one->out, header), "a tab");
    }
    return false;
}

/* check_cause_dkim_from_unparsed - no author, no verification at all */
bool check_cause_dkim_from_unparsed(struct engine_case *one)
{
    const struct mail_header *from = NULL;

    if (signature_of(one) == NULL || !check_case_is(one, "pass", "permerror") ||
        one->facts->message.author_fault == NULL)
        return false;
    from = mail_header_find(one->facts->message.message, "From", 0);
    return check_case_holds(one,
                            from != NULL
                                ? where_header(one->out, from)
                                : (struct finding_where){.name = "From", .type = "header"},
                            one->facts->message.author_fault);
}

/* ---- the key ---- */

/* reaches_too_far - p= goes on behind what libopendkim keeps of the record */
static bool reaches_too_far(const struct rec_dkim_key *key)
{
    const struct rec_tag *tag = key != NULL ? rec_tags_find(&key->tags, "p") : NULL;

    return tag != NULL &&
           (size_t)(tag->value.at + tag->value.len - key->tags.text.at) > KEY_READ_MAX;
}

/* is_pkcs1 - a bare RSAPublicKey (RFC 8017, A.1.1) where libopendkim wants what OpenSSL writes:
 * its first part is a number, not an algorithm */
static bool is_pkcs1(const struct rec_dkim_key *key)
{
    struct span der = key != NULL ? key->octets : (struct span){NULL, 0};
    size_t header = 2;

    if (der.len < 8 || key->type != REC_DKIM_KEY_RSA || (uint8_t)der.at[0] != DER_SEQUENCE)
        return false;
    if (((uint8_t)der.at[1] & 0x80) != 0) /* long form: ITU-T X.690, 8.1.3.5 */
        header += (uint8_t)der.at[1] & 0x7f;
    return header < der.len && (uint8_t)der.at[header] == DER_INTEGER;
}

/* find_selector - a published key for which it holds; NULL: none */
static const struct selector_facts *find_selector(const struct engine_case *one,
                                                  bool (*is_so)(const struct rec_dkim_key *))
{
    const struct selector_facts *selector = one->facts->domain.selectors;

    while (selector != NULL && !is_so(selector->key))
        selector = selector->next;
    return selector;
}

/* engine_dkim_find_key - the key of the signature, or without a verdict any published one */
static bool engine_dkim_find_key(struct engine_case *one,
                                 bool (*is_so)(const struct rec_dkim_key *), const char *cause)
{
    const struct auth_dkim_verdict *verdict = signature_of(one);
    const struct selector_facts *selector = NULL;

    if (verdict != NULL)
        return check_case_is(one, "pass", NULL) && is_so(verdict->key) &&
               check_case_holds(
                   one, where_name(one->out, verdict->answer->question.name, DNS_TXT), cause);
    selector = one->verdict == NULL ? find_selector(one, is_so) : NULL;
    return selector != NULL &&
           check_case_holds(one, where_rr(one->out, selector->answer, selector->rr), cause);
}

/* check_cause_dkim_key_cut - the record is longer than libopendkim's buffer */
bool check_cause_dkim_key_cut(struct engine_case *one)
{
    return engine_dkim_find_key(one, reaches_too_far, "p= ends behind octet 1024");
}

/* check_cause_dkim_key_pkcs1 - the key without its algorithm identifier */
bool check_cause_dkim_key_pkcs1(struct engine_case *one)
{
    return engine_dkim_find_key(one, is_pkcs1, "p= holds an RSAPublicKey");
}

/* check_cause_dkim_key_rounded - libopendkim counts the octets of a key, not its bits */
bool check_cause_dkim_key_rounded(struct engine_case *one)
{
    const struct auth_dkim_verdict *verdict = signature_of(one);

    return verdict != NULL && check_case_is(one, "permerror", "pass") && verdict->key != NULL &&
           verdict->key->type == REC_DKIM_KEY_RSA && verdict->key_bits > 0 &&
           verdict->key_bits < AUTH_DKIM_RSA_BITS_MIN &&
           engine_dkim_holds(one, verdict,
                             arena_printf(one->out->arena, "%u bits", verdict->key_bits));
}

/* several_at - more than one TXT record */
static bool several_at(const struct dns_answer *answer)
{
    return answer != NULL && answer->status == DNS_OK && dns_answer_count(answer) > 1;
}

/* check_cause_dkim_key_several - two TXT records, of whatever kind, are none for libopendkim */
bool check_cause_dkim_key_several(struct engine_case *one)
{
    const struct auth_dkim_verdict *verdict = signature_of(one);
    const struct dns_answer *answer = NULL;

    if (one->verdict == NULL)
        for (const struct selector_facts *selector = one->facts->domain.selectors;
             selector != NULL && answer == NULL; selector = selector->next)
            answer =
                several_at(selector->answer) && selector->rr != NULL ? selector->answer : NULL;
    else if (verdict != NULL && check_case_is(one, "pass", NULL))
        answer = several_at(verdict->answer) ? verdict->answer : NULL;
    return answer != NULL &&
           check_case_holds(
               one, where_name(one->out, answer->question.name, DNS_TXT),
               arena_printf(one->out->arena, "%zu TXT records", dns_answer_count(answer)));
}
