/* The rdata of a TLSA record in presentation form. */
#include "base/must.h"
#include "fuzz.h"
#include "record/rec_tlsa.h"

FUZZ(arena, bytes)
{
    struct rec_tlsa record;

    rec_tlsa_parse(arena, bytes, &record);
    must(record.is_usable == (record.faults == NULL));
    must(!record.is_readable || record.data.len > 0);
    must(record.words[0] != '\0');
    for (const struct fault *fault = record.faults; fault != NULL; fault = fault->next)
        must(fault->at <= bytes.len);
}
