/* What the search for damages costs at most, and that it goes on at the bounds. */
#include <time.h>

#include "unit.h"

#include "auth/auth_damage.h"
#include "base/limits.h"
#include "base/sbuf.h"
#include "dkim_case.h"

#define SLACK 30 /* the bound is that of a release on an idle machine */

/* processor_ms - of what lies in between */
static double processor_ms(clock_t since)
{
    return (double)(clock() - since) * 1000 / CLOCKS_PER_SEC;
}

/* large_body - lines of words, `octets` in all */
static const char *large_body(struct arena *arena, size_t octets, const char *line)
{
    struct sbuf body = sbuf_start(arena);

    while (body.len < octets)
        sbuf_add(&body, line);
    return sbuf_text(&body);
}

/* search_ms - how long the search takes in a body that nothing explains */
static double search_ms(struct dkim_case *f, const char *line, const char *canon)
{
    struct span message = dkim_case_signed(f, large_body(f->arena, 100 * 1000, line), canon);
    const struct auth_damage *found = NULL;
    clock_t since = 0;

    message = dkim_case_replaced(f->arena, message, "\r\n\r\n", "\r\n\r\nX");
    message = dkim_case_replaced(f->arena, message, "Date: Tue", "Date: Wed");
    dkim_case_judge(f, message, dkim_case_sound_world(f));
    since = clock();
    found = auth_damage_find(f->arena, (struct mail_message *)f->prepared->message, f->prepared,
                             f->verdicts)[0];
    double spent = processor_ms(since);

    for (; found != NULL; found = found->next)
        print_message("claimed in vain: %s\n", found->text);
    return spent;
}

/* bound: LIMIT_DAMAGE_MS past, LIMIT_DAMAGE_OCTETS past */
static void a_search_in_vain_is_short(void **state)
{
    struct dkim_case *f = *state;
    static const char *const lines[] = {
        "some words that make a line of seventy octets or so, as people write\r\n",
        ".\tdots  and tabs \r\n",
        "\r\n",
        "a\r\n",
        "From \xC3\xA9t\xC3\xA9 =20\r\n",
        "no line end at all "};

    for (size_t i = 0; i < COUNT_OF(lines); i++) {
        double simple = search_ms(f, lines[i], "simple/simple");
        double relaxed = search_ms(f, lines[i], "relaxed/relaxed");

        print_message("\"%.10s\": simple %.1f ms, relaxed %.1f ms\n", lines[i], simple,
                      relaxed);
        /* the bound is that of a release; slack for other builds and busy machines */
        assert_true(simple < LIMIT_DAMAGE_MS * SLACK);
        assert_true(relaxed < LIMIT_DAMAGE_MS * SLACK);
    }
}

/* found_in - kinds that are found for each signature of a message, as "kind,kind;kind" */
static const char *found_in(struct dkim_case *f, struct span message)
{
    struct sbuf text = sbuf_start(f->arena);
    const struct auth_damage *const *lists = NULL;

    dkim_case_judge(f, message, dkim_case_sound_world(f));
    lists = auth_damage_find(f->arena, (struct mail_message *)f->prepared->message, f->prepared,
                             f->verdicts);
    for (size_t i = 0; i < f->prepared->count; i++) {
        for (const struct auth_damage *damage = lists[i]; damage != NULL; damage = damage->next)
            sbuf_addf(&text, "%s%s", auth_damage_kind_to_text(damage->kind),
                      damage->next != NULL ? "," : "");
        sbuf_add(&text, i + 1 < f->prepared->count ? ";" : "");
    }
    return sbuf_text(&text);
}

/* appended - a message of the body with a line more behind */
static struct span appended(struct dkim_case *f, const char *body, const char *canon)
{
    return span_of(
        arena_printf(f->arena, "%.*sfooter\r\n", SPAN_ARG(dkim_case_signed(f, body, canon))));
}

