/* The environment of CI is looked at here and nowhere else. */
#include "app/app_ci.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/escape.h"
#include "base/file_write.h"
#include "base/sbuf.h"
#include "base/span.h"
#include "model/report.h"

/* ci_variable - what the environment says; NULL: nothing */
static const char *ci_variable(const char *name)
{
    const char *value = getenv(name);

    return value != NULL && value[0] != '\0' ? value : NULL;
}

/* ci_is - this run is part of that CI */
static bool ci_is(const char *name)
{
    const char *value = ci_variable(name);

    return value != NULL && strcmp(value, "true") == 0;
}

bool app_ci_is_there(void)
{
    return ci_is("GITHUB_ACTIONS") || ci_is("GITLAB_CI");
}

/* ci_render - the view in a format of CI */
static struct span ci_render(struct app *app, render_view_fn *cell, const void *shown)
{
    const struct report_options options = {.threshold = app->options.threshold};
    struct sbuf out = sbuf_start(app->arena);

    cell(shown, &options, &out);
    return sbuf_span(&out);
}

/* ci_append - to the summary of the job */
static void ci_append(struct app *app, const char *path, struct span text)
{
    int fd = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOCTTY, 0666);
    bool is_written = fd >= 0 && file_write_all(fd, text);

    if (!is_written)
        app_notice(app, arena_printf(app->arena, "GITHUB_STEP_SUMMARY %s: %s",
                                     escape_shown(app->arena, path), strerror(errno)));
    if (fd >= 0)
        close(fd);
}

void app_ci_show(struct app *app, enum render_view view, const void *shown,
                 const bool has_format[])
{
    render_view_fn *annotations = render_view_cell(view, FORMAT_github);
    render_view_fn *summary = render_view_cell(view, FORMAT_markdown);
    const char *path = ci_variable("GITHUB_STEP_SUMMARY");

    if (view == VIEW_report || view == VIEW_report_list)
        return; /* the run that made the report has shown it */
    if (ci_is("GITHUB_ACTIONS") && annotations != NULL && !has_format[FORMAT_github]) {
        struct span text = ci_render(app, annotations, shown);

        if (text.len > 0)
            fwrite(text.at, 1, text.len, stderr);
    }
    if (ci_is("GITHUB_ACTIONS") && summary != NULL && path != NULL)
        ci_append(app, path, ci_render(app, summary, shown));
    if (ci_is("GITLAB_CI") && render_view_cell(view, FORMAT_gitlab) != NULL &&
        !has_format[FORMAT_gitlab] && !has_format[FORMAT_junit])
        app_notice(app, "merge requests show findings from -o gl-code-quality-report.json "
                        "(codequality) and -o junit.xml (junit)");
}
