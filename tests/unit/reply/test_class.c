/* The classifier over lines that servers wrote: every line of ours has its cause, and of the
 * replies collected beside the tree at least 95 of a hundred are right. */
#include <stdio.h>
#include <stdlib.h>

#include "base/file.h"
#include "base/limits.h"
#include "base/limits_bounce.h"
#include "reply/reply_class.h"
#include "reply/reply_phrase.h"
#include "unit_arena.h"

#define RIGHT_OF_HUNDRED 95

/* classified - what a pasted text means */
static const struct reply_class *classified(const char *text)
{
    struct reply_input input;

    reply_input_read(arena, span_of(text), &input);
    return reply_classify(arena, &input);
}

/* is_among - the id stands in a list with "|" between */
static bool is_among(const char *id, struct span list)
{
    while (list.len > 0)
        if (span_equal_text(span_cut(&list, '|'), id))
            return true;
    return false;
}

/* the forms in which a reply is pasted: what stands before
 * and after it, and what its lines are parted by */
static const struct form {
    const char *name, *before, *after;
} forms[] = {
    {"as it stands", "", ""},
    {"log of Postfix",
     "2026-11-30T09:00:01+01:00 mx1 postfix/smtp[9]: 4XyZ: to=<b@example.net>, "
     "relay=mx.example.net[192.0.2.25]:25, delay=2, status=bounced (host "
     "mx.example.net[192.0.2.25] said: ",
     " (in reply to end of DATA command))"},
    {"log of sendmail",
     "Nov 30 09:00:01 mx1 sendmail[9]: 1A: to=<b@example.net>, mailer=esmtp, "
     "relay=mx.example.net. [192.0.2.25], stat=Service unavailable, reply=",
     ""},
    {"bounce of qmail",
     "192.0.2.25 does not like recipient.\nRemote host said: ", "\nGiving up on 192.0.2.25."},
    {"field of a report", "Diagnostic-Code: smtp; ", ""},
    {"Exchange", "Remote Server returned '", "'"},
    {"Exchange, older", "mx.example.net #<mx.example.net smtp;", "> #SMTP#"},
    {"brackets", "[", "]"},
    {"swaks", "<** ", ""},
};

/* begins_with_code - only such a reply can be distinguished from what surrounds it */
static bool begins_with_code(struct span text)
{
    return text.len > 4 && ascii_is_digit(text.at[0]) && ascii_is_digit(text.at[1]) &&
           ascii_is_digit(text.at[2]) && (text.at[3] == ' ' || text.at[3] == '-');
}

/* measure_line - "cause[|cause]<TAB>who<TAB>text[<TAB>...]" in this form: is it right? */
static bool measure_line(struct span line, const struct form *form)
{
    struct span causes = span_cut(&line, '\t');
    struct span text = {0};
    const struct reply_class *class = NULL;

    span_cut(&line, '\t');
    text = span_cut(&line, '\t');
    if (form != forms && !begins_with_code(text))
        return true;
    class =
        classified(arena_printf(arena, "%s%.*s%s", form->before, SPAN_ARG(text), form->after));
    if (is_among(class->cause->id, causes))
        return true;
    print_message("%s: %s, not %.*s (by %s \"%s\"): %.*s\n", form->name, class->cause->id,
                  SPAN_ARG(causes), reply_evidence_to_text(class->evidence),
                  class->phrase != NULL ? class->phrase->text : "", SPAN_ARG(text));
    return false;
}

/* measure_file - how many lines are right in this form */
static void measure_file(const char *path, const struct form *form, bool has_header,
                         size_t *count_out, size_t *right_out)
{
    struct span bytes = {0};
    struct err why = {0};

    assert_true(file_load(arena, path, LIMIT_POLICY_BYTES, &bytes, &why));
    if (has_header)
        span_cut(&bytes, '\n');
    *count_out = *right_out = 0;
    while (bytes.len > 0) {
        struct span line = span_cut(&bytes, '\n');

        if (line.len == 0 || line.at[0] == '#')
            continue;
        (*count_out)++;
        *right_out += measure_line(line, form);
    }
}

static void own_lines_get_their_cause_in_every_form(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(forms); i++) {
        size_t count = 0;
        size_t right = 0;

        measure_file(TESTDATA_DIR "/codes/replies.tsv", &forms[i], false, &count, &right);
        print_message("%s: %zu of %zu own lines right\n", forms[i].name, right, count);
        assert_true(count >= 600);
        assert_int_equal(right, count);
    }
}

static void collected_lines_get_their_cause(void **state)
{
    const char *path =
        getenv("REPLIES") != NULL ? getenv("REPLIES") : SHARED_DIR "/bounces/replies.tsv";
    size_t count = 0;
    size_t right = 0;
    FILE *file = fopen(path, "r");

    (void)state;
    if (file == NULL)
        skip();
    fclose(file);
    measure_file(path, forms, true, &count, &right);
    print_message("%zu of %zu collected lines right\n", right, count);
    assert_true(right * 100 >= count * RIGHT_OF_HUNDRED);
}

