/*
 * NAME
 *     auth_damage_private - what the parts of the search share
 * DESCRIPTION
 *     Private to the room. auth_damage.c goes through the signatures; auth_damage_body.c
 *     and auth_damage_header.c search.
 * OWNERSHIP
 *     Results in `arena`, everything else in `scratch`.
 * ERRORS
 *     None.
 */
#ifndef AUTH_DAMAGE_PRIVATE_H
#define AUTH_DAMAGE_PRIVATE_H

#include "auth/auth_damage.h"
#include "base/arena.h"
#include "base/span.h"
#include "model/damage.h"
#include "model/dkim_verdict.h"
#include "model/mail_message.h"
#include "model/rec_dkim.h"

struct damage_work {
    struct arena *arena;
    struct arena *scratch;
    struct mail_message *message;
    const struct auth_dkim_prepared *prepared;
    const struct auth_dkim_verdict *verdicts;
    struct auth_damage **lists; /* one for each signature */
    uint64_t octets_left;       /* that may be hashed */
    unsigned checks_left;       /* verifications with a public key */
};

/* one damage more of a signature; `found.next` is set here */
void damage_report(struct damage_work *work, size_t index, struct auth_damage found);

/* take octets to be hashed from what is left; false if there are not enough */
bool damage_spend(struct damage_work *work, uint64_t octets);

/* text of the message for a clause: quoted, short, one line */
const char *damage_quote(struct arena *arena, struct span text);

/* signatures of one canonicalization and l= whose body hash does not match */
struct damage_targets {
    enum rec_dkim_canon canon;
    uint64_t limit; /* l=, or AUTH_DKIM_NO_LIMIT */
    const size_t *indexes;
    size_t count;
};

/* read the body once more and report what is found for each target */
void damage_search_body(struct damage_work *work, const struct damage_targets *targets);

/* key and header section of one signature that does not verify */
void damage_search_header(struct damage_work *work, size_t index);

#endif
