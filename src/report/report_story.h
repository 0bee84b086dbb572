/*
 * NAME
 *     report_story - the SMTP session as it would go, told offline
 * DESCRIPTION
 *     One moment for each row of the dialogue that has a part in it: what client
 *     and server say, and what the server then looks at, with its verdict and the
 *     evidence. Nothing is connected to; what is not known is said to be so.
 *
 *     The final dot tells what the author domain's policy asks of a receiver, and
 *     with what line each receiver of the report would answer, by its own rules; a
 *     refusal that its policy places at an earlier step is told there. Receivers
 *     that answer alike are told once.
 * OWNERSHIP
 *     In the arena.
 * ERRORS
 *     None.
 * STANDARDS
 *     RFC 5321; RFC 7208; RFC 6376; RFC 8617; RFC 9989; RFC 7505
 */
#ifndef REPORT_STORY_H
#define REPORT_STORY_H

#include "report/render_moment.h"
#include "smtp/smtp_dialogue.h"

struct moment *report_story(struct arena *arena, const struct report *report);

/* the story alone, with a heading */
void render_story_text(const struct report *report, const struct report_options *options,
                       struct sbuf *out);

/* ---- report_story_envelope.c ---- */

void report_story_connect(struct arena *arena, const struct facts *facts,
                          struct moment *moment);
void report_story_helo(struct arena *arena, const struct facts *facts, struct moment *moment);
void report_story_sender(struct arena *arena, const struct facts *facts,
                         struct moment *moment);
void report_story_recipient(struct arena *arena, const struct facts *facts,
                            struct moment *moment);
/* what MTA-STS and DANE of the recipient demand */
void report_story_starttls(struct arena *arena, const struct facts *facts,
                           struct moment *moment);

/* ---- report_story_receivers.c ---- */

/* the replies that receivers give at this step */
void report_story_replies(struct arena *arena, const struct report *report,
                          enum smtp_state state, struct moment *moment);

#endif
