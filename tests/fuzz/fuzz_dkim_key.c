/* A DKIM key record from DNS, decoded as far as it goes. */
#include "auth/auth_dkim.h"
#include "fuzz.h"
#include "record/rec_dkim.h"

FUZZ(arena, bytes)
{
    struct rec_dkim_key key;

    rec_dkim_key_is_record(bytes);
    rec_dkim_key_parse(arena, bytes, &key);
    auth_dkim_key_bits(&key);
}
