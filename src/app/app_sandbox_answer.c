/* From outcomes to a reply: what the receiver would say, in lines that SMTP can carry. */
#include "app/app_sandbox_answer.h"

#include <string.h>

#include "app/app_options.h"
#include "base/escape.h"
#include "base/sbuf.h"
#include "base/span.h"
#include "model/facts.h"
#include "model/result.h"
#include "policy/policy_expectation.h"
#include "report/report.h"

#define REPLY_TEXT 480 /* of a line: with code and CRLF below 512 (RFC 5321, 4.5.3.1.5) */

/* ---- text that a reply may hold ---- */

/* add_reply_line - ASCII without controls, cut */
static void add_reply_line(struct sbuf *text, const char *line)
{
    size_t len = 0;

    if (text->len > 0)
        sbuf_add_octet(text, '\n');
    for (; *line != '\0' && len < REPLY_TEXT; line++, len++)
        sbuf_add_octet(text, *line == '\t' || *line == '\n' || *line == '\r' ? ' '
                             : (unsigned char)*line < ' ' || (unsigned char)*line > '~'
                                 ? '?'
                                 : *line);
}

/* add_reply_text - each line of a text of several */
static void add_reply_text(struct sbuf *text, const char *lines, struct arena *arena)
{
    struct span rest = span_of(lines);

    do
        add_reply_line(text, arena_strdup_span(arena, span_cut(&rest, '\n')));
    while (rest.at != NULL);
}

/* ---- policies ---- */

/* find_policy - by name; NULL: none */
static const struct policy *find_policy(const struct app_policies *policies, const char *name)
{
    for (size_t i = 0; i < policies->count; i++)
        if (strcmp(policies->list[i]->name, name) == 0)
            return policies->list[i];
    return NULL;
}

void app_sandbox_policies(const struct app_sandbox *sandbox, const char *receiver,
                          struct app *app, struct app_policies *policies)
{
    const struct policy *policy = NULL;
    const struct policy **list = NULL;
    size_t count = 0;

    if (receiver == NULL || find_policy(policies, receiver) != NULL ||
        (policy = find_policy(&sandbox->receivers, receiver)) == NULL)
        return;
    /* a list of its own: the one of the run is shared */
    for (size_t i = 0; i < policies->count; i++)
        arena_append(app->arena, list, count, policies->list[i]);
    arena_append(app->arena, list, count, policy);
    policies->list = list;
    policies->count = count;
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

/* ---- the reply ---- */

/* say_rule - "mailassay: rule gmail/unauthenticated, source G3, 2026-03-21" */
static void say_rule(struct app_sandbox_said *said, const struct policy_outcome *outcome,
                     struct sbuf *text)
{
    const struct policy_rule *rule = outcome->rule;
    const struct policy_source *source = rule->source_count > 0 ? rule->sources[0] : NULL;

    said->rule = rule->id;
    said->source = source != NULL ? source->id : NULL;
    said->at = rule->at;
    add_reply_line(
        text, arena_printf(text->arena, "mailassay: rule %s/%s%s%s, %s", outcome->policy->name,
                           rule->id, source != NULL ? ", source " : "",
                           source != NULL ? source->id : "",
                           source != NULL && source->read != NULL ? source->read
                                                                  : outcome->policy->as_of));
    if (rule->at != POLICY_AT_DOT && rule->at != POLICY_AT_HEADER)
        add_reply_line(text, arena_printf(text->arena,
                                          "mailassay: this receiver sends this reply at %s",
                                          policy_step_to_text(rule->at)));
}

/* say_refusal - code and text of the receiver */
static void say_refusal(struct app_sandbox_said *said, const struct policy_outcome *outcome,
                        struct sbuf *text)
{
    bool is_final = outcome->disposition == POLICY_REJECT;
    uint64_t code = is_final ? 550 : 451;

