/* Suggestions for misspelt words. */
#include "base/suggest.h"
#include "base/arena.h"
#include "unit.h"

static void distances_count_what_was_done_to_a_word(void **state)
{
    (void)state;
    assert_int_equal(suggest_distance(span_of("check"), span_of("check"), 9), 0);
    assert_int_equal(suggest_distance(span_of("chek"), span_of("check"), 9), 1);
    assert_int_equal(suggest_distance(span_of("cheeck"), span_of("check"), 9), 1);
    assert_int_equal(suggest_distance(span_of("chuck"), span_of("check"), 9), 1);
    assert_int_equal(suggest_distance(span_of("hceck"), span_of("check"), 9), 1);
    assert_int_equal(suggest_distance(span_of(""), span_of("spf"), 9), 3);
    assert_int_equal(suggest_distance(span_of("spf"), span_of(""), 9), 3);
    assert_int_equal(suggest_distance(span_of("dkim"), span_of("dmarc"), 9), 4);
}

/* nearest - the best of three commands; NULL */
static const char *nearest(const char *written)
{
    struct suggest suggest = suggest_start(written);

    suggest_offer(&suggest, "check");
    suggest_offer(&suggest, "snapshot");
    suggest_offer(&suggest, "findings");
    return suggest.best;
}

static void the_nearest_word_is_suggested(void **state)
{
    (void)state;
    assert_string_equal(nearest("chekc"), "check");
    assert_string_equal(nearest("snapshto"), "snapshot");
    assert_string_equal(nearest("finding"), "findings");
    assert_string_equal(nearest("snap"), "snapshot");
}

static void nothing_is_suggested_for_what_is_far(void **state)
{
    (void)state;
    assert_null(nearest("receivers"));
    assert_null(nearest("x"));
    assert_null(nearest(""));
    assert_null(nearest("a-word-that-is-far-longer-than-every-option-there-is"));
}

static void a_list_is_read_as_a_sentence_has_it(void **state)
{
    struct arena *arena = arena_open();

    (void)state;
    assert_string_equal(suggest_among(arena, "nevr", "error, notice or never"),
                        "; did you mean never?");
    assert_string_equal(suggest_among(arena, "eror", "error, notice or never"),
                        "; did you mean error?");
    assert_string_equal(suggest_among(arena, "rejct", "accept junk reject"),
                        "; did you mean reject?");
    assert_string_equal(suggest_among(arena, "orr", "error, notice or never"), "");
    assert_string_equal(suggest_among(arena, "", "error or never"), "");
    arena_close(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(distances_count_what_was_done_to_a_word),
        cmocka_unit_test(the_nearest_word_is_suggested),
        cmocka_unit_test(nothing_is_suggested_for_what_is_far),
        cmocka_unit_test(a_list_is_read_as_a_sentence_has_it),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
