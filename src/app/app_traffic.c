/* Reading comes first, because it says which selectors to ask for; judging comes last. */
#include "app/app_traffic.h"

#include "app/app_options.h"
#include "base/arena.h"
#include "ledger/ledger.h"
#include "feedback/feedback.h"
#include "model/subject.h"

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

bool app_traffic_read(struct app *app, struct feedback_set **set_out, struct err *why)
{
    const struct app_list *paths = &app->options.reports;

    *set_out = paths->count > 0 ? feedback_open(app->arena) : NULL;
    for (size_t i = 0; i < paths->count; i++)
        if (!feedback_add_path(*set_out, paths->texts[i], why))
            return false;
    return true;
}

struct traffic *app_traffic_of(struct pipeline *pipeline, const struct feedback_set *set)
{
    struct traffic *traffic = traffic_open(pipeline->app->arena, set, pipeline->subject.domain);

    hand_selectors(pipeline, traffic);
    return traffic;
}

bool app_traffic_open(struct pipeline *pipeline, struct traffic **traffic_out, struct err *why)
{
    struct feedback_set *set = NULL;

    *traffic_out = NULL;
    if (!app_traffic_read(pipeline->app, &set, why))
        return false;
    if (set != NULL && pipeline->subject.domain != NULL)
        *traffic_out = app_traffic_of(pipeline, set);
    return true;
}

/* ask_for_traffic - a ledger that has all that the traffic needs */
static struct ledger *ask_for_traffic(const struct pipeline *pipeline, struct traffic *traffic,
                                      const struct facts *facts)
{
    struct ledger *ledger = ledger_open(pipeline->app->arena);

    ledger_join(ledger, facts->ledger);
    while (traffic_ask(traffic, ledger))
        ledger_fill(ledger, pipeline->work.source);
    return ledger;
}

void app_traffic_judge(const struct pipeline *pipeline, struct traffic *traffic,
                       const struct facts *facts)
{
    struct ledger *ledger = ask_for_traffic(pipeline, traffic, facts);

    traffic_judge(traffic, ledger, true);
    while (traffic_ask_names(traffic, ledger))
        ledger_fill(ledger, pipeline->work.source);
    traffic_sort(traffic, facts);
    ledger_join(pipeline->work.ledger, ledger);
}

struct traffic_sum app_traffic_again(const struct pipeline *pipeline, struct traffic *traffic,
                                     const struct facts *facts)
{
    struct ledger *ledger = ask_for_traffic(pipeline, traffic, facts);

    ledger_join(pipeline->work.ledger, ledger);
    return traffic_judge(traffic, ledger, false);
}
