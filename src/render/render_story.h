/*
 * NAME
 *     render_story - the SMTP session as it would go, told offline
 * DESCRIPTION
 *     One moment for each row of the dialogue that has a part in it: what client
 *     and server say, and what the server then looks at, with its verdict and the
 *     evidence. Nothing is connected to; what is not known is said to be so.
 *
 *     Receivers of the report whose sessions take the same course share one
 *     conversation. Where a receiver turns the client away early, by its own rules,
 *     its conversation ends there, and what comes later is not told for it. The
 *     longest conversation comes first; what the others have in common with it is not
 *     explained again. The final dot tells what the author domain's policy asks of a
 *     receiver, and with what line each would answer: that alone is no other course.
 *
 *     On a port for submission (report->port) the client is a user's program and the
 *     server passes the message on: receivers judge it later, on port 25.
 * OWNERSHIP
 *     In the arena.
 * ERRORS
 *     None.
 * STANDARDS
 *     RFC 5321; RFC 7208; RFC 6376; RFC 8617; RFC 9989; RFC 7505; RFC 1870; RFC 6409;
 *     RFC 8314
 */
#ifndef RENDER_STORY_H
#define RENDER_STORY_H

#include "render/render_moment.h"

/* all conversations, one after the other */
struct moment *render_story(struct arena *arena, const struct report *report);

/* the story alone, with a heading */
void render_story_text(const struct report *report, const struct report_options *options,
                       struct sbuf *out);

#endif
