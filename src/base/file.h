/*
 * NAME
 *     file - reading what the user named
 * DESCRIPTION
 *     file_load() reads a file or standard input ("-") whole, up to a bound. A
 *     directory, a missing or unreadable file and one beyond the bound are
 *     refused. Writing is in file_write.h.
 *
 *     file_open_named() opens a file that data names, as a line of a list does:
 *     it never waits, and takes regular files only.
 * OWNERSHIP
 *     The bytes live in the arena.
 * ERRORS
 *     Return false and fill `why`.
 */
#ifndef FILE_H
#define FILE_H

#include "base/arena.h"
#include "base/err.h"
#include "base/span.h"

struct file_name_list {
    const char **names;
    size_t count;
};

bool file_load(struct arena *arena, const char *path, size_t max, struct span *bytes_out,
               struct err *why);

/* the same of text; UTF-16, as some editors and PowerShell write, is refused */
bool file_load_text(struct arena *arena, const char *path, size_t max, struct span *bytes_out,
                    struct err *why);

/* a descriptor for close(2), or -1 */
int file_open(const char *path, struct err *why);

/* refuses the file that `list_fd` reads, and more than `max` octets */
int file_open_named(const char *path, int list_fd, size_t max, struct err *why);

/* a regular file that this run has read or written is taken: an output must not replace it */
bool file_is_taken(const char *path, struct err *why);
void file_take(const char *path);
/* none of these files was replaced or written since */
bool file_are_as_taken(void);

/* the names in a folder without hidden ones, in the order of their bytes */
bool file_names(struct arena *arena, const char *folder, struct file_name_list *list_out,
                struct err *why);

/* as messages name it: "-" is standard input */
const char *file_shown_name(const char *path);

/* the last part of a path, and what precedes it; "." without a slash */
const char *file_last_part(const char *path);
const char *file_folder_of(struct arena *arena, const char *path);
/* the path of a name in a folder; in "." the name alone, but "./-", as "-" is standard input */
const char *file_in_folder(struct arena *arena, const char *folder, const char *name);
/* what follows the folder in a path, both without links; NULL: it is elsewhere */
const char *file_below(const char *path, const char *folder);

/* the path without links, "." and ".."; NULL with errno: it leads nowhere */
const char *file_real_path(struct arena *arena, const char *path);

/* read up to `size` octets, retrying on EINTR; 0 at the end, -1 with errno */
ptrdiff_t file_read(int fd, char *bytes, size_t size);

#endif
