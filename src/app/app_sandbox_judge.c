/*
 * One message: read what the server kept of its session, judge it as check does, choose what to
 * answer, and write report and record. The record is last: where it exists, all is complete.
 */
#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "app/app_options.h"
#include "app/app_policies.h"
#include "app/app_report.h"
#include "app/app_run.h"
#include "app/app_sandbox.h"
#include "app/pipeline.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/file.h"
#include "base/ip.h"
#include "base/limits.h"
#include "base/sbuf.h"
#include "base/span.h"
#include "engine/engine.h"
#include "issue/issue.h"
#include "mail/mail_message.h"
#include "model/policy.h"
#include "model/report.h"
#include "model/subject.h"
#include "policy/policy_expectation.h"
#include "policy/policy_expression.h"
#include "render/render_view.h"
#include "report/report.h"
#include "sandbox/sandbox_judges.h"
#include "sandbox/sandbox_record.h"
#include "sandbox/sandbox_said.h"
#include "sandbox/sandbox_spool.h"

/* a message while it is judged; everything else of it lives in its arena */
struct judgement {
    struct app_sandbox *sandbox;
    struct app app;
    uint64_t number;
    json_t *record;
    const json_t *envelope;
    struct pipeline pipeline;
    struct report report;
    struct sandbox_said said;
    enum sandbox_verdict verdict;
    struct sandbox_expected *expected; /* one for each of --expect */
};

void app_sandbox_judge_start(void *ctx)
{
    struct app_sandbox *sandbox = ctx;
    struct err why = {0};

    if (sandbox->app->options.engines != ENGINES_OFF) {
        sandbox->app->engine = engine_open(&why);
        if (sandbox->app->engine == NULL)
            sandbox->app->engine_trouble = arena_strdup(sandbox->app->arena, why.text);
    }
    (void)sandbox_spool_reopen(sandbox->plan.spool); /* else each message is refused for now */
}

/* save_file - of the message; false and `why` */
static bool save_file(const struct judgement *in, const char *suffix, struct span bytes,
                      struct err *why)
{
    const struct sandbox_spool *spool = in->sandbox->plan.spool;

    if (sandbox_spool_save(spool, in->number, suffix, bytes))
        return true;
    err_set(why, "%s: cannot be written: %s", spool->path, strerror(errno));
    return false;
}

/* ---- what was kept ---- */

/* path_of - of a part of the message */
static const char *path_of(const struct judgement *in, const char *suffix, bool is_part)
{
    const struct sandbox_spool *spool = in->sandbox->plan.spool;

    return is_part ? sandbox_spool_part_name(in->app.arena, spool, in->number, suffix)
                   : sandbox_spool_name(in->app.arena, spool, in->number, suffix);
}

/* read_record - what the server wrote */
static bool read_record(struct judgement *in, struct err *why)
{
    struct span text = {NULL, 0};
    json_error_t error = {0};

    if (!file_load(in->app.arena, path_of(in, ".json", true), LIMIT_STDIN_BYTES, &text, why))
        return false;
    in->record = json_loadb(text.at, text.len, 0, &error);
    in->envelope = json_object_get(in->record, "envelope");
    if (in->record != NULL)
        return true;
    err_set_kind(why, ERR_INTERNAL, "the record of the session cannot be read: %s", error.text);
    return false;
}

/* envelope_text - a key of the envelope; NULL: null */
static const char *envelope_text(const struct judgement *in, const char *key)
{
    return arena_strdup(in->app.arena, json_string_value(json_object_get(in->envelope, key)));
}

/* take_envelope - where options would have put it */
static void take_envelope(struct judgement *in)
{
    struct app_options *options = &in->app.options;
    const char *client = envelope_text(in, "client_ip");
    const json_t *recipients = json_object_get(in->envelope, "rcpt");

    options->ip = (struct ip_address){.family = IP_NONE};
    if (client != NULL)
        ip_parse(span_of(client), &options->ip);
    options->helo = envelope_text(in, "helo");
    options->mail_from = envelope_text(in, "mail_from");
    options->rcpt =
        arena_strdup(in->app.arena,
                     json_string_value(json_object_get(json_array_get(recipients, 0), "path")));
    if (options->rcpt != NULL && strchr(options->rcpt, '@') == NULL)
        options->rcpt = NULL; /* postmaster, of nobody's domain */
    options->message = (struct mail_choice){.is_wire = true};
}

