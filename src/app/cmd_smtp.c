/*
 * smtp: the session as it would go; with --live connect to a server, or to all mail hosts of a
 * domain, and tell what it says.
 */
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "app/app_password.h"
#include "app/app_probe.h"
#include "app/pipeline.h"
#include "report/report_story.h"

#define WAIT_DEFAULT_MS  30000
#define PAUSE_DEFAULT_MS 1000

/* render - one output; what app_output() calls */
static void render(void *ctx, const struct render_format *format,
                   const struct report_options *options, struct sbuf *out)
{
    if (strcmp(format->name, "json") == 0)
        render_probe_json(ctx, out);
    else
        render_probe_text(ctx, options, out);
}

/* own_name - of this host, for EHLO; an address literal stands for a host without a name */
static const char *own_name(struct app *app)
{
    char name[256] = "";

    if (gethostname(name, sizeof(name) - 1) != 0 || name[0] == '\0')
        return "[127.0.0.1]";
    return arena_strdup(app->arena, name);
}

/* refuse - a usage error */
static bool refuse(struct err *why, const char *text)
{
    err_set_kind(why, ERR_USAGE, "%s", text);
    return false;
}

/* check_options - what must be said together */
static bool check_options(const struct app *app, struct err *why)
{
    const struct app_options *options = &app->options;
    const struct app_live *live = &options->live;

    if (app->line.argument_count > 1)
        return refuse(why, "a message is never sent: --live takes none");
    if (strcmp(live->target, "mx") == 0 && app->line.argument_count == 0)
        return refuse(why, "--live mx needs the domain: mailassay smtp DOMAIN --live mx");
    if (live->stop_after == SMTP_STATE_RCPT && options->rcpt == NULL)
        return refuse(why, "--stop-after rcpt needs the recipient: --rcpt ADDR");
    if (live->stop_after == SMTP_STATE_AUTH && live->user == NULL)
        return refuse(why, "--stop-after auth needs the user: --auth USER");
    if (live->user == NULL && (live->password_file != NULL || live->has_password_fd))
        return refuse(why, "a password is of no use without --auth USER");
    return true;
}

/* make_login - with the password; NULL without --auth, or with `why` */
static const struct smtp_login *make_login(struct app *app, struct err *why)
{
    const struct app_live *live = &app->options.live;
    struct smtp_login *login = NULL;

    if (live->user == NULL)
        return NULL;
    login = arena_new_of(app->arena, struct smtp_login);
    *login = (struct smtp_login){.user = live->user,
                                 .password = app_password(app, why),
                                 .mechanism = live->mechanism,
                                 .allows_clear = live->allows_clear};
    return login->password != NULL ? login : NULL;
}

/* default_stop - after STARTTLS, or after what else is asked for */
static enum smtp_state default_stop(const struct app *app)
{
    const struct app_live *live = &app->options.live;

    if (live->has_stop)
        return live->stop_after;
    return live->user != NULL ? SMTP_STATE_AUTH : SMTP_STATE_EHLO_AGAIN;
}

/* make_probe - what is the same for every host */
static struct smtp_probe make_probe(struct app *app, const struct smtp_login *login,
                                    int64_t now)
{
    const struct app_options *options = &app->options;
    const struct app_live *live = &options->live;

    return (struct smtp_probe){
        .tls = live->tls,
        .ehlo = live->ehlo != NULL ? live->ehlo : own_name(app),
        .stop_after = default_stop(app),
        .sender = options->mail_from != NULL ? options->mail_from : "",
        .recipient = options->rcpt,
        .login = login,
        .ca_file = live->ca_file,
        .patience_ms = live->wait_ms > 0 ? live->wait_ms : WAIT_DEFAULT_MS,
        .now = now,
    };
}

/* pause_between - be gentle to the next host */
static void pause_between(const struct app *app)
{
    const struct app_live *live = &app->options.live;
    unsigned ms = live->has_pause ? live->pause_ms : PAUSE_DEFAULT_MS;
    const struct timespec length = {ms / 1000, (long)(ms % 1000) * 1000000};

    nanosleep(&length, NULL);
}

/* run_all - every host in turn */
static bool run_all(struct app *app, struct probe_report *report,
                    const struct probe_targets *targets, struct err *why)
{
    const struct smtp_session **sessions =
        arena_array_of(app->arena, const struct smtp_session *, targets->count + 1);

    report->sessions = sessions;
    for (size_t i = 0; i < targets->count; i++) {
        const struct probe_target *target = &targets->all[i];

        if (i > 0)
            pause_between(app);
        sessions[i] = target->is_known
                          ? smtp_client_run(app->arena, &target->probe, why)
                          : smtp_client_not_begun(app->arena, &target->probe,
                                                  target->diagnosis, target->detail);
        if (sessions[i] == NULL)
            return false;
        report->count++;
    }
    return true;
}

