/* What each row asks about a case. */
#include <string.h>

#include "check/check_engine_cause.h"
#include "base/span.h"

bool check_case_is(const struct engine_case *one, const char *ours, const char *theirs)
{
    if (one->verdict == NULL)
        return true;
    return (ours == NULL || strcmp(one->ours, ours) == 0) &&
           (theirs == NULL || strcmp(one->verdict->result, theirs) == 0);
}

bool check_case_holds(struct engine_case *one, struct finding_where where, const char *cause)
{
    one->where = where;
    one->cause = cause;
    return true;
}
