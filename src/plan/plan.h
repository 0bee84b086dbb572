/*
 * NAME
 *     plan - records that a tool of DNS as code is about to publish
 * DESCRIPTION
 *     Reads what such tools write, recognised by content; one row of plan_format.def each.
 *     A plan has zones of a closed world (a name that is not in the file does not exist) and
 *     at most one open one, in which the file changes some record sets and everything else is
 *     as DNS has it. Each format says which it is.
 *
 *     An open world has sets of records. A whole set takes the place of what DNS has. A set in
 *     part says which records come and which go; the others of the name and type stay. A set
 *     that the tool does not know yet is undetermined, never absent.
 *
 *     Only what is DNS is kept of a file: plans hold secrets in other places.
 * OWNERSHIP
 *     Everything lives in the arena given.
 * ERRORS
 *     plan_read() returns NULL and fills `why`: one "FILE:LINE: sentence" for each record that
 *     makes no sense, or one sentence for a file that cannot be used.
 * BUGS
 *     Several octoDNS sources that merge into one zone are read one by one.
 */
#ifndef PLAN_H
#define PLAN_H

#include "base/arena.h"
#include "base/dns_name.h"
#include "base/err.h"
#include "base/span.h"
#include "model/dns_answer.h"

enum plan_kind {
    PLAN_HAS,    /* a record that will be there */
    PLAN_GONE,   /* a record that will not: of a set in part */
    PLAN_EMPTY,  /* the set will have no records */
    PLAN_UNKNOWN /* what the set will have is not known yet */
};

struct plan_entry {
    enum plan_kind kind;
    const struct dns_name *owner;
    enum dns_type type;
    struct dns_rr *rr;   /* PLAN_HAS, PLAN_GONE; with file and line */
    bool is_part;        /* other records of the set stay */
    const char *variant; /* of several answers that the service chooses from; NULL: the one */
    const char *detail;  /* PLAN_UNKNOWN: why; safe to show */
    const char *file;    /* where the change is */
    int line;
    struct plan_entry *next;
};

/* a name whose addresses the provider makes, from those of another name */
struct plan_alias {
    const struct dns_name *owner;
    const char *target;
    const char *file;
    int line;
    struct plan_alias *next;
};

struct plan_remark { /* "# mailassay: TEXT" */
    const char *text;
    const char *file;
    int line;
    struct plan_remark *next;
};

struct plan_zone {
    const struct dns_name *apex; /* NULL: the open one */
    const char *tag;             /* split horizon; "" */
    struct plan_entry *entries;
    struct plan_entry *last;
    struct plan_alias *aliases;
    struct plan_zone *next;
};

struct plan {
    struct arena *arena;
    const char *path;
    const char *format;      /* "octoDNS YAML" */
    struct plan_zone *zones; /* closed ones, in the order of the file */
    struct plan_zone open;   /* no entries: there is none */
    bool is_open;            /* it describes changes, even if there are none of DNS */
    struct plan_remark *remarks;
    size_t record_count;
    /* what the plan does that is not judged, "FILE:LINE: sentence" */
    const char **notes;
    size_t note_count;
    /* faults, one a line */
    const char **faults;
    size_t fault_count;
};

struct plan_request {
    const char *path;
    const struct dns_name *origin; /* for files that do not say their zone; NULL */
};

struct plan *plan_read(struct arena *arena, const struct plan_request *request,
                       struct err *why);

/* JSON by its content, or YAML by its name: no zone file or snapshot */
bool plan_is_plan(const char *path, struct span bytes);

/* the whole file is of one of the formats; false too if it cannot be read */
bool plan_recognise(const char *path);

/* a file of a folder of octoDNS whose "$ZONE.yaml" reads it along */
bool plan_is_part(struct arena *arena, const char *path);

#endif
