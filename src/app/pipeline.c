/* The order matters: the child gets ready meanwhile, and files come last. */
#include <string.h>

#include "app/pipeline.h"
#include "app/app_domain.h"
#include "app/app_hint.h"
#include "base/line_reader.h"
#include "app/app_progress.h"
#include "app/app_providers.h"
#include "auth/auth_dmarc.h"
#include "base/arena.h"
#include "base/clock.h"
#include "base/escape.h"
#include "base/file.h"
#include "base/ip.h"
#include "base/limits.h"
#include "base/limits_bounce.h"
#include "base/span.h"
#include "engine/engine.h"
#include "ledger/ledger.h"
#include "ledger/ledger_snapshot.h"
#include "mail/mail_message.h"
#include "model/engine_verdict.h"
#include "source/source.h"

/* set_envelope - what options say about the client and the sender */
static void set_envelope(struct subject *subject, const struct app_options *options)
{
    subject->ip = options->ip;
    subject->helo = options->helo;
    subject->mail_from = options->mail_from;
    subject->rcpt = options->rcpt;
    subject->ip_origin = options->ip.family != IP_NONE ? "--ip" : NULL;
    subject->helo_origin = options->helo != NULL ? "--helo" : NULL;
    subject->mail_from_origin = options->mail_from != NULL ? "--mail-from" : NULL;
    subject->anchors = options->anchors;
    subject->selectors = options->selectors.texts;
    subject->selector_count = options->selectors.count;
    subject->is_parked = options->is_parked;
}

/* pipeline_is_given - the text is what the user typed as the first argument */
static bool pipeline_is_given(const struct app *app, const char *text)
{
    return app->line.argument_count > 0 && text == app->line.arguments[0];
}

/* pipeline_set_domain - the argument, checked, or a name that needs no check */
static bool pipeline_set_domain(struct pipeline *pipeline,
                                const struct pipeline_request *request, struct err *why)
{
    struct arena *arena = pipeline->app->arena;
    const char *text = request->domain;
    const char *hint = NULL;

    if (request->name != NULL) {
        pipeline->subject.domain = request->name;
        pipeline->subject.domain_shown = request->name->text;
        return true;
    }
    if (text == NULL)
        return true;
    hint = pipeline_is_given(pipeline->app, text) ? app_hint_file(pipeline->app, text) : NULL;
    if (hint != NULL && strchr(text, '/') == NULL) {
        err_set_kind(why, ERR_USAGE, "%s", hint);
        return false;
    }
    pipeline->subject.domain = app_domain(arena, text, why);
    pipeline->subject.domain_shown = escape_shown(arena, text);
    if (pipeline->subject.domain == NULL)
        app_hint_add(pipeline->app, text, why);
    return pipeline->subject.domain != NULL;
}

/* set_engine - the libraries are asked unless that is not wanted; what keeps them from it is a
 * fact. With a message all will be asked: they get ready while the answers are on their way. */
static void set_engine(struct pipeline *pipeline, const struct pipeline_request *request)
{
    const struct app *app = pipeline->app;
    enum app_engines choice = app->options.engines;

    if (choice == ENGINES_OFF || (choice == ENGINES_DEFAULT && !request->has_engines))
        return;
    pipeline->work.engine = app->engine;
    pipeline->work.engine_trouble = app->engine_trouble;
    pipeline->work.is_engine_demanded = choice == ENGINES_ON;
    if (app->engine != NULL && request->message != NULL) {
        engine_expect(app->engine, ENGINE_LIBOPENDKIM);
        engine_expect(app->engine, ENGINE_LIBOPENDMARC);
        engine_expect(app->engine, ENGINE_LIBSPF2);
    }
}

/* choose_message - the file that the user named; what came back instead of a delivery is for
 * explain */
static struct mail_message *choose_message(struct app *app, const char *path, struct err *why)
{
    struct mail_message *message =
        mail_message_choose(app->arena, path, &app->options.message, why);
    const char *hint = NULL;

    if (message == NULL)
        app_hint_add(app, path, why);
    else
        hint = app_hint(app, path);
    if (message != NULL && hint == NULL && strcmp(path, "-") == 0) /* a pipe is read once */
        hint = app_hint_of(app, span_sub(message->came, 0, LIMIT_BOUNCE_HEAD), path);
    if (message != NULL && hint == NULL && message->report != NULL)
        hint = "this is a delivery report (RFC 3464); to explain it: mailassay explain -";
    if (hint != NULL)
        app_notice(app, hint);
    return message;
}

