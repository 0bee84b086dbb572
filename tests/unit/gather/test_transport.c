/* What the audit asks about TLS between mail servers, and what it makes of DNSSEC. */
#include "dns/dns_rr.h"
#include "gather_case.h"

#define HASH "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

static const char world[] = "example.com MX 10 mail.example.com\n"
                            "example.com MX 20 192.0.2.26\n"
                            "example.com MX 30 alias.example.com\n"
                            "mail.example.com A 192.0.2.25\n"
                            "alias.example.com CNAME host.example.net\n"
                            "host.example.net A 198.51.100.7\n"
                            "_25._tcp.host.example.net TLSA 3 1 1 " HASH "\n"
                            "_25._tcp.host.example.net TLSA 1 1 1 " HASH "\n"
                            "_mta-sts.example.com TXT \"v=STSv1; id=7\"\n"
                            "_mta-sts.example.com TXT \"hello\"\n"
                            "mta-sts.example.com A 192.0.2.80\n"
                            "default._bimi.example.com TXT \"v=BIMI1; l=; a=\"\n";

static void records_are_found_among_others(void **state)
{
    struct gather_case one = gather_case_open(world, "example.com");
    const struct domain_facts *domain = &gather_case_run(&one)->domain;

    (void)state;
    assert_int_equal(domain->mta_sts.text.count, 1);
    assert_true(span_equal_text(domain->mta_sts.record->id, "7"));
    assert_int_equal(domain->mta_sts.host_a->status, DNS_OK);
    assert_int_equal(domain->mta_sts.host_aaaa->status, DNS_NODATA);
    assert_int_equal(domain->tls_rpt.text.answer->status, DNS_NXDOMAIN);
    assert_null(domain->tls_rpt.record);
    assert_true(domain->bimi.record->is_declined);
    gather_case_close(&one);
}

static void tlsa_is_asked_of_hosts_and_below_their_aliases(void **state)
{
    struct gather_case one = gather_case_open(world, "example.com");
    const struct mx_host *mail = gather_case_run(&one)->domain.mx_hosts;
    const struct mx_host *address = mail->next;
    const struct mx_host *alias = address->next;

    (void)state;
    assert_int_equal(mail->dane, DANE_ABSENT);
    assert_int_equal(mail->tlsa->status, DNS_NXDOMAIN);
    assert_null(address->tlsa);
    assert_false(gather_case_asked(&one, "_25._tcp.192.0.2.26", DNS_TLSA));
    assert_true(gather_case_asked(&one, "_25._tcp.alias.example.com", DNS_TLSA));
    assert_string_equal(alias->tlsa->question.name->text, "_25._tcp.host.example.net");
    assert_true(alias->tlsa_records->record->is_usable);
    assert_false(alias->tlsa_records->next->record->is_usable);
    assert_null(alias->tlsa_records->next->next);
    assert_in_range(one.facts->rounds, 1, 6);
    gather_case_close(&one);
}

static void a_domain_without_mail_hosts_costs_one_round(void **state)
{
    struct gather_case one = gather_case_open("example.com TXT \"v=spf1 ip4:192.0.2.1 -all\"\n"
                                              "_dmarc.example.com TXT \"v=DMARC1; p=reject\"\n",
                                              "example.com");

    (void)state;
    assert_int_equal(gather_case_run(&one)->rounds, 1);
    assert_true(gather_case_asked(&one, "_mta-sts.example.com", DNS_TXT));
    assert_true(gather_case_asked(&one, "_smtp._tls.example.com", DNS_TXT));
    assert_true(gather_case_asked(&one, "default._bimi.example.com", DNS_TXT));
    assert_false(gather_case_asked(&one, "mta-sts.example.com", DNS_A));
    gather_case_close(&one);
}

static void a_verdict_alone_asks_nothing_of_this(void **state)
{
    struct gather_case one = gather_case_open(world, "example.com");

    (void)state;
    one.work.is_verdict_only = true;
    gather_case_run(&one);
    assert_false(gather_case_asked(&one, "_mta-sts.example.com", DNS_TXT));
    assert_false(gather_case_asked(&one, "_25._tcp.mail.example.com", DNS_TLSA));
    gather_case_close(&one);
}

/* hold - one answer in the ledger before the run */
static void hold(struct gather_case *one, const char *text, bool ad)
{
    struct err why = {0};
    struct dns_rr *rr = dns_rr_from_text(one->arena, text, &why);
    struct dns_answer answer = {.status = DNS_OK, .ad = ad, .source = "test"};

    assert_non_null(rr);
    answer.question = (struct dns_question){rr->owner, rr->type};
    dns_answer_append(&answer, rr);
    ledger_add(one->work.ledger, &answer);
}

/* state_of - of one host, whose MX, address and TLSA records and the root are signed or not */
static enum dane_state state_of(bool mx, bool address, bool tlsa, bool root)
{
    struct gather_case one = gather_case_open("example.com TXT \"hello\"\n", "example.com");
    enum dane_state state = DANE_ABSENT;

    hold(&one, "example.com. 300 IN MX 10 mail.example.com.", mx);
    hold(&one, "mail.example.com. 300 IN A 192.0.2.25", address);
    hold(&one, "_25._tcp.mail.example.com. 300 IN TLSA 3 1 1 " HASH, tlsa);
    hold(&one, ". 300 IN SOA a.example. b.example. 1 2 3 4 5", root);
    state = gather_case_run(&one)->domain.mx_hosts->dane;
    gather_case_close(&one);
    return state;
}

static void dane_needs_dnssec_from_the_mx_on(void **state)
{
    (void)state;
    assert_int_equal(state_of(true, true, true, true), DANE_SECURE);
    assert_int_equal(state_of(true, true, true, false), DANE_SECURE);
    assert_int_equal(state_of(false, true, true, true), DANE_INSECURE);
    assert_int_equal(state_of(true, false, true, true), DANE_INSECURE);
    assert_int_equal(state_of(true, true, false, true), DANE_INSECURE);
    assert_int_equal(state_of(true, true, false, false), DANE_INSECURE);
    assert_int_equal(state_of(false, false, false, true), DANE_INSECURE);
}

static void a_resolver_that_authenticates_nothing_proves_nothing(void **state)
{
    (void)state;
    assert_int_equal(state_of(false, false, false, false), DANE_UNVERIFIED);
}

static void a_question_that_fails_is_not_an_absence(void **state)
{
    struct gather_case one = gather_case_open("example.com MX 10 mail.example.com\n"
                                              "mail.example.com A 192.0.2.25\n"
                                              "_25._tcp.mail.example.com TLSA !SERVFAIL\n",
                                              "example.com");
    const struct mx_host *mx = gather_case_run(&one)->domain.mx_hosts;

    (void)state;
    assert_int_equal(mx->dane, DANE_UNASKED);
    assert_string_equal(mx->dane_reason, "TLSA of _25._tcp.mail.example.com: SERVFAIL by the "
                                         "world of the test");
    gather_case_close(&one);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(records_are_found_among_others),
        cmocka_unit_test(tlsa_is_asked_of_hosts_and_below_their_aliases),
        cmocka_unit_test(a_domain_without_mail_hosts_costs_one_round),
        cmocka_unit_test(a_verdict_alone_asks_nothing_of_this),
        cmocka_unit_test(dane_needs_dnssec_from_the_mx_on),
        cmocka_unit_test(a_resolver_that_authenticates_nothing_proves_nothing),
        cmocka_unit_test(a_question_that_fails_is_not_an_absence),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
