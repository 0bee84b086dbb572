/*
 * NAME
 *     reply_code - what replies mean and what to do
 * DESCRIPTION
 *     The rows of reply_code.def, found by reply code, by enhanced code or by a
 *     mark in the text of a reply, and what the classes of RFC 5321 and RFC 3463
 *     say about any code at all. Receivers have given some codes meanings of
 *     their own: then several rows match, and "who" distinguishes them.
 *
 *     The first digit of the reply decides what a sender does; an enhanced code
 *     that contradicts it does not.
 * OWNERSHIP
 *     Rows and class texts are static. Matches live in the arena.
 * ERRORS
 *     None.
 * STANDARDS
 *     RFC 5321, 4.2; RFC 3463; RFC 4954, 6; RFC 7372; RFC 7505; RFC 5248
 */
#ifndef MODEL_REPLY_CODE_H
#define MODEL_REPLY_CODE_H

#include "base/arena.h"
#include "base/span.h"
#include "model/reply.h"
#include "model/reply_cause.h"

struct reply_code {
    enum reply_cause_id about;
    unsigned reply;       /* 0: any of the class */
    const char *enhanced; /* NULL: none; the detail may be a range "606-649" */
    const char *mark;     /* NULL: none */
    const char *who;      /* "standard", "common", "Gmail" */
    const char *meaning;
    const char *cause;    /* "" */
    const char *remedy;   /* "": nothing to do */
    const char *standard; /* NULL */
};

size_t reply_code_count(void);
/* the enhanced code of a row, maybe a range, covers this one */
bool reply_code_matches_enhanced(const char *row, const struct smtp_enhanced *code);
const struct reply_code *reply_code_get(size_t index);

/* what is asked about: each part may be missing */
struct reply_code_query {
    unsigned reply; /* 0: not given */
    struct smtp_enhanced enhanced;
    struct span text; /* of a reply */
};

/* rows that match all that is given; those with a mark only if the text holds it */
const struct reply_code **
reply_code_find(struct arena *arena, const struct reply_code_query *query, size_t *count_out);

/* what a class (2 to 5) asks of a sender; NULL for other numbers */
struct smtp_class {
    unsigned number;
    const char *name;   /* "temporary failure" */
    const char *action; /* what a sender does */
};
const struct smtp_class *smtp_class_get(unsigned number);

/* what the second digit of a reply is about, and the subject of an enhanced code; NULL */
const char *reply_code_category(unsigned reply);
const char *smtp_enhanced_subject(unsigned subject);

#endif
