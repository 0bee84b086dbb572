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
#include "base/dns_name.h"
#include "base/fault.h"
#include "base/span.h"
#include "model/rec_tls_rpt.h"

bool rec_tls_rpt_is_record(struct span text);
void rec_tls_rpt_parse(struct arena *arena, struct span text, struct rec_tls_rpt *record_out);

#endif
