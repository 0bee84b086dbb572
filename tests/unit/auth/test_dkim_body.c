/* Body canonicalization wherever chunks are cut, shared digests, large and broken bodies. */
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "temp_file.h"
#include "unit.h"

#include "auth/auth_dkim.h"
#include "auth/auth_dkim_canon.h"
#include "base/sbuf.h"
#include "dkim_signer.h"
#include "mail/mail_message.h"

#define NOW 1795514400

struct fixture {
    struct arena *arena;
    const char *path;
};

static int setup(void **state)
{
    struct fixture *f = test_calloc(1, sizeof(*f));

    f->arena = arena_open();
    f->path = temp_file(f->arena, (struct span){"", 0});
    *state = f;
    return 0;
}

static int teardown(void **state)
{
    struct fixture *f = *state;

    unlink(f->path);
    arena_close(f->arena);
    test_free(f);
    return 0;
}

/* digest of the canonical form, fed in chunks of `step` octets */
static struct span digest_in_steps(struct arena *arena, enum rec_dkim_canon canon,
                                   struct span body, size_t step)
{
    struct auth_dkim_sink *sink = auth_dkim_sink_open(arena);
    struct auth_dkim_digest *digest =
        auth_dkim_sink_digest(sink, REC_DKIM_RSA_SHA256, AUTH_DKIM_NO_LIMIT);
    struct auth_dkim_body state = {.sink = sink, .canon = canon};

    for (size_t at = 0; at < body.len; at += step) {
        /* memory of its own, so that reading past a chunk is seen */
        struct span chunk = arena_span(arena, span_sub(body, at, step));

        auth_dkim_body_add(&state, chunk);
    }
    auth_dkim_body_end(&state);
    struct span value = auth_dkim_digest_end(sink, digest);

    return value;
}

static struct span digest_of(struct arena *arena, const char *canonical)
{
    struct auth_dkim_sink *sink = auth_dkim_sink_open(arena);
    struct auth_dkim_digest *digest =
        auth_dkim_sink_digest(sink, REC_DKIM_RSA_SHA256, AUTH_DKIM_NO_LIMIT);

    auth_dkim_sink_add(sink, canonical, strlen(canonical));
    struct span value = auth_dkim_digest_end(sink, digest);

    return value;
}

static const struct {
    const char *body;
    const char *simple;
    const char *relaxed;
} cases[] = {
    {"", "\r\n", ""},
    {"\r\n", "\r\n", ""},
    {"\r\n\r\n\r\n", "\r\n", ""},
    {" ", " \r\n", ""},
    {" \t\r\n \r\n", " \t\r\n \r\n", ""},
    {"a", "a\r\n", "a\r\n"},
    {"a\r\n", "a\r\n", "a\r\n"},
    {"a\r\n\r\n\r\n", "a\r\n", "a\r\n"},
    {"a\r\n \r\n", "a\r\n \r\n", "a\r\n"},
    {"a\r\n\t", "a\r\n\t\r\n", "a\r\n"},
    {"\r\n\r\na\r\n", "\r\n\r\na\r\n", "\r\n\r\na\r\n"},
    {" C \r\nD \t E\r\n\r\n\r\n", " C \r\nD \t E\r\n", " C\r\nD E\r\n"}, /* RFC 6376, 3.4.5 */
    {"a \t b\tc  d", "a \t b\tc  d\r\n", "a b c d\r\n"},
    {"\t\ta", "\t\ta\r\n", " a\r\n"},
    {"a\rb", "a\rb\r\n", "a\rb\r\n"},
    {"a\nb\n", "a\nb\n\r\n", "a\nb\n\r\n"},
    {"a \nb", "a \nb\r\n", "a \nb\r\n"},
    {"a\r", "a\r\r\n", "a\r\r\n"},
    {"a \r", "a \r\r\n", "a \r\r\n"},
    {"a\r\r\n", "a\r\r\n", "a\r\r\n"},
    {"a\r\n\r", "a\r\n\r\r\n", "a\r\n\r\r\n"},
    {"a \r \r\nb", "a \r \r\nb\r\n", "a \r\r\nb\r\n"},
    {"\n\r\n", "\n\r\n", "\n\r\n"},
    {"\r", "\r\r\n", "\r\r\n"},
    {"a\v\f b", "a\v\f b\r\n", "a\v\f b\r\n"}, /* only SP and HTAB are blanks */
    {"0123456789 123456789 123456789 123456789  123456789 123456789 123456789\tx \r\ny",
     "0123456789 123456789 123456789 123456789  123456789 123456789 123456789\tx \r\ny\r\n",
     "0123456789 123456789 123456789 123456789 123456789 123456789 123456789 x\r\ny\r\n"},
};

