/*
 * NAME
 *     feedback_mime - the type of a part of a message, and its octets
 * DESCRIPTION
 *     Private to the room. Reads the fields of a header that say what the part
 *     is, and decodes base64 and quoted-printable line by line.
 * OWNERSHIP
 *     Nothing is allocated.
 * ERRORS
 *     What is malformed is skipped, as mail programs do.
 * STANDARDS
 *     RFC 2045, 5 and 6; RFC 2046, 5
 */
#ifndef FEEDBACK_MIME_H
#define FEEDBACK_MIME_H

#include "base/span.h"
#include "feedback/feedback_private.h"

#define FEEDBACK_MIME_FIELD 2048 /* octets of a field that are read */
#define FEEDBACK_MIME_REST  4    /* octets that may be left at the end of a body */

enum feedback_mime_kind {
    FEEDBACK_MIME_TEXT, /* no type, or plain text: a report may be in it */
    FEEDBACK_MIME_MULTIPART,
    FEEDBACK_MIME_MESSAGE,
    FEEDBACK_MIME_REPORT, /* of a type that reports have */
    FEEDBACK_MIME_OCTETS, /* a general type: a report may be in it */
    FEEDBACK_MIME_NEVER   /* HTML, pictures and all others */
};

enum feedback_mime_coding { FEEDBACK_MIME_AS_IS, FEEDBACK_MIME_BASE64, FEEDBACK_MIME_QUOTED };

struct feedback_mime {
    enum feedback_mime_kind kind;
    enum feedback_mime_coding coding;
    char boundary[70]; /* RFC 2046, 5.1.1 */
    size_t boundary_len;
    char field[FEEDBACK_MIME_FIELD]; /* unfolded */
    size_t field_len;
    uint32_t bits; /* of base64 */
    unsigned letters;
};

struct feedback_mime feedback_mime_none(void);

/* a line of the header; then its end */
void feedback_mime_field(struct feedback_mime *mime, struct span line);
void feedback_mime_end(struct feedback_mime *mime);

/* a line of the body, or a piece of one, into a part */
void feedback_mime_decode(struct feedback_mime *mime, struct feedback_part *part,
                          struct span line, bool is_whole);
/* the octets of an incomplete base64 group at the end */
struct span feedback_mime_rest(struct feedback_mime *mime, char rest[FEEDBACK_MIME_REST]);

#endif
