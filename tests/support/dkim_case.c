/* A message, a world of DNS and the verdicts on them. */
#include "base/file.h"
#include "base/sbuf.h"
#include "dkim_case.h"
#include "mail/mail_message.h"
#include "unit.h"
#include "world.h"

#define NOW 1795514400 /* 2026-11-24 */

static const char header_text[] =
    "Received: from one.example.com\r\n\tby two.example.com;  Tue, 24 Nov 2026 10:00:00 "
    "+0000\r\n"
    "From: \"A\" <a@example.com>\r\nto :  b@example.org \t\r\nSUBJECT:odd \t  blanks\r\n"
    " \r\n folded\t\r\nDate: Tue, 24 Nov 2026 10:00:00 +0000\r\nMessage-ID: <1@example.com>\r\n"
    "X-Empty:\r\nReceived: lower\r\n\r\n";

int dkim_case_setup(void **state)
{
    struct dkim_case *f = test_calloc(1, sizeof(*f));

    f->arena = arena_open();
    f->now = NOW;
    *state = f;
    return 0;
}

int dkim_case_teardown(void **state)
{
    struct dkim_case *f = *state;

    auth_dkim_forget_keys();
    arena_close(f->arena);
    test_free(f);
    return 0;
}

static bool judge_pass(void *ctx)
{
    struct dkim_case *f = ctx;

    f->verdicts = auth_dkim_judge(f->arena, f->ledger, f->prepared, f->now);
    for (size_t i = 0; i < f->prepared->count; i++)
        if (f->verdicts[i].is_pending)
            return false;
    return true;
}

/* judge - all signatures of a message in a world; returns the first verdict */
const struct auth_dkim_verdict *dkim_case_judge(struct dkim_case *f, struct span message,
                                                const char *world)
{
    f->prepared = auth_dkim_prepare(f->arena, mail_message_parse(f->arena, message));
    f->ledger = ledger_open(f->arena);
    world_run(f->ledger, world_source(f->arena, world), judge_pass, f);
    return f->verdicts;
}

void dkim_case_assert(const struct auth_dkim_verdict *verdict, enum dkim_result result,
                      const char *reason)
{
    if (verdict->result != result || strstr(verdict->reason, reason) == NULL)
        fail_msg("got %s: %s\nwant %s: %s", dkim_result_to_text(verdict->result),
                 verdict->reason, dkim_result_to_text(result), reason);
}

struct span dkim_case_load(struct dkim_case *f, const char *name)
{
    struct span bytes = {NULL, 0};
    struct err why = {0};

    if (!file_load(f->arena, arena_printf(f->arena, "%s/dkim/%s", TESTDATA_DIR, name), 100000,
                   &bytes, &why))
        fail_msg("%s", why.text);
    return bytes;
}

/* with_lf - the same text with LF for CRLF */
struct span dkim_case_with_lf(struct arena *arena, struct span text)
{
    struct sbuf out = sbuf_start(arena);

    for (size_t i = 0; i < text.len; i++)
        if (text.at[i] != '\r')
            sbuf_add_octet(&out, text.at[i]);
    return sbuf_span(&out);
}

/* replaced - the first `what` made `with` */
struct span dkim_case_replaced(struct arena *arena, struct span text, const char *what,
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

struct span dkim_case_message(struct arena *arena, const char *body)
{
    return span_of(arena_printf(arena, "%s%s", header_text, body));
}

const char *dkim_case_world(struct dkim_case *f, const char *record)
{
    return dkim_signer_world(f->arena, "sel", "example.com", record);
}

/* signed_message - a sound one to be spoilt */
struct span dkim_case_signed(struct dkim_case *f, const char *body, const char *canon)
{
    struct dkim_signing signing = {
        .domain = "example.com", .selector = "sel", .key = "rsa2048", .canon = canon};

    return dkim_signer_sign(f->arena, dkim_case_message(f->arena, body), &signing);
}

const char *dkim_case_sound_world(struct dkim_case *f)
{
    return dkim_case_world(f, dkim_signer_record(f->arena, "rsa2048"));
}
