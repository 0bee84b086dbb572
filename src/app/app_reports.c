/* Each domain gets the audit of check, without its steps: the page is about the reports. */
#include "app/app_reports.h"

#include <string.h>
#include <sys/stat.h>

#include "app/app_traffic.h"
#include "app/pipeline.h"
#include "base/arena.h"
#include "base/dns_name.h"
#include "base/err.h"
#include "base/escape.h"
#include "base/limits_reports.h"
#include "base/table.h"
#include "check/check.h"
#include "model/traffic.h"
#include "render/render_reports.h"
#include "render/render_view.h"

/* a domain that reports are about */
struct reports_domain {
    const struct dns_name *name;
    uint64_t messages;
    size_t number; /* in the order of reading */
    struct pipeline pipeline;
    struct reports_domain *next;
};

struct reports_run {
    struct app *app;
    struct feedback_set *set;
    struct table *known; /* by text of the set */
    struct reports_domain *domains;
    size_t count;
};

/* reports_note_domain - one that a report names */
static void reports_note_domain(struct reports_run *run, const char *text, uint64_t messages)
{
    struct arena *arena = run->app->arena;
    struct err why = {0};
    bool is_new = false;
    void **slot = table_slot(run->known, span_make((const char *)&text, sizeof(text)), &is_new);
    struct reports_domain *domain = *slot;

    if (is_new) {
        const struct dns_name *name = dns_name_parse(arena, span_of(text), &why);

        if (name == NULL)
            return;
        domain = arena_new_of(arena, struct reports_domain);
        domain->name = name;
        domain->number = run->count++;
        domain->next = run->domains;
        *slot = run->domains = domain;
    }
    if (domain != NULL)
        domain->messages += messages;
}

/* reports_find_domains - of aggregate and TLS reports */
static void reports_find_domains(struct reports_run *run)
{
    for (const struct feedback_report *one = run->set->reports; one != NULL; one = one->next)
        reports_note_domain(run, one->policy.domain, one->messages);
    for (const struct feedback_tls *one = run->set->tls; one != NULL; one = one->next)
        for (const struct feedback_tls_policy *policy = one->policies; policy != NULL;
             policy = policy->next)
            reports_note_domain(run, policy->domain, 0);
}

/* reports_is_below - another domain of the list speaks for this one, too */
static bool reports_is_below(const struct reports_run *run, const struct reports_domain *domain)
{
    for (const struct reports_domain *one = run->domains; one != NULL; one = one->next)
        if (one != domain && dns_name_is_below(domain->name, one->name))
            return true;
    return false;
}

/* reports_is_before - more messages, then as they were read */
static bool reports_is_before(const struct reports_domain *a, const struct reports_domain *b)
{
    return a->messages != b->messages ? a->messages > b->messages : a->number < b->number;
}

/* reports_choose - domains of their own, most messages first, as many as are judged */
static void reports_choose(struct reports_run *run, struct render_reports *out)
{
    struct reports_domain *chosen = NULL;
    size_t count = 0;

    for (struct reports_domain *one = run->domains, *next = NULL; one != NULL; one = next) {
        struct reports_domain **at = &chosen;
        struct reports_domain *copy = NULL;

        next = one->next;
        if (reports_is_below(run, one))
            continue;
        copy = arena_new_of(run->app->arena, struct reports_domain);
        *copy = *one;
        while (*at != NULL && reports_is_before(*at, copy))
            at = &(*at)->next;
        copy->next = *at;
        *at = copy;
    }
    for (struct reports_domain **at = &chosen; *at != NULL; at = &(*at)->next)
        if (++count > LIMIT_REPORTS_DOMAINS) {
            out->left_off = 1;
            for (const struct reports_domain *one = (*at)->next; one != NULL; one = one->next)
                out->left_off++;
            *at = NULL;
            break;
        }
    run->domains = chosen;
}

/* reports_judge - one domain: audit, then its traffic */
static bool reports_judge(struct reports_run *run, struct reports_domain *domain,
                          struct render_reports *out, struct err *why)
{
    const struct pipeline_request request = {.domain = domain->name->text};
    struct render_reports_domain shown = {0};

