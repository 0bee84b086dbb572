/* A tag, a length in one octet or in as many as the first says, and the contents. */
#include "record/rec_der.h"

#define LONG_FORM     0x80 /* X.690, 8.1.3.5 */
#define LENGTH_OCTETS 4    /* no key is longer than these can say */

bool rec_der_take(struct span *rest, uint8_t tag, struct span *contents_out)
{
    struct span text = *rest;
    size_t octets = 0;
    size_t len = 0;

    if (text.len < 2 || (uint8_t)text.at[0] != tag)
        return false;
    len = (uint8_t)text.at[1];
    text = span_from(text, 2);
    if (len & LONG_FORM) {
        octets = len & ~(size_t)LONG_FORM;
        if (octets == 0 || octets > LENGTH_OCTETS || octets > text.len)
            return false;
        len = 0;
        for (size_t i = 0; i < octets; i++)
            len = len << 8 | (uint8_t)text.at[i];
        text = span_from(text, octets);
    }
    if (len > text.len)
        return false;
    *contents_out = span_sub(text, 0, len);
    *rest = span_from(text, len);
    return true;
}
