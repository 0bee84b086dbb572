/* A TLS-RPT record from DNS. */
#include "base/must.h"
#include "record/rec_tls_rpt.h"
#include "fuzz.h"

FUZZ(arena, bytes)
{
    struct rec_tls_rpt record;

    rec_tls_rpt_parse(arena, bytes, &record);
    must(record.is_record == rec_tls_rpt_is_record(bytes));
    for (const struct fault *fault = record.faults; fault != NULL; fault = fault->next) {
        must(fault->at <= bytes.len);
        must(fault->next == NULL || fault->at <= fault->next->at);
    }
}
