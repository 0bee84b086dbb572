/*
 * NAME
 *     report_outcome - what receivers would do, as findings
 * DESCRIPTION
 *     The outcomes of a report become findings of the catalogue, so that a gate
 *     counts them and --ignore and baselines know them by name.
 *
 *     A receiver counts where it would refuse the message from any sender, by a rule of high or
 *     medium confidence. What it does with bulk mail only counts once
 *     --bulk says that this is bulk mail.
 *
 *     A rule book counts where the command line names it: each rule that is not met is a
 *     finding with the severity that its file gives. The book "parked", which applies by
 *     itself, only repeats other findings.
 * OWNERSHIP
 *     In the arena.
 * ERRORS
 *     None.
 */
#ifndef REPORT_OUTCOME_H
#define REPORT_OUTCOME_H

#include "base/arena.h"
#include "model/policy.h"
#include "model/report.h"

/* a receiver's outcome for all senders, of high or medium confidence */
bool report_outcome_is_sure(const struct policy_outcome *outcome);

/* "Gmail, Yahoo": the receivers that are wanted, and why the first does it; NULL: nobody */
typedef bool report_outcome_fn(const struct policy_outcome *outcome);
const char *report_outcome_those(struct arena *arena, const struct report *report,
                                 report_outcome_fn *wants, const char **why_out);

/* a receiver that does anything but accept, as far as that is known */
bool report_outcome_differs(const struct policy_outcome *outcome);

/* a line for each receiver that does not accept; where there is none, one for all */
struct report_lines {
    const char **list;
    size_t count;
};
struct report_lines report_outcome_lines(struct arena *arena, const struct report *report);

/* those whose sure outcome is this: POLICY_REJECT or POLICY_JUNK */
const char *report_outcome_names(struct arena *arena, const struct report *report,
                                 enum policy_disposition disposition, const char **why_out);

/* the outcomes must have been judged; report->findings gets what they lead to */
void report_add_outcomes(struct arena *arena, struct report *report);

#endif
