/*
 * NAME
 *     rec_tags - a list of tags, "name=value; ..."
 * DESCRIPTION
 *     Filled in by record/rec_tags.h, which says what the faults mean.
 * OWNERSHIP
 *     In the arena; spans look into the text.
 * ERRORS
 *     None.
 * STANDARDS
 *     RFC 6376, 3.2
 */
#ifndef MODEL_REC_TAGS_H
#define MODEL_REC_TAGS_H

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

const struct rec_tag *rec_tags_find(const struct rec_tags *tags, const char *name);

#endif
