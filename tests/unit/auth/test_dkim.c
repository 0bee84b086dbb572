/* DKIM verification: the examples of the standards, every form of signature, every reason. */
#include "unit.h"

#include "auth/auth_dkim.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/sbuf.h"
#include "dkim_signer.h"
#include "world.h"

#define NOW 1795514400 /* 2026-11-24 */

#define SPAN(text) span_make((text), sizeof(text) - 1)

struct fixture {
    struct arena *arena;
    struct dns_ledger *ledger;
    struct auth_dkim_prepared *prepared;
    const struct auth_dkim_verdict *verdicts;
    int64_t now;
};

static int setup(void **state)
{
    struct fixture *f = test_calloc(1, sizeof(*f));

    f->arena = arena_open();
    f->now = NOW;
    *state = f;
    return 0;
}

static int teardown(void **state)
{
    struct fixture *f = *state;

    auth_dkim_forget_keys();
    arena_close(f->arena);
    test_free(f);
    return 0;
}

static bool judge_pass(void *ctx)
{
    struct fixture *f = ctx;

    f->verdicts = auth_dkim_judge(f->arena, f->ledger, f->prepared, f->now);
    for (size_t i = 0; i < f->prepared->count; i++)
        if (f->verdicts[i].is_pending)
            return false;
    return true;
}

/* judge - all signatures of a message in a world; returns the first verdict */
static const struct auth_dkim_verdict *judge(struct fixture *f, struct span message,
                                             const char *world)
{
    f->prepared = auth_dkim_prepare(f->arena, mail_message_parse(f->arena, message));
    f->ledger = dns_ledger_open(f->arena);
    world_run(f->ledger, world_source(f->arena, world), judge_pass, f);
    return f->verdicts;
}

static void assert_verdict(const struct auth_dkim_verdict *verdict, enum dkim_result result,
                           const char *reason)
{
    if (verdict->result != result || strstr(verdict->reason, reason) == NULL)
        fail_msg("got %s: %s\nwant %s: %s", dkim_result_to_text(verdict->result),
                 verdict->reason, dkim_result_to_text(result), reason);
}

static struct span load(struct fixture *f, const char *name)
{
    struct span bytes = {NULL, 0};
    struct err why = {0};

    if (!file_load(f->arena, arena_printf(f->arena, "%s/dkim/%s", TESTDATA_DIR, name), 100000,
                   &bytes, &why))
        fail_msg("%s", why.text);
    return bytes;
}

/* with_lf - the same text with LF for CRLF */
static struct span with_lf(struct arena *arena, struct span text)
{
    struct sbuf out = sbuf_start(arena);

    for (size_t i = 0; i < text.len; i++)
        if (text.at[i] != '\r')
            sbuf_add_octet(&out, text.at[i]);
    return sbuf_span(&out);
}

/* replaced - the first `what` made `with` */
static struct span replaced(struct arena *arena, struct span text, const char *what,
                            const char *with)
{
    struct sbuf out = sbuf_start(arena);
    const char *hit = memmem(text.at, text.len, what, strlen(what));

    assert_non_null(hit);
    sbuf_add_span(&out, span_sub(text, 0, (size_t)(hit - text.at)));
    sbuf_add(&out, with);
    sbuf_add_span(&out, span_from(text, (size_t)(hit - text.at) + strlen(what)));
    return sbuf_span(&out);
}

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
    struct fixture *f = *state;
    struct span message = load(f, "rfc6376-a.eml");
    const struct auth_dkim_verdict *verdict = judge(f, message, rfc6376_world);

    assert_int_equal(f->prepared->count, 1);
    assert_verdict(verdict, DKIM_PASS, "the signature verifies");
    assert_int_equal(verdict->body_hash, HASH_MATCH);
    assert_int_equal(verdict->header_hash, HASH_MATCH);
    assert_int_equal(verdict->key_bits, 1024);
    assert_verdict(judge(f, with_lf(f->arena, message), rfc6376_world), DKIM_PASS, "");
}

