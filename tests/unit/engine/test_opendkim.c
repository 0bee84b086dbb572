/* libopendkim in its child: what it says of signed messages, right or wrong. */
#include "engine_fixture.h"

#include "base/file.h"
#include "base/limits.h"
#include "engine/engine_library.h"
#include "mail/mail_message.h"

/* load - a file of testdata/engine */
static struct span load(struct arena *arena, const char *name)
{
    struct err why;
    struct span bytes;

    if (!file_load(arena, arena_printf(arena, "%s/engine/%s", TESTDATA_DIR, name), 1 << 20,
                   &bytes, &why))
        fail_msg("%s", why.text);
    return bytes;
}

/* keys - a fixture whose world is keys.txt */
static struct fixture keys(void)
{
    struct fixture fixture = fixture_open("");
    struct span text = load(fixture.arena, "keys.txt");

    fixture.world = world_source(fixture.arena, arena_strdup_span(fixture.arena, text));
    return fixture;
}

/* judge_bytes - the verdicts on a message with `signatures` DKIM-Signature fields */
static void judge_bytes(struct fixture *fixture, struct span bytes, size_t signatures,
                        int64_t now)
{
    struct engine_request request = {.message = mail_message_parse(fixture->arena, bytes),
                                     .signature_count = signatures,
                                     .now = now};

    judge(fixture, &request);
    fixture->request = NULL;
    assert_int_equal(fixture->count, signatures);
    for (size_t i = 0; i < signatures; i++)
        assert_int_equal(fixture->verdicts[i].library, ENGINE_LIBOPENDKIM);
}

/* expect - the only signature of the file has this result and this detail */
static void expect(const char *name, const char *result, const char *detail)
{
    struct fixture fixture = keys();

    judge_bytes(&fixture, load(fixture.arena, name), 1, NOW);
    assert_false(fixture.verdicts[0].is_lost);
    assert_string_equal(fixture.verdicts[0].about, "dkim.0");
    assert_string_equal(fixture.verdicts[0].detail, detail);
    assert_string_equal(fixture.verdicts[0].result, result);
    arena_close(fixture.arena);
}

/* expect_world - the same for signed.eml with another DNS */
static void expect_world(const char *world, const char *result, const char *detail)
{
    struct fixture fixture = fixture_open(world);

    judge_bytes(&fixture, load(fixture.arena, "signed.eml"), 1, NOW);
    assert_string_equal(fixture.verdicts[0].detail, detail);
    assert_string_equal(fixture.verdicts[0].result, result);
    arena_close(fixture.arena);
}

static void a_good_signature_passes(void **state)
{
    struct fixture fixture = keys();

    (void)state;
    expect("signed.eml", "pass", "verified with a key of 2048 bits");
    judge_bytes(&fixture, load(fixture.arena, "signed.eml"), 1, NOW);
    assert_int_equal(fixture.passes, 2); /* the key was missed, then there */
    assert_true(strncmp(fixture.verdicts[0].library_text, "libopendkim 2.", 14) == 0);
    arena_close(fixture.arena);
}

static void tampering_is_seen(void **state)
{
    (void)state;
    expect("tampered-header.eml", "fail", "signature verification failed");
    expect("tampered-body.eml", "fail", "body hash mismatch");
}

static void signatures_come_in_message_order(void **state)
{
    struct fixture fixture = keys();

    (void)state;
    judge_bytes(&fixture, load(fixture.arena, "two-signatures.eml"), 2, NOW);
    assert_string_equal(fixture.verdicts[0].about, "dkim.0");
    assert_string_equal(fixture.verdicts[0].result, "pass");
    assert_string_equal(fixture.verdicts[0].detail, "verified"); /* Ed25519: without a size */
    assert_string_equal(fixture.verdicts[1].about, "dkim.1");
    assert_string_equal(fixture.verdicts[1].result, "pass");
    assert_string_equal(fixture.verdicts[1].detail, "verified with a key of 2048 bits");
    arena_close(fixture.arena);
}

static void a_signature_that_cannot_be_parsed_spoils_the_good_one(void **state)
{
    struct fixture fixture = keys();

    (void)state;
    judge_bytes(&fixture, load(fixture.arena, "broken-and-good.eml"), 2, NOW);
    for (size_t i = 0; i < 2; i++) {
        assert_string_equal(fixture.verdicts[i].result, "permerror");
        assert_string_equal(fixture.verdicts[i].detail,
                            "syntax error in signature data (ASCII 0x69 at offset 25)");
    }
    arena_close(fixture.arena);
}

static void sha1_and_duplicate_tags_pass_although_the_standard_says_no(void **state)
{
    (void)state;
    expect("sha1.eml", "pass", "verified with a key of 2048 bits");
    expect("duplicate-tag.eml", "pass", "verified with a key of 2048 bits");
}

static void a_small_key_is_refused_by_policy(void **state)
{
    (void)state;
    expect("small-key.eml", "policy", "signing key too small");
}