/* name_session - where the envelope comes from, for the report */
static void name_session(struct judgement *in)
{
    struct subject *subject = &in->pipeline.subject;
    static const char *const session = "the session";
    const char *peer = envelope_text(in, "peer");
    struct ip_address address = {.family = IP_NONE};

    ip_parse(span_of(peer), &address);
    /* clear text on this machine says nothing of the way to the receiver */
    subject->session = envelope_text(in, "tls") != NULL || ip_is_loopback(&address)
                           ? SESSION_UNDER_TLS
                           : SESSION_IN_CLEAR;
    subject->helo_origin = subject->helo != NULL ? session : NULL;
    subject->mail_from_origin = session;
    subject->rcpt_origin = subject->rcpt != NULL ? session : NULL;
    subject->ip_origin =
        subject->ip.family != IP_NONE ? envelope_text(in, "client_origin") : NULL;
    if (subject->ip.family == IP_NONE)
        subject->envelope_note = "SPF is not evaluated: the client is on this machine, and no "
                                 "client address was given";
}

/* ---- the report ---- */

/* find_policy - by name; NULL: none */
static const struct policy *find_policy(const struct app_policies *policies, const char *name)
{
    for (size_t i = 0; i < policies->count; i++)
        if (strcmp(policies->list[i]->name, name) == 0)
            return policies->list[i];
    return NULL;
}

/* take_receiver - the policy that the recipients stand for, to those of the run */
static void take_receiver(struct judgement *in, const char *receiver,
                          struct app_policies *policies)
{
    const struct policy *policy = NULL;
    const struct policy **list = NULL;
    size_t count = 0;

    if (receiver == NULL || find_policy(policies, receiver) != NULL ||
        (policy = find_policy(&in->sandbox->receivers, receiver)) == NULL)
        return;
    /* a list of its own: the one of the run is shared */
    for (size_t i = 0; i < policies->count; i++)
        arena_append(in->app.arena, list, count, policies->list[i]);
    arena_append(in->app.arena, list, count, policy);
    policies->list = list;
    policies->count = count;
}

/* make_report - as check does; false and `why`: it is not a message */
static bool make_report(struct judgement *in, struct err *why)
{
    const char *path = path_of(in, ".eml", false);
    struct mail_message *message =
        mail_message_choose(in->app.arena, path, &in->app.options.message, why);
    const struct pipeline_request request = {
        .message = path, .parsed = message, .has_engines = true, .has_envelope = true};
    struct app_policies policies = in->sandbox->judged;
    const char *receiver = envelope_text(in, "receiver");

    if (message == NULL || !pipeline_open(&in->pipeline, &in->app, &request, why))
        return false;
    name_session(in);
    take_receiver(in, receiver, &policies);
    return app_report(&in->pipeline, &policies, &in->report, why);
}

/* outcome_of - what the receiver does; of two, that for other than bulk mail */
static const struct policy_outcome *outcome_of(const struct report *report,
                                               const char *receiver)
{
    const struct policy_outcome *found = NULL;

    for (size_t i = 0; receiver != NULL && i < report->outcome_count; i++)
        if (strcmp(report->outcomes[i].policy->name, receiver) == 0 &&
            (found == NULL || report->outcomes[i].is_for_others))
            found = &report->outcomes[i];
    return found;
}

/* list_expected - what is expected, not judged yet */
static struct sandbox_expected *list_expected(const struct judgement *in)
{
    const struct app_list *texts = &in->app.options.sandbox.expected;
    struct sandbox_expected *list =
        arena_array_of(in->app.arena, struct sandbox_expected, texts->count);

    for (size_t i = 0; i < texts->count; i++)
        list[i] = (struct sandbox_expected){.condition = texts->texts[i], .result = "unknown"};
    return list;
}

/* judge_expected - each condition; they decide, or the report does */
static void judge_expected(struct judgement *in)
{
    static const char *const words[] = {
        [POLICY_NO] = "no", [POLICY_YES] = "yes", [POLICY_CANNOT_TELL] = "unknown"};
    const struct app_options *options = &in->app.options;
    const struct policy_evidence evidence = {app_policies_known(&in->app, in->report.facts),
                                             in->report.outcomes, in->report.outcome_count};
    int status = report_exit_status(&in->report, options->threshold);

    in->expected = list_expected(in);
    in->verdict = SANDBOX_FINE;
    if (options->sandbox.expected.count == 0)
        in->verdict = status == STATUS_FINDINGS       ? SANDBOX_FAILS
                      : status == STATUS_UNDETERMINED ? SANDBOX_UNDETERMINED
                                                      : SANDBOX_FINE;
    for (size_t i = 0; i < options->sandbox.expected.count; i++) {
        const struct policy_expression *expected = in->sandbox->expected[i];
        enum policy_truth truth = policy_expectation_judge(expected, &evidence);

        in->expected[i].result = words[truth];
        in->expected[i].because =
            policy_expectation_explain(in->app.arena, expected, &evidence);
        if (truth == POLICY_NO)
            in->verdict = SANDBOX_FAILS;
        else if (truth == POLICY_CANNOT_TELL && in->verdict == SANDBOX_FINE)
            in->verdict = SANDBOX_UNDETERMINED;
    }
}

