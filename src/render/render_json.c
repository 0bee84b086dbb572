/*
 * The report as JSON. Every key of the contract is written here or in the other render_json_*
 * files in the order of the contract.
 */
#include "base/clock.h"
#include "base/escape.h"
#include "render/render_json.h"
#include "ledger/ledger.h"
#include "render/render_policies.h"
#include "render/render_redact.h"
#include "render/render_report.h"
#include "render/render_session.h"
#include "render/render_shown.h"
#include "render/render_traffic.h"
#include "report/report_summary.h"

#define INDENT 2

/* ---- values ---- */

json_t *render_json_text(struct arena *arena, const char *text)
{
    return text == NULL ? json_null() : json_string(render_safe(arena, text));
}

json_t *render_json_raw(struct arena *arena, const char *bytes)
{
    return bytes == NULL ? json_null() : json_string(render_raw(arena, bytes));
}

json_t *render_json_span(struct arena *arena, struct span bytes)
{
    return json_string(escape_to_text(arena, bytes, 0));
}

json_t *render_json_name(struct arena *arena, const struct dns_name *name)
{
    return render_json_text(arena, name == NULL ? NULL : name->text);
}

/* write_as - with that indent, 0 for compact, and a final line end */
static void write_as(json_t *value, size_t indent, struct sbuf *out)
{
    render_json_dump(value, indent, out);
    sbuf_add_octet(out, '\n');
    json_decref(value);
}

void render_json_write(json_t *value, struct sbuf *out)
{
    write_as(value, INDENT, out);
}

void render_json_write_document(json_t *value, const struct report_options *options,
                                struct sbuf *out)
{
    if (options->is_redacted)
        render_redact(out->arena, value);
    render_json_write(value, out);
}

void render_json_write_line(json_t *value, struct sbuf *out)
{
    write_as(value, 0, out);
}

/* ---- the parts that belong to no method ---- */

json_t *render_json_tool(void)
{
    json_t *object = json_object();

    json_object_set_new(object, "name", json_string("mailassay"));
    json_object_set_new(object, "version", json_string(MAILASSAY_VERSION));
    return object;
}

/* json_message - which message was judged, null without one */
static json_t *json_message(struct arena *arena, const struct message_facts *facts)
{
    json_t *object = NULL;
    const struct mail_address *from = facts->from != NULL ? facts->from->first : NULL;

    if (facts->message == NULL)
        return json_null();
    object = json_object();
    if (from == NULL)
        json_object_set_new(object, "from", json_null());
    else
        json_object_set_new(
            object, "from",
            render_json_span(
                arena, span_of(arena_printf(arena, "%.*s@%.*s", SPAN_ARG(from->local_part),
                                            SPAN_ARG(from->domain_text)))));
    json_object_set_new(object, "message_id", render_json_text(arena, facts->message_id));
    json_object_set_new(object, "size", json_integer((json_int_t)facts->message->size));
    return object;
}

/* json_subject - domain, envelope and message */
static json_t *json_subject(struct arena *arena, const struct facts *facts)
{
    const struct subject *about = facts->subject;
    json_t *object = json_object();

    json_object_set_new(object, "domain", render_json_name(arena, about->domain));
    json_object_set_new(object, "ip",
                        about->ip.family == IP_NONE
                            ? json_null()
                            : render_json_text(arena, ip_to_text(arena, &about->ip)));
    json_object_set_new(object, "helo", render_json_raw(arena, about->helo));
    json_object_set_new(object, "mail_from", render_json_raw(arena, about->mail_from));
    json_object_set_new(object, "rcpt", render_json_raw(arena, about->rcpt));
    json_object_set_new(object, "message", json_message(arena, &facts->message));
    return object;
}

/* json_answer_object - one question as a snapshot line has it */
static json_t *json_answer_object(struct arena *arena, const struct dns_answer *answer)
{
    json_t *object = json_object();
    json_t *records = json_array();

    json_object_set_new(object, "name", render_json_name(arena, answer->question.name));
    json_object_set_new(
        object, "type",
        render_json_text(arena, dns_type_to_text(arena, answer->question.type)));
    json_object_set_new(object, "status",
                        render_json_text(arena, dns_status_to_text(answer->status)));
    json_object_set_new(object, "ttl",
                        answer->has_ttl ? json_integer(answer->ttl) : json_null());
    json_object_set_new(object, "ad", json_boolean(answer->ad));
    json_object_set_new(object, "source", render_json_text(arena, answer->source));
    json_object_set_new(object, "detail", render_json_text(arena, answer->detail));
    for (const struct dns_rr *rr = answer->records; rr != NULL; rr = rr->next)
        json_array_append_new(records, json_string(rr->text)); /* ASCII, TABs between fields */
    json_object_set_new(object, "records", records);
    return object;
}

