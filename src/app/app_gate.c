/*
 * Everything that was named is read, then everything is judged, and only then written.
 */
#include <string.h>
#include <sys/stat.h>

#include "app/app_gate.h"
#include "app/app_gate_accept.h"
#include "app/app_options.h"
#include "app/app_traffic.h"
#include "app/pipeline.h"
#include "base/arena.h"
#include "base/file.h"
#include "ledger/ledger.h"
#include "ledger/ledger_snapshot.h"
#include "source/zone.h"
#include "base/sbuf.h"
#include "model/dns_answer.h"
#include "report/report.h"
#include "source/source.h"

#define OLD APP_GATE_OLD
#define NEW APP_GATE_NEW

#define NOTES_SHOWN   10 /* about reports of receivers */
#define DOUBLED_SHOWN 5  /* of one zone: enough to see how it is written */

/* ---- opening ---- */

/* gate_is_word - the list is that one word */
static bool gate_is_word(const struct app_list *list, const char *word)
{
    return list->count == 1 && strcmp(list->texts[0], word) == 0;
}

/* open_worlds - what was named, or live DNS in place of what was not */
static bool open_worlds(struct app_gate *gate, struct err *why)
{
    static const char *live = "live";
    const struct app_options *options = &gate->app->options;
    const struct app_list none = {NULL, 0};
    const struct app_list *given[2] = {&options->old_worlds, &options->new_worlds};
    struct app_list beside = options->beside.count > 0 ? options->beside : options->dns;

    if (beside.count == 0)
        beside = (struct app_list){&live, 1};
    if (gate_is_word(&beside, "none"))
        beside = none;
    for (size_t i = 0; i < 2; i++) {
        const struct app_world_request request = {
            *given[i], gate_is_word(given[i], "live") ? none : beside};

        if (!app_world_open(gate->app, &request, &gate->worlds[i], why))
            return false;
    }
    return true;
}

/* warn_of_aliases - what nobody but the DNS provider knows */
static void warn_of_aliases(const struct app_gate *gate)
{
    const struct app_world *world = &gate->worlds[NEW];
    const struct source_world *file = NULL;

    for (size_t i = 0; (file = app_world_file(world, i)) != NULL; i++)
        for (size_t j = 0; j < file->zone_count; j++)
            for (const struct zone_remark *alias = zone_aliases(file->zones[j]); alias != NULL;
                 alias = alias->next)
                app_notice(gate->app,
                           arena_printf(gate->app->arena,
                                        "%s:%d: ALIAS from %s to %s: the DNS provider "
                                        "generates its addresses, which are unknown here",
                                        alias->file, alias->line, alias->owner->text,
                                        alias->text));
}

/* a search for names that were written in full without their final dot */
struct doubled {
    const struct app *app;
    const struct dns_name *apex;
    size_t count;
};

/* is_doubled - the name ends in the zone's name twice */
static bool is_doubled(const struct dns_name *name, const struct dns_name *apex)
{
    size_t len = strlen(apex->text);
    size_t rest = name != NULL ? strlen(name->text) : 0;

    for (int i = 0; i < 2; i++) {
        if (name == NULL || rest < len || memcmp(name->text + rest - len, apex->text, len) != 0)
            return false;
        rest -= len;
        if (rest > 0 && name->text[--rest] != '.')
            return false;
    }
    return true;
}

/* warn_of_doubled - one record: its owner, and where it leads */
static void warn_of_doubled(void *ctx, const struct dns_rr *rr)
{
    struct doubled *doubled = ctx;
    const struct dns_name *names[] = {rr->owner, rr->target};

    for (size_t i = 0; i < 2; i++)
        if (is_doubled(names[i], doubled->apex) && doubled->count++ < DOUBLED_SHOWN)
            app_notice(
                doubled->app,
                arena_printf(
                    doubled->app->arena,
                    "%s:%d: %s ends in the name of the zone twice: is a final dot missing?",
                    rr->file, rr->line, names[i]->text));
}

/* leave_doubled - what a mistyped name seems to be about is not a domain with mail */
static void leave_doubled(struct app_gate_subjects *subjects, const struct dns_name *apex)
{
    for (size_t i = 0; i < subjects->count; i++)
        if (is_doubled(subjects->list[i]->domain, apex))
            subjects->list[i]->is_doubled = true;
}

/* warn_of_names - zone by zone */
static void warn_of_names(const struct app_gate *gate)
{
    const struct source_world *file = NULL;

    for (size_t i = 0; (file = app_world_file(&gate->worlds[NEW], i)) != NULL; i++)
        for (size_t j = 0; j < file->zone_count; j++) {
            struct doubled doubled = {gate->app, zone_apex(file->zones[j]), 0};

            if (doubled.apex->len > 1) /* the root has no name */
                zone_each_record(file->zones[j], warn_of_doubled, &doubled);
            if (doubled.count > 0)
                leave_doubled(gate->subjects, doubled.apex);
        }
}

