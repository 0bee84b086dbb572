/* The control law of the live source, without a network and without a clock. */
#include "base/limits.h"
#include "source/source_live_pace.h"
#include "unit.h"
#include <limits.h>
#include <stdint.h>

#define MS 1000 /* microseconds */

static struct live_pace pace;
static int64_t now;

static int start(void **state)
{
    (void)state;
    now = 1;
    live_pace_start(&pace, now);
    return 0;
}

static unsigned spell(unsigned answered, unsigned failed, unsigned lost);

/* full_spell - a server that answers whatever the window lets go; so many of ten are lost */
static unsigned full_spell(unsigned lost)
{
    return spell(pace.window * (10 - lost), 0, pace.window * lost);
}

/* spell - so many answers, failures among them, and losses */
static unsigned spell(unsigned answered, unsigned failed, unsigned lost)
{
    for (unsigned i = 0; i < answered; i++)
        live_pace_answered(&pace, 1 * MS, i < failed);
    for (unsigned i = 0; i < lost; i++)
        live_pace_lost(&pace);
    pace.was_full = true;
    now += LIVE_SPELL_MS;
    live_pace_look(&pace, now);
    return pace.window;
}

static void the_first_wait_is_400_ms_and_doubles(void **state)
{
    (void)state;
    assert_int_equal(live_pace_wait(&pace, 1), 400);
    assert_int_equal(live_pace_wait(&pace, 2), 800);
    assert_int_equal(live_pace_wait(&pace, 3), 1600);
    assert_int_equal(live_pace_wait(&pace, 4), 3000);
    assert_int_equal(live_pace_wait(&pace, 40), 3000);
}

static void the_wait_follows_the_round_trip(void **state)
{
    (void)state;
    live_pace_answered(&pace, 100 * MS, false); /* RFC 6298, 2.2: 100 + 4 * 50 */
    assert_int_equal(live_pace_wait(&pace, 1), 300);
    live_pace_answered(&pace, 200 * MS, false); /* 2.3: 112.5 + 4 * 62.5 */
    assert_int_equal(live_pace_wait(&pace, 1), 362);
    for (int i = 0; i < 100; i++)
        live_pace_answered(&pace, 1 * MS, false);
    assert_int_equal(live_pace_wait(&pace, 1), LIVE_WAIT_LEAST_MS);
    live_pace_answered(&pace, 0, false); /* was sent twice: says nothing (Karn) */
    assert_int_equal(live_pace_wait(&pace, 1), LIVE_WAIT_LEAST_MS);
}

/* bound: LIMIT_WINDOW both */
static void answers_in_time_open_the_window(void **state)
{
    unsigned before = LIMIT_IN_FLIGHT;

    (void)state;
    assert_int_equal(pace.window, LIMIT_IN_FLIGHT);
    for (int i = 0; i < 20; i++) {
        unsigned after = full_spell(0);

        assert_true(after == before * 2 || after == LIMIT_WINDOW);
        before = after;
    }
    assert_int_equal(before, LIMIT_WINDOW);
}

static void a_window_that_is_not_full_does_not_grow(void **state)
{
    (void)state;
    live_pace_answered(&pace, 1 * MS, false);
    live_pace_look(&pace, now + LIVE_SPELL_MS);
    assert_int_equal(pace.window, LIMIT_IN_FLIGHT);
}

static void a_line_that_loses_one_in_ten_is_used_in_full(void **state)
{
    (void)state;
    for (int i = 0; i < 20; i++)
        full_spell(1);
    assert_int_equal(pace.window, LIMIT_WINDOW);
}

