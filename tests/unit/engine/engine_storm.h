/*
 * NAME
 *     engine_storm - inputs that the libraries take badly
 * DESCRIPTION
 *     weather() puts one before a child. Whatever it does there, the question has its verdict
 *     or is lost, in time; expect_all_is_well() asks whether the next one is answered as ever.
 *     What a library makes of an input may change with its version: nothing of it is expected.
 */
#ifndef TEST_ENGINE_STORM_H
#define TEST_ENGINE_STORM_H

#include "engine_fixture.h"

#include "base/clock.h"
#include "base/limits.h"
#include "engine/engine_library.h"

/* with one child here: enough for all but what would not end */
#define PATIENCE_MS    (1500 * ENGINE_SLOWNESS)
#define SECONDS_ENOUGH (20 * ENGINE_SLOWNESS) /* for one input, on a slow machine */
#define LITERAL        60000 /* near the most that TXT records of one answer can hold */

/* prefix, `unit` that many times, suffix */
struct flood {
    const char *prefix;
    const char *unit;
    size_t count;
    const char *suffix;
};

/* flood_text - the text of a flood */
static inline const char *flood_text(struct arena *arena, const struct flood *flood)
{
    struct sbuf text = sbuf_start(arena);

    sbuf_add(&text, flood->prefix);
    for (size_t i = 0; i < flood->count; i++)
        sbuf_add(&text, flood->unit);
    sbuf_add(&text, flood->suffix);
    return sbuf_text(&text);
}

/* client - the identity MAIL FROM jane@example.com from 192.0.2.1 */
static inline struct auth_spf_input client(void)
{
    struct auth_spf_input input = {.identity = AUTH_SPF_MAILFROM,
                                   .helo = "mail.example.com",
                                   .mail_from = "jane@example.com",
                                   .now = NOW};

    assert_true(ip_parse(span_of("192.0.2.1"), &input.client));
    return input;
}

/* expect_all_is_well - no fork server was lost, and an ordinary question gets its answer */
static inline void expect_all_is_well(void)
{
    struct fixture fixture = fixture_open("example.com TXT \"v=spf1 ip4:192.0.2.1 -all\"");
    struct auth_spf_input input = client();
    struct engine_request request = {.spf = &input, .spf_count = 1, .now = NOW};

    judge(&fixture, &request);
    assert_int_equal(fixture.count, 1);
    assert_string_equal(fixture.verdicts[0].result, "pass");
    assert_true(shared_engine->fork_server > 0);
    arena_close(fixture.arena);
}

/* weather - ask, and expect a verdict, a loss or a reason, each with a clause, in time */
static inline unsigned weather(struct fixture *fixture, const struct engine_request *request,
                               size_t count)
{
    int64_t start = clock_monotonic_ms();
    unsigned lost = 0;

    judge(fixture, request);
    assert_in_range(clock_monotonic_ms() - start, 0, SECONDS_ENOUGH * 1000);
    assert_int_equal(fixture->count, count);
    for (size_t i = 0; i < count; i++) {
        const struct engine_verdict *verdict = &fixture->verdicts[i];

        assert_int_equal((verdict->result != NULL) + verdict->is_lost + verdict->is_skipped, 1);
        assert_true(strlen(verdict->detail) < 2 * LIMIT_SHOWN_BYTES);
        lost += verdict->is_lost;
    }
    return lost;
}

/* open_impatient - the engine of all tests, which waits less long than in earnest */
static inline int open_impatient(void **state)
{
    int status = open_engine(state);

    if (status == 0)
        shared_engine->wait_ms = PATIENCE_MS;
    return status;
}

#endif
