/* A TLS report: JSON of RFC 8460, 4.4, read whole by jansson within a bound. */
#include <jansson.h>
#include <string.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/escape.h"
#include "base/limits_reports.h"
#include "feedback/feedback_private.h"

#define SHOWN_SIZE 60

struct tlsrpt_walk {
    struct feedback_part *part;
    struct feedback_tls report;
};

static bool tlsrpt_is_it(struct span head)
{
    return span_starts_with(span_trim(feedback_without_mark(head)), "{");
}

static void tlsrpt_open(struct feedback_part *part)
{
    part->set->reading->json.len = 0;
}

static void tlsrpt_feed(struct feedback_part *part, struct span bytes)
{
    struct sbuf *held = &part->set->reading->json;

    if (!feedback_part_is_large(part, held->len + bytes.len, LIMIT_FEEDBACK_JSON_BYTES,
                                "a TLS report"))
        sbuf_add_span(held, bytes);
}

/* tlsrpt_text - a string of an object; "": missing, or something else */
static const char *tlsrpt_text(struct tlsrpt_walk *walk, const json_t *object, const char *key)
{
    const json_t *value = json_object_get(object, key);

    if (!json_is_string(value))
        return "";
    return feedback_text(walk->part->set,
                         span_make(json_string_value(value), json_string_length(value)));
}

/* tlsrpt_sessions - a number of sessions */
static uint64_t tlsrpt_sessions(struct tlsrpt_walk *walk, const json_t *object, const char *key)
{
    const json_t *value = json_object_get(object, key);
    json_int_t number = json_integer_value(value);

    if (value == NULL)
        return 0;
    if (json_is_integer(value) && number >= 0 && number <= LIMIT_FEEDBACK_COUNT)
        return (uint64_t)number;
    feedback_part_refuse(walk->part, arena_printf(walk->part->set->arena,
                                                  "%s is not a number of sessions", key));
    return 0;
}

/* tlsrpt_time - RFC 3339, as RFC 8460, 4.4 asks for */
static int64_t tlsrpt_time(struct tlsrpt_walk *walk, const json_t *range, const char *key)
{
    const char *text = tlsrpt_text(walk, range, key);
    int64_t seconds = 0;

    if (!clock_parse(span_of(text), &seconds))
        feedback_part_refuse(
            walk->part,
            arena_printf(walk->part->set->arena, "\"%s\" in %s is not a time of RFC 3339",
                         escape_to_text(walk->part->set->arena, span_of(text), SHOWN_SIZE),
                         key));
    return seconds;
}

/* tlsrpt_failures - failure-details */
static void tlsrpt_failures(struct tlsrpt_walk *walk, const json_t *list,
                            struct feedback_tls_policy *policy)
{
    struct feedback_tls_failure **tail = &policy->failures;
    const json_t *entry = NULL;
    size_t i = 0;

    json_array_foreach(list, i, entry)
    {
        struct feedback_tls_failure *one =
            arena_new_of(walk->part->set->arena, struct feedback_tls_failure);

        one->type = tlsrpt_text(walk, entry, "result-type");
        one->sending_ip = tlsrpt_text(walk, entry, "sending-mta-ip");
        one->mx = tlsrpt_text(walk, entry, "receiving-mx-hostname");
        one->ip = tlsrpt_text(walk, entry, "receiving-ip");
        one->reason = tlsrpt_text(walk, entry, "failure-reason-code");
        one->sessions = tlsrpt_sessions(walk, entry, "failed-session-count");
        *tail = one;
        tail = &one->next;
    }
}

/* tlsrpt_strings - policy-string */
static void tlsrpt_strings(struct tlsrpt_walk *walk, const json_t *about,
                           struct feedback_tls_policy *policy)
{
    const json_t *list = json_object_get(about, "policy-string");

    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *value = json_array_get(list, i);

        if (json_is_string(value))
            arena_append(walk->part->set->arena, policy->strings, policy->string_count,
                         feedback_text(walk->part->set, span_of(json_string_value(value))));
    }
}

