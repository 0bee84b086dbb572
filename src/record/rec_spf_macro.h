/*
 * NAME
 *     rec_spf_macro - the pieces of a macro-string
 * DESCRIPTION
 *     Cuts a macro-string into literal runs and macros, checking the grammar
 *     on the way. The record parser uses it to find faults, auth/ to expand.
 * OWNERSHIP
 *     Spans look into the text that is cut.
 * ERRORS
 *     rec_spf_macro_next() returns what is wrong; the rest is then left at
 *     the "%" or octet concerned.
 * STANDARDS
 *     RFC 7208, 7.1 to 7.3
 */
#ifndef REC_SPF_MACRO_H
#define REC_SPF_MACRO_H

#include "base/span.h"

enum rec_spf_macro_trouble {
    REC_SPF_MACRO_FINE,
    REC_SPF_MACRO_OCTET,     /* not visible ASCII (nor SP in an explanation) */
    REC_SPF_MACRO_PERCENT,   /* "%" without "{", "%", "_" or "-" after it */
    REC_SPF_MACRO_LETTER,    /* a letter that stands for nothing */
    REC_SPF_MACRO_EXP_ONLY,  /* c, r or t outside the text of exp= */
    REC_SPF_MACRO_ZERO,      /* "%{d0}" */
    REC_SPF_MACRO_DELIMITER, /* something else before "}" */
    REC_SPF_MACRO_OPEN       /* no "}" */
};

/* one piece: a literal run (letter '\0'), "%%", "%_" or "%-" (letter '%', '_', '-'), or a
 * macro by its lower-case letter */
struct rec_spf_macro {
    char letter;
    struct span literal;
    bool is_url_escaped; /* upper-case letter: RFC 7208, 7.3 */
    bool is_reversed;
    unsigned parts;         /* right-hand parts to keep; 0: all */
    struct span delimiters; /* empty: "." */
};

/* cut the first piece off `*rest`, which must not be empty. `is_exp`: the text of an
 * explanation, where SP and the letters c, r and t are allowed (RFC 7208, 6.2 and 7.2) */
enum rec_spf_macro_trouble rec_spf_macro_next(struct span *rest, bool is_exp,
                                              struct rec_spf_macro *macro_out);

/* the toplabel of RFC 7208, 7.1 */
bool rec_spf_is_toplabel(struct span label);

#endif
