/*
 * NAME
 *     line_reader - a file or standard input, line by line
 * DESCRIPTION
 *     A line is returned as soon as it has arrived, so that a scan can sit in a
 *     pipe. Memory is one line, however many there are. A line beyond
 *     LIMIT_SUBJECT_BYTES is skipped and reported.
 * OWNERSHIP
 *     line_reader_close() closes the file. A line lives until the next call.
 * ERRORS
 *     line_reader_open() returns false and fills `why`; line_reader_next() returns
 *     false at the end, and fills `why` if that is not the end of the file.
 */
#ifndef LINE_READER_H
#define LINE_READER_H

#include "base/arena.h"
#include "base/err.h"
#include "base/span.h"

/* what is read in place of the octets of the file, as where it is packed */
struct line_filter {
    ptrdiff_t (*read)(void *ctx, char *to, size_t room); /* -1: trouble; NULL: no filter */
    void *ctx;
    const char *trouble; /* in words */
};

struct line_reader {
    const char *path;
    int fd;
    char *bytes;
    size_t start; /* of what is not returned yet */
    size_t end;
    bool is_at_end;
    size_t number;     /* of the line returned, from 1 on */
    bool was_too_long; /* it was skipped */
    bool is_too_long;  /* the one that is being read is */
    struct line_filter filter;
};

bool line_reader_open(struct line_reader *reader, struct arena *arena, const char *path,
                      struct err *why);

/* octets that come next; the buffer is left out. -1: trouble, in `why` */
ptrdiff_t line_reader_octets(struct line_reader *reader, char *to, size_t room,
                             struct err *why);
/* from here on octets come from the filter, which has taken those of the buffer */
void line_reader_through(struct line_reader *reader, struct line_filter filter);

bool line_reader_next(struct line_reader *reader, struct span *line_out, struct err *why);

/* the same without waiting for what has not come yet */
enum line_reader_state { LINES_ONE, LINES_LATER, LINES_OVER };
enum line_reader_state line_reader_try(struct line_reader *reader, struct span *line_out,
                                       struct err *why);
void line_reader_close(struct line_reader *reader);

#endif
