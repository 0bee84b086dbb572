/*
 * NAME
 *     unit - what every unit test includes
 * DESCRIPTION
 *     cmocka with the headers it wants in front, and a few helpers.
 */
#ifndef TEST_UNIT_H
#define TEST_UNIT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/arena.h"

/* set-up and tear-down of a test whose state is an arena */
static inline int unit_open_arena(void **state)
{
    *state = arena_open();
    return 0;
}

static inline int unit_close_arena(void **state)
{
    arena_close(*state);
    return 0;
}

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

#endif
