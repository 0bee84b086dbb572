/* Four letters for three octets. */
#include <limits.h>

#include "base/base64.h"

#define QUANTUM 4 /* letters for OCTETS octets: RFC 4648, 4 */
#define OCTETS  3

const char base64_letters[65] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/* one more than the value of a letter, so that what is not there is 0: letters come in no
 * order, and a processor would guess wrong at each comparison */
static const unsigned char places[UCHAR_MAX + 1] = {
    ['A'] = 1,  ['B'] = 2,  ['C'] = 3,  ['D'] = 4,  ['E'] = 5,  ['F'] = 6,  ['G'] = 7,
    ['H'] = 8,  ['I'] = 9,  ['J'] = 10, ['K'] = 11, ['L'] = 12, ['M'] = 13, ['N'] = 14,
    ['O'] = 15, ['P'] = 16, ['Q'] = 17, ['R'] = 18, ['S'] = 19, ['T'] = 20, ['U'] = 21,
    ['V'] = 22, ['W'] = 23, ['X'] = 24, ['Y'] = 25, ['Z'] = 26, ['a'] = 27, ['b'] = 28,
    ['c'] = 29, ['d'] = 30, ['e'] = 31, ['f'] = 32, ['g'] = 33, ['h'] = 34, ['i'] = 35,
    ['j'] = 36, ['k'] = 37, ['l'] = 38, ['m'] = 39, ['n'] = 40, ['o'] = 41, ['p'] = 42,
    ['q'] = 43, ['r'] = 44, ['s'] = 45, ['t'] = 46, ['u'] = 47, ['v'] = 48, ['w'] = 49,
    ['x'] = 50, ['y'] = 51, ['z'] = 52, ['0'] = 53, ['1'] = 54, ['2'] = 55, ['3'] = 56,
    ['4'] = 57, ['5'] = 58, ['6'] = 59, ['7'] = 60, ['8'] = 61, ['9'] = 62, ['+'] = 63,
    ['/'] = 64,
};

int base64_value(char letter)
{
    return places[(unsigned char)letter] - 1;
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
    size_t at = 0;

    *octets_out = (struct span){NULL, 0};
    if (text.len % QUANTUM != 0)
        return false;
    while (letters + 2 > text.len && letters > 0 && text.at[letters - 1] == '=')
        letters--;
    for (at = 0; at + QUANTUM <= letters; at += QUANTUM) {
        const unsigned char *four = (const unsigned char *)text.at + at;
        const unsigned values[QUANTUM] = {places[four[0]], places[four[1]], places[four[2]],
                                          places[four[3]]};

        if (values[0] == 0 || values[1] == 0 || values[2] == 0 || values[3] == 0)
            return false;
        bits = (values[0] - 1) << 18 | (values[1] - 1) << 12 | (values[2] - 1) << 6 |
               (values[3] - 1);
        octets[len++] = (char)(bits >> 16);
        octets[len++] = (char)(bits >> 8);
        octets[len++] = (char)bits;
    }
    for (size_t i = at; i < letters; i++) {
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
