/*
 * NAME
 *     zstd_file - octets written to a file with zstd
 * DESCRIPTION
 *     What is written is collected and becomes a frame of its own every ZSTD_PIECE octets;
 *     frames one after the other are what zstd(1) reads as one file. libzstd is loaded when it
 *     is needed (base/library.h).
 * OWNERSHIP
 *     The file descriptor is the caller's; zstd_file_close() gives the rest back.
 * ERRORS
 *     zstd_file_open() returns NULL and fills `why` where libzstd is not there; the others
 *     return false with errno. What is collected is written by zstd_file_flush() only.
 * STANDARDS
 *     RFC 8878, 3
 */
#ifndef ZSTD_FILE_H
#define ZSTD_FILE_H

#include "base/arena.h"
#include "base/err.h"
#include "base/span.h"

#define ZSTD_PIECE (1024 * 1024)

struct zstd_file;

struct zstd_file *zstd_file_open(struct arena *arena, int fd, struct err *why);
bool zstd_file_write(struct zstd_file *file, struct span bytes);
bool zstd_file_flush(struct zstd_file *file);
void zstd_file_close(struct zstd_file *file); /* NULL: nothing to do */

#endif