/* set_status - 1 wins, then 5, then 3 */
static int set_status(struct app *app, const struct probe_report *report)
{
    size_t failed = 0;
    size_t unreached = 0;
    size_t undetermined = 0;

    for (size_t i = 0; i < report->count; i++) {
        const struct smtp_session *session = report->sessions[i];
        enum report_result result = probe_result(session);

        unreached += !session->is_connected;
        failed += session->is_connected && result == REPORT_FAIL;
        undetermined += session->is_connected && result == REPORT_UNDETERMINED;
    }
    app->reason = arena_printf(app->arena,
                               "of %zu hosts %zu failed, %zu could not be connected to, %zu "
                               "are undetermined",
                               report->count, failed, unreached, undetermined);
    if (failed > 0)
        return STATUS_FINDINGS;
    if (unreached > 0)
        return STATUS_UNREACHED;
    return undetermined > 0 ? STATUS_UNDETERMINED : STATUS_FINE;
}

/* probe - find the hosts, ask them, report */
static bool probe(struct pipeline *pipeline, struct probe_report *report, struct err *why)
{
    struct app *app = pipeline->app;
    const struct smtp_login *login = make_login(app, why);
    struct smtp_probe common = make_probe(app, login, pipeline->subject.now);
    struct probe_targets targets = {0};

    if (why->kind != ERR_NONE || !app_probe_targets(pipeline, &common, &targets, why))
        return false;
    report->now = pipeline->subject.now;
    report->domain = targets.domain;
    return run_all(app, report, &targets, why) &&
           pipeline_save(pipeline, app->options.save_snapshot, why) &&
           app_output(app, render, report, why);
}

/* ask_live - --live: hosts, sessions, status */
static int ask_live(struct app *app)
{
    const struct pipeline_request request = {
        .domain = app->line.argument_count > 0 ? app->line.arguments[0] : NULL,
        .is_verdict_only = true,
    };
    struct pipeline pipeline = {0};
    struct probe_report report = {0};
    struct err why = {0};
    int status = STATUS_FINE;

    if (check_options(app, &why) && app_output_check(app, &why) &&
        pipeline_open(&pipeline, app, &request, &why) && probe(&pipeline, &report, &why))
        status = set_status(app, &report);
    else
        status = app_fail(app, &why);
    pipeline_close(&pipeline);
    return status;
}

/* ---- offline ---- */

/* render_story - one output; JSON is the whole report, of which the story is a part */
static void render_story(void *ctx, const struct render_format *format,
                         const struct report_options *options, struct sbuf *out)
{
    if (strcmp(format->name, "text") == 0)
        render_story_text(ctx, options, out);
    else
        format->render(ctx, options, out);
}

/* judge - gather, check, save, tell */
static bool judge(struct pipeline *pipeline, struct report *report, struct err *why)
{
    struct app *app = pipeline->app;

    report->facts = pipeline_run(pipeline);
    report->findings = check_run(app->arena, report->facts);
    report->result = report_judge(report->facts, report->findings);
    return pipeline_save(pipeline, app->options.save_snapshot, why) &&
           app_output(app, render_story, report, why);
}

/* tell_story - without --live */
static int tell_story(struct app *app)
{
    const struct pipeline_request request = {
        .domain = app->line.argument_count > 0 ? app->line.arguments[0] : NULL,
        .message = app->line.argument_count > 1 ? app->line.arguments[1] : NULL,
        .has_envelope = true,
    };
    struct pipeline pipeline = {0};
    struct report report = {0};
    struct err why = {0};
    int status = STATUS_FINE;

    if (app->line.argument_count == 0)
        err_set_kind(&why, ERR_USAGE, "smtp needs a domain, or --live HOST[:PORT]");
    if (why.kind == ERR_NONE && app_output_check(app, &why) &&
        pipeline_open(&pipeline, app, &request, &why) && judge(&pipeline, &report, &why)) {
        status = report_exit_status(&report, app->options.threshold);
        app->reason = report_exit_reason(app->arena, &report, app->options.threshold);
    } else {
        status = app_fail(app, &why);
    }
    pipeline_close(&pipeline);
    return status;
}

int cmd_smtp(struct app *app)
{
    return app->options.live.target != NULL ? ask_live(app) : tell_story(app);
}
