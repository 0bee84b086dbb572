/*
 * NAME
 *     damage - what broke a DKIM signature, and who did it
 * DESCRIPTION
 *     Filled in by auth/auth_damage.h. The table is model/damage.def.
 * OWNERSHIP
 *     In the arena of who fills them in.
 * ERRORS
 *     None.
 */
#ifndef DAMAGE_H
#define DAMAGE_H

#include "base/span.h"
#include "model/dkim_verdict.h"

enum auth_damage_kind {
#define DAMAGE(id, constant, part, mover) AUTH_DAMAGE_##constant,
#include "model/damage.def"
    AUTH_DAMAGE_KINDS
};

enum auth_damage_part { AUTH_DAMAGE_IN_HEADER, AUTH_DAMAGE_IN_BODY, AUTH_DAMAGE_IN_KEY };

enum auth_damage_mover {
    AUTH_DAMAGE_BY_SIGNER,  /* signing software */
    AUTH_DAMAGE_BY_DNS,     /* signer or DNS: they disagree about the key */
    AUTH_DAMAGE_BY_LIST,    /* a mailing list or a program that adds texts */
    AUTH_DAMAGE_BY_RELAY,   /* a host that passed the message on */
    AUTH_DAMAGE_BY_GATEWAY, /* an editor, a gateway, or how the file was saved */
    AUTH_DAMAGE_BY_NOBODY
};

struct auth_damage {
    enum auth_damage_kind kind;
    enum auth_damage_part part;
    const char *field; /* its name, safe to show; NULL */
    int line;          /* of the file; 0: no line */
    const char *text;  /* what happened: one clause, safe to show */
    const char *old;   /* the text that was signed, safe to show; NULL: not recovered */
    const char *proof; /* what was computed: one clause */
    struct auth_damage *next;
};

const char *auth_damage_kind_to_text(enum auth_damage_kind kind);
const char *auth_damage_part_to_text(enum auth_damage_part part);
enum auth_damage_mover auth_damage_mover(enum auth_damage_kind kind);
const char *auth_damage_mover_to_text(enum auth_damage_mover mover);

#define AUTH_DAMAGE_HOSTS_SHOWN 4

/* hosts that passed the message on behind the signer of one signature, and before a later
 * signer found it as it is now; top to bottom: names behind "by" of Received fields */
struct auth_damage_hosts {
    struct span at[AUTH_DAMAGE_HOSTS_SHOWN];
    size_t count; /* of those in `at` */
    size_t more;
};

#endif
