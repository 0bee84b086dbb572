/*
 * NAME
 *     render_moment - an SMTP session in two columns
 * DESCRIPTION
 *     A moment is a step: what the client sends, what the server answers, and
 *     what happens then. Left stand the lines, right the notes; where the page is
 *     too narrow for that, the notes stand below. Replies that single receivers
 *     give stand below the step, each with who gives it and why. The same moments
 *     make the array "smtp" of the JSON report.
 * OWNERSHIP
 *     Moments live in the arena of whoever makes them. A JSON value belongs to the
 *     caller.
 * ERRORS
 *     None.
 */
#ifndef RENDER_MOMENT_H
#define RENDER_MOMENT_H

#include "report/render_json.h"
#include "report/render_page.h"

struct moment_note {
    enum page_style style;
    const char *text;       /* safe to show */
    struct moment_note *next;
};

/* what some receivers answer instead */
struct moment_reply {
    const char *server;                /* "550 5.7.1 ..." */
    const char *disposition;           /* "reject" */
    const char **profiles;             /* names of policies */
    size_t profile_count;
    struct moment_note *notes;         /* who, and why */
    struct moment_reply *next;
};

struct moment {
    const char *step;       /* "ehlo" */
    const char *client;     /* lines with LF between; NULL: nothing is sent */
    const char *server;     /* likewise; NULL: nothing is answered */
    struct moment_note *notes;
    bool is_predicted;        /* told offline: JSON has "replies" */
    struct moment_reply *replies;
    bool is_answered_by_all;  /* every receiver has its reply here: `server` is not shown */
    struct moment *next;
};

/* a new note at the end */
void moment_note(struct arena *arena, struct moment *moment, enum page_style style,
                 const char *text);

void render_moments(struct page *page, const struct moment *moments);
json_t *render_json_moments(struct arena *arena, const struct moment *moments);

#endif
