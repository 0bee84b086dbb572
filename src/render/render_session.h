/*
 * NAME
 *     render_session - an SMTP session in two columns, and as JSON
 * DESCRIPTION
 *     Private to render/. Lines are on the left, notes on the right; where the page is
 *     too narrow for that, the notes are below. Replies that single receivers give are
 *     below the step, each with who gives it and why. Each transcript begins with a
 *     heading, and notes of an earlier one are left out. The same steps make the array
 *     "smtp" of the JSON report, where nothing is left out.
 * OWNERSHIP
 *     A JSON value belongs to the caller.
 * ERRORS
 *     None.
 */
#ifndef RENDER_SESSION_H
#define RENDER_SESSION_H

#include "base/arena.h"
#include "base/sbuf.h"
#include "model/report.h"
#include "model/session.h"
#include "render/render_json.h"
#include "render/render_page.h"

enum page_style render_tone_style(enum session_tone tone);

void render_session_steps(struct page *page, const struct session_step *steps);
json_t *render_json_session(struct arena *arena, const struct session_step *steps);

/* the session of the report alone, with a heading */
void render_session_text(const struct report *report, const struct report_options *options,
                         struct sbuf *out);

#endif
