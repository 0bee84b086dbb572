/*
 * Answers that the edits change are copied with their records; all others are those of the
 * world below. A record may be in several answers: in that of its own name, and at the end of
 * CNAME chains that lead there.
 */
#include <string.h>

#include "remedy/remedy_private.h"

/* world_append - a copy of the record at the end of the answer */
static void world_append(struct remedy_world *world, struct dns_answer *answer,
                         const struct dns_rr *rr)
{
    struct dns_rr *copy = arena_new_of(world->arena, struct dns_rr);

    *copy = *rr;
    dns_answer_append(answer, copy);
}

/* changed_answer - the copy of an answer that may be changed; NULL: it is not known */
static struct dns_answer *changed_answer(struct remedy_world *world,
                                         const struct dns_name *name, enum dns_type type)
{
    const struct dns_answer *known = NULL;
    struct dns_answer *copy = NULL;

    for (size_t i = 0; i < world->count; i++)
        if (world->changed[i]->question.type == type &&
            dns_name_equal(world->changed[i]->question.name, name))
            return world->changed[i];
    known = ledger_find(world->below, name, type);
    if (known == NULL || !dns_status_is_answer(known->status))
        return NULL;
    copy = arena_new_of(world->arena, struct dns_answer);
    *copy = *known;
    copy->records = NULL;
    copy->record_count = 0;
    copy->proofs = NULL; /* nobody has signed it yet */
    copy->unchecked = NULL;
    for (const struct dns_rr *rr = known->records; rr != NULL; rr = rr->next)
        world_append(world, copy, rr);
    arena_append(world->arena, world->changed, world->count, copy);
    return copy;
}

/* world_find_text - where the link to the record with this text is; NULL: it is not there */
static struct dns_rr **world_find_text(struct dns_answer *answer, const char *text)
{
    struct dns_rr **link = &answer->records;

    while (*link != NULL && strcmp((*link)->text, text) != 0)
        link = &(*link)->next;
    return *link != NULL ? link : NULL;
}

/* world_settle - the status that fits the records */
static void world_settle(struct dns_answer *answer)
{
    if (dns_answer_count(answer) > 0)
        answer->status = DNS_OK;
    else if (answer->status == DNS_OK)
        answer->status = DNS_NODATA;
}

/* world_apply - one edit to one answer */
static bool world_apply(struct remedy_world *world, struct dns_answer *answer,
                        const struct remedy_edit *edit)
{
    const struct dns_rr *old = edit->action == REMEDY_REPLACE ? edit->old : edit->rr;

    if (edit->action == REMEDY_ADD) {
        world_append(world, answer, edit->rr);
    } else {
        struct dns_rr **link = world_find_text(answer, old->text);
        struct dns_rr *copy = arena_new_of(world->arena, struct dns_rr);

        if (link == NULL)
            return false;
        *copy = *edit->rr;
        copy->next = (*link)->next;
        *link = edit->action == REMEDY_REPLACE ? copy : copy->next;
        answer->record_count -= edit->action == REMEDY_REMOVE;
    }
    world_settle(answer);
    return true;
}

/* edit_chains - the same edit where an alias led to the name */
static bool edit_chains(struct remedy_world *world, const struct remedy_edit *edit)
{
    size_t count = ledger_count(world->below);

    for (size_t i = 0; i < count; i++) {
        const struct dns_answer *answer = ledger_get(world->below, i);
        struct dns_answer *copy = NULL;

        if (answer->question.type != edit->rr->type || !dns_status_is_answer(answer->status) ||
            dns_name_equal(answer->question.name, edit->rr->owner) ||
            !dns_name_equal(dns_answer_final_name(answer), edit->rr->owner))
            continue;
        copy = changed_answer(world, answer->question.name, answer->question.type);
        if (copy == NULL || !world_apply(world, copy, edit))
            return false;
    }
    return true;
}

/* drop_alias - every answer that it was part of ends where it stood; other records cannot be
 * there (RFC 1034, 3.6.2), though the name may have some below it */
static bool drop_alias(struct remedy_world *world, const struct dns_rr *alias)
{
    size_t count = ledger_count(world->below);
    bool has_any = false;

    for (size_t i = 0; i < count; i++) {
        const struct dns_answer *answer = ledger_get(world->below, i);
        struct dns_answer *copy = NULL;
        struct dns_rr **link = NULL;

        if (answer->records == NULL || answer->records->type != DNS_CNAME)
            continue;
        copy = changed_answer(world, answer->question.name, answer->question.type);
        link = copy != NULL ? world_find_text(copy, alias->text) : NULL;
        if (link == NULL)
            continue;
        for (const struct dns_rr *rr = *link; rr != NULL; rr = rr->next)
            copy->record_count--;
        *link = NULL;
        copy->status = DNS_NODATA;
        has_any = true;
    }
    return has_any;
}

/* is_beside - a query about the name itself: whether an alias or a zone cut is there */
static bool is_beside(enum dns_type type)
{
    return type == DNS_CNAME || type == DNS_NS;
}

/* make_alias - every answer about its name becomes that of its target, which has to be known;
 * false: other records are there (RFC 1034, 3.6.2), or nobody asked about the name */
