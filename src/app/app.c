/* From the words of a command line to the exit status. */
#include <string.h>
#include <sys/stat.h>

#include "app/app_help.h"
#include "app/app_options.h"
#include "app/app_run.h"
#include "base/arena.h"
#include "base/err.h"
#include "engine/engine.h"
#include "base/sbuf.h"
#include "base/span.h"
#include "render/render_view.h"

#define RETRIES_DEFAULT 2

/* app_print - to standard output, for help and version */
static int app_print(struct app *app, const struct sbuf *out)
{
    struct err why = {0};

    return app_write("-", sbuf_span(out), &why) ? STATUS_FINE : app_fail(app, &why);
}

/* show_help - of the command, or of all */
static int show_help(struct app *app, const struct app_command *command)
{
    struct sbuf out = sbuf_start(app->arena);

    app_help(command, &out);
    return app_print(app, &out);
}

/* app_version - name and number */
static int app_version(struct app *app)
{
    struct sbuf out = sbuf_start(app->arena);

    sbuf_add(&out, "mailassay " MAILASSAY_VERSION "\n");
    return app_print(app, &out);
}

int cmd_help(struct app *app)
{
    const char *name = app_line_argument(&app->line, 0);
    const struct app_command *command = name != NULL ? app_command_find(name) : NULL;
    struct err why = {0};

    if (name == NULL || command != NULL)
        return show_help(app, command);
    app_command_refuse(app->arena, name, &why);
    return app_fail(app, &why);
}

/* app_dispatch - by its place in the table */
static int app_dispatch(struct app *app, const struct app_command *command)
{
    static int (*const runs[])(struct app * app) = {
#define COMMAND(name, arguments, least, most, takes, summary, details, statuses, examples) \
    cmd_##name,
#include "app/command_table.def"
    };

    return runs[command - app_command_get(0)](app);
}

/* app_run - read the command line and do what it says */
static int app_run(struct app *app, char **argv)
{
    struct err why = {0};

    if (!app_options_read(&app->options, argv, &app->line, &why))
        return app_fail(app, &why);
    if (app->options.wants_help)
        return show_help(app, app->line.command);
    if (app->options.wants_version)
        return app_version(app);
    if (app->line.command != NULL)
        return app_dispatch(app, app->line.command);
    err_set_kind(&why, ERR_USAGE, "no command given; see mailassay --help");
    return app_fail(app, &why);
}

/* engine_takes - what the commands take that are among the words; 0: the libraries are not
 * asked. The options are read later: some of them read files. */
static unsigned engine_takes(char **argv)
{
    unsigned takes = 0;

    for (; *argv != NULL; argv++) {
        const struct app_command *command = app_command_find(*argv);

        if (strcmp(*argv, "--no-engines") == 0)
            return 0;
        takes |= command != NULL ? command->takes : 0;
    }
    return (takes & TAKES_ENGINES) != 0 ? takes : 0;
}

/* names_file - some word may be a message: standard input, or a file that is there */
static bool names_file(char **argv)
{
    struct stat status;

    for (; *argv != NULL; argv++)
        if (strcmp(*argv, "-") == 0 || (stat(*argv, &status) == 0 && S_ISREG(status.st_mode)))
            return true;
    return false;
}

/* start_engine - before anything is read, so that nothing of it is in the children's memory */
static void start_engine(struct app *app, char **argv)
{
    unsigned takes = engine_takes(argv);
    struct err why = {0};

    if (app->engine != NULL || app->engine_trouble != NULL || takes == 0)
        return;
    app->engine = engine_open(&why);
    if (app->engine == NULL)
        app->engine_trouble = arena_strdup(app->arena, why.text);
    else if ((takes & TAKES_MESSAGE) != 0 && names_file(argv))
        engine_expect_one(app->engine);
}

struct app app_open(void)
{
    static const struct app_options defaults = {.source = {.retries = RETRIES_DEFAULT},
                                                .format = FORMAT_NONE};
    struct app app = {.options = defaults};

    app.arena = arena_open();
    app.options.arena = app.arena;
    return app;
}

int app_run_words(struct app *app, char **words)
{
    int status = STATUS_FINE;

    start_engine(app, words);
    status = app_run(app, words);
    if (status != STATUS_FINE && app->reason != NULL)
        app_say(app, "", app->reason);
    engine_close(app->engine);
    return status;
}
