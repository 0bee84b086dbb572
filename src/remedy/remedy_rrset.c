/*
 * The sets that edits touch: most consoles and interfaces replace all records of a name and
 * type at once, so those that stay must be named too.
 */
#include <string.h>

#include "remedy/remedy_private.h"

/* set_of - the set of the record, made from the ledger the first time */
static struct remedy_rrset *set_of(struct arena *arena, const struct facts *facts,
                                   struct remedy_rrset **sets, const struct remedy_edit *edit)
{
    const struct dns_rr *rr = edit->rr;
    const struct dns_answer *answer = ledger_find(facts->ledger, rr->owner, rr->type);
    struct remedy_rrset *set = NULL;

    while (*sets != NULL) {
        if ((*sets)->type == rr->type && dns_name_equal((*sets)->name, rr->owner))
            return *sets;
        sets = &(*sets)->next;
    }
    set = arena_new_of(arena, struct remedy_rrset);
    set->name = rr->owner;
    set->type = rr->type;
    for (const struct dns_rr *old = answer != NULL ? dns_answer_first(answer) : NULL;
         old != NULL; old = dns_answer_next(answer, old))
        if (dns_name_equal(old->owner, rr->owner)) {
            arena_append(arena, set->before, set->before_count, old);
            arena_append(arena, set->after, set->after_count, old);
        }
    /* an alias was never queried by its type, and is alone at its name */
    if (rr->type == DNS_CNAME && answer == NULL && edit->action != REMEDY_ADD) {
        arena_append(arena, set->before, set->before_count, rr);
        arena_append(arena, set->after, set->after_count, rr);
    }
    *sets = set;
    return set;
}

/* place_of - index of the record in the set as it becomes; its count: not there */
static size_t place_of(const struct remedy_rrset *set, const struct dns_rr *rr)
{
    size_t i = 0;

    while (i < set->after_count && strcmp(remedy_value(set->after[i]), remedy_value(rr)) != 0)
        i++;
    return i;
}

/* rrset_apply - one edit to its set */
static bool rrset_apply(struct arena *arena, struct remedy_rrset *set,
                        const struct remedy_edit *edit)
{
    size_t at = place_of(set, edit->action == REMEDY_REPLACE ? edit->old : edit->rr);

    if (edit->action == REMEDY_ADD) {
        arena_append(arena, set->after, set->after_count, edit->rr);
        return true;
    }
    if (at == set->after_count)
        return false;
    if (edit->action == REMEDY_REPLACE) {
        set->after[at] = edit->rr;
        return true;
    }
    set->after_count--;
    memmove(&set->after[at], &set->after[at + 1],
            sizeof(*set->after) * (set->after_count - at));
    return true;
}

struct remedy_rrset *remedy_rrsets(struct arena *arena, const struct facts *facts,
                                   const struct remedy_edit *edits)
{
    struct remedy_rrset *sets = NULL;

    for (const struct remedy_edit *edit = edits; edit != NULL; edit = edit->next)
        if (!rrset_apply(arena, set_of(arena, facts, &sets, edit), edit))
            return NULL;
    return sets;
}
