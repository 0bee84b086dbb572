/* Key records as people break them, and what they meant. "|" parts the strings of a record. */
#include "meant_cases.h"

/* the public keys of RFC 8463, A.2, in two strings and in their other wrappings */
#define HEAD \
    "MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDkHlOQoBTzWRiGs5V6NpP3idY6Wk08a5qhdR6wy5bdOKb2jLQi"
#define MIDDLE \
    "Y/J16JYi0Qvx/byYzCNb3W91y3FutACDfzwQ/BC/e/8uBsCR+yz1Lxj+PL6lHvqMKrM3rG4hstT5QjvHO9Pzo"
#define TAIL "xZyVYLzBfO2EeC3Ip3G+2kryOTIKT+l/K4w3QIDAQAB"
#define RSA  HEAD MIDDLE TAIL
#define RSA_PAIR                                                                               \
    "MIGJAoGBAOQeU5CgFPNZGIazlXo2k/eJ1jpaTTxrmqF1HrDLlt04pvaMtCJj8nXoliLRC/H9vJjMI1vdb3XLcW60" \
    "AIN/PBD8EL97/y4GwJH7LPUvGP48vqUe+owqszesbiGy1PlCO8c70/OjFnJVgvMF87YR4Lcincb7aSvI5MgpP6X8" \
    "rjDdAgMBAAE="
#define ED25519     "11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="
#define ED25519_DER "MCowBQYDK2VwAyEA11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="

#define OTHER "On9DeHis8e7rU/RVmhk86DRu3Tzt8ki+0M7iu+ol2qY="

#define WHOLE    "v=DKIM1; k=rsa; p=" RSA
#define WHOLE_ED "v=DKIM1; k=ed25519; p=" ED25519

/* read_text - the reading of one text */
static const struct rec_meant *read_text(struct arena *arena, const char *text)
{
    return meant_read(arena, rec_meant_dkim, text);
}

