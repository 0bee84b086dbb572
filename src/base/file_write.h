/*
 * NAME
 *     file_write - the one writer of files
 * DESCRIPTION
 *     file_save() makes or replaces a file: the bytes are written to a temporary
 *     file in the same folder, synced, and renamed, so that readers, and a crash,
 *     see the old file or the new one, whole. An existing file keeps its mode and,
 *     where that is possible, its owner; of a symbolic link the target is replaced.
 *     A signal that ends the program waits until the temporary file is gone.
 *     "-" is standard output, and what is not a regular file (/dev/null, a pipe)
 *     is written to as it is.
 *
 *     file_create() makes a file that was not there, for its owner alone.
 * OWNERSHIP
 *     Nothing is kept open.
 * ERRORS
 *     Return false and fill `why`; the old file is as it was.
 * BUGS
 *     Other names (hard links) of a replaced file keep the old bytes, and its
 *     access control list and extended attributes are lost.
 */
#ifndef FILE_WRITE_H
#define FILE_WRITE_H

#include <stdbool.h>

#include "base/err.h"
#include "base/span.h"

bool file_save(const char *path, struct span bytes, struct err *why);
/* do not sync files of this process any more: they may be lost when the machine crashes. For
 * files that another process waits for. */
void file_save_passing(void);
bool file_create(const char *path, struct span bytes, struct err *why);

/* every octet, going on after signals and short writes; false with errno */
bool file_write_all(int fd, struct span bytes);

#endif