static void both_signatures_of_rfc_8463_pass(void **state)
{
    struct fixture *f = *state;
    const struct auth_dkim_verdict *verdicts =
        judge(f, load(f, "rfc8463-a.eml"), rfc8463_world);

    assert_int_equal(f->prepared->count, 2);
    assert_verdict(&verdicts[0], DKIM_PASS, "the signature verifies");
    assert_int_equal(verdicts[0].key_bits, 256);
    assert_verdict(&verdicts[1], DKIM_PASS, "the signature verifies");
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

static const char header_text[] =
    "Received: from one.example.com\r\n\tby two.example.com;  Tue, 24 Nov 2026 10:00:00 "
    "+0000\r\n"
    "From: \"A\" <a@example.com>\r\nto :  b@example.org \t\r\nSUBJECT:odd \t  blanks\r\n"
    " \r\n folded\t\r\nDate: Tue, 24 Nov 2026 10:00:00 +0000\r\nMessage-ID: <1@example.com>\r\n"
    "X-Empty:\r\nReceived: lower\r\n\r\n";

static struct span message_with(struct arena *arena, const char *body)
{
    return span_of(arena_printf(arena, "%s%s", header_text, body));
}

static const char *world_with(struct fixture *f, const char *record)
{
    return dkim_signer_world(f->arena, "sel", "example.com", record);
}

static void every_canonicalization_key_and_body_passes(void **state)
{
    struct fixture *f = *state;
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
                struct span message =
                    dkim_sign(f->arena, message_with(f->arena, bodies[body]), &signing);
                const struct auth_dkim_verdict *verdict =
                    judge(f, message, world_with(f, dkim_signer_record(f->arena, keys[key])));

                if (verdict->result != DKIM_PASS)
                    fail_msg("%s, c=%s, body %zu: %s: %s", keys[key], canons[canon], body,
                             dkim_result_to_text(verdict->result), verdict->reason);
            }
}

static void large_keys_and_both_der_forms_pass(void **state)
{
    struct fixture *f = *state;
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
            const struct auth_dkim_verdict *verdict =
                judge(f, dkim_sign(f->arena, message_with(f->arena, "hi\r\n"), &signing),
                      world_with(f, record));

            assert_verdict(verdict, DKIM_PASS, "the signature verifies");
            assert_int_equal(verdict->key_bits, keys[i].bits);
        }
}

/* signed_message - a sound one to be spoilt */
static struct span signed_message(struct fixture *f, const char *body, const char *canon)
{
    struct dkim_signing signing = {
        .domain = "example.com", .selector = "sel", .key = "rsa2048", .canon = canon};

    return dkim_sign(f->arena, message_with(f->arena, body), &signing);
}

static const char *sound_world(struct fixture *f)
{
    return world_with(f, dkim_signer_record(f->arena, "rsa2048"));
}

static void what_was_changed_is_told_apart(void **state)
{
    struct fixture *f = *state;
    struct span message = signed_message(f, "body text\r\n", "relaxed/relaxed");
    struct span spoilt = replaced(f->arena, message, "body text", "body test");
    const struct auth_dkim_verdict *verdict = judge(f, spoilt, sound_world(f));

    assert_verdict(verdict, DKIM_FAIL, "the body hash does not match bh=");
    assert_int_equal(verdict->body_hash, HASH_MISMATCH);
    assert_int_equal(verdict->header_hash, HASH_MATCH);

    spoilt = replaced(f->arena, message, "odd", "even");
    verdict = judge(f, spoilt, sound_world(f));
    assert_verdict(verdict, DKIM_FAIL, "does not verify over the header fields");
    assert_int_equal(verdict->body_hash, HASH_MATCH);
    assert_int_equal(verdict->header_hash, HASH_MISMATCH);

    spoilt = replaced(f->arena, spoilt, "body text", "body test");
    verdict = judge(f, spoilt, sound_world(f));
    assert_verdict(verdict, DKIM_FAIL,
                   "the body hash does not match bh=; the signature does not verify");
}

