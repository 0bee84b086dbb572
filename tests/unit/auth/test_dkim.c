/* DKIM verification: the examples of the standards, every form of signature. */
#include "unit.h"

#include "base/limits.h"
#include "dkim_case.h"

static const char rfc6376_world[] =
    "brisbane._domainkey.example.com TXT \"v=DKIM1; p=MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQ"
    "KBgQDwIRP/UC3SBsEmGqZ9ZJW3/DkMoGeLnQg1fWn7/zYt\" \"IxN2SnFCjxOCKG9v3b4jYfcTNh5ijSsq63"
    "1uBItLa7od+v/RtdC2UzJ1lWT947qR+Rcac2gbto/NMqJ0fzfVjH4OuKhitdY9tf6mcwGjaNBcWToIMmPS"
    "PDdQPNUYckcQ2QIDAQAB\"\n";

static const char rfc8463_world[] =
    "brisbane._domainkey.football.example.com TXT "
    "\"v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=\"\n"
    "test._domainkey.football.example.com TXT "
    "\"v=DKIM1; k=rsa; p=MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDkHlOQoBTzWR\" "
    "\"iGs5V6NpP3idY6Wk08a5qhdR6wy5bdOKb2jLQiY/J16JYi0Qvx/byYzCNb3W91y3FutAC\" "
    "\"DfzwQ/BC/e/8uBsCR+yz1Lxj+PL6lHvqMKrM3rG4hstT5QjvHO9PzoxZyVYLzBfO2EeC3\" "
    "\"Ip3G+2kryOTIKT+l/K4w3QIDAQAB\"\n";

static void the_example_of_rfc_6376_passes(void **state)
{
    struct dkim_case *f = *state;
    struct span message = dkim_case_load(f, "rfc6376-a.eml");
    const struct auth_dkim_verdict *verdict = dkim_case_judge(f, message, rfc6376_world);

    assert_int_equal(f->prepared->count, 1);
    dkim_case_assert(verdict, DKIM_PASS, "the signature verifies");
    assert_int_equal(verdict->body_hash, HASH_MATCH);
    assert_int_equal(verdict->header_hash, HASH_MATCH);
    assert_int_equal(verdict->key_bits, 1024);
    dkim_case_assert(dkim_case_judge(f, dkim_case_with_lf(f->arena, message), rfc6376_world),
                     DKIM_PASS, "");
}

static void both_signatures_of_rfc_8463_pass(void **state)
{
    struct dkim_case *f = *state;
    const struct auth_dkim_verdict *verdicts =
        dkim_case_judge(f, dkim_case_load(f, "rfc8463-a.eml"), rfc8463_world);

    assert_int_equal(f->prepared->count, 2);
    dkim_case_assert(&verdicts[0], DKIM_PASS, "the signature verifies");
    assert_int_equal(verdicts[0].key_bits, 256);
    dkim_case_assert(&verdicts[1], DKIM_PASS, "the signature verifies");
    assert_int_equal(verdicts[1].key_bits, 1024);
}

static const char *const bodies[] = {
    "",
    "\r\n",
    "\r\n\r\n\r\n",
    " \t \r\n",
    "text",
    "text\r\n",
    "text\r\n\r\n\r\n",
    "text \t\r\n \r\n\t\r\n",
    " one  two\t three \r\n\r\n\r\n last\t\t line\t",
    "bare\rcr and bare\nlf\r\r\n\r",
    "a \r b\r\n c \n d\r\n",
    "0123456789012345678901234567890123456789 0123456789012345678901234567890123456789  x\r\n",
};

static void every_canonicalization_key_and_body_passes(void **state)
{
    struct dkim_case *f = *state;
    static const char *const canons[] = {NULL,
                                         "simple",
                                         "relaxed",
                                         "simple/simple",
                                         "simple/relaxed",
                                         "relaxed/simple",
                                         "relaxed/relaxed"};
    static const char *const keys[] = {"rsa1024", "rsa2048", "ed25519"};

    for (size_t key = 0; key < COUNT_OF(keys); key++)
        for (size_t canon = 0; canon < COUNT_OF(canons); canon++)
            for (size_t body = 0; body < COUNT_OF(bodies); body++) {
                struct dkim_signing signing = {
                    .domain = "example.com",
                    .selector = "sel",
                    .key = keys[key],
                    .canon = canons[canon],
                    .headers = "received:FROM:to:subject:Date:X-Empty:received:received"};
                struct span message = dkim_signer_sign(
                    f->arena, dkim_case_message(f->arena, bodies[body]), &signing);
                const struct auth_dkim_verdict *verdict = dkim_case_judge(
                    f, message, dkim_case_world(f, dkim_signer_record(f->arena, keys[key])));

                if (verdict->result != DKIM_PASS)
                    fail_msg("%s, c=%s, body %zu: %s: %s", keys[key], canons[canon], body,
                             dkim_result_to_text(verdict->result), verdict->reason);
            }
}

