/* Which options go together; targets, sessions, report, status. */
#include "app/app_live.h"

#include <string.h>
#include <time.h>
#include <unistd.h>

#include "app/app_options.h"
#include "app/app_password.h"
#include "app/app_policies.h"
#include "app/app_probe.h"
#include "app/app_probe_judge.h"
#include "app/pipeline.h"
#include "base/arena.h"
#include "base/clock.h"
#include "base/ip.h"
#include "base/span.h"
#include "issue/issue.h"
#include "model/probe_report.h"
#include "model/report.h"
#include "model/smtp_dialogue.h"
#include "model/smtp_probe.h"
#include "render/render_view.h"
#include "session/session_probe.h"
#include "smtp/smtp_auth.h"
#include "smtp/smtp_client.h"

#define WAIT_DEFAULT_MS 30000
#define PORT_RELAY      25

/* ---- options that contradict each other ---- */

struct options_given {
    const struct app_options *options;
    const struct app_live *live;
    const struct probe_place *place;
    size_t arguments;
};

struct contradiction {
    bool holds;
    const char *sentence;
};

/* first_that_holds - its sentence; NULL: none */
static const char *first_that_holds(const struct contradiction *list, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (list[i].holds)
            return list[i].sentence;
    return NULL;
}

/* stops_at - an explicit end at the state */
static bool stops_at(const struct options_given *given, enum smtp_state state)
{
    return given->live->has_stop && given->live->stop_after == state;
}

/* stops_before - an explicit end that comes before the state */
static bool stops_before(const struct options_given *given, enum smtp_state state)
{
    return given->live->has_stop && given->live->stop_after < state;
}

/* policy_trouble - about --policy, and what means something with it only */
static const char *policy_trouble(const struct options_given *given)
{
    const struct app_options *options = given->options;
    const bool has_policies = options->policies.count > 0;
    const bool is_submission =
        smtp_port_find(given->place->port) != NULL && given->place->port != PORT_RELAY;
    const struct contradiction list[] = {
        {!has_policies && given->arguments > 1,
         "--live takes a message only with --policy: no message is sent"},
        {has_policies && (!given->place->is_mx || given->arguments == 0),
         "--policy needs a domain: mailassay probe DOMAIN --policy NAME"},
        {has_policies && is_submission,
         "--policy does not apply to a submission port: rule books are about the mail hosts of "
         "the domain, on port 25"},
        {!has_policies && (options->bulk != BULK_BOTH || options->has_as_of),
         "--bulk, --no-bulk and --as-of need --policy NAME: a probe predicts no replies"},
        {!has_policies && (options->has_no_https || options->https_connect != NULL),
         "--no-https and --https-connect need --policy: a probe fetches nothing else over "
         "HTTPS"},
    };

    return first_that_holds(list, COUNT_OF(list));
}

/* target_trouble - about the server, and about options of the expected session */
static const char *target_trouble(const struct options_given *given)
{
    const struct app_options *options = given->options;
    const struct app_live *live = given->live;
    const struct contradiction list[] = {
        {options->port != 0 || options->size_limit != 0,
         "--port and --size-limit are for the expected session; with --live the port is part "
         "of the target: HOST:PORT"},
        {given->place->is_mx && given->arguments == 0,
         "--live mx needs a domain: mailassay smtp DOMAIN --live mx"},
        {options->ip.family != IP_NONE,
         "--ip is for the expected session; with --live this host is the client"},
        {options->helo != NULL, "--helo is for the expected session; with --live use --ehlo"},
        {live->tls == SMTP_TLS_IMPLICIT && given->place->port == PORT_RELAY,
         "--tls implicit does not work on port 25, where the server greets in clear text: use "
         "--tls starttls, or port 465"},
        {given->place->is_address && live->family != IP_NONE &&
             live->family != given->place->address.family,
         "--family does not match the address of the target"},
        {stops_at(given, SMTP_STATE_EHLO_AGAIN) && live->tls == SMTP_TLS_NONE,
         "--stop-after starttls contradicts --tls none: use --stop-after ehlo"},
        {live->has_versions &&
             (live->tls == SMTP_TLS_NONE || stops_before(given, SMTP_STATE_EHLO_AGAIN)),
         "--tls-versions needs a session that reaches TLS"},
    };

    return first_that_holds(list, COUNT_OF(list));
}

