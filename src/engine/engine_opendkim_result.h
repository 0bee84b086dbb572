/*
 * NAME
 *     engine_opendkim_result - libopendkim's codes in RFC 8601's words
 * DESCRIPTION
 *     Private to engine/. Follows the Authentication-Results field of the
 *     opendkim milter: pass when signature and body hash verify, fail when one
 *     of them does not, temperror when the key could not be fetched, policy
 *     for what the verifier's own rules refuse, permerror for the rest.
 * OWNERSHIP
 *     The detail is static, the library's or in the arena.
 * ERRORS
 *     None.
 * STANDARDS
 *     RFC 8601, 2.7.1
 */
#ifndef ENGINE_OPENDKIM_RESULT_H
#define ENGINE_OPENDKIM_RESULT_H

#include "base/arena.h"
#include "model/result.h"

struct engine_opendkim_facts {
    bool has_passed; /* DKIM_SIGFLAG_PASSED */
    int body_hash;   /* DKIM_SIGBH_* */
    int error;       /* DKIM_SIGERROR_* */
    const char *error_text;
    const char *trouble_text; /* of the message as a whole */
    unsigned int key_bits;    /* 0: not known, or not RSA */
};

struct engine_opendkim_result {
    enum dkim_result result;
    const char *detail;
};

/* `trouble`: DKIM_STAT_* of the message as a whole */
struct engine_opendkim_result
engine_opendkim_result_of(struct arena *arena, const struct engine_opendkim_facts *facts,
                          int trouble);

#endif
