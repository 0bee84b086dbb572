/*
 * NAME
 *     bounce_part - the parts of a message, decoded
 * DESCRIPTION
 *     Reads the MIME of bounces, well formed or not: a flat list of leaves, decoded and with
 *     text in UTF-8. The original message is a leaf, too, whether it is a part or in the text.
 *
 *     An attached message that is a report itself is entered: people forward bounces.
 *     Multiparts without their boundary are read as text.
 * OWNERSHIP
 *     In the arena; what needed no decoding looks into the bytes.
 * ERRORS
 *     None. Beyond LIMIT_BOUNCE_DEPTH and LIMIT_BOUNCE_PARTS nothing is entered, and
 *     `is_cut` says so.
 * STANDARDS
 *     RFC 2045, RFC 2046, RFC 6522
 * BUGS
 *     Charsets that are not in the table of bounce_decode.c are taken for UTF-8.
 */
#ifndef BOUNCE_PART_H
#define BOUNCE_PART_H

#include "base/arena.h"
#include "base/span.h"

struct bounce_field {
    struct span name;
    struct span value; /* unfolded, trimmed */
};

struct bounce_fields {
    struct bounce_field *list;
    size_t count;
    size_t used; /* octets of the header section with the empty line */
};

/* the fields at the start of the bytes; a line that is not a field ends them */
struct bounce_fields bounce_fields_read(struct arena *arena, struct span bytes);
/* the value of the first one of the name; empty: none */
struct span bounce_fields_find(const struct bounce_fields *fields, const char *name);
/* a field of the name is there, maybe empty */
bool bounce_fields_has(const struct bounce_fields *fields, const char *name);

enum bounce_part_role {
    BOUNCE_PART_TEXT,
    BOUNCE_PART_HTML,   /* without its tags */
    BOUNCE_PART_STATUS, /* message/delivery-status */
    BOUNCE_PART_FEEDBACK,
    BOUNCE_PART_ORIGINAL, /* the message, maybe without its body */
    BOUNCE_PART_JSON,
    BOUNCE_PART_AGGREGATE,
    BOUNCE_PART_TLS
};

struct bounce_part {
    enum bounce_part_role role;
    struct span content;
    bool is_header_only; /* of an original */
};

struct bounce_parts {
    struct bounce_fields fields; /* of the innermost report */
    struct bounce_part *list;
    size_t count;
    bool is_report; /* multipart/report */
    bool is_cut;
    const char *unknown_charset; /* as written; NULL: none */
};

void bounce_parts_read(struct arena *arena, struct span bytes, struct bounce_parts *parts_out);

/* the first of the role; NULL: none */
const struct bounce_part *bounce_parts_find(const struct bounce_parts *parts,
                                            enum bounce_part_role role);

/* the text begins with the header of a message */
bool bounce_header_at(struct span text);

/* where in a text the original message begins; the text's length: nowhere */
size_t bounce_original_at(struct span text);

/* a text without the "> " in front of quoted lines */
struct span bounce_unquote(struct arena *arena, struct span text);

/* the next part of a multipart; `*at` is 0 before the first. False: no more; `*at` stays 0
 * where the body has no boundary */
bool bounce_multipart_next(struct span body, struct span boundary, size_t *at,
                           struct span *part_out);

/* ---- bounce_decode.c ---- */

/* to UTF-8; false: an unknown charset, the bytes stay */
bool bounce_charset(struct arena *arena, struct span charset, struct span *bytes);
/* encoded words decoded: RFC 2047 */
struct span bounce_words_decode(struct arena *arena, struct span value);
/* East Asian colons, brackets and blanks become ASCII */
struct span bounce_marks_narrow(struct arena *arena, struct span text);
struct span bounce_html_to_text(struct arena *arena, struct span html);

#endif