static void the_clock_is_the_one_of_the_request(void **state)
{
    struct fixture fixture = keys();
    struct span bytes = load(fixture.arena, "expiring.eml"); /* t=1763990000; x=1764000100 */

    (void)state;
    judge_bytes(&fixture, bytes, 1, 1764000000);
    assert_string_equal(fixture.verdicts[0].result, "pass");
    judge_bytes(&fixture, bytes, 1, 1764000100 + 299); /* the library's slack: 300 s */
    assert_string_equal(fixture.verdicts[0].result, "pass");
    judge_bytes(&fixture, bytes, 1, 1764000100 + 301);
    assert_string_equal(fixture.verdicts[0].result, "permerror");
    assert_string_equal(fixture.verdicts[0].detail, "signature expired");
    judge_bytes(&fixture, bytes, 1, 1763990000 - 301);
    assert_string_equal(fixture.verdicts[0].detail, "signature timestamp in the future");
    arena_close(fixture.arena);
}

static void what_dns_says_of_the_key_decides(void **state)
{
    (void)state;
    expect_world("", "permerror", "key not found in DNS");
    expect_world("one._domainkey.example.com A 192.0.2.1", "permerror", "key not found in DNS");
    expect_world("one._domainkey.example.com TXT !SERVFAIL", "temperror",
                 "key DNS query failed");
    expect_world("one._domainkey.example.com TXT !TIMEOUT", "temperror",
                 "key DNS query failed");
    expect_world("one._domainkey.example.com TXT \"v=DKIM1; p=\"", "permerror", "key revoked");
    expect_world("one._domainkey.example.com TXT \"v=DKIM1; p=AAAA\"", "permerror",
                 "unable to apply public key");
    expect_world("one._domainkey.example.com TXT \"v=DKIM1; p=AAAA\"\n"
                 "one._domainkey.example.com TXT \"v=DKIM1; p=BBBB\"",
                 "permerror", "multiple keys found");
}

static void a_key_behind_a_cname_is_found(void **state)
{
    struct fixture fixture = fixture_open("");
    struct span text = load(fixture.arena, "keys.txt");
    struct sbuf world = sbuf_start(fixture.arena);

    (void)state;
    sbuf_add(&world, "one._domainkey.example.com CNAME one.keys.example.net\n");
    sbuf_add(&world, "one.keys.example.net TXT ");
    sbuf_add_span(&world, span_from(span_sub(text, 0, (size_t)span_find(text, '\n')),
                                    strlen("one._domainkey.example.com TXT ")));
    fixture.world = world_source(fixture.arena, sbuf_text(&world));
    judge_bytes(&fixture, load(fixture.arena, "signed.eml"), 1, NOW);
    assert_string_equal(fixture.verdicts[0].result, "pass");
    arena_close(fixture.arena);
}

static void a_message_without_from_is_refused_whole(void **state)
{
    struct fixture fixture = keys();

    (void)state;
    judge_bytes(&fixture, load(fixture.arena, "no-from.eml"), 1, NOW);
    assert_string_equal(fixture.verdicts[0].result, "permerror");
    assert_false(fixture.verdicts[0].is_lost);
    arena_close(fixture.arena);
}

static void without_a_signature_there_is_no_question(void **state)
{
    struct fixture fixture = keys();

    (void)state;
    judge_bytes(&fixture, load(fixture.arena, "unsigned.eml"), 0, NOW);
    arena_close(fixture.arena);
}

static void the_same_input_gives_the_same_words(void **state)
{
    struct fixture first = keys();
    struct fixture second = keys();

    (void)state;
    judge_bytes(&first, load(first.arena, "two-signatures.eml"), 2, NOW);
    judge_bytes(&second, load(second.arena, "two-signatures.eml"), 2, NOW);
    for (size_t i = 0; i < 2; i++) {
        assert_string_equal(first.verdicts[i].result, second.verdicts[i].result);
        assert_string_equal(first.verdicts[i].detail, second.verdicts[i].detail);
    }
    arena_close(first.arena);
    arena_close(second.arena);
}

static void all_libraries_answer_in_one_call_and_in_order(void **state)
{
    struct fixture fixture = keys();
    struct auth_spf_input spf = {.mail_from = "jane@example.com", .now = NOW};
    struct engine_dmarc_dkim dkim = {"example.com", "one", "pass"};
    struct engine_dmarc dmarc = {
        .record = "v=DMARC1; p=reject", .dkim = &dkim, .dkim_count = 1};
    struct engine_request request = {
        .spf = &spf, .spf_count = 1, .signature_count = 2, .dmarc = &dmarc, .now = NOW};
    static const char *const abouts[] = {"spf.mailfrom", "dkim.0", "dkim.1", "dmarc"};
    static const char *const results[] = {"none", "pass", "pass", "pass"};

    (void)state;
    assert_true(ip_parse(span_of("192.0.2.1"), &spf.client));
    dmarc.author = dns_name_from_text(fixture.arena, "example.com");
    request.message =
        mail_message_parse(fixture.arena, load(fixture.arena, "two-signatures.eml"));
    judge(&fixture, &request);
    assert_int_equal(fixture.count, COUNT_OF(abouts));
    for (size_t i = 0; i < COUNT_OF(abouts); i++) {
        assert_string_equal(fixture.verdicts[i].about, abouts[i]);
        assert_string_equal(fixture.verdicts[i].result, results[i]);
    }
    assert_int_equal(fixture.passes, 2); /* what the libraries miss, they miss together */
    arena_close(fixture.arena);
}

