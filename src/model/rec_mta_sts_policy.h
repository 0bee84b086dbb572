/*
 * NAME
 *     rec_mta_sts_policy - an MTA-STS policy
 * DESCRIPTION
 *     Filled in by record/rec_mta_sts_policy.h, which says what the faults mean.
 * OWNERSHIP
 *     In the arena; spans look into the text.
 * ERRORS
 *     None.
 * STANDARDS
 *     RFC 8461, 3.2 and 4.1
 */
#ifndef MODEL_REC_MTA_STS_POLICY_H
#define MODEL_REC_MTA_STS_POLICY_H

#include "base/dns_name.h"
#include "base/fault.h"
#include "base/span.h"

enum rec_mta_sts_policy_fault {
    REC_STS_POLICY_LINE,      /* no "key: value" */
    REC_STS_POLICY_DUPLICATE, /* a repeated key that is allowed once */
    REC_STS_POLICY_NO_VERSION,
    REC_STS_POLICY_VERSION,
    REC_STS_POLICY_NO_MODE,
    REC_STS_POLICY_MODE,
    REC_STS_POLICY_NO_MX,
    REC_STS_POLICY_MX,
    REC_STS_POLICY_NO_MAX_AGE,
    REC_STS_POLICY_MAX_AGE
};

enum rec_mta_sts_mode { REC_STS_UNSAID, REC_STS_NONE, REC_STS_TESTING, REC_STS_ENFORCE };

#define REC_STS_MAX_AGE_MAX 31557600 /* one year: RFC 8461, 3.2 */

struct rec_mta_sts_mx {
    struct span text;            /* as written */
    const struct dns_name *name; /* below which, or which */
    bool is_wildcard;            /* "*.<name>" */
    struct rec_mta_sts_mx *next;
};

struct rec_mta_sts_policy {
    enum rec_mta_sts_mode mode;
    struct rec_mta_sts_mx *mx; /* in the order written, the faultless ones */
    size_t mx_count;
    bool has_max_age;
    uint32_t max_age;     /* seconds */
    struct fault *faults; /* in the order of their places */
    bool is_fatal;
};

/* "none", "testing", "enforce"; REC_STS_UNSAID is "" */
const char *rec_mta_sts_mode_to_text(enum rec_mta_sts_mode mode);

/* some pattern covers the host; a wildcard stands for exactly one label (RFC 8461, 4.1) */
bool rec_mta_sts_policy_covers(const struct rec_mta_sts_policy *policy,
                               const struct dns_name *host);

#endif
