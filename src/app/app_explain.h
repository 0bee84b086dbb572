/*
 * NAME
 *     app_explain - the input of explain, read
 * DESCRIPTION
 *     app_explain_read() finds out what the arguments name (a file, a folder, standard input,
 *     or a reply), and reads it. Mailboxes, logs and folders are read as a stream: what is
 *     kept of them is the table, and the recipients one by one as long as all of it fits into
 *     LIMIT_BOUNCE_BYTES.
 *
 *     app_explain_check() checks what can be checked, at most LIMIT_EXPLAIN_CHECKS times.
 * OWNERSHIP
 *     In the arena of the app.
 * ERRORS
 *     Return false and fill `why`.
 */
#ifndef APP_EXPLAIN_H
#define APP_EXPLAIN_H

#include "app/app_run.h"
#include "base/err.h"
#include "base/span.h"
#include "explain/explain.h"
#include "model/bounce.h"
#include "model/explain.h"
#include "model/issue.h"

/* a recipient with what it came from */
struct app_explain_entry {
    const struct bounce *bounce;
    const struct bounce_recipient *said;
};

struct app_explain {
    struct app *app;
    struct explain out; /* all but the list */
    struct app_explain_entry *entries;
    size_t entry_count;
    struct explain_row *rows;
    size_t octets;       /* read so far */
    bool is_table;       /* of a stream that is too long to be listed */
    const char *path;    /* as the user named it; "-" */
    const char *message; /* an ordinary message: its path, "-" */
    struct span bytes;   /* of a file that is one thing */
};

bool app_explain_read(struct app *app, struct app_explain *explain, struct err *why);

/* what was said of each recipient: a row of the table, and an entry unless that is all */
void app_explain_add(struct app_explain *explain, const struct bounce *bounce);

/* a notice where a bounce follows the reports of receivers in a file */
void app_explain_rest(struct app *app, const char *path);

/* set out.list, checking each that can be checked */
bool app_explain_check(struct app_explain *explain, struct err *why);

#endif
