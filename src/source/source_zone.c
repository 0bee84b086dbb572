/*
 * "zone:FILE[@ORIGIN]". Questions wait in a queue until poll() returns their answers, so
 * that a zone behaves like a source that takes time. A zone with faults is not opened: what
 * a name server would make of it is not known.
 */
#include <string.h>
#include <unistd.h>

#include "base/span.h"
#include "source/source_plan.h"
#include "source/source_queue.h"
#include "source/source_table.h"
#include "source/zone.h"

struct zone_source {
    struct source base;
    struct zone *zone;
    struct zone **zones; /* the same, for the world */
    struct source_world world;
    struct source_queue queue;
};

/* zone_submit - take a question */
static bool zone_submit(struct source *source, const struct dns_question *question, void *token)
{
    struct zone_source *self = (struct zone_source *)source;

    source_queue_add(&self->queue, source->arena, question, token);
    return true;
}

/* zone_poll - answer everything; what is submitted meanwhile too */
static int zone_poll(struct source *source, int timeout_ms, source_answered_fn *answered,
                     void *ctx)
{
    struct zone_source *self = (struct zone_source *)source;
    struct source_queued next;

    (void)timeout_ms;
    while (source_queue_take(&self->queue, &next))
        answered(ctx, next.token, zone_find(self->zone, source->answers, &next.question));
    return 0;
}

/* file_speaks_for - see zone.h */
static bool file_speaks_for(const struct source *source, const struct dns_name *name)
{
    return zone_speaks_for(((const struct zone_source *)source)->zone, name);
}

/* file_delegates - see zone.h */
static bool file_delegates(const struct source *source, const struct dns_name *name)
{
    return zone_delegates(((const struct zone_source *)source)->zone, name);
}

/* file_speaks_for_ds - see zone.h */
static bool file_speaks_for_ds(const struct source *source, const struct dns_name *name)
{
    return zone_speaks_for_ds(((const struct zone_source *)source)->zone, name);
}

/* zone_close - nothing is held outside the arena */
static void zone_close(struct source *source)
{
    (void)source;
}

/* zone_forget - drop what was submitted */
static void zone_forget(struct source *source)
{
    ((struct zone_source *)source)->queue.count = 0;
}

/* zone_open_again - with a queue of its own; what was read is never changed */
static struct source *zone_open_again(const struct source *source, struct arena *arena)
{
    const struct zone_source *held = (const struct zone_source *)source;
    struct zone_source *self = arena_new_of(arena, struct zone_source);

    *self = *held;
    self->base.arena = arena;
    self->base.answers = arena;
    self->queue = (struct source_queue){0};
    return &self->base;
}

/* the argument of a walk over the records */
struct zone_walk {
    source_entry_fn *each;
    void *ctx;
};

/* list_record - one record, as an answer about its owner */
static void list_record(void *ctx, const struct dns_rr *rr)
{
    const struct zone_walk *walk = ctx;
    const struct dns_question question = {rr->owner, rr->type};

    walk->each(walk->ctx, &question, rr);
}

/* zone_list - every record */
static void zone_list(const struct source *source, source_entry_fn *each, void *ctx)
{
    struct zone_walk walk = {each, ctx};

    zone_each_record(((const struct zone_source *)source)->zone, list_record, &walk);
}

/* zone_world - the one zone of the file */
static const struct source_world *zone_world(const struct source *source)
{
    return &((const struct zone_source *)source)->world;
}

static const struct source_ops zone_ops = {.type = "zone",
                                           .submit = zone_submit,
                                           .poll = zone_poll,
                                           .speaks_for = file_speaks_for,
                                           .speaks_for_ds = file_speaks_for_ds,
                                           .delegates = file_delegates,
                                           .close = zone_close,
                                           .forget = zone_forget,
                                           .open_again = zone_open_again,
                                           .each_entry = zone_list,
                                           .world = zone_world};

struct source *source_zone_open(const struct source_request *request, struct err *why)
{
    struct zone_source *self = arena_new_of(request->arena, struct zone_source);
    struct source_file_spec spec = source_split_spec(request->arena, request->rest);

    if (spec.path[0] == '\0') {
        err_set_kind(why, ERR_USAGE, "%s: names no file; write zone:FILE or zone:FILE@ORIGIN",
                     request->spec);
        return NULL;
    }
    if (source_is_plan(spec.path))
        return source_plan_open(request, why);
    self->base =
        (struct source){.ops = &zone_ops, .arena = request->arena, .spec = request->spec};
    self->zone =
        zone_open(request->arena,
                  &(struct zone_request){spec.path, spec.origin, request->options.tree}, why);
    if (self->zone == NULL)
        return NULL;
    if (zone_faults(self->zone) != NULL) {
        zone_faults_to_err(self->zone, why);
        return NULL;
    }
    self->zones = arena_new_of(request->arena, struct zone *);
    *self->zones = self->zone;
    self->world = (struct source_world){.name = zone_source(self->zone),
                                        .file = spec.path,
                                        .format = "zone file",
                                        .zones = self->zones,
                                        .zone_count = 1};
    return &self->base;
}
