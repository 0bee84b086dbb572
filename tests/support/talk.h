/*
 * NAME
 *     talk - a session of the sandbox without sockets
 * DESCRIPTION
 *     Feeds octets to a session and gathers its replies; messages are kept in memory and
 *     answered at once with 250.
 * OWNERSHIP
 *     talk_open() gives a handle to be closed; texts live until then.
 * ERRORS
 *     None.
 */
#ifndef TEST_TALK_H
#define TEST_TALK_H

#include "sandbox/sandbox_session.h"

struct talk {
    struct arena *arena;
    struct sandbox_rules rules;
    struct sandbox_peer peer;
    struct sandbox_hooks hooks;
    struct sandbox_session *session;
    struct sbuf said;     /* all replies */
    struct sbuf message;  /* octets of the one at hand */
    struct sbuf messages; /* those that ended, with "|" behind each */
    size_t count;
    size_t dropped;
    bool has_no_room;
    bool wants_tls;
    bool is_over;
    bool has_no_reply; /* it ended without one, on purpose */
    unsigned delay_ms; /* of all replies that came late on purpose */
    uint64_t tries;    /* of every pair */
    int64_t ago_ms;
    unsigned made; /* what became of the last try */
    size_t taken;  /* octets that the session took */
};

struct talk *talk_open(void);
void talk_close(struct talk *talk);

/* in pieces of `piece` octets; 0: all at once. Octets behind the end are left */
void talk_send(struct talk *talk, struct span bytes, size_t piece);
/* the codes of all replies so far, "250 354 250"; a reply of several lines once */
const char *talk_codes(struct talk *talk);
/* how often the client did it, in the session or in the message at hand */
uint64_t talk_noted(const struct talk *talk, enum sandbox_note_id id);

#endif
