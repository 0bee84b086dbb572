/* Which outputs the options name, and those that show all subjects together. */
#include "app/app_scan_output.h"

#include <string.h>

#include "app/app_ci.h"
#include "app/app_options.h"
#include "base/arena.h"
#include "render/render_scan.h"
#include "base/sbuf.h"
#include "model/report.h"

#define PACKED ".zst"

/* output_refuse - options that contradict each other */
static bool output_refuse(struct err *why, const char *text)
{
    err_set_kind(why, ERR_USAGE, "%s", text);
    return false;
}

/* output_take - one of the outputs: rows, or what is written at the end */
static bool output_take(struct app *app, struct app_scan_output *output, const char *path,
                        struct err *why)
{
    bool is_packed = span_ends_with_nocase(span_of(path), PACKED);
    const char *bare = arena_strdup_span(
        app->arena,
        span_sub(span_of(path), 0, strlen(path) - (is_packed ? sizeof(PACKED) - 1 : 0)));
    const struct render_output one = {VIEW_scan, bare, app->options.format};
    struct app_scan_last last = {path, FORMAT_NONE};

    last.format = strcmp(path, "-") == 0 && app->options.format == FORMAT_NONE
                      ? FORMAT_jsonl
                      : render_output_format(app->arena, &one, why);
    if (last.format == FORMAT_NONE)
        return false;
    if (is_packed && (!render_scan_is_row(last.format) || app->options.resume != NULL))
        return output_refuse(why, "zstd works only for new files with one row per subject: "
                                  "jsonl, csv or table, without --resume");
    if (!render_scan_is_row(last.format)) {
        arena_append(app->arena, output->lasts, output->last_count, last);
        return true;
    }
    if (output->rows.path != NULL)
        return output_refuse(why, "scan writes only one --output with one row per subject");
    output->rows.path = path;
    output->rows.is_packed = is_packed;
    output->format = last.format;
    return true;
}

/* output_check_resume - options that do not go with an earlier file */
static bool output_check_resume(const struct app_options *options, struct err *why)
{
    if (options->resume != NULL && options->outputs.count > 0)
        return output_refuse(why,
                             "--resume names the file that is written: leave out --output");
    if (options->resume != NULL && options->is_unordered)
        return output_refuse(why, "--resume needs reports in the order of the lines: leave out "
                                  "--unordered");
    return true;
}

bool app_scan_output_check(struct app *app, struct app_scan_output *output_out, struct err *why)
{
    struct app_options *options = &app->options;
    const struct app_list *outputs = &options->outputs;

    *output_out = (struct app_scan_output){
        .rows = {.fd = -1, .is_unordered = options->is_unordered}, .format = FORMAT_jsonl};
    if (!output_check_resume(options, why) ||
        (options->format != FORMAT_NONE &&
         !render_view_check(app->arena, VIEW_scan, options->format, why)))
        return false;
    for (size_t i = 0; i < outputs->count; i++)
        if (!output_take(app, output_out, outputs->texts[i], why))
            return false;
    if (outputs->count == 0 &&
        !output_take(app, output_out, options->resume != NULL ? options->resume : "-", why))
        return false;
    if (output_out->last_count > 0 && output_out->format != FORMAT_jsonl)
        return output_refuse(why, "scan: csv and table cannot be combined with formats for CI: "
                                  "use jsonl with those");
    if (output_out->last_count > 0 && options->resume != NULL)
        return output_refuse(why, "--resume: a format for CI shows all subjects, also those of "
                                  "the earlier run; use jsonl, csv or table");
    options->format = output_out->format; /* of what is made for each subject */
    return true;
}

/* output_head - the line above the rows; empty: there is none */
static struct span output_head(const struct app_scan_output *output, struct arena *arena)
{
    struct sbuf head = sbuf_start(arena);

    render_scan_head(output->format, &head);
    return sbuf_span(&head);
}

/* output_begins - how a file of these rows begins, whatever was found */
static struct span output_begins(const struct app_scan_output *output, struct arena *arena)
{
    if (output->format == FORMAT_jsonl)
        return span_of("{\"schema\":");
    return output_head(output, arena);
}

bool app_scan_output_open(struct app *app, struct app_scan_output *output, struct err *why)
{
    struct scan_rows *rows = &output->rows;

    if (rows->path == NULL)
        return true;
    rows->head = output_head(output, app->arena);
    rows->begins = output_begins(output, app->arena);
    return app->options.resume != NULL ? scan_rows_go_on(rows, why)
                                       : scan_rows_open(rows, app->arena, why);
}

bool app_scan_output_write(struct app_scan_output *output, struct span report, struct err *why)
{
    return output->rows.path == NULL || scan_rows_write(&output->rows, report, why);
}

/* output_wants_page - one of the files is a page */
static bool output_wants_page(const struct app_scan_output *output)
{
    for (size_t i = 0; i < output->last_count; i++)
        if (output->lasts[i].format == FORMAT_html)
            return true;
    return false;
}

void app_scan_output_keep(struct app_scan_output *output, struct span report)
{
    static const char *const keys[] = {"tool",   "time",    "subject",
                                       "result", "summary", "errors"};
    json_t *whole = NULL;
    json_t *kept = NULL;

    if (!output_wants_page(output))
        return;
    whole = json_loadb(report.at, report.len, 0, NULL);
    kept = json_object();
    for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
        if (json_object_get(whole, keys[i]) != NULL)
            json_object_set(kept, keys[i], json_object_get(whole, keys[i]));
    json_decref(whole);
    if (output->documents == NULL)
        output->documents = json_array();
    json_array_append_new(output->documents, kept);
}

bool app_scan_output_end(struct app *app, const struct app_scan_output *output,
                         const struct report_issues *issues, struct err *why)
{
    const struct render_scan shown = {.issues = issues, .documents = output->documents};
    bool has_format[FORMAT_COUNT] = {false};

    for (size_t i = 0; i < output->last_count; i++) {
        const struct app_scan_last *last = &output->lasts[i];
        struct report_options options = app_report_options(&app->options, last->path);
        struct sbuf out = sbuf_start(app->arena);

        has_format[last->format] = true;
        render_view_cell(VIEW_scan, last->format)(&shown, &options, &out);
        if (!app_write(last->path, sbuf_span(&out), why))
            return false;
    }
    app_ci_show(app, VIEW_scan, &shown, has_format);
    return true;
}

void app_scan_output_close(struct app_scan_output *output)
{
    json_decref(output->documents);
    scan_rows_close(&output->rows);
}