static const struct meant_case cases[] = {
    /* marks */
    {"v=1; k=rsa; p=" RSA, WHOLE},
    {"v=DMARC1; k=rsa; p=" RSA, WHOLE},
    {"v=DKIM1; k=rsa; key=" RSA, WHOLE},
    {"v=DKIM1; k=rsa; pub=" RSA, WHOLE},
    {"v=DKIM1 k=rsa p=" RSA, WHOLE},
    {"v=DKIM1, k=rsa, p=" RSA, WHOLE},
    {"v=DKIM1; k=rsa;; p=" RSA ";", WHOLE},
    {"v:DKIM1; k:rsa; p:" RSA, WHOLE},
    {"v=DKIM1k=rsap=" RSA, WHOLE},
    {"v=DKIM1\\; k=rsa\\; p=" RSA, WHOLE},
    {"v = DKIM1 ; k = rsa ; p = " RSA, WHOLE},
    {"V=DKIM1; K=rsa; P=" RSA, WHOLE},
    /* strings */
    {HEAD "|v=DKIM1; k=rsa; p=", NULL}, /* half a key */
    {MIDDLE TAIL "|v=DKIM1; k=rsa; p=" HEAD, WHOLE},
    {"v=DKIM1; k=rsa; p=" HEAD "|" TAIL "|" MIDDLE, WHOLE},
    {MIDDLE "|" TAIL "|v=DKIM1; k=rsa; p=" HEAD, WHOLE},
    {"v=DKIM1; k=rsa; p=" HEAD " |" MIDDLE "\t|" TAIL, WHOLE},
    {"\"v=DKIM1; k=rsa; p=" HEAD "\" \"" MIDDLE TAIL "\"", WHOLE},
    {"( \"v=DKIM1; k=rsa; \" \"p=" HEAD "\" \"" MIDDLE TAIL "\" )", WHOLE},
    /* octets */
    {"\xe2\x80\x9cv=DKIM1; k=rsa; p=" RSA "\xe2\x80\x9d", WHOLE},
    {"v=DKIM1;\xc2\xa0k=rsa;\xc2\xa0p=" RSA, WHOLE},
    {"\xef\xbb\xbfv=DKIM1; k=rsa; p=" RSA, WHOLE},
    {"v=DKIM1; k=rsa; p=" HEAD "\xe2\x80\x8b" MIDDLE TAIL, WHOLE},
    /* the key */
    {"v=DKIM1; k=rsa; p=-----BEGIN PUBLIC KEY-----" RSA "-----END PUBLIC KEY-----", WHOLE},
    {"v=DKIM1; k=rsa; p=-----BEGIN PUBLIC KEY----- " HEAD " " MIDDLE " " TAIL
     " -----END PUBLIC KEY-----",
     WHOLE},
    {"-----BEGIN PUBLIC KEY-----\n" RSA "\n-----END PUBLIC KEY-----", "p=" RSA},
    {RSA, "p=" RSA},
    {"v=DKIM1; k=rsa; " RSA, WHOLE},
    {"v=DKIM1; k=rsa; p=p=" RSA, WHOLE},
    {"v=DKIM1; k=rsa; p=" RSA_PAIR, WHOLE},
    {"v=DKIM1; k=ed25519; p=" ED25519_DER, WHOLE_ED},
    {"v=DKIM1; p=" ED25519, "v=DKIM1; p=" ED25519 "; k=ed25519"},
    {"v=DKIM1; k=rsa; p=" ED25519, WHOLE_ED},
    {"v=DKIM1; k=ed25519; p=11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo", WHOLE_ED},
    {"v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo", WHOLE_ED},
    /* words */
    {"v=DKIM; k=rsa; p=" RSA, WHOLE},
    {"v=dkim1; k=RSA; p=" RSA, WHOLE},
    {"v=DKIM 1; k=rsa-sha256; p=" RSA, WHOLE},
    {"DKIM1; k=rsa; p=" RSA, WHOLE},
    {"k=rsa; v=DKIM1; p=" RSA, WHOLE},
    {"v=DKIM1; h=sha-256; k=rsa; p=" RSA, "v=DKIM1; h=sha256; k=rsa; p=" RSA},
    {"s1._domainkey IN TXT \"v=DKIM1; k=rsa; p=" RSA "\"", WHOLE},
    /* well-formed */
    {WHOLE, WHOLE},
    {WHOLE_ED, WHOLE_ED},
    {"v=DKIM1; h=sha1:sha256; k=rsa; s=email; t=y:s; n=some=20note; p=" RSA,
     "v=DKIM1; h=sha1:sha256; k=rsa; s=email; t=y:s; n=some=20note; p=" RSA},
    /* nobody knows */
    {"v=DKIM1; k=rsa; p=" HEAD MIDDLE, NULL},
    {"v=DKIM1; k=rsa; p=" HEAD "x" MIDDLE TAIL, NULL},
    {"v=DKIM1; k=rsa; p=", NULL},
    {"v=DKIM1", NULL},
    {"v=DMARC1; p=none", NULL},
    {"s1.domainkey.u123.example.net", NULL},
    {"", NULL},
};

static void each_record_is_read_as_it_was_meant(void **state)
{
    meant_assert(*state, rec_meant_dkim, cases, COUNT_OF(cases));
}

static void two_keys_in_one_record_are_two_readings(void **state)
{
    const struct rec_meant *meant = read_text(*state, WHOLE_ED "; p=" OTHER);

    assert_true(span_equal_text(meant->text, WHOLE_ED));
    assert_true(span_equal_text(meant->other->text, "v=DKIM1; k=ed25519; p=" OTHER));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_record_is_read_as_it_was_meant),
        cmocka_unit_test(two_keys_in_one_record_are_two_readings),
    };

    return cmocka_run_group_tests(tests, unit_open_arena, unit_close_arena);
}
