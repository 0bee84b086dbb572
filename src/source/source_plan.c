/*
 * Closed zones are made of the records of the plan and answer as zone files do. Open sets are
 * held by name; the type is looked for among those of a name, which are few.
 */
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/span.h"
#include "plan/plan.h"
#include "source/source_plan.h"
#include "source/source_plan_set.h"
#include "source/source_held.h"
#include "source/source_table.h"
#include "source/zone.h"

#define SNIFFED_BYTES (64 * 1024)

struct plan_source {
    struct source_held held;
    const struct plan *plan;
    struct source_world world;
    struct zone **zones;
    struct plan_sets sets; /* of the open world, and those with variants of a closed one */
    const char *choice;    /* which variant answers; NULL: none is chosen */
};

/* plan_set_of - what the plan has of a type at a name, or the alias there; NULL */
static const struct plan_set *plan_set_of(const struct plan_source *self,
                                          const struct dns_name *name, enum dns_type type)
{
    const struct plan_set *set = plan_set_find(&self->sets, name, type);

    return set != NULL ? set : plan_set_find(&self->sets, name, DNS_CNAME);
}

/* ---- the source ---- */

/* plan_zone_for - the closed zone of a name, the longest; NULL */
static struct zone *plan_zone_for(const struct plan_source *self, const struct dns_name *name)
{
    struct zone *best = NULL;

    for (size_t i = 0; i < self->world.zone_count; i++)
        if (zone_speaks_for(self->zones[i], name) &&
            (best == NULL || zone_apex(self->zones[i])->len > zone_apex(best)->len))
            best = self->zones[i];
    return best;
}

/* is_of_service - what a zone has from its service and tools do not list: SOA, and the NS
 * records of the apex, unless the plan does */
static bool is_of_service(const struct zone *zone, const struct dns_name *name,
                          enum dns_type type)
{
    return (type == DNS_SOA || type == DNS_NS) && dns_name_equal(name, zone_apex(zone)) &&
           !zone_has(zone, name, type);
}

static bool plan_speaks_for_type(const struct source *source, const struct dns_name *name,
                                 enum dns_type type)
{
    const struct plan_source *self = (const struct plan_source *)source;
    const struct plan_set *set = NULL;
    const struct zone *zone = NULL;

    for (size_t i = 0; type == DNS_DS && i < self->world.zone_count; i++)
        if (zone_speaks_for_ds(self->zones[i], name))
            return true;
    zone = type != DNS_DS ? plan_zone_for(self, name) : NULL;
    if (zone != NULL)
        return !is_of_service(zone, name, type);
    set = plan_set_of(self, name, type);
    return set != NULL && (!plan_set_is_part(set) || set->type != type);
}

static bool plan_speaks_for(const struct source *source, const struct dns_name *name)
{
    return plan_speaks_for_type(source, name, DNS_A);
}

/* plan_amend - the answer of a source below, with what a part of the set changes */
static const struct dns_answer *plan_amend(const struct source *source, struct arena *arena,
                                           const struct dns_answer *answer)
{
    const struct plan_source *self = (const struct plan_source *)source;
    const struct plan_set *set =
        plan_set_find(&self->sets, answer->question.name, answer->question.type);
    struct dns_answer *amended = NULL;

    bool comes =
        answer->status == DNS_NXDOMAIN && plan_sets_have(&self->sets, answer->question.name);

    if (!comes &&
        (set == NULL || !plan_set_is_part(set) || !dns_status_is_answer(answer->status)))
        return answer;
    amended = arena_new_of(arena, struct dns_answer);
    *amended = *answer;
    amended->source = self->world.name;
    if (comes)
        amended->status = DNS_NODATA;
    if (set == NULL || !plan_set_is_part(set))
        return amended;
    amended->records = NULL;
    amended->record_count = 0;
    plan_set_add_to(amended, arena, set, self->choice); /* what the change brings is first */
    plan_set_add_rest(amended, arena, set, answer);
    amended->status = amended->records != NULL ? DNS_OK : DNS_NODATA;
    return amended;
}

static const struct dns_answer *plan_find(const struct source *source,
                                          const struct dns_question *question)
{
    const struct plan_source *self = (const struct plan_source *)source;
    const struct plan_set *set = plan_set_of(self, question->name, question->type);
    struct zone *zone = plan_zone_for(self, question->name);
    struct dns_answer *answer = NULL;

    if (set == NULL && zone != NULL)
        return zone_find(zone, source->answers, question);
    answer = arena_new_of(source->answers, struct dns_answer);
    *answer = (struct dns_answer){
        .question = *question, .source = self->world.name, .status = DNS_UNKNOWN};
    if (set == NULL)
        return answer;
    answer->detail = plan_set_unknown(source->answers, set, self->choice);
    if (answer->detail != NULL)
        return answer;
    plan_set_add_to(answer, source->answers, set, self->choice);
    answer->status = answer->records != NULL ? DNS_OK : DNS_NODATA;
    return answer;
}

static void plan_list(const struct source *source, source_entry_fn *each, void *ctx)
{
    const struct plan_source *self = (const struct plan_source *)source;

    for (size_t i = 0; i < self->world.zone_count; i++)
        zone_each_entry(self->zones[i], each, ctx);
    for (const struct plan_entry *one = self->plan->open.entries; one != NULL;
         one = one->next) {
        const struct dns_question question = {one->owner, one->type};

        each(ctx, &question, one->rr);
    }
}

