/*
 * NAME
 *     err - why something could not be done
 * DESCRIPTION
 *     A sentence for the person who must act: what, where, why, in that
 *     order; lower case, no full stop. Composed where the trouble arises,
 *     printed once by app/. `kind` becomes the exit status.
 * OWNERSHIP
 *     A plain struct on the caller's stack; no cleanup.
 * ERRORS
 *     A sentence longer than the buffer is cut and ends in "...".
 */
#ifndef ERR_H
#define ERR_H

#define ERR_TEXT_SIZE 4096 /* room for every fault of a small zone file */

enum err_kind {
    ERR_NONE,
    ERR_USAGE,   /* wrong command line: exit status 2 */
    ERR_INPUT,   /* an input cannot be read: exit status 4 */
    ERR_INTERNAL /* the machine or the program failed: exit status 70 */
};

struct err {
    enum err_kind kind;
    char text[ERR_TEXT_SIZE];
};

/* err_set() sets ERR_INPUT, by far the most frequent; err_set_kind() the others. NULL: nobody
 * wants the reason, and its place, which is large, need not be made. */
void err_set(struct err *why, const char *format, ...) __attribute__((format(printf, 2, 3)));
void err_set_kind(struct err *why, enum err_kind kind, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#endif
