/* Tag lists: what stands where, every departure from the grammar, base64. */
#include "records.h"

#include "base/base64.h"
#include "base/limits.h"
#include "base/sbuf.h"
#include "record/rec_tags.h"

static struct rec_tags parse(struct arena *arena, const char *text)
{
    struct rec_tags tags;

    rec_tags_parse(arena, span_of(text), &tags);
    return tags;
}

static void tags_keep_their_order_place_and_folding(void **state)
{
    struct rec_tags tags = parse(*state, " v = 1 ; B=\r\n\ta b\r\n c ;x_1=;");

    assert_null(tags.faults);
    records_assert_span(tags.first->name, "v");
    records_assert_span(tags.first->value, "1");
    assert_int_equal(tags.first->at, 1);
    records_assert_span(tags.first->next->name, "B");
    records_assert_span(tags.first->next->value, "a b\r\n c");
    assert_int_equal(tags.first->next->at, 9);
    records_assert_span(tags.first->next->next->name, "x_1");
    assert_int_equal(tags.first->next->next->value.len, 0);
    assert_null(tags.first->next->next->next);
}

static void names_are_found_with_their_case(void **state)
{
    struct rec_tags tags = parse(*state, "a=1; A=2; aa=3");

    assert_null(tags.faults); /* no duplicates: case matters */
    records_assert_span(rec_tags_find(&tags, "A")->value, "2");
    records_assert_span(rec_tags_find(&tags, "aa")->value, "3");
    assert_null(rec_tags_find(&tags, "b"));
}

static void a_value_may_hold_equals_and_utf8(void **state)
{
    struct rec_tags tags = parse(*state, "p=abc==; i=\xC3\xBC@example.com");

    assert_null(tags.faults);
    records_assert_span(tags.first->value, "abc==");
    records_assert_span(tags.first->next->value, "\xC3\xBC@example.com");
}

static void every_departure_is_a_fault_with_its_place(void **state)
{
    static const struct {
        const char *text;
        enum rec_tag_fault kind;
        size_t at;
    } cases[] = {
        {"v=1; foo; b=2", REC_TAG_NO_EQUALS, 5},
        {"v=1; =x", REC_TAG_NAME, 5},
        {"v=1; 1a=x", REC_TAG_NAME, 5},
        {"v=1; a-b=x", REC_TAG_NAME, 5},
        {"v=1; a b=x", REC_TAG_NAME, 5},
        {"v=1; \xC3\xBC=x", REC_TAG_NAME, 5},
        {"v=1; a=\x01", REC_TAG_VALUE, 7},
        {"v=1; a=x\x7Fy", REC_TAG_VALUE, 7},
        {"v=1; a=x\ny", REC_TAG_VALUE, 7},
        {"v=1; a=x\ry", REC_TAG_VALUE, 7},
        {"v=1; a=x\r\ny", REC_TAG_VALUE, 7}, /* no folding: a blank must follow */
        {"v=1; a=\xFF", REC_TAG_VALUE, 7},
        {"v=1; v=2", REC_TAG_DUPLICATE, 5},
        {"v=1;; a=b", REC_TAG_EMPTY, 4},
        {"; v=1", REC_TAG_EMPTY, 0},
        {"v=1; ;", REC_TAG_EMPTY, 4},
    };

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct rec_tags tags = parse(*state, cases[i].text);

        if (tags.faults == NULL || tags.faults->next != NULL ||
            tags.faults->kind != (int)cases[i].kind || tags.faults->at != cases[i].at)
            fail_msg("\"%s\": %s", cases[i].text,
                     tags.faults == NULL ? "no fault" : tags.faults->text);
        assert_true(tags.faults->is_fatal);
    }
}

static void a_nul_is_no_end(void **state)
{
    struct rec_tags tags;

    rec_tags_parse(*state, span_make("a=x\0y; b=1", 10), &tags);
    assert_int_equal(tags.faults->kind, REC_TAG_VALUE);
    assert_int_equal(tags.first->value.len, 3);
    records_assert_span(rec_tags_find(&tags, "b")->value, "1");
}

static void an_empty_text_has_neither_tags_nor_faults(void **state)
{
    struct rec_tags tags = parse(*state, "");

    assert_null(tags.first);
    assert_null(tags.faults);
    tags = parse(*state, " \t\r\n ");
    assert_null(tags.first);
    assert_null(tags.faults);
    rec_tags_parse(*state, span_make(NULL, 0), &tags);
    assert_null(tags.first);
}

static void duplicates_are_kept_and_the_first_is_found(void **state)
{
    struct rec_tags tags = parse(*state, "a=1; a=2; a=3");
    size_t count = 0;

    for (const struct fault *fault = tags.faults; fault != NULL; fault = fault->next)
        count++;
    assert_int_equal(count, 2);
    records_assert_span(rec_tags_find(&tags, "a")->value, "1");
    records_assert_span(tags.first->next->value, "2");
}

