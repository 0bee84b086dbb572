/*
 * NAME
 *     render_verdict - one verdict as text
 * DESCRIPTION
 *     What the commands for one verdict print: the word, one clause, and below it the reasons.
 * ERRORS
 *     None.
 */
#ifndef RENDER_VERDICT_H
#define RENDER_VERDICT_H

#include "report/report_verdict.h"

/* text: the line and its reasons */
void render_verdict(const struct report *report, enum report_method method, bool is_quiet,
                    struct sbuf *out);

#endif