/* tlsrpt_policies - each policy with its counts and failures */
static void tlsrpt_policies(struct tlsrpt_walk *walk, const json_t *list)
{
    struct feedback_tls_policy **tail = &walk->report.policies;
    const json_t *entry = NULL;
    size_t i = 0;

    json_array_foreach(list, i, entry)
    {
        const json_t *about = json_object_get(entry, "policy");
        const json_t *summary = json_object_get(entry, "summary");
        struct feedback_tls_policy *policy =
            arena_new_of(walk->part->set->arena, struct feedback_tls_policy);

        policy->type = tlsrpt_text(walk, about, "policy-type");
        policy->domain = feedback_text_name(
            walk->part->set,
            span_of(json_string_value(json_object_get(about, "policy-domain"))));
        policy->successful = tlsrpt_sessions(walk, summary, "total-successful-session-count");
        policy->failed = tlsrpt_sessions(walk, summary, "total-failure-session-count");
        tlsrpt_strings(walk, about, policy);
        tlsrpt_failures(walk, json_object_get(entry, "failure-details"), policy);
        *tail = policy;
        tail = &policy->next;
    }
}

/* tlsrpt_report - the document */
static void tlsrpt_report(struct feedback_part *part, const json_t *root)
{
    struct tlsrpt_walk walk = {.part = part};
    struct feedback_tls *report = &walk.report;
    const json_t *range = json_object_get(root, "date-range");

    if (!json_is_array(json_object_get(root, "policies")) || !json_is_object(range)) {
        feedback_part_leave(part, "is not a TLS report: \"policies\" or \"date-range\" is "
                                  "missing");
        return;
    }
    report->place = part->place;
    report->reporter = tlsrpt_text(&walk, root, "organization-name");
    report->contact = tlsrpt_text(&walk, root, "contact-info");
    report->id = tlsrpt_text(&walk, root, "report-id");
    report->begin = tlsrpt_time(&walk, range, "start-datetime");
    report->end = tlsrpt_time(&walk, range, "end-datetime");
    if (report->reporter[0] == '\0')
        report->reporter = report->contact[0] != '\0' ? report->contact : "unknown";
    if (!part->is_dead && report->end < report->begin)
        feedback_part_refuse(part,
                             arena_printf(part->set->arena, "ends (%s) before it begins (%s)",
                                          clock_to_text(part->set->arena, report->end),
                                          clock_to_text(part->set->arena, report->begin)));
    tlsrpt_policies(&walk, json_object_get(root, "policies"));
    if (!part->is_dead)
        feedback_commit_tls(part->set, report);
}

/* tlsrpt_malformed - not JSON; it may have been meant as a report */
static void tlsrpt_malformed(struct feedback_part *part, struct span held,
                             const json_error_t *error)
{
    static const char mark[] = "\"report-id\"";
    struct arena *arena = part->set->arena;
    const char *text = arena_printf(arena, "line %d: not valid JSON: %s", error->line,
                                    escape_to_text(arena, span_of(error->text), SHOWN_SIZE));

    if (memmem(held.at, held.len, mark, sizeof(mark) - 1) != NULL)
        feedback_part_refuse(part, text);
    else
        feedback_part_leave(part, text);
}

static void tlsrpt_end(struct feedback_part *part)
{
    struct span held = sbuf_span(&part->set->reading->json);
    json_error_t error;
    json_t *root = NULL;

    if (part->is_dead || part->is_cut)
        return;
    held = feedback_without_mark(held);
    root = json_loadb(held.at, held.len, 0, &error);
    if (root == NULL)
        tlsrpt_malformed(part, held, &error);
    else
        tlsrpt_report(part, root);
    json_decref(root);
}

const struct feedback_reader feedback_json = {"JSON", tlsrpt_is_it, tlsrpt_open, tlsrpt_feed,
                                              tlsrpt_end};
