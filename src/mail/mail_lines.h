/*
 * NAME
 *     mail_lines - the lines of a message file, read by position
 * DESCRIPTION
 *     Private to the room. Lines of a file that may be large, one after the
 *     other, without holding it. A line is returned up to LIMIT_LINE_LOOK
 *     octets of its start, without CR and LF; `at` and `next` are positions
 *     in the message as it is stored.
 * OWNERSHIP
 *     The text is valid until the next line.
 * ERRORS
 *     Reading ends; body->trouble says why.
 */
#ifndef MAIL_LINES_H
#define MAIL_LINES_H

#include "base/span.h"
#include "mail/mail_body.h"

struct mail_lines {
    struct mail_body *body;
    uint64_t at;      /* of the line in `text` */
    uint64_t next;    /* where the next begins */
    struct span text; /* its start */
    int number;       /* of the line, from 1 */
    struct span held; /* what is in memory, from `held_at` on */
    uint64_t held_at;
};

struct mail_lines mail_lines_at(struct mail_body *body, uint64_t at, int number);

/* the next line; false at the end */
bool mail_lines_next(struct mail_lines *lines);

#endif