static void the_longest_wins_and_text_wins_over_codes(void **state)
{
    static const struct {
        const char *text;
        enum reply_cause_id cause;
        enum reply_evidence evidence;
    } cases[] = {
        /* one code, two receivers: the text decides */
        {"550 5.7.30 DKIM does not pass", REPLY_CAUSE_DKIM_FAIL, REPLY_BY_PHRASE},
        {"550 5.7.30 Basic authentication is not supported", REPLY_CAUSE_LOGIN_DISABLED,
         REPLY_BY_PHRASE},
        {"550 5.7.1 [TSS09] spam", REPLY_CAUSE_BANNED, REPLY_BY_MARK},
        {"550 5.1.1 our dmarc thing", REPLY_CAUSE_DMARC_POLICY, REPLY_BY_WORD},
        {"550 5.7.25 zzz", REPLY_CAUSE_PTR, REPLY_BY_ENHANCED},
        {"535 zzz", REPLY_CAUSE_CREDENTIALS, REPLY_BY_CODE},
        {"550 5.7.999 zzz", REPLY_CAUSE_POLICY, REPLY_BY_CLASS},
        {"550 zzz", REPLY_CAUSE_UNKNOWN, REPLY_BY_CODE},
        {"599 5.7.999 zzz", REPLY_CAUSE_POLICY, REPLY_BY_CLASS},
        {"4.4.99", REPLY_CAUSE_TIMEOUT, REPLY_BY_CLASS},
        {"5xx", REPLY_CAUSE_UNKNOWN, REPLY_BY_CLASS},
        {"4", REPLY_CAUSE_THEIR_FAULT, REPLY_BY_CLASS},
        {"zzz", REPLY_CAUSE_UNKNOWN, REPLY_BY_NOTHING},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        const struct reply_class *class = classified(cases[i].text);

        if (class->cause_id != cases[i].cause || class->evidence != cases[i].evidence)
            fail_msg("%s: %s by %s", cases[i].text, class->cause->id,
                     reply_evidence_to_text(class->evidence));
    }
}

static void the_reply_code_decides_whether_to_try_again(void **state)
{
    (void)state;
    assert_int_equal(classified("421 5.7.32 not aligned")->finality, REPLY_RETRY);
    assert_int_equal(classified("550 4.7.1 x")->finality, REPLY_FINAL);
    assert_int_equal(classified("5.7.1")->finality, REPLY_FINAL);
    assert_int_equal(classified("TSS04")->finality, REPLY_FINAL_UNKNOWN);
    assert_int_equal(classified("450 4.4.7 expired")->finality, REPLY_FINAL);
    assert_int_equal(classified("250 2.0.0 ok, spam queued")->finality, REPLY_NO_FAILURE);
    assert_int_equal(classified("250 2.0.0 ok, spam queued")->cause_id, REPLY_CAUSE_ACCEPTED);
}

