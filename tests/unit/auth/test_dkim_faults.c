/* DKIM verification: signatures and keys that cannot be used, each with its reason. */
#include "unit.h"

#include "base/sbuf.h"
#include "dkim_case.h"

/* faults of the signature itself: one that was sound, one edit */
static void a_signature_against_the_grammar_is_permerror(void **state)
{
    struct dkim_case *f = *state;
    static const struct {
        const char *what;
        const char *with;
        const char *reason;
    } cases[] = {
        {"v=1", "v=2", "v= is not 1"},
        {"v=1; ", "", "v= is missing"},
        {"a=rsa-sha256", "a=rsa-sha512", "a=rsa-sha512: unknown algorithm"},
        {"a=rsa-sha256", "a=RSA-SHA256", "a=RSA-SHA256: unknown algorithm"},
        {"v=1;", "v=1; v=1;", "duplicate tag \"v\""},
        {"v=1;", "v=1; unknown=a; unknown=b;", "duplicate tag \"unknown\""},
        {"d=example.com", "d=exam ple.com", "d= is not a domain name"},
        {"d=example.com", "d=exa(mple.com", "d= is not a domain name"},
        {"d=example.com", "d=com", "d= is not a domain name"},
        {"d=example.com", "d=example..com", "d= is not a domain name"},
        {"d=example.com", "d=example.com.", "d= is not a domain name"},
        {"s=sel", "s=s(l", "s= is not a selector"},
        {"s=sel", "s=", "s= is not a selector"},
        {"h=From", "h=X-From", "h= does not sign From"},
        {"h=From:To", "h=From::To", "h= is not a list of field names"},
        {"h=From:To", "h=From:T o", "h= is not a list of field names"},
        {"c=relaxed/relaxed", "c=relaxed/loose", "c=relaxed/loose: unknown canonicalization"},
        {"c=relaxed/relaxed", "c=relaxed/", "c=relaxed/: unknown canonicalization"},
        {"v=1;", "v=1; i=a@example.org;", "i= is neither in the domain of d= nor below it"},
        {"v=1;", "v=1; i=a@notexample.com;", "i= is neither in the domain of d="},
        {"v=1;", "v=1; i=example.com;", "i= is not an identity"},
        {"v=1;", "v=1; i=a@b@example.com;", "i= is not an identity"},
        {"v=1;", "v=1; i=a=4@example.com;", "i= is not an identity"},
        {"v=1;", "v=1; i=a=;", "i= is not an identity"},
        {"v=1;", "v=1; l=;", "l= is not a number"},
        {"v=1;", "v=1; l=+5;", "l= is not a number"},
        {"v=1;", "v=1; l=-1;", "l= is not a number"},
        {"v=1;", "v=1; t=1x;", "t= is not a number"},
        {"v=1;", "v=1; x=1234567890123;", "x= is not a number of at most 12 digits"},
        {"v=1;", "v=1; t=2; x=2;", "x= is not later than t="},
        {"v=1;", "v=1; q=dns/a:http;", "q= does not offer dns/txt"},
        {"bh=", "bh=*", "bh= is not base64"},
        {"\tb=", "\tb=A", "b= is not base64"},
        {"\tb=", "\tb=; z=", "b= is empty"},
        {"v=1;", "v=1;; ", "nothing before a semicolon"},
        {"v=1;", "v=1; junk;", "no \"=\" in \"junk\""},
        {"v=1;", "v=1; a-b=c;", "not a tag name \"a-b\""},
        {"v=1;", "v=1; n=\x01;", "octets not allowed in a tag value"},
    };
    struct span message = dkim_case_signed(f, "x\r\n", "relaxed/relaxed");

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        const struct auth_dkim_verdict *verdict = dkim_case_judge(
            f, dkim_case_replaced(f->arena, message, cases[i].what, cases[i].with),
            dkim_case_sound_world(f));

        if (verdict->result != DKIM_PERMERROR ||
            strstr(verdict->reason, cases[i].reason) == NULL)
            fail_msg("%s -> %s: %s: %s", cases[i].what, cases[i].with,
                     dkim_result_to_text(verdict->result), verdict->reason);
        assert_int_equal(verdict->header_hash, HASH_NOT_CHECKED);
        assert_null(verdict->answer);
    }
}

