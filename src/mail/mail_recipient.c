/* Whom the message was for: the hop that was taken knows best, fields of the delivery next. */
#include "base/span.h"
#include "mail/mail_address.h"
#include "mail/mail_trace_private.h"
#include "model/mail_address.h"

/* take_path - a recipient has a domain, or is the one mailbox that needs none */
static const char *take_path(struct arena *arena, struct span text)
{
    const char *path = NULL;

    if (text.len == 0 || !mail_path_parse(arena, text, &path) || path[0] == '\0' ||
        path[0] == '@')
        return NULL;
    return path;
}

/* recipient_of_hops - "for" of the hop that was taken, else of those behind it; of a message
 * without such a hop, of the newest that says it */
static const char *recipient_of_hops(struct arena *arena, const struct mail_trace *trace,
                                     const struct mail_client *hop, const char **origin_out)
{
    size_t i = hop->hop != NULL ? hop->index + 1 : trace->hop_count;
    const char *path = NULL;

    for (; path == NULL && i > 0; i--) {
        const struct mail_hop *one = &trace->hops[i - 1];

        path = take_path(arena, one->received.recipient);
        if (path != NULL)
            *origin_out = arena_printf(arena, "\"for\" in Received field %zu (line %d)", i,
                                       one->header->line);
    }
    return path;
}

/* recipient_of_delivery - what the last server wrote when it delivered */
static const char *recipient_of_delivery(struct arena *arena,
                                         const struct mail_message *message,
                                         const char **origin_out)
{
    static const char *const names[] = {"Delivered-To", "X-Original-To"};
    const char *path = NULL;

    for (size_t i = 0; path == NULL && i < COUNT_OF(names); i++) {
        const struct mail_header *header = mail_header_find(message, names[i], 0);

        if (header == NULL)
            continue;
        path = take_path(arena, header->value);
        if (path != NULL)
            *origin_out = arena_printf(arena, "%s (line %d)", names[i], header->line);
    }
    return path;
}

/* recipient_of_to - the one address in To, where nobody else is named */
static const char *recipient_of_to(struct arena *arena, const struct mail_message *message,
                                   const char **origin_out)
{
    const struct mail_header *to = mail_header_find(message, "To", 0);
    const struct mail_address_list *list = NULL;
    const char *path = NULL;

    if (to == NULL || mail_header_count(message, "To") != 1 ||
        mail_header_find(message, "Cc", 0) != NULL ||
        mail_header_find(message, "Bcc", 0) != NULL)
        return NULL;
    list = mail_address_list_parse(arena, to->value);
    if (list->count != 1 || list->fault != NULL)
        return NULL;
    path = take_path(arena,
                     span_of(arena_printf(arena, "%.*s@%.*s", SPAN_ARG(list->first->local_part),
                                          SPAN_ARG(list->first->domain_text))));
    if (path != NULL)
        *origin_out = arena_printf(arena, "To (line %d), the only recipient there", to->line);
    return path;
}

void mail_recipient_find(struct arena *arena, const struct mail_message *message,
                         const struct mail_trace *trace, struct mail_envelope *envelope)
{
    const char **origin = &envelope->rcpt_origin;

    envelope->rcpt = recipient_of_hops(arena, trace, &envelope->hop, origin);
    if (envelope->rcpt == NULL)
        envelope->rcpt = recipient_of_delivery(arena, message, origin);
    if (envelope->rcpt == NULL)
        envelope->rcpt = recipient_of_to(arena, message, origin);
}
