/*
 * NAME
 *     mail_address_scan - a structured header field cut into tokens
 * DESCRIPTION
 *     Atoms, quoted strings, domain literals and specials; comments and
 *     folding white space are skipped and only remembered as a gap. The same
 *     tokens serve address lists and authentication results.
 * OWNERSHIP
 *     Tokens are in the arena, their text looks into the value.
 * ERRORS
 *     Total: a token of kind MAIL_TOKEN_BAD ends the list; its `why` says.
 * STANDARDS
 *     RFC 5322, 3.2 and 4.1; RFC 6532, 3.2
 */
#ifndef MAIL_ADDRESS_SCAN_H
#define MAIL_ADDRESS_SCAN_H

#include "base/arena.h"
#include "base/span.h"

enum mail_token_kind {
    MAIL_TOKEN_ATOM,    /* text is the atom */
    MAIL_TOKEN_QUOTED,  /* text is what is between the quotes, escapes kept */
    MAIL_TOKEN_LITERAL, /* "[...]", text with the brackets */
    MAIL_TOKEN_SPECIAL, /* one octet: < > @ , ; : . = / */
    MAIL_TOKEN_END,
    MAIL_TOKEN_BAD
};

struct mail_token {
    enum mail_token_kind kind;
    struct span text;
    struct span raw; /* the token as it is, quotes included */
    bool after_gap;  /* blanks or a comment precede it */
    const char *why; /* MAIL_TOKEN_BAD: what is wrong; safe to show */
};

/* all tokens, the last one is END or BAD. With `extra_specials` also these octets, atoms
 * otherwise, are specials (RFC 8601 wants "=" and "/"); NULL for none */
struct mail_token *mail_tokens(struct arena *arena, struct span value,
                               const char *extra_specials);

/* the special of one octet? */
bool mail_token_is(const struct mail_token *token, char special);

/* the octets a quoted string stands for: RFC 5322, 3.2.4 */
struct span mail_unquote(struct arena *arena, struct span text);

/* length of the comment at the start, 0 if it is never closed: RFC 5322, 3.2.2 */
size_t mail_comment_length(struct span text);

/* a run of words with encoded words decoded: RFC 2047; raw octets, not escaped */
struct span mail_decode_word(struct arena *arena, struct span word, bool *is_encoded_out);

#endif
