/*
 * NAME
 *     sandbox_spool - a folder of messages
 * DESCRIPTION
 *     A message goes to ".NUMBER.eml.part" while it comes, and its session to
 *     ".NUMBER.json.part". Its judge renames them to NUMBER.eml and NUMBER.json, the
 *     record last: where a record exists, everything is complete. What a killed run left half
 *     done is removed when the folder is opened.
 * OWNERSHIP
 *     The spool keeps the folder open until sandbox_spool_close(). A file belongs to the
 *     caller, who finishes or drops it.
 * ERRORS
 *     sandbox_spool_open() returns NULL and fills `why`. The others return false with errno.
 */
#ifndef SANDBOX_SPOOL_H
#define SANDBOX_SPOOL_H

#include "base/arena.h"
#include "base/err.h"
#include "base/limits_serve.h"
#include "base/span.h"

struct sandbox_spool {
    const char *path;
    int folder;
    uint64_t last;  /* number of the last message */
    uint64_t count; /* messages in the folder */
};

#define SANDBOX_NAME_SIZE 48

struct sandbox_file {
    const struct sandbox_spool *spool;
    int fd; /* -1: none */
    uint64_t number;
    size_t len; /* in the buffer */
    char buffer[LIMIT_SANDBOX_INPUT_BYTES];
};

/* the folder is made if it is not there */
struct sandbox_spool *sandbox_spool_open(struct arena *arena, const char *path,
                                         struct err *why);
/* in a process that has closed what it inherited; false with errno */
bool sandbox_spool_reopen(struct sandbox_spool *spool);
void sandbox_spool_close(struct sandbox_spool *spool); /* accepts NULL */
/* remove the folder and all messages in it */
void sandbox_spool_remove(struct sandbox_spool *spool);

bool sandbox_file_begin(struct sandbox_spool *spool, struct sandbox_file *file);
bool sandbox_file_write(struct sandbox_file *file, struct span bytes);
bool sandbox_file_finish(struct sandbox_file *file);
void sandbox_file_drop(struct sandbox_file *file);

/* the path of a part of a message: ".eml", ".json", ".report.json"; in the arena */
const char *sandbox_spool_name(struct arena *arena, const struct sandbox_spool *spool,
                               uint64_t number, const char *suffix);
/* the same while the message is not complete */
const char *sandbox_spool_part_name(struct arena *arena, const struct sandbox_spool *spool,
                                    uint64_t number, const char *suffix);

/* what the part of a message will hold while the message is not complete */
bool sandbox_spool_save_part(const struct sandbox_spool *spool, uint64_t number,
                             const char *suffix, struct span bytes);
/* what was written of the part takes its place */
bool sandbox_spool_place(const struct sandbox_spool *spool, uint64_t number,
                         const char *suffix);
/* both. It is not made to reach the disk: what was answered outlives this process, and a test
 * server has no need to outlive the machine */
bool sandbox_spool_save(const struct sandbox_spool *spool, uint64_t number, const char *suffix,
                        struct span bytes);

/* what a message has left half done */
void sandbox_spool_forget(const struct sandbox_spool *spool, uint64_t number);

#endif