/* save_report - next to the message */
static bool save_report(struct judgement *in, struct err *why)
{
    const struct report_options options = {.is_verbose = in->app.options.is_verbose};
    struct sbuf out = sbuf_start(in->app.arena);

    in->report.issues =
        issue_of_report(in->app.arena, "check", &in->report, in->app.options.threshold);
    render_view_cell(VIEW_check, FORMAT_json)(&in->report, &options, &out);
    return save_file(in, ".report.json", sbuf_span(&out), why);
}

/* judge_message - all of it; what cannot be done is an answer, too */
static bool judge_message(struct judgement *in, struct err *why)
{
    if (!sandbox_spool_place(in->sandbox->plan.spool, in->number, ".eml")) {
        err_set_kind(why, ERR_INTERNAL, "the message no longer exists");
        return false;
    }
    if (!read_record(in, why))
        return false;
    take_envelope(in);
    if (!make_report(in, why))
        return false;
    judge_expected(in);
    in->said =
        sandbox_say(in->app.arena, outcome_of(&in->report, envelope_text(in, "receiver")),
                    in->app.options.sandbox.is_strict);
    return save_report(in, why);
}

/* ---- the record ---- */

/* finish_record - what is said and why, then it takes its place */
static bool finish_record(struct judgement *in, struct err *why)
{
    struct arena *arena = in->app.arena;

    if (in->record == NULL)
        return false;
    json_object_set_new(in->record, "answer", sandbox_said_json(arena, &in->said));
    json_object_set_new(
        in->record, "expectations",
        sandbox_expected_json(arena, in->expected != NULL ? in->expected : list_expected(in),
                              in->app.options.sandbox.expected.count));
    json_object_set_new(in->record, "verdicts",
                        in->report.facts == NULL ? json_null()
                                                 : sandbox_verdicts_json(&in->report));
    json_object_set_new(
        in->record, "report",
        in->report.facts == NULL
            ? json_null()
            : json_string(strrchr(path_of(in, ".report.json", false), '/') + 1));
    return save_file(in, ".json", sandbox_record_text(arena, in->record), why);
}

/* say_trouble - the message could not be judged: refused where it is not a message at all */
static void say_trouble(struct judgement *in, const struct err *why)
{
    bool is_message = why->kind != ERR_INPUT;
    const char *sentence = why->text;
    const char *path = path_of(in, ".eml", false);

    if (span_starts_with(span_of(sentence), path))
        sentence += strlen(path) + 2;
    in->said = (struct sandbox_said){
        .code = is_message ? 451 : 554,
        .enhanced = is_message ? "4.3.0" : "5.6.0",
        .disposition = is_message ? POLICY_DEFER : POLICY_REJECT,
        .text = arena_printf(in->app.arena, "mailassay: the message cannot be evaluated: it %s",
                             sentence),
    };
    in->verdict = is_message ? SANDBOX_UNDETERMINED : SANDBOX_FAILS;
    in->expected = NULL;
}

/* copy_text - as much as there is room for */
static void copy_text(char *to, size_t size, const char *text)
{
    snprintf(to, size, "%s", text != NULL ? text : "");
}

/* judge_whole - may be left where memory ends; objects of JSON end with the message, too */
static void judge_whole(void *ctx)
{
    struct judgement *in = ctx;
    struct err why = {0};

    arena_lend(in->app.arena);
    if (!judge_message(in, &why))
        say_trouble(in, &why);
}

void app_sandbox_judge(void *ctx, uint64_t number, struct sandbox_answer *answer)
{
    struct arena *arena = arena_open();
    struct judgement in = {.sandbox = ctx, .app = *((struct app_sandbox *)ctx)->app};
    struct err why = {0};
    bool is_done = false;

    in.number = number;
    in.app.arena = arena;
    in.app.options.arena = arena;
    is_done = arena_try(arena, LIMIT_SUBJECT_MEMORY_BYTES, judge_whole, &in);

    arena_lend(arena);
    if (!is_done) {
        arena_reset(arena);
        in.record = NULL;
        in.report = (struct report){.facts = NULL};
        (void)read_record(&in, &why);
        err_set_kind(&why, ERR_INTERNAL, "needs more memory than one message may use");
        say_trouble(&in, &why);
    }
    if (finish_record(&in, &why)) {
        answer->is_kept = true;
        answer->code = in.said.code;
        answer->verdict = in.verdict;
        copy_text(answer->enhanced, sizeof(answer->enhanced), in.said.enhanced);
        copy_text(answer->text, sizeof(answer->text), in.said.text);
        copy_text(answer->summary, sizeof(answer->summary),
                  sandbox_said_summary(arena, in.record, &in.said));
    }
    arena_lend(NULL);
    pipeline_close(&in.pipeline);
    arena_close(arena);
}
