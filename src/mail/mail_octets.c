/* Blocks of octets without branches, which the compiler makes vectors of. */
#include "mail/mail_octets.h"

#define BLOCK 32 /* octets that are looked at at once */

bool mail_octets_are_8bit(struct span text)
{
    unsigned char all = 0;

    for (; text.len >= BLOCK; text = span_make(text.at + BLOCK, text.len - BLOCK))
        for (int i = 0; i < BLOCK; i++)
            all |= (unsigned char)text.at[i];
    for (size_t i = 0; i < text.len; i++)
        all |= (unsigned char)text.at[i];
    return all > 127;
}

/* odd_octet - 1 if the second of two octets is a NUL, a LF without CR, or follows a CR without
 * LF. Octets, not bool: the compiler makes vectors of them. */
static inline unsigned char odd_octet(char before, char octet)
{
    unsigned char is_lf = octet == '\n';
    unsigned char is_nul = octet == '\0';
    unsigned char after_cr = before == '\r';

    return (unsigned char)((is_lf ^ after_cr) | is_nul);
}

bool mail_octets_are_odd(struct span text)
{
    unsigned char odd = 0;

    if (text.len == 0)
        return false;
    if (text.at[0] == '\0' || text.at[0] == '\n' || text.at[text.len - 1] == '\r')
        return true;
    for (; text.len > BLOCK; text = span_make(text.at + BLOCK, text.len - BLOCK))
        for (int i = 0; i < BLOCK; i++)
            odd |= odd_octet(text.at[i], text.at[i + 1]);
    for (size_t i = 1; i < text.len; i++)
        odd |= odd_octet(text.at[i - 1], text.at[i]);
    return odd != 0;
}

bool mail_octets_have_long_line(struct span text)
{
    while (text.len > MAIL_LINE_MAX) {
        ptrdiff_t lf = span_find_last(span_sub(text, 0, MAIL_LINE_MAX + 2), '\n');

        if (lf < 0)
            return true;
        text = span_from(text, (size_t)lf + 1);
    }
    return false;
}
