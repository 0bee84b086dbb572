/* The value of a Received or Received-SPF field. */
#include "base/must.h"
#include "mail/mail_address.h"
#include "mail/mail_received.h"
#include "fuzz.h"

/* check - what was read lies in the value, and the address can be written and read again */
static void check(struct arena *arena, struct span value, const struct mail_received *read)
{
    const struct span parts[] = {read->helo, read->by, read->protocol, read->envelope_from};
    struct ip_address again = {0};
    const char *path = NULL;

    for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
        must(parts[i].len <= value.len);
    mail_path_parse(arena, read->envelope_from, &path);
    if (read->client.family == IP_NONE)
        return;
    must(ip_parse(span_of(ip_to_text(arena, &read->client)), &again));
    must(ip_equal(&again, &read->client));
}

FUZZ(arena, bytes)
{
    struct mail_received received = mail_received_parse(bytes);
    struct mail_received spf = mail_received_spf_parse(arena, bytes);

    check(arena, bytes, &received);
    check(arena, bytes, &spf);
}
