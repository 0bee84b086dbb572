/*
 * NAME
 *     app_run - what a command gets, and how it ends
 * DESCRIPTION
 *     One struct app for one run of the program. A command returns its exit
 *     status; app_fail() notes why it is not 0, and the reason
 *     is printed once, as the last line on standard error.
 * OWNERSHIP
 *     In the arena of the run.
 * ERRORS
 *     Statuses: 0 nothing at the threshold, 1 findings at it, 2 usage, 3
 *     undetermined, 4 an input cannot be read or an output cannot be written, 5
 *     a live probe could not connect, 70 we ourselves failed.
 */
#ifndef APP_RUN_H
#define APP_RUN_H

#include "app/app_options.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/span.h"
#include "engine/engine.h"
#include "model/report.h"
#include "render/render_view.h"
#include "source/source.h"

enum app_status {
    STATUS_FINE = 0,
    STATUS_FINDINGS = 1,
    STATUS_USAGE = 2,
    STATUS_UNDETERMINED = 3,
    STATUS_INPUT = 4,
    STATUS_UNREACHED = 5,
    STATUS_INTERNAL = 70
};

struct app {
    struct arena *arena;
    struct engine *engine;      /* of the whole run; NULL: no command asks the libraries */
    const char *engine_trouble; /* why it could not be started; NULL */
    struct app_options options;
    struct app_line line;
    const char *reason; /* of a status other than 0 */
    /* files of --dns that were read already, in its order; NULL in place of other sources,
     * or instead of the list: the run reads them itself */
    struct source *const *held;
    size_t held_count; /* to be closed by pipeline_release(); app_world closes its own */
};

/* a run with an arena and the defaults */
struct app app_open(void);
/* do what the words of a command line say, and print why the status is not 0 */
int app_run_words(struct app *app, char **words);

/* the status for `why`, whose text becomes the reason */
int app_fail(struct app *app, const struct err *why);
/* on standard error; a text may be several lines, each of them made safe */
void app_say(const struct app *app, const char *prefix, const char *text);

/* a line on standard error, with -v only */
void app_note(const struct app *app, const char *text);
/* the same, unless -q */
void app_notice(const struct app *app, const char *text);
void app_notices(const struct app *app, const char *const *texts, size_t count);

/* no output is a file that was read or written already: before any query is sent, and again by
 * app_write() */
bool app_files_check(const struct app_options *options, struct err *why);

/* write bytes to standard output or a file */
bool app_write(const char *path, struct span bytes, struct err *why);

/* how a text is shown at `path`, where it goes */
struct report_options app_report_options(const struct app_options *options, const char *path);

/* show it to all outputs that were asked for, each in its format; `shown` has the type of the
 * view (render_view.def) */
bool app_output(struct app *app, enum render_view view, const void *shown, struct err *why);

/* has each output a format that the view has: before any query is sent */
bool app_output_check(struct app *app, enum render_view view, struct err *why);

#define COMMAND(name, arguments, least, most, takes, summary, details, statuses, examples) \
    int cmd_##name(struct app *app);
#include "app/command_table.def"

#endif
