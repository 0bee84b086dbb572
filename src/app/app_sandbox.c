/*
 * The order matters: what options name is read first; then the judges are forked, before there
 * are keys and passwords in memory; then comes what only the server needs.
 */
#include "app/app_sandbox.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app/app_options.h"
#include "app/pipeline.h"
#include "base/arena.h"
#include "base/clock.h"
#include "base/escape.h"
#include "base/file.h"
#include "base/file_write.h"
#include "base/limits_serve.h"
#include "base/span.h"
#include "engine/engine.h"
#include "model/policy.h"
#include "policy/policy.h"
#include "sandbox/sandbox_script.h"
#include "sandbox/sandbox_session.h"
#include "sandbox/sandbox_spool.h"
#include "sandbox/sandbox_tries.h"
#include "smtp/smtp_auth_server.h"
#include "smtp/smtp_tls_server.h"

#define SIZE_DEFAULT        104857600ULL /* 100 MiB */
#define WAIT_DEFAULT_MS     300000       /* RFC 5321, 4.5.3.2.7 */
#define WITHIN_DEFAULT_MS   60000
#define CONNECTIONS_DEFAULT LIMIT_SANDBOX_CONNECTIONS

/* ---- what options name ---- */

/* add_policy_once - to a list, by name */
static void add_policy_once(struct app *app, struct app_policies *policies,
                            const struct policy *policy)
{
    for (size_t i = 0; i < policies->count; i++)
        if (strcmp(policies->list[i]->name, policy->name) == 0)
            return;
    arena_append(app->arena, policies->list, policies->count, policy);
}

/* open_receivers - those of --policy first, then all that are built in */
static bool open_receivers(struct app_sandbox *sandbox, struct err *why)
{
    struct app *app = sandbox->app;

    if (!app_policies_open(app, &sandbox->judged, why))
        return false;
    for (size_t i = 0; i < sandbox->judged.count; i++)
        add_policy_once(app, &sandbox->receivers, sandbox->judged.list[i]);
    for (size_t i = 0; i < policy_builtin_count(); i++) {
        const struct policy *policy = policy_open(app->arena, policy_builtin_name(i), why);

        if (policy == NULL)
            return false;
        add_policy_once(app, &sandbox->receivers, policy);
    }
    return true;
}

/* open_expected - conditions; whom they name is judged, too */
static bool open_expected(struct app_sandbox *sandbox, struct err *why)
{
    struct app *app = sandbox->app;
    const struct app_list *texts = &app->options.sandbox.expected;
    const struct policy_choice choice = {sandbox->receivers.list, sandbox->receivers.count};
    struct err detail = {0};

    sandbox->expected =
        arena_array_of(app->arena, const struct policy_expression *, texts->count);
    for (size_t i = 0; i < texts->count; i++) {
        sandbox->expected[i] =
            policy_expectation_parse(app->arena, span_of(texts->texts[i]), &choice, &detail);
        if (sandbox->expected[i] == NULL) {
            err_set_kind(why, ERR_USAGE, "--expect \"%s\": %s",
                         escape_shown(app->arena, texts->texts[i]), detail.text);
            return false;
        }
        for (size_t p = 0; p < choice.count; p++)
            if (policy_expectation_names(sandbox->expected[i], choice.list[p]))
                add_policy_once(app, &sandbox->judged, choice.list[p]);
    }
    return true;
}

/* open_spool - the one that was named, or one for this run */
static bool open_spool(struct app_sandbox *sandbox, struct err *why)
{
    struct app *app = sandbox->app;
    const char *path = app->options.sandbox.spool;
    const char *base = getenv("TMPDIR");
    char *made = NULL;

    if (path == NULL) {
        made = arena_printf(app->arena, "%s/mailassay-sandbox-XXXXXX",
                            base != NULL && base[0] != '\0' ? base : "/tmp");
        path = mkdtemp(made);
        sandbox->is_temporary = path != NULL;
    }
    if (path == NULL) {
        err_set(why, "%s: cannot be created", escape_to_text(app->arena, span_of(made), 0));
        return false;
    }
    sandbox->plan.spool = sandbox_spool_open(app->arena, path, why);
    return sandbox->plan.spool != NULL;
}

/* ---- the server ---- */

/* fill_rules - what holds for every session */
static void fill_rules(struct app_sandbox *sandbox)
{
    struct app *app = sandbox->app;
    const struct app_sandbox_options *options = &app->options.sandbox;
    struct sandbox_rules *rules = &sandbox->plan.rules;
    struct sandbox_receiver *receivers =
        arena_array_of(app->arena, struct sandbox_receiver, sandbox->receivers.count);

    for (size_t i = 0; i < sandbox->receivers.count; i++) {
        const struct policy *policy = sandbox->receivers.list[i];

        receivers[i] =
            (struct sandbox_receiver){policy->name, policy->domains, policy->domain_count};
    }
    rules->host = "localhost";
    rules->size_limit = app->options.size_limit > 0 ? app->options.size_limit : SIZE_DEFAULT;
    rules->offers_tls = true;
    rules->demands_tls = (options->demands & DEMAND_TLS) != 0;
    rules->demands_auth = (options->demands & DEMAND_AUTH) != 0;
    rules->has_chaos = options->has_chaos;
    rules->seed = options->chaos;
    rules->receivers = receivers;
    rules->receiver_count = sandbox->receivers.count;
}

/* read_script - of faults */
static bool read_script(struct app_sandbox *sandbox, struct err *why)
{
    const char *path = sandbox->app->options.sandbox.faults;
    struct arena *arena = sandbox->app->arena;
    struct span text = {NULL, 0};

    if (path == NULL)
        return true;
    if (!file_load_text(arena, path, LIMIT_SANDBOX_USERS_BYTES, &text, why))
        return false;
    sandbox->plan.rules.script =
        sandbox_script_parse(arena, escape_shown(arena, path), text, why);
    return sandbox->plan.rules.script != NULL;
}

