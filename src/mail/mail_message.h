/*
 * NAME
 *     mail_message - a message as it is in the file
 * DESCRIPTION
 *     The header section is parsed and kept; the body is read again and again
 *     in chunks, so a message of 100 MB costs no more memory than its header.
 *     A file whose first line ends in a bare LF is taken as a Unix file: each
 *     LF reads as CRLF. A file whose first line ends in CRLF is taken as it
 *     was on the wire, and a bare LF or CR in it is kept and noted. What
 *     is around the message in the file is left out and noted
 *     (mail/mail_unwrap.h). What holds no message as it was sent, as an
 *     Outlook .msg, is refused with the way to export it. Header and body
 *     are returned with CRLF. A line in the header section that is not a field
 *     (no colon, or a blank inside the name) begins the body, as with Postfix
 *     and Sendmail. Of each kind of fault the first place is reported; the body is
 *     searched for them up to 64 KB.
 * OWNERSHIP
 *     mail_message_choose() gives a handle; everything it returns lives in
 *     the arena. mail_message_parse() looks at memory that must outlive it and
 *     needs no close.
 * ERRORS
 *     mail_message_choose() returns NULL and fills `why`: missing file, directory, empty file,
 *     no header at all, header section over LIMIT_HEADER_BYTES. Oddities of
 *     the content are `faults`.
 * STANDARDS
 *     RFC 5322, 2; RFC 5321, 4.5.3.1.6 (lines), RFC 4155 (mbox)
 */
#ifndef MAIL_MESSAGE_H
#define MAIL_MESSAGE_H

#include "base/arena.h"
#include "base/err.h"
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

/* which message of the file */
struct mail_choice {
    size_t number; /* of an mbox, from 1; 0: not given */
    bool is_outer; /* the outer message where it carries another one */
    bool
        is_wire; /* the octets are those of the wire: nothing is around them, LF alone is odd */
};

/* the message of an open descriptor, which it takes over; `path` is its name */
struct mail_message *mail_message_open_at(struct arena *arena, int fd, const char *path,
                                          struct err *why);
/* the message of a file, and which of them */
struct mail_message *mail_message_choose(struct arena *arena, const char *path,
                                         const struct mail_choice *choice, struct err *why);
struct mail_message *mail_message_parse(struct arena *arena, struct span bytes);
void mail_message_close(struct mail_message *message); /* accepts NULL */

/* read the body from its start: rewind, then next until it returns false. Chunks are CRLF
 * normalised as described above, of any length, valid until the next call. After the last chunk
 * mail_body_failed() says whether reading broke off (errno text) or ended. */
void mail_body_rewind(struct mail_message *message);
bool mail_body_next(struct mail_message *message, struct span *chunk_out);
const char *mail_body_failed(const struct mail_message *message); /* NULL: all was read */

/* octets that go over the wire between DATA and the final dot, dots that are doubled counted
 * once (RFC 1870, 5): reads the body once more */
uint64_t mail_message_wire_size(struct mail_message *message);

/* the first field of the name (ASCII case does not matter) at or after index `from`; NULL */
const struct mail_header *mail_header_find(const struct mail_message *message, const char *name,
                                           size_t from);
size_t mail_header_count(const struct mail_message *message, const char *name);
size_t mail_header_index(const struct mail_message *message, const struct mail_header *header);

#endif
