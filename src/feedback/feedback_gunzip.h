/*
 * NAME
 *     feedback_gunzip - packed logs and messages
 * DESCRIPTION
 *     Unpacks gzip data as a stream, in constant memory: the octets of a file that were read
 *     already, then those of its descriptor. The caller bounds what it keeps.
 * OWNERSHIP
 *     In the arena; feedback_gunzip_close() releases the memory of zlib, and accepts NULL. The
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

/* `begun` was read already; `fd` -1: nothing follows. NULL: out of memory */
struct feedback_gunzip *feedback_gunzip_open(struct arena *arena, struct span begun, int fd);

/* at most `room` octets; 0: the end */
ptrdiff_t feedback_gunzip_read(struct feedback_gunzip *gunzip, char *to, size_t room);

void feedback_gunzip_close(struct feedback_gunzip *gunzip);

#endif
