/* RFC 3339 both ways, without a locale or a time zone. */
#include "base/clock.h"
#include "unit.h"

struct row {
    const char *text;
    int64_t seconds;
    const char *shown;
};

static const struct row rows[] = {
    {"1970-01-01T00:00:00Z", 0, "1970-01-01T00:00:00Z"},
    {"2026-11-24", 1795478400, "2026-11-24T00:00:00Z"},
    {"2026-11-24T10:00:00Z", 1795514400, "2026-11-24T10:00:00Z"},
    {"2026-11-24t10:00:00.25z", 1795514400, "2026-11-24T10:00:00Z"},
    {"2026-11-24T12:00:00+02:00", 1795514400, "2026-11-24T10:00:00Z"},
    {"2026-11-24 04:30:00-05:30", 1795514400, "2026-11-24T10:00:00Z"},
    {"2024-02-29", 1709164800, "2024-02-29T00:00:00Z"},
    {"2100-03-01", 4107542400, "2100-03-01T00:00:00Z"},
    {"1969-12-31T23:59:59Z", -1, "1969-12-31T23:59:59Z"},
    {"9999-12-31T23:59:59Z", 253402300799, "9999-12-31T23:59:59Z"},
    {"0000-01-01T00:01:00+00:01", -62167219200, "0000-01-01T00:00:00Z"},
};

static const char *const refused[] = {
    "",
    "2026",
    "2026-13-01",
    "2026-02-29",
    "2026-00-10",
    "2026-01-32",
    "2026-01-01T",
    "2026-01-01T24:00:00Z",
    "2026-1-1",
    "yesterday",
    "2026-01-01T10:00:00",
    "2026-01-01T10:00:00+2",
    "2026-01-01x",
    "2026-01-01T10:00:00+25:00",
    /* years that cannot be written */
    "0000-01-01T00:00:00+00:01",
    "9999-12-31T23:59:60Z",
    "9999-12-31T23:59:59-00:01",
};

static void every_row_reads_and_shows(void **state)
{
    struct arena *arena = arena_open();

    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        int64_t seconds = 12345;

        assert_true(clock_parse(span_of(rows[i].text), &seconds));
        assert_int_equal(seconds, rows[i].seconds);
        assert_string_equal(clock_to_text(arena, seconds), rows[i].shown);
    }
    arena_close(arena);
}

static void anything_else_is_refused(void **state)
{
    int64_t seconds = 0;

    (void)state;
    for (size_t i = 0; i < COUNT_OF(refused); i++)
        if (clock_parse(span_of(refused[i]), &seconds))
            fail_msg("accepted: %s", refused[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_row_reads_and_shows),
        cmocka_unit_test(anything_else_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
