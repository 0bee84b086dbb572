/*
 * NAME
 *     feedback_private - the parts of reading
 * DESCRIPTION
 *     Private to the room. Bytes are passed through a chain of parts: by its
 *     first octets a part is gzip, zip, a message, XML or JSON, and it passes
 *     its content to a part of its own. Only zip archives and TLS reports are
 *     held in memory whole, and are bounded.
 * OWNERSHIP
 *     Parts are reused; feedback_part_end() ends one with all that it opened.
 * ERRORS
 *     A part that meets trouble notes it and drops the rest.
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
    void (*end)(struct feedback_part *part); /* also after trouble: releases memory */
};

struct feedback_part {
    struct feedback_set *set;
    const struct feedback_reader *reader; /* NULL: not known yet, or foreign */
    const char *place;
    unsigned depth;     /* of parts around it */
    unsigned packings;  /* of gzip and zip around it */
    bool is_attachment; /* of a message */
    bool is_typed;      /* its declared type is one that reports have */
    bool is_quiet;      /* the text of a message: not noted if it is not a report */
    bool has_looked;    /* at the head */
    bool is_dead;       /* trouble: the rest is dropped */
    bool is_cut;        /* incomplete: what it read does not count */
    uint64_t size;      /* octets so far */
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
/* the same of what is not a report */
void feedback_part_leave(struct feedback_part *part, const char *text);
/* refuse a part of more than `most` octets */
bool feedback_part_is_large(struct feedback_part *part, uint64_t size, int most,
                            const char *what);
/* refuse a part that unpacks to `out` octets, or to `all` with others of the same archive of
 * `packed` octets, where no report does */
bool feedback_part_is_bomb(struct feedback_part *part, uint64_t out, uint64_t all,
                           uint64_t packed);
/* without a byte order mark of UTF-8 */
struct span feedback_without_mark(struct span bytes);

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
    bool is_full;              /* LIMIT_FEEDBACK_ROWS was met, and noted */
    size_t without;            /* messages of the file without a report */
    char *chunk;               /* of a file */
    size_t found;              /* reports, readable or not */
    struct feedback_row *rows; /* of the report that is read */
    size_t pending_room;
};

/* ---- feedback_set.c ---- */

/* one copy of a text, trimmed, safe to show */
const char *feedback_text(struct feedback_set *set, struct span text);
/* the same in lower case and without a final dot */
const char *feedback_text_name(struct feedback_set *set, struct span text);

void feedback_note(struct feedback_set *set, enum feedback_note_kind kind, const char *place,
                   const char *text);
/* the report counts, with the rows of set->reading->rows, unless it was added before */
void feedback_commit(struct feedback_set *set, const struct feedback_report *report);
void feedback_commit_tls(struct feedback_set *set, const struct feedback_tls *tls);
/* one identity for all rows that have the same */
const struct feedback_identity *feedback_identity_of(struct feedback_set *set,
                                                     const struct feedback_identity *identity);

#endif