/* open_message - the file or standard input; what a list names is opened with more care */
static bool open_message(struct pipeline *pipeline, const struct pipeline_request *request,
                         struct err *why)
{
    struct arena *arena = pipeline->app->arena;
    const struct line_reader *lines = request->lines;
    const char *path = request->message;
    int fd = -1;

    pipeline->subject.message = request->parsed;
    if (path == NULL || request->parsed != NULL)
        return true;
    if (lines == NULL)
        pipeline->subject.message = choose_message(pipeline->app, path, why);
    else if ((fd = file_open_named(path, lines->fd, LIMIT_STDIN_BYTES, why)) >= 0)
        pipeline->subject.message = mail_message_open_at(arena, fd, path, why);
    return pipeline->subject.message != NULL;
}

/* ---- sources ---- */

/* pipeline_open_all - every --dns in order; returns how many could be opened */
static size_t pipeline_open_all(struct pipeline *pipeline, struct source **sources,
                                const struct app_list *specs, struct err *why)
{
    const struct app_options *options = &pipeline->app->options;
    size_t count = 0;

    while (count < specs->count) {
        const struct app *app = pipeline->app;

        sources[count] =
            app->held != NULL && app->held[count] != NULL
                ? source_open_again(app->held[count], app->arena)
                : source_open(app->arena, specs->texts[count], &options->source, why);
        if (sources[count] == NULL)
            break;
        count++;
    }
    return count;
}

/* pipeline_specs - what --dns says, or the system's resolver */
static struct app_list pipeline_specs(const struct app *app)
{
    static const char *live = "live";

    return app->options.dns.count > 0 ? app->options.dns : (struct app_list){&live, 1};
}

bool pipeline_hold(struct app *app, struct err *why)
{
    const struct app_list specs = pipeline_specs(app);
    struct source **held = arena_array_of(app->arena, struct source *, specs.count);

    for (size_t i = 0; i < specs.count; i++) {
        held[i] = source_open(app->arena, specs.texts[i], &app->options.source, why);
        if (held[i] == NULL)
            return false;
        if (held[i]->ops->open_again == NULL) {
            source_close(held[i]);
            held[i] = NULL;
        }
    }
    app->held = held;
    app->held_count = specs.count;
    return true;
}

void pipeline_hold_files(struct app *app)
{
    const struct app_list *specs = &app->options.dns;
    struct source **held = arena_array_of(app->arena, struct source *, specs->count);

    for (size_t i = 0; i < specs->count; i++) {
        struct span spec = span_of(specs->texts[i]);
        struct err unused = {0};

        if (span_starts_with(spec, "zone:") || span_starts_with(spec, "snapshot:"))
            held[i] = source_open(app->arena, specs->texts[i], &app->options.source, &unused);
    }
    app->held = held;
    app->held_count = specs->count;
}

void pipeline_release(struct app *app)
{
    for (size_t i = 0; i < app->held_count; i++)
        source_close(app->held[i]);
    app->held_count = 0;
}

/* pipeline_moment - when the facts were taken: the clock, unless all are from snapshots */
static int64_t pipeline_moment(struct source *const *sources, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (sources[i]->taken == 0)
            return clock_wall();
    return sources[0]->taken;
}

struct fetch_options pipeline_fetch_options(const struct app_options *options)
{
    return (struct fetch_options){.connect = options->https_connect,
                                  .ca_file = options->live.ca_file,
                                  .timeout_ms = options->source.timeout_ms};
}

/* open_fetch - what is asked of the live world goes for HTTPS too, unless options say otherwise
 */
static void open_fetch(struct pipeline *pipeline, bool has_live)
{
    const struct app_options *options = &pipeline->app->options;

    if (options->has_no_https || (!has_live && options->https_connect == NULL))
        return;
    pipeline->fetch = pipeline_fetch_options(options);
    pipeline->work.fetch = fetch_all;
    pipeline->work.fetch_ctx = &pipeline->fetch;
}

/* is_of_type - "zone", "snapshot", "live" */
static bool is_of_type(const struct source *source, const char *type)
{
    return strcmp(source->ops->type, type) == 0;
}

/* is_whole - zones of a closed world */
static bool is_whole(const struct source *source)
{
    const struct source_world *world = source_world_of(source);

    return world != NULL && !world->is_open;
}

/* note_world - say what a file of DNS as code is taken for */
static void note_world(const struct app *app, const struct source *source)
{
    const struct source_world *world = source_world_of(source);

    if (world == NULL || is_of_type(source, "zone"))
        return;
    app_notice(app, source_world_text(app->arena, world));
    app_notices(app, world->notes, world->note_count);
}

/* is_file - nobody is asked now, not even a resolver on loopback, which forwards as a rule */
static bool is_file(const struct source *source)
{
    return is_whole(source) || is_of_type(source, "snapshot");
}

