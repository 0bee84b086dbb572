/* The rows of model/damage.def. */
#include "model/damage.h"

static const struct {
    const char *id;
    enum auth_damage_part part;
    enum auth_damage_mover mover;
} damage_rows[] = {
#define DAMAGE(id, constant, part, mover) {#id, AUTH_DAMAGE_IN_##part, AUTH_DAMAGE_BY_##mover},
#include "model/damage.def"
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
