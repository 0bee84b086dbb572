/* Edits one after the other become edits from the first world to the last. */
#include <string.h>

#include "remedy/remedy_private.h"

/* join_is_same_record - the same name, type and value, whatever the TTL */
static bool join_is_same_record(const struct dns_rr *a, const struct dns_rr *b)
{
    return a->type == b->type && dns_name_equal(a->owner, b->owner) &&
           strcmp(remedy_value(a), remedy_value(b)) == 0;
}

/* join_drop - take an edit out of the list */
static void join_drop(struct remedy_edit **link)
{
    *link = (*link)->next;
}

void remedy_join(struct arena *arena, struct remedy_edit **edits,
                 const struct remedy_edit *more)
{
    const struct dns_rr *old = more->action == REMEDY_REPLACE ? more->old : more->rr;
    struct remedy_edit **link = edits;

    while (*link != NULL && (more->action == REMEDY_ADD || (*link)->action == REMEDY_REMOVE ||
                             !join_is_same_record((*link)->rr, old)))
        link = &(*link)->next;
    if (*link == NULL) {
        *link = arena_new_of(arena, struct remedy_edit);
        **link = *more;
        (*link)->next = NULL;
    } else if (more->action == REMEDY_REPLACE) {
        (*link)->rr = more->rr;
        if ((*link)->old != NULL && join_is_same_record((*link)->old, more->rr))
            join_drop(link);
    } else if ((*link)->action == REMEDY_REPLACE) {
        (*link)->action = REMEDY_REMOVE;
        (*link)->rr = (*link)->old;
        (*link)->old = NULL;
    } else {
        join_drop(link);
    }
}
