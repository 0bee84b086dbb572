/* A moment of RFC 3339, or the day of a policy. */
#include "base/clock.h"
#include "base/must.h"
#include "policy/policy.h"
#include "fuzz.h"

FUZZ(arena, bytes)
{
    int64_t moment = 0;
    int64_t again = 0;
    int64_t day = 0;

    policy_day_parse(bytes, &day);
    if (!clock_parse(bytes, &moment))
        return;
    must(clock_parse(span_of(clock_to_text(arena, moment)), &again));
    must(again == moment);
}
