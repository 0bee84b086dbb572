/*
 * "snapshot:FILE". Above other sources a snapshot speaks for the names it holds any answer
 * about and for closed names; a question it does not hold is unknown, never absent, unless
 * the name is closed.
 */
#include <string.h>

#include "dns/dns_name_table.h"
#include "dns/https_fact.h"
#include "dns/https_fact.h"
#include "source/snapshot_read.h"
#include "source/source_queue.h"
#include "source/source_table.h"

struct snapshot_source {
    struct source base;
    struct snapshot *snapshot;
    struct source_queue queue;
};

/* snapshot_submit - take a question */
static bool snapshot_submit(struct source *source, const struct dns_question *question,
                            void *token)
{
    struct snapshot_source *self = (struct snapshot_source *)source;

    source_queue_add(&self->queue, source->arena, question, token);
    return true;
}

/* answer_missing - a question that is not in the snapshot */
static const struct dns_answer *answer_missing(const struct snapshot_source *self,
                                               const struct dns_question *question)
{
    struct dns_answer *answer = arena_new_of(self->base.answers, struct dns_answer);

    answer->question = *question;
    answer->source = self->snapshot->source;
    if (!snapshot_is_closed(self->snapshot, question->name)) {
        answer->status = DNS_UNKNOWN;
    } else if (snapshot_exists(self->snapshot, question->name)) {
        answer->status = DNS_NODATA;
    } else {
        answer->status = DNS_NXDOMAIN;
    }
    return answer;
}

/* snapshot_poll - answer everything; what is submitted meanwhile too */
static int snapshot_poll(struct source *source, int timeout_ms, source_answered_fn *answered,
                         void *ctx)
{
    struct snapshot_source *self = (struct snapshot_source *)source;
    struct source_queued next;

    (void)timeout_ms;
    while (source_queue_take(&self->queue, &next)) {
        const struct dns_answer *held = snapshot_find(self->snapshot, &next.question);

        answered(ctx, next.token, held != NULL ? held : answer_missing(self, &next.question));
    }
    return 0;
}

/* snapshot_speaks_for - it holds an answer about the name, or the name is closed */
static bool snapshot_speaks_for(const struct source *source, const struct dns_name *name)
{
    const struct snapshot *snapshot = ((const struct snapshot_source *)source)->snapshot;

    return snapshot_holds(snapshot, name) || snapshot_is_closed(snapshot, name);
}

/* snapshot_forget - drop what was submitted */
static void snapshot_forget(struct source *source)
{
    ((struct snapshot_source *)source)->queue.count = 0;
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

/* snapshot_close - nothing is held outside the arena */
static void snapshot_close(struct source *source)
{
    (void)source;
}

/* snapshot_open_again - with a queue of its own; what was read is never changed */
static struct source *snapshot_open_again(const struct source *source, struct arena *arena)
{
    const struct snapshot_source *held = (const struct snapshot_source *)source;
    struct snapshot_source *self = arena_new_of(arena, struct snapshot_source);

    *self = *held;
    self->base.arena = arena;
    self->base.answers = arena;
    self->queue = (struct source_queue){0};
    return &self->base;
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
                                               .submit = snapshot_submit,
                                               .poll = snapshot_poll,
                                               .speaks_for = snapshot_speaks_for,
                                               .close = snapshot_close,
                                               .forget = snapshot_forget,
                                               .open_again = snapshot_open_again,
                                               .find_https = snapshot_find_https,
                                               .each_entry = snapshot_list};

struct source *source_snapshot_open(const struct source_request *request, struct err *why)
{
    struct snapshot_source *self = arena_new_of(request->arena, struct snapshot_source);

    if (request->rest[0] == '\0') {
        err_set_kind(why, ERR_USAGE, "%s: names no file; write snapshot:FILE", request->spec);
        return NULL;
    }
    self->base =
        (struct source){.ops = &snapshot_ops, .arena = request->arena, .spec = request->spec};
    self->snapshot = snapshot_load(request->arena, request->rest, why);
    if (self->snapshot == NULL)
        return NULL;
    self->base.taken = self->snapshot->taken;
    return &self->base;
}
