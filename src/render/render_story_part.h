/*
 * NAME
 *     render_story_part - the parts of the story
 * DESCRIPTION
 *     Private to render_story*.c: where the session takes place, what a server looks
 *     at in each step, and the courses that a session takes with the receivers of
 *     the report.
 * OWNERSHIP
 *     In the arena.
 * ERRORS
 *     None.
 */
#ifndef RENDER_STORY_PART_H
#define RENDER_STORY_PART_H

#include "render/render_moment.h"
#include "smtp/smtp_dialogue.h"

/* the same for all courses */
struct story_scene {
    const struct report *report;
    const struct smtp_port *port;
    enum smtp_tls_mode tls; /* never auto */
    uint64_t size_limit;    /* SIZE of its EHLO; 0: not known */
};

typedef void story_note_fn(struct arena *arena, const struct story_scene *scene,
                           struct moment *moment);

/* ---- who connects: render_story_envelope.c ---- */

story_note_fn story_note_connect, story_note_helo;

/* verdict and reason of one identity; says so if it was not judged */
void story_note_spf(struct arena *arena, const struct facts *facts, struct moment *moment,
                    enum auth_spf_identity identity);

/* the answer to a question that was asked; NULL */
const struct dns_answer *story_find(const struct facts *facts, const struct dns_name *name,
                                    enum dns_type type);
/* the question was answered, one way or the other */
bool story_is_known(const struct dns_answer *answer);

/* ---- from whom and to whom: render_story_path.c ---- */

story_note_fn story_note_sender, story_note_recipient;

/* where the address comes from; false if it is not known, or none: that is said then */
bool story_note_origin(struct arena *arena, const struct subject *subject,
                       struct moment *moment);
/* the path itself: quoting, length, VERP; then where bounces to it would go */
void story_note_return(struct arena *arena, const struct facts *facts, struct moment *moment);
/* SIZE, and what a server says to it (RFC 1870) */
void story_note_size(struct arena *arena, const struct story_scene *scene,
                     struct moment *moment);
/* the message is larger than the server says that it takes */
bool story_is_too_large(const struct story_scene *scene);

/* ---- the way: render_story_tls.c ---- */

/* what MTA-STS and DANE of the recipient demand */
story_note_fn story_note_starttls;

/* ---- the message: render_story_message.c ---- */

story_note_fn story_note_content, story_note_decision;

/* header fields alone */
void story_note_header(struct arena *arena, const struct report *report, struct moment *moment);

/* the policy of the author domain says reject, and DMARC fails */
bool story_is_refused(const struct facts *facts);

/* ---- submission: render_story_submission.c ---- */

story_note_fn story_note_user_connect, story_note_user_helo, story_note_user_starttls,
    story_note_user_auth, story_note_user_sender, story_note_user_recipient,
    story_note_user_content, story_note_user_decision;

/* ---- who hears what: render_story_receivers.c ---- */

/* one course of the session, and whose it is */
struct story_course {
    enum smtp_state ends_at; /* where its receivers speak for themselves */
    bool is_closed;          /* with 421: the server closes the connection */
    const struct policy_outcome **outcomes;
    size_t outcome_count;
    const char *server; /* without receivers: what is said there; NULL: what is due */
    const char *why;    /* and why; NULL */
    struct story_course *next;
};

/* the courses that receivers take, the longest first; never NULL */
struct story_course *story_courses(struct arena *arena, const struct story_scene *scene);

/* the place of a state on the way of the story, from 0 */
unsigned story_place(enum smtp_state state);

/* the replies of the course's receivers, at the moment where they are given */
void story_replies(struct arena *arena, const struct story_scene *scene,
                   const struct story_course *course, struct moment *moment);

/* who takes the course */
void story_receivers(struct arena *arena, const struct story_course *course,
                     struct moment *moment);

/* "Gmail; Yahoo: refused at MAIL FROM" */
const char *story_heading(struct arena *arena, const struct story_course *course);

#endif
