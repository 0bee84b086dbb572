/*
 * NAME
 *     spf_case - one SPF evaluation against a world of a few lines
 * DESCRIPTION
 *     Runs auth_spf_check() round by round, as gather/ does.
 * OWNERSHIP
 *     Everything lives in the arena of the case; spf_case_close() frees it.
 */
#ifndef TEST_SPF_CASE_H
#define TEST_SPF_CASE_H

#include "auth/auth_spf.h"
#include "unit.h"
#include "world.h"

#define SPF_CASE_HELO "mail.example.org"
#define SPF_CASE_NOW  1700000000

struct spf_case {
    struct arena *arena;
    struct ledger *ledger;
    struct auth_spf_input input;
    const struct auth_spf_verdict *verdict;
};

static inline bool spf_case_pass(void *ctx)
{
    struct spf_case *one = ctx;

    one->verdict = auth_spf_check(one->arena, one->ledger, &one->input);
    return !one->verdict->is_pending;
}

/* evaluate what `input` says; an identity without HELO gets SPF_CASE_HELO */
static inline struct spf_case spf_case_run(const char *world, const char *ip,
                                           struct auth_spf_input input)
{
    struct arena *arena = arena_open();
    struct spf_case one = {.arena = arena, .ledger = ledger_open(arena), .input = input};

    assert_true(ip_parse(span_of(ip), &one.input.client));
    one.input.now = SPF_CASE_NOW;
    world_run(one.ledger, world_source(arena, world), spf_case_pass, &one);
    assert_non_null(one.verdict->reason);
    assert_non_null(one.verdict->domain);
    return one;
}

static inline struct spf_case spf_case_from(const char *world, const char *ip,
                                            const char *mail_from)
{
    return spf_case_run(world, ip,
                        (struct auth_spf_input){.helo = SPF_CASE_HELO, .mail_from = mail_from});
}

static inline struct spf_case spf_case_helo(const char *world, const char *ip, const char *helo)
{
    return spf_case_run(world, ip,
                        (struct auth_spf_input){.identity = AUTH_SPF_HELO, .helo = helo});
}

static inline void spf_case_close(struct spf_case *one)
{
    arena_close(one->arena);
}

/* mail from user@example.com out of `ip`: the result, and a part of its reason */
static inline void spf_case_expect(const char *world, const char *ip, enum spf_result result,
                                   const char *reason)
{
    struct spf_case one = spf_case_from(world, ip, "user@example.com");

    if (one.verdict->result != result || strstr(one.verdict->reason, reason) == NULL)
        fail_msg("world:\n%s\nfrom %s: %s, not %s: \"%s\" should hold \"%s\"", world, ip,
                 spf_result_to_text(one.verdict->result), spf_result_to_text(result),
                 one.verdict->reason, reason);
    spf_case_close(&one);
}

/* a row of a table of such expectations */
struct spf_row {
    const char *world;
    const char *ip;
    enum spf_result result;
    const char *reason;
};

static inline void spf_rows_expect(const struct spf_row *rows, size_t count)
{
    for (size_t i = 0; i < count; i++)
        spf_case_expect(rows[i].world, rows[i].ip, rows[i].result, rows[i].reason);
}

#endif
