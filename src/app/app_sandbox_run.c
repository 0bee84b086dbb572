/* The loop: serve, look after the command, and end when what is awaited is there. */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "app/app_ci.h"
#include "app/app_options.h"
#include "app/app_sandbox.h"
#include "base/arena.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/escape.h"
#include "base/file.h"
#include "base/ip.h"
#include "base/limits.h"
#include "base/limits_serve.h"
#include "base/span.h"
#include "issue/issue_stored.h"
#include "model/issue.h"
#include "model/report.h"
#include "render/render_sandbox.h"
#include "render/render_view.h"
#include "sandbox/sandbox_after.h"
#include "sandbox/sandbox_server.h"
#include "sandbox/sandbox_spool.h"
#include "sandbox/sandbox_tries.h"
#include "web/web_sandbox.h"

#define TURN_MS        100
#define LAST_WORDS_MS  5000 /* for sessions that are open when it ends */
#define COMMAND_END_MS 2000 /* for the command, between SIGTERM and SIGKILL */
#define SIGNAL_STATUS  128  /* as shells report it */
#define NOT_FOUND      127

static volatile sig_atomic_t is_interrupted;

/* on_signal - the loop looks at it */
static void on_signal(int number)
{
    (void)number;
    is_interrupted = 1;
}

/* on_child - it only wakes the loop */
static void on_child(int number)
{
    (void)number;
}

/* sandbox_signals - interrupts end the loop; the end of the command wakes it */
static void sandbox_signals(void)
{
    struct sigaction action = {.sa_handler = on_signal};

    sigemptyset(&action.sa_mask);
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    sigaction(SIGHUP, &action, NULL);
    action.sa_handler = on_child;
    sigaction(SIGCHLD, &action, NULL);
}

/* turn_all - sessions, and the page */
static void turn_all(struct app_sandbox *sandbox)
{
    sandbox_server_turn(sandbox->server, TURN_MS);
    if (sandbox->web != NULL)
        web_sandbox_turn(sandbox->web);
}

/* ---- the command ---- */

/* first_listener - of the listeners of this kind; NULL: none */
static const struct sandbox_listener *first_listener(const struct app_sandbox *sandbox,
                                                     bool is_tls)
{
    for (size_t i = 0; i < sandbox->plan.listener_count; i++)
        if (sandbox->plan.listeners[i].is_tls == is_tls)
            return &sandbox->plan.listeners[i];
    return NULL;
}

const char **app_sandbox_environment(const struct app_sandbox *sandbox)
{
    struct arena *arena = sandbox->app->arena;
    const struct sandbox_listener *plain = first_listener(sandbox, false);
    const struct sandbox_listener *tls = first_listener(sandbox, true);
    const char **list = NULL;
    size_t count = 0;

    if (plain != NULL) {
        const char *host = ip_to_text(arena, &plain->address);

        arena_append(arena, list, count, arena_printf(arena, "MAILASSAY_SMTP_HOST=%s", host));
        arena_append(arena, list, count,
                     arena_printf(arena, "MAILASSAY_SMTP_PORT=%u", plain->port));
        arena_append(arena, list, count,
                     arena_printf(arena, "MAILASSAY_SMTP_URL=smtp://%s:%u", host, plain->port));
    }
    if (tls != NULL)
        arena_append(arena, list, count,
                     arena_printf(arena, "MAILASSAY_SMTPS_PORT=%u", tls->port));
    if (sandbox->web != NULL) {
        const char *root = web_sandbox_root(sandbox->web);

        arena_append(arena, list, count,
                     arena_printf(arena, "MAILASSAY_HTTP_URL=%s/%s/", root,
                                  web_sandbox_secret(sandbox->web)));
        arena_append(arena, list, count, arena_printf(arena, "MAILASSAY_MAILPIT_URL=%s", root));
    }
    arena_append(arena, list, count,
                 arena_printf(arena, "MAILASSAY_CA_FILE=%s/ca.pem", sandbox->plan.spool->path));
    arena_append(arena, list, count,
                 arena_printf(arena, "MAILASSAY_SPOOL=%s", sandbox->plan.spool->path));
    arena_append(arena, list, count, (const char *)NULL);
    return list;
}

/* run_command - in the child: its output goes to standard error, ours is the report */
static _Noreturn void run_command(const struct app_sandbox *sandbox)
{
    const struct app_line *line = &sandbox->app->line;
    const char **environment = app_sandbox_environment(sandbox);
    const char **words =
        arena_array_of(sandbox->app->arena, const char *, line->argument_count + 1);

    for (size_t i = 0; i < line->argument_count; i++)
        words[i] = line->arguments[i];
    for (size_t i = 0; environment[i] != NULL; i++)
        putenv((char *)environment[i]);
    signal(SIGINT, SIG_DFL);
    signal(SIGTERM, SIG_DFL);
    signal(SIGHUP, SIG_DFL);
    signal(SIGPIPE, SIG_DFL);
    signal(SIGCHLD, SIG_DFL);
    setpgid(0, 0);
    (void)dup2(STDERR_FILENO, STDOUT_FILENO);
    execvp(words[0], (char *const *)words);
    _exit(NOT_FOUND);
}

