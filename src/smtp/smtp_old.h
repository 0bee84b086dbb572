/*
 * NAME
 *     smtp_old - does a server still take what nobody should speak any more?
 * DESCRIPTION
 *     A modern TLS library cannot ask for SSLv2, SSLv3, RC4 or 3DES, so the first
 *     message of the handshake is made here by hand, and the first octets that come
 *     back tell: a server that goes on with the handshake has taken the offer. No
 *     key is ever agreed on.
 * OWNERSHIP
 *     The message is static.
 * ERRORS
 *     None: whatever is no answer in kind is a refusal.
 * STANDARDS
 *     RFC 5246, 6.2.1, 7.4.1 and E.2; RFC 6101, 5.6.1
 */
#ifndef SMTP_OLD_H
#define SMTP_OLD_H

#include "base/span.h"

enum smtp_old_offer {
    OLD_NOTHING,
    OLD_CIPHERS, /* TLS 1.2 with RC4 and 3DES only: RFC 7465, 2 */
    OLD_SSL3,    /* RFC 7568, 3 */
    OLD_SSL2,    /* RFC 6176, 3 */
    OLD_OFFERS
};

enum smtp_old_answer { OLD_UNKNOWN, OLD_REFUSED, OLD_TAKEN };

/* what the client sends */
struct span smtp_old_hello(enum smtp_old_offer offer);

/* what the octets that came mean; OLD_UNKNOWN: more are wanted */
enum smtp_old_answer smtp_old_read(enum smtp_old_offer offer, struct span bytes);

/* the name of a cipher, as the library has it, is one of those */
bool smtp_old_is_cipher(const char *name);

#endif
