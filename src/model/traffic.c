/* Words and numbers of traffic. */
#include "model/traffic.h"

#include <string.h>

#include "base/clock.h"
#include "base/sbuf.h"
#include "base/span.h"

#define SECONDS_A_DAY 86400
#define DAY_LENGTH    10 /* of "2026-11-01" */

const char *traffic_owner_to_text(enum traffic_owner owner)
{
    static const char *const words[TRAFFIC_OWNERS] = {"own", "perhaps", "forwarded", "foreign"};

    return words[owner];
}

uint64_t traffic_failing(const struct traffic_sum *sum)
{
    uint64_t failing = 0;

    for (int owner = 0; owner < TRAFFIC_OWNERS; owner++)
        failing += sum->fail[owner];
    return failing;
}

bool traffic_policies_contradict(const struct traffic_policy *a, const struct traffic_policy *b)
{
    return a->policy.domain == b->policy.domain && a->policy.p != NULL && b->policy.p != NULL &&
           a->policy.p != b->policy.p && a->first < b->last && b->first < a->last;
}

bool traffic_tls_is_about(const struct traffic_tls_failure *failure, const char *id)
{
    struct span rest = span_of(failure->findings);

    while (rest.len > 0) {
        struct span begin = span_cut(&rest, ' ');

        if (begin.len > 0 && strlen(id) >= begin.len && memcmp(id, begin.at, begin.len) == 0)
            return true;
    }
    return false;
}

const char *traffic_number(struct arena *arena, uint64_t number)
{
    struct sbuf text = sbuf_start(arena);

    sbuf_add_grouped(&text, arena_printf(arena, "%llu", (unsigned long long)number));
    return sbuf_text(&text);
}

const char *traffic_day(struct arena *arena, int64_t seconds)
{
    return arena_strdup_span(arena,
                             span_sub(span_of(clock_to_text(arena, seconds)), 0, DAY_LENGTH));
}

unsigned traffic_days(const struct traffic *traffic)
{
    int64_t days = (traffic->last - traffic->first + SECONDS_A_DAY - 1) / SECONDS_A_DAY;

    return days > 0 ? (unsigned)days : 1;
}
