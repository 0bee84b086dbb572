/*
 * NAME
 *     explain - a refusal put into words: who, why, whether it is still so, who has to act
 * DESCRIPTION
 *     explain_one() takes what a bounce says of a recipient (bounce/bounce.h) and, where there
 *     is one, the report of a check made now with the client that the receiver saw. It says
 *     whether both agree, what the bounce leaves open, and what to do.
 *
 *     Only causes that a check can see have a judgement: explain_is_checked(). For all others
 *     `still` is EXPLAIN_UNKNOWN.
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

/* a check can show whether this is still so */
bool explain_is_checked(enum reply_cause_id cause);

/* its title, else its host, else the domain of the recipient; NULL: not known */
const char *explain_receiver_of(const struct bounce_recipient *said);

/* what is known without a check; `bounce` is where it came from */
struct explain_facts explain_facts_of(struct arena *arena, const struct bounce *bounce,
                                      const struct bounce_recipient *said);

/* `now` NULL: not checked */
struct explain_one *explain_one(struct arena *arena, const struct bounce *bounce,
                                const struct bounce_recipient *said, const struct report *now);

/* exit statuses: not ours or cured, still so, not known */
enum { EXPLAIN_FINE = 0, EXPLAIN_STILL_SO = 1, EXPLAIN_NOT_KNOWN = 3 };

/* of one answer, of all that a row of the table counts, and of everything */
int explain_status(const struct explain_one *one);
int explain_status_of_row(const struct explain *explain, const struct explain_row *row);
int explain_status_of_all(const struct explain *explain);

#endif
