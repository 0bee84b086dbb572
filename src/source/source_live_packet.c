/*
 * A packet is believed only if its id and its question are ours. What it says is kept apart:
 * an answer, an absence with its SOA, a referral, a refusal, a broken packet.
 */
#include <string.h>

#include "base/dns_name.h"
#include "dns/dns_ldns.h"
#include "dns/dns_proofs.h"
#include "source/source_live.h"
#include "source/source_live_chain.h"

#define EDNS_UDP_SIZE    1232 /* fits into every path without fragments: RFC 9715, 3.1 */
#define HEADER_SIZE      12   /* RFC 1035, 4.1.1 */
#define FLAGS_AT         2
#define FLAG_QR          0x80 /* of the first octet of flags */
#define FLAG_TC          0x02
#define FLAG_RD          0x0100 /* of both octets of flags */
#define FLAG_AD          0x0020 /* in a query: RFC 6840, 5.7 */
#define FLAG_CD          0x0010 /* RFC 4035, 3.2.2 */
#define FLAG_DO          0x8000 /* RFC 3225, 3 */
#define OCTET_BITS       8
#define RCODE_HIGH_SHIFT 4  /* RFC 6891, 6.1.3 */
#define RCODE_BADVERS    16 /* RFC 6891, 9 */
#define OPTION_HEAD      4  /* code and length: RFC 6891, 6.1.2 */
#define EDE_OPTION       15 /* RFC 8914, 2 */
#define EDE_BOGUS_FIRST  6  /* DNSSEC Bogus: RFC 8914, 4.7 */
#define EDE_BOGUS_LAST   12 /* NSEC Missing: RFC 8914, 4.13 */
#define EDE_NONE         (-1)

struct code_word {
    int code;
    const char *word;
};

/* the IANA registry "DNS RCODEs" */
static const struct code_word rcode_words[] = {
    {LDNS_RCODE_FORMERR, "FORMERR"},   {LDNS_RCODE_SERVFAIL, "SERVFAIL"},
    {LDNS_RCODE_NOTIMPL, "NOTIMP"},    {LDNS_RCODE_REFUSED, "REFUSED"},
    {LDNS_RCODE_YXDOMAIN, "YXDOMAIN"}, {LDNS_RCODE_NOTAUTH, "NOTAUTH"},
    {RCODE_BADVERS, "BADVERS"},
};

/* RFC 8914, 5.2 */
static const struct code_word error_words[] = {
    {3, "stale answer"},
    {EDE_BOGUS_FIRST, "DNSSEC bogus"},
    {7, "signature expired"},
    {8, "signature not yet valid"},
    {9, "DNSKEY missing"},
    {10, "RRSIGs missing"},
    {11, "no zone key bit set"},
    {EDE_BOGUS_LAST, "NSEC missing"},
    {13, "cached error"},
    {14, "not ready"},
    {15, "blocked"},
    {16, "censored"},
    {17, "filtered"},
    {18, "prohibited"},
    {20, "not authoritative"},
    {22, "no reachable authority"},
    {23, "network error"},
    {24, "invalid data"},
};

/* live_packet_word_of - the word for a code; NULL */
static const char *live_packet_word_of(const struct code_word *words, size_t count, int code)
{
    for (size_t i = 0; i < count; i++)
        if (words[i].code == code)
            return words[i].word;
    return NULL;
}

/* live_packet_put - two octets, the high one first */
static uint8_t *live_packet_put(uint8_t *at, unsigned number)
{
    at[0] = (uint8_t)(number >> OCTET_BITS);
    at[1] = (uint8_t)number;
    return at + 2;
}

/* put_header - one question, and an OPT record with EDNS (RFC 1035, 4.1.1) */
static uint8_t *put_header(uint8_t *at, const struct dns_live_exchange *exchange)
{
    unsigned flags = FLAG_RD | FLAG_AD | (exchange->is_unchecked ? FLAG_CD : 0);

    at = live_packet_put(at, exchange->id);
    at = live_packet_put(at, flags);
    at = live_packet_put(at, 1);
    at = live_packet_put(at, 0);
    at = live_packet_put(at, 0);
    return live_packet_put(at, exchange->has_edns);
}

