/* Words about who sends and how: what the envelope and the client's names say. */
#include <string.h>

#include "base/arena.h"
#include "base/dns_name.h"
#include "base/err.h"
#include "base/ip.h"
#include "base/sbuf.h"
#include "base/span.h"
#include "check/check_emit.h"
#include "check/check_facts.h"
#include "ledger/ledger.h"
#include "mail/mail_address.h"
#include "model/dns_answer.h"
#include "model/facts.h"
#include "model/mail_trace.h"
#include "model/subject.h"
#include "policy/policy_fact.h"

#define NO_CLIENT "the client's address is not given"

/* octets that a generic name shows: all four, or three where the first is left out */
#define GENERIC_OCTETS 3
/* nibbles of an IPv6 address in its name: the interface identifier (RFC 4291, 2.5.1) */
#define GENERIC_NIBBLES 16

static const char hex_digits[] = "0123456789abcdef";

struct policy_value policy_fact_sender_bulk(const struct policy_lookup *in)
{
    (void)in;
    return policy_value_unknown("neither --bulk nor --no-bulk is given");
}

struct policy_value policy_fact_client_ip(const struct policy_lookup *in)
{
    const struct ip_address *ip = &in->facts->subject->ip;

    return ip->family == IP_NONE ? policy_value_unknown(NO_CLIENT)
                                 : policy_value_text(ip_to_text(in->arena, ip));
}

struct policy_value policy_fact_client_ipv6(const struct policy_lookup *in)
{
    const struct ip_address *ip = &in->facts->subject->ip;

    return ip->family == IP_NONE ? policy_value_unknown(NO_CLIENT)
                                 : policy_value_truth(ip->family == IP_V6);
}

/* ---- the client's name ---- */

/* ptr_trouble - why nothing can be said about the name; NULL: something can */
static const char *ptr_trouble(const struct policy_lookup *in)
{
    const struct dns_answer *ptr = in->facts->client_ptr;

    if (ptr == NULL)
        return NO_CLIENT;
    return dns_status_is_answer(ptr->status) ? NULL : dns_answer_reason(in->arena, ptr);
}

struct policy_value policy_fact_ptr_exists(const struct policy_lookup *in)
{
    const char *trouble = ptr_trouble(in);

    return trouble != NULL ? policy_value_unknown(trouble)
                           : policy_value_truth(in->facts->client_ptr->status == DNS_OK);
}

/* address_trouble - a name of the client whose addresses could not be queried; NULL */
static const char *address_trouble(const struct policy_lookup *in)
{
    const struct facts *facts = in->facts;
    enum dns_type type = facts->subject->ip.family == IP_V6 ? DNS_AAAA : DNS_A;

    for (const struct dns_rr *rr = dns_answer_first(facts->client_ptr); rr != NULL;
         rr = dns_answer_next(facts->client_ptr, rr)) {
        const struct dns_answer *answer =
            facts->ledger != NULL ? ledger_find(facts->ledger, rr->target, type) : NULL;

        if (answer != NULL && !dns_status_is_answer(answer->status))
            return dns_answer_reason(in->arena, answer);
    }
    return NULL;
}

struct policy_value policy_fact_ptr_confirmed(const struct policy_lookup *in)
{
    const char *trouble = ptr_trouble(in);

    if (trouble == NULL && !in->facts->client_ptr_confirmed)
        trouble = address_trouble(in);
    return trouble != NULL ? policy_value_unknown(trouble)
                           : policy_value_truth(in->facts->client_ptr_confirmed);
}

/* next_number - the next run of digits in the text, cut off its front; -1: none */
static int64_t next_number(struct span *rest)
{
    uint64_t number = 0;
    size_t len = 0;

    while (rest->len > 0 && !ascii_is_digit(rest->at[0]))
        *rest = span_from(*rest, 1);
    while (len < rest->len && ascii_is_digit(rest->at[len]))
        len++;
    if (len == 0 || !span_to_number(span_sub(*rest, 0, len), UINT8_MAX, &number))
        number = UINT8_MAX + 1; /* no octet */
    *rest = span_from(*rest, len);
    return len == 0 ? -1 : (int64_t)number;
}

/* shows_octets - the last octets of the address are in the name in this order */
static bool shows_octets(struct span name, const uint8_t *octets, bool is_reversed)
{
    unsigned matched = 0;
    int64_t number = 0;

    while ((number = next_number(&name)) >= 0) {
        unsigned index =
            is_reversed ? IP_V4_OCTETS - 1 - matched : IP_V4_OCTETS - GENERIC_OCTETS + matched;

        matched = number == octets[index] ? matched + 1 : 0;
        if (matched == GENERIC_OCTETS)
            return true;
    }
    return false;
}

