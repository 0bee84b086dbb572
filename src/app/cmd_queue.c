/* queue: fill it, show its progress, collect the reports. scan --queue makes them. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/line_reader.h"
#include "app/app_options.h"
#include "app/app_queue.h"
#include "app/app_run.h"
#include "app/app_scan_output.h"
#include "auth/auth_dkim_sink.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/sbuf.h"
#include "base/span.h"
#include "base/suggest.h"
#include "queue/queue.h"
#include "render/render_view.h"
#include "scan/scan_rows.h"

#define FINGERPRINT_OCTETS 32 /* SHA-256 (FIPS 180-4) */

struct queue_run {
    struct app *app;
    struct queue *queue;
};

/* ---- options ---- */

struct queue *app_queue_open(const struct app *app, struct err *why)
{
    if (app->options.queue.url != NULL)
        return queue_open(app->arena, &app->options.queue, why);
    err_set_kind(why, ERR_USAGE, "queue needs a server: --queue nats://HOST");
    return NULL;
}

/* queue_key - a name for a subject: lines that are equal but for blanks around them are one;
 * what is too long to be judged is distinguished by its place */
static const char *queue_key(struct arena *arena, const struct queue_item *item)
{
    unsigned char octets[FINGERPRINT_OCTETS];
    struct sbuf key = sbuf_start(arena);
    struct span text = span_trim(item->text);

    if (item->is_too_long)
        text = span_of(arena_printf(arena, "too long: %llu", (unsigned long long)item->number));
    auth_dkim_fingerprint(text, octets);
    for (size_t i = 0; i < sizeof(octets); i++)
        sbuf_addf(&key, "%02x", octets[i]);
    return sbuf_text(&key);
}

/* ---- fill ---- */

/* queue_fill_line - one subject */
static bool queue_fill_line(struct queue_run *run, const struct queue_item *item,
                            struct err *why)
{
    struct arena *arena = arena_open();
    bool is_put = queue_put(run->queue, queue_key(arena, item), item, why);

    arena_close(arena);
    return is_put;
}

/* queue_fill_lines - all of the list that are subjects */
static bool queue_fill_lines(struct queue_run *run, struct line_reader *lines,
                             uint64_t *count_out, struct err *why)
{
    struct span line;

    while (line_reader_next(lines, &line, why)) {
        struct queue_item item = {.number = lines->number, .is_too_long = lines->was_too_long};

        item.text = item.is_too_long ? span_of("") : span_trim(line);
        if (!item.is_too_long && (item.text.len == 0 || item.text.at[0] == '#'))
            continue;
        if (!queue_fill_line(run, &item, why))
            return false;
        ++*count_out;
    }
    return why->kind == ERR_NONE && queue_end_put(run->queue, why);
}

/* queue_sum - all subjects that the queue has had */
static uint64_t queue_sum(const struct queue_counts *counts)
{
    return counts->left + counts->judged + counts->aside;
}

/* queue_say_stored - how many of the list are new; one that is there is not stored again */
static void queue_say_stored(uint64_t count, uint64_t added)
{
    if (added >= count) /* others may fill it at the same time */
        fprintf(stderr, "%llu subjects stored\n", (unsigned long long)count);
    else
        fprintf(stderr, "%llu subjects stored; %llu already in the queue\n",
                (unsigned long long)added, (unsigned long long)(count - added));
}

/* queue_run_fill - from a file or standard input */
static bool queue_run_fill(struct queue_run *run, struct err *why)
{
    const struct app_line *line = &run->app->line;
    struct line_reader lines = {.fd = -1};
    struct queue_counts before = {0};
    struct queue_counts after = {0};
    uint64_t count = 0;
    bool is_fine = line_reader_open(&lines, run->app->arena,
                                    line->argument_count > 1 ? line->arguments[1] : "-", why) &&
                   queue_make(run->queue, why) && queue_count(run->queue, &before, why) &&
                   queue_fill_lines(run, &lines, &count, why) &&
                   queue_count(run->queue, &after, why);

    line_reader_close(&lines);
    if (is_fine && !run->app->options.is_quiet)
        queue_say_stored(count, queue_sum(&after) - queue_sum(&before));
    return is_fine;
}

/* ---- status and collect ---- */

/* queue_run_status - one line */
static bool queue_run_status(struct queue_run *run, struct err *why)
{
    struct queue_counts counts = {0};
    struct arena *arena = run->app->arena;

    if (!queue_count(run->queue, &counts, why))
        return false;
    return app_write(
        "-",
        span_of(arena_printf(
            arena, "waiting %llu, of them in progress %llu; done %llu; failed %llu\n",
            (unsigned long long)counts.left, (unsigned long long)counts.in_hand,
            (unsigned long long)counts.judged, (unsigned long long)counts.aside)),
        why);
}

/* queue_write_report - into the file */
static bool queue_write_report(void *ctx, struct span report, struct err *why)
{
    return scan_rows_write(ctx, report, why);
}

/* queue_run_collect - all reports that are there */
static bool queue_run_collect(struct queue_run *run, struct err *why)
{
    struct app_scan_output output = {.rows = {.fd = -1}};
    const struct queue_reader reader = {queue_write_report, &output.rows};
    bool is_fine = app_scan_output_check(run->app, &output, why);

    if (is_fine && (output.format != FORMAT_jsonl || output.last_count > 0)) {
        err_set_kind(why, ERR_USAGE, "queue collect writes JSON Lines: name the file *.jsonl");
        is_fine = false;
    }
    is_fine = is_fine && app_scan_output_open(run->app, &output, why) &&
              queue_collect(run->queue, &reader, why);
    app_scan_output_close(&output);
    if (is_fine && !run->app->options.is_quiet)
        fprintf(stderr, "%llu reports\n", (unsigned long long)output.rows.reports);
    return is_fine;
}

/* ---- the command line ---- */

static const struct queue_action {
    const char *name;
    size_t most; /* arguments */
    bool takes_output;
    bool (*run)(struct queue_run *run, struct err *why);
} queue_actions[] = {
    {"fill", 2, false, queue_run_fill},
    {"status", 1, false, queue_run_status},
    {"collect", 1, true, queue_run_collect},
};

/* queue_action_of - what the first argument says; NULL and `why` */
static const struct queue_action *queue_action_of(const struct app *app, struct err *why)
{
    const struct app_line *line = &app->line;

    for (size_t i = 0; i < COUNT_OF(queue_actions); i++) {
        const struct queue_action *action = &queue_actions[i];

        if (strcmp(line->arguments[0], action->name) != 0)
            continue;
        if (line->argument_count <= action->most &&
            (action->takes_output || app->options.outputs.count == 0))
            return action;
        err_set_kind(why, ERR_USAGE, "queue %s takes no %s", action->name,
                     line->argument_count > action->most ? "further argument" : "--output");
        return NULL;
    }
    err_set_kind(why, ERR_USAGE, "queue: expected fill, status or collect%s",
                 suggest_among(app->arena, line->arguments[0], "fill, status or collect"));
    return NULL;
}

int cmd_queue(struct app *app)
{
    struct queue_run run = {.app = app};
    struct err why = {0};
    const struct queue_action *action = queue_action_of(app, &why);
    bool is_fine = false;

    if (action != NULL)
        run.queue = app_queue_open(app, &why);
    is_fine = run.queue != NULL && action->run(&run, &why);
    queue_close(run.queue);
    return is_fine ? STATUS_FINE : app_fail(app, &why);
}