    if (outcome->code != NULL)
        span_to_number(span_of(outcome->code), 599, &code);
    said->code = (unsigned)code;
    said->enhanced = outcome->enhanced;
    if (said->enhanced == NULL) /* RFC 2034, 4: every reply has one */
        said->enhanced = is_final ? "5.7.1" : "4.7.0";
    add_reply_text(text, outcome->reply != NULL ? outcome->reply : outcome->rule->says,
                   text->arena);
}

/* say_unknown - it is not known what the receiver does */
static void say_unknown(const struct app_sandbox *sandbox, struct app_sandbox_said *said,
                        const struct policy_outcome *outcome, struct sbuf *text)
{
    if (sandbox->app->options.sandbox.is_strict) {
        said->code = 451;
        said->enhanced = "4.7.0";
        said->disposition = POLICY_DEFER;
    }
    add_reply_line(text,
                   arena_printf(text->arena, "mailassay: undetermined: what %s would do: %s",
                                outcome->policy->name, outcome->unknown));
}

/* say_outcome - of the receiver */
static void say_outcome(const struct app_sandbox *sandbox, struct app_sandbox_said *said,
                        const struct policy_outcome *outcome, struct sbuf *text)
{
    said->receiver = outcome->policy->name;
    said->disposition = outcome->disposition;
    switch (outcome->disposition) {
    case POLICY_ACCEPT:
    case POLICY_JUNK:
        add_reply_line(text,
                       outcome->disposition == POLICY_JUNK ? "OK, into the junk folder" : "OK");
        say_rule(said, outcome, text);
        break;
    case POLICY_DEFER:
    case POLICY_REJECT:
        say_refusal(said, outcome, text);
        say_rule(said, outcome, text);
        break;
    case POLICY_UNKNOWN:
        say_unknown(sandbox, said, outcome, text);
        break;
    }
}

/* judge_expected - each condition; they decide, or the report does */
static void judge_expected(const struct app_sandbox_asked *asked, struct app_sandbox_said *said)
{
    const struct app_options *options = &asked->app->options;
    size_t count = options->sandbox.expected.count;
    struct arena *arena = asked->app->arena;
    enum policy_truth *truths = arena_array_of(arena, enum policy_truth, count);
    const struct policy_evidence evidence = {
        app_policies_known(asked->app, asked->report->facts), asked->report->outcomes,
        asked->report->outcome_count};
    int status = report_exit_status(asked->report, options->threshold);

    said->because = arena_array_of(arena, const char *, count);
    said->expected = truths;
    if (count == 0)
        said->verdict = status == STATUS_FINDINGS       ? SANDBOX_FAILS
                        : status == STATUS_UNDETERMINED ? SANDBOX_UNDETERMINED
                                                        : SANDBOX_FINE;
    for (size_t i = 0; i < count; i++) {
        const struct policy_expression *expected = asked->sandbox->expected[i];

        truths[i] = policy_expectation_judge(expected, &evidence);
        said->because[i] = policy_expectation_explain(arena, expected, &evidence);
        if (truths[i] == POLICY_NO)
            said->verdict = SANDBOX_FAILS;
        else if (truths[i] == POLICY_CANNOT_TELL && said->verdict == SANDBOX_FINE)
            said->verdict = SANDBOX_UNDETERMINED;
    }
}

void app_sandbox_say(const struct app_sandbox_asked *asked, struct app_sandbox_said *said_out)
{
    const struct policy_outcome *outcome = outcome_of(asked->report, asked->receiver);
    struct sbuf text = sbuf_start(asked->app->arena);

    *said_out = (struct app_sandbox_said){
        .code = 250, .enhanced = "2.0.0", .disposition = POLICY_ACCEPT};
    judge_expected(asked, said_out);
    if (outcome == NULL)
        add_reply_line(&text, "OK, stored");
    else
        say_outcome(asked->sandbox, said_out, outcome, &text);
    said_out->text = sbuf_text(&text);
}

/* ---- JSON ---- */

/* said_text - null without one */
static json_t *said_text(const char *text)
{
    return text != NULL ? json_string(text) : json_null();
}

/* said_lines - of the reply */
static json_t *said_lines(struct arena *arena, const char *text)
{
    json_t *list = json_array();
    struct span rest = span_of(text);

    do
        json_array_append_new(list,
                              json_string(escape_to_text(arena, span_cut(&rest, '\n'), 0)));
    while (rest.at != NULL);
    return list;
}

json_t *app_sandbox_said_json(struct arena *arena, const struct app_sandbox_said *said)
{
    return json_pack("{s:I, s:o, s:o, s:o, s:s, s:o, s:o, s:s}", "code", (json_int_t)said->code,
                     "enhanced", said_text(said->enhanced), "lines",
                     said_lines(arena, said->text), "receiver", said_text(said->receiver),
                     "disposition", policy_disposition_to_text(said->disposition), "rule",
                     said_text(said->rule), "source", said_text(said->source), "step",
                     policy_step_to_text(said->at));
}

json_t *app_sandbox_expected_json(struct arena *arena, const struct app_sandbox *sandbox,
                                  const struct app_sandbox_said *said)
{
    static const char *const words[] = {
        [POLICY_NO] = "no", [POLICY_YES] = "yes", [POLICY_CANNOT_TELL] = "unknown"};
    const struct app_list *texts = &sandbox->app->options.sandbox.expected;
    json_t *list = json_array();

    for (size_t i = 0; i < texts->count; i++) {
        bool is_judged = said->expected != NULL;

        json_array_append_new(
            list, json_pack("{s:s, s:s, s:s?}", "condition",
                            escape_to_text(arena, span_of(texts->texts[i]), 0), "result",
                            words[is_judged ? said->expected[i] : POLICY_CANNOT_TELL],
                            "because", is_judged ? said->because[i] : NULL));
    }
    return list;
}

json_t *app_sandbox_verdicts_json(struct arena *arena, const struct report *report)
{
    const struct facts *facts = report->facts;
    const char *dkim = facts->message.dkim_count == 0 ? "none" : NULL;

    (void)arena;
    for (size_t i = 0; i < facts->message.dkim_count; i++)
        if (dkim == NULL || facts->message.dkim[i].result == DKIM_PASS)
            dkim = dkim_result_to_text(facts->message.dkim[i].result);
    return json_pack(
        "{s:s, s:s?, s:s, s:s?}", "result", report_result_to_text(report->result), "spf",
        facts->spf_count > 0 ? spf_result_to_text(facts->spf[0]->result) : NULL, "dkim", dkim,
        "dmarc",
        facts->message.dmarc != NULL ? dmarc_result_to_text(facts->message.dmarc->result)
                                     : NULL);
}

/* ---- one line ---- */

/* summary_text - a key of an object; what stands for null */
static const char *summary_text(const json_t *object, const char *key, const char *otherwise)
{
    const char *text = json_string_value(json_object_get(object, key));

    return text != NULL ? text : otherwise;
}

const char *app_sandbox_summary(struct arena *arena, const json_t *record,
                                const struct app_sandbox_said *said)
{
    const json_t *envelope = json_object_get(record, "envelope");
    const json_t *verdicts = json_object_get(record, "verdicts");
    const json_t *recipients = json_object_get(envelope, "rcpt");
    size_t count = json_array_size(recipients);
    struct sbuf text = sbuf_start(arena);

    sbuf_addf(&text, "%s  <%s> to <%s>", summary_text(record, "id", "?"),
              summary_text(envelope, "mail_from", ""),
              summary_text(json_array_get(recipients, 0), "path", ""));
    if (count > 1)
        sbuf_addf(&text, " and %zu more", count - 1);
    sbuf_addf(&text, ": SPF %s, DKIM %s, DMARC %s", summary_text(verdicts, "spf", "not judged"),
              summary_text(verdicts, "dkim", "not judged"),
              summary_text(verdicts, "dmarc", "not judged"));
    sbuf_addf(&text, "; answered %u%s%s", said->code, said->enhanced != NULL ? " " : "",
              said->enhanced != NULL ? said->enhanced : "");
    if (said->receiver != NULL)
        sbuf_addf(&text, " as %s", said->receiver);
    return sbuf_text(&text);
}
