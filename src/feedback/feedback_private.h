/*
 * NAME
 *     feedback_private - the parts of reading
 * DESCRIPTION
 *     Private to feedback/. Shared by feedback*.c only. Bytes are pushed
 *     through a chain of parts: a part looks at its first octets, becomes
 *     what they say (gzip, zip, a message, XML, JSON), and pushes what is
 *     inside into a part of its own. So nothing is ever held whole but a zip
 *     archive and a TLS report, which are bounded.
 * OWNERSHIP
 *     Parts are of the reading and used again; feedback_part_end() ends one
 *     with all that it opened.
 * ERRORS
 *     A part that meets trouble notes it, and takes and drops the rest.
 */
#ifndef FEEDBACK_PRIVATE_H
#define FEEDBACK_PRIVATE_H

#include "base/sbuf.h"
#include "base/span.h"
#include "base/table.h"
#include "feedback/feedback.h"
#include "model/feedback.h"

#define FEEDBACK_HEAD 512 /* octets that a part looks at first */

struct feedback_part;
struct mail_state;
struct xml_state;

/* how a part reads what it is */
struct feedback_reader {
    const char *what; /* "gzip data" */
    bool (*is_it)(struct span head);
    void (*open)(struct feedback_part *part);
    void (*feed)(struct feedback_part *part, struct span bytes);
    void (*end)(struct feedback_part *part); /* also after trouble: gives back what it took */
};

struct feedback_part {
    struct feedback_set *set;
    const struct feedback_reader *reader; /* NULL: not known yet, or foreign */
    const char *place;
    unsigned depth;     /* of parts around it */
    unsigned packings;  /* of gzip and zip around it */
    bool is_attachment; /* of a message */
    bool is_typed;      /* it says itself that it is of a type that reports have */
    bool is_quiet;      /* the text of a message: that it is not a report needs no word */
    bool has_looked;    /* at the head */
    bool is_dead;       /* trouble: the rest is dropped */
    bool is_cut;        /* what is around it broke off: what it read does not count */
    uint64_t size;      /* octets that came */
    char head[FEEDBACK_HEAD];
    size_t head_len;
    void *state;                /* of the reader; kept with the part */
    struct feedback_part *next; /* free ones */
};

struct feedback_part *feedback_part_open(const struct feedback_part *around,
                                         struct feedback_set *set, const char *place);
void feedback_part_feed(struct feedback_part *part, struct span bytes);
void feedback_part_end(struct feedback_part *part);

/* note trouble, and read no further */
void feedback_part_refuse(struct feedback_part *part, const char *text);
/* the same of what is something else than a report */
void feedback_part_leave(struct feedback_part *part, const char *text);

extern const struct feedback_reader feedback_gzip;
extern const struct feedback_reader feedback_zip;
extern const struct feedback_reader feedback_mail;
extern const struct feedback_reader feedback_xml;
extern const struct feedback_reader feedback_json;

/* memory for one use at a time: zip archives, and JSON */
struct feedback_reading {
    struct feedback_part *free_parts;
    struct mail_state *free_mail;
    struct sbuf zip;
    struct sbuf json;
    bool is_zip_taken;
    struct xml_state *xml; /* used again for each report */
    struct table *texts;
    struct table *identities;
    struct table *reports;
    struct feedback_note **note_tail;
    struct feedback_report **report_tail;
    struct feedback_tls **tls_tail;
    size_t row_room;
    bool is_full;   /* LIMIT_FEEDBACK_ROWS was met, and noted */
    size_t without; /* messages of the file that brought nothing */
    char *chunk;    /* of a file */
    size_t found;   /* reports, and troubles with them: to see whether a message brought any */
    struct feedback_row *rows; /* of the report that is read */
    size_t pending_room;
};

/* ---- feedback_set.c ---- */

/* text in lower case, safe to show, without blanks around it and without a final dot; once */
const char *feedback_text_name(struct feedback_set *set, struct span text);
/* text as written, safe to show, without blanks around it; once */
const char *feedback_text(struct feedback_set *set, struct span text);

void feedback_note(struct feedback_set *set, enum feedback_note_kind kind, const char *place,
                   const char *text);
/* the report counts, with the rows of set->reading->rows, unless it was added before */
void feedback_commit(struct feedback_set *set, const struct feedback_report *report);
void feedback_commit_tls(struct feedback_set *set, const struct feedback_tls *tls);
/* one identity for all rows that have the same */
const struct feedback_identity *feedback_identity_of(struct feedback_set *set,
                                                     const struct feedback_identity *identity);

#endif