static void large_keys_and_both_der_forms_pass(void **state)
{
    struct dkim_case *f = *state;
    static const struct {
        const char *key;
        unsigned bits;
    } keys[] = {{"rsa1024", 1024}, {"rsa2048", 2048}, {"rsa4096", 4096}, {"rsa8192", 8192}};

    for (size_t i = 0; i < COUNT_OF(keys); i++)
        for (int is_pkcs1 = 0; is_pkcs1 < 2; is_pkcs1++) {
            struct dkim_signing signing = {.domain = "example.com",
                                           .selector = "sel",
                                           .key = keys[i].key,
                                           .canon = "relaxed/relaxed"};
            const char *record = arena_printf(
                f->arena, "p=%s", dkim_signer_public(f->arena, keys[i].key, is_pkcs1));
            const struct auth_dkim_verdict *verdict = dkim_case_judge(
                f, dkim_signer_sign(f->arena, dkim_case_message(f->arena, "hi\r\n"), &signing),
                dkim_case_world(f, record));

            dkim_case_assert(verdict, DKIM_PASS, "the signature verifies");
            assert_int_equal(verdict->key_bits, keys[i].bits);
        }
}

static void what_was_changed_is_told_apart(void **state)
{
    struct dkim_case *f = *state;
    struct span message = dkim_case_signed(f, "body text\r\n", "relaxed/relaxed");
    struct span spoilt = dkim_case_replaced(f->arena, message, "body text", "body test");
    const struct auth_dkim_verdict *verdict =
        dkim_case_judge(f, spoilt, dkim_case_sound_world(f));

    dkim_case_assert(verdict, DKIM_FAIL, "the body hash does not match bh=");
    assert_int_equal(verdict->body_hash, HASH_MISMATCH);
    assert_int_equal(verdict->header_hash, HASH_MATCH);

    spoilt = dkim_case_replaced(f->arena, message, "odd", "even");
    verdict = dkim_case_judge(f, spoilt, dkim_case_sound_world(f));
    dkim_case_assert(verdict, DKIM_FAIL, "does not verify over the header fields");
    assert_int_equal(verdict->body_hash, HASH_MATCH);
    assert_int_equal(verdict->header_hash, HASH_MISMATCH);

    spoilt = dkim_case_replaced(f->arena, spoilt, "body text", "body test");
    verdict = dkim_case_judge(f, spoilt, dkim_case_sound_world(f));
    dkim_case_assert(verdict, DKIM_FAIL,
                     "the body hash does not match bh=; the signature does not verify");
}

static void simple_notices_what_relaxed_forgives(void **state)
{
    struct dkim_case *f = *state;

    dkim_case_assert(
        dkim_case_judge(f,
                        dkim_case_replaced(f->arena,
                                           dkim_case_signed(f, "a b\r\n", "relaxed/relaxed"),
                                           "a b\r\n", "a \tb \r\n\r\n"),
                        dkim_case_sound_world(f)),
        DKIM_PASS, "");
    dkim_case_assert(
        dkim_case_judge(f,
                        dkim_case_replaced(f->arena,
                                           dkim_case_signed(f, "a b\r\n", "relaxed/simple"),
                                           "a b\r\n", "a \tb \r\n"),
                        dkim_case_sound_world(f)),
        DKIM_FAIL, "the body hash");
    dkim_case_assert(
        dkim_case_judge(f,
                        dkim_case_replaced(f->arena,
                                           dkim_case_signed(f, "a\r\n", "relaxed/simple"),
                                           "SUBJECT:odd", "Subject :   odd"),
                        dkim_case_sound_world(f)),
        DKIM_PASS, "");
    dkim_case_assert(
        dkim_case_judge(f,
                        dkim_case_replaced(f->arena,
                                           dkim_case_signed(f, "a\r\n", "simple/simple"),
                                           "SUBJECT:odd", "Subject:odd"),
                        dkim_case_sound_world(f)),
        DKIM_FAIL, "over the header fields");
}

