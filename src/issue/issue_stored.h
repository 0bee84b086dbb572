/*
 * NAME
 *     issue_stored - the issues of reports that are JSON already
 * DESCRIPTION
 *     Of a line of scan, whose subjects are judged in other processes; of a file that report or
 *     diff reads; of a message of sandbox.
 * OWNERSHIP
 *     In the arena of the list; JSON is the caller's.
 * ERRORS
 *     None: what a document lacks, or has as another type, is left out.
 */
#ifndef ISSUE_STORED_H
#define ISSUE_STORED_H

#include <jansson.h>

#include "base/span.h"
#include "model/issue.h"
#include "model/report.h"

/* "pass", "fail" or "undetermined" */
enum report_result issue_stored_result(const char *word);

/* one finding, in the last subject */
struct report_issue *issue_add_stored(struct report_issues *issues, const json_t *finding);

/* one subject more: a document of check, or a line of scan */
void issue_add_document(struct report_issues *issues, const json_t *document);

struct issue_line {
    size_t number;
    enum report_result result;    /* what it means for the exit status */
    struct report_issue_place at; /* of the line; file "-": standard input */
};

/* one subject more: the report of a line of scan */
void issue_add_line(struct report_issues *issues, struct span text,
                    const struct issue_line *line);

/* one subject more: what was expected of a message and the findings of its report, which count
 * where nothing was expected */
void issue_add_message(struct report_issues *issues, const json_t *record, const json_t *report,
                       bool is_expected);

#endif