static void simple_notices_what_relaxed_forgives(void **state)
{
    struct fixture *f = *state;

    assert_verdict(judge(f,
                         replaced(f->arena, signed_message(f, "a b\r\n", "relaxed/relaxed"),
                                  "a b\r\n", "a \tb \r\n\r\n"),
                         sound_world(f)),
                   DKIM_PASS, "");
    assert_verdict(judge(f,
                         replaced(f->arena, signed_message(f, "a b\r\n", "relaxed/simple"),
                                  "a b\r\n", "a \tb \r\n"),
                         sound_world(f)),
                   DKIM_FAIL, "the body hash");
    assert_verdict(judge(f,
                         replaced(f->arena, signed_message(f, "a\r\n", "relaxed/simple"),
                                  "SUBJECT:odd", "Subject :   odd"),
                         sound_world(f)),
                   DKIM_PASS, "");
    assert_verdict(judge(f,
                         replaced(f->arena, signed_message(f, "a\r\n", "simple/simple"),
                                  "SUBJECT:odd", "Subject:odd"),
                         sound_world(f)),
                   DKIM_FAIL, "over the header fields");
}

static void a_nul_is_hashed_like_any_octet(void **state)
{
    struct fixture *f = *state;
    static const char head[] = "From: a@example.com\r\nSubject: x\0y\r\n\r\nb\0c  d\r\n";
    static const char *const canons[] = {"simple/simple", "relaxed/relaxed"};

    for (size_t i = 0; i < 2; i++) {
        struct dkim_signing signing = {.domain = "example.com",
                                       .selector = "sel",
                                       .key = "rsa2048",
                                       .canon = canons[i],
                                       .headers = "From:Subject"};
        struct span message = dkim_sign(f->arena, SPAN(head), &signing);
        char *spoilt = arena_strdup_span(f->arena, message);

        assert_verdict(judge(f, message, sound_world(f)), DKIM_PASS, "");
        spoilt[message.len - 6] = 'X'; /* the octet after NUL in the body */
        assert_int_equal(judge(f, span_make(spoilt, message.len), sound_world(f))->body_hash,
                         HASH_MISMATCH);
        char *y = memchr(spoilt, '\0', message.len);

        y[1] = 'Z';
        assert_int_equal(judge(f, span_make(spoilt, message.len), sound_world(f))->header_hash,
                         HASH_MISMATCH);
    }
}

static void only_the_value_of_b_is_left_out(void **state)
{
    struct fixture *f = *state;
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
                field = arena_strdup_span(f->arena,
                                          replaced(f->arena, span_of(field), "d=example.com;",
                                                   "d=example.com; c=relaxed;"));
            struct dkim_signing signing = {.domain = "example.com",
                                           .selector = "sel",
                                           .key = "rsa2048",
                                           .canon = canons[c],
                                           .headers = "From",
                                           .field = field};
            const struct auth_dkim_verdict *verdict =
                judge(f, dkim_sign(f->arena, message_with(f->arena, "x\r\n"), &signing),
                      sound_world(f));

            if (verdict->result != DKIM_PASS)
                fail_msg("form %zu, %s: %s", i, canons[c], verdict->reason);
        }
}

static void fields_are_taken_from_the_bottom_up(void **state)
{
    struct fixture *f = *state;
    static const char text[] = "X: 1\r\nFrom: a@example.com\r\nX: 2\r\nX: 3\r\n\r\nbody\r\n";
    struct dkim_signing signing = {.domain = "example.com",
                                   .selector = "sel",
                                   .key = "rsa2048",
                                   .canon = "relaxed/relaxed",
                                   .headers = "From:X:x"};
    struct span message = dkim_sign(f->arena, SPAN(text), &signing);

    assert_verdict(judge(f, message, sound_world(f)), DKIM_PASS, "");
    assert_verdict(judge(f, replaced(f->arena, message, "X: 1", "X: 9"), sound_world(f)),
                   DKIM_PASS, "");
    assert_verdict(judge(f, replaced(f->arena, message, "X: 2", "X: 9"), sound_world(f)),
                   DKIM_FAIL, "header fields");
    assert_verdict(judge(f, replaced(f->arena, message, "X: 3", "X: 9"), sound_world(f)),
                   DKIM_FAIL, "header fields");
    assert_verdict(
        judge(f, replaced(f->arena, message, "X: 1", "X: 1\r\nX: 0"), sound_world(f)),
        DKIM_PASS, "");
}

