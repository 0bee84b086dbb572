/* The trace fields from top to bottom; the envelope is chosen when all hops are known. */
#include "mail/mail_trace.h"

#include "base/escape.h"
#include "base/limits.h"
#include "base/span.h"
#include "mail/mail_received.h"
#include "mail/mail_trace_private.h"

/* trace_shown - a part of a field, escaped; NULL if it is empty */
static const char *trace_shown(struct arena *arena, struct span part)
{
    return part.len == 0 ? NULL : escape_header(arena, part, LIMIT_SHOWN_BYTES);
}

/* hop_of - one Received field */
static struct mail_hop hop_of(struct arena *arena, const struct mail_header *header)
{
    struct mail_received received = mail_received_parse(header->value);

    return (struct mail_hop){
        .header = header,
        .received = received,
        .from = trace_shown(arena, received.helo),
        .client = received.client,
        .by = trace_shown(arena, received.by),
        .protocol = trace_shown(arena, received.protocol),
    };
}

/* collect_hops - all Received fields */
static void collect_hops(struct arena *arena, const struct mail_message *message,
                         struct mail_trace *trace)
{
    size_t count = mail_header_count(message, "Received");

    trace->hops = arena_array_of(arena, struct mail_hop, count + 1);
    for (size_t i = 0; i < message->header_count && trace->hop_count < count; i++)
        if (span_equal_nocase(message->headers[i].name, "Received"))
            trace->hops[trace->hop_count++] = hop_of(arena, &message->headers[i]);
}

/* collect_results - all Authentication-Results fields */
static void collect_results(struct arena *arena, const struct mail_message *message,
                            struct mail_trace *trace)
{
    struct mail_auth_result **end = &trace->auth_results;

    for (size_t i = 0; i < message->header_count; i++) {
        if (!span_equal_nocase(message->headers[i].name, "Authentication-Results"))
            continue;
        *end = mail_auth_results_parse(arena, &message->headers[i]);
        while (*end != NULL)
            end = &(*end)->next;
    }
}

struct mail_trace *mail_trace_parse(struct arena *arena, const struct mail_message *message,
                                    const struct provider_set *known)
{
    struct mail_trace *trace = arena_new_of(arena, struct mail_trace);

    collect_hops(arena, message, trace);
    collect_results(arena, message, trace);
    trace->envelope = mail_envelope_find(arena, message, trace, known);
    return trace;
}
