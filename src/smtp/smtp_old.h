/*
 * NAME
 *     smtp_old - whether a server still accepts RC4 or 3DES
 * DESCRIPTION
 *     Private to smtp/. A modern TLS library cannot offer RC4 or 3DES (RFC 7465, 2), so
 *     the first message of the handshake is written out here: a server that continues the
 *     handshake has accepted the offer. No key is agreed on.
 * OWNERSHIP
 *     The message is static.
 * ERRORS
 *     None: what is not a handshake is a refusal.
 * STANDARDS
 *     RFC 5246, 6.2.1 and 7.4.1
 * BUGS
 *     SSLv2 and SSLv3 are not tried: a server that speaks nothing newer has no
 *     session at all, and one that also speaks TLS is not detected.
 */
#ifndef SMTP_OLD_H
#define SMTP_OLD_H

#include "base/span.h"
#include "model/smtp_probe.h"

/* what the client sends: TLS 1.2 with RC4 and 3DES only */
struct span smtp_old_hello(void);

/* what the octets received mean; OLD_UNKNOWN: more are needed */
enum smtp_old_answer smtp_old_read(struct span bytes);

/* OpenSSL's name of a cipher is one of those */
bool smtp_old_is_cipher(const char *name);

#endif
