/*
 * NAME
 *     file - reading what the user named, and writing what was asked for
 * DESCRIPTION
 *     file_load() reads a regular file or standard input ("-") whole, up to a
 *     bound. A directory, a missing or unreadable file and one beyond the
 *     bound are refused with a sentence that names it. file_save() writes
 *     beside the target and renames, so that a reader never sees half.
 * OWNERSHIP
 *     The bytes live in the arena.
 * ERRORS
 *     Return false and fill `why`.
 */
#ifndef FILE_H
#define FILE_H

#include "base/arena.h"
#include "base/err.h"

bool file_load(struct arena *arena, const char *path, size_t max, struct span *bytes_out,
               struct err *why);
bool file_save(const char *path, struct span bytes, struct err *why);

/* open for reading; refuses directories; "-" is standard input; -1 and `why` on trouble.
 * Close with close(2). */
int file_open(const char *path, struct err *why);

/* read up to `size` octets, retrying on EINTR; 0 at the end, -1 with errno */
ptrdiff_t file_read(int fd, char *bytes, size_t size);

#endif
