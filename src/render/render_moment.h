/*
 * NAME
 *     render_moment - an SMTP session in two columns
 * DESCRIPTION
 *     A moment is a step: what the client sends, what the server answers, and
 *     what happens then. Left stand the lines, right the notes; where the page is
 *     too narrow for that, the notes stand below. Replies that single receivers
 *     give stand below the step, each with who gives it and why. Moments of several
 *     conversations may follow each other; each begins with a heading, and notes that
 *     were told in an earlier one are left out. The same moments make the array "smtp"
 *     of the JSON report, where nothing is left out.
 * OWNERSHIP
 *     Moments live in the arena of whoever makes them. A JSON value belongs to the
 *     caller.
 * ERRORS
 *     None.
 */
#ifndef RENDER_MOMENT_H
#define RENDER_MOMENT_H

#include "render/render_json.h"
#include "render/render_page.h"

struct moment_note {
    enum page_style style;
    const char *text; /* safe to show */
    struct moment_note *next;
};

/* for whose mail: both false: whoever sends */
struct moment_receiver {
    const char *profile; /* name of the policy */
    bool is_for_bulk;
    bool is_for_others;
};

struct moment_receivers {
    struct moment_receiver *list;
    size_t count;
};

/* what some receivers answer instead */
struct moment_reply {
    const char *server;      /* "550 5.7.1 ..." */
    const char *disposition; /* "reject" */
    struct moment_receivers receivers;
    struct moment_note *notes; /* who, and why */
    struct moment_reply *next;
};

struct moment {
    const char *step;   /* "ehlo" */
    const char *client; /* lines with LF between; NULL: nothing is sent */
    const char *server; /* likewise; NULL: nothing is answered */
    struct moment_note *notes;
    bool is_predicted;                 /* told offline: JSON has what follows */
    unsigned conversation;             /* from 1 */
    struct moment_receivers receivers; /* whose conversation it is; none: of no receiver */
    struct moment_reply *replies;
    const char *heading;     /* of the conversation that begins here; NULL: none */
    bool is_told_above;      /* in an earlier conversation: text leaves the notes out */
    bool is_answered_by_all; /* every receiver has its reply here: `server` is not shown */
    struct moment *next;
};

/* a new note at the end */
void moment_note(struct arena *arena, struct moment *moment, enum page_style style,
                 const char *text);
/* the same for any list of notes */
void moment_note_add(struct arena *arena, struct moment_note **notes, enum page_style style,
                     const char *text);

void render_moments(struct page *page, const struct moment *moments);
json_t *render_json_moments(struct arena *arena, const struct moment *moments);

#endif