static void rsa_sha1_shows_its_hashes_all_the_same(void **state)
{
    struct dkim_case *f = *state;
    struct dkim_signing signing = {
        .domain = "example.com", .selector = "sel", .key = "rsa2048", .algorithm = "rsa-sha1"};
    const struct auth_dkim_verdict *verdict = dkim_case_judge(
        f, dkim_signer_sign(f->arena, dkim_case_message(f->arena, "x\r\n"), &signing),
        dkim_case_sound_world(f));

    dkim_case_assert(verdict, DKIM_PERMERROR, "a=rsa-sha1 is no longer accepted");
    assert_int_equal(verdict->body_hash, HASH_MATCH);
    assert_int_equal(verdict->header_hash, HASH_MATCH);
    verdict = dkim_case_judge(
        f,
        dkim_case_replaced(
            f->arena,
            dkim_signer_sign(f->arena, dkim_case_message(f->arena, "x\r\n"), &signing),
            "From: ", "From: not "),
        dkim_case_sound_world(f));
    dkim_case_assert(verdict, DKIM_PERMERROR, "a=rsa-sha1 is no longer accepted");
    assert_int_equal(verdict->header_hash, HASH_MISMATCH);
}

/* key records: each with the sound message */
static void a_key_that_may_not_be_used_is_permerror(void **state)
{
    struct dkim_case *f = *state;
    const char *key = dkim_signer_public(f->arena, "rsa2048", false);
    const char *ed25519 = dkim_signer_public(f->arena, "ed25519", false);
    const struct {
        const char *record;
        const char *reason;
    } cases[] = {
        {"v=DKIM1; p=", "the key is revoked: p= is empty"},
        {"v=DKIM1; k=rsa", "the key record is unusable: p= is missing"},
        {arena_printf(f->arena, "p=%s; v=DKIM1", key), "v= is not the first tag"},
        {arena_printf(f->arena, "v=DKIM2; p=%s", key), "v= is not DKIM1"},
        {arena_printf(f->arena, "v=DKIM1; p=; p=%s", key), "duplicate tag \"p\""},
        {arena_printf(f->arena, "v=DKIM1; k=dsa; p=%s", key), "k=dsa: unknown key type"},
        {arena_printf(f->arena, "v=DKIM1; h=sha1; p=%s", key), "h= does not allow sha256"},
        {arena_printf(f->arena, "v=DKIM1; s=tlsrpt; p=%s", key), "s= does not allow email"},
        {arena_printf(f->arena, "v=DKIM1; p=%.*s", 100, key), "p= is cut off: 75 of "},
        {arena_printf(f->arena, "v=DKIM1; p=%.*s", 99, key), "p= is cut off: 72 of "},
        {"v=DKIM1; p=MIIBCgIBAAKC", "p= is cut off: 9 of 270 octets"},
        {"v=DKIM1; p=MAYCAQACAQU=", "p= holds a private key"},
        {"v=DKIM1; p=-----BEGIN PRIVATE KEY-----MIIB", "p= holds a private key"},
        {"v=DKIM1; p=MAAA", "p= is not an RSA key"},
        {arena_printf(f->arena, "v=DKIM1; p=*%s", key), "p= is not base64"},
        {arena_printf(f->arena, "v=DKIM1; p=%s", ed25519), "which needs k=ed25519"},
        {arena_printf(f->arena, "v=DKIM1; k=ed25519; p=%s", ed25519),
         "a=rsa-sha256 does not go with a key of type ed25519"},
        {arena_printf(f->arena, "v=DKIM1; k=ed25519; p=%s", key),
         "p= is not an Ed25519 key of 32 octets"},
        {"v=spf1 -all", "no TXT record at sel._domainkey.example.com is a key record"},
    };
    struct span message = dkim_case_signed(f, "x\r\n", "relaxed/relaxed");

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        const struct auth_dkim_verdict *verdict =
            dkim_case_judge(f, message, dkim_case_world(f, cases[i].record));

        if (verdict->result != DKIM_PERMERROR ||
            strstr(verdict->reason, cases[i].reason) == NULL)
            fail_msg("%s: %s: %s", cases[i].record, dkim_result_to_text(verdict->result),
                     verdict->reason);
        assert_int_equal(verdict->body_hash, HASH_MATCH);
        assert_int_equal(verdict->header_hash, HASH_NOT_CHECKED);
        assert_int_equal(verdict->answer->status, DNS_OK);
    }
}

