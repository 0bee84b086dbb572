/* Every question has the same answer: for rehearsing what a report says when DNS fails. */
#include "base/escape.h"
#include "base/limits.h"
#include "base/sbuf.h"
#include "base/span.h"
#include "source/source_queue.h"
#include "source/source_table.h"

struct fail_kind {
    const char *word;
    enum dns_status status;
    const char *detail; /* as a live source would say it; NULL for answers */
};

static const struct fail_kind kinds[] = {
    {"timeout", DNS_TIMEOUT, "no answer from the failing source"},
    {"servfail", DNS_SERVFAIL, "SERVFAIL by the failing source"},
    {"refused", DNS_SERVFAIL, "REFUSED by the failing source"},
    {"nxdomain", DNS_NXDOMAIN, NULL},
    {"nodata", DNS_NODATA, NULL},
    {"malformed", DNS_MALFORMED, "malformed answer by the failing source"},
    {"bogus", DNS_BOGUS, "DNSSEC validation failed at the failing source"},
    {"unknown", DNS_UNKNOWN, "not known to the failing source"},
};

#define KIND_COUNT COUNT_OF(kinds)

struct fail_source {
    struct source source;
    const struct fail_kind *kind;
    struct source_queue queue;
};

static bool fail_submit(struct source *source, const struct dns_question *question, void *token)
{
    struct fail_source *fail = (struct fail_source *)source;

    source_queue_add(&fail->queue, source->arena, question, token);
    return true;
}

static int fail_poll(struct source *source, int timeout_ms, source_answered_fn *answered,
                     void *ctx)
{
    struct fail_source *fail = (struct fail_source *)source;
    struct source_queued queued;

    (void)timeout_ms;
    while (source_queue_take(&fail->queue, &queued)) {
        struct dns_answer answer = {
            .question = queued.question,
            .status = fail->kind->status,
            .has_ttl = fail->kind->detail == NULL, /* an absence may be kept for 0 seconds */
            .source = source->spec,
            .detail = fail->kind->detail,
        };

        answered(ctx, queued.token, &answer);
    }
    return 0;
}

static bool fail_speaks_for(const struct source *source, const struct dns_name *name)
{
    (void)source;
    (void)name;
    return true;
}

/* fail_close - everything lives in the arena */
static void fail_close(struct source *source)
{
    (void)source;
}

static const struct source_ops fail_ops = {
    .type = "fail",
    .submit = fail_submit,
    .poll = fail_poll,
    .speaks_for = fail_speaks_for,
    .close = fail_close,
};

/* known_kinds - "timeout, servfail, ... or unknown" */
static const char *known_kinds(struct arena *arena)
{
    struct sbuf buf = sbuf_start(arena);

    for (size_t i = 0; i < KIND_COUNT; i++) {
        sbuf_add(&buf, i == 0 ? "" : i + 1 == KIND_COUNT ? " or " : ", ");
        sbuf_add(&buf, kinds[i].word);
    }
    return sbuf_text(&buf);
}

struct source *source_fail_open(const struct source_request *request, struct err *why)
{
    struct fail_source *fail = arena_new_of(request->arena, struct fail_source);

    fail->source =
        (struct source){.ops = &fail_ops, .arena = request->arena, .spec = request->spec};
    for (size_t i = 0; i < KIND_COUNT; i++)
        if (span_equal_text(span_of(request->rest), kinds[i].word))
            fail->kind = &kinds[i];
    if (fail->kind != NULL)
        return &fail->source;
    err_set_kind(why, ERR_USAGE, "unknown failure \"%s\": expected one of %s",
                 escape_to_text(request->arena, span_of(request->spec), LIMIT_SHOWN_BYTES),
                 known_kinds(request->arena));
    return NULL;
}
