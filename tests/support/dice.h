/*
 * NAME
 *     dice - numbers that look random and are the same in every run
 * DESCRIPTION
 *     xorshift64 from a fixed seed.
 * OWNERSHIP
 *     Nothing is owned.
 * ERRORS
 *     None.
 */
#ifndef TEST_DICE_H
#define TEST_DICE_H

#include <stdint.h>

/* 0 to sides - 1 */
static inline unsigned dice(unsigned sides)
{
    static uint64_t state = 88172645463325252U;

    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return (unsigned)((state >> 20) % sides);
}

#endif
