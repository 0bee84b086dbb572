/*
 * NAME
 *     app_sandbox - the parts of the command sandbox
 * DESCRIPTION
 *     app_sandbox_open() reads what options name, starts the judges and listens.
 *     app_sandbox_judge() runs in a judge's process: one message to a report, a reply and
 *     a record. app_sandbox_run() serves, runs the command, and waits for what must come.
 * OWNERSHIP
 *     In the arena of the run; app_sandbox_close() gives back handles, processes and, unless
 *     it was named, the folder.
 * ERRORS
 *     Return false and fill `why`.
 */
#ifndef APP_SANDBOX_H
#define APP_SANDBOX_H

#include <sys/types.h>

#include "app/app_policies.h"
#include "app/app_run.h"
#include "base/err.h"
#include "model/issue.h"
#include "policy/policy_expectation.h"
#include "policy/policy_expression.h"
#include "render/render_sandbox.h"
#include "sandbox/sandbox_judges.h"
#include "sandbox/sandbox_server.h"
#include "web/web_sandbox.h"

struct app_sandbox {
    struct app *app;
    struct app_policies judged;    /* in every report */
    struct app_policies receivers; /* whom recipients may stand for; indexes of the server */
    const struct policy_expression **expected;
    struct sandbox_plan plan;
    struct sandbox_server *server;
    struct web_sandbox *web; /* NULL: no page */
    bool has_command;
    bool is_temporary; /* the folder */
    bool is_live;      /* lines are printed as messages come */
    pid_t command;     /* 0: none, or it ended */
    uint64_t failing;  /* messages */
    uint64_t undetermined;
    int64_t started;  /* clock_monotonic_ms() */
    int64_t deadline; /* INT64_MAX: none */
    struct render_sandbox result;
};

bool app_sandbox_open(struct app_sandbox *sandbox, struct app *app, struct err *why);
bool app_sandbox_run(struct app_sandbox *sandbox, struct err *why);
void app_sandbox_close(struct app_sandbox *sandbox);

/* what a process that judges does first, and with each message: struct sandbox_judging */
void app_sandbox_judge_start(void *ctx);
void app_sandbox_judge(void *ctx, uint64_t number, struct sandbox_answer *answer);

/* what listeners are asked for, and which addresses of loopback stand for others */
bool app_sandbox_listeners(struct app_sandbox *sandbox, struct err *why);

/* environment of the program under test: "NAME=value" and more; ends in NULL */
const char **app_sandbox_environment(const struct app_sandbox *sandbox);

#endif
