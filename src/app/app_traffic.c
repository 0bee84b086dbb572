/* Reading comes first, because it says which selectors to ask for; judging comes last. */
#include "app/app_traffic.h"

#include "base/limits.h"
#include "ledger/ledger.h"

/* hand_selectors - those that reports show, to the audit */
static void hand_selectors(struct pipeline *pipeline, const struct traffic *traffic)
{
    struct subject_selector *list = NULL;
    size_t count = 0;

    for (const struct traffic_selector *one = traffic->selectors; one != NULL;
         one = one->next) {
        struct subject_selector selector = {one->selector, one->domain};

        arena_append(pipeline->app->arena, list, count, selector);
    }
    pipeline->subject.reported = list;
    pipeline->subject.reported_count = count;
}

bool app_traffic_open(struct pipeline *pipeline, struct traffic **traffic_out, struct err *why)
{
    struct app *app = pipeline->app;
    struct feedback_set *set =
        app->options.reports.count > 0 ? feedback_open(app->arena) : NULL;

    *traffic_out = NULL;
    for (size_t i = 0; i < app->options.reports.count; i++)
        if (!feedback_add_path(set, app->options.reports.texts[i], why))
            return false;
    if (set == NULL || pipeline->subject.domain == NULL)
        return true;
    *traffic_out = traffic_open(app->arena, set, pipeline->subject.domain);
    hand_selectors(pipeline, *traffic_out);
    return true;
}

void app_traffic_judge(const struct pipeline *pipeline, struct traffic *traffic,
                       const struct facts *facts)
{
    struct ledger *ledger = ledger_open(pipeline->app->arena);

    ledger_join(ledger, facts->ledger);
    while (traffic_ask(traffic, ledger))
        ledger_fill(ledger, pipeline->work.source);
    traffic_judge(traffic, ledger, true);
    while (traffic_ask_names(traffic, ledger))
        ledger_fill(ledger, pipeline->work.source);
    traffic_sort(traffic, facts);
    ledger_join(pipeline->work.ledger, ledger);
}
