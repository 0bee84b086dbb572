/* Spans look at bytes; every function is total. */
#include "base/span.h"
#include "unit.h"

static void cut_takes_fields_one_by_one(void **state)
{
    struct span rest = span_of("a;b;;c");

    (void)state;
    assert_true(span_equal_text(span_cut(&rest, ';'), "a"));
    assert_true(span_equal_text(span_cut(&rest, ';'), "b"));
    assert_true(span_equal_text(span_cut(&rest, ';'), ""));
    assert_true(span_equal_text(span_cut(&rest, ';'), "c"));
    assert_null(rest.at);
}

static void an_empty_last_field_is_a_field(void **state)
{
    struct span rest = span_of("a;");

    (void)state;
    span_cut(&rest, ';');
    assert_non_null(rest.at);
    assert_int_equal(rest.len, 0);
}

static void sub_clamps_beyond_the_end(void **state)
{
    (void)state;
    assert_int_equal(span_sub(span_of("abc"), 5, 2).len, 0);
    assert_true(span_equal_text(span_sub(span_of("abc"), 1, 99), "bc"));
    assert_int_equal(span_sub(span_of(NULL), 0, 9).len, 0);
}

static void trim_knows_folding(void **state)
{
    (void)state;
    assert_true(span_equal_text(span_trim(span_of("\r\n\t a b \r\n")), "a b"));
    assert_int_equal(span_trim(span_of(" \t")).len, 0);
}

static void case_is_folded_for_ascii_only(void **state)
{
    (void)state;
    assert_true(span_equal_nocase(span_of("DKIM"), "dkim"));
    assert_false(span_equal_nocase(span_of("\xc4"), "\xe4"));
    assert_true(span_starts_with_nocase(span_of("V=spf1 "), "v=SPF1"));
    assert_true(span_ends_with_nocase(span_of("a.EXAMPLE"), ".example"));
    assert_false(span_ends_with_nocase(span_of("x"), "xx"));
}

static void numbers_are_digits_within_bounds(void **state)
{
    uint64_t number = 7;

    (void)state;
    assert_true(span_to_number(span_of("0032"), 32, &number));
    assert_int_equal(number, 32);
    assert_false(span_to_number(span_of("33"), 32, &number));
    assert_false(span_to_number(span_of(""), 32, &number));
    assert_false(span_to_number(span_of("-1"), 32, &number));
    assert_false(span_to_number(span_of("1 "), 32, &number));
    assert_false(span_to_number(span_of("99999999999999999999"), UINT64_MAX, &number));
    assert_int_equal(number, 32);
}

static void find_sees_past_nul(void **state)
{
    struct span bytes = span_make("a\0b;c;", 6);

    (void)state;
    assert_int_equal(span_find(bytes, ';'), 3);
    assert_int_equal(span_find_last(bytes, ';'), 5);
    assert_int_equal(span_find(bytes, 'x'), -1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cut_takes_fields_one_by_one),
        cmocka_unit_test(an_empty_last_field_is_a_field),
        cmocka_unit_test(sub_clamps_beyond_the_end),
        cmocka_unit_test(trim_knows_folding),
        cmocka_unit_test(case_is_folded_for_ascii_only),
        cmocka_unit_test(numbers_are_digits_within_bounds),
        cmocka_unit_test(find_sees_past_nul),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
