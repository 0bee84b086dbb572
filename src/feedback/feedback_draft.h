/*
 * NAME
 *     feedback_draft - an aggregate report while it is read
 * DESCRIPTION
 *     Private to the room. feedback_xml.c reports elements; here their values
 *     are read, and the report is made of them. It counts when the document
 *     has ended well; rows that cannot be read are left out.
 * OWNERSHIP
 *     In the arena of the set.
 * ERRORS
 *     feedback_draft_end() and feedback_draft_close() note what is wrong.
 */
#ifndef FEEDBACK_DRAFT_H
#define FEEDBACK_DRAFT_H

#include "feedback/feedback_private.h"
#include "base/limits_reports.h"
#include "base/span.h"
#include "model/feedback.h"

enum feedback_element {
    ELEMENT_OTHER,
    ELEMENT_DOCUMENT,
#define ELEMENT(id, inside, name) ELEMENT_##id,
#include "feedback/feedback_element.def"
};

struct feedback_draft {
    struct feedback_part *part;
    struct feedback_set *set;
    uint64_t line; /* where the walk is */
    struct feedback_report report;
    bool has_begin;
    bool has_end;
    const char *trouble; /* the report cannot count; NULL */
    size_t row_count;    /* of set->reading->rows */
    size_t odd_words;    /* results that no standard has */
    /* the record that is read */
    struct feedback_row row;
    struct feedback_identity identity;
    struct feedback_dkim dkim[LIMIT_FEEDBACK_RESULTS];
    struct feedback_spf spf[LIMIT_FEEDBACK_RESULTS];
    bool drops_dkim; /* one result more than are kept */
    bool drops_spf;
    bool has_ip;
    bool has_count;
    const char *row_trouble; /* NULL: none */
};

void feedback_draft_open(struct feedback_draft *draft, struct feedback_part *part);
void feedback_draft_begin(struct feedback_draft *draft, enum feedback_element element);
/* an element with its text ends */
void feedback_draft_end(struct feedback_draft *draft, enum feedback_element element,
                        struct span text);
/* the document has ended well */
void feedback_draft_close(struct feedback_draft *draft);

#endif
