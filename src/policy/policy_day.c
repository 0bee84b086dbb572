/* Days as policies write them, and when their sources were read. */
#include <string.h>

#include "base/clock.h"
#include "base/span.h"
#include "model/policy.h"
#include "policy/policy.h"

#define MONTH_LENGTH 7 /* of "2024-02" */

int64_t policy_rule_read_day(const struct policy *policy, const struct policy_rule *rule,
                             const char **read_out)
{
    const char *newest = NULL;
    int64_t newest_day = INT64_MIN;

    for (size_t i = 0; i < rule->source_count; i++) {
        const char *read =
            rule->sources[i]->read != NULL ? rule->sources[i]->read : policy->as_of;
        int64_t day = 0;

        if (!policy_day_parse(span_of(read), &day) || day <= newest_day)
            continue;
        newest = read;
        newest_day = day;
    }
    if (read_out != NULL)
        *read_out = newest;
    return newest_day;
}

bool policy_day_parse(struct span text, int64_t *day_out)
{
    char whole[] = "0000-00-01";
    int64_t seconds = 0;

    if (text.len == MONTH_LENGTH)
        memcpy(whole, text.at, MONTH_LENGTH);
    else if (text.len == sizeof(whole) - 1)
        memcpy(whole, text.at, sizeof(whole) - 1);
    else
        return false;
    if (!clock_parse(span_of(whole), &seconds))
        return false;
    *day_out = clock_day(seconds);
    return true;
}
