/* Counters of a spell, judged at its end. */
#include "source/source_live_pace.h"

#include "base/limits.h"

#define SRTT_PART      8 /* RFC 6298, 2.3: alpha = 1/8 */
#define VARIATION_PART 4 /* beta = 1/4 */
#define VARIATIONS     4 /* K = 4 */
#define US_PER_MS      1000
#define WAIT_MOST_MS   3000
#define SPELL_TRIPS    2
#define MS_PER_SECOND  1000
#define TELLING        16 /* queries of a spell that say something */

/* pace_begin_spell - nothing is counted yet */
static void pace_begin_spell(struct live_pace *pace, int64_t now_ms)
{
    int64_t spell = pace->is_starting ? LIVE_SPELL_FIRST_MS : LIVE_SPELL_MS;
    int64_t trips = SPELL_TRIPS * pace->smoothed_us / US_PER_MS;

    pace->answered = 0;
    pace->lost = 0;
    pace->failed = 0;
    pace->was_full = false;
    pace->slowest_us = 0;
    pace->spell_began_ms = now_ms;
    pace->spell_ends_ms = now_ms + (trips > spell ? trips : spell);
}

void live_pace_start(struct live_pace *pace, int64_t now_ms)
{
    *pace = (struct live_pace){.window = LIMIT_IN_FLIGHT, .is_starting = true};
    pace_begin_spell(pace, now_ms);
}

int64_t live_pace_wait(const struct live_pace *pace, unsigned sends)
{
    int64_t wait = LIVE_WAIT_FIRST_MS;

    if (pace->has_round_trip)
        wait = (pace->smoothed_us + VARIATIONS * pace->variation_us) / US_PER_MS;
    if (wait < pace->slow_us * 3 / 2 / US_PER_MS)
        wait = pace->slow_us * 3 / 2 / US_PER_MS;
    if (wait < LIVE_WAIT_LEAST_MS)
        wait = LIVE_WAIT_LEAST_MS;
    while (sends-- > 1 && wait < WAIT_MOST_MS)
        wait *= 2;
    return wait < WAIT_MOST_MS ? wait : WAIT_MOST_MS;
}

/* pace_time - one more round trip (RFC 6298, 2.2 and 2.3) */
static void pace_time(struct live_pace *pace, int64_t trip_us)
{
    int64_t off =
        pace->smoothed_us > trip_us ? pace->smoothed_us - trip_us : trip_us - pace->smoothed_us;

    if (trip_us > pace->slowest_us)
        pace->slowest_us = trip_us;
    if (!pace->has_round_trip) {
        pace->smoothed_us = trip_us;
        pace->variation_us = trip_us / 2;
        pace->has_round_trip = true;
    } else {
        pace->variation_us += (off - pace->variation_us) / VARIATION_PART;
        pace->smoothed_us += (trip_us - pace->smoothed_us) / SRTT_PART;
    }
}

void live_pace_answered(struct live_pace *pace, int64_t trip_us, bool is_failure)
{
    pace->answered++;
    pace->failed += is_failure;
    if (trip_us > 0)
        pace_time(pace, trip_us);
}

void live_pace_lost(struct live_pace *pace)
{
    pace->lost++;
}

/* pace_paid - the rate followed the window, by half of its change, at first a quarter */
static bool pace_paid(const struct live_pace *pace, int64_t rate)
{
    int64_t was = pace->was;
    int64_t change = pace->rate * ((int64_t)pace->window - was) / was;

    return rate >= pace->rate + change / (pace->is_starting ? 4 : 2);
}

/* pace_try - another window, to see what becomes of the rate */
static void pace_try(struct live_pace *pace, int64_t rate)
{
    unsigned window = pace->window;

    pace->was = window;
    pace->rate = rate;
    if (pace->is_starting)
        window *= 2;
    else if (pace->is_less_next)
        window -= window / 5;
    else
        window += window / 4 + 1;
    pace->window = window < LIMIT_WINDOW ? window : LIMIT_WINDOW;
}

/* pace_rest - keep a window for a while; then the other direction is tried */
static void pace_rest(struct live_pace *pace, unsigned window, bool is_less_next)
{
    pace->window = window;
    pace->rest = LIVE_REST;
    pace->is_less_next = is_less_next;
    pace->is_starting = false;
}

/* pace_judge - what the spell makes of the window */
static void pace_judge(struct live_pace *pace, int64_t now_ms)
{
    unsigned all = pace->answered + pace->lost;
    int64_t rate = (int64_t)pace->answered * MS_PER_SECOND / (now_ms - pace->spell_began_ms);
    unsigned was = pace->was;

    if (all < TELLING && pace->lost * 2 < all)
        return;
    if (pace->lost * 4 > all || pace->failed * 2 > all) {
        pace->window = pace->window * 7 / 10;
        pace->is_starting = false;
        pace->was = 0;
    } else if (was > 0 && pace->was_full && !pace_paid(pace, rate)) {
        pace_rest(pace, was, pace->window > was);
        pace->was = 0;
    } else if (was > pace->window) {
        pace_rest(pace, pace->window, false);
        pace->was = 0;
    } else if (pace->rest > 0) {
        pace->rest--;
    } else if (pace->lost * 8 < all && pace->was_full) {
        pace_try(pace, rate);
    } else {
        pace->was = 0;
    }
    if (pace->window < LIVE_WINDOW_LEAST)
        pace->window = LIVE_WINDOW_LEAST;
}

void live_pace_look(struct live_pace *pace, int64_t now_ms)
{
    if (now_ms < pace->spell_ends_ms)
        return;
    pace_judge(pace, now_ms);
    pace->slow_us = pace->slowest_us;
    pace_begin_spell(pace, now_ms);
}
