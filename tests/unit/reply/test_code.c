/* Codes: what is asked about, which rows fit, and that the table holds together. */
#include "reply/reply.h"
#include "reply/reply_class.h"
#include "unit_arena.h"

/* found - rows for the codes and the text of a reply: how many are by `who` */
static size_t found(const char *text, const char *who)
{
    struct reply_input input = {0};
    struct reply_code_query query = {0};
    size_t count = 0;
    size_t hits = 0;
    const struct reply_code **rows = NULL;

    reply_input_read(arena, span_of(text), &input);
    assert_true(input.code != 0 || input.enhanced.kind != 0);
    query = (struct reply_code_query){input.code, input.enhanced, input.text};
    rows = reply_code_find(arena, &query, &count);
    for (size_t i = 0; i < count; i++)
        hits += strcmp(rows[i]->who, who) == 0;
    return hits;
}

static void colliding_meanings_are_all_found(void **state)
{
    (void)state;
    assert_int_equal(found("550 5.7.27", "standard"), 1);
    assert_int_equal(found("550 5.7.27", "Gmail"), 1);
    assert_int_equal(found("5.7.30", "standard"), 1);
    assert_int_equal(found("5.7.30", "Gmail"), 1);
    assert_int_equal(found("5.7.30", "Exchange Online"), 1);
    assert_int_equal(found("550 5.7.30", "Yahoo"), 0);
}

static void ranges_hold_their_ends(void **state)
{
    (void)state;
    assert_int_equal(found("550 5.7.606", "Exchange Online"), 1);
    assert_int_equal(found("550 5.7.649", "Exchange Online"), 1);
    assert_int_equal(found("550 5.7.650", "Exchange Online"), 0);
    assert_int_equal(found("550 5.7.605", "Exchange Online"), 0);
}

static void marks_are_found_in_text(void **state)
{
    (void)state;
    assert_int_equal(found("421 4.7.0 [TSS04] x", "Yahoo"), 1);
    assert_int_equal(found("421 RP-001 x", "Outlook.com"), 1);
    assert_int_equal(found("550 5.7.1 Relaying denied", "common"), 1);
    assert_int_equal(found("550 5.7.1 something else", "common"), 0);
    assert_int_equal(found("550 5.7.1", "common"), 2);
}

static void a_contradicting_enhanced_code_is_found_all_the_same(void **state)
{
    (void)state;
    assert_int_equal(found("421 5.7.32", "Gmail"), 1);
    assert_int_equal(found("5.7.32", "Gmail"), 1);
}

static void a_row_without_reply_answers_for_its_class(void **state)
{
    (void)state;
    assert_int_equal(found("451 4.4.7", "standard"), 1);
    assert_int_equal(found("550 5.1.10", "standard"), 1);
}

static void a_reply_gets_the_meaning_that_fits_best(void **state)
{
    static const struct {
        const char *reply;
        const char *meaning; /* NULL: no row */
    } cases[] = {
        {"535 5.7.8 zzz\r\n", "the login failed: user or password is wrong"},
        {"550 5.7.25 zzz\r\n", "reverse DNS of the client fails"},
        {"550 5.7.1 zzz\r\n", "refused by policy"},
        {"550 no\r\n", "refused: no such mailbox, or policy"},
        {"220 hello\r\n", "ready: the greeting, or the go-ahead for TLS"},
        {"556 5.1.10 x\r\n", "the recipient's domain accepts no mail: null MX"},
        {"599 x\r\n", NULL},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct reply reply = {0};
        struct reply_input input = {0};
        const struct reply_class *class = NULL;

        reply_parse(arena, span_of(cases[i].reply), &reply);
        reply_input_of(arena, &reply, &input);
        class = reply_classify(arena, &input);
        if (cases[i].meaning == NULL)
            assert_null(class->row);
        else
            assert_string_equal(class->means, cases[i].meaning);
    }
}

static void every_row_is_sound(void **state)
{
    (void)state;
    assert_in_range(reply_code_count(), 100, 400);
    for (size_t i = 0; i < reply_code_count(); i++) {
        const struct reply_code *row = reply_code_get(i);
        bool is_standard = strcmp(row->who, "standard") == 0;

        assert_true(row->reply == 0 || (row->reply >= 200 && row->reply < 560));
        assert_true(row->reply != 0 || row->enhanced != NULL);
        assert_true(row->meaning[0] != '\0');
        assert_true(!is_standard || row->standard != NULL);
        /* what fails has something to do about it */
        assert_true(row->reply < 400 || row->remedy[0] != '\0');
        if (row->reply != 0 && row->enhanced != NULL)
            assert_int_equal(row->enhanced[0] - '0', row->reply / 100);
        for (size_t j = 0; j < i; j++) {
            const struct reply_code *other = reply_code_get(j);

            assert_false(other->reply == row->reply && strcmp(other->who, row->who) == 0 &&
                         other->mark == row->mark && other->enhanced == row->enhanced);
        }
    }
}

static void classes_say_what_to_do(void **state)
{
    (void)state;
    assert_null(smtp_class_get(1));
    assert_null(smtp_class_get(6));
    assert_string_equal(smtp_class_get(4)->name, "temporary failure");
    assert_string_equal(reply_code_category(535), "the login");
    assert_string_equal(reply_code_category(550), "the mail system");
    assert_null(reply_code_category(561));
    assert_string_equal(smtp_enhanced_subject(7), "security or policy");
    assert_null(smtp_enhanced_subject(8));
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(colliding_meanings_are_all_found),
        cmocka_unit_test(ranges_hold_their_ends),
        cmocka_unit_test(marks_are_found_in_text),
        cmocka_unit_test(a_contradicting_enhanced_code_is_found_all_the_same),
        cmocka_unit_test(a_row_without_reply_answers_for_its_class),
        cmocka_unit_test(a_reply_gets_the_meaning_that_fits_best),
        cmocka_unit_test(every_row_is_sound),
        cmocka_unit_test(classes_say_what_to_do),
    };

    return cmocka_run_group_tests(tests, open_arena, close_arena);
}
