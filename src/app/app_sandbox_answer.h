/*
 * NAME
 *     app_sandbox_answer - what is said about a message that was judged
 * DESCRIPTION
 *     The reply of the receiver that the recipients stand for, with the rule and the source
 *     behind it; what was expected; and both as JSON for the record.
 * OWNERSHIP
 *     In the arena of the report; JSON values belong to the caller.
 * ERRORS
 *     None.
 */
#ifndef APP_SANDBOX_ANSWER_H
#define APP_SANDBOX_ANSWER_H

#include <jansson.h>

#include "app/app_policies.h"
#include "app/app_run.h"
#include "app/app_sandbox.h"
#include "base/arena.h"
#include "model/policy.h"
#include "model/report.h"
#include "policy/policy_expression.h"
#include "sandbox/sandbox_judges.h"

struct app_sandbox_said {
    unsigned code;
    const char *enhanced; /* NULL: none */
    const char *text;     /* lines with "\n" between */
    enum policy_disposition disposition;
    const char *receiver; /* NULL: nobody in particular */
    const char *rule;     /* NULL: none decided */
    const char *source;   /* id of the first source; NULL */
    enum policy_step at;  /* where that receiver says so */
    enum sandbox_verdict verdict;
    const enum policy_truth *expected; /* one for each of --expect */
    const char **because;              /* likewise */
};

/* those that are judged: of the run, and the one that the recipients stand for */
void app_sandbox_policies(const struct app_sandbox *sandbox, const char *receiver,
                          struct app *app, struct app_policies *policies);

struct app_sandbox_asked {
    const struct app_sandbox *sandbox;
    struct app *app; /* whose arena is that of the report */
    const struct report *report;
    const char *receiver; /* NULL: nobody in particular */
};

void app_sandbox_say(const struct app_sandbox_asked *asked, struct app_sandbox_said *said_out);

json_t *app_sandbox_said_json(struct arena *arena, const struct app_sandbox_said *said);
json_t *app_sandbox_expected_json(struct arena *arena, const struct app_sandbox *sandbox,
                                  const struct app_sandbox_said *said);
json_t *app_sandbox_verdicts_json(struct arena *arena, const struct report *report);

/* one line for people */
const char *app_sandbox_summary(struct arena *arena, const json_t *record,
                                const struct app_sandbox_said *said);

#endif
