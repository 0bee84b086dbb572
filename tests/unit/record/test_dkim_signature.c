/* DKIM-Signature fields in parsed form, and every fault by its kind. */
#include "records.h"

#include "record/rec_dkim.h"

static struct rec_dkim_signature parse(struct arena *arena, const char *text)
{
    struct rec_dkim_signature signature;

    rec_dkim_signature_parse(arena, span_of(text), &signature);
    return signature;
}

/* what every signature needs; tests put something in front or behind */
#define SOUND "v=1; a=rsa-sha256; d=example.com; s=sel; h=From:To; bh=YmFy; b=Zm9v"

static void a_full_signature_gets_its_types(void **state)
{
    struct rec_dkim_signature s =
        parse(*state, " v=1; a=ed25519-sha256; c=relaxed/simple; d=Mail.Example.COM;\r\n"
                      " s=2026.Nov; i=joe=2Bhome@sub.mail.example.com; q=http : dns/txt;\r\n"
                      " h=From : to:\r\n\tX-A; l=00012; t=1000; x=2000; z=From:a|To:b;\r\n"
                      " bh=Ym\r\n Fy; b=Zm9v\r\n\tYmFy ;");

    assert_null(s.faults);
    assert_false(s.is_fatal);
    assert_int_equal(s.algorithm, REC_DKIM_ED25519_SHA256);
    records_assert_span(s.algorithm_text, "ed25519-sha256");
    assert_int_equal(s.header_canon, REC_DKIM_RELAXED);
    assert_int_equal(s.body_canon, REC_DKIM_SIMPLE);
    assert_string_equal(s.domain->text, "mail.example.com");
    assert_string_equal(s.selector->text, "2026.nov");
    assert_string_equal(s.key_name->text, "2026.nov._domainkey.mail.example.com");
    records_assert_span(s.identity, "joe=2Bhome@sub.mail.example.com");
    assert_string_equal(s.identity_domain->text, "sub.mail.example.com");
    records_assert_span(s.signature, "foobar");
    records_assert_span(s.body_hash, "bar");
    assert_int_equal(s.signed_count, 3);
    records_assert_span(s.signed_names[0], "From");
    records_assert_span(s.signed_names[1], "to");
    records_assert_span(s.signed_names[2], "X-A");
    assert_true(s.signs_from);
    assert_true(s.has_length && s.has_time && s.has_expiry);
    assert_int_equal(s.length, 12);
    assert_int_equal(s.time, 1000);
    assert_int_equal(s.expiry, 2000);
}

static void what_is_left_out_has_its_default(void **state)
{
    struct rec_dkim_signature s = parse(*state, SOUND);

    assert_null(s.faults);
    assert_int_equal(s.header_canon, REC_DKIM_SIMPLE);
    assert_int_equal(s.body_canon, REC_DKIM_SIMPLE);
    records_assert_span(s.identity, "@example.com");
    assert_string_equal(s.identity_domain->text, "example.com");
    assert_false(s.has_length || s.has_time || s.has_expiry);
}

static void canonicalizations_are_read_in_pairs(void **state)
{
    static const struct {
        const char *text;
        enum rec_dkim_canon header;
        enum rec_dkim_canon body;
    } cases[] = {
        {"simple", REC_DKIM_SIMPLE, REC_DKIM_SIMPLE},
        {"relaxed", REC_DKIM_RELAXED, REC_DKIM_SIMPLE},
        {"simple/relaxed", REC_DKIM_SIMPLE, REC_DKIM_RELAXED},
        {"relaxed/relaxed", REC_DKIM_RELAXED, REC_DKIM_RELAXED},
    };

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct rec_dkim_signature s =
            parse(*state, arena_printf(*state, "c=%s; " SOUND, cases[i].text));

        assert_null(s.faults);
        assert_int_equal(s.header_canon, cases[i].header);
        assert_int_equal(s.body_canon, cases[i].body);
    }
    assert_string_equal(rec_dkim_canon_to_text(REC_DKIM_RELAXED, REC_DKIM_SIMPLE),
                        "relaxed/simple");
    assert_string_equal(rec_dkim_canon_to_text(REC_DKIM_SIMPLE, REC_DKIM_RELAXED),
                        "simple/relaxed");
}

