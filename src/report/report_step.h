/*
 * NAME
 *     report_step - what to do, in order of harm
 * DESCRIPTION
 *     Private to report/. The plan of remedies and what it leaves, as one list of steps:
 *     what makes receivers refuse the message at hand, what is broken for everybody, what
 *     lets others forge the domain, what receivers require of bulk senders, the rest; errors
 *     before warnings before notices inside each. All findings about one record are
 *     one step, and all keys of one provider.
 *
 *     A step has records to publish as they are, or findings with choices that a
 *     person must make, or both: first the records, then the choices.
 * OWNERSHIP
 *     In the arena.
 * ERRORS
 *     None.
 */
#ifndef REPORT_STEP_H
#define REPORT_STEP_H

#include "base/arena.h"
#include "model/report.h"

/* the steps of report->plan; none without one */
struct report_steps report_steps_of(struct arena *arena, const struct report *report);

#endif
