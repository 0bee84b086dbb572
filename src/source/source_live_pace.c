/* Counters of a spell, judged at its end. */
#include "source/source_live_pace.h"

#include "base/limits.h"

#define SRTT_PART      8 /* RFC 6298, 2.3: alpha = 1/8 */
#define VARIATION_PART 4 /* beta = 1/4 */
#define VARIATIONS     4 /* K = 4 */
#define US_PER_MS      1000
#define WAIT_MOST_MS   3000
#define TELLING        16 /* queries of a spell that say something */

void live_pace_start(struct live_pace *pace, int64_t now_ms)
{
    *pace =
        (struct live_pace){.window = LIMIT_IN_FLIGHT, .spell_ends_ms = now_ms + LIVE_SPELL_MS};
}

int64_t live_pace_wait(const struct live_pace *pace, unsigned sends)
{
    int64_t wait = LIVE_WAIT_FIRST_MS;

    if (pace->has_round_trip)
        wait = (pace->smoothed_us + VARIATIONS * pace->variation_us) / US_PER_MS;
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

/* pace_window - what the spell makes of the window */
static unsigned pace_window(const struct live_pace *pace)
{
    unsigned all = pace->answered + pace->lost;
    unsigned window = pace->window;

    if (all < TELLING && pace->lost * 2 < all)
        return window;
    if (pace->lost * 4 > all || pace->failed * 2 > all)
        window = window * 7 / 10;
    else if (pace->lost * 8 < all && pace->was_full)
        window += window / 4 + 1;
    if (window < LIVE_WINDOW_LEAST)
        return LIVE_WINDOW_LEAST;
    return window < LIMIT_WINDOW ? window : LIMIT_WINDOW;
}

void live_pace_look(struct live_pace *pace, int64_t now_ms)
{
    if (now_ms < pace->spell_ends_ms)
        return;
    if (pace->answered + pace->lost > 0)
        pace->window = pace_window(pace);
    pace->answered = 0;
    pace->lost = 0;
    pace->failed = 0;
    pace->was_full = false;
    pace->spell_ends_ms = now_ms + LIVE_SPELL_MS;
}
