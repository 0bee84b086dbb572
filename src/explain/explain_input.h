/*
 * NAME
 *     explain_input - the input of explain, read
 * DESCRIPTION
 *     explain_input_read() finds out what the words name (a file, a folder, standard input,
 *     or a reply), and reads it. Mailboxes, logs and folders are read as a stream: what is
 *     kept of them is the table, and the recipients one by one as long as all of it fits into
 *     LIMIT_BOUNCE_BYTES.
 * OWNERSHIP
 *     In the arena.
 * ERRORS
 *     Return false and fill `why`.
 */
#ifndef EXPLAIN_INPUT_H
#define EXPLAIN_INPUT_H

#include "base/arena.h"
#include "base/err.h"
#include "base/span.h"
#include "model/bounce.h"
#include "model/explain.h"

/* a recipient with what it came from */
struct explain_entry {
    const struct bounce *bounce;
    const struct bounce_recipient *said;
};

struct explain_input {
    struct arena *arena;
    struct explain out; /* all but the list */
    struct explain_entry *entries;
    size_t entry_count;
    struct explain_row *rows;
    size_t octets;       /* read so far */
    bool is_table;       /* of a stream that is too long to be listed */
    const char *path;    /* as the user named it; "-" */
    const char *message; /* an ordinary message: its path, "-" */
    struct span bytes;   /* of a file that is one thing */
};

/* the words of a command line, at least one; of the input the arena is set and nothing else */
bool explain_input_read(struct explain_input *input, const char *const *words, size_t count,
                        struct err *why);

/* what was said of each recipient: a row of the table, and an entry unless that is all */
void explain_input_add(struct explain_input *input, const struct bounce *bounce);

/* set the rows of `out`: those with the most recipients first */
void explain_input_sort(struct explain_input *input);

/* that a bounce follows the reports of receivers in a file, as a sentence; NULL: none does */
const char *explain_input_rest(struct arena *arena, const char *path);

/* what the octets are, in words; NULL: nothing that explain knows */
const char *explain_input_form(const struct bounce *bounce, struct span bytes);

#endif
