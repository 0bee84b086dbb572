/*
 * NAME
 *     report_complete - what renderers print and do not compute
 * DESCRIPTION
 *     The last step of a report: the word for the SPF record, the steps of the plan, and
 *     what reports of receivers say of each remedy.
 * OWNERSHIP
 *     In the arena.
 * ERRORS
 *     None.
 */
#ifndef REPORT_COMPLETE_H
#define REPORT_COMPLETE_H

#include "base/arena.h"
#include "model/report.h"

void report_complete(struct arena *arena, struct report *report);

#endif