static void every_missing_tag_is_a_fault(void **state)
{
    static const struct {
        const char *text;
        const char *sentence;
    } cases[] = {
        {"a=rsa-sha256; d=example.com; s=sel; h=From; bh=YmFy; b=Zm9v", "v= is missing"},
        {"v=1; d=example.com; s=sel; h=From; bh=YmFy; b=Zm9v", "a= is missing"},
        {"v=1; a=rsa-sha256; s=sel; h=From; bh=YmFy; b=Zm9v", "d= is missing"},
        {"v=1; a=rsa-sha256; d=example.com; h=From; bh=YmFy; b=Zm9v", "s= is missing"},
        {"v=1; a=rsa-sha256; d=example.com; s=sel; bh=YmFy; b=Zm9v", "h= is missing"},
        {"v=1; a=rsa-sha256; d=example.com; s=sel; h=From; b=Zm9v", "bh= is missing"},
        {"v=1; a=rsa-sha256; d=example.com; s=sel; h=From; bh=YmFy", "b= is missing"},
    };

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct rec_dkim_signature s = parse(*state, cases[i].text);

        assert_non_null(s.faults);
        assert_null(s.faults->next);
        assert_int_equal(s.faults->kind, REC_DKIM_FAULT_MISSING);
        assert_string_equal(s.faults->text, cases[i].sentence);
        assert_true(s.is_fatal);
    }
}

static void every_fault_has_its_kind_and_place(void **state)
{
    static const struct {
        const char *text;
        enum rec_dkim_fault kind;
        size_t at;
    } cases[] = {
        {"l=1; v=2; a=rsa-sha256; d=example.com; s=sel; h=From; bh=YmFy; b=Zm9v",
         REC_DKIM_FAULT_VERSION, 5},
        {"v=1; a=dsa-sha256; d=example.com; s=sel; h=From; bh=YmFy; b=Zm9v",
         REC_DKIM_FAULT_ALGORITHM, 5},
        {"v=1; a=rsa-sha1; d=example.com; s=sel; h=From; bh=YmFy; b=Zm9v", REC_DKIM_FAULT_SHA1,
         5},
        {"v=1; a=rsa-sha256; d=example.com; s=sel; h=From; bh=YmF; b=Zm9v",
         REC_DKIM_FAULT_BASE64, 49},
        {"v=1; a=rsa-sha256; d=example.com; s=sel; h=From; bh=YmFy; b=", REC_DKIM_FAULT_BASE64,
         58},
        {"c=none; " SOUND, REC_DKIM_FAULT_CANON, 0},
        {"c=; " SOUND, REC_DKIM_FAULT_CANON, 0},
        {"c=/relaxed; " SOUND, REC_DKIM_FAULT_CANON, 0},
        {"c=relaxed/relaxed/relaxed; " SOUND, REC_DKIM_FAULT_CANON, 0},
        {"v=1; a=rsa-sha256; d=example; s=sel; h=From; bh=YmFy; b=Zm9v", REC_DKIM_FAULT_DOMAIN,
         19},
        {"v=1; a=rsa-sha256; d=; s=sel; h=From; bh=YmFy; b=Zm9v", REC_DKIM_FAULT_DOMAIN, 19},
        {"v=1; a=rsa-sha256; d=192.0.2.1; s=sel; h=From; bh=YmFy; b=Zm9v",
         REC_DKIM_FAULT_DOMAIN, 19},
        {"v=1; a=rsa-sha256; d=example.com; s=.; h=From; bh=YmFy; b=Zm9v",
         REC_DKIM_FAULT_DOMAIN, 34},
        {"i=@com; " SOUND, REC_DKIM_FAULT_IDENTITY, 0},
        {"i=@ample.com; " SOUND, REC_DKIM_FAULT_IDENTITY, 0},
        {"i=; " SOUND, REC_DKIM_FAULT_IDENTITY, 0},
        {"i=a@example.com=; " SOUND, REC_DKIM_FAULT_IDENTITY, 0},
        {"i=a@example.com=4; " SOUND, REC_DKIM_FAULT_IDENTITY, 0},
        {"i=a=4g@example.com; " SOUND, REC_DKIM_FAULT_IDENTITY, 0},
        {"i=a@b@example.com; " SOUND, REC_DKIM_FAULT_IDENTITY, 0},
        {"i=a=40b@example.com; " SOUND, REC_DKIM_FAULT_IDENTITY, 0},
        {"i=\"a\"@b@example.com; " SOUND, REC_DKIM_FAULT_IDENTITY, 0},
        {"i=\"a@example.com; " SOUND, REC_DKIM_FAULT_IDENTITY, 0},
        {"l=1 2; " SOUND, REC_DKIM_FAULT_NUMBER, 0},
        {"l=12345678901234567890123456789012345678901234567890123456789012345678901234567;"
         " " SOUND,
         REC_DKIM_FAULT_NUMBER, 0},
        {"t=; " SOUND, REC_DKIM_FAULT_NUMBER, 0},
        {"x=-1; " SOUND, REC_DKIM_FAULT_NUMBER, 0},
        {"t=5; x=4; " SOUND, REC_DKIM_FAULT_EXPIRY_ORDER, 5},
        {"t=5; x=5; " SOUND, REC_DKIM_FAULT_EXPIRY_ORDER, 5},
        {"q=dns; " SOUND, REC_DKIM_FAULT_QUERY, 0},
        {"v=1; a=rsa-sha256; d=example.com; s=sel; h=From:; bh=YmFy; b=Zm9v",
         REC_DKIM_FAULT_HEADERS, 41},
        {"v=1; a=rsa-sha256; d=example.com; s=sel; h=Fr om:From; bh=YmFy; b=Zm9v",
         REC_DKIM_FAULT_HEADERS, 41},
        {"v=1; a=rsa-sha256; d=example.com; s=sel; h=To; bh=YmFy; b=Zm9v",
         REC_DKIM_FAULT_FROM_UNSIGNED, 41},
        {"t=1; t=2; " SOUND, REC_DKIM_FAULT_TAGS, 5},
        {SOUND ";;", REC_DKIM_FAULT_TAGS, 68},
    };

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct rec_dkim_signature s = parse(*state, cases[i].text);

        if (s.faults == NULL || s.faults->next != NULL ||
            s.faults->kind != (int)cases[i].kind || s.faults->at != cases[i].at || !s.is_fatal)
            fail_msg("\"%s\": %s, at %zu", cases[i].text,
                     s.faults == NULL ? "no fault" : s.faults->text,
                     s.faults == NULL ? 0 : s.faults->at);
    }
}

