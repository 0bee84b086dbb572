/* The sessions become facts, as those of DNS are; the report is then made as any other. */
#include "app/app_probe_judge.h"

#include "app/app_probe.h"
#include "base/arena.h"
#include "check/check.h"
#include "model/facts.h"
#include "model/policy.h"
#include "model/report.h"
#include "model/smtp_dialogue.h"
#include "model/smtp_facts.h"
#include "model/smtp_probe.h"
#include "policy/policy.h"
#include "policy/policy_fact.h"
#include "smtp/smtp_client.h"

bool app_probe_books(struct app *app, struct app_policies *books_out, struct err *why)
{
    if (app->options.policies.count == 0)
        return true;
    if (!app_policies_open(app, books_out, why))
        return false;
    for (size_t i = 0; i < books_out->count; i++)
        if (books_out->list[i]->kind == POLICY_RECEIVER) {
            err_set_kind(why, ERR_USAGE,
                         "--policy %s: receivers evaluate messages, and a probe sends none; "
                         "use a rule book, see \"mailassay policies\"",
                         books_out->list[i]->name);
            return false;
        }
    return true;
}

/* wants_old - some rule asks for old ciphers */
static bool wants_old(const struct app_policies *books)
{
    for (size_t i = 0; i < books->count; i++)
        if (policy_asks(books->list[i], POLICY_FACT_mx_old_ciphers))
            return true;
    return false;
}

/* probe_judge_offer - old ciphers, over a connection of its own */
static enum smtp_truth probe_judge_offer(struct app *app, const struct smtp_session *session,
                                         struct err *why)
{
    struct smtp_probe probe = *session->probe;
    const struct smtp_session *asked = NULL;

    probe.offers_old = true;
    probe.login = NULL;
    probe.stop_after = SMTP_STATE_EHLO_AGAIN;
    app_probe_pause(app);
    asked = smtp_client_run(app->arena, &probe, why);
    if (asked == NULL || asked->old == OLD_UNKNOWN)
        return SMTP_UNKNOWN;
    return asked->old == OLD_TAKEN ? SMTP_YES : SMTP_NO;
}

/* facts_of - of each session, with the question of old ciphers where it is asked */
static const struct probe_facts *facts_of(struct app *app, const struct probe_report *report,
                                          bool is_about_old, struct err *why)
{
    struct probe_facts *probe = arena_new_of(app->arena, struct probe_facts);
    struct smtp_facts *addresses =
        arena_array_of(app->arena, struct smtp_facts, report->count + 1);

    for (size_t i = 0; i < report->count; i++) {
        const struct smtp_session *session = report->sessions[i];

        addresses[i] = smtp_facts_of(session);
        if (is_about_old && addresses[i].old_ciphers == SMTP_UNKNOWN && session->tls != NULL)
            addresses[i].old_ciphers = probe_judge_offer(app, session, why);
    }
    *probe = (struct probe_facts){addresses, report->count, report->left_out == 0};
    return probe;
}

bool app_probe_judge(struct pipeline *pipeline, const struct app_policies *books,
                     struct probe_report *report, struct err *why)
{
    struct app *app = pipeline->app;
    struct report *judged = arena_new_of(app->arena, struct report);
    struct facts *facts = arena_new_of(app->arena, struct facts);

    if (books->count == 0)
        return true;
    *facts = *pipeline_run(pipeline);
    facts->probe = facts_of(app, report, wants_old(books), why);
    judged->facts = facts;
    judged->findings = check_run(app->arena, facts);
    app_policies_judge(app, books, judged);
    report->judged = judged;
    return why->kind == ERR_NONE;
}
