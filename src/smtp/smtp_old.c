/* A message, octet by octet, and what its answers begin with. */
#include "smtp/smtp_old.h"

#include <stdint.h>
#include <string.h>

/* RFC 5246, 6.2.1 and 7.4 */
#define CONTENT_HANDSHAKE 22
#define HELLO_FROM_SERVER 2
#define RECORD_HEADER     5
#define HANDSHAKE_HEADER  4
#define MAJOR             3

/* nothing is kept secret, so the random octets need not be random */
#define FILLER_16 "mailassamailassa"

static const char ciphers_hello[] =
    "\x16\3\1\0\x61"                      /* a record of the handshake, of 97 octets */
    "\1\0\0\x5d"                          /* ClientHello, of 93 octets */
    "\3\3" FILLER_16 FILLER_16            /* TLS 1.2 */
    "\0"                                  /* no session */
    "\0\x14"                              /* cipher suites: */
    "\0\x04\0\x05"                        /* RSA with RC4, MD5 and SHA */
    "\0\x0a"                              /* RSA with 3DES */
    "\0\x13\0\x16"                        /* DHE with 3DES, DSS and RSA */
    "\xc0\x07\xc0\x08"                    /* ECDHE and ECDSA with RC4, 3DES */
    "\xc0\x11\xc0\x12"                    /* ECDHE and RSA with RC4, 3DES */
    "\0\xff"                              /* secure renegotiation */
    "\1\0"                                /* no compression */
    "\0\x20"                              /* extensions: */
    "\0\x0a\0\x08\0\6\0\x17\0\x18\0\x1d"  /* groups: P-256, P-384, X25519 */
    "\0\x0b\0\2\1\0"                      /* points: uncompressed */
    "\0\x0d\0\x0a\0\x08\4\1\2\1\4\3\2\3"; /* RSA and ECDSA with SHA-256, SHA-1 */

struct span smtp_old_hello(void)
{
    return span_make(ciphers_hello, sizeof(ciphers_hello) - 1);
}

enum smtp_old_answer smtp_old_read(struct span bytes)
{
    const uint8_t *octets = (const uint8_t *)bytes.at;
    size_t version = RECORD_HEADER + HANDSHAKE_HEADER;

    if (bytes.len > 0 && octets[0] != CONTENT_HANDSHAKE)
        return OLD_REFUSED; /* an alert, or no TLS at all */
    if (bytes.len <= version)
        return OLD_UNKNOWN;
    return octets[RECORD_HEADER] == HELLO_FROM_SERVER && octets[version] == MAJOR ? OLD_TAKEN
                                                                                  : OLD_REFUSED;
}

bool smtp_old_is_cipher(const char *name)
{
    return strstr(name, "RC4") != NULL || strstr(name, "3DES") != NULL ||
           strstr(name, "DES-CBC3") != NULL;
}
