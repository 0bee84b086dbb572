/* Does the refusal still apply? The author's domain is checked with the client that the
 * receiver saw. */
#include <string.h>

#include "app/app_explain.h"
#include "app/app_options.h"
#include "app/app_policies.h"
#include "app/app_report.h"
#include "app/app_run.h"
#include "app/pipeline.h"
#include "base/arena.h"
#include "base/dns_name.h"
#include "base/err.h"
#include "base/escape.h"
#include "base/ip.h"
#include "base/limits_bounce.h"
#include "base/span.h"
#include "explain/explain.h"
#include "explain/explain_input.h"
#include "mail/mail_message.h"
#include "model/bounce.h"
#include "model/dns_answer.h"
#include "model/explain.h"
#include "model/report.h"
#include "model/subject.h"
#include "source/source.h"

/* a check that was made */
struct explain_checked {
    struct explain_facts facts;
    struct span original;
    const struct report *report;
};

struct explain_checks {
    struct app *app;
    struct explain_input *input;
    struct app_policies policies;
    struct explain_checked list[LIMIT_EXPLAIN_CHECKS];
    size_t count;
};

/* explain_envelope - what the receiver saw, where no option says otherwise */
static struct app explain_envelope(const struct app *app, const struct explain_facts *facts)
{
    struct app copy = *app;
    struct ip_address address = {0};

    if (copy.options.ip.family == IP_NONE && facts->ip != NULL &&
        ip_parse(span_of(facts->ip), &address))
        copy.options.ip = address;
    if (copy.options.mail_from == NULL && facts->mail_from != NULL)
        copy.options.mail_from = facts->mail_from;
    if (copy.options.helo == NULL && facts->helo != NULL)
        copy.options.helo = facts->helo;
    return copy;
}

/* explain_origins - the report names the bounce as its source */
static void explain_origins(const struct app *app, const struct explain_facts *facts,
                            struct subject *subject)
{
    if (app->options.ip.family == IP_NONE && facts->ip != NULL)
        subject->ip_origin = facts->ip_origin;
    if (app->options.mail_from == NULL && facts->mail_from != NULL)
        subject->mail_from_origin = "the bounce";
    if (app->options.helo == NULL && facts->helo != NULL)
        subject->helo_origin = "the bounce";
}

/* reporter_address - the first address of the host that reports; IP_NONE: none is known */
static struct ip_address reporter_address(struct pipeline *pipeline, const char *reporter)
{
    static const enum dns_type types[] = {DNS_A, DNS_AAAA};
    struct err unused = {0};
    const struct dns_name *name =
        dns_name_parse(pipeline->app->arena, span_of(reporter), &unused);

    for (size_t i = 0; name != NULL && i < COUNT_OF(types); i++) {
        const struct dns_answer *answer = pipeline_ask(pipeline, name, types[i]);

        for (const struct dns_rr *rr = answer->records; rr != NULL; rr = rr->next)
            if (rr->type == types[i] && rr->address != NULL)
                return *rr->address;
    }
    return (struct ip_address){.family = IP_NONE};
}

/* explain_reporter - who reports that another host refused the mail was the client of that one:
 * the receiver saw its address, not the one in a trace field of the original */
static void explain_reporter(struct pipeline *pipeline, const struct bounce_recipient *said)
{
    struct subject *subject = &pipeline->subject;

    if (subject->ip.family != IP_NONE || said->host == NULL || said->reporter == NULL ||
        text_same(said->host, said->reporter))
        return;
    subject->ip = reporter_address(pipeline, said->reporter);
    if (subject->ip.family != IP_NONE)
        subject->ip_origin =
            arena_printf(pipeline->app->arena, "the address of %s, which reports the refusal",
                         escape_shown(pipeline->app->arena, said->reporter));
}

/* explain_run - one check */
static const struct report *explain_run(struct explain_checks *checks,
                                        const struct explain_facts *facts,
                                        const struct explain_entry *entry, struct err *why)
{
    const struct bounce *bounce = entry->bounce;
    const struct app *app = checks->app;
    struct app *copy = arena_new_of(app->arena, struct app);
    struct pipeline_request request = {.domain = facts->domain, .has_engines = true};
    struct pipeline *pipeline =
        arena_new_of(app->arena, struct pipeline); /* facts look at it */
    struct report *report = arena_new_of(app->arena, struct report);
    bool is_done = false;

    *copy = explain_envelope(app, facts);
    if (bounce->original.bytes.len > 0) {
        request.parsed = mail_message_parse(app->arena, bounce->original.bytes);
        request.parsed->is_header_only |= bounce->original.is_header_only;
    }
    if (pipeline_open(pipeline, copy, &request, why)) {
        explain_origins(app, facts, &pipeline->subject);
        explain_reporter(pipeline, entry->said);
        is_done = app_report(pipeline, &checks->policies, report, why) &&
                  pipeline_save(pipeline, app->options.save_snapshot, why);
        checks->input->out.now = pipeline->subject.now;
    }
    source_close(pipeline->work.source); /* the message is in memory */
    return is_done ? report : NULL;
}

/* explain_report_for - the check about one recipient, made once for all that share it; NULL:
 * not checked. `why` is filled where it failed */
static const struct report *explain_report_for(struct explain_checks *checks,
                                               const struct explain_entry *entry,
                                               struct err *why)
{
    struct arena *arena = checks->app->arena;
    struct explain_facts facts = explain_facts_of(arena, entry->bounce, entry->said);
    struct explain_checked *checked = NULL;

    if (facts.domain == NULL || !explain_is_checked(entry->said->class->cause_id) ||
        checks->app->options.has_no_check)
        return NULL;
    for (size_t i = 0; i < checks->count; i++) {
        checked = &checks->list[i];
        if (text_same(checked->facts.domain, facts.domain) &&
            text_same(checked->facts.ip, facts.ip) &&
            text_same(checked->facts.mail_from, facts.mail_from) &&
            checked->original.at == entry->bounce->original.bytes.at)
            return checked->report;
    }
    if (checks->count >= LIMIT_EXPLAIN_CHECKS)
        return NULL;
    checked = &checks->list[checks->count];
    checked->facts = facts;
    checked->original = entry->bounce->original.bytes;
    checked->report = explain_run(checks, &facts, entry, why);
    checks->count += checked->report != NULL;
    return checked->report;
}

bool app_explain_check(struct app *app, struct explain_input *input, struct err *why)
{
    struct explain_checks checks = {.app = app, .input = input};

    if (!app_policies_open(app, &checks.policies, why))
        return false;
    input->out.now = app_options_now(&app->options);
    for (size_t i = 0; i < input->entry_count; i++) {
        const struct explain_entry *entry = &input->entries[i];
        const struct report *now = explain_report_for(&checks, entry, why);

        if (why->text[0] != '\0')
            return false;
        arena_append(app->arena, input->out.list, input->out.count,
                     explain_one(app->arena, entry->bounce, entry->said, now));
    }
    explain_input_sort(input);
    return true;
}
