/*
 * NAME
 *     session - the steps of an SMTP session
 * DESCRIPTION
 *     Filled in by session/session.h; a live session is made of the same steps.
 * OWNERSHIP
 *     In the arena.
 * ERRORS
 *     None.
 */
#ifndef MODEL_SESSION_H
#define MODEL_SESSION_H

#include <stdbool.h>
#include <stddef.h>

struct arena;

/* what a note says about the session: renderers choose a colour for it */
enum session_tone { SESSION_PLAIN, SESSION_FAINT, SESSION_GOOD, SESSION_BAD, SESSION_DOUBT };

struct session_note {
    enum session_tone tone;
    const char *text; /* safe to show */
    struct session_note *next;
};

/* for whose mail: both false: whoever sends */
struct session_receiver {
    const char *profile; /* name of the policy */
    bool is_for_bulk;
    bool is_for_others;
};

struct session_receivers {
    struct session_receiver *list;
    size_t count;
};

/* what some receivers reply instead */
struct session_reply {
    const char *server;      /* "550 5.7.1 ..." */
    const char *disposition; /* "reject" */
    struct session_receivers receivers;
    struct session_note *notes; /* who, and why */
    struct session_reply *next;
};

struct session_step {
    const char *name;   /* "ehlo" */
    const char *client; /* lines with LF between; NULL: nothing is sent */
    const char *server; /* likewise; NULL: nothing is answered */
    struct session_note *notes;
    bool is_predicted;                  /* offline: JSON has what follows */
    unsigned transcript;                /* from 1 */
    struct session_receivers receivers; /* whose transcript it is; none: of no receiver */
    struct session_reply *replies;
    const char *heading;     /* of the transcript that begins here; NULL: none */
    bool is_repeated;        /* from an earlier transcript: text leaves the notes out */
    bool is_answered_by_all; /* every receiver has its reply here: `server` is not shown */
    struct session_step *next;
};

/* a new note at the end */
void session_note(struct arena *arena, struct session_step *step, enum session_tone tone,
                  const char *text);
void session_notef(struct arena *arena, struct session_step *step, enum session_tone tone,
                   const char *format, ...) __attribute__((format(printf, 4, 5)));

/* the same for any list of notes */
void session_note_add(struct arena *arena, struct session_note **notes, enum session_tone tone,
                      const char *text);

#endif
