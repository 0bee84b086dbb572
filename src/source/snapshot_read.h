/*
 * NAME
 *     snapshot_read - a snapshot in memory
 * DESCRIPTION
 *     An open world: what was not asked is unknown. "closed" in the header
 *     makes names at or below the listed ones a closed world, where what is
 *     not there does not exist. Keys that this version does not know are
 *     passed over.
 * OWNERSHIP
 *     Everything lives in the arena.
 * ERRORS
 *     snapshot_load() returns NULL and fills `why` with file and line:
 *     for a snapshot of a newer version, JSON or records that cannot be read,
 *     answers that contradict themselves, and a question that is answered
 *     twice, because nobody could say which answer counts.
 */
#ifndef SNAPSHOT_READ_H
#define SNAPSHOT_READ_H

#include "base/arena.h"
#include "base/dns_name.h"
#include "base/dns_name_table.h"
#include "base/err.h"
#include "model/dns_answer.h"

#define SNAPSHOT_VERSION 1

struct https_fact;

struct snapshot_answer {
    struct dns_answer answer;
    int line;
    struct snapshot_answer *next; /* of the same name */
};

struct snapshot_name {
    struct snapshot_answer *answers; /* NULL: nothing was asked about it */
    bool exists;                     /* it, or a name below it, has a record */
    bool is_closed;                  /* it, and all below it */
};

struct snapshot {
    struct arena *arena;
    const char *path;
    const char *source; /* "snapshot:FILE" */
    int64_t taken;
    struct https_fact *https;    /* facts fetched over HTTPS, in the order of their lines */
    struct dns_name_table names; /* of struct snapshot_name */
};

struct snapshot *snapshot_load(struct arena *arena, const char *path, struct err *why);

/* the answer held for the question; NULL */
const struct dns_answer *snapshot_find(const struct snapshot *snapshot,
                                       const struct dns_question *question);

/* the name is at or below a closed one */
bool snapshot_is_closed(const struct snapshot *snapshot, const struct dns_name *name);

/* something exists at or below the name */
bool snapshot_exists(const struct snapshot *snapshot, const struct dns_name *name);

/* some question about the name is answered */
bool snapshot_holds(const struct snapshot *snapshot, const struct dns_name *name);

#endif
