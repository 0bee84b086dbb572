/*
 * NAME
 *     check_damage - what broke a signature, and who has to act, in words
 * DESCRIPTION
 *     Private to check/. A clause for the damages of one part of one signature
 *     (auth/auth_damage.h), and what follows from the first of them.
 * OWNERSHIP
 *     In the emitter's arena, or static.
 * ERRORS
 *     Both are NULL where nothing was proved about the part.
 */
#ifndef CHECK_DAMAGE_H
#define CHECK_DAMAGE_H

#include "check/check_emit.h"

struct check_damage {
    const char *text;
    const char *advice;
};

/* of signature `index`: its body, or its header section and key */
struct check_damage check_damage_text(struct emitter *out, size_t index, bool is_body);

#endif
