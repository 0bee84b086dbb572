/* sandbox: a receiving server for rehearsals. */
#include <string.h>

#include "app/app_options.h"
#include "app/app_run.h"
#include "app/app_sandbox.h"
#include "app/pipeline.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/limits_serve.h"
#include "base/sbuf.h"
#include "base/span.h"
#include "model/report.h"
#include "render/render_view.h"
#include "sandbox/sandbox_judges.h"
#include "sandbox/sandbox_server.h"
#include "web/web_sandbox.h"

/* print_line - at once, where somebody may be looking */
static void print_line(const char *line)
{
    struct err unused = {0};

    (void)app_write("-", span_of(line), &unused);
}

/* print_summary - the untrusted texts in it are escaped */
static void print_summary(const char *summary)
{
    char line[LIMIT_SANDBOX_ANSWER_BYTES + 1];
    size_t len = strlen(summary);

    memcpy(line, summary, len);
    line[len] = '\n';
    line[len + 1] = '\0';
    print_line(line);
}

/* on_judged - one more message */
static void on_judged(void *ctx, const struct sandbox_answer *answer)
{
    struct app_sandbox *sandbox = ctx;

    sandbox->result.came++;
    sandbox->failing += answer->verdict == SANDBOX_FAILS;
    sandbox->undetermined += answer->verdict == SANDBOX_UNDETERMINED;
    if (sandbox->web != NULL && answer->is_kept)
        web_sandbox_came(sandbox->web, answer->number);
    if (sandbox->is_live)
        print_summary(answer->summary);
}

/* sandbox_say_where - what it listens on, and what to set in the program under test */
static void sandbox_say_where(struct app_sandbox *sandbox)
{
    struct arena *arena = sandbox->app->arena;
    struct sbuf text = sbuf_start(arena);
    const char **variables = app_sandbox_environment(sandbox);

    for (size_t i = 0; i < sandbox->plan.listener_count; i++) {
        const struct sandbox_listener *listener = &sandbox->plan.listeners[i];

        sbuf_addf(&text, "listening on %s%s", listener->name, listener->is_tls ? " (TLS)" : "");
        if (listener->receiver >= 0)
            sbuf_addf(&text, " as %s", sandbox->receivers.list[listener->receiver]->name);
        sbuf_add(&text, "\n");
    }
    if (sandbox->web != NULL)
        sbuf_addf(&text, "page: %s/%s/\n", web_sandbox_root(sandbox->web),
                  web_sandbox_secret(sandbox->web));
    sbuf_add(&text, "set in the program under test:\n");
    for (size_t i = 0; variables[i] != NULL; i++)
        sbuf_addf(&text, "  %s\n", variables[i]);
    print_line(sbuf_text(&text));
}

/* is_shown_live - text on standard output, and nobody else writes there */
static bool is_shown_live(const struct app_sandbox *sandbox)
{
    const struct app_options *options = &sandbox->app->options;

    return !sandbox->has_command && !options->is_quiet && options->outputs.count == 0 &&
           (options->format == FORMAT_NONE || options->format == FORMAT_text);
}

/* sandbox_status - as the result says */
static int sandbox_status(const struct app_sandbox *sandbox)
{
    switch (sandbox->result.result) {
    case REPORT_PASS:
        return STATUS_FINE;
    case REPORT_FAIL:
        return STATUS_FINDINGS;
    case REPORT_UNDETERMINED:
        return STATUS_UNDETERMINED;
    }
    return STATUS_INTERNAL;
}

int cmd_sandbox(struct app *app)
{
    static struct app_sandbox sandbox; /* larger than a stack should hold */
    struct err why = {0};
    int status = STATUS_FINE;

    if (app_output_check(app, VIEW_sandbox, &why) && app_sandbox_open(&sandbox, app, &why)) {
        sandbox.plan.ctx = &sandbox;
        sandbox.plan.judged = on_judged;
        sandbox.is_live = is_shown_live(&sandbox);
        if (sandbox.is_live)
            sandbox_say_where(&sandbox);
    }
    if (why.kind == ERR_NONE && app_sandbox_run(&sandbox, &why) &&
        app_output(app, VIEW_sandbox, &sandbox.result, &why)) {
        status = sandbox_status(&sandbox);
        app->reason = sandbox.result.reason;
    } else {
        status = app_fail(app, &why);
    }
    app_sandbox_close(&sandbox);
    pipeline_release(app);
    return status;
}
