/* An MTA-STS policy from a web server. */
#include "base/must.h"
#include "record/rec_mta_sts_policy.h"
#include "fuzz.h"

FUZZ(arena, bytes)
{
    struct rec_mta_sts_policy policy;
    const struct rec_mta_sts_mx *mx = NULL;
    size_t count = 0;

    rec_mta_sts_policy_parse(arena, bytes, &policy);
    for (const struct fault *fault = policy.faults; fault != NULL; fault = fault->next) {
        must(fault->at <= bytes.len);
        must(fault->next == NULL || fault->at <= fault->next->at);
    }
    for (mx = policy.mx; mx != NULL; mx = mx->next) {
        must(mx->is_wildcard || rec_mta_sts_policy_covers(&policy, mx->name));
        count++;
    }
    must(count == policy.mx_count);
    must(policy.is_fatal || (policy.has_max_age && policy.mode != REC_STS_UNSAID));
    must(policy.is_fatal || policy.mode == REC_STS_NONE || policy.mx != NULL);
}
