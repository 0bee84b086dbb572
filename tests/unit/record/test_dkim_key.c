/* DKIM key records in parsed form, every fault by its kind, and what is a key record at all. */
#include "records.h"

#include "auth/auth_dkim.h"
#include "record/rec_dkim.h"

/* the public keys of RFC 8463, A.2 */
#define ED25519 "11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="
#define RSA_SPKI                                                                               \
    "MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDkHlOQoBTzWRiGs5V6NpP3idY6Wk08a5qhdR6wy5bdOKb2jLQi" \
    "Y/J16JYi0Qvx/byYzCNb3W91y3FutACDfzwQ/BC/e/8uBsCR+yz1Lxj+PL6lHvqMKrM3rG4hstT5QjvHO9Pzo"    \
    "xZyVYLzBfO2EeC3Ip3G+2kryOTIKT+l/K4w3QIDAQAB"

static struct rec_dkim_key parse(struct arena *arena, const char *text)
{
    struct rec_dkim_key key;

    rec_dkim_key_parse(arena, span_of(text), &key);
    return key;
}

static void a_full_record_gets_its_types(void **state)
{
    struct rec_dkim_key key = parse(
        *state, "v=DKIM1; h=sha1:sha256; k=rsa; n=some=20note; s=email; t=y:s; p=" RSA_SPKI);

    assert_null(key.faults);
    assert_int_equal(key.type, REC_DKIM_KEY_RSA);
    assert_true(key.is_testing && key.is_strict && key.allows_sha256 && key.allows_email);
    assert_false(key.is_revoked || key.is_fatal);
    assert_int_equal(key.octets.len, 162);
    assert_int_equal(auth_dkim_key_bits(&key), 1024);
}

static void what_is_left_out_has_its_default(void **state)
{
    struct rec_dkim_key key = parse(*state, "p=" RSA_SPKI);

    assert_null(key.faults);
    assert_int_equal(key.type, REC_DKIM_KEY_RSA);
    assert_true(span_equal_text(key.type_text, "rsa"));
    assert_true(key.allows_sha256 && key.allows_email);
    assert_false(key.is_testing || key.is_strict || key.is_revoked);
}

static void ed25519_keys_are_32_raw_octets(void **state)
{
    struct rec_dkim_key key = parse(*state, "v=DKIM1; k=ed25519; p=" ED25519);

    assert_null(key.faults);
    assert_int_equal(key.type, REC_DKIM_KEY_ED25519);
    assert_int_equal(key.octets.len, 32);
    assert_int_equal((uint8_t)key.octets.at[0], 0xD7); /* RFC 8032, 7.1, test 1 */
    assert_int_equal(auth_dkim_key_bits(&key), 256);
}

static void an_empty_key_is_revoked_and_no_fault(void **state)
{
    struct rec_dkim_key key = parse(*state, "v=DKIM1; p=");

    assert_null(key.faults);
    assert_true(key.is_revoked);
    assert_int_equal(auth_dkim_key_bits(&key), 0);
    key = parse(*state, "v=DKIM1; p= ;");
    assert_true(key.is_revoked);
}

static void every_fault_has_its_kind_and_place(void **state)
{
    static const struct {
        const char *text;
        enum rec_dkim_fault kind;
        size_t at;
    } cases[] = {
        {"v=DKIM1", REC_DKIM_FAULT_MISSING, 0},
        {"p=; v=DKIM1", REC_DKIM_FAULT_VERSION, 4},
        {"v=DKIM2; p=", REC_DKIM_FAULT_VERSION, 0},
        {"v=dkim1; p=", REC_DKIM_FAULT_VERSION, 0},
        {"v=1; p=", REC_DKIM_FAULT_VERSION, 0},
        {"v=DKIM1; k=dsa; p=AAAA", REC_DKIM_FAULT_ALGORITHM, 9},
        {"v=DKIM1; k=RSA; p=AAAA", REC_DKIM_FAULT_ALGORITHM, 9},
        {"v=DKIM1; h=sha1; p=", REC_DKIM_FAULT_HASHES, 9},
        {"v=DKIM1; h=; p=", REC_DKIM_FAULT_HASHES, 9},
        {"v=DKIM1; s=other; p=", REC_DKIM_FAULT_SERVICE, 9},
        {"v=DKIM1; p=A", REC_DKIM_FAULT_BASE64, 9},
        {"v=DKIM1; p=AAAA AA\\ AA", REC_DKIM_FAULT_BASE64, 9},
        {"v=DKIM1; p=-----BEGIN PUBLIC KEY-----", REC_DKIM_FAULT_BASE64, 9},
        {"v=DKIM1; p=AAAA", REC_DKIM_FAULT_KEY_DATA, 9},
        {"v=DKIM1; p=MIGf", REC_DKIM_FAULT_KEY_DATA, 9},
        {"v=DKIM1; p=" ED25519, REC_DKIM_FAULT_KEY_DATA, 9},
        {"v=DKIM1; k=ed25519; p=MCowBQYDK2VwAyEA" ED25519, REC_DKIM_FAULT_KEY_DATA, 20},
        {"v=DKIM1; k=ed25519; p=" RSA_SPKI, REC_DKIM_FAULT_KEY_DATA, 20},
        {"v=DKIM1; p=; p=" RSA_SPKI, REC_DKIM_FAULT_TAGS, 13},
        {"v=DKIM1; k; p=", REC_DKIM_FAULT_TAGS, 9},
        {"v=DKIM1;; p=", REC_DKIM_FAULT_TAGS, 8},
        {"v=DKIM1; n=\x01; p=", REC_DKIM_FAULT_TAGS, 11},
    };

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct rec_dkim_key key = parse(*state, cases[i].text);

        if (key.faults == NULL || key.faults->next != NULL ||
            key.faults->kind != (int)cases[i].kind || key.faults->at != cases[i].at ||
            !key.is_fatal)
            fail_msg("\"%s\": %s, at %zu", cases[i].text,
                     key.faults == NULL ? "no fault" : key.faults->text,
                     key.faults == NULL ? 0 : key.faults->at);
    }
}

