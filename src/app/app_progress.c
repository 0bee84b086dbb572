/* One line, written over and over again. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "app/app_progress.h"
#include "base/arena.h"
#include "base/escape.h"
#include "base/sbuf.h"
#include "base/span.h"
#include "model/dns_answer.h"

#define QUIET_MS      700 /* a shorter wait is not shown */
#define MS_PER_SECOND 1000
#define COLUMNS       80 /* of a terminal that does not say */
#define ERASE         "\r\033[K"

/* progress_columns - what a line may take without being wrapped */
static size_t progress_columns(void)
{
    struct winsize size = {0};

    if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0)
        return COLUMNS - 1;
    return size.ws_col - 1U;
}

/* progress_show - the line again */
static void progress_show(void *ctx, const struct ledger_waiting *waiting)
{
    struct app_progress *progress = ctx;
    struct arena *arena = NULL;
    struct sbuf line;

    if (waiting->spent_ms < QUIET_MS || (waiting->first == NULL && waiting->url == NULL) ||
        (progress->is_lines && progress->seconds == waiting->spent_ms / MS_PER_SECOND))
        return;
    progress->seconds = waiting->spent_ms / MS_PER_SECOND;
    arena = arena_open();
    line = sbuf_start(arena);
    sbuf_addf(&line, "%s: %zu of %zu answers after %lld s; waiting for ",
              waiting->url != NULL ? "fetching over HTTPS" : "asking DNS",
              waiting->asked - waiting->open, waiting->asked,
              (long long)(waiting->spent_ms / MS_PER_SECOND));
    if (waiting->url != NULL)
        sbuf_add(&line, escape_shown(arena, waiting->url));
    else
        sbuf_addf(&line, "%s %s", waiting->first->name->text,
                  dns_type_to_text(arena, waiting->first->type));
    if (progress->is_lines)
        fprintf(stderr, "%s\n", sbuf_text(&line));
    else
        fprintf(stderr, ERASE "%.*s", (int)progress_columns(), sbuf_text(&line));
    fflush(stderr);
    progress->is_shown = !progress->is_lines;
    arena_close(arena);
}

void app_progress_open(struct app_progress *progress, const struct app *app,
                       struct ledger *ledger)
{
    const char *term = getenv("TERM");

    *progress = (struct app_progress){.is_lines = app->options.has_progress, .seconds = -1};
    if (progress->is_lines || (!app->options.is_quiet && isatty(STDERR_FILENO) &&
                               term != NULL && strcmp(term, "dumb") != 0))
        ledger_watch(ledger, progress_show, progress);
}

void app_progress_close(struct app_progress *progress)
{
    if (progress->is_shown)
        fputs(ERASE, stderr);
    progress->is_shown = false;
}
