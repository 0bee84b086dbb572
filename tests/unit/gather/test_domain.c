/* What the audit of a domain asks, in how many rounds, and what it concludes. */
#include "gather_case.h"

static const char tree_world[] =
    "example.com MX 10 mail.example.com\n"
    "mail.example.com A 192.0.2.25\n"
    "example.com TXT \"v=spf1 mx include:a.example.net -all\"\n"
    "a.example.net TXT \"v=spf1 include:b.example.net -all\"\n"
    "b.example.net TXT \"v=spf1 include:c.example.net -all\"\n"
    "c.example.net TXT \"v=spf1 a:host.example.net -all\"\n"
    "host.example.net A 198.51.100.7\n"
    "_dmarc.example.com TXT \"v=DMARC1; p=reject; rua=mailto:d@reports.example.org\"\n"
    "example.com._report._dmarc.reports.example.org TXT \"v=DMARC1\"\n";

static void an_spf_tree_three_deep_takes_at_most_six_rounds(void **state)
{
    struct gather_case one = gather_case_open(tree_world, "example.com");
    const struct facts *facts = gather_case_run(&one);

    (void)state;
    assert_in_range(facts->rounds, 1, 6);
    assert_int_equal(facts->domain.spf->lookups, 5);
    assert_false(facts->domain.spf->is_pending);
    assert_int_equal(ledger_wanted(one.work.ledger), 0);
    assert_int_equal(facts->questions, ledger_count(one.work.ledger));
    gather_case_close(&one);
}

static const char in_place[] = "example.com TXT \"v=spf1 ip4:192.0.2.1 -all\"\n"
                               "_dmarc.example.com TXT \"v=DMARC1; p=reject\"\n";

static void everything_that_depends_on_the_name_alone_is_asked_in_the_first_round(void **state)
{
    struct gather_case one = gather_case_open(in_place, "example.com");
    const struct facts *facts = gather_case_run(&one);

    (void)state;
    assert_int_equal(facts->rounds, 1);
    assert_true(gather_case_asked(&one, "example.com", DNS_MX));
    assert_true(gather_case_asked(&one, "example.com", DNS_SOA));
    assert_true(gather_case_asked(&one, "example.com", DNS_NS));
    assert_true(gather_case_asked(&one, "example.com", DNS_AAAA));
    assert_true(gather_case_asked(&one, "example.com", DNS_SPF));
    assert_true(gather_case_asked(&one, "_spf.example.com", DNS_TXT));
    assert_true(gather_case_asked(&one, "_dmarc.example.com", DNS_TXT));
    assert_true(gather_case_asked(&one, "_dmarc.com", DNS_TXT));
    assert_true(gather_case_asked(&one, "_domainkey.example.com", DNS_TXT));
    gather_case_close(&one);
}

/* RFC 8020, 2; what somebody named is asked for all the same */
static void keys_are_not_guessed_below_a_domainkey_that_does_not_exist(void **state)
{
    static const char *selectors[] = {"named"};
    struct gather_case one = gather_case_open(in_place, "example.com");
    struct gather_case other =
        gather_case_open("example.com TXT \"v=spf1 ip4:192.0.2.1 -all\"\n"
                         "s1._domainkey.example.com TXT \"v=DKIM1; p=\"\n",
                         "example.com");
    struct gather_case named = gather_case_open(in_place, "example.com");
    const struct facts *facts = gather_case_run(&one);

    (void)state;
    assert_false(gather_case_asked(&one, "google._domainkey.example.com", DNS_TXT));
    assert_non_null(facts->domain.selectors);
    assert_int_equal(facts->domain.selectors->answer->status, DNS_NXDOMAIN);
    assert_string_equal(facts->domain.selectors->answer->question.name->text,
                        facts->domain.selectors->key_name->text);
    gather_case_close(&one);
    gather_case_run(&other);
    assert_true(gather_case_asked(&other, "s1._domainkey.example.com", DNS_TXT));
    gather_case_close(&other);
    named.subject.selectors = selectors;
    named.subject.selector_count = 1;
    gather_case_run(&named);
    assert_true(gather_case_asked(&named, "named._domainkey.example.com", DNS_TXT));
    gather_case_close(&named);
}

static void
records_that_stand_elsewhere_are_asked_for_only_where_the_place_is_empty(void **state)
{
    static const struct {
        const char *world;
        const char *missing; /* of "spf", "dmarc" */
    } cases[] = {
        {"example.com TXT \"v=spf1 ip4:192.0.2.1 -all\"\n", "dmarc"},
        {"_dmarc.example.com TXT \"v=DMARC1; p=reject\"\n", "spf"},
    };
    struct gather_case healthy = gather_case_open(in_place, "example.com");

    (void)state;
    gather_case_run(&healthy);
    assert_false(gather_case_asked(&healthy, "spf.example.com", DNS_TXT));
    assert_false(gather_case_asked(&healthy, "dmarc.example.com", DNS_TXT));
    assert_false(gather_case_asked(&healthy, "www.example.com", DNS_TXT));
    gather_case_close(&healthy);
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct gather_case one = gather_case_open(cases[i].world, "example.com");
        bool is_spf = strcmp(cases[i].missing, "spf") == 0;

        gather_case_run(&one);
        assert_int_equal(one.facts->rounds, 2);
        assert_int_equal(gather_case_asked(&one, "spf.example.com", DNS_TXT), is_spf);
        assert_int_equal(gather_case_asked(&one, "example.com.example.com", DNS_TXT), is_spf);
        assert_int_equal(gather_case_asked(&one, "dmarc.example.com", DNS_TXT), !is_spf);
        assert_int_equal(gather_case_asked(&one, "_dmarc.example.com.example.com", DNS_TXT),
                         !is_spf);
        gather_case_close(&one);
    }
}

