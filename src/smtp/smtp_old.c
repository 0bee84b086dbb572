/* A message, octet by octet, and what its answers begin with. */
#include "smtp/smtp_old.h"

#include <stdint.h>
#include <string.h>

/* RFC 5246, 6.2.1 and 7.4 */
#define CONTENT_HANDSHAKE 22
#define HELLO_FROM_CLIENT 1
#define HELLO_FROM_SERVER 2
#define RECORD_HEADER     5
#define HANDSHAKE_HEADER  4
#define MAJOR             3
#define MINOR_TLS12       3

/* nothing is kept secret in what follows, so the random octets need not be random */
#define FILLER_8  'm', 'a', 'i', 'l', 'a', 's', 's', 'a'
#define FILLER_16 FILLER_8, FILLER_8
#define FILLER_32 FILLER_16, FILLER_16

static const uint8_t ciphers_hello[] = {
    CONTENT_HANDSHAKE,
    MAJOR,
    1,
    0,
    97,
    HELLO_FROM_CLIENT,
    0,
    0,
    93,
    MAJOR,
    MINOR_TLS12,
    FILLER_32,
    0 /* no session */,
    0,
    20, /* cipher suites, and the sign of secure renegotiation */
    0x00,
    0x04,
    0x00,
    0x05, /* RSA with RC4, MD5 and SHA */
    0x00,
    0x0a, /* RSA with 3DES */
    0x00,
    0x13,
    0x00,
    0x16, /* DHE with 3DES, DSS and RSA */
    0xc0,
    0x07,
    0xc0,
    0x08, /* ECDHE and ECDSA with RC4, 3DES */
    0xc0,
    0x11,
    0xc0,
    0x12, /* ECDHE and RSA with RC4, 3DES */
    0x00,
    0xff,
    1,
    0, /* no compression */
    0,
    32, /* extensions */
    0,
    10,
    0,
    8,
    0,
    6,
    0,
    23,
    0,
    24,
    0,
    29, /* groups: P-256, P-384, X25519 */
    0,
    11,
    0,
    2,
    1,
    0, /* points: uncompressed */
    0,
    13,
    0,
    10,
    0,
    8,
    4,
    1,
    2,
    1,
    4,
    3,
    2,
    3, /* RSA and ECDSA with SHA-256, SHA-1 */
};

struct span smtp_old_hello(void)
{
    return span_make((const char *)ciphers_hello, sizeof(ciphers_hello));
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
