/* Which DKIM keys are audited, and that a guess is never more than a guess. */
#include "dkim_signer.h"
#include "gather_case.h"
#include "mail/mail_message.h"

#define PLAIN                         \
    "From: Ann <ann@example.com>\r\n" \
    "Subject: Hello\r\n"              \
    "\r\n"                            \
    "Hello\r\n"

/* selector_named - in the facts; NULL: not audited */
static const struct selector_facts *selector_named(const struct facts *facts, const char *name)
{
    for (const struct selector_facts *entry = facts->domain.selectors; entry != NULL;
         entry = entry->next)
        if (strcmp(entry->key_name->text, name) == 0)
            return entry;
    return NULL;
}

/* count - of selectors audited */
static size_t count(const struct facts *facts)
{
    size_t n = 0;

    for (const struct selector_facts *entry = facts->domain.selectors; entry != NULL;
         entry = entry->next)
        n++;
    return n;
}

/* sign - PLAIN in the name of a domain */
static void sign(struct gather_case *one, const char *domain, const char *selector)
{
    struct dkim_signing signing = {
        .domain = domain, .selector = selector, .key = "rsa1024", .headers = "From:Subject"};

    one->subject.message =
        mail_message_parse(one->arena, dkim_sign(one->arena, span_of(PLAIN), &signing));
}

static void named_selectors_are_audited_and_no_other(void **state)
{
    static const char *const names[] = {"one", "two.sub", "ONE"};
    struct gather_case one = gather_case_open("", "example.com");

    (void)state;
    one.subject.selectors = names;
    one.subject.selector_count = COUNT_OF(names);
    gather_case_run(&one);
    assert_int_equal(count(one.facts), 2);
    assert_int_equal(selector_named(one.facts, "one._domainkey.example.com")->origin,
                     SELECTOR_OPTION);
    assert_non_null(selector_named(one.facts, "two.sub._domainkey.example.com"));
    gather_case_close(&one);
}

static void a_signature_names_its_selector(void **state)
{
    struct gather_case one = gather_case_open("", "example.com");

    (void)state;
    sign(&one, "news.example.com", "winter");
    gather_case_run(&one);
    assert_int_equal(count(one.facts), 1);
    assert_int_equal(selector_named(one.facts, "winter._domainkey.news.example.com")->origin,
                     SELECTOR_SIGNATURE);
    gather_case_close(&one);
}

static void a_signature_of_somebody_else_is_judged_but_not_audited(void **state)
{
    struct gather_case one = gather_case_open("", "example.com");

    (void)state;
    sign(&one, "example.net", "winter");
    gather_case_run(&one);
    assert_true(gather_case_asked(&one, "winter._domainkey.example.net", DNS_TXT));
    assert_null(selector_named(one.facts, "winter._domainkey.example.net"));
    assert_int_equal(one.facts->message.dkim_count, 1);
    gather_case_close(&one);
}

static void without_any_the_common_ones_are_tried(void **state)
{
    struct gather_case one =
        gather_case_open("google._domainkey.example.com TXT \"v=DKIM1; p=\"\n", "example.com");

    (void)state;
    gather_case_run(&one);
    assert_true(count(one.facts) > 10);
    for (const struct selector_facts *entry = one.facts->domain.selectors; entry != NULL;
         entry = entry->next)
        assert_int_equal(entry->origin, SELECTOR_COMMON);
    assert_true(selector_named(one.facts, "google._domainkey.example.com")->key->is_revoked);
    assert_null(selector_named(one.facts, "default._domainkey.example.com")->rr);
    gather_case_close(&one);
}

static void the_first_text_that_is_a_key_is_the_key(void **state)
{
    static const char *const names[] = {"s"};
    struct gather_case one =
        gather_case_open("s._domainkey.example.com TXT \"a note\"\n"
                         "s._domainkey.example.com TXT \"v=DKIM1; p=\"\n"
                         "s._domainkey.example.com TXT \"v=DKIM1; t=y; p=\"\n",
                         "example.com");
    const struct selector_facts *entry = NULL;

    (void)state;
    one.subject.selectors = names;
    one.subject.selector_count = 1;
    entry = gather_case_run(&one)->domain.selectors;
    assert_int_equal(entry->key_count, 2);
    assert_false(entry->key->is_testing);
    assert_true(entry->key->is_revoked);
    gather_case_close(&one);
}

static void a_selector_too_long_for_a_name_is_left_out(void **state)
{
    static const char *const names[] = {
        "s", "a123456789.b123456789.c123456789.d123456789.e123456789.f123456789.g123456789."
             "h123456789.i123456789.j123456789.k123456789.l123456789.m123456789.n123456789."
             "o123456789.p123456789.q123456789.r123456789.s123456789.t123456789.u123456789.v"};
    struct gather_case one = gather_case_open("", "example.com");

    (void)state;
    one.subject.selectors = names;
    one.subject.selector_count = COUNT_OF(names);
    gather_case_run(&one);
    assert_int_equal(count(one.facts), 1);
    gather_case_close(&one);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(named_selectors_are_audited_and_no_other),
        cmocka_unit_test(a_signature_names_its_selector),
        cmocka_unit_test(a_signature_of_somebody_else_is_judged_but_not_audited),
        cmocka_unit_test(without_any_the_common_ones_are_tried),
        cmocka_unit_test(the_first_text_that_is_a_key_is_the_key),
        cmocka_unit_test(a_selector_too_long_for_a_name_is_left_out),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
