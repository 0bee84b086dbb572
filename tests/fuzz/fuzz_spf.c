/* SPF record text from DNS. */
#include "record/rec_spf.h"
#include "record/rec_spf_macro.h"
#include "fuzz.h"

FUZZ(arena, bytes)
{
    struct rec_spf record;
    struct rec_spf_macro macro;
    struct span rest = bytes;

    rec_spf_is_record(bytes);
    rec_spf_parse(arena, bytes, &record);
    while (rest.len > 0 && rec_spf_macro_next(&rest, true, &macro) == REC_SPF_MACRO_FINE)
        ;
    for (size_t i = 0; i < record.term_count; i++)
        rec_spf_term_costs_lookup(&record.terms[i]);
}
