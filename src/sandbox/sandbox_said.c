/* From an outcome to a reply: what the receiver would say, in lines that SMTP can carry. */
#include "sandbox/sandbox_said.h"

#include <string.h>

#include "base/escape.h"
#include "base/sbuf.h"
#include "base/span.h"
#include "model/facts.h"
#include "model/result.h"

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

/* ---- the reply ---- */

/* say_rule - "mailassay: rule gmail/unauthenticated, source G3, 2026-03-21" */
static void say_rule(struct sandbox_said *said, const struct policy_outcome *outcome,
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
static void say_refusal(struct sandbox_said *said, const struct policy_outcome *outcome,
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
static void say_unknown(struct sandbox_said *said, const struct policy_outcome *outcome,
                        bool is_strict, struct sbuf *text)
{
    if (is_strict) {
        said->code = 451;
        said->enhanced = "4.7.0";
        said->disposition = POLICY_DEFER;
    }
    add_reply_line(text,
                   arena_printf(text->arena, "mailassay: undetermined: what %s would do: %s",
                                outcome->policy->name, outcome->unknown));
}

/* say_outcome - of the receiver */
static void say_outcome(struct sandbox_said *said, const struct policy_outcome *outcome,
                        bool is_strict, struct sbuf *text)
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
        say_unknown(said, outcome, is_strict, text);
        break;
    }
}

struct sandbox_said sandbox_say(struct arena *arena, const struct policy_outcome *outcome,
                                bool is_strict)
{
    struct sandbox_said said = {.code = 250, .enhanced = "2.0.0", .disposition = POLICY_ACCEPT};
    struct sbuf text = sbuf_start(arena);

    if (outcome == NULL)
        add_reply_line(&text, "OK, stored");
    else
        say_outcome(&said, outcome, is_strict, &text);
    said.text = sbuf_text(&text);
    return said;
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

json_t *sandbox_said_json(struct arena *arena, const struct sandbox_said *said)
{
    return json_pack("{s:I, s:o, s:o, s:o, s:s, s:o, s:o, s:s}", "code", (json_int_t)said->code,
                     "enhanced", said_text(said->enhanced), "lines",
                     said_lines(arena, said->text), "receiver", said_text(said->receiver),
                     "disposition", policy_disposition_to_text(said->disposition), "rule",
                     said_text(said->rule), "source", said_text(said->source), "step",
                     policy_step_to_text(said->at));
}

json_t *sandbox_expected_json(struct arena *arena, const struct sandbox_expected *list,
                              size_t count)
{
    json_t *array = json_array();

    for (size_t i = 0; i < count; i++)
        json_array_append_new(array,
                              json_pack("{s:s, s:s, s:s?}", "condition",
                                        escape_to_text(arena, span_of(list[i].condition), 0),
                                        "result", list[i].result, "because", list[i].because));
    return array;
}

json_t *sandbox_verdicts_json(const struct report *report)
{
    const struct facts *facts = report->facts;
    const char *dkim = facts->message.dkim_count == 0 ? "none" : NULL;

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

const char *sandbox_said_summary(struct arena *arena, const json_t *record,
                                 const struct sandbox_said *said)
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