static void an_oversigned_field_cannot_be_added(void **state)
{
    struct fixture *f = *state;
    struct dkim_signing signing = {.domain = "example.com",
                                   .selector = "sel",
                                   .key = "rsa2048",
                                   .canon = "relaxed/relaxed",
                                   .headers = "From:From:Cc:Subject:DKIM-Signature"};
    struct span message = dkim_sign(f->arena, message_with(f->arena, "x\r\n"), &signing);

    assert_verdict(judge(f, message, sound_world(f)), DKIM_PASS, "");
    assert_verdict(
        judge(f, replaced(f->arena, message, "Received:", "From: b@example.com\r\nReceived:"),
              sound_world(f)),
        DKIM_FAIL, "header fields");
    assert_verdict(
        judge(f, replaced(f->arena, message, "Received:", "Cc: b@example.com\r\nReceived:"),
              sound_world(f)),
        DKIM_FAIL, "header fields");
}

static void a_signature_may_sign_another(void **state)
{
    struct fixture *f = *state;
    struct dkim_signing signing = {.domain = "example.com",
                                   .selector = "sel",
                                   .key = "rsa2048",
                                   .canon = "relaxed/relaxed",
                                   .headers = "From:DKIM-Signature"};
    struct span message =
        dkim_sign(f->arena, signed_message(f, "x\r\n", "simple/simple"), &signing);
    const struct auth_dkim_verdict *verdicts = judge(f, message, sound_world(f));

    assert_int_equal(f->prepared->count, 2);
    assert_verdict(&verdicts[0], DKIM_PASS, "");
    assert_verdict(&verdicts[1], DKIM_PASS, "");
    verdicts =
        judge(f, replaced(f->arena, message, "h=From:To:", "h=From:TO:"), sound_world(f));
    assert_verdict(&verdicts[0], DKIM_FAIL, "header fields");
    assert_verdict(&verdicts[1], DKIM_FAIL, "header fields");
}

static void the_length_tag_is_kept_to(void **state)
{
    struct fixture *f = *state;
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
            dkim_sign(f->arena, message_with(f->arena, "body text\r\n"), &signing);

        message =
            span_of(arena_printf(f->arena, "%.*s%s", SPAN_ARG(message), cases[i].appended));
        assert_verdict(judge(f, message, sound_world(f)), cases[i].result, cases[i].reason);
    }
}

static void a_length_beyond_all_numbers_is_a_length(void **state)
{
    struct fixture *f = *state;
    struct dkim_signing signing = {
        .domain = "example.com",
        .selector = "sel",
        .key = "rsa2048",
        .canon = "relaxed/relaxed",
        .tags =
            "l=1234567890123456789012345678901234567890123456789012345678901234567890123456;"};

    assert_verdict(judge(f, dkim_sign(f->arena, message_with(f->arena, "x\r\n"), &signing),
                         sound_world(f)),
                   DKIM_FAIL, "l= is larger than the body");
    assert_int_equal(f->verdicts[0].body_hash, HASH_MISMATCH);
    assert_int_equal(f->verdicts[0].header_hash, HASH_MATCH);
}

static void times_are_judged_by_the_time_told(void **state)
{
    struct fixture *f = *state;
    struct dkim_signing signing = {.domain = "example.com",
                                   .selector = "sel",
                                   .key = "rsa2048",
                                   .canon = "relaxed/relaxed",
                                   .tags = "t=1000; x=2000;"};
    struct span message = dkim_sign(f->arena, message_with(f->arena, "x\r\n"), &signing);
    const char *world = sound_world(f);

    f->now = 2000;
    assert_verdict(judge(f, message, world), DKIM_PASS, "the signature verifies");
    f->now = 2001;
    assert_verdict(judge(f, message, world), DKIM_FAIL, "it expired at 1970-01-01T00:33:20Z");
    assert_int_equal(f->verdicts[0].body_hash, HASH_MATCH);
    assert_int_equal(f->verdicts[0].header_hash, HASH_MATCH);
    f->now = 999;
    assert_verdict(judge(f, message, world), DKIM_PASS,
                   "t= is in the future: 1970-01-01T00:16:40Z");
}

static void the_same_prepared_message_is_judged_anew_at_another_time(void **state)
{
    struct fixture *f = *state;
    struct dkim_signing signing = {
        .domain = "example.com", .selector = "sel", .key = "rsa2048", .tags = "x=2000;"};

    f->now = 1000;
    assert_verdict(judge(f, dkim_sign(f->arena, message_with(f->arena, "x\r\n"), &signing),
                         sound_world(f)),
                   DKIM_PASS, "");
    assert_verdict(auth_dkim_judge(f->arena, f->ledger, f->prepared, 1000), DKIM_PASS, "");
    assert_verdict(auth_dkim_judge(f->arena, f->ledger, f->prepared, 3000), DKIM_FAIL,
                   "expired");
}