static void a_nul_is_hashed_like_any_octet(void **state)
{
    struct dkim_case *f = *state;
    static const char head[] = "From: a@example.com\r\nSubject: x\0y\r\n\r\nb\0c  d\r\n";
    static const char *const canons[] = {"simple/simple", "relaxed/relaxed"};

    for (size_t i = 0; i < 2; i++) {
        struct dkim_signing signing = {.domain = "example.com",
                                       .selector = "sel",
                                       .key = "rsa2048",
                                       .canon = canons[i],
                                       .headers = "From:Subject"};
        struct span message = dkim_signer_sign(f->arena, SPAN(head), &signing);
        char *spoilt = arena_strdup_span(f->arena, message);

        dkim_case_assert(dkim_case_judge(f, message, dkim_case_sound_world(f)), DKIM_PASS, "");
        spoilt[message.len - 6] = 'X'; /* the octet after NUL in the body */
        assert_int_equal(
            dkim_case_judge(f, span_make(spoilt, message.len), dkim_case_sound_world(f))
                ->body_hash,
            HASH_MISMATCH);
        char *y = memchr(spoilt, '\0', message.len);

        y[1] = 'Z';
        assert_int_equal(
            dkim_case_judge(f, span_make(spoilt, message.len), dkim_case_sound_world(f))
                ->header_hash,
            HASH_MISMATCH);
    }
}

static void only_the_value_of_b_is_left_out(void **state)
{
    struct dkim_case *f = *state;
    static const char *const forms[] = {
        "DKIM-Signature: b=@B@; v=1; a=rsa-sha256; d=example.com; s=sel; h=From; bh=@BH@\r\n",
        "dkim-signature :v=1;a=rsa-sha256;d=example.com;s=sel;h=From;bh=@BH@;b=@B@\r\n",
        "DKIM-Signature: v=1; a=rsa-sha256; d=example.com; s=sel; h=From; bh=@BH@;\r\n"
        " b\r\n  =\r\n\t@B@\r\n \r\n ;\r\n",
        "DKIM-Signature: v=1; a=rsa-sha256; d=example.com; s=sel;\r\n h=From;\r\n b=@B@ ;"
        "  bh = @BH@ ; xb=not; b_=this;\r\n",
        "DKIM-Signature: v=1; a=rsa-sha256; d=example.com; s=sel; h=\r\n From\r\n ;\r\n"
        " bh=@BH@; b= @B@ \r\n \r\n",
    };
    static const char *const canons[] = {"simple/simple", "relaxed/simple"};

    for (size_t i = 0; i < COUNT_OF(forms); i++)
        for (size_t c = 0; c < 2; c++) {
            const char *field = forms[i];

            if (c == 1) /* the field must tell its canonicalization */
                field = arena_strdup_span(
                    f->arena, dkim_case_replaced(f->arena, span_of(field), "d=example.com;",
                                                 "d=example.com; c=relaxed;"));
            struct dkim_signing signing = {.domain = "example.com",
                                           .selector = "sel",
                                           .key = "rsa2048",
                                           .canon = canons[c],
                                           .headers = "From",
                                           .field = field};
            const struct auth_dkim_verdict *verdict = dkim_case_judge(
                f, dkim_signer_sign(f->arena, dkim_case_message(f->arena, "x\r\n"), &signing),
                dkim_case_sound_world(f));

            if (verdict->result != DKIM_PASS)
                fail_msg("form %zu, %s: %s", i, canons[c], verdict->reason);
        }
}

