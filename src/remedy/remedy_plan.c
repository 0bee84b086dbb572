/*
 * Cures are taken one after the other; the world that all before it made is the one in which
 * the next is proved. Cures that touch the same set of records become one step: nobody wants
 * to publish a record twice.
 */
#include <string.h>

#include "base/limits.h"
#include "base/must.h"
#include "check/check.h"
#include "model/finding_id.h"
#include "remedy/remedy_private.h"

#define PLAN_CURES 60 /* findings that are cured one after the other */

struct planning {
    struct remedy_search search;
    const struct finding *first; /* the findings of the report */
    struct finding *findings;    /* of the world that is reached */
    struct remedy_edit *edits;   /* from the first world to there */
    struct remedy **groups;      /* cures that belong together */
    size_t group_count;
};

/* is_dismissed - nothing is to be done about the finding */
static bool is_dismissed(const struct planning *planning, const struct finding *finding)
{
    for (const struct finding *first = planning->first; first != NULL; first = first->next)
        if (first->is_dismissed && strcmp(first->fingerprint, finding->fingerprint) == 0)
            return true;
    return false;
}

/* plan_choices - the remedies of a finding in the world that is reached; the report's own
 * findings have theirs */
static const struct remedy *plan_choices(struct planning *planning,
                                         const struct finding *finding)
{
    return planning->edits == NULL ? finding->remedy : remedy_for(&planning->search, finding);
}

/* is_replaced - another key has to be made in place of the one that the finding is about: what
 * is changed in its record now is replaced later, so only a record that is of no use is put
 * right */
static bool is_replaced(const struct planning *planning, const struct finding *finding)
{
    if (finding->severity == SEV_ERROR ||
        !span_starts_with(span_of(finding->id), "dkim_key_") || finding->where.name == NULL)
        return false;
    for (const struct finding *one = planning->findings; one != NULL; one = one->next)
        if ((one->row == ID_dkim_key_short || one->row == ID_dkim_key_weak) &&
            one->where.name != NULL && strcmp(one->where.name, finding->where.name) == 0)
            return true;
    return false;
}

/* next_cure - what cures one more finding without a choice; NULL: nothing does */
static const struct remedy *next_cure(struct planning *planning)
{
    for (const struct finding *finding = planning->findings; finding != NULL;
         finding = finding->next) {
        const struct remedy *remedy = NULL;

        if (finding->severity <= SEV_NOTICE && !is_dismissed(planning, finding) &&
            !is_replaced(planning, finding))
            remedy = remedy_unconditional(plan_choices(planning, finding));
        if (remedy != NULL)
            return remedy;
    }
    return NULL;
}

/* ---- what belongs together ---- */

/* is_same_set - records of one name and type */
static bool is_same_set(const struct dns_rr *a, const struct dns_rr *b)
{
    return a->type == b->type && dns_name_equal(a->owner, b->owner);
}

/* plan_touches - some edit of the one is of a set that the other edits */
static bool plan_touches(const struct remedy *group, const struct remedy *cure)
{
    for (const struct remedy_edit *a = group->edits; a != NULL; a = a->next)
        for (const struct remedy_edit *b = cure->edits; b != NULL; b = b->next)
            if (is_same_set(a->rr, b->rr))
                return true;
    return false;
}

/* plan_absorb - all of a cure into the group */
static void plan_absorb(struct arena *arena, struct remedy *group, const struct remedy *cure)
{
    struct remedy_proof *proof = &group->proof;

    for (const struct remedy_edit *edit = cure->edits; edit != NULL; edit = edit->next)
        remedy_join(arena, &group->edits, edit);
    group->summary = group->summary == NULL
                         ? cure->summary
                         : arena_printf(arena, "%s; %s", group->summary, cure->summary);
    for (size_t i = 0; i < cure->proof.cleared_count; i++)
        arena_append(arena, proof->cleared, proof->cleared_count, cure->proof.cleared[i]);
    for (size_t i = 0; i < cure->proof.left_count; i++)
        arena_append(arena, proof->left, proof->left_count, cure->proof.left[i]);
}

/* add_cure - to a new group, together with those that it touches */
static void add_cure(struct planning *planning, const struct remedy *cure)
{
    struct arena *arena = planning->search.arena;
    struct remedy *group = arena_new_of(arena, struct remedy);
    size_t kept = 0;

    for (size_t i = 0; i < planning->group_count; i++)
        if (plan_touches(planning->groups[i], cure))
            plan_absorb(arena, group, planning->groups[i]);
        else
            planning->groups[kept++] = planning->groups[i];
    planning->group_count = kept;
    plan_absorb(arena, group, cure);
    arena_append(arena, planning->groups, planning->group_count, group);
}

/* plan_worst - of what the group clears */
static enum severity plan_worst(const struct remedy *group)
{
    enum severity severity = SEV_INFO;

    for (size_t i = 0; i < group->proof.cleared_count; i++)
        if (group->proof.cleared[i]->severity < severity)
            severity = group->proof.cleared[i]->severity;
    return severity;
}

/* in_order - the groups as a list, the most severe first, without those that came to nothing */
static const struct remedy *in_order(const struct planning *planning, const struct facts *facts)
{
    const struct remedy *first = NULL;
    const struct remedy **tail = &first;

    for (int severity = SEV_ERROR; severity <= SEV_INFO; severity++)
        for (size_t i = 0; i < planning->group_count; i++) {
            struct remedy *group = planning->groups[i];

            if (group->edits == NULL || plan_worst(group) != (enum severity)severity)
                continue;
            group->sets = remedy_rrsets(planning->search.arena, facts, group->edits);
            *tail = group;
            tail = &group->next;
        }
    return first;
}

/* ---- together ---- */

/* plan_take - go on in the world that the cure makes */
static void plan_take(struct planning *planning, const struct remedy *cure)
{
    struct remedy_search *search = &planning->search;
    struct remedy_world world = {.arena = search->arena,
                                 .below = (struct ledger *)search->facts->ledger};

    for (const struct remedy_edit *edit = cure->edits; edit != NULL; edit = edit->next)
        remedy_join(search->arena, &planning->edits, edit);
    must(remedy_world_edit(&world, cure->edits));
    search->facts = remedy_world_facts(&world, search->facts);
    must(search->facts != NULL);
    search->has_meant = false;
    planning->findings = check_run(search->arena, search->facts);
    search->findings = planning->findings;
    add_cure(planning, cure);
}

const struct remedy_plan *remedy_plan(struct arena *arena, const struct facts *facts,
                                      struct finding *findings)
{
    struct planning planning = {
        .search = {arena, facts, findings, .questions_left = LIMIT_PROOF_QUESTIONS},
        .first = findings,
        .findings = findings};
    struct remedy_plan *plan = arena_new_of(arena, struct remedy_plan);
    struct remedy *fix = arena_new_of(arena, struct remedy);
    const struct remedy *cure = NULL;

    for (int i = 0; i < PLAN_CURES && (cure = next_cure(&planning)) != NULL &&
                    remedy_may_prove(&planning.search);
         i++)
        plan_take(&planning, cure);
    fix->summary = "everything that needs no decision";
    fix->edits = planning.edits;
    fix->sets = remedy_rrsets(arena, facts, fix->edits);
    remedy_compare(arena, findings, planning.findings, &fix->proof);
    if (fix->edits != NULL)
        fix->proof.facts_after = planning.search.facts;
    if (planning.findings != findings)
        remedy_find_all(&planning.search, planning.findings);
    plan->fix = fix;
    plan->steps = in_order(&planning, facts);
    plan->facts = planning.search.facts;
    plan->rest = planning.findings;
    return plan;
}
