/*
 * NAME
 *     feedback_gunzip - gzip data that is not a report: logs and messages that were packed
 * DESCRIPTION
 *     Unpacks as a stream, one member after the other, what was read of a file already and
 *     what its descriptor still gives. Memory is the same however much there is, as with a log
 *     that is not packed; who keeps what comes out bounds it.
 * OWNERSHIP
 *     In the arena; feedback_gunzip_close() gives back what zlib took, and accepts NULL. The
 *     descriptor stays the caller's.
 * ERRORS
 *     feedback_gunzip_read() returns -1 where the data is damaged or cut off.
 * STANDARDS
 *     RFC 1952
 */
#ifndef FEEDBACK_GUNZIP_H
#define FEEDBACK_GUNZIP_H

#include <stddef.h>

#include "base/arena.h"
#include "base/span.h"

struct feedback_gunzip;

/* the bytes begin as gzip data does */
bool feedback_is_gzip(struct span head);

/* `begun` was read already; `fd` -1: there is nothing else. NULL: out of memory */
struct feedback_gunzip *feedback_gunzip_open(struct arena *arena, struct span begun, int fd);

/* at most `room` octets; 0: the end */
ptrdiff_t feedback_gunzip_read(struct feedback_gunzip *gunzip, char *to, size_t room);

void feedback_gunzip_close(struct feedback_gunzip *gunzip);

#endif
