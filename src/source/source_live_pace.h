/*
 * NAME
 *     source_live_pace - how much one server is asked at a time, and how long it is waited for
 * DESCRIPTION
 *     Private to source/. The control law. A server may have `window` queries on their
 *     way, LIMIT_IN_FLIGHT at first. Every LIVE_SPELL_MS, or two round trips where these are
 *     longer, it is looked at what became of them:
 *
 *     more than a quarter was lost, or more than half failed    the window shrinks to 0.7 of it
 *     it was changed, and that did not pay                      it is what it was before, and
 *                                                               rests for LIVE_REST spells
 *     it shrank, and as many answers came                       it rests as it is
 *     less than an eighth was lost, and the window was full     it grows to 1.25 of it; after
 *                                                               growth that did not pay it
 *                                                               shrinks to 0.8
 *     else                                                      it stays
 *
 *     between LIVE_WINDOW_LEAST and LIMIT_WINDOW. A few losses are the way's, whoever
 *     sends; many are a sign that it is us. So a line that loses one packet in ten is used
 *     in full, which a law that halves at each loss, as TCP's, would not do. Queries beyond
 *     what the server answers only wait in front of it, until they count as lost; and what
 *     is not tried in both directions grows by the noise of the rate alone. Until the
 *     window shrinks or rests for the first time it doubles, every LIVE_SPELL_FIRST_MS: a
 *     way that takes long needs many on it.
 *
 *     A query is sent again after the smoothed round trip and four times its variation (RFC
 *     6298, 2), but not before half as much again as the slowest answer of the last spell;
 *     after LIVE_WAIT_FIRST_MS before anything is known; each time the wait doubles. Queries
 *     that were sent twice say nothing about the round trip (Karn's rule).
 *
 *     Pure: times come from the caller.
 * OWNERSHIP
 *     The struct is the caller's.
 * ERRORS
 *     None.
 * STANDARDS
 *     RFC 6298; RFC 1035, 4.2.1 (retransmission); RFC 8085, 3.1
 */
#ifndef SOURCE_LIVE_PACE_H
#define SOURCE_LIVE_PACE_H

#include <stdbool.h>
#include <stdint.h>

#define LIVE_WAIT_FIRST_MS  400
#define LIVE_WAIT_LEAST_MS  100 /* a resolver that has to ask others is not a lost packet */
#define LIVE_SPELL_FIRST_MS 100
#define LIVE_SPELL_MS       250
#define LIVE_REST           8 /* spells */
#define LIVE_WINDOW_LEAST   8

struct live_pace {
    unsigned window;
    bool has_round_trip;
    int64_t smoothed_us; /* SRTT of RFC 6298 */
    int64_t variation_us;
    int64_t slow_us;   /* the slowest round trip of the last spell */
    bool is_starting;  /* it has neither shrunk nor rested */
    bool is_less_next; /* a smaller window is tried next */
    unsigned was;      /* the window before the one that is being tried; 0: none is */
    int64_t rate;      /* answers a second with that window */
    unsigned rest;     /* spells in which none is tried */
    /* since the spell began */
    int64_t spell_began_ms;
    int64_t spell_ends_ms;
    int64_t slowest_us;
    unsigned answered;
    unsigned lost;
    unsigned failed;
    bool was_full; /* more waited than the window lets go */
};

void live_pace_start(struct live_pace *pace, int64_t now_ms);

/* milliseconds to wait after the `sends`-th time a query was sent, from 1 on */
int64_t live_pace_wait(const struct live_pace *pace, unsigned sends);

/* an answer; `trip_us` 0: the query was sent more than once */
void live_pace_answered(struct live_pace *pace, int64_t trip_us, bool is_failure);
void live_pace_lost(struct live_pace *pace);

/* a spell may be over: look at the window */
void live_pace_look(struct live_pace *pace, int64_t now_ms);

#endif
