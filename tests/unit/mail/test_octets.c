/* What is unusual in a text is found wherever it stands, as the same search octet by octet
 * finds it. */
#include "mail/mail_octets.h"
#include "base/sbuf.h"
#include "unit_arena.h"

#define TEXT_OCTETS 100 /* some blocks and a rest */

/* odd_slowly - as the definition says it */
static bool odd_slowly(struct span text)
{
    for (size_t i = 0; i < text.len; i++) {
        bool has_cr = i > 0 && text.at[i - 1] == '\r';
        bool has_lf = i + 1 < text.len && text.at[i + 1] == '\n';

        if (text.at[i] == '\0' || (text.at[i] == '\n' && !has_cr) ||
            (text.at[i] == '\r' && !has_lf))
            return true;
    }
    return false;
}

static void odd_octets_are_found_at_each_place(void **state)
{
    static const char *const pieces[] = {"\r", "\n", "\r\n", "\n\r", "\r\r\n", "\r\n\n", "x"};

    (void)state;
    for (size_t len = 0; len <= TEXT_OCTETS; len++)
        for (size_t at = 0; at <= len; at++)
            for (size_t i = 0; i < COUNT_OF(pieces); i++) {
                char *bytes = arena_alloc(arena, len + 1);
                size_t part = strlen(pieces[i]);
                struct span text = span_make(bytes, len);

                memset(bytes, 'x', len);
                memcpy(bytes + at, pieces[i], part < len - at ? part : len - at);
                assert_int_equal(mail_octets_are_odd(text), odd_slowly(text));
                arena_reset(arena);
            }
}

static void a_nul_and_8bit_octets_are_found_at_each_place(void **state)
{
    char bytes[TEXT_OCTETS];

    (void)state;
    for (size_t at = 0; at < sizeof(bytes); at++) {
        memset(bytes, 'x', sizeof(bytes));
        assert_false(mail_octets_are_odd(span_make(bytes, sizeof(bytes))));
        assert_false(mail_octets_are_8bit(span_make(bytes, sizeof(bytes))));
        bytes[at] = '\0';
        assert_true(mail_octets_are_odd(span_make(bytes, sizeof(bytes))));
        bytes[at] = '\x80';
        assert_true(mail_octets_are_8bit(span_make(bytes, sizeof(bytes))));
    }
}

/* has_long - after a short line one of `len` octets, with or without its end */
static bool has_long(size_t len, const char *end)
{
    struct sbuf text = sbuf_start(arena);

    sbuf_add(&text, "short\r\n");
    for (size_t i = 0; i < len; i++)
        sbuf_add_octet(&text, 'x');
    sbuf_add(&text, end);
    return mail_octets_have_long_line(sbuf_span(&text));
}

static void a_line_is_long_from_999_octets_on(void **state)
{
    (void)state;
    assert_false(has_long(0, ""));
    assert_false(has_long(MAIL_LINE_MAX, ""));
    assert_false(has_long(MAIL_LINE_MAX, "\r\n"));
    assert_false(has_long(MAIL_LINE_MAX, "\r\nand more\r\n"));
    assert_true(has_long(MAIL_LINE_MAX + 1, "\r\n"));
    assert_true(has_long(MAIL_LINE_MAX + 1, "\r\nand more\r\n"));
    assert_true(has_long(MAIL_LINE_MAX + 3, ""));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(odd_octets_are_found_at_each_place),
        cmocka_unit_test(a_nul_and_8bit_octets_are_found_at_each_place),
        cmocka_unit_test(a_line_is_long_from_999_octets_on),
    };

    return cmocka_run_group_tests(tests, open_arena, close_arena);
}