static bool make_alias(struct remedy_world *world, const struct dns_rr *alias)
{
    size_t count = ledger_count(world->below);
    bool has_any = false;

    for (size_t i = 0; i < count; i++) {
        const struct dns_answer *answer = ledger_get(world->below, i);
        const struct dns_answer *target = NULL;
        struct dns_answer *copy = NULL;

        if (!dns_name_equal(answer->question.name, alias->owner))
            continue;
        copy = changed_answer(world, answer->question.name, answer->question.type);
        target = ledger_find(world->below, alias->target, answer->question.type);
        if (copy == NULL || copy->records != NULL ||
            (!is_beside(answer->question.type) &&
             (target == NULL || !dns_status_is_answer(target->status))))
            return false;
        world_append(world, copy, alias);
        copy->status = answer->question.type == DNS_CNAME ? DNS_OK : DNS_NODATA;
        if (is_beside(answer->question.type))
            continue;
        for (const struct dns_rr *rr = target->records; rr != NULL; rr = rr->next)
            world_append(world, copy, rr);
        copy->status = target->status;
        has_any = true;
    }
    return has_any;
}

/* raise_names - what is added makes its own name and those above it exist */
static void raise_names(struct remedy_world *world, const struct dns_name *owner)
{
    size_t count = ledger_count(world->below);

    for (size_t i = 0; i < count; i++) {
        const struct dns_answer *answer = ledger_get(world->below, i);
        struct dns_answer *copy = NULL;

        if (answer->status != DNS_NXDOMAIN ||
            !dns_name_is_below(owner, dns_answer_final_name(answer)))
            continue;
        copy = changed_answer(world, answer->question.name, answer->question.type);
        if (copy != NULL && copy->status == DNS_NXDOMAIN)
            copy->status = DNS_NODATA;
    }
}

/* world_is_wildcard - the owner stands for names that do not exist: RFC 4592, 2.1.1 */
static bool world_is_wildcard(const struct dns_name *owner)
{
    return owner->text[0] == '*' && owner->text[1] == '.';
}

/* edit_synthesised - a wildcard that is added answers for the names right below its parent
 * that are known not to exist; deeper ones may have something on the way, so they are not
 * known any more and there is no edit */
static bool edit_synthesised(struct remedy_world *world, const struct remedy_edit *edit)
{
    const struct dns_name *owner = edit->rr->owner;
    const struct dns_name *parent = dns_name_suffix(world->arena, owner, owner->labels - 1U);
    size_t count = ledger_count(world->below);
    bool has_any = false;

    for (size_t i = 0; i < count; i++) {
        const struct dns_answer *answer = ledger_get(world->below, i);
        const struct dns_name *name = answer->question.name;
        struct remedy_edit same = {.action = REMEDY_ADD};
        struct dns_rr *rr = NULL;
        struct dns_answer *copy = NULL;

        if (answer->status != DNS_NXDOMAIN || answer->record_count > 0 ||
            !dns_name_is_below(name, parent) || dns_name_equal(name, parent))
            continue;
        copy = changed_answer(world, name, answer->question.type);
        if (copy == NULL || name->labels != owner->labels)
            return false;
        if (answer->question.type != edit->rr->type) {
            copy->status = DNS_NODATA;
            continue;
        }
        rr = arena_new_of(world->arena, struct dns_rr);
        *rr = *edit->rr;
        rr->owner = name;
        same.rr = rr;
        has_any = world_apply(world, copy, &same) || has_any;
    }
    return has_any;
}

bool remedy_world_edit(struct remedy_world *world, const struct remedy_edit *edits)
{
    for (const struct remedy_edit *edit = edits; edit != NULL; edit = edit->next) {
        const struct dns_name *owner = edit->rr->owner;
        struct dns_answer *answer = changed_answer(world, owner, edit->rr->type);
        const struct dns_rr *first = answer != NULL ? answer->records : NULL;

        if (edit->rr->type == DNS_CNAME) {
            if ((edit->action != REMEDY_ADD &&
                 !drop_alias(world, edit->old != NULL ? edit->old : edit->rr)) ||
                (edit->action != REMEDY_REMOVE && !make_alias(world, edit->rr)))
                return false;
            continue;
        }
        if (answer == NULL && edit->action == REMEDY_ADD && world_is_wildcard(owner)) {
            if (!edit_synthesised(world, edit))
                return false;
            raise_names(world, dns_name_suffix(world->arena, owner, owner->labels - 1U));
            continue;
        }
        if (answer != NULL) {
            if (first != NULL && first->type == DNS_CNAME && edit->action == REMEDY_ADD)
                return false; /* nothing can be next to an alias: RFC 1034, 3.6.2 */
            if (!world_apply(world, answer, edit))
                return false;
        } else if (edit->action == REMEDY_ADD ||
                   ledger_find(world->below, owner, edit->rr->type) != NULL) {
            return false;
        }
        if (!edit_chains(world, edit))
            return false;
        if (edit->action != REMEDY_REMOVE)
            raise_names(world, owner);
    }
    return true;
}

/* world_is_known - every question of the assumed world has what the known one says, or more */
static bool world_is_known(const struct ledger *ledger, const struct ledger *below)
{
    size_t count = ledger_count(ledger);

    for (size_t i = 0; i < count; i++) {
        const struct dns_answer *answer = ledger_get(ledger, i);

        if (answer->status == DNS_UNKNOWN &&
            ledger_find(below, answer->question.name, answer->question.type) == NULL)
            return false;
    }
    return true;
}

const struct facts *remedy_world_facts(const struct remedy_world *world,
                                       const struct facts *facts)
{
    struct ledger *ledger =
        ledger_over(world->arena, world->below,
                    (const struct dns_answer *const *)world->changed, world->count);
    const struct facts *assumed = gather_assumed(world->arena, facts, ledger);

    return world_is_known(ledger, world->below) ? assumed : NULL;
}
