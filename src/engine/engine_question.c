/* Readers are in engine_child.c and engine_<library>.c. */
#include <string.h>

#include "engine/engine_question.h"
#include "base/dns_name.h"
#include "base/ip.h"
#include "base/sbuf.h"
#include "engine/engine_wire.h"
#include "ledger/ledger.h"
#include "model/spf_verdict.h"

#define SIGNATURE_FIELD "DKIM-Signature" /* RFC 6376, 3.5 */

/* question_start - what every question begins with */
static struct sbuf question_start(struct arena *arena, const struct ledger *ledger,
                                  enum engine_kind kind, int64_t now)
{
    struct sbuf out = sbuf_start(arena);

    engine_put_octet(&out, (uint8_t)kind);
    engine_put_number(&out, (uint64_t)now);
    if (ledger != NULL)
        engine_answers_write(&out, ledger, kind);
    else
        engine_put_number(&out, 0);
    return out;
}

/* question_put_envelope - read by spf2_put_verdict() */
static void question_put_envelope(struct sbuf *out, const struct auth_spf_input *input)
{
    engine_put_span(out,
                    span_make((const char *)input->client.octets,
                              input->client.family == IP_V4 ? IP_V4_OCTETS : IP_V6_OCTETS));
    engine_put_text(out, input->helo);
    engine_put_text(out, input->identity == AUTH_SPF_HELO ? NULL : input->mail_from);
    engine_put_text(out, input->receiver);
}

struct span engine_question_spf(struct arena *arena, const struct ledger *ledger,
                                const struct auth_spf_input *inputs, size_t count)
{
    struct sbuf out = question_start(arena, ledger, ENGINE_KIND_SPF, inputs->now);

    engine_put_number(&out, count);
    for (size_t i = 0; i < count; i++)
        question_put_envelope(&out, &inputs[i]);
    return sbuf_span(&out);
}

/* without_crlf - the field as libopendkim wants it: folded, without the final line end */
static struct span without_crlf(struct span raw)
{
    while (raw.len > 0 && (raw.at[raw.len - 1] == '\n' || raw.at[raw.len - 1] == '\r'))
        raw.len--;
    return raw;
}

struct span engine_question_dkim(struct arena *arena, const struct ledger *ledger,
                                 const struct mail_message *message, int64_t now)
{
    struct sbuf out = question_start(arena, ledger, ENGINE_KIND_DKIM, now);

    engine_put_number(&out, message->header_count);
    for (size_t i = 0; i < message->header_count; i++) {
        const struct mail_header *header = &message->headers[i];

        engine_put_octet(&out, span_equal_nocase(header->name, SIGNATURE_FIELD));
        engine_put_span(&out, without_crlf(header->raw));
    }
    return sbuf_span(&out);
}

/* question_name_text - a name's text, NULL for none */
static const char *question_name_text(const struct dns_name *name)
{
    return name != NULL ? name->text : NULL;
}

struct span engine_question_dmarc(struct arena *arena, const struct engine_dmarc *dmarc,
                                  int64_t now)
{
    struct sbuf out = question_start(arena, NULL, ENGINE_KIND_DMARC, now);

    engine_put_text(&out, dmarc->author_written != NULL ? dmarc->author_written
                                                        : question_name_text(dmarc->author));
    engine_put_text(&out, question_name_text(dmarc->organizational_domain));
    engine_put_text(&out, dmarc->record);
    engine_put_text(&out, dmarc->spf_domain);
    engine_put_octet(&out, dmarc->spf_is_helo);
    engine_put_text(&out, dmarc->spf_result);
    engine_put_number(&out, dmarc->dkim_count);
    for (size_t i = 0; i < dmarc->dkim_count; i++) {
        engine_put_text(&out, dmarc->dkim[i].domain);
        engine_put_text(&out, dmarc->dkim[i].selector);
        engine_put_text(&out, dmarc->dkim[i].result);
    }
    return sbuf_span(&out);
}

struct span engine_question_policy(struct arena *arena, const char *domain, const char *record,
                                   int64_t now)
{
    struct sbuf out = question_start(arena, NULL, ENGINE_KIND_POLICY, now);

    engine_put_text(&out, domain);
    engine_put_text(&out, record);
    return sbuf_span(&out);
}