/* faults of the signature itself: one that was sound, one edit */
static void a_signature_against_the_grammar_is_permerror(void **state)
{
    struct fixture *f = *state;
    static const struct {
        const char *what;
        const char *with;
        const char *reason;
    } cases[] = {
        {"v=1", "v=2", "v= is not 1"},
        {"v=1; ", "", "v= is missing"},
        {"a=rsa-sha256", "a=rsa-sha512", "a=rsa-sha512 is no known algorithm"},
        {"a=rsa-sha256", "a=rsa-sha1", "a=rsa-sha1 is no longer accepted (RFC 8301, 3.1)"},
        {"a=rsa-sha256", "a=RSA-SHA256", "a=RSA-SHA256 is no known algorithm"},
        {"v=1;", "v=1; v=1;", "there is more than one tag \"v\""},
        {"v=1;", "v=1; unknown=a; unknown=b;", "there is more than one tag \"unknown\""},
        {"d=example.com", "d=exam ple.com", "d= is no domain name"},
        {"d=example.com", "d=exa(mple.com", "d= is no domain name"},
        {"d=example.com", "d=com", "d= is no domain name"},
        {"d=example.com", "d=example..com", "d= is no domain name"},
        {"d=example.com", "d=example.com.", "d= is no domain name"},
        {"s=sel", "s=s(l", "s= is no selector"},
        {"s=sel", "s=", "s= is no selector"},
        {"h=From", "h=X-From", "h= does not sign From"},
        {"h=From:To", "h=From::To", "h= is not a list of field names"},
        {"h=From:To", "h=From:T o", "h= is not a list of field names"},
        {"c=relaxed/relaxed", "c=relaxed/loose", "c=relaxed/loose is no canonicalization"},
        {"c=relaxed/relaxed", "c=relaxed/", "c=relaxed/ is no canonicalization"},
        {"v=1;", "v=1; i=a@example.org;", "i= is neither in the domain of d= nor below it"},
        {"v=1;", "v=1; i=a@notexample.com;", "i= is neither in the domain of d="},
        {"v=1;", "v=1; i=example.com;", "i= is no identity"},
        {"v=1;", "v=1; i=a=4@example.com;", "i= is no identity"},
        {"v=1;", "v=1; i=a=;", "i= is no identity"},
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
        {"v=1;", "v=1; n=\x01;", "octets that no tag value can hold"},
    };
    struct span message = signed_message(f, "x\r\n", "relaxed/relaxed");

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        const struct auth_dkim_verdict *verdict =
            judge(f, replaced(f->arena, message, cases[i].what, cases[i].with), sound_world(f));

        if (verdict->result != DKIM_PERMERROR ||
            strstr(verdict->reason, cases[i].reason) == NULL)
            fail_msg("%s -> %s: %s: %s", cases[i].what, cases[i].with,
                     dkim_result_to_text(verdict->result), verdict->reason);
        assert_int_equal(verdict->header_hash, HASH_NOT_CHECKED);
        assert_null(verdict->answer);
    }
}

static void rsa_sha1_shows_its_body_hash_all_the_same(void **state)
{
    struct fixture *f = *state;
    struct dkim_signing signing = {
        .domain = "example.com", .selector = "sel", .key = "rsa2048", .algorithm = "rsa-sha1"};
    const struct auth_dkim_verdict *verdict = judge(
        f, dkim_sign(f->arena, message_with(f->arena, "x\r\n"), &signing), sound_world(f));

    assert_verdict(verdict, DKIM_PERMERROR, "a=rsa-sha1 is no longer accepted");
    assert_int_equal(verdict->body_hash, HASH_MATCH);
    assert_int_equal(verdict->header_hash, HASH_NOT_CHECKED);
}

