/*
 * NAME
 *     arc_sealer - adds ARC sets to messages for tests
 * DESCRIPTION
 *     RFC 8617, 5.1 on top of dkim_signer, whose header selection from the
 *     bottom up gives the fields of a seal in the order of their instances as
 *     long as the newest set stands on top. Nothing of the code under test is
 *     used, and the same input gives the same message.
 * OWNERSHIP
 *     Results live in the arena.
 * ERRORS
 *     None: a test with a key or message that cannot be used fails.
 */
#ifndef TEST_ARC_SEALER_H
#define TEST_ARC_SEALER_H

#include "dkim_signer.h"

struct arc_sealing {
    const char *domain;   /* d= */
    const char *selector; /* s= */
    const char *key;      /* as in dkim_signer.h */

    /* the rest may be left out */
    unsigned instance;   /* 0: one more than there are seals */
    const char *cv;      /* NULL: "none" for the first, else "pass" */
    const char *results; /* what follows i= in the AAR; NULL: one with spf and dkim */
    const char *headers; /* h= of the AMS; NULL: as in dkim_signer.h */
    const char *canon;   /* c= of the AMS; NULL: "relaxed/relaxed" */
    const char *tags;    /* further tags of the AMS, "l=3;" */
    const char *seal_tags;
    bool has_length; /* l= is in `tags`, and this is its value */
    size_t length;
    bool has_no_hash; /* leave bh= out */
};

/* the message, given with CRLF, with a set of three fields in front: seal, message signature,
 * results */
struct span arc_seal(struct arena *arena, struct span message,
                     const struct arc_sealing *sealing);

#endif