/* start_command - false: no process can be had */
static bool start_command(struct app_sandbox *sandbox, struct err *why)
{
    const char *name = sandbox->app->line.arguments[0];

    sandbox->result.command = name;
    sandbox->command = fork();
    if (sandbox->command == 0)
        run_command(sandbox);
    if (sandbox->command > 0)
        return true;
    sandbox->command = 0;
    err_set_kind(why, ERR_INTERNAL, "%s cannot be started: %s",
                 escape_shown(sandbox->app->arena, name), strerror(errno));
    return false;
}

/* await_command - has it ended; with what status */
static void await_command(struct app_sandbox *sandbox)
{
    int status = 0;

    if (sandbox->command == 0 || waitpid(sandbox->command, &status, WNOHANG) <= 0)
        return;
    sandbox->command = 0;
    sandbox->result.command_status =
        WIFSIGNALED(status) ? SIGNAL_STATUS + WTERMSIG(status) : WEXITSTATUS(status);
}

/* end_command - with what it started, politely first */
static void end_command(struct app_sandbox *sandbox)
{
    int64_t until = clock_monotonic_ms() + COMMAND_END_MS;

    if (sandbox->command == 0)
        return;
    sandbox->result.is_command_running = true;
    kill(-sandbox->command, SIGTERM);
    while (sandbox->command != 0 && clock_monotonic_ms() < until) {
        turn_all(sandbox);
        await_command(sandbox);
    }
    if (sandbox->command != 0) {
        kill(-sandbox->command, SIGKILL);
        waitpid(sandbox->command, NULL, 0);
        sandbox->command = 0;
    }
}

/* ---- the loop ---- */

/* has_enough - as many messages as are awaited */
static bool has_enough(const struct app_sandbox *sandbox)
{
    uint64_t count = sandbox->app->options.sandbox.count;

    return count > 0 && sandbox->result.came >= count;
}

/* is_done - nothing more is awaited */
static bool is_done(const struct app_sandbox *sandbox)
{
    uint64_t count = sandbox->app->options.sandbox.count;

    if (is_interrupted || clock_monotonic_ms() >= sandbox->deadline)
        return true;
    if (sandbox->has_command)
        return sandbox->command == 0 && (count == 0 || has_enough(sandbox));
    return has_enough(sandbox);
}

/* last_words - sessions that are open may end */
static void last_words(struct app_sandbox *sandbox)
{
    int64_t until = clock_monotonic_ms() + LAST_WORDS_MS;

    do {
        sandbox_server_retire(sandbox->server);
        if (sandbox_server_connections(sandbox->server) > 0)
            turn_all(sandbox);
    } while (sandbox_server_connections(sandbox->server) > 0 && clock_monotonic_ms() < until);
}

/* ---- the result ---- */

/* load_json - a file of the folder; NULL: it is not there */
static json_t *load_json(struct app_sandbox *sandbox, uint64_t number, const char *suffix)
{
    struct arena *arena = arena_open();
    struct span text = {NULL, 0};
    struct err unused = {0};
    json_t *value = NULL;

    if (file_load(arena, sandbox_spool_name(arena, sandbox->plan.spool, number, suffix),
                  LIMIT_STDIN_BYTES, &text, &unused))
        value = json_loadb(text.at, text.len, 0, NULL);
    arena_close(arena);
    return value;
}

/* shows_reports - more than the text of the result, which needs the records alone, is made */
static bool shows_reports(const struct app_sandbox *sandbox)
{
    const struct app_options *options = &sandbox->app->options;

    return options->outputs.count > 0 || options->sandbox.after != NULL || app_ci_is_there() ||
           (options->format != FORMAT_NONE && options->format != FORMAT_text);
}

/* load_messages - of this run, as many as are listed */
static void load_messages(struct app_sandbox *sandbox, uint64_t first)
{
    struct arena *arena = sandbox->app->arena;
    bool has_reports = shows_reports(sandbox);
    struct render_sandbox_message *list = NULL;
    size_t count = 0;

    for (uint64_t number = first;
         number <= sandbox->plan.spool->last && count < LIMIT_SANDBOX_SHOWN; number++) {
        struct render_sandbox_message message = {load_json(sandbox, number, ".json"), NULL};

        if (message.record == NULL)
            continue;
        if (has_reports)
            message.report = load_json(sandbox, number, ".report.json");
        arena_append(arena, list, count, message);
    }
    sandbox->result.messages = list;
    sandbox->result.message_count = count;
}