static void bodies_are_canonicalized_wherever_they_are_cut(void **state)
{
    struct fixture *f = *state;

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct span simple = digest_of(f->arena, cases[i].simple);
        struct span relaxed = digest_of(f->arena, cases[i].relaxed);
        struct span body = span_of(cases[i].body);

        for (size_t step = 1; step <= body.len + 1; step++) {
            if (!span_equal(digest_in_steps(f->arena, REC_DKIM_SIMPLE, body, step), simple))
                fail_msg("simple, case %zu, chunks of %zu", i, step);
            if (!span_equal(digest_in_steps(f->arena, REC_DKIM_RELAXED, body, step), relaxed))
                fail_msg("relaxed, case %zu, chunks of %zu", i, step);
        }
    }
}

static void a_line_across_many_chunks_is_one_line(void **state)
{
    struct fixture *f = *state;
    size_t len = 200000;
    char *text = arena_alloc(f->arena, len + 1);
    char *canonical = arena_alloc(f->arena, len + 3);

    memset(text, 'x', len);
    memset(text + 70000, ' ', 1000); /* blanks over a chunk of 64 KB and more */
    memcpy(text + 65535, "y", 1);
    memset(canonical, 'x', len);
    canonical[70000] = ' ';
    memcpy(canonical + 65535, "y", 1);
    memset(canonical + 70001, 'x', len - 71000);
    memcpy(canonical + len - 999, "\r\n", 3);
    struct span want = digest_of(f->arena, canonical);

    assert_true(span_equal(
        digest_in_steps(f->arena, REC_DKIM_RELAXED, span_make(text, len), 65536), want));
    assert_true(span_equal(
        digest_in_steps(f->arena, REC_DKIM_RELAXED, span_make(text, len), len), want));
}

/* bodies made of what canonicalization cares for, by a generator that never changes */
static void generated_bodies_agree_with_the_plain_signer(void **state)
{
    struct fixture *f = *state;
    static const char *const pieces[] = {
        " ",    "\t", "\r\n",
        "\r\n", "\r", "\n",
        "a",    "bb", "a longer piece without anything odd in it, "};
    uint32_t seed = 12345;

    for (int round = 0; round < 200; round++) {
        struct sbuf text = sbuf_start(f->arena);
        struct dkim_signing signing = {.domain = "example.com",
                                       .selector = "sel",
                                       .key = "ed25519",
                                       .canon = round % 2 ? "simple/relaxed" : "simple/simple"};

        sbuf_add(&text, "From: a@example.com\r\n\r\n");
        for (uint32_t i = (seed >> 8) % 40; i > 0; i--) {
            seed = seed * 1664525 + 1013904223;
            sbuf_add(&text, pieces[(seed >> 16) % COUNT_OF(pieces)]);
        }
        seed = seed * 1664525 + 1013904223;
        struct span message = dkim_signer_sign(f->arena, sbuf_span(&text), &signing);
        struct auth_dkim_prepared *prepared =
            auth_dkim_prepare(f->arena, mail_message_parse(f->arena, message));

        assert_int_equal(prepared->count, 1);
        if (!span_equal(prepared->signatures[0].body_digest,
                        prepared->signatures[0].parsed.body_hash))
            fail_msg("round %d", round);
    }
}