static void fields_are_taken_from_the_bottom_up(void **state)
{
    struct dkim_case *f = *state;
    static const char text[] = "X: 1\r\nFrom: a@example.com\r\nX: 2\r\nX: 3\r\n\r\nbody\r\n";
    struct dkim_signing signing = {.domain = "example.com",
                                   .selector = "sel",
                                   .key = "rsa2048",
                                   .canon = "relaxed/relaxed",
                                   .headers = "From:X:x"};
    struct span message = dkim_signer_sign(f->arena, SPAN(text), &signing);

    dkim_case_assert(dkim_case_judge(f, message, dkim_case_sound_world(f)), DKIM_PASS, "");
    dkim_case_assert(dkim_case_judge(f, dkim_case_replaced(f->arena, message, "X: 1", "X: 9"),
                                     dkim_case_sound_world(f)),
                     DKIM_PASS, "");
    dkim_case_assert(dkim_case_judge(f, dkim_case_replaced(f->arena, message, "X: 2", "X: 9"),
                                     dkim_case_sound_world(f)),
                     DKIM_FAIL, "header fields");
    dkim_case_assert(dkim_case_judge(f, dkim_case_replaced(f->arena, message, "X: 3", "X: 9"),
                                     dkim_case_sound_world(f)),
                     DKIM_FAIL, "header fields");
    dkim_case_assert(
        dkim_case_judge(f, dkim_case_replaced(f->arena, message, "X: 1", "X: 1\r\nX: 0"),
                        dkim_case_sound_world(f)),
        DKIM_PASS, "");
}

static void an_oversigned_field_cannot_be_added(void **state)
{
    struct dkim_case *f = *state;
    struct dkim_signing signing = {.domain = "example.com",
                                   .selector = "sel",
                                   .key = "rsa2048",
                                   .canon = "relaxed/relaxed",
                                   .headers = "From:From:Cc:Subject:DKIM-Signature"};
    struct span message =
        dkim_signer_sign(f->arena, dkim_case_message(f->arena, "x\r\n"), &signing);

    dkim_case_assert(dkim_case_judge(f, message, dkim_case_sound_world(f)), DKIM_PASS, "");
    dkim_case_assert(dkim_case_judge(f,
                                     dkim_case_replaced(f->arena, message, "Received:",
                                                        "From: b@example.com\r\nReceived:"),
                                     dkim_case_sound_world(f)),
                     DKIM_FAIL, "header fields");
    dkim_case_assert(dkim_case_judge(f,
                                     dkim_case_replaced(f->arena, message, "Received:",
                                                        "Cc: b@example.com\r\nReceived:"),
                                     dkim_case_sound_world(f)),
                     DKIM_FAIL, "header fields");
}

static void a_signature_may_sign_another(void **state)
{
    struct dkim_case *f = *state;
    struct dkim_signing signing = {.domain = "example.com",
                                   .selector = "sel",
                                   .key = "rsa2048",
                                   .canon = "relaxed/relaxed",
                                   .headers = "From:DKIM-Signature"};
    struct span message =
        dkim_signer_sign(f->arena, dkim_case_signed(f, "x\r\n", "simple/simple"), &signing);
    const struct auth_dkim_verdict *verdicts =
        dkim_case_judge(f, message, dkim_case_sound_world(f));

    assert_int_equal(f->prepared->count, 2);
    dkim_case_assert(&verdicts[0], DKIM_PASS, "");
    dkim_case_assert(&verdicts[1], DKIM_PASS, "");
    verdicts =
        dkim_case_judge(f, dkim_case_replaced(f->arena, message, "h=From:To:", "h=From:TO:"),
                        dkim_case_sound_world(f));
    dkim_case_assert(&verdicts[0], DKIM_FAIL, "header fields");
    dkim_case_assert(&verdicts[1], DKIM_FAIL, "header fields");
}

static void the_length_tag_is_kept_to(void **state)
{
    struct dkim_case *f = *state;
    static const struct {
        size_t length;
        const char *appended;
        enum dkim_result result;
        const char *reason;
    } cases[] = {
        {0, "", DKIM_PASS, "l= leaves 11 octets of the body unsigned"},
        {4, "", DKIM_PASS, "l= leaves 7 octets of the body unsigned"},
        {4, "appended\r\n", DKIM_PASS, "l= leaves 17 octets of the body unsigned"},
        {11, "", DKIM_PASS, "the signature verifies"},
        {11, "appended\r\n", DKIM_PASS, "l= leaves 10 octets of the body unsigned"},
        {12, "", DKIM_FAIL, "l= is larger than the body"},
    };

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct dkim_signing signing = {.domain = "example.com",
                                       .selector = "sel",
                                       .key = "rsa2048",
                                       .canon = "relaxed/relaxed",
                                       .has_length = true,
                                       .length = cases[i].length};
        struct span message =
            dkim_signer_sign(f->arena, dkim_case_message(f->arena, "body text\r\n"), &signing);

        message =
            span_of(arena_printf(f->arena, "%.*s%s", SPAN_ARG(message), cases[i].appended));
        dkim_case_assert(dkim_case_judge(f, message, dkim_case_sound_world(f)), cases[i].result,
                         cases[i].reason);
    }
}