static void unknown_things_are_ignored(void **state)
{
    static const char *const sound[] = {
        "v=DKIM1; g=*; x=1; p=" RSA_SPKI,       "v=DKIM1; t=z:y:; p=" RSA_SPKI,
        "v=DKIM1; h=md5 : sha256; p=" RSA_SPKI, "v=DKIM1; s=calendar:*; p=" RSA_SPKI,
        "v=DKIM1; n=\xC3\xA9; p=" RSA_SPKI,     "v=DKIM1;p=" RSA_SPKI ";",
    };

    for (size_t i = 0; i < COUNT_OF(sound); i++) {
        struct rec_dkim_key key = parse(*state, sound[i]);

        if (key.faults != NULL)
            fail_msg("%s: %s", sound[i], key.faults->text);
    }
}

static void flags_are_whole_words(void **state)
{
    struct rec_dkim_key key = parse(*state, "v=DKIM1; t=yes:strict; p=");

    assert_false(key.is_testing || key.is_strict);
    key = parse(*state, "v=DKIM1; t= s ; p=");
    assert_true(key.is_strict);
}

static void bits_are_those_of_the_modulus(void **state)
{
    static const struct {
        const char *octets;
        size_t len;
        unsigned bits;
    } cases[] = {
        {"\x30\x06\x02\x01\x05\x02\x01\x03", 8, 3},
        {"\x30\x08\x02\x03\x00\x80\x00\x02\x01\x03", 10, 16},
        {"\x30\x08\x02\x03\x00\x00\x01\x02\x01\x03", 10, 1},
        {"\x30\x81\x06\x02\x01\x05\x02\x01\x03", 9, 3}, /* a long length */
        {"\x30\x06\x02\x01\x85\x02\x01\x03", 8, 0},     /* negative */
        {"\x30\x06\x02\x01\x00\x02\x01\x03", 8, 0},     /* zero */
        {"\x30\x06\x02\x01\x05\x02\x01\x00", 8, 0},
        {"\x30\x05\x02\x01\x05\x02\x01", 7, 0}, /* cut */
        {"\x30\x07\x02\x01\x05\x02\x01\x03", 8, 0},
        {"\x30\x80\x02\x01\x05\x02\x01\x03", 8, 0}, /* indefinite length */
        {"\x30\x85\x00\x00\x00\x00\x06\x02\x01\x05", 10, 0},
        {"\x30\x03\x02\x01\x05", 5, 0}, /* no exponent */
        {"\x30\x00", 2, 0},
        {"\x30", 1, 0},
        {"\x30\x02\x30\x00", 4, 0},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct rec_dkim_key key = {.type = REC_DKIM_KEY_RSA};

        key.octets = span_make(cases[i].octets, cases[i].len);
        if (auth_dkim_key_bits(&key) != cases[i].bits)
            fail_msg("case %zu: %u", i, auth_dkim_key_bits(&key));
    }
}

static void a_key_record_is_told_from_others(void **state)
{
    static const struct {
        const char *text;
        bool is_record;
    } cases[] = {
        {"v=DKIM1; p=", true},
        {" v = DKIM1", true},
        {"v=dkim1; p=x", true},
        {"v=DKIM2; p=x", true},
        {"k=rsa; p=x", true},
        {"p=", true},
        {"p=x; v=DKIM1", true},
        {"", false},
        {"k=rsa", false},
        {"v=spf1 -all", false},
        {"v=DMARC1; p=none", false},
        {"v=DMARC1; p=x", false},
        {"p=none", false},
        {"p=reject; v=DMARC1", false},
        {"P=x", false},
        {"some text", false},
        {"google-site-verification=abc", false},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++)
        if (rec_dkim_key_is_record(span_of(cases[i].text)) != cases[i].is_record)
            fail_msg("\"%s\"", cases[i].text);
    assert_false(rec_dkim_key_is_record(span_make(NULL, 0)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        RECORDS_TEST(a_full_record_gets_its_types),
        RECORDS_TEST(what_is_left_out_has_its_default),
        RECORDS_TEST(ed25519_keys_are_32_raw_octets),
        RECORDS_TEST(an_empty_key_is_revoked_and_no_fault),
        RECORDS_TEST(every_fault_has_its_kind_and_place),
        RECORDS_TEST(unknown_things_are_ignored),
        RECORDS_TEST(flags_are_whole_words),
        RECORDS_TEST(bits_are_those_of_the_modulus),
        RECORDS_TEST(a_key_record_is_told_from_others),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
