/*
 * NAME
 *     reply_cause - what refusals are about
 * DESCRIPTION
 *     The rows of reply_cause.def: a cause has an id, the mechanism that was checked, who
 *     has to act, what it means and what to do.
 * OWNERSHIP
 *     Static.
 * ERRORS
 *     reply_cause_find() returns REPLY_CAUSES where no row has the id.
 */
#ifndef MODEL_REPLY_CAUSE_H
#define MODEL_REPLY_CAUSE_H

#include "base/span.h"

enum reply_cause_id {
#define CAUSE(constant, ...) REPLY_CAUSE_##constant,
#include "model/reply_cause.def"
    REPLY_CAUSES
};

/* who has to act */
enum reply_move {
    REPLY_MOVE_NOBODY,
    REPLY_MOVE_SENDER,
    REPLY_MOVE_PROVIDER,
    REPLY_MOVE_FORWARDER,
    REPLY_MOVE_RECIPIENT,
    REPLY_MOVE_RECEIVER
};
const char *reply_move_to_text(enum reply_move move);     /* "nobody" */
const char *reply_move_to_sentence(enum reply_move move); /* "the operator of the ..." */

struct reply_cause {
    const char *id;        /* "spf-fail" */
    const char *mechanism; /* "SPF"; "": nothing in particular */
    enum reply_move move;
    const char *means;
    const char *todo;
};

const struct reply_cause *reply_cause_get(enum reply_cause_id id);
enum reply_cause_id reply_cause_find(struct span id);

#endif
