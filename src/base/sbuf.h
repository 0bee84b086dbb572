/*
 * NAME
 *     sbuf - build text or bytes
 * DESCRIPTION
 *     A growing buffer in an arena. Start with sbuf_start(), add, take the
 *     result with sbuf_text() (NUL added) or sbuf_span().
 * OWNERSHIP
 *     The bytes live in the arena; what sbuf_text() returned is valid until
 *     the next addition.
 * ERRORS
 *     None; the caller bounds what it adds.
 */
#ifndef SBUF_H
#define SBUF_H

#include "base/arena.h"
#include "base/span.h"

struct sbuf {
    struct arena *arena;
    char *bytes;
    size_t len;
    size_t size;
};

struct sbuf sbuf_start(struct arena *arena);
void sbuf_add_octet(struct sbuf *buf, char octet);
void sbuf_add(struct sbuf *buf, const char *text);
void sbuf_add_span(struct sbuf *buf, struct span bytes);
/* digits in groups of three: "1,048,576" */
void sbuf_add_grouped(struct sbuf *buf, const char *digits);
void sbuf_addf(struct sbuf *buf, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* one more item of a list; `between` is left out in front of the first */
void sbuf_add_item(struct sbuf *list, const char *between, const char *item);
const char *sbuf_text(struct sbuf *buf);
struct span sbuf_span(const struct sbuf *buf);

#endif
