/*
 * NAME
 *     explain - a refusal explained: who, why, whether the cause still applies, who has to act
 * DESCRIPTION
 *     explain_one() takes a recipient of a bounce (bounce/bounce.h) and, if made, the report
 *     of a check with the client that the receiver saw. It says whether the cause still
 *     applies, what the bounce does not show, and what to do. Causes that a check cannot see
 *     (explain_is_checked()) have EXPLAIN_UNKNOWN in `still`.
 * OWNERSHIP
 *     In the arena. Texts from outside are unchanged: escape them before they are
 *     shown. Sentences are safe to show.
 * ERRORS
 *     None.
 */
#ifndef EXPLAIN_H
#define EXPLAIN_H

#include "base/arena.h"
#include "model/bounce.h"
#include "model/explain.h"
#include "model/reply_cause.h"
#include "model/report.h"

/* a check can show whether the cause still applies */
bool explain_is_checked(enum reply_cause_id cause);

/* its title, else its host, else the domain of the recipient; NULL: unknown */
const char *explain_receiver_of(const struct bounce_recipient *said);

/* what is known without a check */
struct explain_facts explain_facts_of(struct arena *arena, const struct bounce *bounce,
                                      const struct bounce_recipient *said);

/* `now` NULL: not checked */
struct explain_one *explain_one(struct arena *arena, const struct bounce *bounce,
                                const struct bounce_recipient *said, const struct report *now);

/* exit statuses: not ours or cured, still applies, unknown */
enum { EXPLAIN_FINE = 0, EXPLAIN_STILL_SO = 1, EXPLAIN_NOT_KNOWN = 3 };

/* of one answer, of all that a row of the table counts, and of everything */
int explain_status(const struct explain_one *one);
int explain_status_of_row(const struct explain *explain, const struct explain_row *row);
int explain_status_of_all(const struct explain *explain);

#endif
