/* How the subject is completed: who is the author, and which envelope is judged. */
#include "gather_case.h"

#define TRACED                                                            \
    "Return-Path: <ann@example.com>\r\n"                                  \
    "Received: from mail.example.com (mail.example.com [192.0.2.25])\r\n" \
    "\tby mx.example.net with ESMTPS id 1; Mon, 23 Nov 2026 10:00:00 +0000\r\n"
#define PLAIN                                   \
    "From: Ann <ann@example.com>\r\n"           \
    "Date: Mon, 23 Nov 2026 10:00:00 +0000\r\n" \
    "\r\n"                                      \
    "Hello\r\n"

static void trace_fields_give_what_options_did_not(void **state)
{
    struct gather_case one = gather_case_open("", "example.com");
    char shown[16];

    (void)state;
    gather_case_message(&one, TRACED PLAIN);
    gather_case_run(&one);
    snprintf(shown, sizeof(shown), "%s", ip_to_text(one.arena, &one.subject.ip));
    assert_string_equal(shown, "192.0.2.25");
    assert_string_equal(one.subject.helo, "mail.example.com");
    assert_string_equal(one.subject.mail_from, "ann@example.com");
    assert_non_null(strstr(one.subject.ip_origin, "Received"));
    assert_non_null(strstr(one.subject.mail_from_origin, "Return-Path"));
    assert_non_null(one.subject.envelope_note);
    assert_int_equal(one.facts->spf_count, 2);
    gather_case_close(&one);
}

static void options_win_over_trace_fields_and_say_so(void **state)
{
    struct gather_case one = gather_case_open("", "example.com");

    (void)state;
    gather_case_message(&one, TRACED PLAIN);
    assert_true(ip_parse(span_of("198.51.100.9"), &one.subject.ip));
    one.subject.mail_from = "bea@example.com";
    gather_case_run(&one);
    assert_string_equal(ip_to_text(one.arena, &one.subject.ip), "198.51.100.9");
    assert_string_equal(one.subject.ip_origin, "--ip");
    assert_string_equal(one.subject.mail_from, "bea@example.com");
    assert_string_equal(one.subject.mail_from_origin, "--mail-from");
    gather_case_close(&one);
}

static void helo_of_another_client_is_not_taken(void **state)
{
    struct gather_case one = gather_case_open("", "example.com");

    (void)state;
    gather_case_message(&one, TRACED PLAIN);
    assert_true(ip_parse(span_of("198.51.100.9"), &one.subject.ip));
    gather_case_run(&one);
    assert_null(one.subject.helo);
    assert_int_equal(one.facts->spf_count, 1);
    assert_int_equal(one.facts->spf[0]->identity, AUTH_SPF_MAILFROM);
    gather_case_close(&one);
}

static void helo_of_the_same_client_is_taken(void **state)
{
    struct gather_case one = gather_case_open("", "example.com");

    (void)state;
    gather_case_message(&one, TRACED PLAIN);
    assert_true(ip_parse(span_of("192.0.2.25"), &one.subject.ip));
    gather_case_run(&one);
    assert_string_equal(one.subject.helo, "mail.example.com");
    gather_case_close(&one);
}

static void without_an_address_spf_is_not_judged(void **state)
{
    struct gather_case one =
        gather_case_open("example.com TXT \"v=spf1 -all\"\n", "example.com");

    (void)state;
    gather_case_message(&one, PLAIN);
    one.subject.mail_from = "ann@example.com";
    gather_case_run(&one);
    assert_int_equal(one.facts->spf_count, 0);
    assert_null(one.facts->message.dmarc->spf.domain);
    assert_false(one.facts->message.dmarc->spf_aligned);
    gather_case_close(&one);
}