static void a_server_that_gives_no_more_is_not_asked_for_more(void **state)
{
    unsigned most = 0;

    (void)state;
    assert_int_equal(spell(1000, 0, 0), LIMIT_IN_FLIGHT * 2);
    assert_int_equal(spell(1900, 0, 0), LIMIT_IN_FLIGHT * 4); /* worth it */
    assert_int_equal(spell(2000, 0, 0), LIMIT_IN_FLIGHT * 2); /* was not */
    for (int i = 0; i < LIVE_REST; i++)
        assert_int_equal(spell(2000, 0, 0), LIMIT_IN_FLIGHT * 2);
    assert_int_equal(spell(2000, 0, 0), 205); /* fewer are tried, and do as well */
    for (int i = 0; i < 100; i++) {
        unsigned window = spell(2000, 0, 0);

        most = window > most ? window : most;
    }
    assert_int_equal(most, 205 + 205 / 4 + 1);
}

/* unsteady - a server that answers up to so many of a window, a tenth more or less */
static unsigned unsteady(unsigned most)
{
    static uint32_t noise = 1;
    unsigned answers = 10 * (pace.window < most ? pace.window : most);

    noise = noise * 1664525 + 1013904223;
    return spell(answers * (90 + (noise >> 16) % 21) / 100, 0, 0);
}

static void an_unsteady_rate_does_not_open_the_window(void **state)
{
    unsigned most = 0;
    unsigned least = UINT_MAX;

    (void)state;
    for (int i = 0; i < 200; i++)
        unsteady(300);
    for (int i = 0; i < 4000; i++) {
        unsigned window = unsteady(300);

        most = window > most ? window : most;
        least = window < least ? window : least;
    }
    assert_in_range(least, 100, 300);
    assert_in_range(most, 300, 600);
}

static void a_queue_in_front_of_the_server_is_no_loss(void **state)
{
    (void)state;
    for (int i = 0; i < 1000; i++)
        live_pace_answered(&pace, 200 * MS, false);
    live_pace_answered(&pace, 300 * MS, false);
    for (int i = 0; i < 1000; i++)
        live_pace_answered(&pace, 1 * MS, false);
    now += LIVE_SPELL_MS;
    live_pace_look(&pace, now);
    assert_int_equal(live_pace_wait(&pace, 1), 450);
}

static void many_losses_close_the_window_to_a_rest(void **state)
{
    (void)state;
    assert_int_equal(spell(60, 0, 40), LIMIT_IN_FLIGHT * 7 / 10);
    for (int i = 0; i < 40; i++)
        spell(60, 0, 40);
    assert_int_equal(pace.window, LIVE_WINDOW_LEAST);
    assert_true(full_spell(0) > LIVE_WINDOW_LEAST);
}

static void silence_closes_it_too(void **state)
{
    (void)state;
    assert_true(spell(0, 0, 3) < LIMIT_IN_FLIGHT);
}

static void failures_close_it_where_they_are_the_rule(void **state)
{
    (void)state;
    assert_true(spell(100, 40, 0) > LIMIT_IN_FLIGHT);
    assert_true(spell(100, 60, 0) < LIMIT_IN_FLIGHT * 2);
}

static void what_lies_between_changes_nothing(void **state)
{
    (void)state;
    assert_int_equal(spell(80, 0, 20), LIMIT_IN_FLIGHT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(the_first_wait_is_400_ms_and_doubles, start),
        cmocka_unit_test_setup(the_wait_follows_the_round_trip, start),
        cmocka_unit_test_setup(answers_in_time_open_the_window, start),
        cmocka_unit_test_setup(a_window_that_is_not_full_does_not_grow, start),
        cmocka_unit_test_setup(a_line_that_loses_one_in_ten_is_used_in_full, start),
        cmocka_unit_test_setup(a_server_that_gives_no_more_is_not_asked_for_more, start),
        cmocka_unit_test_setup(an_unsteady_rate_does_not_open_the_window, start),
        cmocka_unit_test_setup(a_queue_in_front_of_the_server_is_no_loss, start),
        cmocka_unit_test_setup(many_losses_close_the_window_to_a_rest, start),
        cmocka_unit_test_setup(silence_closes_it_too, start),
        cmocka_unit_test_setup(failures_close_it_where_they_are_the_rule, start),
        cmocka_unit_test_setup(what_lies_between_changes_nothing, start),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
