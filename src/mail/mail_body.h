/*
 * NAME
 *     mail_body - where the octets of a message come from
 * DESCRIPTION
 *     Private to the room. A message is small and in memory, or large and in a
 *     file that can be read twice; a pipe that turns out to be large is copied
 *     to a temporary file without a name. Positions count octets of the
 *     message as it is stored, before line ends are put right.
 * OWNERSHIP
 *     The descriptor is closed by mail_body_close(); the rest is in the arena.
 * ERRORS
 *     mail_body_open() returns NULL and fills `why`.
 */
#ifndef MAIL_BODY_H
#define MAIL_BODY_H

#include "base/arena.h"
#include "base/err.h"
#include "base/span.h"

struct mail_body {
    struct arena *arena;
    int fd; /* -1: everything is in `memory` */
    struct span memory;
    struct span came; /* the beginning as it was read; empty: a large file, nothing was */
    uint64_t base;    /* where the message begins in the file */
    uint64_t size;    /* of the message */
    uint64_t start;   /* where the body begins in the message */
    uint64_t at;      /* what mail_body_next() reads next */
    bool is_wire;     /* line ends are kept, whatever the first one is */
    bool is_unix;     /* lines end in LF: returned with CRLF */
    bool after_cr;    /* the last octet read was CR */
    /* dots at the start of lines are doubled (RFC 5321, 4.5.2): one of them is left out */
    bool is_stuffed;
    /* lines that began with "From " have a mark in front, as in an mbox: it is left out */
    bool is_quoted;
    bool at_line_start; /* of what mail_body_next() reads next */
    char *in;           /* a chunk as read, and as returned; NULL until needed */
    char *out;
    const char *trouble; /* why reading broke off */
};

/* of an open descriptor, which it takes over; `path` is its name */
struct mail_body *mail_body_open(struct arena *arena, int fd, const char *path,
                                 struct err *why);
struct mail_body *mail_body_in_memory(struct arena *arena, struct span bytes);
void mail_body_close(struct mail_body *body); /* accepts NULL */

/* the first `want` octets, fewer if the message ends before; NULL span on trouble */
struct span mail_body_head(struct mail_body *body, size_t want);

/* octets from a position of the message on, as many as one read brings; empty at the end or on
 * trouble; valid until the next call */
struct span mail_body_piece(struct mail_body *body, uint64_t at);

/* has the line a mark in front of "From "; only its start is looked at */
bool mail_body_is_quoted(struct span line);

/* narrow the body to a part of itself */
void mail_body_narrow(struct mail_body *body, uint64_t start, uint64_t end);

/* the octets in place of all that is there */
void mail_body_replace(struct mail_body *body, struct span bytes);

/* copy with CR put before each LF that has none; `dst` has room for twice `src` */
size_t mail_body_add_cr(char *dst, struct span src, bool *after_cr);

#endif
