/* Arenas, growing arrays, buffers and files. */
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/file_write.h"
#include "base/sbuf.h"
#include "unit.h"

static void memory_is_zeroed_after_a_reset_too(void **state)
{
    struct arena *arena = arena_open();

    (void)state;
    for (int round = 0; round < 3; round++) {
        unsigned char *bytes = arena_alloc(arena, 5000);

        for (size_t i = 0; i < 5000; i++)
            assert_int_equal(bytes[i], 0);
        memset(bytes, 0xaa, 5000);
        arena_alloc(arena, 3000000); /* larger than any block */
        arena_reset(arena);
    }
    arena_close(arena);
    arena_close(NULL);
}

/* take_pieces - as many of 1000 bytes as `ctx` says */
struct pieces {
    struct arena *arena;
    size_t wanted;
    size_t taken;
};

static void take_pieces(void *ctx)
{
    struct pieces *pieces = ctx;

    for (; pieces->taken < pieces->wanted; pieces->taken++)
        arena_alloc(pieces->arena, 1000);
}

static void work_ends_where_its_memory_does(void **state)
{
    struct pieces pieces = {.arena = arena_open(), .wanted = 1000};

    (void)state;
    assert_true(arena_try(pieces.arena, 8 << 20, take_pieces, &pieces));
    assert_int_equal(pieces.taken, 1000);
    arena_reset(pieces.arena);
    pieces = (struct pieces){.arena = pieces.arena, .wanted = 1000000};
    assert_false(arena_try(pieces.arena, 8 << 20, take_pieces, &pieces));
    assert_in_range(pieces.taken, 1000, 9000);
    arena_reset(pieces.arena);
    assert_non_null(arena_alloc(pieces.arena, 16 << 20)); /* no bound afterwards */
    arena_close(pieces.arena);
}

static void arrays_keep_what_they_hold_while_growing(void **state)
{
    struct arena *arena = arena_open();
    int *numbers = NULL;
    size_t count = 0;

    (void)state;
    for (int i = 0; i < 1000; i++)
        arena_append(arena, numbers, count, i * 3);
    assert_int_equal(count, 1000);
    for (int i = 0; i < 1000; i++)
        assert_int_equal(numbers[i], i * 3);
    arena_close(arena);
}

static void buffers_hold_any_octet(void **state)
{
    struct arena *arena = arena_open();
    struct sbuf buf = sbuf_start(arena);

    (void)state;
    assert_string_equal(sbuf_text(&buf), "");
    for (int i = 0; i < 300; i++)
        sbuf_add_octet(&buf, '\0');
    sbuf_addf(&buf, "%d %s", 42, "x");
    assert_int_equal(sbuf_span(&buf).len, 304);
    assert_memory_equal(sbuf_span(&buf).at + 300, "42 x", 4);
    assert_int_equal(sbuf_text(&buf)[304], 0);
    arena_close(arena);
}

static void a_long_reason_is_cut_with_a_mark(void **state)
{
    struct err why = {0};
    char text[ERR_TEXT_SIZE + 100];

    (void)state;
    memset(text, 'x', sizeof(text));
    text[sizeof(text) - 1] = '\0';
    err_set(&why, "%s", text);
    assert_int_equal(strlen(why.text), ERR_TEXT_SIZE - 1);
    assert_string_equal(why.text + ERR_TEXT_SIZE - 4, "...");
    assert_int_equal(why.kind, ERR_INPUT);
    err_set_kind(&why, ERR_USAGE, "no");
    assert_int_equal(why.kind, ERR_USAGE);
}

static void files_come_back_as_saved_and_bounds_hold(void **state)
{
    struct arena *arena = arena_open();
    char directory[] = "/tmp/mailassay-test-XXXXXX";
    struct span bytes = span_make("a\0b\n", 4);
    struct span loaded = {0};
    struct err why = {0};
    const char *path = NULL;

    (void)state;
    assert_non_null(mkdtemp(directory));
    path = arena_printf(arena, "%s/file", directory);
    assert_true(file_save(path, bytes, &why));
    assert_true(file_load(arena, path, 100, &loaded, &why));
    assert_true(span_equal(bytes, loaded));
    assert_false(file_load(arena, path, 3, &loaded, &why));
    assert_non_null(strstr(why.text, "larger than 3 bytes"));
    assert_false(file_load(arena, directory, 100, &loaded, &why));
    assert_non_null(strstr(why.text, "is a directory"));
    assert_false(file_load(arena, arena_printf(arena, "%s/none", directory), 9, &loaded, &why));
    assert_non_null(strstr(why.text, "No such file"));
    assert_true(file_load_text(arena, path, 100, &loaded, &why));
    assert_true(file_save(path,
                          span_make("\xff\xfe"
                                    "a\0",
                                    4),
                          &why));
    assert_false(file_load_text(arena, path, 100, &loaded, &why));
    assert_non_null(strstr(why.text, "UTF-16"));
    assert_false(file_save(arena_printf(arena, "%s/no/file", directory), bytes, &why));
    assert_non_null(strstr(why.text, "cannot be written"));
    assert_false(file_save("/dev/full", bytes, &why));
    assert_non_null(strstr(why.text, "No space left"));
    unlink(path);
    assert_int_equal(rmdir(directory), 0); /* nothing was left beside the file */
    arena_close(arena);
}

static void only_the_last_allocation_grows_where_it_is(void **state)
{
    struct arena *arena = arena_open();
    unsigned char *last = arena_alloc(arena, 100);
    bool is_grown = false;

    (void)state;
    memset(last, 0xaa, 100);
    is_grown = arena_extend(arena, last, 100, 300);
    for (size_t i = 100; is_grown && i < 300; i++)
        assert_int_equal(last[i], 0);
    assert_false(arena_extend(arena, NULL, 0, 1));
    assert_false(arena_extend(arena, last, is_grown ? 300 : 100, 3000000));
    (void)arena_alloc(arena, 1);
    assert_false(arena_extend(arena, last, is_grown ? 300 : 100, 400));
    for (size_t i = 0; i < 100; i++)
        assert_int_equal(last[i], 0xaa);
    arena_close(arena);
}

static void texts_of_texts_are_formatted_as_all_others(void **state)
{
    struct arena *arena = arena_open();

    (void)state;
    assert_string_equal(arena_printf(arena, "%s", ""), "");
    assert_string_equal(arena_printf(arena, "plain"), "plain");
    assert_string_equal(arena_printf(arena, "%s and %s.", "one", "%s"), "one and %s.");
    assert_string_equal(arena_printf(arena, "%s%s", "one", "two"), "onetwo");
    assert_string_equal(arena_printf(arena, "100%% of %s", "it"), "100% of it");
    assert_string_equal(arena_printf(arena, "%s: %d", "number", 7), "number: 7");
    assert_string_equal(arena_printf(arena, "%.3s %s", "number", "b"), "num b");
    arena_close(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(memory_is_zeroed_after_a_reset_too),
        cmocka_unit_test(only_the_last_allocation_grows_where_it_is),
        cmocka_unit_test(texts_of_texts_are_formatted_as_all_others),
        cmocka_unit_test(work_ends_where_its_memory_does),
        cmocka_unit_test(arrays_keep_what_they_hold_while_growing),
        cmocka_unit_test(buffers_hold_any_octet),
        cmocka_unit_test(a_long_reason_is_cut_with_a_mark),
        cmocka_unit_test(files_come_back_as_saved_and_bounds_hold),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