/* add_message - one sample */
static void add_message(struct app_gate *gate, const char *path)
{
    struct app_gate_message message = {.path = path};

    arena_append(gate->app->arena, gate->messages, gate->message_count, message);
}

/* add_messages - a file, or all files of a folder */
static bool add_messages(struct app_gate *gate, const char *path, struct err *why)
{
    struct file_name_list list = {NULL, 0};
    struct stat about = {0};

    if (stat(path, &about) != 0 || !S_ISDIR(about.st_mode)) {
        add_message(gate, path);
        return true;
    }
    if (!file_names(gate->app->arena, path, &list, why))
        return false;
    for (size_t i = 0; i < list.count; i++) {
        const char *file = file_in_folder(gate->app->arena, path, list.names[i]);

        if (stat(file, &about) == 0 && S_ISREG(about.st_mode))
            add_message(gate, file);
    }
    if (list.count == 0)
        err_set(why, "--message %s: the folder contains no message", path);
    return list.count > 0;
}

/* gate_find_author - whose a sample is, as the old world has it */
static bool gate_find_author(struct app_gate *gate, struct app_gate_message *message,
                             struct err *why)
{
    const struct pipeline_request request = {.message = message->path, .is_verdict_only = true};
    struct app app = app_world_use(gate->app, &gate->worlds[OLD], gate->app->arena);
    struct pipeline pipeline = {0};
    bool is_open = false;

    app.options.engines = ENGINES_OFF;
    is_open = pipeline_open(&pipeline, &app, &request, why);
    if (is_open)
        message->domain = pipeline_run(&pipeline)->subject->domain;
    pipeline_close(&pipeline);
    if (!is_open)
        return false;
    if (message->domain != NULL) {
        struct app_gate_subject *subject =
            app_gate_subjects_get(gate->subjects, message->domain);

        subject->is_candidate = subject->is_quiet = false;
    }
    return true;
}

/* open_messages - the samples, and their domains */
static bool open_messages(struct app_gate *gate, struct err *why)
{
    const struct app_list *given = &gate->app->options.messages;

    for (size_t i = 0; i < given->count; i++)
        if (!add_messages(gate, given->texts[i], why))
            return false;
    for (size_t i = 0; i < gate->message_count; i++)
        if (!gate_find_author(gate, &gate->messages[i], why))
            return false;
    return true;
}

/* note_files - what the worlds were read from */
static void note_files(struct app_gate *gate)
{
    static const char *const names[] = {"old", "new"};
    struct render_gate_file *files = NULL;
    const struct source_world *file = NULL;

    for (size_t world = 0; world < 2; world++)
        for (size_t i = 0; (file = app_world_file(&gate->worlds[world], i)) != NULL; i++) {
            bool is_zone_file = strncmp(file->name, "zone:", 5) == 0;
            const struct render_gate_file one = {
                .world = names[world],
                .file = file->file,
                .format = file->format,
                .is_open = file->is_open,
                .text = is_zone_file ? NULL : source_world_text(gate->app->arena, file),
            };

            arena_append(gate->app->arena, files, gate->shown.file_count, one);
            app_notices(gate->app, file->notes, file->note_count);
        }
    gate->shown.files = files;
}

/* is_about - what a report says is about a subject, or a domain above or below it */
static bool is_about(const struct app_gate *gate, const struct feedback_report *report)
{
    const struct dns_name *domain = dns_name_from_text(gate->app->arena, report->policy.domain);

    for (size_t i = 0; domain != NULL && i < gate->subjects->count; i++) {
        const struct dns_name *subject = gate->subjects->list[i]->domain;

        if (dns_name_equal(domain, subject) || dns_name_is_below(domain, subject) ||
            dns_name_is_below(subject, domain))
            return true;
    }
    return false;
}

/* warn_of_reports - those that are left out, or about others: traffic that is not evaluated */
static void warn_of_reports(const struct app_gate *gate)
{
    const struct feedback_set *set = gate->reports;
    size_t count = 0;
    size_t shown = 0;

    for (const struct feedback_note *note = set->notes; note != NULL; note = note->next)
        if (count++ < NOTES_SHOWN)
            app_notice(gate->app,
                       arena_printf(gate->app->arena, "%s: %s", note->place, note->text));
    shown = count < NOTES_SHOWN ? count : NOTES_SHOWN;
    for (const struct feedback_report *one = set->reports; one != NULL; one = one->next)
        if (!is_about(gate, one) && ++count && shown < 2 * NOTES_SHOWN && ++shown)
            app_notice(
                gate->app,
                arena_printf(gate->app->arena,
                             "%s: about %s, which the change does not affect: not counted",
                             one->place, one->policy.domain));
    if (count + set->notes_left_off > shown)
        app_notice(gate->app, arena_printf(gate->app->arena, "%zu more notes about the reports",
                                           count + set->notes_left_off - shown));
    if (set->row_count == 0 && set->tls_count == 0)
        app_notice(gate->app, "no usable report from receivers: traffic is not evaluated");
}

