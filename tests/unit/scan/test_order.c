/* Reports go out in the order of their lines, whenever they come. */
#include "base/limits.h"
#include "base/sbuf.h"
#include "scan/scan_order.h"
#include "unit_arena.h"

static struct sbuf written;
static bool is_full; /* the disk */

static bool write_down(void *ctx, const struct scan_done *done, struct err *why)
{
    (void)ctx;
    if (is_full) {
        err_set(why, "no space left");
        return false;
    }
    sbuf_add_span(&written, done->report);
    return true;
}

static struct scan_order *open_order(void)
{
    written = sbuf_start(arena);
    is_full = false;
    return scan_order_open(arena, write_down, NULL);
}

/* put - the report of the subject with the serial */
static bool put(struct scan_order *order, uint64_t serial, const char *report)
{
    const struct scan_done done = {.line.serial = serial, .report = span_of(report)};
    struct err why = {0};

    return scan_order_put(order, &done, &why);
}

static void reports_wait_for_those_before(void **state)
{
    struct scan_order *order = open_order();

    (void)state;
    assert_true(put(order, 2, "c"));
    assert_true(put(order, 1, "b"));
    assert_string_equal(sbuf_text(&written), "");
    assert_true(put(order, 0, "a"));
    assert_string_equal(sbuf_text(&written), "abc");
    assert_true(put(order, 3, "d"));
    assert_string_equal(sbuf_text(&written), "abcd");
    scan_order_close(order);
}

static void unordered_ones_do_not_wait(void **state)
{
    struct scan_order *order = open_order();

    (void)state;
    scan_order_give_up(order);
    assert_true(put(order, 2, "c"));
    assert_true(put(order, 0, "a"));
    assert_string_equal(sbuf_text(&written), "ca");
    scan_order_close(order);
}

/* bound: LIMIT_HELD_REPORTS both, LIMIT_HELD_BYTES both */
static void so_many_are_held_and_no_more(void **state)
{
    struct scan_order *order = open_order();
    char *large = arena_alloc(arena, LIMIT_HELD_BYTES + 1);

    (void)state;
    assert_true(scan_order_has_room(order, LIMIT_HELD_REPORTS - 1));
    assert_false(scan_order_has_room(order, LIMIT_HELD_REPORTS));
    memset(large, 'x', LIMIT_HELD_BYTES - 1);
    put(order, 1, large);
    assert_true(scan_order_has_room(order, 2));
    put(order, 2, "y");
    assert_false(scan_order_has_room(order, 3));
    assert_true(scan_order_has_room(order, 0)); /* the one that all wait for */
    put(order, 0, "a");
    assert_true(scan_order_has_room(order, 3));
    scan_order_close(order);
}

static void what_cannot_be_written_is_said_once(void **state)
{
    struct scan_order *order = open_order();

    (void)state;
    put(order, 1, "b");
    put(order, 2, "c");
    is_full = true;
    assert_false(put(order, 0, "a"));
    scan_order_close(order); /* gives back what is held */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reports_wait_for_those_before),
        cmocka_unit_test(unordered_ones_do_not_wait),
        cmocka_unit_test(so_many_are_held_and_no_more),
        cmocka_unit_test(what_cannot_be_written_is_said_once),
    };

    return cmocka_run_group_tests(tests, open_arena, close_arena);
}
