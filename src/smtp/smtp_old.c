/* Three messages, octet by octet, and what their answers begin with. */
#include "smtp/smtp_old.h"

#include <stdint.h>
#include <string.h>

/* RFC 5246, 6.2.1 and 7.4 */
#define CONTENT_HANDSHAKE 22
#define HELLO_FROM_CLIENT 1
#define HELLO_FROM_SERVER 2
#define RECORD_HEADER     5
#define HANDSHAKE_HEADER  4
/* "SSL Version 2 backward compatibility": RFC 5246, E.2 */
#define SSL2_LONG        0x80 /* first octet of a record without padding */
#define SSL2_HEADER      2
#define SSL2_FROM_SERVER 4
#define MAJOR            3
#define MINOR_SSL3       0
#define MINOR_TLS12      3

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

static const uint8_t ssl3_hello[] = {
    CONTENT_HANDSHAKE,
    MAJOR,
    MINOR_SSL3,
    0,
    57,
    HELLO_FROM_CLIENT,
    0,
    0,
    53,
    MAJOR,
    MINOR_SSL3,
    FILLER_32,
    0,
    0,
    14,
    0x00,
    0x04,
    0x00,
    0x05,
    0x00,
    0x0a,
    0x00,
    0x2f,
    0x00,
    0x35, /* RSA with AES: the version is asked about, not the cipher */
    0x00,
    0x16,
    0x00,
    0xff,
    1,
    0,
};

static const uint8_t ssl2_hello[] = {
    SSL2_LONG, 43,   HELLO_FROM_CLIENT,
    0,         2,    0,
    18,        0,    0,
    0,         16,   0x01,
    0x00,      0x80, 0x02,
    0x00,      0x80, /* RC4, and its export form */
    0x03,      0x00, 0x80,
    0x04,      0x00, 0x80, /* RC2, and its export form */
    0x06,      0x00, 0x40,
    0x07,      0x00, 0xc0, /* DES, 3DES */
    FILLER_16,
};

struct span smtp_old_hello(enum smtp_old_offer offer)
{
    switch (offer) {
    case OLD_CIPHERS:
        return span_make((const char *)ciphers_hello, sizeof(ciphers_hello));
    case OLD_SSL3:
        return span_make((const char *)ssl3_hello, sizeof(ssl3_hello));
    case OLD_SSL2:
        return span_make((const char *)ssl2_hello, sizeof(ssl2_hello));
    case OLD_NOTHING:
    case OLD_OFFERS:
        break;
    }
    return span_of("");
}

/* read_ssl2 - the server's hello, in the form of its own time */
static enum smtp_old_answer read_ssl2(const uint8_t *octets, size_t len)
{
    if (len <= SSL2_HEADER)
        return len > 0 && (octets[0] & SSL2_LONG) == 0 ? OLD_REFUSED : OLD_UNKNOWN;
    return (octets[0] & SSL2_LONG) != 0 && octets[SSL2_HEADER] == SSL2_FROM_SERVER
               ? OLD_TAKEN
               : OLD_REFUSED;
}

enum smtp_old_answer smtp_old_read(enum smtp_old_offer offer, struct span bytes)
{
    const uint8_t *octets = (const uint8_t *)bytes.at;
    size_t version = RECORD_HEADER + HANDSHAKE_HEADER;

    if (offer == OLD_SSL2)
        return read_ssl2(octets, bytes.len);
    if (bytes.len > 0 && octets[0] != CONTENT_HANDSHAKE)
        return OLD_REFUSED; /* an alert, or no TLS at all */
    if (bytes.len <= version + 1)
        return OLD_UNKNOWN;
    if (octets[RECORD_HEADER] != HELLO_FROM_SERVER || octets[version] != MAJOR)
        return OLD_REFUSED;
    /* a server may answer with a newer version than it was asked for; that is no consent */
    return offer != OLD_SSL3 || octets[version + 1] == MINOR_SSL3 ? OLD_TAKEN : OLD_REFUSED;
}

bool smtp_old_is_cipher(const char *name)
{
    return strstr(name, "RC4") != NULL || strstr(name, "3DES") != NULL ||
           strstr(name, "DES-CBC3") != NULL;
}
