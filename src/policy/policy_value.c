/* What the text of a value means: names and days. */
#include <string.h>

#include "base/clock.h"
#include "policy/policy.h"
#include "policy/policy_yaml.h"

#define SECONDS_OF_DAY 86400
#define MONTH_LENGTH   7 /* of "2024-02" */

bool policy_yaml_is_name(const char *text)
{
    for (const char *at = text; *at != '\0'; at++)
        if (!(ascii_is_alnum(*at) && *at == ascii_to_lower(*at)) && *at != '-' && *at != '.')
            return false;
    return text[0] != '\0';
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
    /* before 1970 days are negative: round towards the past */
    *day_out = (seconds - (seconds < 0 ? SECONDS_OF_DAY - 1 : 0)) / SECONDS_OF_DAY;
    return true;
}
