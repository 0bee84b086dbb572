/*
 * NAME
 *     transfer - content transfer encodings of MIME
 * DESCRIPTION
 *     Decodes base64 and quoted-printable, well formed or not: octets that belong to neither
 *     are skipped or stay as they are.
 * OWNERSHIP
 *     The result is in the arena, or the bytes themselves where nothing was encoded.
 * ERRORS
 *     None.
 * STANDARDS
 *     RFC 2045, 6.7 and 6.8
 */
#ifndef TRANSFER_H
#define TRANSFER_H

#include "base/arena.h"
#include "base/span.h"

/* `encoding`: of Content-Transfer-Encoding; an unknown one changes nothing */
struct span transfer_decode(struct arena *arena, struct span bytes, struct span encoding);

#endif
