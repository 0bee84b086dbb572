/*
 * NAME
 *     auth_damage - which damage broke a DKIM signature
 * DESCRIPTION
 *     For each signature that fails, hypotheses about what happened to the message are undone
 *     one by one, and the one is reported with which the body has the hash bh=, or the
 *     signature verifies over the header fields. What no such check proves is not reported.
 *     Nothing is computed for a signature that passes.
 *
 *     The body. It is not held in memory: one further pass goes over the stream that
 *     auth_dkim_hash reads. Undoing a damage rewrites lines (auth_damage_line.h), so a
 *     hypothesis is a canonicalization with a digest of its own that begins as a copy of the
 *     running one at the first line it would change, and costs nothing up to there. Of the
 *     body only the end is kept, LIMIT_DAMAGE_WINDOW octets, with the state of the digest at
 *     its start; there the places where something may begin or end are tried (what a list
 *     appended, one line that was broken). A message up to that size is in the window as a
 *     whole, as mail_body has it in memory anyway.
 *
 *     The header section. With RSA the signature, raised with the public key, gives back the
 *     hash that was signed (RFC 8017, 8.2.2): one raising, and each hypothesis costs one
 *     hash. No block of PKCS #1 means another key, whatever happened to the header. Ed25519
 *     gives nothing back: each hypothesis costs a verification, of which there are few.
 *
 *     Bounds. Octets hashed, hypotheses, verifications, signatures: LIMIT_DAMAGE_* of
 *     base/limits.h, counted for a message with all its signatures. No clock is read, so the
 *     same message gives the same answer.
 * OWNERSHIP
 *     Results live in the arena; a second one is closed before the function returns.
 * ERRORS
 *     None: what cannot be proved gives no damage.
 * STANDARDS
 *     RFC 6376, 3.4, 3.7 and 5.4; RFC 8017, 8.2.2; RFC 5322, 2.1.1; RFC 2045, 6
 * BUGS
 *     A value of b= that was changed in letters of base64 alone gives no block either, and is
 *     reported as other_key. Another Ed25519 key is not seen.
 */
#ifndef AUTH_DAMAGE_H
#define AUTH_DAMAGE_H

#include "auth/auth_dkim.h"

enum auth_damage_kind {
#define DAMAGE(id, constant, part, mover) AUTH_DAMAGE_##constant,
#include "auth/auth_damage.def"
#undef DAMAGE
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

/* the damages of each signature, in the order of prepared->signatures; NULL: nothing proved.
 * `message` is the prepared one; its body is read again if a signature needs it */
const struct auth_damage *const *auth_damage_find(struct arena *arena,
                                                  struct mail_message *message,
                                                  const struct auth_dkim_prepared *prepared,
                                                  const struct auth_dkim_verdict *verdicts);

const char *auth_damage_kind_to_text(enum auth_damage_kind kind);
const char *auth_damage_part_to_text(enum auth_damage_part part);
enum auth_damage_mover auth_damage_mover(enum auth_damage_kind kind);
const char *auth_damage_mover_to_text(enum auth_damage_mover mover);

#define AUTH_DAMAGE_HOSTS_SHOWN 4

/* names behind "by" of Received fields */
struct auth_damage_hosts {
    struct span at[AUTH_DAMAGE_HOSTS_SHOWN];
    size_t count; /* of those in `at` */
    size_t more;
};

/* hosts that passed the message on behind the signer, and before a later signer found it as it
 * is now; top to bottom */
struct auth_damage_hosts auth_damage_hosts(const struct auth_dkim_prepared *prepared,
                                           const struct auth_dkim_verdict *verdicts,
                                           size_t index);

#endif
