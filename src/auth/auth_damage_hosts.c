/* Whoever wrote a Received field between a signature and the place where it last held. */
#include "auth/auth_damage.h"
#include "base/arena.h"
#include "base/span.h"
#include "mail/mail_received.h"
#include "model/damage.h"
#include "model/dkim_verdict.h"
#include "model/mail_message.h"
#include "model/result.h"

/* damage_is_later - does a signature further up agree with the message as it is now */
static bool damage_is_later(const struct auth_dkim_verdict *verdict, bool is_body)
{
    return is_body ? verdict->body_hash == HASH_MATCH : verdict->result == DKIM_PASS;
}

/* damage_hosts_of - hosts that passed the message on behind the signer, and before a later
 * signer found it as it is now; top to bottom */
static struct auth_damage_hosts damage_hosts_of(const struct auth_dkim_prepared *prepared,
                                                const struct auth_dkim_verdict *verdicts,
                                                size_t index)
{
    const struct mail_message *message = prepared->message;
    size_t end = mail_header_index(message, prepared->signatures[index].header);
    bool is_body = verdicts[index].body_hash == HASH_MISMATCH;
    struct auth_damage_hosts hosts = {.count = 0};
    size_t from = 0;

    for (size_t i = 0; i < index; i++)
        if (damage_is_later(&verdicts[i], is_body))
            from = mail_header_index(message, prepared->signatures[i].header) + 1;
    for (size_t i = from; i < end; i++) {
        struct span by = {NULL, 0};

        if (!span_equal_nocase(message->headers[i].name, "Received"))
            continue;
        by = mail_received_parse(message->headers[i].value).by;
        if (by.len > 0 && hosts.count < AUTH_DAMAGE_HOSTS_SHOWN)
            hosts.at[hosts.count++] = by;
        else
            hosts.more += by.len > 0;
    }
    return hosts;
}

const struct auth_damage_hosts *
auth_damage_hosts_find(struct arena *arena, const struct auth_dkim_prepared *prepared,
                       const struct auth_dkim_verdict *verdicts)
{
    struct auth_damage_hosts *hosts =
        arena_array_of(arena, struct auth_damage_hosts, prepared->count);

    for (size_t i = 0; i < prepared->count; i++)
        if (verdicts[i].result != DKIM_PASS)
            hosts[i] = damage_hosts_of(prepared, verdicts, i);
    return hosts;
}
