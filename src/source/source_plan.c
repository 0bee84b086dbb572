/*
 * Closed zones are made of the records of the plan and answer as zone files do. Open sets are
 * held by name; the type is looked for among those of a name, which are few.
 */
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "dns/dns_name_table.h"
#include "plan/plan.h"
#include "source/source_plan.h"
#include "source/source_queue.h"
#include "source/source_table.h"
#include "source/zone.h"

#define SNIFFED_BYTES (64 * 1024)

/* a set of the open world */
struct open_set {
    enum dns_type type;
    const struct plan_entry **entries;
    size_t count;
    struct open_set *next; /* of the same name */
};

struct open_name {
    const struct dns_name *name;
    struct open_set *sets;
};

struct plan_source {
    struct source base;
    const struct plan *plan;
    struct source_world world;
    struct zone **zones;
    struct dns_name_table names; /* of struct open_name */
    struct source_queue queue;
};

/* ---- sets ---- */

/* open_set_find - of a type at a name; NULL: the plan does not change it */
static struct open_set *open_set_find(const struct plan_source *self,
                                      const struct dns_name *name, enum dns_type type)
{
    const struct open_name *held = dns_name_table_find(&self->names, dns_name_key(name));
    struct open_set *set = held != NULL ? held->sets : NULL;

    while (set != NULL && set->type != type)
        set = set->next;
    return set;
}

/* open_set_add - an entry under its name and type */
static void open_set_add(struct plan_source *self, const struct plan_entry *entry)
{
    struct arena *arena = self->base.arena;
    struct open_name *held = dns_name_table_find(&self->names, dns_name_key(entry->owner));
    struct open_set *set = open_set_find(self, entry->owner, entry->type);

    if (held == NULL) {
        held = arena_new_of(arena, struct open_name);
        held->name = entry->owner;
        dns_name_table_add(&self->names, arena, dns_name_key(entry->owner), held);
    }
    if (set == NULL) {
        set = arena_new_of(arena, struct open_set);
        set->type = entry->type;
        set->next = held->sets;
        held->sets = set;
    }
    arena_append(arena, set->entries, set->count, entry);
}

/* is_set_part - only a part of the set changes */
static bool is_set_part(const struct open_set *set)
{
    for (size_t i = 0; i < set->count; i++)
        if (!set->entries[i]->is_part)
            return false;
    return set->count > 0;
}

/* same_records - as many as the variant `a` has, and each also in the variant `b` */
static bool same_records(const struct open_set *set, const char *a, const char *b)
{
    for (size_t i = 0; i < set->count; i++) {
        const struct plan_entry *one = set->entries[i];
        bool is_there = false;

        if (one->variant == NULL || strcmp(one->variant, a) != 0)
            continue;
        for (size_t j = 0; j < set->count && !is_there; j++)
            is_there = set->entries[j]->variant != NULL &&
                       strcmp(set->entries[j]->variant, b) == 0 &&
                       strcmp(set->entries[j]->rr->text, one->rr->text) == 0;
        if (!is_there)
            return false;
    }
    return true;
}

/* open_unknown_reason - why the set is not determined; NULL: it is */
static const char *open_unknown_reason(struct arena *arena, const struct open_set *set)
{
    for (size_t i = 0; i < set->count; i++) {
        const struct plan_entry *one = set->entries[i];

        if (one->kind == PLAN_UNKNOWN)
            return one->detail;
        for (size_t j = 0; j < i && one->variant != NULL; j++)
            if (set->entries[j]->variant != NULL &&
                !(same_records(set, one->variant, set->entries[j]->variant) &&
                  same_records(set, set->entries[j]->variant, one->variant)))
                return arena_printf(arena,
                                    "several answers that differ (set identifiers %s and %s)",
                                    set->entries[j]->variant, one->variant);
    }
    return NULL;
}

/* plan_has_record - the answer has this record already */
static bool plan_has_record(const struct dns_answer *answer, const struct dns_rr *rr)
{
    const char *data = strstr(rr->text, "\tIN\t");

    for (const struct dns_rr *one = answer->records; one != NULL; one = one->next) {
        const char *other = strstr(one->text, "\tIN\t");

        if (one->type == rr->type && data != NULL && other != NULL && strcmp(data, other) == 0)
            return true;
    }
    return false;
}

/* add_copy - of a record, unless it is there */
static void add_copy(struct dns_answer *answer, struct arena *arena, const struct dns_rr *rr)
{
    struct dns_rr *copy = NULL;

    if (plan_has_record(answer, rr))
        return;
    copy = arena_new_of(arena, struct dns_rr);
    *copy = *rr;
    copy->next = NULL;
    dns_answer_append(answer, copy);
    if (!answer->has_ttl || copy->ttl < answer->ttl)
        answer->ttl = copy->ttl;
    answer->has_ttl = true;
}