/* open_issues - what formats for CI show, and the files whose lines they mark */
static void open_issues(struct app_gate *gate)
{
    struct app *app = gate->app;
    struct issue_change *change = &gate->change;
    const struct source_world *file = NULL;

    change->is_diff = gate->view == VIEW_diff;
    change->has_all = app->options.has_all;
    for (size_t world = 0; world < 2; world++)
        for (size_t i = 0; (file = app_world_file(&gate->worlds[world], i)) != NULL; i++)
            arena_append(app->arena, change->worlds[world].files, change->worlds[world].count,
                         file);
    change->issues = report_issues_open(app->arena, change->is_diff ? "diff" : "gate",
                                        gate->shown.time, app->options.threshold);
    gate->shown.issues = change->issues;
}

/* open_outputs - a text for the terminal and one for files */
static void open_outputs(struct app_gate *gate)
{
    static const char *const paths[] = {"-", "file"};

    for (size_t i = 0; i < 2; i++) {
        gate->shown.texts[i].options = app_report_options(&gate->app->options, paths[i]);
        gate->shown.texts[i].text = sbuf_start(gate->app->arena);
    }
    gate->shown.subjects = json_array();
    gate->shown.time = app_options_now(&gate->app->options);
    gate->shown.old_specs = gate->worlds[OLD].specs.texts;
    gate->shown.old_count = gate->worlds[OLD].specs.count;
    gate->shown.new_specs = gate->worlds[NEW].specs.texts;
    gate->shown.new_count = gate->worlds[NEW].specs.count;
    gate->shown.accepts = &gate->accepts;
    open_issues(gate);
    if (gate->app->options.save_snapshot != NULL)
        gate->answers = ledger_open(gate->app->arena);
}

/* has_changes - a file says what changes, so that nothing about mail is an answer, too */
static bool has_changes(const struct app_gate *gate)
{
    const struct render_gate_file *files = gate->shown.files;

    for (size_t i = 0; files != NULL && i < gate->shown.file_count; i++)
        if (files[i].is_open)
            return true;
    return false;
}

bool app_gate_open(struct app_gate *gate, struct app *app, enum render_view view,
                   struct err *why)
{
    *gate = (struct app_gate){.app = app, .view = view};
    if (!app_output_check(app, view, why) || !open_worlds(gate, why) ||
        !app_traffic_read(app, &gate->reports, why) ||
        !app_policies_open(app, &gate->policies, why) ||
        !app_gate_accepts_load(app, &gate->worlds[NEW], &gate->accepts, why) ||
        (app->options.baseline != NULL &&
         !report_read_baseline(app->arena, &gate->baseline, app->options.baseline, why)))
        return false;
    note_files(gate);
    gate->subjects = app_gate_subjects_find(app, gate->worlds);
    if (!open_messages(gate, why))
        return false;
    if (gate->subjects->count == 0 && !has_changes(gate)) {
        err_set(why, "no domain with mail records in OLD or NEW: nothing to compare");
        return false;
    }
    warn_of_aliases(gate);
    warn_of_names(gate);
    if (gate->reports != NULL)
        warn_of_reports(gate);
    open_outputs(gate);
    return true;
}

#define THINGS_LEAST 3 /* fewer losses than this are a change like any other */

bool app_gate_run(struct app_gate *gate, struct err *why)
{
    struct issue_file file = {0};
    bool is_fine = true;

    for (size_t i = 0; i < gate->subjects->count && is_fine; i++)
        is_fine = app_gate_judge(gate, gate->subjects->list[i], &file, why);
    if (file.arena != NULL)
        arena_close(file.arena);
    if (is_fine && gate->had >= THINGS_LEAST && gate->kept == 0) {
        err_set(why,
                "none of the mail records of OLD (%zu records of %s) is in NEW: are OLD and "
                "NEW swapped, or is it the wrong file?",
                gate->had,
                gate->shown.sum.subjects == 1
                    ? gate->subjects->list[0]->domain->text
                    : arena_printf(gate->app->arena, "%zu domains", gate->shown.sum.subjects));
        return false;
    }
    return is_fine;
}

bool app_gate_write(struct app_gate *gate, struct err *why)
{
    if (gate->answers != NULL &&
        !ledger_save(gate->answers, gate->app->arena, gate->app->options.save_snapshot,
                     gate->shown.time, why))
        return false;
    gate->shown.is_short = gate->counting == 0 && gate->shown.sum.undetermined == 0 &&
                           !gate->app->options.is_verbose && !gate->app->options.has_all;
    return app_output(gate->app, gate->view, &gate->shown, why);
}

void app_gate_close(struct app_gate *gate)
{
    json_decref(gate->shown.subjects);
    issue_change_close(&gate->change);
    app_world_close(&gate->worlds[OLD]);
    app_world_close(&gate->worlds[NEW]);
}
