/*
 * NAME
 *     clock - times as the report needs them
 * DESCRIPTION
 *     Seconds since 1970 in UTC, written as RFC 3339 ("2026-11-24T10:00:00Z").
 *     Only app/ reads the wall clock, and passes it on as data; only dns/
 *     reads the monotonic one.
 * OWNERSHIP
 *     Text lives in the arena.
 * ERRORS
 *     clock_parse() returns false for anything but RFC 3339 (a date alone is
 *     midnight UTC; fractions of a second are dropped).
 * STANDARDS
 *     RFC 3339, 5.6
 */
#ifndef CLOCK_H
#define CLOCK_H

#include "base/arena.h"
#include "base/span.h"

int64_t clock_wall(void);
int64_t clock_monotonic_ms(void); /* milliseconds and microseconds since the same start */
int64_t clock_monotonic_us(void);
const char *clock_to_text(struct arena *arena, int64_t seconds);
bool clock_parse(struct span text, int64_t *seconds_out);

/* days since 1970-01-01, rounded down */
int64_t clock_day(int64_t seconds);

/* days since 1970-01-01 of a Gregorian date; months and days count from 1 */
int64_t clock_days(int64_t year, int month, int day);

#endif
