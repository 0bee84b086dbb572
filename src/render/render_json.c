/*
 * The report as JSON. Every key of the contract is written here or in the other render_json_*
 * files in the order of the contract.
 */
#include "render/render_json.h"
#include "base/arena.h"
#include "base/clock.h"
#include "base/ip.h"
#include "model/mail_address.h"
#include "model/report.h"
#include "model/subject.h"
#include "render/render_policies.h"
#include "render/render_session.h"
#include "render/render_traffic.h"

/* ---- the parts that belong to no method ---- */

/* json_message - which message was judged, null without one */
static json_t *json_message(struct arena *arena, const struct message_facts *facts)
{
    const struct mail_address *from = facts->from != NULL ? facts->from->first : NULL;
    const char *address = NULL;

    if (facts->message == NULL)
        return json_null();
    if (from != NULL)
        address = arena_printf(arena, "%.*s@%.*s", SPAN_ARG(from->local_part),
                               SPAN_ARG(from->domain_text));
    return json_pack("{s:o, s:o, s:I}", "from", render_json_raw(arena, address), "message_id",
                     render_json_text(arena, facts->message_id), "size",
                     (json_int_t)facts->message->size);
}

/* json_subject - domain, envelope and message */
static json_t *json_subject(struct arena *arena, const struct facts *facts)
{
    const struct subject *about = facts->subject;

    return json_pack(
        "{s:o, s:o, s:o, s:o, s:o, s:o}", "domain", render_json_name(arena, about->domain),
        "ip",
        about->ip.family == IP_NONE ? json_null()
                                    : render_json_text(arena, ip_to_text(arena, &about->ip)),
        "helo", render_json_raw(arena, about->helo), "mail_from",
        render_json_raw(arena, about->mail_from), "rcpt", render_json_raw(arena, about->rcpt),
        "message", json_message(arena, &facts->message));
}

/* json_answer_object - one question as a snapshot line has it */
static json_t *json_answer_object(struct arena *arena, const struct dns_answer *answer)
{
    json_t *records = json_array();

    for (const struct dns_rr *rr = answer->records; rr != NULL; rr = rr->next)
        json_array_append_new(records, json_string(rr->text)); /* ASCII, TABs between fields */
    return json_pack("{s:o, s:o, s:o, s:o, s:b, s:o, s:o, s:o}", "name",
                     render_json_name(arena, answer->question.name), "type",
                     render_json_text(arena, dns_type_to_text(arena, answer->question.type)),
                     "status", render_json_text(arena, dns_status_to_text(answer->status)),
                     "ttl", answer->has_ttl ? json_integer(answer->ttl) : json_null(), "ad",
                     answer->ad, "source", render_json_text(arena, answer->source), "detail",
                     render_json_text(arena, answer->detail), "records", records);
}

/* json_answers - all questions with their answers */
static json_t *json_answers(struct arena *arena, const struct dns_answers *held)
{
    json_t *answers = json_array();

    for (size_t i = 0; i < held->count; i++)
        json_array_append_new(answers, json_answer_object(arena, held->list[i]));
    return answers;
}

/* json_dns - how much was asked, and with -v all that was answered */
static json_t *json_dns(struct arena *arena, const struct facts *facts, bool is_verbose)
{
    return json_pack("{s:I, s:I, s:o}", "questions", (json_int_t)facts->questions, "rounds",
                     (json_int_t)facts->rounds, "answers",
                     is_verbose ? json_answers(arena, facts->answers) : json_array());
}

/* json_summary - the answers on top; null without an audit of a domain */
static json_t *json_summary(struct arena *arena, const struct report_summary *summary)
{
    if (summary == NULL)
        return json_null();
    return json_pack(
        "{s:s, s:s, s:o, s:o, s:o}", "forgery", report_forgery_to_text(summary->forgery),
        "own_mail", report_own_mail_to_text(summary->own_mail), "headline",
        render_json_text(arena, report_headline(arena, summary)), "reasons",
        render_json_texts(arena, summary->reasons, summary->reason_count), "receivers",
        render_json_texts(arena, summary->receivers, summary->receiver_count));
}

json_t *render_json_report(const struct report *report, const struct report_options *options,
                           struct arena *arena)
{
    const struct facts *facts = report->facts;

    return json_pack(
        "{s:i, s:o, s:s, s:o, s:o, s:s, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, "
        "s:o, s:o, s:o, s:o, s:o}",
        "schema", REPORT_SCHEMA, "tool", render_json_tool(), "time",
        clock_to_text(arena, facts->subject->now), "subject", json_subject(arena, facts),
        "envelope", render_json_envelope(arena, facts), "result",
        report_result_to_text(report->result), "summary", json_summary(arena, report->summary),
        "spf", render_json_spf(arena, facts), "dkim", render_json_dkim(arena, facts), "arc",
        render_json_arc(arena, facts), "dmarc", render_json_dmarc(arena, facts), "engines",
        render_json_engines(arena, facts), "audit", render_json_audit(arena, report),
        "findings", render_json_findings(arena, report), "receivers",
        render_json_receivers(arena, report), "smtp",
        render_json_session(arena, report->session), "dns",
        json_dns(arena, facts, options->is_verbose), "plan", render_json_plan(arena, report),
        "steps", render_json_steps(arena, report), "what_if",
        render_json_what_if(arena, report->what_if), "stated",
        render_json_stated(arena, report), "reports",
        render_traffic_json_object(arena, report->traffic, report->findings));
}