/* list_of - so many pieces "a=1", or empty ones */
static struct rec_tags list_of(struct arena *arena, const char *piece, size_t count)
{
    struct sbuf text = sbuf_start(arena);
    struct rec_tags tags;

    for (size_t i = 0; i < count; i++)
        sbuf_add(&text, piece);
    rec_tags_parse(arena, sbuf_span(&text), &tags);
    return tags;
}

static size_t count_faults(const struct rec_tags *tags)
{
    size_t count = 0;

    for (const struct fault *fault = tags->faults; fault != NULL; fault = fault->next)
        count++;
    return count;
}

static void every_fault_up_to_the_last_tag_is_told(void **state)
{
    struct rec_tags tags = list_of(*state, ";", LIMIT_TAGS);

    assert_int_equal(count_faults(&tags), LIMIT_TAGS);
    assert_int_equal(tags.faults->kind, REC_TAG_EMPTY);
    tags =
        list_of(*state, "1=\x01;", LIMIT_TAGS); /* a name, a value, and there is one already */
    assert_int_equal(count_faults(&tags), 3 * LIMIT_TAGS - 1);
}

/* bound: LIMIT_TAGS both */
static void a_list_with_one_tag_more_is_not_read_on_and_says_so_first(void **state)
{
    struct rec_tags tags = list_of(*state, "a=1;", LIMIT_TAGS + 1);
    size_t count = 0;

    assert_int_equal(tags.faults->kind, REC_TAG_TOO_MANY);
    assert_int_equal(tags.faults->at, 0);
    assert_true(tags.faults->is_fatal);
    assert_string_equal(tags.faults->text,
                        "more than 200 tags; what follows them was not read");
    assert_int_equal(count_faults(&tags), LIMIT_TAGS);
    for (const struct rec_tag *tag = tags.first; tag != NULL; tag = tag->next)
        count++;
    assert_int_equal(count, LIMIT_TAGS);
    tags = list_of(*state, ";", 4000);
    assert_int_equal(count_faults(&tags), LIMIT_TAGS + 1);
}

static void what_is_shown_of_a_fault_is_escaped(void **state)
{
    struct rec_tags tags = parse(*state, "a=\x1B[2J");

    assert_null(strchr(tags.faults->text, '\x1B'));
}

static void blanks_are_removed(void **state)
{
    records_assert_span(rec_without_blanks(*state, span_of(" a\r\n\tb c ")), "abc");
    assert_int_equal(rec_without_blanks(*state, span_of("")).len, 0);
}

static void base64_is_read_strictly(void **state)
{
    static const struct {
        const char *text;
        const char *octets; /* NULL: malformed */
    } cases[] = {
        {"", ""},
        {"Zg==", "f"},
        {"Zm8=", "fo"},
        {"Zm9v", "foo"}, /* RFC 4648, 10 */
        {"Zm9vYg==", "foob"},
        {"Zm9vYmE=", "fooba"},
        {"Zm9vYmFy", "foobar"},
        {"Zg", NULL},
        {"Zg=", NULL},
        {"Z", NULL},
        {"Z===", NULL},
        {"====", NULL},
        {"=", NULL},
        {"Zm9v=", NULL},
        {"Zg==Zg==", NULL},
        {"Zm-v", NULL},
        {"Zm_v", NULL},
        {"Zm 9v", NULL},
        {"Zm9v\n", NULL},
        {"+/+/", "\xFB\xFF\xBF"},
    };

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct span octets;
        bool is_sound = base64_decode(*state, span_of(cases[i].text), &octets);

        if (is_sound != (cases[i].octets != NULL))
            fail_msg("\"%s\"", cases[i].text);
        if (is_sound) {
            records_assert_span(octets, cases[i].octets);
            records_assert_span(base64_encode(*state, octets), cases[i].text);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        RECORDS_TEST(tags_keep_their_order_place_and_folding),
        RECORDS_TEST(names_are_found_with_their_case),
        RECORDS_TEST(a_value_may_hold_equals_and_utf8),
        RECORDS_TEST(every_departure_is_a_fault_with_its_place),
        RECORDS_TEST(a_nul_is_no_end),
        RECORDS_TEST(an_empty_text_has_neither_tags_nor_faults),
        RECORDS_TEST(duplicates_are_kept_and_the_first_is_found),
        RECORDS_TEST(every_fault_up_to_the_last_tag_is_told),
        RECORDS_TEST(a_list_with_one_tag_more_is_not_read_on_and_says_so_first),
        RECORDS_TEST(what_is_shown_of_a_fault_is_escaped),
        RECORDS_TEST(blanks_are_removed),
        RECORDS_TEST(base64_is_read_strictly),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
