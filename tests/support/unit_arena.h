/*
 * NAME
 *     unit_arena - an arena that all helpers of a test program see
 * DESCRIPTION
 *     For programs whose helpers would hand the arena on and on: open_arena() and
 *     close_arena() are the set-up and tear-down of each test, or of all.
 * OWNERSHIP
 *     What is made lives until close_arena().
 * ERRORS
 *     The arena never fails.
 */
#ifndef TEST_UNIT_ARENA_H
#define TEST_UNIT_ARENA_H

#include "unit.h"

static struct arena *arena;

static inline int open_arena(void **state)
{
    (void)state;
    arena = arena_open();
    return 0;
}

static inline int close_arena(void **state)
{
    (void)state;
    arena_close(arena);
    return 0;
}

#endif
