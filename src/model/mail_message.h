/*
 * NAME
 *     mail_message - a message as it is in the file
 * DESCRIPTION
 *     Filled in by mail/mail_message.h, which also reads the body.
 * OWNERSHIP
 *     In the arena of the message.
 * ERRORS
 *     None.
 * STANDARDS
 *     RFC 5322, 2
 */
#ifndef MODEL_MAIL_MESSAGE_H
#define MODEL_MAIL_MESSAGE_H

#include "base/fault.h"
#include "base/span.h"

enum mail_fault {
    MAIL_FAULT_MBOX_LINE, /* a "From " line stood in front */
    MAIL_FAULT_LONG_LINE, /* a line over 998 octets: RFC 5322, 2.1.1 */
    MAIL_FAULT_NUL,       /* a NUL octet */
    MAIL_FAULT_BARE_LF,   /* LF without CR in a CRLF file */
    MAIL_FAULT_BARE_CR,
    /* a header line that is not a field: the body starts there */
    MAIL_FAULT_NO_COLON,
    MAIL_FAULT_FIELD_NAME, /* a field name with octets that RFC 5322, 2.2 forbids */
    MAIL_FAULT_NO_BODY,    /* the header section is not ended by an empty line */
    /* 8-bit octets in the header section (RFC 6532 allows UTF-8 only) */
    MAIL_FAULT_NON_ASCII,
    /* over LIMIT_HEADER_FIELDS, in memory LIMIT_HEADER_BYTES: the rest was not parsed */
    MAIL_FAULT_TOO_MANY_FIELDS
};

struct mail_header {
    struct span name;  /* as written, without blanks before the colon */
    struct span value; /* after the colon, CRLF folding inside, without the final CRLF */
    struct span raw;   /* the whole field with its final CRLF, as DKIM's "simple" needs it */
    int line;          /* of the field's first line in the file, from 1 */
};

/* a delivery report that carried the message back (RFC 3464); texts escaped, "" if not there */
struct mail_report {
    const char *recipient; /* Final-Recipient */
    const char *code;      /* "550", from Diagnostic-Code */
    const char *enhanced;  /* "5.7.26", from Diagnostic-Code, else Status */
};

struct mail_body;

struct mail_message {
    /* "-" for standard input, NULL for memory; as the user gave it */
    const char *path;
    struct mail_header *headers; /* top to bottom */
    size_t header_count;
    /* kind: enum mail_fault; header section and first look at the body */
    struct fault *faults;
    size_t size;   /* octets of the file; of what was read so far for a pipe */
    int body_line; /* line of the first body line */
    bool has_body; /* at least one octet after the empty line */
    /* the file ends with the header section: whether the message had a body is not known */
    bool is_header_only;
    const char **wrappings; /* what the message was dressed in, one sentence each */
    size_t wrapping_count;
    const struct mail_report *report; /* it was carried back by one; NULL */
    /* the beginning of the input before anything was taken off; empty: a large file */
    struct span came;
    /* the last line of the body has no line end; known once the body was read to its end */
    bool lacks_line_end;
    struct mail_body *body; /* private */
};

/* the first field of the name (ASCII case does not matter) at or after index `from`; NULL */
const struct mail_header *mail_header_find(const struct mail_message *message, const char *name,
                                           size_t from);
size_t mail_header_count(const struct mail_message *message, const char *name);
size_t mail_header_index(const struct mail_message *message, const struct mail_header *header);

#endif