/* open_sources - one, or an overlay of several, and the time that goes with them */
static bool open_sources(struct pipeline *pipeline, struct err *why)
{
    struct app *app = pipeline->app;
    const struct app_list specs = pipeline_specs(app);
    struct source **sources = NULL;
    size_t count = 0;
    bool has_live = false;

    sources = arena_array_of(app->arena, struct source *, specs.count);
    count = pipeline_open_all(pipeline, sources, &specs, why);
    if (count < specs.count) {
        while (count > 0)
            source_close(sources[--count]);
        return false;
    }
    pipeline->subject.now =
        app->options.has_now ? app->options.now : pipeline_moment(sources, count);
    pipeline->is_all_zones = true;
    pipeline->is_all_files = true;
    for (size_t i = 0; i < count; i++) {
        has_live |= is_of_type(sources[i], "live");
        if (app->held == NULL)
            note_world(app, sources[i]);
        pipeline->is_all_zones &= is_whole(sources[i]);
        pipeline->is_all_files &= is_file(sources[i]);
    }
    open_fetch(pipeline, has_live);
    pipeline->work.source = source_overlay_open(app->arena, sources, count);
    return true;
}

/* ---- together ---- */

bool pipeline_open(struct pipeline *pipeline, struct app *app,
                   const struct pipeline_request *request, struct err *why)
{
    *pipeline = (struct pipeline){.app = app};
    pipeline->work.arena = app->arena;
    pipeline->work.is_verdict_only = request->is_verdict_only;
    pipeline->work.has_envelope = request->has_envelope;
    set_engine(pipeline, request);
    pipeline->work.providers = app_providers_open(app, why);
    if (pipeline->work.providers == NULL)
        return false;
    pipeline->has_policy = request->has_policy;
    set_envelope(&pipeline->subject, &app->options);
    if (!pipeline_set_domain(pipeline, request, why))
        return false;
    if (!open_message(pipeline, request, why) || !open_sources(pipeline, why) ||
        !app_files_check(&app->options, why))
        return false;
    pipeline->work.ledger = ledger_open(app->arena);
    return true;
}

/* add_policy - what the domain publishes, to facts without an audit */
static const struct facts *add_policy(struct pipeline *pipeline, const struct facts *facts)
{
    struct gather_work *work = &pipeline->work;
    struct facts *more = arena_new_of(work->arena, struct facts);

    *more = *facts;
    while ((more->domain.dmarc =
                auth_dmarc_discover(work->arena, work->ledger, pipeline->subject.domain))
               ->is_pending)
        ledger_fill(work->ledger, work->source);
    more->rounds = ledger_rounds(work->ledger);
    more->questions = ledger_count(work->ledger);
    return more;
}

const struct facts *pipeline_run(struct pipeline *pipeline)
{
    struct app_progress progress;
    const struct facts *facts = NULL;

    app_progress_open(&progress, pipeline->app, pipeline->work.ledger);
    facts = gather_run(&pipeline->work, &pipeline->subject);
    if (pipeline->has_policy && pipeline->subject.domain != NULL)
        facts = add_policy(pipeline, facts);
    app_progress_close(&progress);
    if (pipeline->work.engine_trouble != NULL)
        app_note(pipeline->app,
                 arena_printf(pipeline->app->arena, "the libraries do not run: %s",
                              pipeline->work.engine_trouble));
    return facts;
}

const struct dns_answer *pipeline_ask(struct pipeline *pipeline, const struct dns_name *name,
                                      enum dns_type type)
{
    struct gather_work *work = &pipeline->work;

    if (ledger_ask(work->ledger, name, type)->status == DNS_PENDING)
        ledger_fill(work->ledger, work->source);
    return ledger_ask(work->ledger, name, type);
}

bool pipeline_save(const struct pipeline *pipeline, const char *path, struct err *why)
{
    if (path == NULL)
        return true;
    if (file_is_taken(path, why) || !ledger_save(pipeline->work.ledger, pipeline->app->arena,
                                                 path, pipeline->subject.now, why))
        return false;
    file_take(path);
    return true;
}

void pipeline_close(struct pipeline *pipeline)
{
    source_close(pipeline->work.source);
    mail_message_close(pipeline->subject.message);
}

bool pipeline_try(struct app *app, struct err *why)
{
    const struct pipeline_request request = {.domain = NULL};
    struct app copy = *app;
    struct pipeline pipeline = {0};
    bool is_fine = false;

    copy.options.engines = ENGINES_OFF;
    is_fine = pipeline_open(&pipeline, &copy, &request, why);
    pipeline_close(&pipeline);
    return is_fine;
}
