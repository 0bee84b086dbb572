/*
 * NAME
 *     session_probe - a live session as steps
 * DESCRIPTION
 *     Each exchange is a step; its notes say what the reply means and what is wrong.
 * OWNERSHIP
 *     In the arena.
 * ERRORS
 *     None.
 */
#ifndef SESSION_PROBE_H
#define SESSION_PROBE_H

#include "model/session.h"
#include "model/smtp_probe.h"

struct session_step *session_of_probe(struct arena *arena, const struct smtp_session *session);

#endif
