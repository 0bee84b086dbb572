/*
 * NAME
 *     rec_tls_rpt - where reports about TLS failures go
 * DESCRIPTION
 *     The TXT record at _smtp._tls.<domain>: "v=TLSRPTv1;
 *     rua=mailto:tls@example.com,https://reports.example.com/".
 * OWNERSHIP
 *     In the arena; spans look into the text.
 * ERRORS
 *     Total. is_record says whether senders count it at all, is_fatal that
 *     they send no reports.
 * STANDARDS
 *     RFC 8460, 3
 * BUGS
 *     URIs after the twentieth are not looked at. Of several rua= the first
 *     counts.
 */
#ifndef REC_TLS_RPT_H
#define REC_TLS_RPT_H

#include "base/arena.h"
#include "base/fault.h"
#include "base/span.h"
#include "dns/dns_name.h"
#include "record/rec_tags.h"

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

bool rec_tls_rpt_is_record(struct span text);
void rec_tls_rpt_parse(struct arena *arena, struct span text, struct rec_tls_rpt *record_out);

#endif