/* put_edns - an OPT record without options (RFC 6891, 6.1.2) */
static uint8_t *put_edns(uint8_t *at, const struct dns_live_exchange *exchange)
{
    *at++ = 0; /* the root */
    at = live_packet_put(at, LDNS_RR_TYPE_OPT);
    at = live_packet_put(at, EDNS_UDP_SIZE);
    at = live_packet_put(at, 0); /* the code's high octet, version 0 */
    at = live_packet_put(at, exchange->wants_proofs ? FLAG_DO : 0);
    return live_packet_put(at, 0);
}

void dns_live_packet_make(struct dns_live_exchange *exchange)
{
    uint8_t *start = exchange->packet + LIVE_LENGTH_SIZE;
    uint8_t *at = put_header(start, exchange);

    at += dns_name_to_wire(exchange->question.name, at);
    at = live_packet_put(at, (unsigned)exchange->question.type);
    at = live_packet_put(at, LDNS_RR_CLASS_IN);
    if (exchange->has_edns)
        at = put_edns(at, exchange);
    exchange->packet_len = (size_t)(at - exchange->packet);
    live_packet_put(exchange->packet, (unsigned)(at - start));
}

/* is_response - it has a header, which says response, with the id of the question */
static bool is_response(const struct dns_live_exchange *exchange, struct span packet)
{
    const uint8_t *octets = (const uint8_t *)packet.at;

    return packet.len >= HEADER_SIZE && (octets[FLAGS_AT] & FLAG_QR) != 0 &&
           (octets[0] << OCTET_BITS | octets[1]) == exchange->id;
}

/* full_rcode - with the four bits of the header the eight of the OPT record */
static int full_rcode(const ldns_pkt *packet)
{
    return (int)ldns_pkt_get_rcode(packet) | (int)ldns_pkt_edns_extended_rcode(packet)
                                                 << RCODE_HIGH_SHIFT;
}

/* is_ours - the packet repeats the question; one that refuses may leave it out */
static bool is_ours(struct arena *arena, const struct dns_live_exchange *exchange,
                    const ldns_pkt *packet)
{
    const ldns_rr_list *list = ldns_pkt_question(packet);
    const struct dns_name *name = NULL;
    const ldns_rr *rr = NULL;

    if (ldns_rr_list_rr_count(list) == 0)
        return live_packet_word_of(rcode_words, COUNT_OF(rcode_words), full_rcode(packet)) !=
               NULL;
    rr = ldns_rr_list_rr(list, 0);
    name = dns_name_from_wire(arena, ldns_rdf_data(ldns_rr_owner(rr)),
                              ldns_rdf_size(ldns_rr_owner(rr)));
    return ldns_rr_list_rr_count(list) == 1 && name != NULL &&
           dns_name_equal(name, exchange->question.name) &&
           (int)ldns_rr_get_type(rr) == (int)exchange->question.type &&
           ldns_rr_get_class(rr) == LDNS_RR_CLASS_IN;
}

/* extended_error - the first one of the packet (RFC 8914, 2), or EDE_NONE */
static int extended_error(const ldns_pkt *packet)
{
    const ldns_rdf *data = ldns_pkt_edns_data(packet);
    const uint8_t *at = data == NULL ? NULL : ldns_rdf_data(data);
    size_t left = data == NULL ? 0 : ldns_rdf_size(data);

    while (left >= OPTION_HEAD) {
        int code = at[0] << OCTET_BITS | at[1];
        size_t len = (size_t)at[2] << OCTET_BITS | at[3];

        at += OPTION_HEAD;
        left -= OPTION_HEAD;
        if (len > left)
            return EDE_NONE;
        if (code == EDE_OPTION && len >= sizeof(uint16_t))
            return at[0] << OCTET_BITS | at[1];
        at += len;
        left -= len;
    }
    return EDE_NONE;
}

/* live_packet_fail - the answer is a failure, with a sentence that names the server */
static enum dns_live_meaning live_packet_fail(struct dns_answer *answer, enum dns_status status,
                                              const char *detail)
{
    answer->status = status;
    answer->detail = detail;
    answer->records = NULL;
    answer->record_count = 0;
    answer->has_ttl = false;
    answer->ttl = 0;
    answer->ad = false;
    answer->proofs = NULL;
    return status == DNS_BOGUS ? LIVE_ANSWER : LIVE_FAILURE;
}

