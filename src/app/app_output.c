/* Where reports go: standard output or files, each in its format. */
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "app/app_ci.h"
#include "app/app_options.h"
#include "app/app_pager.h"
#include "app/app_run.h"
#include "base/err.h"
#include "base/file.h"
#include "base/file_write.h"
#include "base/sbuf.h"
#include "base/span.h"
#include "model/report.h"
#include "render/render_view.h"

/* is_stdout - "-" stands for standard output */
static bool is_stdout(const char *path)
{
    return strcmp(path, "-") == 0;
}

bool app_write(const char *path, struct span bytes, struct err *why)
{
    struct err detail = {0};

    if (file_is_taken(path, why))
        return false;
    if (file_save(path, bytes, &detail)) {
        file_take(path);
        return true;
    }
    if (is_stdout(path))
        err_set(why, "standard output%s", detail.text + 1);
    else
        err_set(why, "%s", detail.text);
    return false;
}

/* ---- the terminal ---- */

/* output_variable - its value; "" if it is not set */
static const char *output_variable(const char *name)
{
    const char *value = getenv(name);

    return value != NULL ? value : "";
}

/* is_set - and not empty */
static bool is_set(const char *name)
{
    return output_variable(name)[0] != '\0';
}

/* is_forced - CLICOLOR_FORCE, unless it is "0" */
static bool is_forced(void)
{
    return is_set("CLICOLOR_FORCE") && strcmp(output_variable("CLICOLOR_FORCE"), "0") != 0;
}

/* is_dumb - the terminal, if any, shows no colours */
static bool is_dumb(void)
{
    return !is_set("TERM") || strcmp(output_variable("TERM"), "dumb") == 0;
}

/* has_color - the option decides, then the environment, then the terminal */
static bool has_color(enum app_color color, const char *path)
{
    switch (color) {
    case COLOR_ALWAYS:
        return true;
    case COLOR_NEVER:
        return false;
    case COLOR_AUTO:
        break;
    }
    if (!is_stdout(path) || is_set("NO_COLOR"))
        return false;
    return is_forced() || (!is_dumb() && isatty(STDOUT_FILENO));
}

/* terminal_size - of the terminal that the text goes to, 0 if there is none */
static struct winsize terminal_size(const char *path)
{
    struct winsize size = {0};

    if (!is_stdout(path) || !isatty(STDOUT_FILENO) ||
        ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0)
        return (struct winsize){0};
    return size;
}

/* is_paged - the text is longer than the terminal that it goes to */
static bool is_paged(const struct app_options *options, const char *path, struct span bytes)
{
    unsigned rows = terminal_size(path).ws_row;
    size_t lines = 0;

    for (size_t i = 0; i < bytes.len; i++)
        lines += bytes.at[i] == '\n';
    return !options->has_no_pager && !is_dumb() && rows > 0 && lines >= rows;
}

/* output_width - as asked for, else of the terminal, else what COLUMNS says; 0: not known */
static unsigned output_width(const struct app_options *options, const char *path)
{
    unsigned width = options->width > 0 ? options->width : terminal_size(path).ws_col;
    uint64_t columns = 0;

    if (width == 0 && is_stdout(path) &&
        span_to_number(span_of(output_variable("COLUMNS")), USHRT_MAX, &columns))
        width = (unsigned)columns;
    return width;
}

struct report_options app_report_options(const struct app_options *options, const char *path)
{
    return (struct report_options){
        .has_color = has_color(options->color, path),
        .is_verbose = options->is_verbose,
        .is_redacted = options->is_redacted,
        .is_quiet = options->is_quiet,
        .shown = options->is_verbose ? REPORT_PARTS : options->shown,
        .width = output_width(options, path),
        .threshold = options->threshold,
    };
}

/* ---- outputs ---- */

/* is_renewed - the snapshot of the old world is replaced by the one of the new world, which is
 * how gate runs each night; it was read as a whole */
static bool is_renewed(const struct app_options *options)
{
    static const char kind[] = "snapshot:";

    for (size_t i = 0; i < options->old_worlds.count && options->save_snapshot != NULL; i++) {
        const char *spec = options->old_worlds.texts[i];

        if (strncmp(spec, kind, sizeof(kind) - 1) == 0 &&
            strcmp(spec + sizeof(kind) - 1, options->save_snapshot) == 0)
            return true;
    }
    return false;
}

bool app_files_check(const struct app_options *options, struct err *why)
{
    const char *const others[] = {options->fix,
                                  is_renewed(options) ? NULL : options->save_snapshot,
                                  options->policy_file};

    for (size_t i = 0; i < options->outputs.count; i++)
        if (file_is_taken(options->outputs.texts[i], why))
            return false;
    for (size_t i = 0; i < COUNT_OF(others); i++)
        if (others[i] != NULL && file_is_taken(others[i], why))
            return false;
    return true;
}

/* output_format - of one of the outputs */
static enum render_format output_format(const struct app *app, enum render_view view,
                                        const char *path, struct err *why)
{
    const struct render_output output = {view, path, app->options.format};

    return render_output_format(app->arena, &output, why);
}

bool app_output_check(struct app *app, enum render_view view, struct err *why)
{
    const struct app_options *options = &app->options;

    if (options->format != FORMAT_NONE &&
        !render_view_check(app->arena, view, options->format, why))
        return false;
    for (size_t i = 0; i < options->outputs.count; i++)
        if (output_format(app, view, options->outputs.texts[i], why) == FORMAT_NONE)
            return false;
    return true;
}

bool app_output(struct app *app, enum render_view view, const void *shown, struct err *why)
{
    static const char *standard_output = "-";
    const struct app_list *outputs = &app->options.outputs;
    const char *const *paths = outputs->count > 0 ? outputs->texts : &standard_output;
    size_t count = outputs->count > 0 ? outputs->count : 1;
    bool has_format[FORMAT_COUNT] = {false};
    bool is_written = true;

    for (size_t i = 0; i < count && is_written; i++) {
        struct report_options options = app_report_options(&app->options, paths[i]);
        enum render_format format = output_format(app, view, paths[i], why);
        struct sbuf out = sbuf_start(app->arena);

        if (format == FORMAT_NONE)
            return false;
        has_format[format] = true;
        if (options.is_redacted && format != FORMAT_json && format != FORMAT_html) {
            err_set_kind(why, ERR_USAGE, "--redact works with html and json, not with %s",
                         render_format_name(format));
            return false;
        }
        render_view_cell(view, format)(shown, &options, &out);
        is_written =
            (format == FORMAT_text && is_paged(&app->options, paths[i], sbuf_span(&out)) &&
             app_pager(output_variable("PAGER"), sbuf_span(&out))) ||
            app_write(paths[i], sbuf_span(&out), why);
    }
    if (is_written)
        app_ci_show(app, view, shown, has_format);
    return is_written;
}