/* bound: LIMIT_DAMAGE_PASSES past */
static void a_large_body_streams(void **state)
{
    struct dkim_case *f = *state;
    const char *line = "some words that make a line of seventy octets or so, as they do\r\n";
    const char *body = large_body(f->arena, 3 * 1000 * 1000, line);
    struct span message = dkim_case_signed(f, body, "relaxed/simple");

    assert_string_equal(found_in(f, appended(f, body, "relaxed/simple")), "body_appended");
    assert_string_equal(found_in(f, dkim_case_replaced(f->arena, message, "\r\n\r\nsome",
                                                       "\r\n\r\nBanner\r\n\r\nsome")),
                        "body_prepended");
    assert_string_equal(
        found_in(f, dkim_case_replaced(f->arena, message, "they do\r\n", "they do \r\n")),
        "trailing_blanks");
    /* many hypotheses for each line, in a body for which none is right */
    body = large_body(f->arena, 3 * 1000 * 1000, "..\tFrom  \xC3\xA9 \r\n");
    message = dkim_case_signed(f, body, "relaxed/simple");
    assert_string_equal(
        found_in(f, dkim_case_replaced(f->arena, message, "\r\n\r\n..", "\r\n\r\n.x.")), "");
}

/* bound: LIMIT_DAMAGE_WINDOW both */
static void the_window_moves(void **state)
{
    struct dkim_case *f = *state;

    for (int more = -2; more <= 2; more++) {
        struct sbuf body = sbuf_start(f->arena);

        while (body.len < (size_t)(LIMIT_DAMAGE_WINDOW + more * 40))
            sbuf_add(&body, "a line of the body of forty octets, all\r\n");
        assert_string_equal(found_in(f, appended(f, sbuf_text(&body), "simple/relaxed")),
                            "body_appended");
    }
}

/* bound: LIMIT_DAMAGE_LINE past */
static void a_line_without_end_is_read_in_pieces(void **state)
{
    struct dkim_case *f = *state;

    for (int more = -1; more <= 1; more++) {
        struct sbuf body = sbuf_start(f->arena);

        while (body.len < (size_t)(3 * LIMIT_DAMAGE_LINE + more))
            sbuf_add_octet(&body, 'x');
        sbuf_add(&body, "\r\n");
        assert_string_equal(found_in(f, appended(f, sbuf_text(&body), "simple/simple")),
                            "body_appended");
    }
}

/* signed_again - one more signature on top; `length` 0: without l= */
static struct span signed_again(struct dkim_case *f, struct span message, size_t length)
{
    const struct dkim_signing signing = {.domain = "example.com",
                                         .selector = "sel",
                                         .key = "rsa2048",
                                         .canon = "relaxed/relaxed",
                                         .has_length = length > 0,
                                         .length = length};

    return dkim_signer_sign(f->arena, message, &signing);
}

/* bound: LIMIT_DAMAGE_SEARCHES both */
static void searches_are_few(void **state)
{
    struct dkim_case *f = *state;
    struct span message = dkim_case_message(f->arena, "one line\r\nand another\r\n");

    for (size_t i = 0; i < LIMIT_DAMAGE_SEARCHES + 1; i++)
        message = signed_again(f, message, 12 + i);
    /* each l= takes a search of its own: the last gets none */
    assert_string_equal(found_in(f, dkim_case_replaced(f->arena, message, "one line",
                                                       "Banner\r\n\r\none line")),
                        "body_prepended;body_prepended;");
}

/* bound: LIMIT_DAMAGE_SIGNATURES both */
static void headers_of_few_signatures_are_searched(void **state)
{
    struct dkim_case *f = *state;
    struct span message = dkim_case_message(f->arena, "one line\r\n");
    const char *found = NULL;
    size_t named = 0;

    for (size_t i = 0; i < LIMIT_DAMAGE_SIGNATURES + 1; i++)
        message = signed_again(f, message, 0);
    found = found_in(f, dkim_case_replaced(f->arena, message, "SUBJECT:", "SUBJECT: [news] "));
    while ((found = strstr(found, "field_rewritten")) != NULL) {
        named++;
        found++;
    }
    assert_int_equal(named, LIMIT_DAMAGE_SIGNATURES);
}

/* bound: LIMIT_DAMAGE_HEADER both */
static void a_header_beyond_the_bound_is_not_searched(void **state)
{
    struct dkim_case *f = *state;

    for (int is_beyond = 0; is_beyond < 2; is_beyond++) {
        struct sbuf subject = sbuf_start(f->arena);

        sbuf_add(&subject, "SUBJECT:");
        while (subject.len < (size_t)(is_beyond ? LIMIT_DAMAGE_HEADER : 20000))
            sbuf_add(&subject, "word ");
        struct span message = dkim_case_replaced(
            f->arena, dkim_case_message(f->arena, "text\r\n"), "SUBJECT:", sbuf_text(&subject));

        message = signed_again(f, message, 0);
        assert_string_equal(
            found_in(f, dkim_case_replaced(f->arena, message, "SUBJECT:", "SUBJECT:[news] ")),
            is_beyond ? "" : "field_rewritten");
    }
}