/* error_text - " (signature expired)"; "" without an extended error */
static const char *error_text(struct arena *arena, int error)
{
    const char *word = live_packet_word_of(error_words, COUNT_OF(error_words), error);

    if (error == EDE_NONE)
        return "";
    return word != NULL ? arena_printf(arena, " (%s)", word)
                        : arena_printf(arena, " (extended error %d)", error);
}

/* may_ask_unchecked - a resolver that validates may hold back what it has */
static bool may_ask_unchecked(const struct dns_live_exchange *exchange)
{
    return exchange->wants_proofs && exchange->has_edns && !exchange->is_unchecked;
}

/* read_rcode - a response code that is neither NOERROR nor NXDOMAIN */
static enum dns_live_meaning read_rcode(struct arena *arena,
                                        const struct dns_live_exchange *exchange,
                                        const ldns_pkt *packet, struct dns_answer *answer)
{
    const char *server = exchange->server->text;
    int rcode = full_rcode(packet);
    int error = extended_error(packet);
    const char *word = live_packet_word_of(rcode_words, COUNT_OF(rcode_words), rcode);

    if (exchange->has_edns &&
        (rcode == LDNS_RCODE_FORMERR || rcode == LDNS_RCODE_NOTIMPL || rcode == RCODE_BADVERS))
        return LIVE_NO_EDNS; /* RFC 6891, 7 */
    if (rcode == LDNS_RCODE_SERVFAIL && error >= EDE_BOGUS_FIRST && error <= EDE_BOGUS_LAST) {
        live_packet_fail(answer, DNS_BOGUS,
                         arena_printf(arena, "DNSSEC validation failed at %s%s", server,
                                      error_text(arena, error)));
        return may_ask_unchecked(exchange) ? LIVE_BOGUS : LIVE_ANSWER;
    }
    if (word == NULL)
        word = arena_printf(arena, "response code %d", rcode);
    live_packet_fail(answer, DNS_SERVFAIL,
                     arena_printf(arena, "%s by %s%s", word, server, error_text(arena, error)));
    return rcode == LDNS_RCODE_SERVFAIL && may_ask_unchecked(exchange) ? LIVE_BOGUS
                                                                       : LIVE_FAILURE;
}

/* soa_of - the SOA of the authority section, of a zone that the name is in; NULL */
static const ldns_rr *soa_of(struct arena *arena, const ldns_pkt *packet,
                             const struct dns_name *name)
{
    const ldns_rr_list *list = ldns_pkt_authority(packet);

    for (size_t i = 0; i < ldns_rr_list_rr_count(list); i++) {
        const ldns_rr *rr = ldns_rr_list_rr(list, i);
        const ldns_rdf *owner = ldns_rr_owner(rr);
        const struct dns_name *apex =
            dns_name_from_wire(arena, ldns_rdf_data(owner), ldns_rdf_size(owner));

        if (ldns_rr_get_type(rr) == LDNS_RR_TYPE_SOA && apex != NULL &&
            dns_name_is_below(name, apex))
            return rr;
    }
    return NULL;
}

/* set_negative_ttl - the lesser of the SOA's own and its last field (RFC 2308, 5) */
static void set_negative_ttl(struct dns_answer *answer, const ldns_rr *soa)
{
    enum { SOA_MINIMUM = 6 };
    const ldns_rdf *minimum = soa == NULL || ldns_rr_rd_count(soa) <= SOA_MINIMUM
                                  ? NULL
                                  : ldns_rr_rdf(soa, SOA_MINIMUM);
    uint32_t ttl = 0;

    if (minimum == NULL || ldns_rdf_size(minimum) != sizeof(uint32_t)) {
        answer->has_ttl = false;
        answer->ttl = 0;
        return;
    }
    ttl = ldns_rdf2native_int32(minimum);
    if (ldns_rr_ttl(soa) < ttl)
        ttl = ldns_rr_ttl(soa);
    if (!answer->has_ttl || ttl < answer->ttl) /* a CNAME before it may live shorter */
        answer->ttl = ttl;
    answer->has_ttl = true;
}

