/*
 * NAME
 *     auth_dkim_canon - canonicalization of header fields and bodies
 * DESCRIPTION
 *     Private to the room. Bodies arrive in chunks cut anywhere; the result
 *     goes to a sink. NUL, bare CR and bare LF are octets like any other:
 *     only SP and HTAB are blanks, and only CRLF ends a line.
 * OWNERSHIP
 *     A struct auth_dkim_body belongs to the caller; the sink outlives it.
 * ERRORS
 *     None.
 * STANDARDS
 *     RFC 6376, 3.4 and 3.7
 */
#ifndef AUTH_DKIM_CANON_H
#define AUTH_DKIM_CANON_H

#include "auth/auth_dkim_sink.h"
#include "base/span.h"
#include "model/mail_message.h"
#include "model/rec_dkim.h"

/* start with {.sink = ..., .canon = ...} */
struct auth_dkim_body {
    struct auth_dkim_sink *sink;
    enum rec_dkim_canon canon;
    uint64_t line_ends; /* CRLFs held back: they may be the end of the body */
    bool has_cr;        /* a CR held back: LF may follow */
    bool has_blank;     /* relaxed: blanks held back, CRLF may follow */
    bool has_output;
};

void auth_dkim_body_add(struct auth_dkim_body *body, struct span chunk);
void auth_dkim_body_end(struct auth_dkim_body *body);

/* one header field with its CRLF */
void auth_dkim_header_add(struct auth_dkim_sink *sink, enum rec_dkim_canon canon,
                          const struct mail_header *header);

/* the signature's own field: `removed` of its value left out, no CRLF at the end */
void auth_dkim_own_header_add(struct auth_dkim_sink *sink, enum rec_dkim_canon canon,
                              const struct mail_header *header, struct span removed);

#endif
