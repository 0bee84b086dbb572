/*
 * NAME
 *     reply - one reply of an SMTP server
 * DESCRIPTION
 *     Its lines, its code and what breaks the rules. Filled in by reply/reply.h.
 * OWNERSHIP
 *     Lines and faults live in the arena and look into the bytes.
 * ERRORS
 *     None.
 * STANDARDS
 *     RFC 5321, 4.2 and 4.5.3.1.5; RFC 2034, 3; RFC 3463, 2
 */
#ifndef MODEL_REPLY_H
#define MODEL_REPLY_H

#include "base/arena.h"
#include "base/fault.h"
#include "base/span.h"

#define REPLY_LINE_MAX 512 /* octets with CRLF: RFC 5321, 4.5.3.1.5 */

enum reply_state {
    REPLY_INCOMPLETE, /* more bytes are needed */
    REPLY_COMPLETE,
    REPLY_BROKEN /* not SMTP, or beyond our limits */
};

enum reply_fault {
    SMTP_FAULT_NO_CODE,       /* fatal: a line does not begin with three digits */
    SMTP_FAULT_TOO_LARGE,     /* fatal: beyond base/limits.h */
    SMTP_FAULT_CODE_RANGE,    /* 200 to 559: RFC 5321, 4.2 */
    SMTP_FAULT_CODE_CHANGES,  /* the lines disagree: RFC 5321, 4.2.1 */
    SMTP_FAULT_SEPARATOR,     /* neither SP nor "-" after the code */
    SMTP_FAULT_LONG_LINE,     /* over REPLY_LINE_MAX */
    SMTP_FAULT_BARE_LF,       /* a line ends without CR */
    SMTP_FAULT_CONTROL,       /* a control character in the text */
    SMTP_FAULT_NOT_ASCII,     /* an octet above 127 */
    SMTP_FAULT_ENHANCED_CLASS /* "421 5.7.32": RFC 2034, 3 requires equal classes */
};

/* an enhanced status code "5.7.1"; kind is its first number, 0: none was given */
struct smtp_enhanced {
    unsigned kind;
    unsigned subject;
    unsigned detail;
};

struct reply_line {
    struct span text; /* after code and separator; untrusted */
    struct reply_line *next;
};

struct reply {
    enum reply_state state;
    size_t used;   /* octets that belong to this reply */
    unsigned code; /* 0: none could be read */
    struct smtp_enhanced enhanced;
    struct reply_line *lines;
    size_t line_count;
    struct fault *faults;
};

/* the first fault of the kind; NULL: none */
const struct fault *reply_fault(const struct reply *reply, enum reply_fault kind);

/* first digit of the code; 0 without one */
unsigned reply_class(const struct reply *reply);

const char *smtp_enhanced_to_text(struct arena *arena, const struct smtp_enhanced *code);

/* "550 5.7.1 text", lines joined with one blank, escaped */
const char *reply_to_text(struct arena *arena, const struct reply *reply);

#endif
