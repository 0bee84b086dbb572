/* Which lines a text and another version of it do not share. */
#include "base/limits.h"
#include "base/line_diff.h"
#include "base/sbuf.h"
#include "unit.h"

/* marks - '+' for each added line, '.' for the others; then '-' for the old ones */
static const char *marks(struct arena *arena, const char *before, const char *after)
{
    const struct line_diff *diff = line_diff_make(arena, span_of(before), span_of(after));
    struct sbuf out = sbuf_start(arena);

    for (size_t i = 0; i < diff->new_lines; i++)
        sbuf_add_octet(&out, diff->is_added[i] ? '+' : '.');
    sbuf_add_octet(&out, '/');
    for (size_t i = 0; i < diff->old_lines; i++)
        sbuf_add_octet(&out, diff->is_removed[i] ? '-' : '.');
    return sbuf_text(&out);
}

static void the_fewest_lines_are_marked(void **state)
{
    static const struct {
        const char *before;
        const char *after;
        const char *want;
    } rows[] = {
        {"a\nb\nc\n", "a\nb\nc\n", ".../..."},
        {"a\nb\nc\n", "a\nx\nc\n", ".+./.-."},
        {"a\nb\nc\n", "a\nc\n", "../.-."},
        {"a\nc\n", "a\nb\nc\n", ".+./.."},
        {"", "a\n", "+/"},
        {"a\n", "", "/-"},
        {"a", "a\n", "./."},
        {"a\nb\nc\nd\n", "x\nb\ny\nd\n", "+.+./-.-."},
        {"a\nb\nc\na\nb\nb\na\n", "c\nb\na\nb\na\nc\n", NULL}, /* from the paper: five edits */
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct arena *arena = arena_open();
        const char *got = marks(arena, rows[i].before, rows[i].after);
        size_t edits = 0;

        for (const char *at = got; *at != '\0'; at++)
            edits += *at == '+' || *at == '-';
        if (rows[i].want != NULL)
            assert_string_equal(got, rows[i].want);
        else
            assert_int_equal(edits, 5);
        arena_close(arena);
    }
}

static void a_line_leads_to_the_nearest_change(void **state)
{
    struct arena *arena = arena_open();
    const struct line_diff *diff =
        line_diff_make(arena, span_of("a\nb\nc\nd\ne\n"), span_of("a\nX\nc\nd\nY\n"));

    (void)state;
    assert_int_equal(line_diff_nearest(diff, 1), 2);
    assert_int_equal(line_diff_nearest(diff, 3), 2);
    assert_int_equal(line_diff_nearest(diff, 4), 5);
    assert_int_equal(diff->new_of[3], 3);
    diff = line_diff_make(arena, span_of("a\nb\nc\n"), span_of("a\nc\n"));
    assert_int_equal(line_diff_nearest(diff, 1), 2); /* beside what was removed */
    diff = line_diff_make(arena, span_of("a\n"), span_of("a\n"));
    assert_int_equal(line_diff_nearest(diff, 1), 0);
    arena_close(arena);
}

/* with_changed - as many lines, every other one changed */
static const char *with_changed(struct arena *arena, size_t changed, char mark)
{
    struct sbuf out = sbuf_start(arena);

    for (size_t i = 0; i < changed; i++)
        sbuf_addf(&out, "same %zu\n%c %zu\n", i, mark, i);
    sbuf_add(&out, "end\n");
    return sbuf_text(&out);
}

/* bound: LIMIT_DIFF_LINES both */
static void too_many_changes_are_one(void **state)
{
    (void)state;
    for (size_t over = 0; over <= 1; over++) {
        struct arena *arena = arena_open();
        size_t changed = LIMIT_DIFF_LINES / 2 + over;
        const struct line_diff *diff =
            line_diff_make(arena, span_of(with_changed(arena, changed, 'a')),
                           span_of(with_changed(arena, changed, 'b')));

        assert_true(diff->is_added[1]);
        assert_int_equal(diff->is_added[2], over == 1);
        assert_false(diff->is_added[0]);
        assert_false(diff->is_added[diff->new_lines - 1]);
        arena_close(arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_fewest_lines_are_marked),
        cmocka_unit_test(a_line_leads_to_the_nearest_change),
        cmocka_unit_test(too_many_changes_are_one),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
