/*
 * NAME
 *     report_probe - a live session as moments
 * DESCRIPTION
 *     Private to report/: text and JSON tell the same.
 * OWNERSHIP
 *     In the arena.
 * ERRORS
 *     None.
 */
#ifndef REPORT_PROBE_H
#define REPORT_PROBE_H

#include "report/render_moment.h"
#include "report/render_probe.h"

struct moment *report_probe_moments(struct arena *arena, const struct smtp_session *session);

#endif
