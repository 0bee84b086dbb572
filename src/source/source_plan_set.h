/*
 * NAME
 *     source_plan_set - the record sets of a plan
 * DESCRIPTION
 *     Private to source/. What a plan has of each type at a name: records that
 *     come or go, or that nothing is known yet. A service that chooses among
 *     several answers (by weight, place or health) has a set with variants, each
 *     with its identifier. Where they differ, one has to be chosen, or the set is
 *     unknown.
 * OWNERSHIP
 *     In the arena given; entries are those of the plan.
 * ERRORS
 *     None.
 */
#ifndef SOURCE_PLAN_SET_H
#define SOURCE_PLAN_SET_H

#include "base/arena.h"
#include "base/dns_name.h"
#include "base/dns_name_table.h"
#include "model/dns_answer.h"
#include "plan/plan.h"

struct plan_set {
    enum dns_type type;
    const struct plan_entry **entries;
    size_t count;
    struct plan_set *next; /* of the same name */
};

struct plan_sets {
    struct dns_name_table names;
    const char **variants; /* identifiers, each once */
    size_t variant_count;
};

void plan_set_add(struct plan_sets *sets, struct arena *arena, const struct plan_entry *entry);

/* NULL: the plan has nothing of the type there */
const struct plan_set *plan_set_find(const struct plan_sets *sets, const struct dns_name *name,
                                     enum dns_type type);

/* the plan gives the name a record, of whatever type */
bool plan_sets_have(const struct plan_sets *sets, const struct dns_name *name);

/* only a part of the set changes */
bool plan_set_is_part(const struct plan_set *set);

/* the entry has no variant, or that of the first entry of its set */
bool plan_set_is_first(const struct plan_sets *sets, const struct plan_entry *entry);

/* why the set is not determined, safe to show; NULL: it is */
const char *plan_set_unknown(struct arena *arena, const struct plan_set *set,
                             const char *choice);

/* the records that the set will have, those of the chosen variant or else the first */
void plan_set_add_to(struct dns_answer *answer, struct arena *arena, const struct plan_set *set,
                     const char *choice);

/* the records of `below` that stay along with them */
void plan_set_add_rest(struct dns_answer *answer, struct arena *arena,
                       const struct plan_set *set, const struct dns_answer *below);

#endif
