/* A packet as a name server sends it. What is taken from it must be readable again, because
 * snapshots hold records as text. */
#include <string.h>

#include "base/must.h"
#include "dns/dns_rr.h"
#include "source/source_live.h"
#include "fuzz.h"

#define HEADER       12
#define QUESTION_END 5  /* the root, type and class */
#define OPT          11 /* an OPT record without options */

/* check_record - its text gives the same record */
static void check_record(struct arena *arena, const struct dns_rr *rr)
{
    struct err why = {0};
    const struct dns_rr *again = dns_rr_from_text(arena, rr->text, &why);

    must(again != NULL);
    must(strcmp(again->text, rr->text) == 0);
    must(span_equal(again->joined, rr->joined));
}

FUZZ(arena, bytes)
{
    static const struct dns_live_server server = {
        .text = "192.0.2.53", .spec = "live:192.0.2.53", .is_ad_trusted = true};
    struct dns_live_exchange exchange = {.server = &server, .fd = -1};
    const uint8_t *octets = (const uint8_t *)bytes.at;
    struct dns_answer answer;
    size_t count = 0;

    if (bytes.len < HEADER + 1)
        return;
    exchange.id = (uint16_t)(octets[0] << 8 | octets[1]);
    exchange.has_edns = (octets[1] & 1) != 0;
    exchange.question.name = dns_name_from_wire(arena, octets + HEADER, bytes.len - HEADER);
    if (exchange.question.name == NULL)
        return;
    count = HEADER; /* the type follows the name; find where that ends */
    while (octets[count] != 0)
        count += 1 + octets[count];
    if (count + 2 >= bytes.len)
        return;
    exchange.question.type = (enum dns_type)(octets[count + 1] << 8 | octets[count + 2]);
    dns_live_packet_make(&exchange);
    must(exchange.packet_len ==
         LIVE_LENGTH_SIZE + count + QUESTION_END + (exchange.has_edns ? OPT : 0));
    must(memcmp(exchange.packet + LIVE_LENGTH_SIZE + count, octets + count, 3) == 0);
    if (dns_live_packet_read(arena, &exchange, bytes, &answer) != LIVE_ANSWER)
        return;
    must(answer.status == DNS_OK || answer.status == DNS_BOGUS ||
         dns_status_is_absent(answer.status));
    must((answer.status == DNS_OK) <= (answer.records != NULL));
    count = 0;
    for (const struct dns_rr *rr = answer.records; rr != NULL; rr = rr->next, count++)
        check_record(arena, rr);
    must(count == answer.record_count);
}
