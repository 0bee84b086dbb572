/* Two columns where there is room, one where there is none, and every note is there. */
#include "render/render_session.h"
#include "unit_arena.h"
#include "base/sbuf.h"

/* rendered - one step on a page of this width */
static const char *rendered(unsigned width)
{
    const struct report_options options = {.width = width};
    struct session_step step = {.name = "ehlo",
                                .client = "EHLO client.example",
                                .server = "250-mx.example\n250 SIZE 10"};
    struct sbuf out = sbuf_start(arena);
    struct page page = page_open(&options, &out);

    session_note(arena, &step, SESSION_PLAIN, "the name resolves");
    render_session_steps(&page, &step);
    return sbuf_text(&out);
}

static void a_wide_page_has_two_columns(void **state)
{
    (void)state;
    assert_string_equal(rendered(80), "  C: EHLO client.example            the name resolves\n"
                                      "  S: 250-mx.example\n"
                                      "  S: 250 SIZE 10\n\n");
}

static void a_narrow_page_has_one(void **state)
{
    (void)state;
    assert_string_equal(rendered(60), "  C: EHLO client.example\n"
                                      "  S: 250-mx.example\n"
                                      "  S: 250 SIZE 10\n"
                                      "       the name resolves\n\n");
}

static void no_line_is_wider_than_the_page(void **state)
{
    struct session_step step = {.name = "mail"};

    (void)state;
    step.client = arena_printf(arena, "MAIL FROM:<%0200d@example.com>", 7);
    session_note(arena, &step, SESSION_PLAIN, arena_printf(arena, "%0300d words and words", 7));
    for (unsigned width = 50; width <= 110; width++) {
        const struct report_options options = {.width = width};
        struct sbuf out = sbuf_start(arena);
        struct page page = page_open(&options, &out);
        struct span rest;

        render_session_steps(&page, &step);
        rest = sbuf_span(&out);
        while (rest.len > 0)
            assert_in_range(span_cut(&rest, '\n').len, 0, width);
    }
}

static void hostile_lines_are_made_safe(void **state)
{
    const struct report_options options = {.width = 80};
    struct session_step step = {.name = "greeting", .server = "220 \033[2J\n220 \xff"};
    struct sbuf out = sbuf_start(arena);
    struct page page = page_open(&options, &out);

    (void)state;
    render_session_steps(&page, &step);
    assert_string_equal(sbuf_text(&out), "  S: 220 \\x1b[2J\n  S: 220 \\xff\n\n");
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_wide_page_has_two_columns),
        cmocka_unit_test(a_narrow_page_has_one),
        cmocka_unit_test(no_line_is_wider_than_the_page),
        cmocka_unit_test(hostile_lines_are_made_safe),
    };

    return cmocka_run_group_tests(tests, open_arena, close_arena);
}
