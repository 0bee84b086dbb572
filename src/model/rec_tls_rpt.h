/*
 * NAME
 *     rec_tls_rpt - where reports about TLS failures go
 * DESCRIPTION
 *     Filled in by record/rec_tls_rpt.h, which says what the faults mean.
 * OWNERSHIP
 *     In the arena; spans look into the text.
 * ERRORS
 *     None.
 * STANDARDS
 *     RFC 8460, 3
 */
#ifndef MODEL_REC_TLS_RPT_H
#define MODEL_REC_TLS_RPT_H

#include "base/dns_name.h"
#include "base/fault.h"
#include "base/span.h"
#include "model/rec_tags.h"

enum rec_tls_rpt_fault {
    REC_TLS_RPT_FAULT_VERSION = REC_TAG_FAULT_KINDS, /* does not begin with v=TLSRPTv1; */
    REC_TLS_RPT_FAULT_NO_RUA,                        /* rua= absent */
    REC_TLS_RPT_FAULT_URI,                           /* neither mailto: nor https:, or broken */
    REC_TLS_RPT_FAULT_FIELD                          /* an extension that is not a field */
};

struct rec_tls_rpt_uri {
    struct span text;            /* as written, trimmed */
    const struct dns_name *host; /* of the address or URI; NULL if malformed */
    struct rec_tls_rpt_uri *next;
};

struct rec_tls_rpt {
    struct rec_tags tags;
    bool is_record;
    struct rec_tls_rpt_uri *rua; /* the first LIMIT_REPORT_URIS */
    size_t left_off;             /* further entries, not looked at */
    struct fault *faults;
    bool is_fatal;
};

#endif