/* login_trouble - about --auth, and what means something with it only */
static const char *login_trouble(const struct options_given *given)
{
    const struct app_live *live = given->live;
    const bool has_user = live->user != NULL;
    const struct contradiction list[] = {
        {has_user && stops_before(given, SMTP_STATE_AUTH),
         "--auth is never reached: --stop-after ends the session before it"},
        {has_user && given->place->is_mx,
         "--auth needs one server: the mail hosts of a domain accept no login, and each would "
         "get the password; name the submission server: HOST:587"},
        {has_user && live->tls == SMTP_TLS_NONE && !live->allows_clear,
         "--auth with --tls none would send the password in clear text: use --tls starttls or "
         "implicit, or allow it with --auth-in-clear"},
        {!has_user && stops_at(given, SMTP_STATE_AUTH), "--stop-after auth needs --auth USER"},
        {!has_user && (live->password_file != NULL || live->has_password_fd),
         "--password-file and --password-fd need --auth USER"},
        {!has_user && (live->mechanism != NULL || live->allows_clear || live->allows_untrusted),
         "--mechanism, --auth-in-clear and --auth-untrusted need --auth USER"},
        {live->password_file != NULL && live->has_password_fd,
         "--password-file and --password-fd contradict each other"},
    };

    return first_that_holds(list, COUNT_OF(list));
}

/* path_trouble - about sender and recipient, which need a session that reaches them */
static const char *path_trouble(const struct options_given *given)
{
    const struct app_options *options = given->options;
    const bool has_stop = given->live->has_stop;
    const struct contradiction list[] = {
        {stops_at(given, SMTP_STATE_RCPT) && options->rcpt == NULL,
         "--stop-after rcpt needs --rcpt ADDR"},
        {options->rcpt != NULL && (!has_stop || stops_before(given, SMTP_STATE_RCPT)),
         "--rcpt needs --stop-after rcpt"},
        {options->mail_from != NULL && (!has_stop || stops_before(given, SMTP_STATE_MAIL)),
         "--mail-from needs --stop-after mail or rcpt"},
    };

    return first_that_holds(list, COUNT_OF(list));
}

/* live_check_options - what must, or must not, be said together */
static bool live_check_options(const struct app *app, const struct probe_place *place,
                               struct err *why)
{
    static const char *(*const troubles[])(const struct options_given *given) = {
        policy_trouble, target_trouble, login_trouble, path_trouble};
    const struct options_given given = {&app->options, &app->options.live, place,
                                        app->line.argument_count};

    for (size_t i = 0; i < COUNT_OF(troubles); i++) {
        const char *sentence = troubles[i](&given);

        if (sentence == NULL)
            continue;
        err_set_kind(why, ERR_USAGE, "%s", sentence);
        return false;
    }
    return true;
}

bool app_live_is_unused(const struct app *app, struct err *why)
{
    const struct app_live *live = &app->options.live;
    const struct {
        const char *name;
        bool is_given;
    } options[] = {
        {"family", live->family != IP_NONE},
        {"ehlo", live->ehlo != NULL},
        {"stop-after", live->has_stop},
        {"auth", live->user != NULL},
        {"mechanism", live->mechanism != NULL},
        {"password-file", live->password_file != NULL},
        {"password-fd", live->has_password_fd},
        {"auth-in-clear", live->allows_clear},
        {"auth-untrusted", live->allows_untrusted},
        {"local-targets", live->allows_local},
        {"tls-versions", live->has_versions},
        {"wait", live->wait_ms > 0},
        {"pause", live->has_pause},
    };

    for (size_t i = 0; i < COUNT_OF(options); i++)
        if (options[i].is_given) {
            err_set_kind(why, ERR_USAGE,
                         "--%s needs --live: without it nothing is connected to",
                         options[i].name);
            return false;
        }
    return true;
}

/* ---- the probe ---- */

/* own_name - of this host, for EHLO; an address literal stands for a host without a name */
static const char *own_name(struct app *app)
{
    char name[256] = "";

    if (gethostname(name, sizeof(name) - 1) != 0 || name[0] == '\0')
        return "[127.0.0.1]";
    return arena_strdup(app->arena, name);
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
                                 .allows_clear = live->allows_clear,
                                 .allows_untrusted = live->allows_untrusted};
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
                                    const struct probe_place *place, int64_t now)
{
    const struct app_options *options = &app->options;
    const struct app_live *live = &options->live;

    return (struct smtp_probe){
        .port = place->port,
        .tls = live->tls,
        .ehlo = live->ehlo != NULL ? live->ehlo : own_name(app),
        .stop_after = default_stop(app),
        .sender = options->mail_from != NULL ? options->mail_from : "",
        .recipient = options->rcpt,
        .login = login,
        .ca_file = live->ca_file,
        .wait_ms = live->wait_ms > 0 ? live->wait_ms : WAIT_DEFAULT_MS,
        .now = now,
    };
}

/* live_pause - as the client calls it */
static void live_pause(void *ctx)
{
    app_probe_pause(ctx);
}