/* key records: each with the sound message */
static void a_key_that_may_not_be_used_is_permerror(void **state)
{
    struct fixture *f = *state;
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
        {arena_printf(f->arena, "v=DKIM1; p=; p=%s", key), "more than one tag \"p\""},
        {arena_printf(f->arena, "v=DKIM1; k=dsa; p=%s", key), "k=dsa is no known key type"},
        {arena_printf(f->arena, "v=DKIM1; h=sha1; p=%s", key), "h= does not allow sha256"},
        {arena_printf(f->arena, "v=DKIM1; s=tlsrpt; p=%s", key), "s= does not allow email"},
        {arena_printf(f->arena, "v=DKIM1; p=%.*s", 100, key), "p= is no RSA key, or was cut"},
        {arena_printf(f->arena, "v=DKIM1; p=%.*s", 99, key), "p= is not base64"},
        {"v=DKIM1; p=MAAA", "p= is no RSA key"},
        {arena_printf(f->arena, "v=DKIM1; p=*%s", key), "p= is not base64"},
        {arena_printf(f->arena, "v=DKIM1; p=%s", ed25519), "which needs k=ed25519"},
        {arena_printf(f->arena, "v=DKIM1; k=ed25519; p=%s", ed25519),
         "a=rsa-sha256 does not go with a key of type ed25519"},
        {arena_printf(f->arena, "v=DKIM1; k=ed25519; p=%s", key),
         "p= is not an Ed25519 key of 32 octets"},
        {"v=spf1 -all", "no TXT record at sel._domainkey.example.com is a key record"},
    };
    struct span message = signed_message(f, "x\r\n", "relaxed/relaxed");

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        const struct auth_dkim_verdict *verdict =
            judge(f, message, world_with(f, cases[i].record));

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
    struct fixture *f = *state;
    const char *key = dkim_signer_public(f->arena, "rsa2048", false);
    static const char *const forms[] = {
        "v=DKIM1; h=sha1:sha256; s=email; t=s; n=a note; g=*; p=%s",
        "k=rsa; p=%s;",
        "p=%s",
        "v=DKIM1;s=other : *;t=x;unknown=1;p=%s ; ",
        " v = DKIM1 ; h = sha256 : other ; p = %s",
    };

    for (size_t i = 0; i < COUNT_OF(forms); i++) {
        const char *record =
            arena_strdup_span(f->arena, replaced(f->arena, span_of(forms[i]), "%s", key));

        assert_verdict(judge(f, signed_message(f, "x\r\n", NULL), world_with(f, record)),
                       DKIM_PASS, "the signature verifies");
    }
    assert_verdict(judge(f, signed_message(f, "x\r\n", NULL),
                         world_with(f, arena_printf(f->arena, "t=y:s; p=%s", key))),
                   DKIM_PASS, "the key is for testing (t=y)");
    assert_true(f->verdicts[0].key->is_testing);
}

static void sizes_of_rsa_keys_are_bounded(void **state)
{
    struct fixture *f = *state;
    struct dkim_signing signing = {
        .domain = "example.com", .selector = "sel", .key = "rsa1000"};
    struct span message = dkim_sign(f->arena, message_with(f->arena, "x\r\n"), &signing);

    assert_verdict(judge(f, message, world_with(f, dkim_signer_record(f->arena, "rsa1000"))),
                   DKIM_PERMERROR,
                   "the RSA key has 1000 bits, fewer than 1024 are never valid");
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
    assert_verdict(judge(f, message, world_with(f, sbuf_text(&record))), DKIM_NEUTRAL,
                   "the RSA key has 8193 bits, more than 8192");
    assert_int_equal(f->verdicts[0].key_bits, 8193);
}

static void a_strict_key_wants_the_identity_in_the_domain_itself(void **state)
{
    struct fixture *f = *state;
    const char *world =
        world_with(f, arena_printf(f->arena, "v=DKIM1; t=s; p=%s",
                                   dkim_signer_public(f->arena, "rsa2048", false)));
    struct dkim_signing signing = {.domain = "example.com",
                                   .selector = "sel",
                                   .key = "rsa2048",
                                   .tags = "i=a@sub.example.com;"};
    struct span below = dkim_sign(f->arena, message_with(f->arena, "x\r\n"), &signing);

    assert_verdict(judge(f, below, world), DKIM_PERMERROR,
                   "the key has t=s, and the domain of i= is not d=");
    assert_verdict(judge(f, below, sound_world(f)), DKIM_PASS, "");
    signing.tags = "i=\"a@b\"@EXAMPLE.com;";
    assert_verdict(
        judge(f, dkim_sign(f->arena, message_with(f->arena, "x\r\n"), &signing), world),
        DKIM_PASS, "");
}

