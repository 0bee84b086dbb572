/*
 * What receivers would say otherwise once a remedy is published. The proof of a remedy leaves
 * the facts of the world that it makes; the same policies judge these, and outcomes are
 * compared for each kind of sender.
 */
#include <string.h>

#include "app/app_policies.h"
#include "app/app_run.h"
#include "base/arena.h"
#include "base/limits.h"
#include "base/span.h"
#include "model/finding.h"
#include "model/policy.h"
#include "model/remedy.h"
#include "model/report.h"
#include "remedy/remedy.h"

struct changing {
    struct app *app;
    const struct app_policies *policies;
    struct report_change *changes;
    size_t count;
    size_t judged; /* remedies */
    const struct remedy **unjudged;
    size_t unjudged_count;
};

/* changes_about - the outcome for a bulk sender, or for another one; NULL: none */
static const struct policy_outcome *changes_about(const struct app_judged *judged,
                                                  const struct policy *policy, bool is_bulk)
{
    for (size_t i = 0; i < judged->count; i++) {
        const struct policy_outcome *outcome = &judged->outcomes[i];
        bool is_for_all = !outcome->is_for_bulk && !outcome->is_for_others;

        if (outcome->policy == policy &&
            (is_for_all || (is_bulk ? outcome->is_for_bulk : outcome->is_for_others)))
            return outcome;
    }
    return NULL;
}

/* is_same - the sender would see no difference */
static bool is_same(const struct policy_outcome *a, const struct policy_outcome *b)
{
    return a->disposition == b->disposition && text_same(a->code, b->code) &&
           text_same(a->enhanced, b->enhanced);
}

/* changes_compare - one policy in two worlds, for bulk senders and others */
static void changes_compare(struct changing *changing, const struct policy *policy,
                            const struct app_judged worlds[2], struct report_change *change)
{
    const struct policy_outcome *old[2] = {changes_about(&worlds[0], policy, false),
                                           changes_about(&worlds[0], policy, true)};
    const struct policy_outcome *new[2] = {changes_about(&worlds[1], policy, false),
                                           changes_about(&worlds[1], policy, true)};
    bool is_one = false;

    if (old[0] == NULL || old[1] == NULL || new[0] == NULL || new[1] == NULL)
        return;
    is_one = is_same(old[0], old[1]) && is_same(new[0], new[1]);
    for (int i = 0; i < (is_one ? 1 : 2); i++) {
        change->before = *old[i];
        change->after = *new[i];
        change->after.is_for_bulk = !is_one && i == 1;
        change->after.is_for_others = !is_one && i == 0;
        if (!is_same(old[i], new[i]))
            arena_append(changing->app->arena, changing->changes, changing->count, *change);
    }
}

/* compare_worlds - what all policies say otherwise */
static void compare_worlds(struct changing *changing, const struct remedy *remedy,
                           const struct app_judged *before)
{
    struct report_change change = {.remedy = remedy};
    const struct app_judged worlds[2] = {
        *before, app_policies_outcomes(changing->app, changing->policies,
                                       remedy->proof.facts_after, NULL)};

    for (size_t i = 0; i < changing->policies->count; i++)
        changes_compare(changing, changing->policies->list[i], worlds, &change);
}

/* changes_is_known - the remedy of an earlier finding clears this one too */
static bool changes_is_known(const struct finding *list, const struct finding *finding)
{
    while (list != finding && list->remedy != finding->remedy)
        list = list->next;
    return list != finding;
}

/* add_one - judge it, or remember that nobody did */
static void add_one(struct changing *changing, const struct remedy *remedy,
                    const struct app_judged *before)
{
    if (changing->judged++ < LIMIT_REMEDIES_JUDGED)
        compare_worlds(changing, remedy, before);
    else
        arena_append(changing->app->arena, changing->unjudged, changing->unjudged_count,
                     remedy);
}

/* add_all - the remedies of a list of findings, each once */
static void add_all(struct changing *changing, const struct finding *findings,
                    const struct app_judged *before)
{
    for (const struct finding *finding = findings; finding != NULL; finding = finding->next) {
        if (finding->remedy == NULL || changes_is_known(findings, finding))
            continue;
        for (const struct remedy *remedy = finding->remedy; remedy != NULL;
             remedy = remedy->next)
            if (remedy->proof.facts_after != NULL)
                add_one(changing, remedy, before);
    }
}

void app_policies_judge_remedies(struct app *app, const struct app_policies *policies,
                                 struct report *report)
{
    struct changing changing = {.app = app, .policies = policies};
    const struct remedy_plan *plan = report->plan;
    struct app_judged before;

    if (plan == NULL || policies->count == 0)
        return;
    before = app_policies_outcomes(app, policies, report->facts, NULL);
    if (plan->fix->proof.facts_after != NULL)
        compare_worlds(&changing, plan->fix, &before);
    add_all(&changing, report->findings, &before);
    if (plan->rest != report->findings) {
        before = app_policies_outcomes(app, policies, plan->facts, NULL);
        add_all(&changing, plan->rest, &before);
    }
    report->changes = changing.changes;
    report->change_count = changing.count;
    report->unjudged = (const struct remedy *const *)changing.unjudged;
    report->unjudged_count = changing.unjudged_count;
}