/* list_tries - those that did not all go through */
static void list_tries(struct app_sandbox *sandbox)
{
    struct arena *arena = sandbox->app->arena;
    struct render_sandbox_tried *list = NULL;
    size_t count = 0;

    for (const struct sandbox_tried *one = sandbox->plan.tries->first; one != NULL;
         one = one->next) {
        const struct render_sandbox_tried shown = {escape_to_text(arena, span_of(one->from), 0),
                                                   escape_to_text(arena, span_of(one->to), 0),
                                                   one->count, sandbox_tries_text(arena, one)};

        if (one->met_trouble)
            arena_append(arena, list, count, shown);
    }
    sandbox->result.tried = list;
    sandbox->result.tried_count = count;
}

/* count_text - "1 message", "2 messages" */
static const char *count_text(struct arena *arena, uint64_t count, const char *what)
{
    return arena_printf(arena, "%llu %s%s", (unsigned long long)count, what,
                        count == 1 ? "" : "s");
}

/* reason_of - why it is no pass, the gravest first; NULL: it is one */
static const char *reason_of(struct app_sandbox *sandbox)
{
    struct arena *arena = sandbox->app->arena;
    const struct app_sandbox_options *options = &sandbox->app->options.sandbox;
    struct render_sandbox *result = &sandbox->result;

    result->result = REPORT_FAIL;
    if (result->is_command_running)
        return "the command did not end in time";
    if (result->command != NULL && result->command_status == NOT_FOUND)
        return "the command could not be run, or ended with status 127";
    if (result->command != NULL && result->command_status != 0)
        return arena_printf(arena, "the command ended with status %d", result->command_status);
    if (options->count > 0 && result->came != options->count)
        return arena_printf(arena, "%s expected, %llu received",
                            count_text(arena, options->count, "message"),
                            (unsigned long long)result->came);
    if (options->expected.count > 0 && result->came == 0)
        return "no message received";
    if (sandbox->failing > 0)
        return arena_printf(arena, "%llu of %s %s", (unsigned long long)sandbox->failing,
                            count_text(arena, result->came, "message"),
                            options->expected.count > 0 ? "not as expected" : "failed");
    result->result = REPORT_UNDETERMINED;
    if (sandbox->undetermined > 0)
        return arena_printf(arena, "%llu of %s undetermined",
                            (unsigned long long)sandbox->undetermined,
                            count_text(arena, result->came, "message"));
    result->result = REPORT_PASS;
    return NULL;
}

/* send_after - what receivers send afterwards, if it was asked for */
static bool send_after(const struct app_sandbox *sandbox, struct err *why)
{
    const struct render_sandbox *result = &sandbox->result;
    struct arena *arena = sandbox->app->arena;
    struct sandbox_judged *messages =
        arena_array_of(arena, struct sandbox_judged, result->message_count);
    const struct sandbox_after after = {
        arena,    sandbox->plan.spool,  sandbox->app->options.sandbox.after, clock_wall(),
        messages, result->message_count};

    for (size_t i = 0; i < result->message_count; i++)
        messages[i] =
            (struct sandbox_judged){result->messages[i].record, result->messages[i].report};
    return after.place == NULL || sandbox_after_send(&after, why);
}

/* sandbox_issues - a subject for each message, and one for the run as a whole */
static const struct report_issues *sandbox_issues(const struct app_sandbox *sandbox)
{
    const struct render_sandbox *result = &sandbox->result;
    const struct app_options *options = &sandbox->app->options;
    struct report_issues *issues =
        report_issues_open(sandbox->app->arena, "sandbox", clock_wall(), options->threshold);

    for (size_t i = 0; i < result->message_count; i++)
        issue_add_message(issues, result->messages[i].record, result->messages[i].report,
                          options->sandbox.expected.count > 0);
    report_issues_close(issues, report_issues_add_subject(issues, "sandbox", result->result),
                        result->reason);
    return issues;
}

bool app_sandbox_run(struct app_sandbox *sandbox, struct err *why)
{
    uint64_t first = sandbox->plan.spool->last + 1;

    sandbox_signals();
    if (sandbox->has_command && !start_command(sandbox, why))
        return false;
    while (!is_done(sandbox)) {
        turn_all(sandbox);
        await_command(sandbox);
    }
    end_command(sandbox);
    last_words(sandbox);
    load_messages(sandbox, first);
    list_tries(sandbox);
    sandbox->result.time = clock_to_text(sandbox->app->arena, clock_wall());
    sandbox->result.wanted = sandbox->app->options.sandbox.count;
    sandbox->result.reason = reason_of(sandbox);
    sandbox->result.issues = sandbox_issues(sandbox);
    return send_after(sandbox, why);
}
