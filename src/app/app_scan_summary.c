/* Time left is estimated from the part of the list that was read: lines are not counted. */
#include "app/app_scan_summary.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app/app_options.h"
#include "app/app_scan_subject.h"
#include "base/clock.h"
#include "base/must.h"
#include "model/finding.h"
#include "model/report.h"
#include "render/render_view.h"

#define SHOW_MS       500 /* between two lines of progress */
#define MS_PER_SECOND 1000
#define SECONDS_A_MIN 60
#define SHOWN_IDS     10
#define ERASE         "\r\033[K"

void app_scan_summary_open(struct app_scan_summary *summary, const struct app *app,
                           const struct line_reader *lines)
{
    const char *term = getenv("TERM");
    struct stat about = {0};

    *summary = (struct app_scan_summary){.since_ms = clock_monotonic_ms()};
    summary->is_watched = !app->options.is_quiet && isatty(STDERR_FILENO) && term != NULL &&
                          strcmp(term, "dumb") != 0;
    if (fstat(lines->fd, &about) == 0 && S_ISREG(about.st_mode))
        summary->list_bytes = about.st_size;
}

/* summary_left_ms - until the end of the list; -1: not known */
static int64_t summary_left_ms(const struct app_scan_summary *summary,
                               const struct line_reader *lines, int64_t spent_ms)
{
    int64_t at = summary->list_bytes > 0 ? (int64_t)lseek(lines->fd, 0, SEEK_CUR) : -1;

    at -= (int64_t)(lines->end - lines->start);
    if (at <= 0 || at > summary->list_bytes)
        return -1;
    return (summary->list_bytes - at) * (spent_ms / at) +
           (summary->list_bytes - at) * (spent_ms % at) / at;
}

/* summary_show - the line again */
static void summary_show(struct app_scan_summary *summary, const struct line_reader *lines,
                         int64_t now)
{
    int64_t spent_ms = now - summary->since_ms;
    int64_t left_ms = summary_left_ms(summary, lines, spent_ms);

    fprintf(stderr, ERASE "%zu done, %lld/s", summary->reports,
            (long long)((int64_t)summary->reports * MS_PER_SECOND / (spent_ms + 1)));
    if (left_ms >= 0)
        fprintf(stderr, ", %lld:%02lld left",
                (long long)(left_ms / MS_PER_SECOND / SECONDS_A_MIN),
                (long long)(left_ms / MS_PER_SECOND % SECONDS_A_MIN));
    fflush(stderr);
    summary->is_shown = true;
    summary->shown_ms = now;
}

void app_scan_summary_count(struct app_scan_summary *summary, const struct scan_done *done,
                            const struct line_reader *lines)
{
    struct app_scan_tally tally;
    int64_t now = 0;

    must(done->tally.len == sizeof(tally));
    memcpy(&tally, done->tally.at, sizeof(tally));
    summary->reports++;
    summary->kinds[done->kind]++;
    if (tally.forgery >= 0 && tally.forgery < SCAN_FORGERIES)
        summary->forgery[tally.forgery]++;
    for (size_t i = 0; i < FINDING_IDS; i++)
        summary->fired[i] += tally.fired[i / SCAN_FIRED_BITS] >> i % SCAN_FIRED_BITS & 1;
    if (!summary->is_watched)
        return;
    now = clock_monotonic_ms();
    if (now - summary->shown_ms >= SHOW_MS)
        summary_show(summary, lines, now);
}

/* most_frequent - the finding that fires most and is not in `shown`; FINDING_IDS: none */
static size_t most_frequent(const struct app_scan_summary *summary, const bool *shown)
{
    size_t most = FINDING_IDS;

    for (size_t i = 0; i < FINDING_IDS; i++)
        if (!shown[i] && summary->fired[i] > 0 && check_row_get(i)->severity <= SEV_WARNING &&
            (most == FINDING_IDS || summary->fired[i] > summary->fired[most]))
            most = i;
    return most;
}

/* summary_print - the counts */
static void summary_print(const struct app_scan_summary *summary)
{
    bool shown[FINDING_IDS] = {false};

    fprintf(stderr, "%zu subjects: %zu fail, %zu undetermined, %zu could not be read\n",
            summary->reports, summary->kinds[SCAN_FAILING], summary->kinds[SCAN_UNDETERMINED],
            summary->kinds[SCAN_UNREAD]);
    fputs("forgery:", stderr);
    for (int i = 0; i < SCAN_FORGERIES; i++)
        fprintf(stderr, "%s %zu %s", i > 0 ? "," : "", summary->forgery[i],
                report_forgery_to_text((enum report_forgery)i));
    fputc('\n', stderr);
    for (size_t i = 0; i < SHOWN_IDS; i++) {
        size_t id = most_frequent(summary, shown);

        if (id == FINDING_IDS)
            return;
        shown[id] = true;
        fprintf(stderr, "%7zu %s\n", summary->fired[id], check_row_get(id)->id);
    }
}

void app_scan_summary_close(struct app_scan_summary *summary, const struct app *app)
{
    const struct app_options *options = &app->options;

    if (summary->is_shown)
        fputs(ERASE, stderr);
    summary->is_shown = false;
    /* into a pipe of JSON lines nothing is said that was never said there */
    if (!options->is_quiet &&
        (summary->is_watched || options->is_verbose || options->outputs.count > 0 ||
         options->resume != NULL || options->format != FORMAT_jsonl))
        summary_print(summary);
}