static void digests_take_as_much_as_their_length(void **state)
{
    struct fixture *f = *state;
    struct auth_dkim_sink *sink = auth_dkim_sink_open(f->arena);
    struct auth_dkim_digest *three = auth_dkim_sink_digest(sink, REC_DKIM_RSA_SHA256, 3);
    struct auth_dkim_digest *all =
        auth_dkim_sink_digest(sink, REC_DKIM_RSA_SHA256, AUTH_DKIM_NO_LIMIT);

    assert_ptr_equal(three, auth_dkim_sink_digest(sink, REC_DKIM_ED25519_SHA256, 3));
    assert_ptr_not_equal(three, auth_dkim_sink_digest(sink, REC_DKIM_RSA_SHA1, 3));
    auth_dkim_sink_add(sink, "ab", 2);
    auth_dkim_sink_add(sink, "cdef", 4);
    assert_true(span_equal(auth_dkim_digest_end(sink, three), digest_of(f->arena, "abc")));
    assert_true(span_equal(auth_dkim_digest_end(sink, all), digest_of(f->arena, "abcdef")));
    assert_int_equal(sink->total, 6);
}

/* a file with one signature and a body of `size` octets of NUL, most of it a hole */
static void write_large(const struct fixture *f, off_t size)
{
    static const char head[] =
        "DKIM-Signature: v=1; a=rsa-sha256; d=example.com; s=sel; h=From; bh=YmFy; b=Zm9v\r\n"
        "DKIM-Signature: v=1; a=ed25519-sha256; d=example.com; s=sel; h=From; l=9;\r\n"
        " bh=YmFy; b=Zm9v\r\nFrom: a@example.com\r\n\r\n";
    int fd = open(f->path, O_WRONLY | O_TRUNC);

    assert_true(fd >= 0);
    assert_int_equal(write(fd, head, sizeof(head) - 1), sizeof(head) - 1);
    assert_int_equal(ftruncate(fd, (off_t)sizeof(head) - 1 + size), 0);
    close(fd);
}

static long memory_kilobytes(void)
{
    struct rusage usage;

    getrusage(RUSAGE_SELF, &usage);
    return usage.ru_maxrss;
}

static void a_hundred_megabytes_need_little_memory(void **state)
{
    struct fixture *f = *state;
    size_t size = 100 * 1024 * 1024;
    int status = 0;

    write_large(f, (off_t)size);
    if (fork() == 0) { /* a process of its own, whose memory nobody else has grown */
        long before = memory_kilobytes();
        struct err why = {0};
        struct mail_message *message =
            mail_message_choose(f->arena, f->path, &(struct mail_choice){0}, &why);
        struct auth_dkim_prepared *prepared =
            message == NULL ? NULL : auth_dkim_prepare(f->arena, message);

        if (prepared == NULL || prepared->count != 2 || prepared->body_trouble != NULL)
            _exit(1);
        if (prepared->signatures[0].body_length != size + 2)
            _exit(2);
        _exit(memory_kilobytes() - before < 32 * 1024 ? 0 : 3);
    }
    wait(&status);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
}

static void a_body_that_breaks_off_is_temperror(void **state)
{
    struct fixture *f = *state;
    struct err why = {0};

    write_large(f, 1000000);
    struct mail_message *message =
        mail_message_choose(f->arena, f->path, &(struct mail_choice){0}, &why);

    assert_non_null(message);
    assert_int_equal(truncate(f->path, 500000), 0);
    struct auth_dkim_prepared *prepared = auth_dkim_prepare(f->arena, message);
    const struct auth_dkim_verdict *verdicts =
        auth_dkim_judge(f->arena, ledger_open(f->arena), prepared, NOW);

    for (size_t i = 0; i < 2; i++) {
        assert_int_equal(verdicts[i].result, DKIM_TEMPERROR);
        assert_string_equal(verdicts[i].reason, "the body cannot be read: the file became "
                                                "shorter while it was read");
        assert_int_equal(verdicts[i].body_hash, HASH_NOT_CHECKED);
        assert_false(verdicts[i].is_pending);
    }
    mail_message_close(message);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(bodies_are_canonicalized_wherever_they_are_cut),
        TEST(a_line_across_many_chunks_is_one_line),
        TEST(generated_bodies_agree_with_the_plain_signer),
        TEST(digests_take_as_much_as_their_length),
        TEST(a_hundred_megabytes_need_little_memory),
        TEST(a_body_that_breaks_off_is_temperror),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
