/* Sets are held by name; the type is looked for among those of a name, which are few. */
#include "source/source_plan_set.h"

#include <string.h>

#include "base/limits.h"

struct plan_set_name {
    const struct dns_name *name;
    struct plan_set *sets;
};

static struct plan_set *set_find(const struct plan_sets *sets, const struct dns_name *name,
                                 enum dns_type type)
{
    const struct plan_set_name *held = dns_name_table_find(&sets->names, dns_name_key(name));
    struct plan_set *set = held != NULL ? held->sets : NULL;

    while (set != NULL && set->type != type)
        set = set->next;
    return set;
}

const struct plan_set *plan_set_find(const struct plan_sets *sets, const struct dns_name *name,
                                     enum dns_type type)
{
    return set_find(sets, name, type);
}

/* note_variant - an identifier, once */
static void note_variant(struct plan_sets *sets, struct arena *arena, const char *variant)
{
    for (size_t i = 0; i < sets->variant_count; i++)
        if (strcmp(sets->variants[i], variant) == 0)
            return;
    if (sets->variant_count <= LIMIT_PLAN_VARIANTS)
        arena_append(arena, sets->variants, sets->variant_count, variant);
}

void plan_set_add(struct plan_sets *sets, struct arena *arena, const struct plan_entry *entry)
{
    struct plan_set_name *held = dns_name_table_find(&sets->names, dns_name_key(entry->owner));
    struct plan_set *set = set_find(sets, entry->owner, entry->type);

    if (held == NULL) {
        held = arena_new_of(arena, struct plan_set_name);
        held->name = entry->owner;
        dns_name_table_add(&sets->names, arena, dns_name_key(entry->owner), held);
    }
    if (set == NULL) {
        set = arena_new_of(arena, struct plan_set);
        set->type = entry->type;
        set->next = held->sets;
        held->sets = set;
    }
    arena_append(arena, set->entries, set->count, entry);
    if (entry->kind == PLAN_HAS && entry->variant != NULL)
        note_variant(sets, arena, entry->variant);
}

bool plan_sets_have(const struct plan_sets *sets, const struct dns_name *name)
{
    const struct plan_set_name *held = dns_name_table_find(&sets->names, dns_name_key(name));

    for (const struct plan_set *set = held != NULL ? held->sets : NULL; set; set = set->next)
        for (size_t i = 0; i < set->count; i++)
            if (set->entries[i]->kind == PLAN_HAS)
                return true;
    return false;
}

bool plan_set_is_part(const struct plan_set *set)
{
    for (size_t i = 0; i < set->count; i++)
        if (!set->entries[i]->is_part)
            return false;
    return set->count > 0;
}

/* ---- variants ---- */

/* is_variant - a record of the answer with this identifier */
static bool is_variant(const struct plan_entry *entry, const char *variant)
{
    return entry->kind == PLAN_HAS && entry->variant != NULL &&
           strcmp(entry->variant, variant) == 0;
}

/* chosen_variant - of the set; NULL: it has none */
static const char *chosen_variant(const struct plan_set *set, const char *choice)
{
    const char *first = NULL;

    for (size_t i = 0; i < set->count; i++) {
        if (choice != NULL && is_variant(set->entries[i], choice))
            return choice;
        if (first == NULL && set->entries[i]->kind == PLAN_HAS)
            first = set->entries[i]->variant;
    }
    return first;
}

bool plan_set_is_first(const struct plan_sets *sets, const struct plan_entry *entry)
{
    const struct plan_set *set =
        entry->variant != NULL ? plan_set_find(sets, entry->owner, entry->type) : NULL;
    const char *first = set != NULL ? chosen_variant(set, NULL) : NULL;

    return first == NULL || is_variant(entry, first);
}

/* same_records - each record of the variant `a` is also in the variant `b` */
static bool same_records(const struct plan_set *set, const char *a, const char *b)
{
    for (size_t i = 0; i < set->count; i++) {
        const struct plan_entry *one = set->entries[i];
        bool is_there = false;

        if (!is_variant(one, a))
            continue;
        for (size_t j = 0; j < set->count && !is_there; j++)
            is_there = is_variant(set->entries[j], b) &&
                       strcmp(set->entries[j]->rr->text, one->rr->text) == 0;
        if (!is_there)
            return false;
    }
    return true;
}

/* has_coming - some record of the set is known */
static bool has_coming(const struct plan_set *set)
{
    for (size_t i = 0; i < set->count; i++)
        if (set->entries[i]->kind == PLAN_HAS)
            return true;
    return false;
}

const char *plan_set_unknown(struct arena *arena, const struct plan_set *set,
                             const char *choice)
{
    const char *first = chosen_variant(set, NULL);

    for (size_t i = 0; i < set->count; i++) {
        const struct plan_entry *one = set->entries[i];

        /* of several answers one goes: what is left is known only if the plan has it */
        if (one->kind == PLAN_UNKNOWN && (one->variant == NULL || !has_coming(set)))
            return one->detail;
        if (choice == NULL && first != NULL && one->kind == PLAN_HAS && one->variant != NULL &&
            !(same_records(set, one->variant, first) && same_records(set, first, one->variant)))
            return arena_printf(arena,
                                "several answers that differ (set identifiers %s and %s)",
                                first, one->variant);
    }
    return NULL;
}

/* ---- answers ---- */

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

void plan_set_add_to(struct dns_answer *answer, struct arena *arena, const struct plan_set *set,
                     const char *choice)
{
    const char *variant = chosen_variant(set, choice);

    for (size_t i = 0; i < set->count; i++) {
        const struct plan_entry *one = set->entries[i];

        if (one->kind == PLAN_HAS &&
            (one->variant == NULL || variant == NULL || is_variant(one, variant)))
            add_copy(answer, arena, one->rr);
    }
}

void plan_set_add_rest(struct dns_answer *answer, struct arena *arena,
                       const struct plan_set *set, const struct dns_answer *below)
{
    struct dns_answer gone = {0};

    for (size_t i = 0; i < set->count; i++)
        if (set->entries[i]->kind == PLAN_GONE)
            add_copy(&gone, arena, set->entries[i]->rr);
    for (const struct dns_rr *rr = below->records; rr != NULL; rr = rr->next)
        if (!plan_has_record(&gone, rr) && rr->type != DNS_CNAME)
            add_copy(answer, arena, rr);
}
