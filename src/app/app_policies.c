/* Which policies, for whom, on which day. */
#include "app/app_policies.h"

#include <string.h>

#include "app/app_options.h"
#include "base/arena.h"
#include "base/clock.h"
#include "base/escape.h"
#include "base/span.h"
#include "base/suggest.h"
#include "policy/policy.h"
#include "policy/policy_fact.h"

/* is_taken - the same one, named twice, is judged once */
static bool is_taken(const struct app_policies *policies, const struct policy *policy)
{
    for (size_t i = 0; i < policies->count; i++)
        if (strcmp(policies->list[i]->path, policy->path) == 0)
            return true;
    return false;
}

/* policies_add - one policy by name or file */
static bool policies_add(struct app *app, struct app_policies *policies, const char *name,
                         struct err *why)
{
    const struct policy *policy = policy_open(app->arena, name, why);
    struct suggest suggest = suggest_start(name);

    for (size_t i = 0; i < policy_builtin_count(); i++)
        suggest_offer(&suggest, policy_builtin_name(i));
    if (policy == NULL && why->kind == ERR_USAGE && suggest.best != NULL)
        err_set_kind(why, ERR_USAGE, "no policy \"%s\"%s", escape_shown(app->arena, name),
                     suggest_hint(app->arena, &suggest, ""));
    if (policy != NULL && !is_taken(policies, policy))
        arena_append(app->arena, policies->list, policies->count, policy);
    return policy != NULL;
}

/* policies_add_list - "gmail,yahoo" */
static bool policies_add_list(struct app *app, struct app_policies *policies, const char *text,
                              struct err *why)
{
    struct span rest = span_of(text);

    do
        if (!policies_add(app, policies, arena_strdup_span(app->arena, span_cut(&rest, ',')),
                          why))
            return false;
    while (rest.at != NULL);
    return true;
}

bool app_policies_open(struct app *app, struct app_policies *policies_out, struct err *why)
{
    const struct app_list *asked = &app->options.policies;
    const char *name = NULL;

    *policies_out = (struct app_policies){NULL, 0};
    for (size_t i = 0; i < asked->count; i++)
        if (!policies_add_list(app, policies_out, asked->texts[i], why))
            return false;
    if (asked->count > 0)
        return true;
    for (size_t i = 0; (name = policy_default_name(app->arena, i)) != NULL; i++)
        if (!policies_add(app, policies_out, name, why))
            return false;
    return true;
}

bool app_policies_add_parked(struct app *app, struct app_policies *policies,
                             const struct facts *facts, struct err *why)
{
    if (app->options.policies.count > 0 || facts->domain.parked == PARKED_NOT)
        return true;
    if (facts->message.message == NULL)
        policies->count = 0;
    return policies_add(app, policies, "parked", why);
}

/* day_of - of --as-of, or of the report */
static int64_t day_of(const struct app_options *options, int64_t now)
{
    return options->has_as_of ? options->as_of : clock_day(now);
}

struct policy_known *app_policies_known(struct app *app, const struct facts *facts)
{
    struct policy_known *known = policy_known_of(app->arena, facts);

    if (app->options.bulk != BULK_BOTH)
        policy_known_set(known, span_of("sender.bulk"),
                         app->options.bulk == BULK_YES ? "yes" : "no");
    return known;
}

struct app_judged app_policies_outcomes(struct app *app, const struct app_policies *policies,
                                        const struct facts *facts,
                                        const struct finding *findings)
{
    const struct app_options *options = &app->options;
    const struct policy_occasion occasion = {
        .known = app_policies_known(app, facts),
        .day = day_of(options, facts->subject->now),
        .findings = findings,
    };
    struct app_judged judged = {
        arena_array_of(app->arena, struct policy_outcome, 2 * policies->count), 0};

    for (size_t i = 0; i < policies->count; i++)
        judged.count += policy_judge_both(app->arena, policies->list[i], &occasion,
                                          &judged.outcomes[judged.count]);
    return judged;
}

void app_policies_judge(struct app *app, const struct app_policies *policies,
                        struct report *report)
{
    const struct app_judged judged =
        app_policies_outcomes(app, policies, report->facts, report->findings);

    report->outcomes = judged.outcomes;
    report->outcome_count = judged.count;
    report->has_named_policies = app->options.policies.count > 0;
    report->has_chosen_policies =
        app->options.policies.count > 0 || report->facts->domain.parked != PARKED_NOT;
}