    if (!pipeline_open(&domain->pipeline, run->app, &request, why))
        return false;
    shown.traffic = app_traffic_of(&domain->pipeline, run->set);
    shown.facts = pipeline_run(&domain->pipeline);
    app_traffic_judge(&domain->pipeline, shown.traffic, shown.facts);
    shown.findings = check_run(run->app->arena, shown.facts);
    out->time = shown.facts->subject->now;
    arena_append(run->app->arena, out->domains, out->count, shown);
    return true;
}

/* reports_judge_all - and save what was asked, where that is one domain's */
static bool reports_judge_all(struct reports_run *run, struct render_reports *out,
                              struct err *why)
{
    const char *snapshot = run->app->options.save_snapshot;

    for (struct reports_domain *one = run->domains; one != NULL; one = one->next)
        if (!reports_judge(run, one, out, why))
            return false;
    if (snapshot == NULL)
        return true;
    if (run->domains->next != NULL) {
        err_set_kind(why, ERR_USAGE,
                     "--save-snapshot: the reports are about several domains; check one of "
                     "them with --reports");
        return false;
    }
    return pipeline_save(&run->domains->pipeline, snapshot, why);
}

/* reports_is_failing - mail of one's own fails, and no newer report shows that it passes */
static bool reports_is_failing(const struct traffic *traffic)
{
    for (const struct traffic_sender *one = traffic->senders; one != NULL; one = one->next)
        if (one->owner <= TRAFFIC_PERHAPS && traffic_failing(&one->now) > 0 &&
            one->passes_since == 0)
            return true;
    return false;
}

/* reports_status - of all domains, and its reason */
static int reports_status(struct app *app, const struct render_reports *out)
{
    uint64_t unknown = 0;

    for (size_t i = 0; i < out->count; i++) {
        if (reports_is_failing(out->domains[i].traffic)) {
            app->reason =
                arena_printf(app->arena, "mail that is or may be %s's own fails DMARC",
                             out->domains[i].traffic->domain->text);
            return STATUS_FINDINGS;
        }
        unknown += out->domains[i].traffic->now.unknown;
    }
    if (unknown == 0)
        return STATUS_FINE;
    app->reason = "some of the mail could not be evaluated";
    return STATUS_UNDETERMINED;
}

/* reports_are_there - else `why` says what was found instead */
static bool reports_are_there(const struct reports_run *run, struct err *why)
{
    const struct feedback_note *note = run->set->notes;

    if (run->domains != NULL)
        return true;
    if (note != NULL)
        err_set(why, "%s: %s", note->place, note->text);
    else
        err_set(why, "no report was found");
    return false;
}

struct feedback_set *app_reports_find(struct app *app, const char *path)
{
    struct feedback_set *set = NULL;
    struct stat about = {0};
    struct err why = {0};
    size_t found = 0;

    if (strcmp(path, "-") == 0 || stat(path, &about) != 0)
        return NULL;
    set = feedback_open(app->arena);
    if (!feedback_add_path(set, path, &why))
        return NULL;
    found = set->report_count + set->tls_count + set->duplicates + set->refused;
    return found > 0 && found >= set->without ? set : NULL;
}

struct feedback_set *app_reports_of_bytes(struct app *app, const char *path, struct span bytes)
{
    struct feedback_set *set = feedback_open(app->arena);

    feedback_add_bytes(set, escape_shown(app->arena, path), bytes);
    return set;
}

int app_reports_explain(struct app *app, struct feedback_set *set)
{
    struct reports_run run = {.app = app, .set = set};
    struct render_reports out = {.set = run.set};
    struct err why = {0};
    int status = STATUS_FINE;

    run.known = table_open(app->arena);
    reports_find_domains(&run);
    if (!app_output_check(app, VIEW_reports, &why) || !reports_are_there(&run, &why))
        return app_fail(app, &why);
    reports_choose(&run, &out);
    if (reports_judge_all(&run, &out, &why) && app_output(app, VIEW_reports, &out, &why))
        status = reports_status(app, &out);
    else
        status = app_fail(app, &why);
    for (struct reports_domain *one = run.domains; one != NULL; one = one->next)
        pipeline_close(&one->pipeline);
    return status;
}
