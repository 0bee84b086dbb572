/* The value of a DKIM-Signature field. */
#include "record/rec_dkim.h"
#include "fuzz.h"

FUZZ(arena, bytes)
{
    struct rec_dkim_signature signature;

    rec_dkim_signature_parse(arena, bytes, &signature);
}