/* has_ns - the authority section has name servers: a referral, if nothing else */
static bool has_ns(const ldns_pkt *packet)
{
    const ldns_rr_list *list = ldns_pkt_authority(packet);

    for (size_t i = 0; i < ldns_rr_list_rr_count(list); i++)
        if (ldns_rr_get_type(ldns_rr_list_rr(list, i)) == LDNS_RR_TYPE_NS)
            return true;
    return false;
}

/* read_absence - no record of the type: NXDOMAIN, NODATA, a chain to follow, or a server that
 * does not know */
static enum dns_live_meaning read_absence(struct arena *arena,
                                          const struct dns_live_exchange *exchange,
                                          const ldns_pkt *packet, struct dns_answer *answer)
{
    const ldns_rr *soa = soa_of(arena, packet, dns_answer_final_name(answer));
    const char *server = exchange->server->text;

    if (full_rcode(packet) == LDNS_RCODE_NXDOMAIN || soa != NULL) {
        answer->status = full_rcode(packet) == LDNS_RCODE_NXDOMAIN ? DNS_NXDOMAIN : DNS_NODATA;
        set_negative_ttl(answer, soa);
        return LIVE_ANSWER;
    }
    if (answer->records != NULL) {
        answer->status = DNS_OK; /* a chain; its end is queried */
        return LIVE_ANSWER;
    }
    if (ldns_pkt_aa(packet) || ldns_pkt_ra(packet)) {
        answer->status = DNS_NODATA; /* type 3 of RFC 2308, 2.2 */
        return LIVE_ANSWER;
    }
    return live_packet_fail(
        answer, DNS_SERVFAIL,
        arena_printf(arena, "%s by %s, which neither knows the name nor asks for others",
                     has_ns(packet) ? "referral" : "empty answer", server));
}

/* read_packet - a packet that ldns understands and that answers our question */
static enum dns_live_meaning read_packet(struct arena *arena,
                                         const struct dns_live_exchange *exchange,
                                         const ldns_pkt *packet, struct dns_answer *answer)
{
    int rcode = full_rcode(packet);

    if (rcode != LDNS_RCODE_NOERROR && rcode != LDNS_RCODE_NXDOMAIN)
        return read_rcode(arena, exchange, packet, answer);
    answer->ad = ldns_pkt_ad(packet) && exchange->server->is_ad_trusted;
    if (exchange->wants_proofs && exchange->has_edns)
        answer->proofs = dns_proofs_read(arena, packet);
    if (!dns_live_chain_read(arena, ldns_pkt_answer(packet), answer))
        return live_packet_fail(answer, DNS_MALFORMED,
                                arena_printf(arena, "malformed record in the answer by %s",
                                             exchange->server->text));
    if (dns_answer_first(answer) == NULL)
        return read_absence(arena, exchange, packet, answer);
    answer->status = DNS_OK;
    return LIVE_ANSWER;
}

enum dns_live_meaning dns_live_packet_read(struct arena *arena,
                                           const struct dns_live_exchange *exchange,
                                           struct span packet, struct dns_answer *answer_out)
{
    enum dns_live_meaning meaning = LIVE_STRAY;
    ldns_pkt *read = NULL;

    *answer_out =
        (struct dns_answer){.question = exchange->question, .source = exchange->server->spec};
    if (!is_response(exchange, packet))
        return LIVE_STRAY;
    /* the rest of a truncated packet may be cut anywhere (RFC 2181, 9) */
    if (!exchange->is_tcp && ((uint8_t)packet.at[FLAGS_AT] & FLAG_TC) != 0)
        return LIVE_TRUNCATED;
    if (ldns_wire2pkt(&read, (const uint8_t *)packet.at, packet.len) != LDNS_STATUS_OK)
        return live_packet_fail(
            answer_out, DNS_MALFORMED,
            arena_printf(arena, "malformed answer by %s", exchange->server->text));
    if (is_ours(arena, exchange, read))
        meaning =
            ldns_pkt_tc(read) ? LIVE_TRUNCATED : read_packet(arena, exchange, read, answer_out);
    ldns_pkt_free(read);
    return meaning;
}
