/* The words of modes, and the hosts that a policy covers. */
#include "model/rec_mta_sts_policy.h"

static const char *const mode_words[] = {[REC_STS_UNSAID] = "",
                                         [REC_STS_NONE] = "none",
                                         [REC_STS_TESTING] = "testing",
                                         [REC_STS_ENFORCE] = "enforce"};

const char *rec_mta_sts_mode_to_text(enum rec_mta_sts_mode mode)
{
    return mode_words[mode];
}

bool rec_mta_sts_policy_covers(const struct rec_mta_sts_policy *policy,
                               const struct dns_name *host)
{
    for (const struct rec_mta_sts_mx *mx = policy->mx; mx != NULL; mx = mx->next) {
        if (!mx->is_wildcard && dns_name_equal(mx->name, host))
            return true;
        if (mx->is_wildcard && host->labels == mx->name->labels + 1 &&
            dns_name_is_below(host, mx->name))
            return true;
    }
    return false;
}
