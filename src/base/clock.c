/* Calendar arithmetic of our own: no locale, no time zone, no 32-bit time. */
#include <time.h>

#include "base/clock.h"

#define SECONDS_A_DAY   86400
#define YEAR_AFTER_LAST 10000 /* RFC 3339, 5.6: a year has four digits */

int64_t clock_wall(void)
{
    return (int64_t)time(NULL);
}

int64_t clock_monotonic_us(void)
{
    struct timespec now = {0};

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

int64_t clock_monotonic_ms(void)
{
    return clock_monotonic_us() / 1000;
}

int64_t clock_day(int64_t seconds)
{
    return (seconds - (seconds < 0 ? SECONDS_A_DAY - 1 : 0)) / SECONDS_A_DAY;
}

/* clock_days - count from a year that starts in March, so that leap days come last */
int64_t clock_days(int64_t year, int month, int day)
{
    int64_t y = month <= 2 ? year - 1 : year;
    int64_t era = (y >= 0 ? y : y - 399) / 400;
    int64_t of_era = y - era * 400;
    int64_t of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;

    return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

/* date_of - the inverse of clock_days() */
static void date_of(int64_t days, int64_t *year, int *month, int *day)
{
    int64_t z = days + 719468;
    int64_t era = (z >= 0 ? z : z - 146096) / 146097;
    int64_t of_era = z - era * 146097;
    int64_t y = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
    int64_t of_year = of_era - (365 * y + y / 4 - y / 100);
    int64_t shifted = (5 * of_year + 2) / 153;

    *day = (int)(of_year - (153 * shifted + 2) / 5 + 1);
    *month = (int)(shifted < 10 ? shifted + 3 : shifted - 9);
    *year = y + era * 400 + (*month <= 2 ? 1 : 0);
}

const char *clock_to_text(struct arena *arena, int64_t seconds)
{
    int64_t days = clock_day(seconds);
    int rest = (int)(seconds - days * SECONDS_A_DAY);
    int64_t year = 0;
    int month = 0;
    int day = 0;

    date_of(days, &year, &month, &day);
    return arena_printf(arena, "%04lld-%02d-%02dT%02d:%02d:%02dZ", (long long)year, month, day,
                        rest / 3600, rest / 60 % 60, rest % 60);
}

/* clock_take_number - `digits` digits and the octet `after` (0: none) off the front */
static bool clock_take_number(struct span *rest, size_t digits, char after, int *out)
{
    uint64_t number = 0;

    if (!span_to_number(span_sub(*rest, 0, digits), 9999, &number) || rest->len < digits)
        return false;
    *rest = span_from(*rest, digits);
    *out = (int)number;
    if (after == '\0')
        return true;
    if (rest->len == 0 || ascii_to_lower(rest->at[0]) != after)
        return false;
    *rest = span_from(*rest, 1);
    return true;
}

/* parse_zone - "Z" or "+hh:mm"; seconds east of UTC */
static bool parse_zone(struct span rest, int64_t *offset_out)
{
    int hours = 0;
    int minutes = 0;
    bool is_west = span_starts_with(rest, "-");

    *offset_out = 0;
    if (span_equal_nocase(rest, "z"))
        return true;
    if (!is_west && !span_starts_with(rest, "+"))
        return false;
    rest = span_from(rest, 1);
    if (!clock_take_number(&rest, 2, ':', &hours) ||
        !clock_take_number(&rest, 2, '\0', &minutes))
        return false;
    *offset_out = (is_west ? -1 : 1) * (hours * 3600 + minutes * 60);
    return rest.len == 0 && hours < 24 && minutes < 60;
}

/* days_in - length of a month */
static int days_in(int year, int month)
{
    return (int)(clock_days(month == 12 ? year + 1 : year, month == 12 ? 1 : month + 1, 1) -
                 clock_days(year, month, 1));
}

bool clock_parse(struct span text, int64_t *seconds_out)
{
    int year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0;
    int64_t offset = 0;
    struct span rest = text;

    if (!clock_take_number(&rest, 4, '-', &year) || !clock_take_number(&rest, 2, '-', &month) ||
        !clock_take_number(&rest, 2, '\0', &day) || month < 1 || month > 12 || day < 1 ||
        day > days_in(year, month))
        return false;
    *seconds_out = clock_days(year, month, day) * SECONDS_A_DAY;
    if (rest.len == 0)
        return true;
    if (ascii_to_lower(rest.at[0]) != 't' && rest.at[0] != ' ')
        return false;
    rest = span_from(rest, 1);
    if (!clock_take_number(&rest, 2, ':', &hour) ||
        !clock_take_number(&rest, 2, ':', &minute) ||
        !clock_take_number(&rest, 2, '\0', &second) || hour > 23 || minute > 59 || second > 60)
        return false;
    if (span_starts_with(rest, "."))
        do
            rest = span_from(rest, 1);
        while (rest.len > 0 && ascii_is_digit(rest.at[0]));
    if (!parse_zone(rest, &offset))
        return false;
    *seconds_out += hour * 3600 + minute * 60 + second - offset;
    /* with its offset a moment may leave the years that can be written (RFC 3339, 5.6) */
    return *seconds_out >= clock_days(0, 1, 1) * SECONDS_A_DAY &&
           *seconds_out < clock_days(YEAR_AFTER_LAST, 1, 1) * SECONDS_A_DAY;
}