static const struct source_world *plan_world(const struct source *source)
{
    return &((const struct plan_source *)source)->world;
}

void source_plan_choose(struct source *source, const char *variant)
{
    if (strcmp(source->ops->type, "plan") == 0)
        ((struct plan_source *)source)->choice = variant;
}

static const struct source_ops plan_ops = {.type = "plan",
                                           .submit = source_held_submit,
                                           .poll = source_held_poll,
                                           .speaks_for = plan_speaks_for,
                                           .speaks_for_type = plan_speaks_for_type,
                                           .amend = plan_amend,
                                           .forget = source_held_forget,
                                           .open_again = source_held_again,
                                           .each_entry = plan_list,
                                           .world = plan_world};

/* ---- opening ---- */

bool source_is_plan(const char *path)
{
    struct arena *arena = arena_open();
    char *bytes = arena_alloc(arena, SNIFFED_BYTES);
    struct err why = {0};
    struct stat about = {0};
    /* of a pipe nothing is left after a look at it */
    bool is_file = stat(path, &about) == 0 && S_ISREG(about.st_mode);
    int fd = is_file ? file_open(path, &why) : -1;
    ptrdiff_t got = fd >= 0 ? file_read(fd, bytes, SNIFFED_BYTES) : -1;
    bool is_plan = got > 0 && plan_is_plan(path, span_make(bytes, (size_t)got));

    if (fd >= 0)
        close(fd);
    arena_close(arena);
    return is_plan;
}

/* plan_zone_make - a closed zone as one of a file; NULL and `why`: its records contradict */
static struct zone *plan_zone_make(struct plan_source *self, const struct plan_zone *from,
                                   struct err *why)
{
    struct zone_records records = {
        .path = self->plan->path, .source = self->world.name, .apex = from->apex};
    struct zone *zone = NULL;

    for (const struct plan_entry *one = from->entries; one != NULL; one = one->next) {
        if (one->variant != NULL)
            plan_set_add(&self->sets, self->held.base.arena, one);
        if (one->kind == PLAN_HAS && plan_set_is_first(&self->sets, one))
            arena_append(self->held.base.arena, records.list, records.count, one->rr);
    }
    for (const struct plan_alias *one = from->aliases; one != NULL; one = one->next) {
        const struct zone_remark alias = {one->target, one->owner, one->file, one->line, NULL};

        arena_append(self->held.base.arena, records.aliases, records.alias_count, alias);
    }
    zone = zone_make(self->held.base.arena, &records);
    if (zone_faults(zone) == NULL)
        return zone;
    zone_faults_to_err(zone, why);
    return NULL;
}

/* note_file - of the configuration that an entry is in */
static void note_file(struct plan_source *self, const struct plan_entry *entry)
{
    struct source_world *world = &self->world;
    const struct source_place place = {entry->file, entry->line};

    for (size_t i = 0; i < world->change_count; i++)
        if (strcmp(world->changes[i].file, entry->file) == 0)
            return;
    arena_append(self->held.base.arena, world->changes, world->change_count, place);
}

/* plan_take_all - zones and sets of the plan */
static bool plan_take_all(struct plan_source *self, struct err *why)
{
    for (const struct plan_zone *one = self->plan->zones; one != NULL; one = one->next) {
        struct zone *zone = plan_zone_make(self, one, why);

        if (zone == NULL)
            return false;
        arena_append(self->held.base.arena, self->zones, self->world.zone_count, zone);
    }
    for (const struct plan_entry *one = self->plan->open.entries; one != NULL;
         one = one->next) {
        plan_set_add(&self->sets, self->held.base.arena, one);
        note_file(self, one);
    }
    self->world.zones = self->zones;
    for (const struct plan_remark *one = self->plan->remarks; one != NULL; one = one->next) {
        const struct zone_remark remark = {one->text, NULL, one->file, one->line, NULL};

        arena_append(self->held.base.arena, self->world.remarks, self->world.remark_count,
                     remark);
    }
    return true;
}

struct source *source_plan_open(const struct source_request *request, struct err *why)
{
    struct plan_source *self = arena_new_of(request->arena, struct plan_source);
    struct source_file_spec spec = source_split_spec(request->arena, request->rest);

    if (spec.path[0] == '\0') {
        err_set_kind(why, ERR_USAGE, "\"%s\" names no file: write plan:FILE or plan:FILE@ZONE",
                     request->spec);
        return NULL;
    }
    self->held = (struct source_held){
        .base = {.ops = &plan_ops, .arena = request->arena, .spec = request->spec},
        .octets = sizeof(*self),
        .find = plan_find,
    };
    self->plan = plan_read(request->arena, &(struct plan_request){spec.path, spec.origin}, why);
    if (self->plan == NULL)
        return NULL;
    self->world = (struct source_world){
        .name = arena_printf(request->arena, "plan:%s", spec.path),
        .file = self->plan->path,
        .format = self->plan->format,
        .is_open = self->plan->is_open,
        .notes = self->plan->notes,
        .note_count = self->plan->note_count,
    };
    if (!plan_take_all(self, why))
        return NULL;
    self->world.variants = self->sets.variants;
    self->world.variant_count = self->sets.variant_count;
    return &self->held.base;
}
