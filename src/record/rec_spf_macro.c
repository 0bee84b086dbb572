/* One pass from left to right; "%" decides what a piece is. */
#include <string.h>

#include "record/rec_spf_macro.h"

/* keeps `parts` from overflowing; no value has more parts (RFC 7208, 7.3 asks for 127) */
#define PARTS_MAX 1000000

/* is_literal - may the octet stand for itself (RFC 7208, 7.1: macro-literal) */
static bool is_literal(char octet, bool is_exp)
{
    return (ascii_is_visible(octet) && octet != '%') || (is_exp && octet == ' ');
}

/* next_literal - cut the run of octets that stand for themselves */
static void next_literal(struct span *rest, bool is_exp, struct rec_spf_macro *macro_out)
{
    size_t len = 0;

    while (len < rest->len && is_literal(rest->at[len], is_exp))
        len++;
    macro_out->literal = span_sub(*rest, 0, len);
    *rest = span_from(*rest, len);
}

/* letter_trouble - is the letter of a macro known, and known here (RFC 7208, 7.2) */
static enum rec_spf_macro_trouble letter_trouble(char letter, bool is_exp)
{
    if (letter != '\0' && strchr("slodiphv", letter) != NULL)
        return REC_SPF_MACRO_FINE;
    if (letter == '\0' || strchr("crt", letter) == NULL)
        return REC_SPF_MACRO_LETTER;
    return is_exp ? REC_SPF_MACRO_FINE : REC_SPF_MACRO_EXP_ONLY;
}

/* take_parts - read the digits of a transformer; false if they say zero */
static bool take_parts(struct span body, size_t *at, unsigned *parts_out)
{
    size_t start = *at;
    unsigned parts = 0;

    for (; *at < body.len && ascii_is_digit(body.at[*at]); (*at)++)
        if (parts < PARTS_MAX)
            parts = parts * 10 + (unsigned)(body.at[*at] - '0');
    *parts_out = parts;
    return *at == start || parts > 0;
}

/* parse_body - what is between "%{" and "}" */
static enum rec_spf_macro_trouble parse_body(struct span body, bool is_exp,
                                             struct rec_spf_macro *macro_out)
{
    enum rec_spf_macro_trouble trouble = REC_SPF_MACRO_LETTER;
    size_t at = 1;

    if (body.len == 0)
        return REC_SPF_MACRO_LETTER;
    macro_out->letter = ascii_to_lower(body.at[0]);
    macro_out->is_url_escaped = macro_out->letter != body.at[0];
    trouble = letter_trouble(macro_out->letter, is_exp);
    if (trouble != REC_SPF_MACRO_FINE)
        return trouble;
    if (!take_parts(body, &at, &macro_out->parts))
        return REC_SPF_MACRO_ZERO;
    macro_out->is_reversed = at < body.len && ascii_to_lower(body.at[at]) == 'r';
    if (macro_out->is_reversed)
        at++;
    macro_out->delimiters = span_from(body, at);
    for (; at < body.len; at++)
        if (body.at[at] == '\0' || strchr(".-+,/_=", body.at[at]) == NULL)
            return REC_SPF_MACRO_DELIMITER;
    return REC_SPF_MACRO_FINE;
}

enum rec_spf_macro_trouble rec_spf_macro_next(struct span *rest, bool is_exp,
                                              struct rec_spf_macro *macro_out)
{
    enum rec_spf_macro_trouble trouble = REC_SPF_MACRO_FINE;
    char second = rest->len > 1 ? rest->at[1] : '\0';
    ptrdiff_t end = -1;

    *macro_out = (struct rec_spf_macro){0};
    if (rest->at[0] != '%') {
        next_literal(rest, is_exp, macro_out);
        return macro_out->literal.len > 0 ? REC_SPF_MACRO_FINE : REC_SPF_MACRO_OCTET;
    }
    if (second == '%' || second == '_' || second == '-') {
        macro_out->letter = second;
        *rest = span_from(*rest, 2);
        return REC_SPF_MACRO_FINE;
    }
    if (second != '{')
        return REC_SPF_MACRO_PERCENT;
    end = span_find(*rest, '}');
    if (end < 0)
        return REC_SPF_MACRO_OPEN;
    trouble = parse_body(span_sub(*rest, 2, (size_t)end - 2), is_exp, macro_out);
    if (trouble == REC_SPF_MACRO_FINE)
        *rest = span_from(*rest, (size_t)end + 1);
    return trouble;
}

bool rec_spf_is_toplabel(struct span label)
{
    bool has_alpha_or_hyphen = false;

    if (label.len == 0 || !ascii_is_alnum(label.at[0]) ||
        !ascii_is_alnum(label.at[label.len - 1]))
        return false;
    for (size_t i = 0; i < label.len; i++) {
        if (!ascii_is_alnum(label.at[i]) && label.at[i] != '-')
            return false;
        has_alpha_or_hyphen = has_alpha_or_hyphen || !ascii_is_digit(label.at[i]);
    }
    return has_alpha_or_hyphen;
}
