/*
 * NAME
 *     app_pager - long text on a terminal, a screen at a time
 * DESCRIPTION
 *     Runs the pager with the bytes on its standard input and waits until the
 *     reader leaves it. LESS is set to FRX where it is not set, so that colours
 *     are shown and short text is not paged.
 * OWNERSHIP
 *     Nothing is kept.
 * ERRORS
 *     Returns false if no pager could be run: nothing was shown then.
 */
#ifndef APP_PAGER_H
#define APP_PAGER_H

#include <stdbool.h>

#include "base/span.h"

/* `command` as a shell has it; "": less */
bool app_pager(const char *command, struct span bytes);

#endif
