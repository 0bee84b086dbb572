/*
 * NAME
 *     damager - signs messages and damages them in ways that are known
 * DESCRIPTION
 *     From a seed comes a message (plain, 8-bit, base64 or multipart), a canonicalization, a
 *     key of RSA or Ed25519, and a damage of the kind that is asked for. What is damaged is
 *     written down here, with nothing of the code under test. The same seed gives the same
 *     message.
 * OWNERSHIP
 *     Everything lives in the arena.
 * ERRORS
 *     damager_make() returns false if the message that came cannot have the damage.
 */
#ifndef TEST_DAMAGER_H
#define TEST_DAMAGER_H

#include "auth/auth_damage.h"
#include "dkim_signer.h"

enum damager_shape { SHAPE_PLAIN, SHAPE_8BIT, SHAPE_BASE64, SHAPE_MULTIPART, SHAPES };

struct damager {
    struct arena *arena;
    uint64_t seed;
    enum damager_shape shape;
    bool is_simple_header;
    bool is_simple_body;
    const char *key;
    const char *names;  /* of h= */
    const char *header; /* fields below the signature */
    const char *body;
    const char *own;    /* the signature field */
    bool has_other_key; /* the published key is another */
    bool has_no_body;   /* the signer did not see it */
    bool has_other_canon;
    bool may_rewrite_encoding; /* the header field changes with the body */
};

/* a number below `below` */
size_t damager_random(struct damager *damager, size_t below);

/* a message with the damage, or with two; AUTH_DAMAGE_KINDS: none */
bool damager_make(struct damager *damager, enum auth_damage_kind first,
                  enum auth_damage_kind second);

struct span damager_message(const struct damager *damager);

#endif