/* bound: LIMIT_DAMAGE_FIELDS past */
static void fields_times_names_are_bounded(void **state)
{
    struct dkim_case *f = *state;
    struct sbuf names = sbuf_start(f->arena);
    struct sbuf fields = sbuf_start(f->arena);
    struct dkim_signing signing = {
        .domain = "example.com", .selector = "sel", .key = "rsa2048"};

    sbuf_add(&names, "From");
    for (int i = 0; i < 1001; i++)
        sbuf_add(&names, ":Subject");
    signing.headers = sbuf_text(&names);
    struct span message =
        dkim_signer_sign(f->arena, dkim_case_message(f->arena, "text\r\n"), &signing);

    message = dkim_case_replaced(f->arena, message, "SUBJECT:", "SUBJECT:[news] ");
    for (int i = 0; i < 1001; i++)
        sbuf_addf(&fields, "X-%d: y\r\n", i);
    message = span_of(arena_printf(f->arena, "%s%.*s", sbuf_text(&fields), SPAN_ARG(message)));
    assert_string_equal(found_in(f, message), "");
}

/* bound: LIMIT_DAMAGE_EDITS past, LIMIT_DAMAGE_CHECKS past */
static void hypotheses_are_bounded(void **state)
{
    struct dkim_case *f = *state;
    struct sbuf names = sbuf_start(f->arena);
    struct sbuf fields = sbuf_start(f->arena);
    const char *const keys[] = {"rsa2048", "ed25519"};

    sbuf_add(&names, "From");
    for (int i = 0; i < 200; i++) {
        sbuf_addf(&names, ":X-%d", i);
        sbuf_addf(&fields, "X-%d: [a] b, c <d@example.org> (e) f\r\n", i);
    }
    for (size_t i = 0; i < COUNT_OF(keys); i++) {
        const struct dkim_signing signing = {.domain = "example.com",
                                             .selector = "sel",
                                             .key = keys[i],
                                             .headers = sbuf_text(&names)};
        const char *text =
            arena_printf(f->arena, "%sFrom: a@example.com\r\n\r\ntext\r\n", sbuf_text(&fields));
        struct span message = dkim_signer_sign(f->arena, span_of(text), &signing);
        clock_t since = 0;

        message = dkim_case_replaced(f->arena, message, "X-199: [a]", "X-199: [z]");
        dkim_case_judge(f, message, dkim_case_world(f, dkim_signer_record(f->arena, keys[i])));
        since = clock();
        assert_null(auth_damage_find(f->arena, (struct mail_message *)f->prepared->message,
                                     f->prepared, f->verdicts)[0]);
        print_message("%s: %.1f ms\n", keys[i], processor_ms(since));
        assert_true(processor_ms(since) < LIMIT_DAMAGE_MS * SLACK);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_search_in_vain_is_short, dkim_case_setup,
                                        dkim_case_teardown),
        cmocka_unit_test_setup_teardown(a_large_body_streams, dkim_case_setup,
                                        dkim_case_teardown),
        cmocka_unit_test_setup_teardown(the_window_moves, dkim_case_setup, dkim_case_teardown),
        cmocka_unit_test_setup_teardown(a_line_without_end_is_read_in_pieces, dkim_case_setup,
                                        dkim_case_teardown),
        cmocka_unit_test_setup_teardown(searches_are_few, dkim_case_setup, dkim_case_teardown),
        cmocka_unit_test_setup_teardown(headers_of_few_signatures_are_searched, dkim_case_setup,
                                        dkim_case_teardown),
        cmocka_unit_test_setup_teardown(a_header_beyond_the_bound_is_not_searched,
                                        dkim_case_setup, dkim_case_teardown),
        cmocka_unit_test_setup_teardown(fields_times_names_are_bounded, dkim_case_setup,
                                        dkim_case_teardown),
        cmocka_unit_test_setup_teardown(hypotheses_are_bounded, dkim_case_setup,
                                        dkim_case_teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