static void a_length_beyond_all_numbers_is_a_length(void **state)
{
    struct dkim_case *f = *state;
    struct dkim_signing signing = {
        .domain = "example.com",
        .selector = "sel",
        .key = "rsa2048",
        .canon = "relaxed/relaxed",
        .tags =
            "l=1234567890123456789012345678901234567890123456789012345678901234567890123456;"};

    dkim_case_assert(
        dkim_case_judge(
            f, dkim_signer_sign(f->arena, dkim_case_message(f->arena, "x\r\n"), &signing),
            dkim_case_sound_world(f)),
        DKIM_FAIL, "l= is larger than the body");
    assert_int_equal(f->verdicts[0].body_hash, HASH_MISMATCH);
    assert_int_equal(f->verdicts[0].header_hash, HASH_MATCH);
}

static void times_are_judged_by_the_time_told(void **state)
{
    struct dkim_case *f = *state;
    struct dkim_signing signing = {.domain = "example.com",
                                   .selector = "sel",
                                   .key = "rsa2048",
                                   .canon = "relaxed/relaxed",
                                   .tags = "t=1000; x=2000;"};
    struct span message =
        dkim_signer_sign(f->arena, dkim_case_message(f->arena, "x\r\n"), &signing);
    const char *world = dkim_case_sound_world(f);

    f->now = 2000;
    dkim_case_assert(dkim_case_judge(f, message, world), DKIM_PASS, "the signature verifies");
    f->now = 2001;
    dkim_case_assert(dkim_case_judge(f, message, world), DKIM_FAIL,
                     "it expired at 1970-01-01T00:33:20Z");
    assert_int_equal(f->verdicts[0].body_hash, HASH_MATCH);
    assert_int_equal(f->verdicts[0].header_hash, HASH_MATCH);
    f->now = 999;
    dkim_case_assert(dkim_case_judge(f, message, world), DKIM_PASS,
                     "t= is in the future: 1970-01-01T00:16:40Z");
}

static void the_same_prepared_message_is_judged_anew_at_another_time(void **state)
{
    struct dkim_case *f = *state;
    struct dkim_signing signing = {
        .domain = "example.com", .selector = "sel", .key = "rsa2048", .tags = "x=2000;"};

    f->now = 1000;
    dkim_case_assert(
        dkim_case_judge(
            f, dkim_signer_sign(f->arena, dkim_case_message(f->arena, "x\r\n"), &signing),
            dkim_case_sound_world(f)),
        DKIM_PASS, "");
    dkim_case_assert(auth_dkim_judge(f->arena, f->ledger, f->prepared, 1000), DKIM_PASS, "");
    dkim_case_assert(auth_dkim_judge(f->arena, f->ledger, f->prepared, 3000), DKIM_FAIL,
                     "expired");
}

static void domains_are_compared_as_a_labels(void **state)
{
    struct dkim_case *f = *state;
    struct dkim_signing signing = {.domain = "xn--bcher-kva.example",
                                   .selector = "sel",
                                   .key = "rsa2048",
                                   .tags = "i=a@sub.b\xC3\xBC"
                                           "cher.example;"};
    const char *world = dkim_signer_world(f->arena, "sel", "xn--bcher-kva.example",
                                          dkim_signer_record(f->arena, "rsa2048"));

    dkim_case_assert(
        dkim_case_judge(
            f, dkim_signer_sign(f->arena, dkim_case_message(f->arena, "x\r\n"), &signing),
            world),
        DKIM_PASS, "");
    signing.domain = "B\xC3\xBC"
                     "CHER.example";
    signing.tags = NULL;
    dkim_case_assert(
        dkim_case_judge(
            f, dkim_signer_sign(f->arena, dkim_case_message(f->arena, "x\r\n"), &signing),
            world),
        DKIM_PASS, "");
}

