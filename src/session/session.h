/*
 * NAME
 *     session - the SMTP session as it would go
 * DESCRIPTION
 *     One step for each row of the dialogue that has a part in it: what client
 *     and server say, what the server then looks at, its verdict and the evidence.
 *     No connection is made; what is unknown is marked as unknown.
 *
 *     Receivers of the report whose sessions go the same way share one transcript.
 *     Where a receiver refuses early, by its own rules, its transcript ends there.
 *     The longest transcript comes first; notes that the others have in common with
 *     it are not repeated in text. The step after the final dot shows what the author
 *     domain's policy asks of a receiver and what each receiver would reply; a reply
 *     that differs only there does not make another transcript.
 *
 *     On a port for submission (report->port) the client is a mail program and the
 *     server relays the message: receivers evaluate it later, on port 25.
 *
 *     A live session of probe is made of the same steps.
 * OWNERSHIP
 *     In the arena.
 * ERRORS
 *     None.
 * STANDARDS
 *     RFC 5321; RFC 7208; RFC 6376; RFC 8617; RFC 9989; RFC 7505; RFC 1870; RFC 6409;
 *     RFC 8314
 */
#ifndef SESSION_H
#define SESSION_H

#include "report/report.h"

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

/* all transcripts, one after the other */
const struct session_step *session_of(struct arena *arena, const struct report *report);

/* a new note at the end */
void session_note(struct arena *arena, struct session_step *step, enum session_tone tone,
                  const char *text);
/* the same for any list of notes */
void session_note_add(struct arena *arena, struct session_note **notes, enum session_tone tone,
                      const char *text);

#endif