/* fill_plan - the rest of it */
static void fill_plan(struct app_sandbox *sandbox)
{
    const struct app_options *options = &sandbox->app->options;
    struct sandbox_plan *plan = &sandbox->plan;

    plan->woken_by = -1;
    plan->tries = sandbox_tries_open(sandbox->app->arena);
    plan->client = options->sandbox.client;
    plan->has_proxy = options->sandbox.has_proxy;
    plan->wait_ms = options->live.wait_ms > 0 ? options->live.wait_ms : WAIT_DEFAULT_MS;
    plan->max_connections = CONNECTIONS_DEFAULT;
    /* the only one that was named answers for everybody who names no other */
    for (size_t i = 0;
         i < plan->listener_count && options->policies.count == 1 &&
         sandbox->receivers.count > 0 && strchr(options->policies.texts[0], ',') == NULL;
         i++)
        if (plan->listeners[i].receiver < 0)
            plan->listeners[i].receiver = 0;
}

/* start_judges - with what was read so far in their memory, and no more */
static bool start_judges(struct app_sandbox *sandbox, struct err *why)
{
    const struct sandbox_judging judging = {sandbox, app_sandbox_judge_start,
                                            app_sandbox_judge};

    engine_close(sandbox->app->engine); /* each judge has one of its own */
    sandbox->app->engine = NULL;
    sandbox->plan.judges = sandbox_judges_open(sandbox->app->arena, &judging, why);
    return sandbox->plan.judges != NULL;
}

/* open_secrets - users and the certificate */
static bool open_secrets(struct app_sandbox *sandbox, struct err *why)
{
    static const char *const names[] = {"localhost", "127.0.0.1", "::1"};
    struct app *app = sandbox->app;
    const struct app_sandbox_options *options = &app->options.sandbox;

    if (!read_script(sandbox, why))
        return false;
    if (options->auth_file != NULL && (sandbox->plan.rules.users = smtp_auth_users_load(
                                           app->arena, options->auth_file, why)) == NULL)
        return false;
    sandbox->plan.tls =
        smtp_tls_server_open(app->arena, names, sizeof(names) / sizeof(names[0]), why);
    return sandbox->plan.tls != NULL;
}

/* write_ca - where it was asked for, and in the folder for the program under test */
static bool write_ca(struct app_sandbox *sandbox, struct err *why)
{
    const char *path = sandbox->app->options.sandbox.ca_out;
    struct span pem = smtp_tls_server_ca(sandbox->plan.tls);

    if (path != NULL && !app_write(path, pem, why))
        return false;
    return file_save(arena_printf(sandbox->app->arena, "%s/ca.pem", sandbox->plan.spool->path),
                     pem, why);
}

/* count_time - when it has to end */
static void count_time(struct app_sandbox *sandbox)
{
    const struct app_sandbox_options *options = &sandbox->app->options.sandbox;

    sandbox->started = clock_monotonic_ms();
    sandbox->deadline = INT64_MAX;
    if (options->has_within)
        sandbox->deadline = sandbox->started + options->within_ms;
    else if (options->count > 0)
        sandbox->deadline = sandbox->started + WITHIN_DEFAULT_MS;
}

/* open_web - where --http says so */
static bool open_web(struct app_sandbox *sandbox, struct err *why)
{
    const char *listen = sandbox->app->options.sandbox.http;

    if (listen == NULL)
        return true;
    sandbox->web =
        web_sandbox_open(sandbox->app->arena, listen, sandbox->plan.spool->path, why);
    if (sandbox->web == NULL)
        return false;
    sandbox->plan.woken_by = web_sandbox_fd(sandbox->web);
    return true;
}

bool app_sandbox_open(struct app_sandbox *sandbox, struct app *app, struct err *why)
{
    *sandbox = (struct app_sandbox){.app = app};
    sandbox->has_command = app->line.argument_count > 0;
    if (sandbox->has_command && !app->line.is_ended) {
        err_set_kind(why, ERR_USAGE, "sandbox: write -- before the command: -- %s",
                     escape_shown(app->arena, app->line.arguments[0]));
        return false;
    }
    if (!open_receivers(sandbox, why) || !open_expected(sandbox, why) ||
        !app_sandbox_listeners(sandbox, why) || !pipeline_hold(app, why) ||
        !pipeline_try(app, why) || !open_spool(sandbox, why))
        return false;
    fill_rules(sandbox);
    fill_plan(sandbox);
    if (!start_judges(sandbox, why) || !open_secrets(sandbox, why) || !write_ca(sandbox, why))
        return false;
    sandbox->server = sandbox_server_open(app->arena, &sandbox->plan, why);
    count_time(sandbox);
    return sandbox->server != NULL && open_web(sandbox, why);
}

void app_sandbox_close(struct app_sandbox *sandbox)
{
    web_sandbox_close(sandbox->web);
    for (size_t i = 0; i < sandbox->result.message_count; i++) {
        json_decref(sandbox->result.messages[i].record);
        json_decref(sandbox->result.messages[i].report);
    }
    sandbox_server_close(sandbox->server);
    sandbox_judges_close(sandbox->plan.judges);
    smtp_tls_server_close(sandbox->plan.tls);
    if (sandbox->is_temporary && sandbox->plan.spool != NULL) {
        (void)unlink(arena_printf(sandbox->app->arena, "%s/ca.pem", sandbox->plan.spool->path));
        sandbox_spool_remove(sandbox->plan.spool);
    }
    sandbox_spool_close(sandbox->plan.spool);
}
