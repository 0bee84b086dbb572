/* SPF record text from DNS. */
#include "record/rec_spf.h"
#include "fuzz.h"

FUZZ(arena, bytes)
{
    struct rec_spf record;
    size_t at = 0;

    rec_spf_is_record(bytes);
    rec_spf_parse(arena, bytes, &record);
    rec_spf_macro_is_valid(bytes, true, &at);
    for (size_t i = 0; i < record.term_count; i++)
        rec_spf_term_costs_lookup(&record.terms[i]);
}
