/*
 * NAME
 *     app_issue - the list of issues behind the formats for CI
 * DESCRIPTION
 *     From what a command judged to struct report_issues: places become paths relative to the
 *     top of the repository, remedies become lines of files. Where two worlds are compared, an
 *     issue without a changed line of its own is moved to the nearest one.
 * OWNERSHIP
 *     In the arena of the list.
 * ERRORS
 *     None: a file that cannot be read again has no lines, and its issues keep their places.
 */
#ifndef APP_ISSUE_H
#define APP_ISSUE_H

#include "app/app_gate.h"
#include "app/app_run.h"
#include "base/arena.h"
#include "model/facts.h"
#include "model/gate.h"
#include "render/render_probe.h"
#include "model/issue.h"
#include "model/probe_report.h"
#include "model/remedy.h"
#include "model/report.h"

/* the path from the top of the repository that holds the file (where .git is), else from the
 * current folder; as given if it is in neither */
const char *app_issue_path(struct arena *arena, const char *path);

/* the list of one report */
const struct report_issues *app_issues_of_report(struct app *app, const char *command,
                                                 const struct report *report);

/* one subject more: a report that shows what is seen, without weight */
void app_issues_add_seen(struct app *app, struct report_issues *issues,
                         const struct report *report);

/* the list of a probe */
const struct report_issues *
app_issues_of_probe(struct app *app, const struct probe_report *report, const char *reason);

/* one subject more: what a change does to a domain */
void app_issues_add_gate(struct app_gate *gate, const struct report_gate *result,
                         const struct facts *after);

/* ---- app_issue_stored.c ---- */

struct scan_done;

/* one subject more: a report of scan, as JSON on one line, named at `at` */
void app_issues_add_stored(struct app *app, struct report_issues *issues,
                           const struct scan_done *done, struct report_issue_place at);

/* one finding of a stored report, in the last subject */
struct report_issue *app_issue_add_stored(struct app *app, struct report_issues *issues,
                                          const json_t *finding);

/* one subject more: a document of check, or a line of scan */
void app_issues_add_document(struct app *app, struct report_issues *issues,
                             const json_t *document);

/* ---- app_issue_edit.c ---- */

/* the lines that the remedy replaces, if all its edits are lines of zone files */
void app_issue_add_edits(struct report_issues *issues, struct report_issue *issue,
                         const struct remedy *remedy, const char *zone_file);

/* ---- app_issue_anchor.c ---- */

/* the file is one of the proposed ones */
bool app_issue_is_own(const struct app_gate *gate, const char *file);

/* move an issue to a line that the change touches, in the proposed file */
void app_issue_anchor(struct app_gate *gate, struct report_issue *issue);

#endif
