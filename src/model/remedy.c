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