/* run_all - every target in turn */
static bool run_all(struct app *app, struct probe_report *report,
                    const struct probe_targets *targets, struct err *why)
{
    struct smtp_session **sessions =
        arena_array_of(app->arena, struct smtp_session *, targets->count + 1);
    const struct smtp_client_pause pause = {live_pause, app};
    bool was_asked = false;

    report->sessions = (const struct smtp_session *const *)sessions;
    for (size_t i = 0; i < targets->count; i++) {
        const struct probe_target *target = &targets->all[i];

        if (was_asked && target->is_known)
            app_probe_pause(app);
        was_asked = was_asked || target->is_known;
        sessions[i] = target->is_known
                          ? smtp_client_run(app->arena, &target->probe, why)
                          : smtp_client_not_begun(app->arena, &target->probe, target->diagnosis,
                                                  target->detail);
        if (sessions[i] == NULL ||
            (app->options.live.has_versions &&
             !smtp_client_ask_versions(app->arena, sessions[i], &pause, why)))
            return false;
        report->count++;
    }
    for (size_t i = 0; i < report->count; i++)
        if (smtp_client_is_redundant(sessions[i], report->sessions, report->count))
            smtp_client_set_redundant(sessions[i]);
    for (size_t i = 0; i < report->count; i++)
        sessions[i]->steps = session_of_probe(app->arena, sessions[i]);
    return true;
}

/* live_status_of - one session */
static int live_status_of(const struct smtp_session *session)
{
    enum report_result result = probe_result(session);

    if (result == REPORT_UNDETERMINED)
        return STATUS_UNDETERMINED;
    if (result == REPORT_PASS)
        return STATUS_FINE;
    return session->is_connected ? STATUS_FINDINGS : STATUS_UNREACHED;
}

/* live_first_with - the first session that ended so; NULL: none */
static const struct smtp_session *live_first_with(const struct probe_report *report, int status)
{
    for (size_t i = 0; i < report->count; i++)
        if (live_status_of(report->sessions[i]) == status && probe_counts(report->sessions[i]))
            return report->sessions[i];
    return NULL;
}

/* live_set_status - 1 wins, then 5, then 3; the reason names the first target of the kind */
static int live_set_status(struct app *app, const struct probe_report *report)
{
    static const struct {
        int status;
        const char *what;
    } order[] = {
        {STATUS_FINDINGS, "failed"},
        {STATUS_UNREACHED, "could not be connected to"},
        {STATUS_UNDETERMINED, "is undetermined"},
    };

    for (size_t i = 0; i < COUNT_OF(order); i++) {
        const struct smtp_session *session = live_first_with(report, order[i].status);

        if (session == NULL)
            continue;
        app->reason =
            arena_printf(app->arena, "%s %s: %s", probe_where_text(app->arena, session->probe),
                         order[i].what, probe_worst(session)->text);
        return order[i].status;
    }
    if (report->left_out == 0)
        return STATUS_FINE;
    app->reason = arena_printf(app->arena, "%zu further addresses were not connected to",
                               report->left_out);
    return STATUS_UNDETERMINED;
}

/* what one run is about */
struct live_run {
    struct pipeline pipeline;
    struct probe_place place;
    struct app_policies books;
    struct probe_report report;
    int status;
};

/* live_probe - find the hosts, ask them, report */
static bool live_probe(struct live_run *run, struct err *why)
{
    struct pipeline *pipeline = &run->pipeline;
    struct app *app = pipeline->app;
    const struct smtp_login *login = make_login(app, why);
    struct smtp_probe common = make_probe(app, login, &run->place, pipeline->subject.now);
    struct probe_targets targets = {0};

    if (why->kind != ERR_NONE)
        return false;
    app_probe_targets(pipeline, &run->place, &common, &targets);
    run->report.now = pipeline->subject.now;
    run->report.domain = targets.domain;
    run->report.left_out = targets.left_out;
    if (!run_all(app, &run->report, &targets, why) ||
        !app_probe_judge(pipeline, &run->books, &run->report, why) ||
        !pipeline_save(pipeline, app->options.save_snapshot, why))
        return false;
    run->status = live_set_status(app, &run->report);
    run->report.issues = issue_of_probe(app->arena, &run->report, app->reason);
    return app_output(app, VIEW_probe, &run->report, why);
}

/* open_run - whatever is wrong is found before a query is sent. Certificates are judged by the
 * clock, however old the snapshot is that leads to the server. */
static bool open_run(struct live_run *run, struct app *app, struct err *why)
{
    struct pipeline_request request = {
        .domain = app_line_argument(&app->line, 0),
        .message = app_line_argument(&app->line, 1),
        .is_verdict_only = app->options.policies.count == 0,
    };

    if (!app_probe_target(app, &run->place, why) ||
        !live_check_options(app, &run->place, why) || !app_output_check(app, VIEW_probe, why) ||
        !app_probe_books(app, &run->books, why) ||
        !pipeline_open(&run->pipeline, app, &request, why))
        return false;
    if (!app->options.has_now)
        run->pipeline.subject.now = clock_wall();
    return true;
}

int app_live(struct app *app)
{
    struct live_run run = {.books = {NULL, 0}};
    struct err why = {0};
    int status = STATUS_FINE;

    if (open_run(&run, app, &why) && live_probe(&run, &why))
        status = run.status;
    else
        status = app_fail(app, &why);
    pipeline_close(&run.pipeline);
    return status;
}
