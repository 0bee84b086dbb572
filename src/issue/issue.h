/*
 * NAME
 *     issue - what was judged, as the list behind the formats for CI
 * DESCRIPTION
 *     From reports, probes and refusals to struct report_issues: places become paths relative
 *     to the top of the repository, remedies become lines of files.
 * OWNERSHIP
 *     In the arena of the list.
 * ERRORS
 *     None: a file that cannot be read again has no lines, and its issues keep their places.
 */
#ifndef ISSUE_H
#define ISSUE_H

#include "base/arena.h"
#include "model/explain.h"
#include "model/issue.h"
#include "model/probe_report.h"
#include "model/report.h"

/* the list of one report */
const struct report_issues *issue_of_report(struct arena *arena, const char *command,
                                            const struct report *report,
                                            enum report_threshold threshold);

/* one subject more: a report that shows what is seen, without weight */
void issue_add_seen(struct report_issues *issues, const struct report *report);

/* the list of a probe */
const struct report_issues *
issue_of_probe(struct arena *arena, const struct probe_report *report, const char *reason);

/* each refusal by its cause, then what each check sees now; `path` is the file that it was read
 * from, NULL: none */
void issue_add_refusals(struct report_issues *issues, const struct explain *explain,
                        const char *path);

#endif
