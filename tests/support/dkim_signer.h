/*
 * NAME
 *     dkim_signer - signs messages for tests and demonstrations
 * DESCRIPTION
 *     A second, deliberately plain implementation of RFC 6376, on whole
 *     buffers and with nothing of the code under test. The keys are those of
 *     testdata/dkim: "rsa1000" "rsa1024" "rsa2048" "rsa4096" "rsa8192"
 *     "ed25519". The same input gives the same message: RSA PKCS #1 v1.5 and
 *     Ed25519 are deterministic.
 * OWNERSHIP
 *     Results live in the arena.
 * ERRORS
 *     None: a test with a key or message that cannot be used fails.
 */
#ifndef TEST_DKIM_SIGNER_H
#define TEST_DKIM_SIGNER_H

#include "base/arena.h"

struct dkim_signing {
    const char *domain;   /* d= */
    const char *selector; /* s= */
    const char *key;      /* "rsa2048" */

    /* the rest may be left out */
    const char *canon;     /* c=; NULL: no c=, so simple/simple */
    const char *headers;   /* h=; NULL: "From:To:Subject:Date:Message-ID" */
    const char *algorithm; /* a=; NULL: as the key; rsa-sha1 signs with SHA-1 */
    const char *tags;      /* further tags as they shall stand: "t=1; x=2;" */
    bool has_length;
    size_t length; /* l=; more than the body is allowed */
    /* the whole field with its name and final CRLF, "@BH@" and "@B@" where the values go;
     * NULL: a tidy one. Tags in it are written as they are, `headers` and `canon` tell what is
     * signed */
    const char *field;
};

/* the message, given with CRLF, with a DKIM-Signature in front */
struct span dkim_signer_sign(struct arena *arena, struct span message,
                             const struct dkim_signing *signing);

/* a short name in tests; as a symbol it would take the place of libopendkim's */
#define dkim_sign dkim_signer_sign

/* "v=DKIM1; k=rsa; p=..." */
const char *dkim_signer_record(struct arena *arena, const char *key);

/* only the value of p=; `is_pkcs1` gives the bare RSAPublicKey */
const char *dkim_signer_public(struct arena *arena, const char *key, bool is_pkcs1);

/* the line of a world: NAME TXT strings of up to 255 octets */
const char *dkim_signer_world(struct arena *arena, const char *selector, const char *domain,
                              const char *record);

#endif