static void a_file_with_lf_judges_like_one_with_crlf(void **state)
{
    struct dkim_case *f = *state;
    static const char *const canons[] = {"simple/simple", "relaxed/relaxed"};
    static const char *const texts[] = {"", "\r\n", "text", "a  b \r\n\r\n c\t\r\n\r\n"};

    for (size_t i = 0; i < COUNT_OF(texts); i++)
        for (size_t canon = 0; canon < 2; canon++) {
            struct span message = dkim_case_signed(f, texts[i], canons[canon]);

            dkim_case_assert(dkim_case_judge(f, dkim_case_with_lf(f->arena, message),
                                             dkim_case_sound_world(f)),
                             DKIM_PASS, "");
        }
}

static void blanks_before_a_colon_are_no_part_of_a_name(void **state)
{
    struct dkim_case *f = *state;
    static const char text[] = "From\t: a@example.com\r\nX-A \t :b\r\n\r\nbody\r\n";
    static const char *const canons[] = {"simple/simple", "relaxed/relaxed"};

    for (size_t i = 0; i < 2; i++) {
        struct dkim_signing signing = {.domain = "example.com",
                                       .selector = "sel",
                                       .key = "rsa2048",
                                       .canon = canons[i],
                                       .headers = "from:x-a"};
        struct span message = dkim_signer_sign(f->arena, SPAN(text), &signing);

        dkim_case_assert(dkim_case_judge(f, message, dkim_case_sound_world(f)), DKIM_PASS, "");
        dkim_case_assert(dkim_case_judge(f, dkim_case_replaced(f->arena, message, ":b", ":c"),
                                         dkim_case_sound_world(f)),
                         DKIM_FAIL, "header fields");
    }
}

/* bound: LIMIT_SIGNATURES both */
static void signatures_beyond_the_limit_are_not_verified(void **state)
{
    struct dkim_case *f = *state;
    struct span message = dkim_case_message(f->arena, "x\r\n");
    struct dkim_signing signing = {.domain = "example.com",
                                   .selector = "sel",
                                   .key = "ed25519",
                                   .canon = "relaxed/relaxed"};
    const char *world = dkim_case_world(f, dkim_signer_record(f->arena, "ed25519"));

    for (int i = 0; i <= LIMIT_SIGNATURES; i++)
        message = dkim_signer_sign(f->arena, message, &signing);
    const struct auth_dkim_verdict *verdicts = dkim_case_judge(f, message, world);

    assert_int_equal(f->prepared->count, LIMIT_SIGNATURES + 1);
    for (int i = 0; i < LIMIT_SIGNATURES; i++)
        dkim_case_assert(&verdicts[i], DKIM_PASS, "");
    dkim_case_assert(&verdicts[LIMIT_SIGNATURES], DKIM_NEUTRAL,
                     "not verified: more than 50 signatures");
}

static void no_signature_gives_no_verdict(void **state)
{
    struct dkim_case *f = *state;

    dkim_case_judge(f, dkim_case_message(f->arena, "x\r\n"), "");
    assert_int_equal(f->prepared->count, 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, dkim_case_setup, dkim_case_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_example_of_rfc_6376_passes),
        TEST(both_signatures_of_rfc_8463_pass),
        TEST(every_canonicalization_key_and_body_passes),
        TEST(large_keys_and_both_der_forms_pass),
        TEST(what_was_changed_is_told_apart),
        TEST(simple_notices_what_relaxed_forgives),
        TEST(a_nul_is_hashed_like_any_octet),
        TEST(only_the_value_of_b_is_left_out),
        TEST(fields_are_taken_from_the_bottom_up),
        TEST(an_oversigned_field_cannot_be_added),
        TEST(a_signature_may_sign_another),
        TEST(the_length_tag_is_kept_to),
        TEST(a_length_beyond_all_numbers_is_a_length),
        TEST(times_are_judged_by_the_time_told),
        TEST(the_same_prepared_message_is_judged_anew_at_another_time),
        TEST(domains_are_compared_as_a_labels),
        TEST(a_file_with_lf_judges_like_one_with_crlf),
        TEST(blanks_before_a_colon_are_no_part_of_a_name),
        TEST(signatures_beyond_the_limit_are_not_verified),
        TEST(no_signature_gives_no_verdict),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
