/*
 * "zone:FILE[@ORIGIN]". A zone with faults is not opened: what a name server would make of it
 * is not known.
 */
#include <string.h>
#include <unistd.h>

#include "base/span.h"
#include "source/source_plan.h"
#include "source/source_held.h"
#include "source/source_table.h"
#include "source/zone.h"

struct zone_source {
    struct source_held held;
    struct zone *zone;
    struct zone **zones; /* the same, for the world */
    struct source_world world;
};

static const struct dns_answer *file_find(const struct source *source,
                                          const struct dns_question *question)
{
    return zone_find(((const struct zone_source *)source)->zone, source->answers, question);
}

static bool file_speaks_for(const struct source *source, const struct dns_name *name)
{
    return zone_speaks_for(((const struct zone_source *)source)->zone, name);
}

static bool file_delegates(const struct source *source, const struct dns_name *name)
{
    return zone_delegates(((const struct zone_source *)source)->zone, name);
}

static bool file_speaks_for_ds(const struct source *source, const struct dns_name *name)
{
    return zone_speaks_for_ds(((const struct zone_source *)source)->zone, name);
}

static void file_list(const struct source *source, source_entry_fn *each, void *ctx)
{
    zone_each_entry(((const struct zone_source *)source)->zone, each, ctx);
}

static const struct source_world *file_world(const struct source *source)
{
    return &((const struct zone_source *)source)->world;
}

static const struct source_ops zone_ops = {.type = "zone",
                                           .submit = source_held_submit,
                                           .poll = source_held_poll,
                                           .speaks_for = file_speaks_for,
                                           .speaks_for_ds = file_speaks_for_ds,
                                           .delegates = file_delegates,
                                           .forget = source_held_forget,
                                           .open_again = source_held_again,
                                           .each_entry = file_list,
                                           .world = file_world};

struct source *source_zone_open(const struct source_request *request, struct err *why)
{
    struct zone_source *self = arena_new_of(request->arena, struct zone_source);
    struct source_file_spec spec = source_split_spec(request->arena, request->rest);

    if (spec.path[0] == '\0') {
        err_set_kind(why, ERR_USAGE,
                     "\"%s\" names no file: write zone:FILE or zone:FILE@ORIGIN",
                     request->spec);
        return NULL;
    }
    if (source_is_plan(spec.path))
        return source_plan_open(request, why);
    self->held = (struct source_held){
        .base = {.ops = &zone_ops, .arena = request->arena, .spec = request->spec},
        .octets = sizeof(*self),
        .find = file_find,
    };
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
    return &self->held.base;
}