/* add_coming - the records that a set will have */
static void add_coming(struct dns_answer *answer, struct arena *arena,
                       const struct open_set *set)
{
    for (size_t i = 0; i < set->count; i++)
        if (set->entries[i]->kind == PLAN_HAS)
            add_copy(answer, arena, set->entries[i]->rr);
}

/* open_answer - of a set that the plan knows as a whole */
static struct dns_answer open_answer(const struct plan_source *self, struct arena *arena,
                                     const struct dns_question *question)
{
    struct dns_answer answer = {.question = *question, .source = self->world.name};
    const struct open_set *set = open_set_find(self, question->name, question->type);

    if (set == NULL)
        set = open_set_find(self, question->name, DNS_CNAME);
    answer.detail = open_unknown_reason(arena, set);
    if (answer.detail != NULL) {
        answer.status = DNS_UNKNOWN;
        return answer;
    }
    add_coming(&answer, arena, set);
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
    const struct open_set *set = NULL;
    const struct zone *zone = NULL;

    for (size_t i = 0; type == DNS_DS && i < self->world.zone_count; i++)
        if (zone_speaks_for_ds(self->zones[i], name))
            return true;
    zone = type != DNS_DS ? plan_zone_for(self, name) : NULL;
    if (zone != NULL)
        return !is_of_service(zone, name, type);
    set = open_set_find(self, name, type);
    if (set == NULL)
        set = open_set_find(self, name, DNS_CNAME);
    return set != NULL && (!is_set_part(set) || set->type != type);
}

static bool plan_speaks_for(const struct source *source, const struct dns_name *name)
{
    return plan_speaks_for_type(source, name, DNS_A);
}

/* comes_to_exist - the plan gives the name a record, of whatever type */
static bool comes_to_exist(const struct plan_source *self, const struct dns_name *name)
{
    const struct open_name *held = dns_name_table_find(&self->names, dns_name_key(name));

    for (const struct open_set *set = held != NULL ? held->sets : NULL; set; set = set->next)
        for (size_t i = 0; i < set->count; i++)
            if (set->entries[i]->kind == PLAN_HAS)
                return true;
    return false;
}

/* plan_amend - the answer of a source below, with what a part of the set changes */
static const struct dns_answer *plan_amend(const struct source *source, struct arena *arena,
                                           const struct dns_answer *answer)
{
    const struct plan_source *self = (const struct plan_source *)source;
    const struct open_set *set =
        open_set_find(self, answer->question.name, answer->question.type);
    struct dns_answer *amended = NULL;

    bool comes = answer->status == DNS_NXDOMAIN && comes_to_exist(self, answer->question.name);

    if (!comes && (set == NULL || !is_set_part(set) || !dns_status_is_answer(answer->status)))
        return answer;
    amended = arena_new_of(arena, struct dns_answer);
    *amended = *answer;
    if (comes)
        amended->status = DNS_NODATA;
    if (set == NULL || !is_set_part(set))
        return amended;
    amended->records = NULL;
    amended->record_count = 0;
    add_coming(amended, arena, set); /* first: findings speak of what the change brings */
    for (const struct dns_rr *rr = answer->records; rr != NULL; rr = rr->next) {
        struct dns_answer gone = {0};

        for (size_t i = 0; i < set->count; i++)
            if (set->entries[i]->kind == PLAN_GONE)
                add_copy(&gone, arena, set->entries[i]->rr);
        if (!plan_has_record(&gone, rr) && rr->type != DNS_CNAME)
            add_copy(amended, arena, rr);
    }
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

    if (zone != NULL) {
        answered(ctx, next->token, zone_find(zone, arena, &next->question));
        return;
    }
    if (open_set_find(self, next->question.name, next->question.type) != NULL ||
        open_set_find(self, next->question.name, DNS_CNAME) != NULL) {
        answer = open_answer(self, arena, &next->question);
    } else {
        answer.status = DNS_UNKNOWN;
        answer.detail = "the plan does not change it";
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

    for (const struct plan_entry *one = from->entries; one != NULL; one = one->next)
        if (one->kind == PLAN_HAS)
            arena_append(self->base.arena, records.list, records.count, one->rr);
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

/* note_file - of the configuration that an entry stands in */
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
        open_set_add(self, one);
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
    return plan_take_all(self, why) ? &self->base : NULL;
}