static void a_key_with_odd_but_sound_tags_is_used(void **state)
{
    struct dkim_case *f = *state;
    const char *key = dkim_signer_public(f->arena, "rsa2048", false);
    static const char *const forms[] = {
        "v=DKIM1; h=sha1:sha256; s=email; t=s; n=a note; g=*; p=%s",
        "k=rsa; p=%s;",
        "p=%s",
        "v=DKIM1;s=other : *;t=x;unknown=1;p=%s ; ",
        " v = DKIM1 ; h = sha256 : other ; p = %s",
    };

    for (size_t i = 0; i < COUNT_OF(forms); i++) {
        const char *record = arena_strdup_span(
            f->arena, dkim_case_replaced(f->arena, span_of(forms[i]), "%s", key));

        dkim_case_assert(
            dkim_case_judge(f, dkim_case_signed(f, "x\r\n", NULL), dkim_case_world(f, record)),
            DKIM_PASS, "the signature verifies");
    }
    dkim_case_assert(
        dkim_case_judge(f, dkim_case_signed(f, "x\r\n", NULL),
                        dkim_case_world(f, arena_printf(f->arena, "t=y:s; p=%s", key))),
        DKIM_PASS, "the key is for testing (t=y)");
    assert_true(f->verdicts[0].key->is_testing);
}

static void sizes_of_rsa_keys_are_bounded(void **state)
{
    struct dkim_case *f = *state;
    struct dkim_signing signing = {
        .domain = "example.com", .selector = "sel", .key = "rsa1000"};
    struct span message =
        dkim_signer_sign(f->arena, dkim_case_message(f->arena, "x\r\n"), &signing);

    dkim_case_assert(
        dkim_case_judge(f, message,
                        dkim_case_world(f, dkim_signer_record(f->arena, "rsa1000"))),
        DKIM_PERMERROR, "the RSA key has 1000 bits, fewer than 1024 are never valid");
    assert_int_equal(f->verdicts[0].key_bits, 1000);

    /* SEQUENCE { INTEGER of 1025 octets: 8193 bits, INTEGER 3 } */
    char octets[4 + 4 + 1025 + 3] = "\x30\x82\x04\x08\x02\x82\x04\x01\x01";

    octets[4 + 4 + 1024] = 1;
    memcpy(octets + 4 + 4 + 1025, "\x02\x01\x03", 3);
    static const char letters[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    struct sbuf record = sbuf_start(f->arena);

    sbuf_add(&record, "v=DKIM1; p=");
    for (size_t i = 0; i + 2 < sizeof(octets); i += 3) {
        uint32_t bits = (uint32_t)(uint8_t)octets[i] << 16 |
                        (uint32_t)(uint8_t)octets[i + 1] << 8 | (uint8_t)octets[i + 2];

        for (int shift = 18; shift >= 0; shift -= 6)
            sbuf_add_octet(&record, letters[bits >> shift & 63]);
    }
    sbuf_add(&record, "Aw=="); /* the last octet, 3: 1036 is 345 times three and one */
    dkim_case_assert(dkim_case_judge(f, message, dkim_case_world(f, sbuf_text(&record))),
                     DKIM_NEUTRAL, "the RSA key has 8193 bits, more than 8192");
    assert_int_equal(f->verdicts[0].key_bits, 8193);
}

static void a_strict_key_wants_the_identity_in_the_domain_itself(void **state)
{
    struct dkim_case *f = *state;
    const char *world =
        dkim_case_world(f, arena_printf(f->arena, "v=DKIM1; t=s; p=%s",
                                        dkim_signer_public(f->arena, "rsa2048", false)));
    struct dkim_signing signing = {.domain = "example.com",
                                   .selector = "sel",
                                   .key = "rsa2048",
                                   .tags = "i=a@sub.example.com;"};
    struct span below =
        dkim_signer_sign(f->arena, dkim_case_message(f->arena, "x\r\n"), &signing);

    dkim_case_assert(dkim_case_judge(f, below, world), DKIM_PERMERROR,
                     "the key has t=s, and the domain of i= is not d=");
    dkim_case_assert(dkim_case_judge(f, below, dkim_case_sound_world(f)), DKIM_PASS, "");
    signing.tags = "i=\"a@b\"@EXAMPLE.com;";
    dkim_case_assert(
        dkim_case_judge(
            f, dkim_signer_sign(f->arena, dkim_case_message(f->arena, "x\r\n"), &signing),
            world),
        DKIM_PASS, "");
}

static void trouble_with_the_key_is_told_apart(void **state)
{
    struct dkim_case *f = *state;
    static const struct {
        const char *world;
        enum dkim_result result;
        const char *reason;
    } cases[] = {
        {"other.example.com TXT \"x\"\n", DKIM_PERMERROR,
         "no key: sel._domainkey.example.com does not exist"},
        {"sel._domainkey.example.com A 192.0.2.1\n", DKIM_PERMERROR,
         "no key: sel._domainkey.example.com has no TXT record"},
        {"sel._domainkey.example.com TXT !SERVFAIL\n", DKIM_TEMPERROR,
         "could not be queried: SERVFAIL (SERVFAIL by the world of the test)"},
        {"sel._domainkey.example.com TXT !TIMEOUT\n", DKIM_TEMPERROR,
         "could not be queried: TIMEOUT"},
        {"sel._domainkey.example.com TXT !BOGUS\n", DKIM_TEMPERROR,
         "could not be queried: BOGUS"},
        {"sel._domainkey.example.com TXT !UNKNOWN\n", DKIM_TEMPERROR,
         "could not be queried: UNKNOWN"},
    };
    struct span message = dkim_case_signed(f, "x\r\n", NULL);

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        dkim_case_assert(dkim_case_judge(f, message, cases[i].world), cases[i].result,
                         cases[i].reason);
        assert_int_equal(f->verdicts[0].body_hash, HASH_MATCH);
        assert_int_equal(f->verdicts[0].key_count, 0);
    }
}