static void an_address_alone_is_judged_as_postmaster_of_the_domain(void **state)
{
    struct gather_case one =
        gather_case_open("example.com TXT \"v=spf1 ip4:192.0.2.25 -all\"\n", "example.com");

    (void)state;
    assert_true(ip_parse(span_of("192.0.2.25"), &one.subject.ip));
    gather_case_run(&one);
    assert_string_equal(one.subject.mail_from, "postmaster@example.com");
    assert_string_equal(one.subject.mail_from_origin, "DOMAIN");
    assert_int_equal(one.facts->spf_count, 1);
    assert_int_equal(one.facts->spf[0]->result, SPF_PASS);
    gather_case_close(&one);
}

static void the_null_path_is_judged_by_helo(void **state)
{
    struct gather_case one =
        gather_case_open("mail.example.com TXT \"v=spf1 ip4:192.0.2.25 -all\"\n"
                         "_dmarc.example.com TXT \"v=DMARC1; p=reject\"\n",
                         "example.com");

    (void)state;
    gather_case_message(&one, PLAIN);
    assert_true(ip_parse(span_of("192.0.2.25"), &one.subject.ip));
    one.subject.mail_from = "";
    one.subject.helo = "mail.example.com";
    gather_case_run(&one);
    assert_int_equal(one.facts->spf[0]->result, SPF_PASS);
    assert_string_equal(one.facts->message.dmarc->spf.domain->text, "mail.example.com");
    assert_int_equal(one.facts->message.dmarc->result, DMARC_PASS);
    gather_case_close(&one);
}

static void the_null_path_without_helo_is_not_judged(void **state)
{
    struct gather_case one = gather_case_open("", "example.com");

    (void)state;
    assert_true(ip_parse(span_of("192.0.2.25"), &one.subject.ip));
    one.subject.mail_from = "";
    gather_case_run(&one);
    assert_int_equal(one.facts->spf_count, 0);
    gather_case_close(&one);
}

static void helo_alone_does_not_count_for_dmarc(void **state)
{
    struct gather_case one =
        gather_case_open("mail.example.com TXT \"v=spf1 ip4:192.0.2.25 -all\"\n"
                         "_dmarc.example.com TXT \"v=DMARC1; p=reject\"\n",
                         "example.com");

    (void)state;
    gather_case_message(&one, PLAIN);
    assert_true(ip_parse(span_of("192.0.2.25"), &one.subject.ip));
    one.subject.helo = "mail.example.com";
    gather_case_run(&one);
    assert_int_equal(one.facts->spf_count, 1);
    assert_int_equal(one.facts->spf[0]->identity, AUTH_SPF_HELO);
    assert_int_equal(one.facts->spf[0]->result, SPF_PASS);
    assert_int_equal(one.facts->message.dmarc->result, DMARC_FAIL);
    gather_case_close(&one);
}

/* author_fault - why a message with these From fields has no author; NULL: it has one */
static const char *author_fault(struct gather_case *one, const char *from)
{
    gather_case_message(one, arena_printf(one->arena, "Date: x\r\n%s\r\nHello\r\n", from));
    return gather_case_run(one)->message.author_fault;
}

static void dmarc_wants_one_from_field_with_one_domain(void **state)
{
    struct gather_case one = gather_case_open("", "example.com");

    (void)state;
    assert_null(author_fault(&one, "From: ann@example.com\r\n"));
    assert_string_equal(one.facts->message.author->text, "example.com");
    assert_non_null(strstr(author_fault(&one, "To: ann@example.com\r\n"), "no From field"));
    assert_null(one.facts->message.author);
    assert_int_equal(one.facts->message.dmarc->result, DMARC_PERMERROR);
    assert_non_null(
        strstr(author_fault(&one, "From: a@example.com\r\nFrom: b@example.com\r\n"), "2 From"));
    assert_non_null(
        strstr(author_fault(&one, "From: a@example.com, b@example.net\r\n"), "2 addresses"));
    assert_non_null(author_fault(&one, "From: a@example.com, b@[192.0.2.1]\r\n"));
    assert_null(author_fault(&one, "From: a@example.com, b@EXAMPLE.com\r\n"));
    assert_string_equal(one.facts->message.author->text, "example.com");
    assert_non_null(author_fault(&one, "From: a@[192.0.2.1]\r\n"));
    assert_non_null(author_fault(&one, "From: <a@example.com\r\n"));
    gather_case_close(&one);
}

