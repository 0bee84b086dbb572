/*
 * Closed zones are made of the records of the plan and answer as zone files do. Open sets are
 * held by name; the type is looked for among those of a name, which are few.
 */
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/span.h"
#include "plan/plan.h"
#include "source/source_plan.h"
#include "source/source_plan_set.h"
#include "source/source_queue.h"
#include "source/source_table.h"
#include "source/zone.h"

#define SNIFFED_BYTES (64 * 1024)

struct plan_source {
    struct source base;
    const struct plan *plan;
    struct source_world world;
    struct zone **zones;
    struct plan_sets sets; /* of the open world, and those with variants of a closed one */
    const char *choice;    /* which variant answers; NULL: none is chosen */
    struct source_queue queue;
};

/* plan_set_of - what the plan has of a type at a name, or the alias there; NULL */
static const struct plan_set *plan_set_of(const struct plan_source *self,
                                          const struct dns_name *name, enum dns_type type)
{
    const struct plan_set *set = plan_set_find(&self->sets, name, type);

    return set != NULL ? set : plan_set_find(&self->sets, name, DNS_CNAME);
}

/* open_answer - of a set that the plan knows as a whole */
static struct dns_answer open_answer(const struct plan_source *self, struct arena *arena,
                                     const struct dns_question *question)
{
    struct dns_answer answer = {.question = *question, .source = self->world.name};
    const struct plan_set *set = plan_set_of(self, question->name, question->type);

    answer.detail = plan_set_unknown(arena, set, self->choice);
    if (answer.detail != NULL) {
        answer.status = DNS_UNKNOWN;
        return answer;
    }
    plan_set_add_to(&answer, arena, set, self->choice);
    answer.status = answer.records != NULL ? DNS_OK : DNS_NODATA;
    return answer;
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

static bool plan_submit(struct source *source, const struct dns_question *question, void *token)
{
    struct plan_source *self = (struct plan_source *)source;

    source_queue_add(&self->queue, source->arena, question, token);
    return true;
}

/* plan_answer - one question */
static void plan_answer(struct plan_source *self, const struct source_queued *next,
                        source_answered_fn *answered, void *ctx)
{
    struct arena *arena = self->base.answers;
    struct zone *zone = plan_zone_for(self, next->question.name);
    struct dns_answer answer = {.question = next->question, .source = self->world.name};

    if (plan_set_of(self, next->question.name, next->question.type) != NULL) {
        answer = open_answer(self, arena, &next->question);
    } else if (zone != NULL) {
        answered(ctx, next->token, zone_find(zone, arena, &next->question));
        return;
    } else {
        answer.status = DNS_UNKNOWN;
    }
    answered(ctx, next->token, &answer);
}

static int plan_poll(struct source *source, int timeout_ms, source_answered_fn *answered,
                     void *ctx)
{
    struct plan_source *self = (struct plan_source *)source;
    struct source_queued next;

    (void)timeout_ms;
    while (source_queue_take(&self->queue, &next))
        plan_answer(self, &next, answered, ctx);
    return 0;
}

static void plan_close(struct source *source)
{
    (void)source;
}

static void plan_forget(struct source *source)
{
    ((struct plan_source *)source)->queue.count = 0;
}

static struct source *plan_open_again(const struct source *source, struct arena *arena)
{
    const struct plan_source *held = (const struct plan_source *)source;
    struct plan_source *self = arena_new_of(arena, struct plan_source);

    *self = *held;
    self->base.arena = arena;
    self->base.answers = arena;
    self->queue = (struct source_queue){0};
    return &self->base;
}

/* a walk over the records of the zones */
struct plan_walk {
    source_entry_fn *each;
    void *ctx;
};

/* plan_list_record - one of them */
static void plan_list_record(void *ctx, const struct dns_rr *rr)
{
    const struct plan_walk *walk = ctx;
    const struct dns_question question = {rr->owner, rr->type};

    walk->each(walk->ctx, &question, rr);
}

static void plan_list(const struct source *source, source_entry_fn *each, void *ctx)
{
    const struct plan_source *self = (const struct plan_source *)source;
    struct plan_walk walk = {each, ctx};

    for (size_t i = 0; i < self->world.zone_count; i++)
        zone_each_record(self->zones[i], plan_list_record, &walk);
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
                                           .submit = plan_submit,
                                           .poll = plan_poll,
                                           .speaks_for = plan_speaks_for,
                                           .speaks_for_type = plan_speaks_for_type,
                                           .amend = plan_amend,
                                           .close = plan_close,
                                           .forget = plan_forget,
                                           .open_again = plan_open_again,
                                           .each_entry = plan_list,
                                           .world = plan_world};

/* ---- opening ---- */

bool source_is_plan(const char *path)
{
    struct arena *arena = arena_open();
    char *bytes = arena_alloc(arena, SNIFFED_BYTES);
    struct err why = {0};
    int fd = file_open(path, &why);
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
            plan_set_add(&self->sets, self->base.arena, one);
        if (one->kind == PLAN_HAS && plan_set_is_first(&self->sets, one))
            arena_append(self->base.arena, records.list, records.count, one->rr);
    }
    for (const struct plan_alias *one = from->aliases; one != NULL; one = one->next) {
        const struct zone_remark alias = {one->target, one->owner, one->file, one->line, NULL};

        arena_append(self->base.arena, records.aliases, records.alias_count, alias);
    }
    zone = zone_make(self->base.arena, &records);
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
    arena_append(self->base.arena, world->changes, world->change_count, place);
}

/* plan_take_all - zones and sets of the plan */
static bool plan_take_all(struct plan_source *self, struct err *why)
{
    for (const struct plan_zone *one = self->plan->zones; one != NULL; one = one->next) {
        struct zone *zone = plan_zone_make(self, one, why);

        if (zone == NULL)
            return false;
        arena_append(self->base.arena, self->zones, self->world.zone_count, zone);
    }
    for (const struct plan_entry *one = self->plan->open.entries; one != NULL;
         one = one->next) {
        plan_set_add(&self->sets, self->base.arena, one);
        note_file(self, one);
    }
    self->world.zones = self->zones;
    for (const struct plan_remark *one = self->plan->remarks; one != NULL; one = one->next) {
        const struct zone_remark remark = {one->text, NULL, one->file, one->line, NULL};

        arena_append(self->base.arena, self->world.remarks, self->world.remark_count, remark);
    }
    return true;
}

struct source *source_plan_open(const struct source_request *request, struct err *why)
{
    struct plan_source *self = arena_new_of(request->arena, struct plan_source);
    struct source_file_spec spec = source_split_spec(request->arena, request->rest);

    if (spec.path[0] == '\0') {
        err_set_kind(why, ERR_USAGE, "%s: names no file; write plan:FILE or plan:FILE@ZONE",
                     request->spec);
        return NULL;
    }
    self->base =
        (struct source){.ops = &plan_ops, .arena = request->arena, .spec = request->spec};
    self->plan = plan_read(request->arena, &(struct plan_request){spec.path, spec.origin}, why);
    if (self->plan == NULL)
        return NULL;
    self->world = (struct source_world){
        .name = arena_printf(request->arena, "plan:%s", spec.path),
        .file = self->plan->path,
        .format = self->plan->format,
        .is_open = self->plan->open.entries != NULL,
    };
    if (!plan_take_all(self, why))
        return NULL;
    self->world.variants = self->sets.variants;
    self->world.variant_count = self->sets.variant_count;
    return &self->base;
}
