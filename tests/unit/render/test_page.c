/* Columns, wrapping, colour, and text made safe. */
#include "render/render_page.h"
#include "unit.h"
#include "base/sbuf.h"

/* begin - a page of this width */
static struct page begin(struct arena *arena, struct sbuf *out, unsigned width)
{
    const struct report_options options = {.width = width};

    *out = sbuf_start(arena);
    return page_open(&options, out);
}

static void text_is_wrapped_into_its_column(void **state)
{
    struct arena *arena = arena_open();
    struct sbuf out;
    struct page page = begin(arena, &out, 50);

    (void)state;
    page_put(&page, PAGE_PLAIN, "SPF");
    page_to(&page, 20);
    page_wrap(&page, PAGE_PLAIN, "the quick brown fox jumps over the lazy dog");
    assert_string_equal(sbuf_text(&out), "SPF                 the quick brown fox jumps over\n"
                                         "                    the lazy dog\n");
    arena_close(arena);
}

static void a_word_wider_than_the_column_is_cut(void **state)
{
    struct arena *arena = arena_open();
    struct sbuf out;
    struct page page = begin(arena, &out, 50);

    (void)state;
    page_to(&page, 20);
    page_wrap(&page, PAGE_PLAIN, "a aaaaaaaaaabbbbbbbbbbccccccccccdddddddddd");
    assert_string_equal(sbuf_text(&out), "                    a\n"
                                         "                    aaaaaaaaaabbbbbbbbbbcccccccccc\n"
                                         "                    dddddddddd\n");
    arena_close(arena);
}

static void characters_are_counted_and_not_octets(void **state)
{
    struct arena *arena = arena_open();
    struct sbuf out;
    struct page page = begin(arena, &out, 50);

    (void)state;
    assert_int_equal(page_columns("b\303\274cher"), 6);
    page_put(&page, PAGE_PLAIN, "\303\274\303\274");
    page_to(&page, 4);
    page_put(&page, PAGE_PLAIN, "x");
    assert_string_equal(sbuf_text(&out), "\303\274\303\274  x");
    arena_close(arena);
}

static void empty_lines_do_not_pile_up(void **state)
{
    struct arena *arena = arena_open();
    struct sbuf out;
    struct page page = begin(arena, &out, 0);

    (void)state;
    page_put(&page, PAGE_PLAIN, "a");
    for (int i = 0; i < 4; i++)
        page_end(&page);
    page_put(&page, PAGE_PLAIN, "b");
    page_end(&page);
    page_wrap(&page, PAGE_PLAIN, "");
    assert_string_equal(sbuf_text(&out), "a\n\nb\n");
    arena_close(arena);
}

static void colour_is_put_around_and_never_without_being_asked(void **state)
{
    const struct report_options options = {.has_color = true};
    struct arena *arena = arena_open();
    struct sbuf out = sbuf_start(arena);
    struct page page = page_open(&options, &out);

    (void)state;
    page_put(&page, PAGE_GOOD, "pass");
    page_put(&page, PAGE_PLAIN, " x");
    assert_string_equal(sbuf_text(&out), "\033[1;32mpass\033[0m x");
    assert_int_equal(page.column, 6);
    page = begin(arena, &out, 0);
    page_put(&page, PAGE_GOOD, "pass");
    assert_string_equal(sbuf_text(&out), "pass");
    arena_close(arena);
}

static void what_is_put_is_made_safe(void **state)
{
    struct arena *arena = arena_open();
    struct sbuf out;
    struct page page = begin(arena, &out, 0);

    (void)state;
    page_put(&page, PAGE_PLAIN, "a\033[31m\r\nb\302\233c\342\200\256d\377");
    assert_string_equal(sbuf_text(&out), "a\\x1b[31m\\x0d\\x0ab\\u{9b}c\\u{202e}d\\xff");
    arena_close(arena);
}

static void safe_text_stays_as_it_is(void **state)
{
    static const char *const texts[] = {
        "", "plain", "a\\x1b[31m", "\\\\", "b\303\274cher \\", "\\\\x\\"};
    struct arena *arena = arena_open();

    (void)state;
    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        assert_string_equal(render_safe(arena, texts[i]), texts[i]);
    }
    assert_null(render_safe(arena, NULL));
    assert_null(render_raw(arena, NULL));
    assert_string_equal(render_raw(arena, "a\\b"), "a\\\\b");
    arena_close(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text_is_wrapped_into_its_column),
        cmocka_unit_test(a_word_wider_than_the_column_is_cut),
        cmocka_unit_test(characters_are_counted_and_not_octets),
        cmocka_unit_test(empty_lines_do_not_pile_up),
        cmocka_unit_test(colour_is_put_around_and_never_without_being_asked),
        cmocka_unit_test(what_is_put_is_made_safe),
        cmocka_unit_test(safe_text_stays_as_it_is),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
