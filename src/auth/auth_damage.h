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
#include "base/arena.h"
#include "model/damage.h"
#include "model/dkim_verdict.h"
#include "model/mail_message.h"

/* the damages of each signature, in the order of prepared->signatures; NULL: nothing proved.
 * `message` is the prepared one; its body is read again if a signature needs it */
const struct auth_damage *const *auth_damage_find(struct arena *arena,
                                                  struct mail_message *message,
                                                  const struct auth_dkim_prepared *prepared,
                                                  const struct auth_dkim_verdict *verdicts);

/* who passed the message on behind each signature; nobody where it holds */
const struct auth_damage_hosts *
auth_damage_hosts_find(struct arena *arena, const struct auth_dkim_prepared *prepared,
                       const struct auth_dkim_verdict *verdicts);

#endif
