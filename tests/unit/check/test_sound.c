/* Where everything is as it should be nothing is found, and each single loss is noticed. */
#include "../gather/gather_case.h"
#include "base/sbuf.h"
#include "check/check.h"
#include "dkim_signer.h"
#include "mail/mail_message.h"

#define PLAIN                                   \
    "From: Ann <ann@example.com>\r\n"           \
    "To: Bob <bob@example.net>\r\n"             \
    "Subject: Hello\r\n"                        \
    "Date: Mon, 23 Nov 2026 10:00:00 +0000\r\n" \
    "Message-ID: <1@example.com>\r\n"           \
    "\r\n"                                      \
    "Hello Bob\r\n"

static const char *const lines[] = {
    "example.com MX 10 mail.example.com\n",
    "mail.example.com A 192.0.2.25\n",
    "mail.example.com TXT \"v=spf1 a -all\"\n",
    "example.com TXT \"v=spf1 mx -all\"\n",
    "_dmarc.example.com TXT \"v=DMARC1; p=reject; rua=mailto:d@example.com\"\n",
    "25.2.0.192.in-addr.arpa PTR mail.example.com\n",
    "mail.example.com AAAA 2001:db8::25\n",
    "_mta-sts.example.com TXT \"v=STSv1; id=1;\"\n",
    "mta-sts.example.com A 192.0.2.80\n",
    "_smtp._tls.example.com TXT \"v=TLSRPTv1; rua=mailto:t@example.com\"\n",
    ("5.2.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa PTR "
     "mail.example.com\n"),
    "example.com SOA ns1.example.net. dns.example.com. 1 7200 900 1209600 300\n",
    "example.com NS ns1.example.net\n",
    "ns1.example.net A 192.0.2.53\n",
    "example.com NS ns2.example.org\n",
    "ns2.example.org A 198.51.100.53\n",
};

/* the finding that reports the loss of each line; NULL: none has to */
static const char *const noticed_by[] = {
    "dns_no_mail_host",    "spf_result_fail",   NULL,
    "spf_missing",         "dmarc_missing",     "dns_client_no_ptr",
    "dns_mx_ipv4_only",    "mta_sts_missing",   "mta_sts_no_host",
    "tls_rpt_missing",     "dns_mx_no_ptr",     "dns_soa_missing",
    "dns_one_name_server", "dns_ns_no_address", "dns_one_name_server",
    "dns_ns_no_address",
};

/* world_without - all lines but one, and the key */
static const char *world_without(struct arena *arena, size_t left_out)
{
    struct sbuf text = sbuf_start(arena);

    for (size_t i = 0; i < COUNT_OF(lines); i++)
        if (i != left_out)
            sbuf_add(&text, lines[i]);
    sbuf_add(&text, dkim_signer_world(arena, "s", "example.com",
                                      dkim_signer_record(arena, "rsa2048")));
    return sbuf_text(&text);
}

/* findings - of a signed message from the right client in the world */
static struct finding *findings(struct gather_case *one, struct arena *arena, size_t left_out)
{
    struct dkim_signing signing = {
        .domain = "example.com", .selector = "s", .key = "rsa2048", .canon = "relaxed/relaxed"};

    *one = gather_case_open(world_without(arena, left_out), "example.com");
    one->subject.message =
        mail_message_parse(one->arena, dkim_sign(one->arena, span_of(PLAIN), &signing));
    assert_true(ip_parse(span_of("192.0.2.25"), &one->subject.ip));
    one->subject.helo = "mail.example.com";
    one->subject.mail_from = "ann@example.com";
    gather_case_run(one);
    return check_run(one->arena, one->facts);
}

/* has - a finding of the id fires */
static bool has(const struct finding *finding, const char *id)
{
    while (finding != NULL &&
           (strcmp(finding->id, id) != 0 || finding->status != FINDING_FIRES))
        finding = finding->next;
    return finding != NULL;
}

static void a_sound_domain_and_message_give_no_findings(void **state)
{
    struct arena *arena = arena_open();
    struct gather_case one;
    struct finding *found = findings(&one, arena, COUNT_OF(lines));

    (void)state;
    /* a world of DNS only: what stands behind HTTPS was not looked at, and that is said */
    assert_string_equal(found->id, "https_not_asked");
    found = found->next;
    if (found != NULL)
        fail_msg("%s: %s", found->id, check_text(one.arena, found));
    assert_int_equal(one.facts->spf[0]->result, SPF_PASS);
    assert_int_equal(one.facts->spf[1]->result, SPF_PASS);
    assert_int_equal(one.facts->message.dkim[0].result, DKIM_PASS);
    assert_int_equal(one.facts->message.dmarc->result, DMARC_PASS);
    gather_case_close(&one);
    arena_close(arena);
}

static void the_loss_of_each_record_is_noticed(void **state)
{
    struct arena *arena = arena_open();

    (void)state;
    for (size_t i = 0; i < COUNT_OF(lines); i++) {
        struct gather_case one;
        struct finding *found = findings(&one, arena, i);

        if (noticed_by[i] != NULL && !has(found, noticed_by[i]))
            fail_msg("without \"%s\" there is no %s", lines[i], noticed_by[i]);
        gather_case_close(&one);
    }
    arena_close(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_sound_domain_and_message_give_no_findings),
        cmocka_unit_test(the_loss_of_each_record_is_noticed),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