static void domains_are_compared_as_a_labels(void **state)
{
    struct fixture *f = *state;
    struct dkim_signing signing = {.domain = "xn--bcher-kva.example",
                                   .selector = "sel",
                                   .key = "rsa2048",
                                   .tags = "i=a@sub.b\xC3\xBC"
                                           "cher.example;"};
    const char *world = dkim_signer_world(f->arena, "sel", "xn--bcher-kva.example",
                                          dkim_signer_record(f->arena, "rsa2048"));

    assert_verdict(
        judge(f, dkim_sign(f->arena, message_with(f->arena, "x\r\n"), &signing), world),
        DKIM_PASS, "");
    signing.domain = "B\xC3\xBC"
                     "CHER.example";
    signing.tags = NULL;
    assert_verdict(
        judge(f, dkim_sign(f->arena, message_with(f->arena, "x\r\n"), &signing), world),
        DKIM_PASS, "");
}

static void trouble_with_the_key_is_told_apart(void **state)
{
    struct fixture *f = *state;
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
         "could not be had: SERVFAIL (SERVFAIL by the world of the test)"},
        {"sel._domainkey.example.com TXT !TIMEOUT\n", DKIM_TEMPERROR,
         "could not be had: TIMEOUT"},
        {"sel._domainkey.example.com TXT !BOGUS\n", DKIM_TEMPERROR, "could not be had: BOGUS"},
        {"sel._domainkey.example.com TXT !UNKNOWN\n", DKIM_TEMPERROR,
         "could not be had: UNKNOWN"},
    };
    struct span message = signed_message(f, "x\r\n", NULL);

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        assert_verdict(judge(f, message, cases[i].world), cases[i].result, cases[i].reason);
        assert_int_equal(f->verdicts[0].body_hash, HASH_MATCH);
        assert_int_equal(f->verdicts[0].key_count, 0);
    }
}

static void a_key_behind_a_cname_is_found(void **state)
{
    struct fixture *f = *state;
    const char *world = arena_printf(
        f->arena, "sel._domainkey.example.com CNAME k1._domainkey.mail.example.net.\n%s",
        dkim_signer_world(f->arena, "k1", "mail.example.net",
                          dkim_signer_record(f->arena, "rsa2048")));

    assert_verdict(judge(f, signed_message(f, "x\r\n", NULL), world), DKIM_PASS, "");
}

static void several_key_records_are_tried_in_order(void **state)
{
    struct fixture *f = *state;
    const char *good = world_with(f, dkim_signer_record(f->arena, "rsa2048"));
    const char *other = world_with(f, dkim_signer_record(f->arena, "rsa1024"));
    const char *revoked = world_with(f, "v=DKIM1; p=");
    const char *foreign = world_with(f, "v=spf1 -all");
    struct span message = signed_message(f, "x\r\n", NULL);

    assert_verdict(judge(f, message, arena_printf(f->arena, "%s%s", other, good)), DKIM_PASS,
                   "the signature verifies; there are 2 key records, one is allowed");
    assert_int_equal(f->verdicts[0].key_bits, 2048);
    assert_int_equal(f->verdicts[0].key_count, 2);
    assert_verdict(judge(f, message, arena_printf(f->arena, "%s%s%s", revoked, other, other)),
                   DKIM_FAIL, "does not verify over the header fields; there are");
    assert_int_equal(f->verdicts[0].key_bits, 1024);
    assert_verdict(judge(f, message, arena_printf(f->arena, "%s%s", foreign, good)), DKIM_PASS,
                   "the signature verifies");
    assert_int_equal(f->verdicts[0].key_count, 1);
    assert_verdict(
        judge(f, message,
              arena_printf(f->arena, "%s%s", revoked, world_with(f, "v=DKIM1; k=dsa; p=AAAA"))),
        DKIM_PERMERROR, "the key is revoked: p= is empty; none of 2 key records");
}

