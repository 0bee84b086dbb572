/* A BIMI record from DNS. */
#include "base/must.h"
#include "record/rec_bimi.h"
#include "fuzz.h"

FUZZ(arena, bytes)
{
    struct rec_bimi record;

    rec_bimi_parse(arena, bytes, &record);
    must(record.is_record == rec_bimi_is_record(bytes));
    for (const struct fault *fault = record.faults; fault != NULL; fault = fault->next) {
        must(fault->at <= bytes.len);
        must(fault->next == NULL || fault->at <= fault->next->at);
    }
}
