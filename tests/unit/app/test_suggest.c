/* What is suggested for a word that is none. */
#include "app/app_suggest.h"
#include "unit.h"

static void distances_count_what_was_done_to_a_word(void **state)
{
    (void)state;
    assert_int_equal(app_suggest_distance("check", "check"), 0);
    assert_int_equal(app_suggest_distance("chek", "check"), 1);
    assert_int_equal(app_suggest_distance("cheeck", "check"), 1);
    assert_int_equal(app_suggest_distance("chuck", "check"), 1);
    assert_int_equal(app_suggest_distance("hceck", "check"), 1);
    assert_int_equal(app_suggest_distance("", "spf"), 3);
    assert_int_equal(app_suggest_distance("spf", ""), 3);
    assert_int_equal(app_suggest_distance("dkim", "dmarc"), 4);
}

/* nearest - the best of three commands; NULL */
static const char *nearest(const char *written)
{
    struct app_suggest suggest = app_suggest_start(written);

    app_suggest_offer(&suggest, "check");
    app_suggest_offer(&suggest, "snapshot");
    app_suggest_offer(&suggest, "findings");
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(distances_count_what_was_done_to_a_word),
        cmocka_unit_test(the_nearest_word_is_suggested),
        cmocka_unit_test(nothing_is_suggested_for_what_is_far),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
