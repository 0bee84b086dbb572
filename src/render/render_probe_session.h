/*
 * NAME
 *     report_probe - a live session as steps
 * DESCRIPTION
 *     Private to report/: text and JSON show the same.
 * OWNERSHIP
 *     In the arena.
 * ERRORS
 *     None.
 */
#ifndef RENDER_PROBE_SESSION_H
#define RENDER_PROBE_SESSION_H

#include "base/arena.h"
#include "model/session.h"
#include "model/smtp_probe.h"
#include "render/render_session.h"
#include "render/render_probe.h"

struct session_step *render_probe_steps(struct arena *arena,
                                        const struct smtp_session *session);

#endif
