/*
 * NAME
 *     auth_dkim_memo - a verdict that is final as long as the answer is the same
 * DESCRIPTION
 *     Private to the room. A subject is judged once per round of queries;
 *     public key operations are done once.
 * OWNERSHIP
 *     In the arena where the message was prepared.
 * ERRORS
 *     None.
 */
#ifndef AUTH_DKIM_MEMO_H
#define AUTH_DKIM_MEMO_H

#include "auth/auth_dkim.h"
#include "model/dkim_verdict.h"
#include "model/dns_answer.h"

struct auth_dkim_memo {
    const struct dns_answer *answer; /* NULL: nothing is kept */
    int64_t now;
    struct auth_dkim_verdict verdict;
};

#endif
