/* Four letters for three octets. */
#include "base/base64.h"

#define QUANTUM 4 /* letters for OCTETS octets: RFC 4648, 4 */
#define OCTETS  3

const char base64_letters[65] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

int base64_value(char letter)
{
    if (letter >= 'A' && letter <= 'Z')
        return letter - 'A';
    if (letter >= 'a' && letter <= 'z')
        return letter - 'a' + 26;
    if (ascii_is_digit(letter))
        return letter - '0' + 52;
    return letter == '+' ? 62 : letter == '/' ? 63 : -1;
}

struct span base64_encode(struct arena *arena, struct span octets)
{
    size_t len = (octets.len + OCTETS - 1) / OCTETS * QUANTUM;
    char *text = arena_alloc(arena, len + 1);
    char *to = text;

    for (size_t i = 0; i < octets.len; i += OCTETS) {
        size_t left = octets.len - i;
        uint32_t bits = (uint32_t)(unsigned char)octets.at[i] << 16;

        bits |= left > 1 ? (uint32_t)(unsigned char)octets.at[i + 1] << 8 : 0;
        bits |= left > 2 ? (uint32_t)(unsigned char)octets.at[i + 2] : 0;
        *to++ = base64_letters[bits >> 18];
        *to++ = base64_letters[bits >> 12 & 63];
        *to++ = left > 1 ? base64_letters[bits >> 6 & 63] : '=';
        *to++ = left > 2 ? base64_letters[bits & 63] : '=';
    }
    return span_make(text, len);
}

bool base64_decode(struct arena *arena, struct span text, struct span *octets_out)
{
    char *octets = arena_alloc(arena, text.len / QUANTUM * OCTETS);
    size_t letters = text.len;
    uint32_t bits = 0;
    size_t len = 0;

    *octets_out = (struct span){NULL, 0};
    if (text.len % QUANTUM != 0)
        return false;
    while (letters + 2 > text.len && letters > 0 && text.at[letters - 1] == '=')
        letters--;
    for (size_t i = 0; i < letters; i++) {
        int value = base64_value(text.at[i]);

        if (value < 0)
            return false;
        bits = bits << 6 | (uint32_t)value;
        if (i % QUANTUM > 0) /* eight bits more are complete */
            octets[len++] = (char)(bits >> (6 - 2 * (i % QUANTUM)));
    }
    *octets_out = span_make(octets, len);
    return true;
}
