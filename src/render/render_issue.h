/*
 * NAME
 *     render_issue - formats for CI
 * DESCRIPTION
 *     Private to render/. Each writes the list of issues in the format of a service. All of
 *     them show whatever counts for the exit status; information and known findings are
 *     left out except in CSV. The most severe come first where a service shows only some.
 *     Foreign text is escaped for the format, so that it can neither end a field nor become
 *     markup, a command or a formula.
 * OWNERSHIP
 *     Bytes go to `out`; scratch is in its arena.
 * ERRORS
 *     None.
 * STANDARDS
 *     SARIF 2.1.0 (OASIS); RFC 4180 (CSV)
 */
#ifndef RENDER_ISSUE_H
#define RENDER_ISSUE_H

#include "base/arena.h"
#include "base/sbuf.h"
#include "model/finding.h"
#include "model/issue.h"
#include "model/report.h"

void render_sarif(const struct report_issues *issues, const struct report_options *options,
                  struct sbuf *out);
void render_junit(const struct report_issues *issues, const struct report_options *options,
                  struct sbuf *out);
void render_gitlab(const struct report_issues *issues, const struct report_options *options,
                   struct sbuf *out);
void render_github(const struct report_issues *issues, const struct report_options *options,
                   struct sbuf *out);
void render_markdown(const struct report_issues *issues, const struct report_options *options,
                     struct sbuf *out);
void render_csv(const struct report_issues *issues, const struct report_options *options,
                struct sbuf *out);

/* ---- what these share ---- */

struct render_issue_row {
    const struct report_issue_subject *subject;
    const struct report_issue *issue;
    size_t number; /* in the order of the list */
};

/* what is shown of all subjects, the gravest first: what counts, then by severity */
struct render_issue_row *
render_issue_rows(struct arena *arena, const struct report_issues *issues, size_t *count_out);

/* "could not be determined: ..." in front of what is not known; safe to show */
const char *render_issue_text(struct arena *arena, const struct report_issue *issue);

/* the line to mark; a format that wants a place gets the subject where no file has it */
const char *render_issue_file(const struct render_issue_row *row);
int render_issue_line(const struct render_issue_row *row);

/* "error", "warning" or "note": how loud; what is not known is a warning at least */
enum severity render_issue_level(const struct report_issue *issue);

#endif
