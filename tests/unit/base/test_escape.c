/* Untrusted bytes become one harmless line of UTF-8. */
#include "base/escape.h"
#include "unit.h"

struct row {
    const char *bytes;
    size_t len;
    const char *shown;
};

static const struct row rows[] = {
    {"plain", 5, "plain"},
    {"gr\xc3\xbc\xc3\x9f", 6, "gr\xc3\xbc\xc3\x9f"},
    {"\x1b[31m", 5, "\\x1b[31m"},
    {"a\r\nb\tc", 6, "a\\x0d\\x0ab\\x09c"},
    {"nul\0x", 5, "nul\\x00x"},
    {"\x7f", 1, "\\x7f"},
    {"\xc2\x9b"
     "31m",
     5, "\\u{9b}31m"}, /* C1 CSI */
    {"\x9b"
     "31m",
     4, "\\x9b31m"}, /* the octet alone is no UTF-8 */
    {"a\xc2\xad"
     "b",
     4, "a\\u{ad}b"},                                    /* soft hyphen */
    {"\xd8\x9c", 2, "\\u{61c}"},                         /* Arabic letter mark */
    {"\xf3\xa0\x81\x81", 4, "\\u{e0041}"},               /* tag */
    {"\xe2\x82\xac\xd8\xa7", 5, "\xe2\x82\xac\xd8\xa7"}, /* beside them: EURO SIGN, ALEF */
    {"\xff\xfe", 2, "\\xff\\xfe"},                       /* not UTF-8 */
    {"\xc0\xaf", 2, "\\xc0\\xaf"},                       /* overlong */
    {"\xed\xa0\x80", 3, "\\xed\\xa0\\x80"},              /* surrogate */
    {"\xe2\x80\xae"
     "gpj",
     6, "\\u{202e}gpj"},              /* right-to-left override */
    {"\xe2\x80\xa8", 3, "\\u{2028}"}, /* line separator */
    {"\xef\xbb\xbf"
     "v=spf1",
     9, "\\u{feff}v=spf1"},                      /* byte order mark */
    {"\xf0\x9f\x93\xa7", 4, "\xf0\x9f\x93\xa7"}, /* beyond the BMP */
    {"\xf0\x9f\x93", 3, "\\xf0\\x9f\\x93"},      /* cut short */
    {"a\\b", 3, "a\\\\b"},
};

static void every_row_is_shown_as_told(void **state)
{
    struct arena *arena = arena_open();

    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        assert_string_equal(escape_to_text(arena, span_make(rows[i].bytes, rows[i].len), 0),
                            rows[i].shown);
    arena_close(arena);
}

static void long_text_is_cut_with_a_mark(void **state)
{
    struct arena *arena = arena_open();

    (void)state;
    assert_string_equal(escape_to_text(arena, span_of("abcdef"), 4), "abcd...");
    assert_string_equal(escape_to_text(arena, span_of("abcd"), 4), "abcd");
    arena_close(arena);
}

static void header_values_are_unfolded(void **state)
{
    struct arena *arena = arena_open();

    (void)state;
    assert_string_equal(escape_header(arena, span_of(" a\r\n\t b \x1b"), 0), "a b \\x1b");
    arena_close(arena);
}

/* all octets, alone and after each lead octet: the output is printable and valid */
static void no_octet_passes_raw(void **state)
{
    struct arena *arena = arena_open();

    (void)state;
    for (unsigned first = 0; first < 256; first++) {
        for (unsigned second = 0; second < 256; second++) {
            char pair[2] = {(char)first, (char)second};
            struct span shown = span_of(escape_to_text(arena, span_make(pair, 2), 0));
            uint32_t code = 0;

            for (size_t at = 0; at < shown.len;) {
                size_t len = utf8_next(span_from(shown, at), &code);

                assert_true(len > 0);
                assert_true(code >= 0x20 && code != 0x7f && !(code >= 0x80 && code < 0xa0));
                at += len;
            }
        }
        arena_reset(arena);
    }
    arena_close(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_row_is_shown_as_told),
        cmocka_unit_test(long_text_is_cut_with_a_mark),
        cmocka_unit_test(header_values_are_unfolded),
        cmocka_unit_test(no_octet_passes_raw),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