static void without_a_domain_the_author_is_checked(void **state)
{
    struct gather_case one = gather_case_open("", NULL);

    (void)state;
    gather_case_message(&one, PLAIN);
    gather_case_run(&one);
    assert_string_equal(one.subject.domain->text, "example.com");
    assert_string_equal(one.facts->domain.name->text, "example.com");
    gather_case_close(&one);
}

static void the_clients_name_must_lead_back(void **state)
{
    struct gather_case one =
        gather_case_open("25.2.0.192.in-addr.arpa PTR other.example.com\n"
                         "25.2.0.192.in-addr.arpa PTR mail.example.com\n"
                         "other.example.com A 192.0.2.26\n"
                         "mail.example.com A 192.0.2.25\n"
                         "7.100.51.198.in-addr.arpa PTR other.example.com\n",
                         "example.com");

    (void)state;
    assert_true(ip_parse(span_of("192.0.2.25"), &one.subject.ip));
    gather_case_run(&one);
    assert_int_equal(one.facts->client_ptr->status, DNS_OK);
    assert_true(one.facts->client_ptr_confirmed);
    assert_true(ip_parse(span_of("198.51.100.7"), &one.subject.ip));
    gather_case_run(&one);
    assert_false(one.facts->client_ptr_confirmed);
    assert_true(ip_parse(span_of("2001:db8::1"), &one.subject.ip));
    gather_case_run(&one);
    assert_int_equal(one.facts->client_ptr->status, DNS_NXDOMAIN);
    gather_case_close(&one);
}

static void only_the_verdict_asks_nothing_about_the_domain(void **state)
{
    struct gather_case one = gather_case_open("example.com TXT \"v=spf1 ip4:192.0.2.25 -all\"\n"
                                              "_dmarc.example.com TXT \"v=DMARC1; p=reject\"\n",
                                              "example.com");

    (void)state;
    gather_case_message(&one, PLAIN);
    assert_true(ip_parse(span_of("192.0.2.25"), &one.subject.ip));
    one.subject.mail_from = "ann@example.com";
    one.work.is_verdict_only = true;
    gather_case_run(&one);
    assert_int_equal(one.facts->message.dmarc->result, DMARC_PASS);
    assert_null(one.facts->domain.name);
    assert_null(one.facts->client_ptr);
    assert_false(gather_case_asked(&one, "example.com", DNS_MX));
    assert_false(gather_case_asked(&one, "google._domainkey.example.com", DNS_TXT));
    assert_int_equal(one.facts->questions, 3); /* TXT, _dmarc of the name and of com */
    gather_case_close(&one);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(trace_fields_give_what_options_did_not),
        cmocka_unit_test(options_win_over_trace_fields_and_say_so),
        cmocka_unit_test(helo_of_another_client_is_not_taken),
        cmocka_unit_test(helo_of_the_same_client_is_taken),
        cmocka_unit_test(without_an_address_spf_is_not_judged),
        cmocka_unit_test(an_address_alone_is_judged_as_postmaster_of_the_domain),
        cmocka_unit_test(the_null_path_is_judged_by_helo),
        cmocka_unit_test(the_null_path_without_helo_is_not_judged),
        cmocka_unit_test(helo_alone_does_not_count_for_dmarc),
        cmocka_unit_test(dmarc_wants_one_from_field_with_one_domain),
        cmocka_unit_test(without_a_domain_the_author_is_checked),
        cmocka_unit_test(the_clients_name_must_lead_back),
        cmocka_unit_test(only_the_verdict_asks_nothing_about_the_domain),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
