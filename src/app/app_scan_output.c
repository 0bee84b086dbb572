/* A report is one write, so that what a full disk leaves of it is the end of the file. */
#include "app/app_scan_output.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app/app_ci.h"
#include "app/app_options.h"
#include "base/arena.h"
#include "base/file.h"
#include "base/file_write.h"
#include "render/render_scan.h"
#include "base/sbuf.h"
#include "model/report.h"

#define MODE_NEW 0666 /* what the umask leaves of it */
#define PACKED   ".zst"
#define PIECE    65536 /* octets of an earlier file that are read at a time */

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
    if (output->path != NULL)
        return output_refuse(why, "scan writes only one --output with one row per subject");
    output->path = path;
    output->is_packed = is_packed;
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
        .fd = -1, .format = FORMAT_jsonl, .is_unordered = options->is_unordered};
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

/* output_trouble - the file and the reason */
static bool output_trouble(const struct app_scan_output *output, struct err *why)
{
    bool is_stdout = strcmp(output->path, "-") == 0;

    err_set(why, "%s: %s", is_stdout ? "standard output" : output->path, strerror(errno));
    return false;
}

/* output_is_ours - the file begins with what a scan writes, or with a part of it */
static bool output_is_ours(const struct app_scan_output *output, struct span bytes)
{
    struct arena *arena = arena_open();
    struct sbuf head = sbuf_start(arena);
    bool is_ours = false;

    render_scan_head(output->format, &head);
    if (output->format == FORMAT_jsonl)
        sbuf_add(&head, "{\"schema\":");
    is_ours =
        span_equal(span_sub(bytes, 0, head.len), span_sub(sbuf_span(&head), 0, bytes.len));
    arena_close(arena);
    return is_ours;
}

/* output_read_earlier - count whole lines; where the last of them ends */
static bool output_read_earlier(struct app_scan_output *output, off_t *end_out, struct err *why)
{
    char bytes[PIECE];
    off_t at = 0;
    ptrdiff_t got = 0;

    *end_out = 0;
    while ((got = file_read(output->fd, bytes, sizeof(bytes))) > 0) {
        struct span rest = span_make(bytes, (size_t)got);
        ptrdiff_t end = 0;

        if (at == 0 && !output_is_ours(output, rest)) {
            err_set(why,
                    "%s: does not begin as %s does: --resume needs the file of an earlier scan",
                    output->path,
                    output->format == FORMAT_jsonl ? "a list of reports" : "such a list");
            return false;
        }
        at += got;
        while ((end = span_find(rest, '\n')) >= 0) {
            rest = span_from(rest, (size_t)end + 1);
            output->reports++;
            *end_out = at - (off_t)rest.len;
        }
    }
    return got == 0 || output_trouble(output, why);
}

/* output_go_on - with the file of an earlier run */
static bool output_go_on(struct app_scan_output *output, struct err *why)
{
    off_t end = 0;

    output->fd = open(output->path, O_RDWR | O_CLOEXEC);
    if (output->fd < 0)
        return output_trouble(output, why);
    if (!output_read_earlier(output, &end, why))
        return false;
    if (output->reports > 0 && output->format != FORMAT_jsonl)
        output->reports--; /* the line above the rows */
    output->earlier = output->reports;
    if (ftruncate(output->fd, end) != 0 || lseek(output->fd, end, SEEK_SET) < 0)
        return output_trouble(output, why);
    return true;
}

/* output_put - as it is, or packed */
static bool output_put(struct app_scan_output *output, struct span bytes)
{
    return output->packed != NULL ? zstd_file_write(output->packed, bytes)
                                  : file_write_all(output->fd, bytes);
}

/* output_head - the line above the rows */
static bool output_head(struct app *app, struct app_scan_output *output, struct err *why)
{
    struct sbuf head = sbuf_start(app->arena);

    render_scan_head(output->format, &head);
    return output_put(output, sbuf_span(&head)) || output_trouble(output, why);
}

bool app_scan_output_open(struct app *app, struct app_scan_output *output, struct err *why)
{
    if (output->path == NULL)
        return true;
    if (strcmp(output->path, "-") == 0) {
        output->fd = STDOUT_FILENO;
        return output_head(app, output, why);
    }
    if (file_is_taken(output->path, why))
        return false;
    if (app->options.resume != NULL) {
        if (!output_go_on(output, why))
            return false;
        return lseek(output->fd, 0, SEEK_CUR) > 0 || output_head(app, output, why);
    }
    output->fd = open(output->path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, MODE_NEW);
    if (output->fd < 0)
        return output_trouble(output, why);
    if (output->is_packed) {
        output->packed = zstd_file_open(app->arena, output->fd, why);
        if (output->packed == NULL)
            return false;
    }
    return output_head(app, output, why);
}

/* output_broke_off - the file, the reason, how much there is, and how to continue */
static bool output_broke_off(const struct app_scan_output *output, struct err *why)
{
    bool is_stdout = output->fd == STDOUT_FILENO;
    const char *name = is_stdout ? "standard output" : output->path;

    if (output->is_packed || output->is_unordered)
        err_set(why, "%s: %s after %llu reports; %s cannot be continued: start again", name,
                strerror(errno), (unsigned long long)output->reports,
                output->is_packed ? "a packed file" : "a run with --unordered");
    else
        err_set(why, "%s: %s after %llu reports; to continue later: --resume %s", name,
                strerror(errno), (unsigned long long)output->reports,
                is_stdout ? "FILE, with the file that contains them" : output->path);
    return false;
}

bool app_scan_output_write(struct app_scan_output *output, struct span report, struct err *why)
{
    if (output->path == NULL)
        return true;
    if (output_put(output, report)) {
        output->reports++;
        return true;
    }
    return output->fd == STDOUT_FILENO && errno == EPIPE ? output_trouble(output, why)
                                                         : output_broke_off(output, why);
}

bool app_scan_output_flush(struct app_scan_output *output, struct err *why)
{
    return output->packed == NULL || zstd_file_flush(output->packed) ||
           output_broke_off(output, why);
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
    zstd_file_close(output->packed);
    if (output->fd > STDERR_FILENO)
        close(output->fd);
    output->fd = -1;
}
