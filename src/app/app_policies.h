/*
 * NAME
 *     app_policies - the receivers and rule books of a run
 * DESCRIPTION
 *     --policy names them, built in or files; without it the large mailbox
 *     providers are used. app_policies_open() comes before any query is sent,
 *     so that a mistake in a file is reported at once.
 * OWNERSHIP
 *     In the arena of the run.
 * ERRORS
 *     app_policies_open() returns false and fills `why`.
 */
#ifndef APP_POLICIES_H
#define APP_POLICIES_H

#include "app/app_run.h"
#include "base/err.h"
#include "model/facts.h"
#include "model/finding.h"
#include "model/policy.h"
#include "model/report.h"
#include "policy/policy_fact.h"

struct app_policies {
    const struct policy **list;
    size_t count;
};

struct app_judged {
    struct policy_outcome *outcomes;
    size_t count;
};

bool app_policies_open(struct app *app, struct app_policies *policies_out, struct err *why);

/* a domain without mail is judged by the rule book "parked", unless --policy names others; with
 * a message along with the receivers, else alone */
bool app_policies_add_parked(struct app *app, struct app_policies *policies,
                             const struct facts *facts, struct err *why);

/* what they say, into the report; its facts and findings are there already */
void app_policies_judge(struct app *app, const struct app_policies *policies,
                        struct report *report);

/* what conditions may ask about facts, with what options say about the sender */
struct policy_known *app_policies_known(struct app *app, const struct facts *facts);

/* what they say about facts, at most two outcomes each; `findings` may be NULL */
struct app_judged app_policies_outcomes(struct app *app, const struct app_policies *policies,
                                        const struct facts *facts,
                                        const struct finding *findings);

/* what they would say otherwise once remedies are published, into the report: app_changes.c */
void app_policies_judge_remedies(struct app *app, const struct app_policies *policies,
                                 struct report *report);

#endif
