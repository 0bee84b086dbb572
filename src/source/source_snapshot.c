/*
 * "snapshot:FILE". Above other sources a snapshot speaks for the names it holds any answer
 * about and for closed names; a question it does not hold is unknown, never absent, unless
 * the name is closed.
 */
#include <string.h>

#include "base/dns_name_table.h"
#include "model/https_fact.h"
#include "source/snapshot_read.h"
#include "source/source_held.h"
#include "source/source_table.h"

struct snapshot_source {
    struct source_held held;
    struct snapshot *snapshot;
};

/* snapshot_answer - as it was recorded, or what its absence says */
static const struct dns_answer *snapshot_answer(const struct source *source,
                                                const struct dns_question *question)
{
    const struct snapshot *snapshot = ((const struct snapshot_source *)source)->snapshot;
    const struct dns_answer *held = snapshot_find(snapshot, question);
    struct dns_answer *answer = NULL;

    if (held != NULL)
        return held;
    answer = arena_new_of(source->answers, struct dns_answer);
    answer->question = *question;
    answer->source = snapshot->source;
    answer->status = !snapshot_is_closed(snapshot, question->name) ? DNS_UNKNOWN
                     : snapshot_exists(snapshot, question->name)   ? DNS_NODATA
                                                                   : DNS_NXDOMAIN;
    return answer;
}

/* snapshot_speaks_for - it holds an answer about the name, or the name is closed */
static bool snapshot_speaks_for(const struct source *source, const struct dns_name *name)
{
    const struct snapshot *snapshot = ((const struct snapshot_source *)source)->snapshot;

    return snapshot_holds(snapshot, name) || snapshot_is_closed(snapshot, name);
}

/* snapshot_find_https - the line about a URL */
static const struct https_fact *snapshot_find_https(const struct source *source,
                                                    const char *url)
{
    const struct https_fact *fact = ((const struct snapshot_source *)source)->snapshot->https;

    while (fact != NULL && strcmp(fact->url, url) != 0)
        fact = fact->next;
    return fact;
}

/* the argument of a walk over the names */
struct snapshot_walk {
    source_entry_fn *each;
    void *ctx;
};

/* list_name - all answers about one name */
static void list_name(void *ctx, void *value)
{
    const struct snapshot_walk *walk = ctx;
    const struct snapshot_name *name = value;

    for (const struct snapshot_answer *held = name->answers; held; held = held->next) {
        const struct dns_rr *rr = held->answer.records;

        do {
            walk->each(walk->ctx, &held->answer.question, rr);
            rr = rr != NULL ? rr->next : NULL;
        } while (rr != NULL);
    }
}

/* snapshot_list - every answer */
static void snapshot_list(const struct source *source, source_entry_fn *each, void *ctx)
{
    struct snapshot_walk walk = {each, ctx};

    dns_name_table_each(&((const struct snapshot_source *)source)->snapshot->names, list_name,
                        &walk);
}

static const struct source_ops snapshot_ops = {.type = "snapshot",
                                               .submit = source_held_submit,
                                               .poll = source_held_poll,
                                               .speaks_for = snapshot_speaks_for,
                                               .forget = source_held_forget,
                                               .open_again = source_held_again,
                                               .find_https = snapshot_find_https,
                                               .each_entry = snapshot_list};

struct source *source_snapshot_open(const struct source_request *request, struct err *why)
{
    struct snapshot_source *self = arena_new_of(request->arena, struct snapshot_source);

    if (request->rest[0] == '\0') {
        err_set_kind(why, ERR_USAGE, "\"%s\" names no file: write snapshot:FILE",
                     request->spec);
        return NULL;
    }
    self->held = (struct source_held){
        .base = {.ops = &snapshot_ops, .arena = request->arena, .spec = request->spec},
        .octets = sizeof(*self),
        .find = snapshot_answer,
    };
    self->snapshot = snapshot_load(request->arena, request->rest, why);
    if (self->snapshot == NULL)
        return NULL;
    self->held.base.taken = self->snapshot->taken;
    return &self->held.base;
}
