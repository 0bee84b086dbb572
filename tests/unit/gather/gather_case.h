/*
 * NAME
 *     gather_case - one run of gather against a world of a few lines
 * DESCRIPTION
 *     Sets up what gather_run() wants; a test changes the subject before run.
 * OWNERSHIP
 *     Everything lives in the arena of the case; gather_case_close() frees it.
 */
#ifndef TEST_GATHER_CASE_H
#define TEST_GATHER_CASE_H

#include "gather/gather.h"
#include "mail/mail_message.h"
#include "unit.h"
#include "world.h"

#define GATHER_CASE_NOW 1795478400 /* 2026-11-24T00:00:00Z */

struct gather_case {
    struct arena *arena;
    struct subject subject;
    struct gather_work work;
    const struct facts *facts;
};

static inline struct gather_case gather_case_open(const char *world, const char *domain)
{
    struct gather_case one = {.arena = arena_open()};

    one.work.arena = one.arena;
    one.work.ledger = ledger_open(one.arena);
    one.work.source = world_source(one.arena, world);
    one.subject.now = GATHER_CASE_NOW;
    if (domain != NULL)
        one.subject.domain = dns_name_from_text(one.arena, domain);
    return one;
}

static inline void gather_case_message(struct gather_case *one, const char *text)
{
    one->subject.message = mail_message_parse(one->arena, span_of(text));
}

static inline const struct facts *gather_case_run(struct gather_case *one)
{
    one->facts = gather_run(&one->work, &one->subject);
    return one->facts;
}

/* the question is in the ledger */
static inline bool gather_case_asked(const struct gather_case *one, const char *name,
                                     enum dns_type type)
{
    return ledger_find(one->work.ledger, dns_name_from_text(one->arena, name), type) != NULL;
}

static inline void gather_case_close(struct gather_case *one)
{
    arena_close(one->arena);
}

#endif
