/* An MTA-STS record from DNS. */
#include "base/must.h"
#include "record/rec_mta_sts.h"
#include "fuzz.h"

FUZZ(arena, bytes)
{
    struct rec_mta_sts record;

    rec_mta_sts_parse(arena, bytes, &record);
    must(record.is_record == rec_mta_sts_is_record(bytes));
    for (const struct fault *fault = record.faults; fault != NULL; fault = fault->next) {
        must(fault->at <= bytes.len);
        must(fault->next == NULL || fault->at <= fault->next->at);
    }
}
