/*
 * NAME
 *     rec_mta_sts - the record that announces an MTA-STS policy
 * DESCRIPTION
 *     Filled in by record/rec_mta_sts.h, which says what the faults mean.
 * OWNERSHIP
 *     In the arena; spans look into the text.
 * ERRORS
 *     None.
 * STANDARDS
 *     RFC 8461, 3.1
 */
#ifndef MODEL_REC_MTA_STS_H
#define MODEL_REC_MTA_STS_H

#include "base/fault.h"
#include "base/span.h"
#include "model/rec_tags.h"

enum rec_mta_sts_fault {
    REC_MTA_STS_FAULT_VERSION = REC_TAG_FAULT_KINDS, /* does not begin with v=STSv1; */
    REC_MTA_STS_FAULT_NO_ID,                         /* id= absent */
    REC_MTA_STS_FAULT_ID,                            /* not 1 to 32 letters and digits */
    REC_MTA_STS_FAULT_FIELD                          /* an extension that is not a field */
};

struct rec_mta_sts {
    struct rec_tags tags;
    bool is_record;
    struct span id; /* as written; empty without one */
    struct fault *faults;
    bool is_fatal;
};

#endif
