/* Words about edits, and the way about a plan. */
#include "model/remedy.h"

#include <string.h>

#include "base/must.h"

const char *remedy_action_to_text(enum remedy_action action)
{
    switch (action) {
    case REMEDY_ADD:
        return "add";
    case REMEDY_REPLACE:
        return "replace";
    case REMEDY_REMOVE:
        return "remove";
    }
    return NULL;
}

const char *remedy_value(const struct dns_rr *rr)
{
    const char *at = rr->text;

    for (int tabs = 0; tabs < 4; tabs++) {
        at = strchr(at, '\t');
        must(at != NULL);
        at++;
    }
    return at;
}

const struct finding *remedy_plan_rest(const struct remedy_plan *plan,
                                       const struct finding *finding)
{
    const struct finding *rest = plan->rest;

    while (rest != NULL && strcmp(rest->fingerprint, finding->fingerprint) != 0)
        rest = rest->next;
    return rest;
}

/* is_same_subject - both are about one kind of record at one name */
static bool is_same_subject(const struct finding *a, const struct finding *b)
{
    size_t kind = strcspn(a->id, "_");

    return strncmp(a->id, b->id, kind + 1) == 0 && a->where.name != NULL &&
           b->where.name != NULL && strcmp(a->where.name, b->where.name) == 0;
}

const struct finding **remedy_gone(struct arena *arena, const struct remedy_proof *proof,
                                   size_t *count_out)
{
    const struct finding **gone = NULL;
    size_t count = 0;

    for (size_t i = 0; i < proof->cleared_count; i++) {
        const struct finding *finding = proof->cleared[i];
        bool is_reported = false;

        for (size_t j = 0; j < proof->left_count; j++)
            is_reported = is_reported || is_same_subject(finding, proof->left[j]);
        for (size_t j = 0; j < count; j++)
            is_reported = is_reported || gone[j]->row == finding->row;
        if (!is_reported)
            arena_append(arena, gone, count, finding);
    }
    *count_out = count;
    return gone;
}