static void a_key_behind_a_cname_is_found(void **state)
{
    struct dkim_case *f = *state;
    const char *world = arena_printf(
        f->arena, "sel._domainkey.example.com CNAME k1._domainkey.mail.example.net.\n%s",
        dkim_signer_world(f->arena, "k1", "mail.example.net",
                          dkim_signer_record(f->arena, "rsa2048")));

    dkim_case_assert(dkim_case_judge(f, dkim_case_signed(f, "x\r\n", NULL), world), DKIM_PASS,
                     "");
}

static void several_key_records_are_tried_in_order(void **state)
{
    struct dkim_case *f = *state;
    const char *good = dkim_case_world(f, dkim_signer_record(f->arena, "rsa2048"));
    const char *other = dkim_case_world(f, dkim_signer_record(f->arena, "rsa1024"));
    const char *revoked = dkim_case_world(f, "v=DKIM1; p=");
    const char *foreign = dkim_case_world(f, "v=spf1 -all");
    struct span message = dkim_case_signed(f, "x\r\n", NULL);

    dkim_case_assert(dkim_case_judge(f, message, arena_printf(f->arena, "%s%s", other, good)),
                     DKIM_PASS,
                     "the signature verifies; there are 2 key records, one is allowed");
    assert_int_equal(f->verdicts[0].key_bits, 2048);
    assert_int_equal(f->verdicts[0].key_count, 2);
    dkim_case_assert(
        dkim_case_judge(f, message, arena_printf(f->arena, "%s%s%s", revoked, other, other)),
        DKIM_FAIL, "does not verify over the header fields; there are");
    assert_int_equal(f->verdicts[0].key_bits, 1024);
    dkim_case_assert(dkim_case_judge(f, message, arena_printf(f->arena, "%s%s", foreign, good)),
                     DKIM_PASS, "the signature verifies");
    assert_int_equal(f->verdicts[0].key_count, 1);
    dkim_case_assert(
        dkim_case_judge(f, message,
                        arena_printf(f->arena, "%s%s", revoked,
                                     dkim_case_world(f, "v=DKIM1; k=dsa; p=AAAA"))),
        DKIM_PERMERROR, "the key is revoked: p= is empty; none of 2 key records");
}

static void the_table_of_keys_makes_room(void **state)
{
    struct dkim_case *f = *state;
    struct span message = dkim_case_signed(f, "x\r\n", "relaxed/relaxed");
    const char *good = dkim_signer_public(f->arena, "rsa2048", false);

    dkim_case_assert(dkim_case_judge(f, message, dkim_case_sound_world(f)), DKIM_PASS, "");
    for (int i = 0; i < 600; i++) { /* more than are kept, all different */
        const char *other = arena_printf(f->arena, "p=%.*s%03d%s", 100, good, i, good + 103);

        dkim_case_assert(dkim_case_judge(f, message, dkim_case_world(f, other)), DKIM_FAIL,
                         "header fields");
    }
    dkim_case_assert(dkim_case_judge(f, message, dkim_case_sound_world(f)), DKIM_PASS, "");
    auth_dkim_forget_keys();
    dkim_case_assert(dkim_case_judge(f, message, dkim_case_sound_world(f)), DKIM_PASS, "");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, dkim_case_setup, dkim_case_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_signature_against_the_grammar_is_permerror),
        TEST(rsa_sha1_shows_its_hashes_all_the_same),
        TEST(a_key_that_may_not_be_used_is_permerror),
        TEST(a_key_with_odd_but_sound_tags_is_used),
        TEST(sizes_of_rsa_keys_are_bounded),
        TEST(a_strict_key_wants_the_identity_in_the_domain_itself),
        TEST(trouble_with_the_key_is_told_apart),
        TEST(a_key_behind_a_cname_is_found),
        TEST(several_key_records_are_tried_in_order),
        TEST(the_table_of_keys_makes_room),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
