/*
 * NAME
 *     app_progress - a line that says why nothing is shown yet
 * DESCRIPTION
 *     While DNS or HTTPS is slow one line on standard error says how many answers are
 *     open, and is taken away when the report comes. Not where standard
 *     error is not a terminal or is a dumb one, and not with -q.
 *     --progress writes a line each second in any case.
 * OWNERSHIP
 *     The struct is the caller's and must live as long as the ledger is filled.
 * ERRORS
 *     None.
 */
#ifndef APP_PROGRESS_H
#define APP_PROGRESS_H

#include "app/app_run.h"
#include "ledger/ledger.h"

struct app_progress {
    bool is_shown;
    bool is_lines;   /* --progress: a line each second, never taken away */
    int64_t seconds; /* of the last of them */
};

void app_progress_open(struct app_progress *progress, const struct app *app,
                       struct ledger *ledger);
void app_progress_close(struct app_progress *progress);

#endif