static void a_second_run_over_the_same_ledger_asks_nothing(void **state)
{
    struct gather_case one = gather_case_open(tree_world, "example.com");
    size_t questions = gather_case_run(&one)->questions;
    unsigned rounds = one.facts->rounds;

    (void)state;
    one.work.source = world_source(one.arena, ". TXT !TIMEOUT\n");
    gather_case_run(&one);
    assert_int_equal(one.facts->questions, questions);
    assert_int_equal(one.facts->rounds, rounds);
    assert_int_equal(one.facts->domain.spf->lookups, 5);
    gather_case_close(&one);
}

static void mail_hosts_are_listed_once_in_the_order_of_the_answer(void **state)
{
    struct gather_case one = gather_case_open("example.com MX 20 b.example.com\n"
                                              "example.com MX 10 a.example.com\n"
                                              "example.com MX 30 b.example.com\n"
                                              "a.example.com A 192.0.2.1\n"
                                              "b.example.com AAAA 2001:db8::2\n",
                                              "example.com");
    const struct mx_host *mx = gather_case_run(&one)->domain.mx_hosts;

    (void)state;
    assert_string_equal(mx->host->text, "b.example.com");
    assert_int_equal(mx->preference, 20);
    assert_int_equal(mx->a->status, DNS_NODATA);
    assert_int_equal(mx->aaaa->status, DNS_OK);
    assert_string_equal(mx->next->host->text, "a.example.com");
    assert_null(mx->next->next);
    gather_case_close(&one);
}

static void a_null_mx_is_no_mail_host(void **state)
{
    struct gather_case one = gather_case_open("example.com MX 0 .\n", "example.com");
    const struct domain_facts *domain = &gather_case_run(&one)->domain;

    (void)state;
    assert_true(domain->is_null_mx);
    assert_true(domain->sends_no_mail);
    assert_null(domain->mx_hosts);
    gather_case_close(&one);
}

static void a_null_mx_beside_another_is_not_null(void **state)
{
    struct gather_case one = gather_case_open("example.com MX 0 .\n"
                                              "example.com MX 10 a.example.com\n",
                                              "example.com");
    const struct domain_facts *domain = &gather_case_run(&one)->domain;

    (void)state;
    assert_false(domain->is_null_mx);
    assert_false(domain->sends_no_mail);
    assert_string_equal(domain->mx_hosts->host->text, "a.example.com");
    gather_case_close(&one);
}

/* sends_no_mail - with this SPF record */
static bool sends_no_mail(const char *record)
{
    struct arena *arena = arena_open();
    const char *world = arena_printf(arena, "example.com TXT \"%s\"\n", record);
    struct gather_case one = gather_case_open(world, "example.com");
    bool result = gather_case_run(&one)->domain.sends_no_mail;

    gather_case_close(&one);
    arena_close(arena);
    return result;
}

static void only_exactly_minus_all_says_that_no_mail_is_sent(void **state)
{
    (void)state;
    assert_true(sends_no_mail("v=spf1 -all"));
    assert_true(sends_no_mail("v=SPF1   -ALL"));
    assert_false(sends_no_mail("v=spf1 ~all"));
    assert_false(sends_no_mail("v=spf1 ip4:192.0.2.1 -all"));
    assert_false(sends_no_mail("v=spf1"));
}

static void reports_of_an_inherited_record_are_those_of_the_record(void **state)
{
    struct gather_case one = gather_case_open(tree_world, "news.example.com");
    const struct domain_facts *domain = &gather_case_run(&one)->domain;

    (void)state;
    assert_string_equal(domain->dmarc->step->domain->text, "example.com");
    assert_non_null(domain->reports);
    assert_true(domain->reports->is_external);
    assert_true(domain->reports->is_authorised);
    gather_case_close(&one);
}

static void when_every_question_fails_the_run_ends_and_says_so(void **state)
{
    struct gather_case one = gather_case_open(". TXT !TIMEOUT\n. MX !TIMEOUT\n. A !TIMEOUT\n"
                                              ". AAAA !TIMEOUT\n. SOA !TIMEOUT\n"
                                              ". NS !TIMEOUT\n. SPF !TIMEOUT\n",
                                              "example.com");
    const struct domain_facts *domain = &gather_case_run(&one)->domain;

    (void)state;
    assert_int_equal(domain->txt->status, DNS_TIMEOUT);
    assert_int_equal(domain->mx->status, DNS_TIMEOUT);
    assert_true(domain->dmarc->is_undetermined);
    assert_true(domain->spf->is_undetermined);
    assert_false(domain->sends_no_mail);
    gather_case_close(&one);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_spf_tree_three_deep_takes_at_most_six_rounds),
        cmocka_unit_test(everything_that_depends_on_the_name_alone_is_asked_in_the_first_round),
        cmocka_unit_test(keys_are_not_guessed_below_a_domainkey_that_does_not_exist),
        cmocka_unit_test(
            records_that_stand_elsewhere_are_asked_for_only_where_the_place_is_empty),
        cmocka_unit_test(a_second_run_over_the_same_ledger_asks_nothing),
        cmocka_unit_test(mail_hosts_are_listed_once_in_the_order_of_the_answer),
        cmocka_unit_test(a_null_mx_is_no_mail_host),
        cmocka_unit_test(a_null_mx_beside_another_is_not_null),
        cmocka_unit_test(only_exactly_minus_all_says_that_no_mail_is_sent),
        cmocka_unit_test(reports_of_an_inherited_record_are_those_of_the_record),
        cmocka_unit_test(when_every_question_fails_the_run_ends_and_says_so),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
