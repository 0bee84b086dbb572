/* Its header fields, by their names. */
#include "model/mail_message.h"

#include "base/must.h"

const struct mail_header *mail_header_find(const struct mail_message *message, const char *name,
                                           size_t from)
{
    for (size_t i = from; i < message->header_count; i++)
        if (span_equal_nocase(message->headers[i].name, name))
            return &message->headers[i];
    return NULL;
}

size_t mail_header_count(const struct mail_message *message, const char *name)
{
    size_t count = 0;

    for (size_t i = 0; i < message->header_count; i++)
        count += span_equal_nocase(message->headers[i].name, name);
    return count;
}

size_t mail_header_index(const struct mail_message *message, const struct mail_header *header)
{
    must(header >= message->headers && header < message->headers + message->header_count);
    return (size_t)(header - message->headers);
}
