/*
 * NAME
 *     report_outcome - what receivers would do, as findings
 * DESCRIPTION
 *     The outcomes of a report become findings of the catalogue, so that a gate
 *     counts them and --ignore and baselines know them by name.
 *
 *     A receiver counts where it would refuse the message whoever sends it and its rule is of
 *     high or medium confidence. What it does with bulk mail only counts once
 *     --bulk says that this is bulk mail.
 * OWNERSHIP
 *     In the arena.
 * ERRORS
 *     None.
 */
#ifndef REPORT_OUTCOME_H
#define REPORT_OUTCOME_H

#include "report/report.h"

/* a receiver's outcome for all senders, of high or medium confidence */
bool report_outcome_is_sure(const struct policy_outcome *outcome);

/* "Gmail, Yahoo": whose sure outcome this is, and why the first does it; NULL: nobody */
const char *report_outcome_names(struct arena *arena, const struct report *report,
                                 enum policy_disposition disposition, const char **why_out);

/* the outcomes must have been judged; report->findings gets what they lead to */
void report_add_outcomes(struct arena *arena, struct report *report);

/* without a message hardly anything can be told, least of all that it would be accepted; where
 * nobody asked for a policy by name, trouble alone is shown then */
bool report_outcome_is_shown(const struct report *report, const struct policy_outcome *outcome);

#endif
