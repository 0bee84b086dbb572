/*
 * NAME
 *     rec_tags - tag=value lists
 * DESCRIPTION
 *     The syntax that DKIM signatures, DKIM keys, DMARC and TLS-RPT records
 *     share: "tag = value ; tag = value ;". Every tag keeps its place.
 * OWNERSHIP
 *     In the arena; spans look into the text.
 * ERRORS
 *     Total: `faults` with kind REC_TAG_*; is_fatal is the strict reading of
 *     RFC 6376, other records may be more forgiving. None is left out. A list
 *     with more than LIMIT_TAGS pieces is not read on, and the first fault says so.
 * STANDARDS
 *     RFC 6376, 3.2; RFC 9989 (same syntax)
 */
#ifndef REC_TAGS_H
#define REC_TAGS_H

#include "base/arena.h"
#include "base/fault.h"
#include "base/span.h"

enum rec_tag_fault {
    REC_TAG_NO_EQUALS, /* "foo" between semicolons */
    REC_TAG_NAME,      /* empty name or octets outside ALPHA DIGIT "_" */
    REC_TAG_VALUE,     /* octets a value cannot hold */
    REC_TAG_DUPLICATE, /* RFC 6376, 3.2: the whole list is an error */
    REC_TAG_EMPTY,     /* ";;" */
    REC_TAG_TOO_MANY   /* LIMIT_TAGS: the rest was not read */
};
#define REC_TAG_FAULT_KINDS 100 /* record parsers number their own faults from here */

struct rec_tag {
    struct span name;  /* as written, case matters */
    struct span value; /* trimmed; folding inside is kept */
    size_t at;         /* offset of the name in the text */
    struct rec_tag *next;
};

struct rec_tags {
    struct span text;
    struct rec_tag *first; /* in order, duplicates included */
    struct fault *faults;
};

void rec_tags_parse(struct arena *arena, struct span text, struct rec_tags *tags_out);
const struct rec_tag *rec_tags_find(const struct rec_tags *tags, const char *name);

/* append to a fault list, keeping order; `text` must be safe to show */
struct fault *rec_fault_add(struct arena *arena, struct fault **faults, int kind, size_t at);

/* the value without any folding white space (RFC 6376, 3.5: h=, b=, bh=) */
struct span rec_without_blanks(struct arena *arena, struct span value);

#endif