static json_t *render_json_answers(struct arena *arena, const struct ledger *ledger)
{
    json_t *answers = json_array();

    for (size_t i = 0; i < ledger_count(ledger); i++)
        json_array_append_new(answers, json_answer_object(arena, ledger_get(ledger, i)));
    return answers;
}

/* json_dns - how much was asked, and with -v all that was answered */
static json_t *json_dns(struct arena *arena, const struct facts *facts, bool is_verbose)
{
    json_t *object = json_object();

    json_object_set_new(object, "questions", json_integer((json_int_t)facts->questions));
    json_object_set_new(object, "rounds", json_integer(facts->rounds));
    json_object_set_new(object, "answers",
                        is_verbose ? render_json_answers(arena, facts->ledger) : json_array());
    return object;
}

/* json_summary - the answers on top; null without an audit of a domain */
static json_t *json_summary(struct arena *arena, const struct report_summary *summary)
{
    json_t *object = NULL;
    json_t *reasons = NULL;
    json_t *receivers = NULL;

    if (summary == NULL)
        return json_null();
    object = json_object();
    reasons = json_array();
    for (size_t i = 0; i < summary->reason_count; i++)
        json_array_append_new(reasons, json_string(summary->reasons[i]));
    json_object_set_new(object, "forgery",
                        json_string(report_forgery_to_text(summary->forgery)));
    json_object_set_new(object, "own_mail",
                        json_string(report_own_mail_to_text(summary->own_mail)));
    json_object_set_new(object, "headline",
                        render_json_text(arena, report_headline(arena, summary)));
    json_object_set_new(object, "reasons", reasons);
    receivers = json_array();
    for (size_t i = 0; i < summary->receiver_count; i++)
        json_array_append_new(receivers, render_json_text(arena, summary->receivers[i]));
    json_object_set_new(object, "receivers", receivers);
    return object;
}

json_t *render_json_report(const struct report *report, const struct report_options *options,
                           struct arena *arena)
{
    const struct facts *facts = report->facts;
    json_t *root = json_object();

    json_object_set_new(root, "schema", json_integer(REPORT_SCHEMA));
    json_object_set_new(root, "tool", render_json_tool());
    json_object_set_new(root, "time",
                        render_json_text(arena, clock_to_text(arena, facts->subject->now)));
    json_object_set_new(root, "subject", json_subject(arena, facts));
    json_object_set_new(root, "envelope", render_json_envelope(arena, facts));
    json_object_set_new(root, "result", json_string(report_result_to_text(report->result)));
    json_object_set_new(root, "summary", json_summary(arena, report->summary));
    json_object_set_new(root, "spf", render_json_spf(arena, facts));
    json_object_set_new(root, "dkim", render_json_dkim(arena, facts));
    json_object_set_new(root, "arc", render_json_arc(arena, facts));
    json_object_set_new(root, "dmarc", render_json_dmarc(arena, facts));
    json_object_set_new(root, "engines", render_json_engines(arena, facts));
    json_object_set_new(root, "audit", render_json_audit(arena, report));
    json_object_set_new(root, "findings", render_json_findings(arena, report));
    json_object_set_new(root, "receivers", render_json_receivers(arena, report));
    json_object_set_new(root, "smtp", render_json_session(arena, report->session));
    json_object_set_new(root, "dns", json_dns(arena, facts, options->is_verbose));
    json_object_set_new(root, "plan", render_json_plan(arena, report));
    json_object_set_new(root, "steps", render_json_steps(arena, report));
    json_object_set_new(root, "what_if", render_json_what_if(arena, report->what_if));
    json_object_set_new(root, "stated", render_json_stated(arena, facts));
    json_object_set_new(root, "reports",
                        render_traffic_json_object(arena, report->traffic, report->findings));
    return root;
}

/* json_write_shown - the document of a report, with what `text` makes of it */
static void json_write_shown(const struct report *report, const struct report_options *options,
                             void (*text)(const struct report *report,
                                          const struct report_options *options,
                                          struct sbuf *out),
                             struct sbuf *out)
{
    const struct report_options plain = render_shown_options(options);
    json_t *document = render_json_report(report, options, out->arena);
    struct sbuf shown = sbuf_start(out->arena);

    text(report, &plain, &shown);
    render_shown_add(document, &shown, report->issues);
    render_json_write_document(document, options, out);
}

void render_json(const struct report *report, const struct report_options *options,
                 struct sbuf *out)
{
    json_write_shown(report, options, render_text, out);
}

void render_session_json(const struct report *report, const struct report_options *options,
                         struct sbuf *out)
{
    json_write_shown(report, options, render_session_text, out);
}

void render_json_line(const struct report *report, const struct report_options *options,
                      struct sbuf *out)
{
    render_json_write_line(render_json_report(report, options, out->arena), out);
}
