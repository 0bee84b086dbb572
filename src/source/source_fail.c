/* Every question has the same answer: for rehearsing what a report says when DNS fails. */
#include "base/escape.h"
#include "base/limits.h"
#include "base/sbuf.h"
#include "base/span.h"
#include "source/source_held.h"
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
    struct source_held held;
    const struct fail_kind *kind;
};

static const struct dns_answer *fail_find(const struct source *source,
                                          const struct dns_question *question)
{
    const struct fail_kind *kind = ((const struct fail_source *)source)->kind;
    struct dns_answer *answer = arena_new_of(source->answers, struct dns_answer);

    answer->question = *question;
    answer->status = kind->status;
    answer->has_ttl = kind->detail == NULL; /* an absence may be kept for 0 seconds */
    answer->source = source->spec;
    answer->detail = kind->detail;
    return answer;
}

static bool fail_speaks_for(const struct source *source, const struct dns_name *name)
{
    (void)source;
    (void)name;
    return true;
}

static const struct source_ops fail_ops = {
    .type = "fail",
    .submit = source_held_submit,
    .poll = source_held_poll,
    .speaks_for = fail_speaks_for,
    .forget = source_held_forget,
};

/* known_kinds - "timeout, servfail, ... or unknown" */
static const char *known_kinds(struct arena *arena)
{
    struct sbuf buf = sbuf_start(arena);

    for (size_t i = 0; i < KIND_COUNT; i++) {
        sbuf_add_item(&buf, i + 1 == KIND_COUNT ? " or " : ", ", kinds[i].word);
    }
    return sbuf_text(&buf);
}

struct source *source_fail_open(const struct source_request *request, struct err *why)
{
    struct fail_source *fail = arena_new_of(request->arena, struct fail_source);

    fail->held = (struct source_held){
        .base = {.ops = &fail_ops, .arena = request->arena, .spec = request->spec},
        .octets = sizeof(*fail),
        .find = fail_find,
    };
    for (size_t i = 0; i < KIND_COUNT; i++)
        if (span_equal_text(span_of(request->rest), kinds[i].word))
            fail->kind = &kinds[i];
    if (fail->kind != NULL)
        return &fail->held.base;
    err_set_kind(why, ERR_USAGE, "unknown failure \"%s\": expected one of %s",
                 escape_to_text(request->arena, span_of(request->spec), LIMIT_SHOWN_BYTES),
                 known_kinds(request->arena));
    return NULL;
}
