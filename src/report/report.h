/*
 * NAME
 *     report - the result of facts and findings, and the exit status
 * DESCRIPTION
 *     The exit status follows from the report alone.
 *
 *     Findings can be dismissed: report_ignore() takes out those of an id, those of a
 *     baseline stay and are shown as known. Neither counts for the exit status.
 * OWNERSHIP
 *     In the subject's arena.
 * ERRORS
 *     report_read_baseline() returns false and fills `why`.
 */
#ifndef REPORT_H
#define REPORT_H

#include "base/arena.h"
#include "base/err.h"
#include "model/facts.h"
#include "model/finding.h"
#include "model/report.h"

/* fail: a verdict fails or a finding of severity error fires; undetermined: something needed
 * could not be queried and nothing fails; else pass */
enum report_result report_judge(const struct facts *facts, const struct finding *findings);

/* 0, 1 or 3 of the contract; 1 wins over 3 */
int report_exit_status(const struct report *report, enum report_threshold threshold);

/* one clause: why the status is not 0; NULL for 0 */
const char *report_exit_reason(struct arena *arena, const struct report *report,
                               enum report_threshold threshold);

/* take out the findings of one id */
void report_ignore(struct report *report, const char *id);

/* the fingerprints of an earlier report; `path` is for the reason */
bool report_read_baseline(struct arena *arena, struct report *report, const char *path,
                          struct err *why);

#endif
