/* TLS reports of a domain: failures by kind, mail host and reporter. */
#include <string.h>

#include "traffic/traffic_private.h"
#include "base/limits_reports.h"
#include "base/span.h"

struct tls_kind {
    const char *type;
    const char *what;
    const char *findings;
    const char *advice;
};

static const struct tls_kind kinds[] = {
#define TLS_FAILURE(type, what, findings, advice) {type, what, findings, advice},
#include "traffic/traffic_tls.def"
};

/* a type that no standard has */
static const struct tls_kind other_kind = {"", "a reason that RFC 8460 does not have", "",
                                           "ask the reporter"};

/* tls_kind_of - what is known of a type */
static const struct tls_kind *tls_kind_of(const char *type)
{
    for (size_t i = 0; i < COUNT_OF(kinds); i++)
        if (strcmp(kinds[i].type, type) == 0)
            return &kinds[i];
    return &other_kind;
}

/* tls_add_failure - to the row of its kind, host and reporter */
static void tls_add_failure(struct traffic *traffic, struct table *known,
                            const struct feedback_tls *report,
                            const struct feedback_tls_failure *failure)
{
    const char *key[3] = {failure->type, failure->mx, report->reporter};
    bool is_new = false;
    void **slot = table_slot(known, span_make((const char *)key, sizeof(key)), &is_new);
    struct traffic_tls_failure *row = *slot;
    const struct tls_kind *kind = tls_kind_of(failure->type);

    if (is_new && table_count(known) <= LIMIT_TRAFFIC_TLS) {
        row = arena_new_of(traffic->arena, struct traffic_tls_failure);
        *row = (struct traffic_tls_failure){.type = failure->type,
                                            .what = kind->what,
                                            .findings = kind->findings,
                                            .advice = kind->advice,
                                            .mx = failure->mx,
                                            .reporter = report->reporter,
                                            .first = report->begin,
                                            .next = traffic->tls.failures};
        *slot = traffic->tls.failures = row;
    }
    if (row == NULL) {
        traffic->tls.left_off += failure->sessions;
        return;
    }
    row->sessions += failure->sessions;
    row->first = report->begin < row->first ? report->begin : row->first;
    row->last = report->end > row->last ? report->end : row->last;
}

/* tls_is_before - more sessions; equal ones by name */
static bool tls_is_before(const struct traffic_tls_failure *a,
                          const struct traffic_tls_failure *b)
{
    int by_type = strcmp(a->type, b->type);
    int by_mx = strcmp(a->mx, b->mx);

    if (a->sessions != b->sessions)
        return a->sessions > b->sessions;
    if (by_type != 0)
        return by_type < 0;
    return by_mx != 0 ? by_mx < 0 : strcmp(a->reporter, b->reporter) < 0;
}

/* tls_sort - most sessions first */
static void tls_sort(struct traffic_tls *tls)
{
    struct traffic_tls_failure *sorted = NULL;

    while (tls->failures != NULL) {
        struct traffic_tls_failure *one = tls->failures;
        struct traffic_tls_failure **at = &sorted;

        tls->failures = one->next;
        while (*at != NULL && tls_is_before(*at, one))
            at = &(*at)->next;
        one->next = *at;
        *at = one;
    }
    tls->failures = sorted;
}

/* tls_add_policy - what a report says of one policy of the domain */
static void tls_add_policy(struct traffic *traffic, struct table *known,
                           const struct feedback_tls *report,
                           const struct feedback_tls_policy *policy)
{
    struct traffic_tls *tls = &traffic->tls;

    tls->successful += policy->successful;
    tls->failed += policy->failed;
    tls->first = tls->first == 0 || report->begin < tls->first ? report->begin : tls->first;
    tls->last = report->end > tls->last ? report->end : tls->last;
    for (const struct feedback_tls_failure *one = policy->failures; one; one = one->next)
        tls_add_failure(traffic, known, report, one);
}

void traffic_add_tls(struct traffic *traffic)
{
    struct table *known = table_open(traffic->private_part->scratch);

    for (const struct feedback_tls *report = traffic->set->tls; report; report = report->next) {
        bool is_ours = false;

        for (const struct feedback_tls_policy *policy = report->policies; policy != NULL;
             policy = policy->next) {
            const struct dns_name *name = traffic_name(traffic, policy->domain);

            if (name == NULL || !dns_name_is_below(name, traffic->domain))
                continue;
            is_ours = true;
            tls_add_policy(traffic, known, report, policy);
        }
        traffic->tls.reports += is_ours;
        if (!is_ours && report->policies != NULL)
            traffic_other_of(traffic, report->policies->domain)->reports++;
    }
    tls_sort(&traffic->tls);
}