/* shows_nibbles - the second half of an IPv6 address is in the name, whatever the
 * punctuation */
static bool shows_nibbles(struct arena *arena, struct span name, const uint8_t *octets)
{
    struct sbuf plain = sbuf_start(arena);
    char wanted[GENERIC_NIBBLES + 1] = "";

    for (size_t i = 0; i < name.len; i++)
        if (memchr(hex_digits, ascii_to_lower(name.at[i]), sizeof(hex_digits) - 1) != NULL)
            sbuf_add_octet(&plain, ascii_to_lower(name.at[i]));
    for (size_t i = 0; i < GENERIC_NIBBLES; i++) {
        uint8_t octet = octets[IP_V6_OCTETS - GENERIC_NIBBLES / 2 + i / 2];

        wanted[i] = hex_digits[i % 2 == 0 ? octet >> 4 : octet & 0xf];
    }
    return check_holds(sbuf_span(&plain), wanted);
}

/* fact_session_is_generic - the name is made of the address and nothing else */
static bool fact_session_is_generic(struct arena *arena, struct span name,
                                    const struct ip_address *ip)
{
    if (ip->family == IP_V6)
        return shows_nibbles(arena, name, ip->octets);
    return shows_octets(name, ip->octets, false) || shows_octets(name, ip->octets, true);
}

struct policy_value policy_fact_ptr_generic(const struct policy_lookup *in)
{
    const struct facts *facts = in->facts;
    const char *trouble = ptr_trouble(in);
    const struct dns_rr *rr = NULL;

    if (trouble != NULL)
        return policy_value_unknown(trouble);
    rr = dns_answer_first(facts->client_ptr);
    for (; rr != NULL; rr = dns_answer_next(facts->client_ptr, rr))
        if (!fact_session_is_generic(in->arena, span_of(rr->target->text), &facts->subject->ip))
            return policy_value_truth(false);
    return policy_value_truth(facts->client_ptr->status == DNS_OK);
}

/* ---- HELO, TLS, MAIL FROM ---- */

struct policy_value policy_fact_helo_fqdn(const struct policy_lookup *in)
{
    const char *helo = in->facts->subject->helo;
    const struct dns_name *name = NULL;
    struct err why = {0};

    if (helo == NULL)
        return policy_value_unknown("the HELO name is not given");
    name = dns_name_parse(in->arena, span_of(helo), &why);
    return policy_value_truth(name != NULL && name->labels > 1);
}

/* A trace field with ESMTPS (RFC 3848) says that its own session used TLS. Fields without
 * it prove nothing: many servers write TLS elsewhere, or not at all. */
struct policy_value policy_trace_tls(const struct policy_lookup *in)
{
    const struct facts *facts = in->facts;
    const struct mail_trace *trace = facts->message.trace;

    if (facts->subject->session != SESSION_NOT_SEEN)
        return policy_value_truth(facts->subject->session == SESSION_UNDER_TLS);
    for (size_t i = 0; trace != NULL && i < trace->hop_count; i++) {
        const struct mail_hop *hop = &trace->hops[i];

        if (hop->client.family == IP_NONE || !ip_equal(&hop->client, &facts->subject->ip))
            continue;
        if (hop->protocol != NULL && (span_equal_nocase(span_of(hop->protocol), "ESMTPS") ||
                                      span_equal_nocase(span_of(hop->protocol), "ESMTPSA")))
            return policy_value_truth(true);
        break;
    }
    return policy_value_unknown("there is no record of the session");
}

struct policy_value policy_fact_mail_from_domain(const struct policy_lookup *in)
{
    const char *path = in->facts->subject->mail_from;
    const struct dns_name *name = NULL;

    if (path == NULL)
        return policy_value_unknown("MAIL FROM is not given");
    name = path[0] != '\0' ? mail_path_domain(in->arena, path, NULL) : NULL;
    return name != NULL ? policy_value_text(name->text)
                        : policy_value_unknown("MAIL FROM has no domain");
}

struct policy_value policy_fact_mail_from_null(const struct policy_lookup *in)
{
    const char *path = in->facts->subject->mail_from;

    return path == NULL ? policy_value_unknown("MAIL FROM is not given")
                        : policy_value_truth(path[0] == '\0');
}

/* Without a message the sender is somebody at the domain. */
struct policy_value policy_fact_mail_from_dns(const struct policy_lookup *in)
{
    const char *path = in->facts->subject->mail_from;

    if (path == NULL && in->facts->message.message == NULL)
        return policy_value_dns(in, in->facts->domain.name);
    if (path == NULL)
        return policy_value_unknown("MAIL FROM is not given");
    return path[0] != '\0' ? policy_value_dns(in, mail_path_domain(in->arena, path, NULL))
                           : policy_value_unknown("MAIL FROM has no domain");
}