/* with_body - signed.eml with a body of `size` octets in lines of 64 */
static struct span with_body(struct arena *arena, size_t size)
{
    struct span whole = load(arena, "signed.eml");
    const char *body = strstr(arena_strdup_span(arena, whole), "\r\n\r\n");
    char *bytes = arena_alloc(arena, whole.len + size);
    size_t len = whole.len - strlen(body) + 4;

    memcpy(bytes, whole.at, len);
    for (size_t i = 0; i < size; i++, len++)
        bytes[len] = i % 64 == 62 ? '\r' : i % 64 == 63 ? '\n' : 'x';
    return span_make(bytes, len);
}

static void a_large_body_flows_in_pieces(void **state)
{
    struct fixture fixture = keys();

    (void)state;
    judge_bytes(&fixture, with_body(fixture.arena, 3 * 1024 * 1024), 1, NOW);
    assert_string_equal(fixture.verdicts[0].result, "fail");
    assert_string_equal(fixture.verdicts[0].detail, "body hash mismatch");
    arena_close(fixture.arena);
}

/* bound: LIMIT_CHILD_BODY_BYTES past */
static void a_body_beyond_the_bound_is_not_asked_about(void **state)
{
    struct fixture fixture = keys();

    (void)state;
    judge_bytes(&fixture, with_body(fixture.arena, LIMIT_CHILD_BODY_BYTES + 64), 1, NOW);
    assert_true(fixture.verdicts[0].is_skipped);
    assert_false(fixture.verdicts[0].is_lost);
    assert_string_equal(fixture.verdicts[0].detail,
                        "not run: the message is larger than 16 MB");
    arena_close(fixture.arena);
}

/* hostile - a message on which a child may end */
static struct span hostile(struct arena *arena, int extra)
{
    struct sbuf names = sbuf_start(arena);
    struct sbuf fields = sbuf_start(arena);

    for (int i = 0; i < extra; i++) {
        sbuf_addf(&names, ":x-%d", i);
        sbuf_addf(&fields, "X-%d: y\r\n", i);
    }
    return span_of(arena_printf(
        arena,
        "DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d=example.com; s=one;\r\n"
        " h=dkim-signature:from%s:more; bh=47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=;\r\n"
        " b=AAAA\r\nFrom: jane@example.com\r\n%s\r\nx\r\n",
        sbuf_text(&names), sbuf_text(&fields)));
}

static void a_message_whose_judging_ends_the_child_harms_no_other(void **state)
{
    struct fixture fixture = keys();
    unsigned lost = 0;

    (void)state;
    for (int extra = 0; extra < 6; extra++) {
        judge_bytes(&fixture, hostile(fixture.arena, extra), 1, NOW);
        if (fixture.verdicts[0].is_lost) {
            lost++;
            assert_null(fixture.verdicts[0].result);
            assert_string_equal(fixture.verdicts[0].detail,
                                "libopendkim ended with signal 6 on this message");
        }
        judge_bytes(&fixture, load(fixture.arena, "signed.eml"), 1, NOW);
        assert_string_equal(fixture.verdicts[0].result, "pass");
    }
#ifndef ENGINE_SANITIZED /* whose malloc leaves room behind every block */
    assert_true(lost > 0);
#endif
    assert_true(fixture.engine->fork_server > 0);
    arena_close(fixture.arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_good_signature_passes),
        cmocka_unit_test(tampering_is_seen),
        cmocka_unit_test(signatures_come_in_message_order),
        cmocka_unit_test(a_signature_that_cannot_be_parsed_spoils_the_good_one),
        cmocka_unit_test(sha1_and_duplicate_tags_pass_although_the_standard_says_no),
        cmocka_unit_test(a_small_key_is_refused_by_policy),
        cmocka_unit_test(the_clock_is_the_one_of_the_request),
        cmocka_unit_test(what_dns_says_of_the_key_decides),
        cmocka_unit_test(a_key_behind_a_cname_is_found),
        cmocka_unit_test(a_message_without_from_is_refused_whole),
        cmocka_unit_test(without_a_signature_there_is_no_question),
        cmocka_unit_test(the_same_input_gives_the_same_words),
        cmocka_unit_test(all_libraries_answer_in_one_call_and_in_order),
        cmocka_unit_test(a_large_body_flows_in_pieces),
        cmocka_unit_test(a_body_beyond_the_bound_is_not_asked_about),
        cmocka_unit_test(a_message_whose_judging_ends_the_child_harms_no_other),
    };

    if (!library_runs(ENGINE_LIBOPENDKIM))
        return 77;
    return cmocka_run_group_tests(tests, open_engine, close_engine);
}
