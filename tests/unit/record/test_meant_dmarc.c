/* DMARC records as people break them, and what they meant. "|" parts the strings of a record. */
#include "meant_cases.h"

/* read_text - the reading of one text */
static const struct rec_meant *read_text(struct arena *arena, const char *text)
{
    return meant_read(arena, rec_meant_dmarc, text);
}

#define WHOLE "v=DMARC1; p=reject; rua=mailto:dmarc@example.com"

static const struct meant_case cases[] = {
    /* octets, what stands in front, versions */
    {" v=DMARC1; p=reject; rua=mailto:dmarc@example.com", WHOLE},
    {"v=DMARC1\\059 p=reject\\059 rua=mailto:dmarc@example.com", WHOLE},
    {"v%3DDMARC1; p%3Dreject; rua%3Dmailto:dmarc@example.com", WHOLE},
    {"TXT=\"v=DMARC1; p=reject; rua=mailto:dmarc@example.com\"", WHOLE},
    {"txt=v=DMARC1; p=reject; rua=mailto:dmarc@example.com", WHOLE},
    {"v=DKIM1; p=reject; rua=mailto:dmarc@example.com", WHOLE},
    {"v=spf1; p=reject; rua=mailto:dmarc@example.com", WHOLE},
    {"v=spf1 -all", NULL},
    /* names of tags and schemes */
    {"v=DMARC1; pol=reject; rua=mailto:dmarc@example.com", WHOLE},
    {"v=DMARC1; p==reject; rua=mailto:dmarc@example.com", WHOLE},
    {"v=DMARC1; p=reject; rua=mail:dmarc@example.com", WHOLE},
    {"v=DMARC1; p=reject; rua=email:dmarc@example.com", WHOLE},
    {"v=DMARC1; p=reject; rua=mailto:dmarc(at)example.com", WHOLE},
    {"v=DMARC1; p=reject; rua=mailto:dmarc[at]example.com", WHOLE},
    /* marks */
    {"v=DMARC1; p:reject; rua:mailto:dmarc@example.com", WHOLE},
    {"v:DMARC1; p:reject; rua:mailto:dmarc@example.com", WHOLE},
    {"v=DMARC1 p=reject rua=mailto:dmarc@example.com", WHOLE},
    {"v=DMARC1, p=reject, rua=mailto:dmarc@example.com", WHOLE},
    {"v=DMARC1;; p=reject;; rua=mailto:dmarc@example.com;", WHOLE},
    {"v=DMARC1 ; p = reject ; rua = mailto:dmarc@example.com", WHOLE},
    {"v=DMARC1p=rejectrua=mailto:dmarc@example.com", WHOLE},
    {"v=DMARC1;p reject;rua mailto:dmarc@example.com", WHOLE},
    {"v=DMARC1; p==reject; rua=mailto:dmarc@example.com", WHOLE},
    {"v=DMARC1\\; p=reject\\; rua=mailto:dmarc@example.com", WHOLE},
    {"v=DMARC1|p=reject|rua=mailto:dmarc@example.com", WHOLE},
    {"v=DMARC1; p=rej|ect; rua=mailto:dmarc@exam|ple.com", WHOLE},
    {"p=reject; rua=mailto:dmarc@example.com;|v=DMARC1; ", WHOLE},
    /* octets */
    {"\"v=DMARC1; p=reject; rua=mailto:dmarc@example.com\"", WHOLE},
    {"\xe2\x80\x9cv=DMARC1; p=reject; rua=mailto:dmarc@example.com\xe2\x80\x9d", WHOLE},
    {"\xef\xbb\xbfv=DMARC1; p=reject; rua=mailto:dmarc@example.com", WHOLE},
    {"v=DMARC1;\xc2\xa0p=reject;\xc2\xa0rua=mailto:dmarc@example.com", WHOLE},
    {"v=DMARC1;\tp=reject;\r\nrua=mailto:dmarc@example.com", WHOLE},
    /* the version */
    {"v=dmarc1; p=reject; rua=mailto:dmarc@example.com", WHOLE},
    {"v=DMARC; p=reject; rua=mailto:dmarc@example.com", WHOLE},
    {"v=DMARC 1; p=reject; rua=mailto:dmarc@example.com", WHOLE},
    {"v=DMRAC1; p=reject; rua=mailto:dmarc@example.com", WHOLE},
    {"v=DMARCv1; p=reject; rua=mailto:dmarc@example.com", WHOLE},
    {"V=DMARC1; P=reject; RUA=mailto:dmarc@example.com", WHOLE},
    {"DMARC1; p=reject; rua=mailto:dmarc@example.com", WHOLE},
    {"p=reject; rua=mailto:dmarc@example.com", WHOLE},
    {"p=reject; v=DMARC1; rua=mailto:dmarc@example.com", WHOLE},
    {"_dmarc.example.com. 3600 IN TXT \"v=DMARC1; p=reject; rua=mailto:dmarc@example.com\"",
     WHOLE},
    {"TXT v=DMARC1; p=reject; rua=mailto:dmarc@example.com", WHOLE},
    /* words */
    {"v=DMARC1; p=rejct; rua=mailto:dmarc@example.com", WHOLE},
    {"v=DMARC1; p=rejected; rua=mailto:dmarc@example.com", WHOLE},
    {"v=DMARC1; p=\"reject\"; rua=mailto:dmarc@example.com", WHOLE},
    {"v=DMARC1; policy=reject; rua=mailto:dmarc@example.com", WHOLE},
    {"v=DMARC1; reject; rua=mailto:dmarc@example.com", WHOLE},
    {"v=DMARC1; p=quarentine", "v=DMARC1; p=quarantine"},
    {"v=DMARC1; p=non", "v=DMARC1; p=none"},
    {"v=DMARC1; p=reject; ruaa=mailto:dmarc@example.com", WHOLE},
    {"v=DMARC1; p=reject; adkim=strict; aspf=relaxed", "v=DMARC1; p=reject; adkim=s; aspf=r"},
    {"v=DMARC1; p=reject; pct=50%", "v=DMARC1; p=reject; pct=50"},
    {"v=DMARC1; p=reject; fo=1,d", "v=DMARC1; p=reject; fo=1:d"},
    {"v=DMARC1; p=reject; sp=quarantin", "v=DMARC1; p=reject; sp=quarantine"},
    /* addresses */
    {"v=DMARC1; p=reject; rua=dmarc@example.com", WHOLE},
    {"v=DMARC1; p=reject; rua=mailto: dmarc@example.com", WHOLE},
    {"v=DMARC1; p=reject; rua=mailto://dmarc@example.com", WHOLE},
    {"v=DMARC1; p=reject; rua=mailto=dmarc@example.com", WHOLE},
    {"v=DMARC1; p=reject; rua=maito:dmarc@example.com", WHOLE},
    {"v=DMARC1; p=reject; rua=mailto:<dmarc@example.com>", WHOLE},
    {"v=DMARC1; p=reject; rua=mailto;dmarc@example.com", WHOLE},
    {"v=DMARC1; p=reject; rua=a@example.com,b@example.com",
     "v=DMARC1; p=reject; rua=mailto:a@example.com,mailto:b@example.com"},
    {"v=DMARC1; p=reject; rua=mailto:a@example.com;mailto:b@example.com",
     "v=DMARC1; p=reject; rua=mailto:a@example.com,mailto:b@example.com"},
    {"v=DMARC1; p=reject; rua=mailto:a@example.com mailto:b@example.com; pct=100",
     "v=DMARC1; p=reject; rua=mailto:a@example.com,mailto:b@example.com; pct=100"},
    {"v=DMARC1; p=reject; rua=mailto:a@example.com; rua=mailto:b@example.com",
     "v=DMARC1; p=reject; rua=mailto:a@example.com,mailto:b@example.com"},
    /* well-formed */
    {WHOLE, WHOLE},
    {"v=DMARC1; p=none", "v=DMARC1; p=none"},
    {"v=DMARC1; rua=mailto:dmarc@example.com", "v=DMARC1; rua=mailto:dmarc@example.com"},
    {"v=DMARC1; p=none; rua=mailto:a@example.com!10m; xnote=1",
     "v=DMARC1; p=none; rua=mailto:a@example.com!10m; xnote=1"},
    /* nobody knows */
    {"v=DMARC1; p=", NULL},
    {"v=DMARC1; p=sometimes", NULL},
    {"v=DMARC1; p=reject; rua=somebody", NULL},
    {"v=spf1 -all", NULL},
    {"v=DKIM1; k=rsa; p=MIIB", NULL},
    {"google-site-verification=abc", NULL},
    {"we use dmarc", NULL},
    {"", NULL},
};

static void each_record_is_read_as_it_was_meant(void **state)
{
    meant_assert(*state, rec_meant_dmarc, cases, COUNT_OF(cases));
}

static void two_policies_are_two_readings(void **state)
{
    const struct rec_meant *meant = read_text(*state, "v=DMARC1; p=none; p=reject");

    assert_true(span_equal_text(meant->text, "v=DMARC1; p=none"));
    assert_true(span_equal_text(meant->other->text, "v=DMARC1; p=reject"));
    assert_null(read_text(*state, "v=DMARC1; p=reject; p=reject")->other);
    meant = read_text(*state, "v=DMARC1; p=quarantine/reject");
    assert_true(span_equal_text(meant->text, "v=DMARC1; p=quarantine"));
    assert_true(span_equal_text(meant->other->text, "v=DMARC1; p=reject"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_record_is_read_as_it_was_meant),
        cmocka_unit_test(two_policies_are_two_readings),
    };

    return cmocka_run_group_tests(tests, unit_open_arena, unit_close_arena);
}
