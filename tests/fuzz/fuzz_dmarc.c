/* A DMARC record from DNS. */
#include "record/rec_dmarc.h"
#include "fuzz.h"

FUZZ(arena, bytes)
{
    struct rec_dmarc record;

    rec_dmarc_is_record(bytes);
    rec_dmarc_parse(arena, bytes, &record);
}