static void facts_of_the_text_are_kept(void **state)
{
    static const struct {
        const char *text;
        enum reply_fact fact;
        const char *value;
    } cases[] = {
        {"550-5.7.26 SPF [example.com] with ip: [192.0.2.9] = did not pass", REPLY_FACT_IP,
         "192.0.2.9"},
        {"550-5.7.26 SPF [example.com] with ip: [192.0.2.9] = did not pass", REPLY_FACT_DOMAIN,
         "example.com"},
        {"550-5.7.26 SPF [example.com] with ip: [192.0.2.9] = did not pass", REPLY_FACT_SPF,
         "did not pass"},
        {"550 5.7.515 Spf= Fail , Dkim= Pass , DMARC= Pass", REPLY_FACT_SPF, "fail"},
        {"550 5.7.515 Spf= Fail , Dkim= Pass , DMARC= Pass", REPLY_FACT_DKIM, "pass"},
        {"550 5.7.1 Service unavailable; Client host [192.0.2.1] blocked using "
         "zen.example.org; "
         "https://list.example/q",
         REPLY_FACT_LIST, "zen.example.org"},
        {"550 5.7.1 x [2001:db8::7] https://list.example/q.", REPLY_FACT_IP, "2001:db8::7"},
        {"550 5.7.1 x [2001:db8::7] https://list.example/q.", REPLY_FACT_LINK,
         "https://list.example/q"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++)
        assert_true(
            span_equal_text(classified(cases[i].text)->facts[cases[i].fact], cases[i].value));
}

static void what_surrounds_a_reply_is_read(void **state)
{
    const struct reply_class *class = classified(
        "Nov 29 10:00:00 mx postfix/smtp[550]: 4A: to=<b@example.net>, "
        "relay=mx.olc.protection.outlook.com[192.0.2.25]:25, delay=450, dsn=5.7.509, "
        "status=bounced (host mx.olc.protection.outlook.com[192.0.2.25] said: 550 5.7.509 "
        "Access denied (in reply to end of DATA command))");

    (void)state;
    assert_int_equal(class->input.code, 550);
    assert_int_equal(class->input.enhanced.detail, 509);
    assert_int_equal(class->input.step, REPLY_STEP_DOT);
    assert_string_equal(class->input.host, "mx.olc.protection.outlook.com");
    assert_string_equal(class->receiver->title, "Outlook.com");
    assert_true(span_equal_text(class->input.text, "Access denied"));
}

static void several_replies_are_told_apart(void **state)
{
    static const char text[] = "550-5.7.26 one\n550-5.7.26 goes on\n550 5.7.26 ends\n"
                               "host b said: 421 4.7.0 two\n   and more\n\nTSS04\n";
    size_t count = 0;
    const struct span *replies = reply_input_split(arena, span_of(text), &count);

    (void)state;
    assert_int_equal(count, 2);
    assert_true(span_starts_with(replies[1], "host b"));
}

static void any_octets_are_bounded(void **state)
{
    static char text[LIMIT_REPLY_BYTES * 2];
    const struct reply_class *class = NULL;

    (void)state;
    for (size_t i = 0; i < sizeof(text) - 1; i++)
        text[i] = (char)(i * 7 % 255 + 1);
    memcpy(text, "550 5.7.1 ", 10);
    class = classified(text);
    assert_int_equal(class->input.code, 550);
    assert_true(class->input.text.len <= LIMIT_REPLY_BYTES);
}

/* bound: LIMIT_PHRASE_GAP both */
static void a_gap_has_a_greatest_length(void **state)
{
    struct reply_match match;

    (void)state;
    for (int more = 0; more < 2; more++) {
        char *text = arena_alloc(arena, LIMIT_PHRASE_GAP + 10);

        memset(text, '-', LIMIT_PHRASE_GAP + 9);
        text[0] = 'a';
        text[1 + LIMIT_PHRASE_GAP + more] = 'b';
        text[2 + LIMIT_PHRASE_GAP + more] = '\0';
        assert_int_equal(reply_phrase_find("a*b", span_of(text), &match), more == 0);
    }
}

static void phrases_begin_and_end_at_words(void **state)
{
    struct reply_match match;

    (void)state;
    assert_true(reply_phrase_find("relay", span_of("no relay."), &match));
    assert_false(reply_phrase_find("relay", span_of("relaying"), &match));
    assert_true(reply_phrase_find("relay*", span_of("relaying"), &match));
    assert_false(reply_phrase_find("elay", span_of("relay"), &match));
    assert_true(reply_phrase_find("from {domain}'s", span_of("from a.example's"), &match));
    assert_false(reply_phrase_find("at {list}", span_of("at the"), &match));
}

static void there_are_enough_phrases_with_sources(void **state)
{
    (void)state;
    assert_true(reply_phrase_count >= 250);
    for (size_t i = 0; i < reply_phrase_count; i++)
        assert_true(reply_phrases[i].source->title[0] != '\0' &&
                    reply_phrases[i].source->read[0] != '\0');
}

static void phrases_are_in_lower_case_of_all_alphabets(void **state)
{
    static const char *const pairs[][2] = {
        {"ÜBER ÉCHEC ÇA Ø", "über échec ça ø"},
        {"ŁÓDŹ ŽIVOT ŞU ĞE", "łódź život şu ğe"},
        {"НЕ НАЙДЕН ПОЛЬЗОВАТЕЛЬ Ё", "не найден пользователь ё"},
        {"ΧΡΗΣΤΗΣ", "χρηστησ"},
        {"用户 ユーザー", "用户 ユーザー"},
        {"×÷ \xc3", "×÷ \xc3"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(pairs); i++)
        assert_true(span_equal_text(reply_text_fold(arena, span_of(pairs[i][0])), pairs[i][1]));
    for (size_t i = 0; i < reply_phrase_count; i++)
        if (reply_phrases[i].kind != REPLY_BY_MARK &&
            !span_equal_text(reply_text_fold(arena, span_of(reply_phrases[i].text)),
                             reply_phrases[i].text))
            fail_msg("not in lower case: %s", reply_phrases[i].text);
}

static void a_step_that_nobody_knows_binds_no_phrase(void **state)
{
    (void)state;
    assert_int_equal(classified("550 Unrouteable address")->cause_id,
                     REPLY_CAUSE_RECIPIENT_UNKNOWN);
    assert_int_equal(
        classified("550 Unrouteable address (in reply to MAIL FROM command)")->cause_id,
        REPLY_CAUSE_SENDER_DOMAIN);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_longest_wins_and_text_wins_over_codes),
        cmocka_unit_test(the_reply_code_decides_whether_to_try_again),
        cmocka_unit_test(facts_of_the_text_are_kept),
        cmocka_unit_test(what_surrounds_a_reply_is_read),
        cmocka_unit_test(several_replies_are_told_apart),
        cmocka_unit_test(any_octets_are_bounded),
        cmocka_unit_test(a_gap_has_a_greatest_length),
        cmocka_unit_test(phrases_begin_and_end_at_words),
        cmocka_unit_test(there_are_enough_phrases_with_sources),
        cmocka_unit_test(phrases_are_in_lower_case_of_all_alphabets),
        cmocka_unit_test(a_step_that_nobody_knows_binds_no_phrase),
        cmocka_unit_test(own_lines_get_their_cause_in_every_form),
        cmocka_unit_test(collected_lines_get_their_cause),
    };

    return cmocka_run_group_tests(tests, open_arena, close_arena);
}
