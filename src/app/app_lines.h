/*
 * NAME
 *     app_lines - a file or standard input, line by line
 * DESCRIPTION
 *     A line is returned as soon as it has arrived, so that a scan can sit in a
 *     pipe. Memory is one line, however many there are. A line beyond
 *     LIMIT_SUBJECT_BYTES is skipped and reported.
 * OWNERSHIP
 *     app_lines_close() closes the file. A line lives until the next call.
 * ERRORS
 *     app_lines_open() returns false and fills `why`; app_lines_next() returns
 *     false at the end, and fills `why` if that is not the end of the file.
 */
#ifndef APP_LINES_H
#define APP_LINES_H

#include "base/arena.h"
#include "base/err.h"
#include "base/span.h"
#include "feedback/feedback_gunzip.h"

struct app_lines {
    const char *path;
    int fd;
    char *bytes;
    size_t start; /* of what is not returned yet */
    size_t end;
    bool is_at_end;
    size_t number;                  /* of the line returned, from 1 on */
    bool was_too_long;              /* it was skipped */
    bool is_too_long;               /* the one that is being read is */
    struct feedback_gunzip *packed; /* the file is packed; NULL */
};

bool app_lines_open(struct app_lines *lines, struct arena *arena, const char *path,
                    struct err *why);

/* octets that come next in the file, unpacked; the buffer is left out. -1: trouble, in `why` */
ptrdiff_t app_lines_read(struct app_lines *lines, char *to, size_t room, struct err *why);
/* from here on what is in the buffer, and what follows in the file, is unpacked; false and
 * `why`: that is not possible */
bool app_lines_unpack(struct app_lines *lines, struct arena *arena, struct err *why);

bool app_lines_next(struct app_lines *lines, struct span *line_out, struct err *why);

/* the same without waiting for what has not come yet */
enum app_lines_state { LINES_ONE, LINES_LATER, LINES_OVER };
enum app_lines_state app_lines_try(struct app_lines *lines, struct span *line_out,
                                   struct err *why);
void app_lines_close(struct app_lines *lines);

#endif
