/*
 * NAME
 *     report_summary - the answers at the top of a report
 * DESCRIPTION
 *     Two questions, each with one word: can others send as the domain
 *     (forgery), and is its own mail authenticated (own mail). With a message the
 *     second is about that message, by the verdicts and the receivers of the
 *     report; without one it is about what is published. The third, unmet requirements of
 *     receivers, is answered in lines.
 *
 *     The headline is the worst of these in a word and a clause. --ignore and a baseline
 *     do not change it. It is PASS only where none of the three answers needs action.
 * OWNERSHIP
 *     In the arena.
 * ERRORS
 *     None: there is a word for unknown.
 * STANDARDS
 *     RFC 7208; RFC 9989
 * BUGS
 *     A domain without mail is "ready" as soon as its SPF record can be used.
 */
#ifndef REPORT_SUMMARY_H
#define REPORT_SUMMARY_H

#include "base/arena.h"
#include "model/report.h"

/* of a report whose findings, receivers and result are there; NULL without an audit */
const struct report_summary *report_summary_of(struct arena *arena,
                                               const struct report *report);

#endif
