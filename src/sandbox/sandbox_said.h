/*
 * NAME
 *     sandbox_said - what is said about a message that was judged
 * DESCRIPTION
 *     The reply of the receiver that the recipients stand for, with the rule and the source
 *     behind it; what was expected; and both as JSON for the record.
 * OWNERSHIP
 *     In the arena; JSON values belong to the caller.
 * ERRORS
 *     None.
 */
#ifndef SANDBOX_SAID_H
#define SANDBOX_SAID_H

#include <jansson.h>

#include "base/arena.h"
#include "model/policy.h"
#include "model/report.h"

struct sandbox_said {
    unsigned code;
    const char *enhanced; /* NULL: none */
    const char *text;     /* lines with "\n" between */
    enum policy_disposition disposition;
    const char *receiver; /* NULL: nobody in particular */
    const char *rule;     /* NULL: none decided */
    const char *source;   /* id of the first source; NULL */
    enum policy_step at;  /* where that receiver says so */
};

/* what the receiver does, as its reply; NULL: nobody in particular. Where that is not known the
 * message is accepted, or deferred by those that are strict */
struct sandbox_said sandbox_say(struct arena *arena, const struct policy_outcome *outcome,
                                bool is_strict);

json_t *sandbox_said_json(struct arena *arena, const struct sandbox_said *said);

/* one of --expect */
struct sandbox_expected {
    const char *condition;
    const char *result;  /* "yes", "no", "unknown" */
    const char *because; /* NULL: it was not judged */
};

json_t *sandbox_expected_json(struct arena *arena, const struct sandbox_expected *list,
                              size_t count);
json_t *sandbox_verdicts_json(const struct report *report);

/* one line for people; the record has its verdicts */
const char *sandbox_said_summary(struct arena *arena, const json_t *record,
                                 const struct sandbox_said *said);

#endif
