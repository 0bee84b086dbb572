/* The rows of model/damage.def, and the hosts that may have done it. */
#include "model/damage.h"

#include "mail/mail_message.h"
#include "mail/mail_received.h"
#include "model/result.h"

static const struct {
    const char *id;
    enum auth_damage_part part;
    enum auth_damage_mover mover;
} damage_rows[] = {
#define DAMAGE(id, constant, part, mover) {#id, AUTH_DAMAGE_IN_##part, AUTH_DAMAGE_BY_##mover},
#include "model/damage.def"
#undef DAMAGE
};

const char *auth_damage_kind_to_text(enum auth_damage_kind kind)
{
    return damage_rows[kind].id;
}

enum auth_damage_mover auth_damage_mover(enum auth_damage_kind kind)
{
    return damage_rows[kind].mover;
}

const char *auth_damage_part_to_text(enum auth_damage_part part)
{
    static const char *const words[] = {
        [AUTH_DAMAGE_IN_HEADER] = "header",
        [AUTH_DAMAGE_IN_BODY] = "body",
        [AUTH_DAMAGE_IN_KEY] = "key",
    };

    return words[part];
}

const char *auth_damage_mover_to_text(enum auth_damage_mover mover)
{
    static const char *const words[] = {
        [AUTH_DAMAGE_BY_SIGNER] = "signer",   [AUTH_DAMAGE_BY_DNS] = "dns",
        [AUTH_DAMAGE_BY_LIST] = "list",       [AUTH_DAMAGE_BY_RELAY] = "relay",
        [AUTH_DAMAGE_BY_GATEWAY] = "gateway", [AUTH_DAMAGE_BY_NOBODY] = "nobody",
    };

    return words[mover];
}

/* damage_is_later - does a signature further up agree with the message as it is now */
static bool damage_is_later(const struct auth_dkim_verdict *verdict, bool is_body)
{
    return is_body ? verdict->body_hash == HASH_MATCH : verdict->result == DKIM_PASS;
}

struct auth_damage_hosts auth_damage_hosts(const struct auth_dkim_prepared *prepared,
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