static void identities_are_decoded_before_they_are_compared(void **state)
{
    static const char *const sound[] = {
        "i=@example.com; " SOUND,
        "i=@EXAMPLE.com; " SOUND,
        "i=\"a@b\"@example.com; " SOUND,
        "i=\"a=40b\"@a.b.example.com; " SOUND,
        "i=\"a\\\"@b\"@example.com; " SOUND,
        "i=a\r\n\t@exam\r\n ple.com; " SOUND,
        "i=\xC3\xBC@example.com; " SOUND,
        "i=a=3Bb@example=2Ecom; " SOUND,
    };

    for (size_t i = 0; i < COUNT_OF(sound); i++) {
        struct rec_dkim_signature s = parse(*state, sound[i]);

        if (s.faults != NULL)
            fail_msg("%s: %s", sound[i], s.faults->text);
    }
}

static void u_labels_become_a_labels(void **state)
{
    struct rec_dkim_signature s = parse(*state, "v=1; a=rsa-sha256; d=b\xC3\xBC"
                                                "cher.example; s=s\xC3\xA9l; h=From; "
                                                "i=@x.xn--bcher-kva.example; bh=YmFy; b=Zm9v");

    assert_null(s.faults);
    assert_string_equal(s.domain->text, "xn--bcher-kva.example");
    assert_string_equal(s.selector->text, "xn--sl-bja");
}

static void a_name_too_long_for_the_dns_is_a_fault(void **state)
{
    char label[64] = {0};

    memset(label, 'a', 63);
    struct rec_dkim_signature s =
        parse(*state, arena_printf(*state,
                                   "v=1; a=rsa-sha256; d=%s.%s.example.com; s=%s.%s; "
                                   "h=From; bh=YmFy; b=Zm9v",
                                   label, label, label, label));

    assert_int_equal(s.faults->kind, REC_DKIM_FAULT_DOMAIN);
    assert_null(s.key_name);
    assert_non_null(s.domain);
}

static void several_faults_are_all_told(void **state)
{
    struct rec_dkim_signature s = parse(*state, "v=3; a=x; h=To; h=Cc");
    size_t count = 0;

    for (const struct fault *fault = s.faults; fault != NULL; fault = fault->next)
        count++;
    /* h= twice, v=, a=, b= bh= d= s= missing, From not signed */
    assert_int_equal(count, 8);
}

static void any_octets_give_a_struct(void **state)
{
    static const char all[] = "\0\xFF;=;\r\n=\r\n;v;b=;d=\xC3;s=\0;h=:::;i==@;c=/;l=\0";
    struct rec_dkim_signature s;

    for (size_t len = 0; len < sizeof(all); len++)
        for (size_t from = 0; from <= len; from++) {
            rec_dkim_signature_parse(*state, span_make(all + from, len - from), &s);
            assert_true(s.is_fatal);
        }
    rec_dkim_signature_parse(*state, span_make(NULL, 0), &s);
    assert_true(s.is_fatal);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        RECORDS_TEST(a_full_signature_gets_its_types),
        RECORDS_TEST(what_is_left_out_has_its_default),
        RECORDS_TEST(canonicalizations_are_read_in_pairs),
        RECORDS_TEST(every_missing_tag_is_a_fault),
        RECORDS_TEST(every_fault_has_its_kind_and_place),
        RECORDS_TEST(identities_are_decoded_before_they_are_compared),
        RECORDS_TEST(u_labels_become_a_labels),
        RECORDS_TEST(a_name_too_long_for_the_dns_is_a_fault),
        RECORDS_TEST(several_faults_are_all_told),
        RECORDS_TEST(any_octets_give_a_struct),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
