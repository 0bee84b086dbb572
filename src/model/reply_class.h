/*
 * NAME
 *     reply_class - what a refusal means, who has to act, and what to do
 * DESCRIPTION
 *     Filled in by reply/reply_class.h.
 * OWNERSHIP
 *     In the arena; texts of tables are static. Facts are untrusted octets: escape
 *     them before they are shown.
 * ERRORS
 *     None.
 */
#ifndef MODEL_REPLY_CLASS_H
#define MODEL_REPLY_CLASS_H

#include "base/span.h"
#include "model/reply.h"
#include "model/reply_cause.h"
#include "model/reply_code.h"
#include "model/reply_phrase.h"

struct reply_input {
    unsigned code;                 /* 0: none; 4 or 5: only the class is known */
    struct smtp_enhanced enhanced; /* kind 0: none */
    struct span text;              /* without codes, on one line, single blanks */
    enum reply_step step;
    const char *host; /* who sent it; NULL: not known */
};

enum reply_finality { REPLY_FINAL_UNKNOWN, REPLY_RETRY, REPLY_FINAL, REPLY_NO_FAILURE };

struct reply_class {
    struct reply_input input;
    enum reply_evidence evidence;
    const struct reply_speaker *receiver; /* NULL: not known */
    const struct reply_speaker *software; /* NULL: not known */
    enum reply_cause_id cause_id;
    const struct reply_cause *cause;
    const char *means;
    const char *because; /* "": the cause of a code, where there is more to say */
    const char *todo;
    enum reply_finality finality;
    enum reply_move move;
    enum reply_confidence confidence;
    const struct reply_phrase *phrase; /* what decided; NULL */
    const struct reply_code *row;      /* or this one; NULL */
    struct span facts[REPLY_FACTS];    /* empty: not named */
};

const char *reply_confidence_to_text(enum reply_confidence confidence); /* "high" */
const char *reply_evidence_to_text(enum reply_evidence evidence);       /* "phrase" */
const char *reply_step_to_text(enum reply_step step);                   /* "rcpt" */

#endif