static void a_file_with_lf_judges_like_one_with_crlf(void **state)
{
    struct fixture *f = *state;
    static const char *const canons[] = {"simple/simple", "relaxed/relaxed"};
    static const char *const texts[] = {"", "\r\n", "text", "a  b \r\n\r\n c\t\r\n\r\n"};

    for (size_t i = 0; i < COUNT_OF(texts); i++)
        for (size_t canon = 0; canon < 2; canon++) {
            struct span message = signed_message(f, texts[i], canons[canon]);

            assert_verdict(judge(f, with_lf(f->arena, message), sound_world(f)), DKIM_PASS, "");
        }
}

static void blanks_before_a_colon_are_no_part_of_a_name(void **state)
{
    struct fixture *f = *state;
    static const char text[] = "From\t: a@example.com\r\nX-A \t :b\r\n\r\nbody\r\n";
    static const char *const canons[] = {"simple/simple", "relaxed/relaxed"};

    for (size_t i = 0; i < 2; i++) {
        struct dkim_signing signing = {.domain = "example.com",
                                       .selector = "sel",
                                       .key = "rsa2048",
                                       .canon = canons[i],
                                       .headers = "from:x-a"};
        struct span message = dkim_sign(f->arena, SPAN(text), &signing);

        assert_verdict(judge(f, message, sound_world(f)), DKIM_PASS, "");
        assert_verdict(judge(f, replaced(f->arena, message, ":b", ":c"), sound_world(f)),
                       DKIM_FAIL, "header fields");
    }
}

static void the_table_of_keys_makes_room(void **state)
{
    struct fixture *f = *state;
    struct span message = signed_message(f, "x\r\n", "relaxed/relaxed");
    const char *good = dkim_signer_public(f->arena, "rsa2048", false);

    assert_verdict(judge(f, message, sound_world(f)), DKIM_PASS, "");
    for (int i = 0; i < 600; i++) { /* more than are kept, all different */
        const char *other = arena_printf(f->arena, "p=%.*s%03d%s", 100, good, i, good + 103);

        assert_verdict(judge(f, message, world_with(f, other)), DKIM_FAIL, "header fields");
    }
    assert_verdict(judge(f, message, sound_world(f)), DKIM_PASS, "");
    auth_dkim_forget_keys();
    assert_verdict(judge(f, message, sound_world(f)), DKIM_PASS, "");
}

static void signatures_beyond_the_limit_are_not_verified(void **state)
{
    struct fixture *f = *state;
    struct span message = message_with(f->arena, "x\r\n");
    struct dkim_signing signing = {.domain = "example.com",
                                   .selector = "sel",
                                   .key = "ed25519",
                                   .canon = "relaxed/relaxed"};
    const char *world = world_with(f, dkim_signer_record(f->arena, "ed25519"));

    for (int i = 0; i <= LIMIT_SIGNATURES; i++)
        message = dkim_sign(f->arena, message, &signing);
    const struct auth_dkim_verdict *verdicts = judge(f, message, world);

    assert_int_equal(f->prepared->count, LIMIT_SIGNATURES + 1);
    for (int i = 0; i < LIMIT_SIGNATURES; i++)
        assert_verdict(&verdicts[i], DKIM_PASS, "");
    assert_verdict(&verdicts[LIMIT_SIGNATURES], DKIM_NEUTRAL,
                   "not verified: more than 50 signatures");
}

static void no_signature_gives_no_verdict(void **state)
{
    struct fixture *f = *state;

    judge(f, message_with(f->arena, "x\r\n"), "");
    assert_int_equal(f->prepared->count, 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

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
        TEST(a_signature_against_the_grammar_is_permerror),
        TEST(rsa_sha1_shows_its_body_hash_all_the_same),
        TEST(a_key_that_may_not_be_used_is_permerror),
        TEST(a_key_with_odd_but_sound_tags_is_used),
        TEST(sizes_of_rsa_keys_are_bounded),
        TEST(a_strict_key_wants_the_identity_in_the_domain_itself),
        TEST(domains_are_compared_as_a_labels),
        TEST(trouble_with_the_key_is_told_apart),
        TEST(a_key_behind_a_cname_is_found),
        TEST(several_key_records_are_tried_in_order),
        TEST(a_file_with_lf_judges_like_one_with_crlf),
        TEST(blanks_before_a_colon_are_no_part_of_a_name),
        TEST(the_table_of_keys_makes_room),
        TEST(signatures_beyond_the_limit_are_not_verified),
        TEST(no_signature_gives_no_verdict),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
