/* Reports of receivers for programs. */
#include <string.h>

#include "base/arena.h"
#include "base/ip.h"
#include "base/limits_reports.h"
#include "base/span.h"
#include "model/feedback.h"
#include "model/finding.h"
#include "model/result.h"
#include "model/traffic.h"
#include "render/render_json.h"
#include "render/render_traffic.h"

json_t *render_traffic_json_sum(const struct traffic_sum *sum)
{
    json_t *fail = json_object();

    for (int owner = 0; owner < TRAFFIC_OWNERS; owner++)
        json_object_set_new(fail, traffic_owner_to_text((enum traffic_owner)owner),
                            json_integer((json_int_t)sum->fail[owner]));
    return json_pack("{s:I, s:I, s:I, s:I, s:I, s:I, s:o, s:{s:I, s:I, s:I}}", "messages",
                     (json_int_t)sum->messages, "pass", (json_int_t)sum->pass, "fail",
                     (json_int_t)traffic_failing(sum), "unknown", (json_int_t)sum->unknown,
                     "quarantine", (json_int_t)sum->junked, "reject", (json_int_t)sum->refused,
                     "fail_by_owner", fail, "rfc7489", "pass", (json_int_t)sum->pass_before,
                     "quarantine", (json_int_t)sum->junked_before, "reject",
                     (json_int_t)sum->refused_before);
}

/* traffic_json_identity - what the messages said to be */
static json_t *traffic_json_identity(struct arena *arena,
                                     const struct feedback_identity *identity)
{
    json_t *dkim = json_array();
    json_t *spf = json_array();

    for (size_t i = 0; i < identity->dkim_count; i++)
        json_array_append_new(
            dkim, json_pack("{s:o, s:o, s:s}", "domain",
                            render_json_text(arena, identity->dkim[i].domain), "selector",
                            render_json_text(arena, identity->dkim[i].selector), "result",
                            dkim_result_to_text(identity->dkim[i].result)));
    for (size_t i = 0; i < identity->spf_count; i++)
        json_array_append_new(spf,
                              json_pack("{s:o, s:s, s:s}", "domain",
                                        render_json_text(arena, identity->spf[i].domain),
                                        "scope", identity->spf[i].is_helo ? "helo" : "mfrom",
                                        "result", spf_result_to_text(identity->spf[i].result)));
    return json_pack("{s:o, s:o, s:o, s:o}", "header_from",
                     render_json_text(arena, identity->header_from), "envelope_from",
                     render_json_text(arena, identity->envelope_from), "spf", spf, "dkim",
                     dkim);
}

/* traffic_json_sender - one sender */
static json_t *traffic_json_sender(struct arena *arena, const struct traffic_sender *sender)
{
    json_t *addresses = json_array();
    size_t shown = sender->address_count < LIMIT_TRAFFIC_SHOWN ? sender->address_count
                                                               : LIMIT_TRAFFIC_SHOWN;

    for (size_t i = 0; i < shown; i++)
        json_array_append_new(
            addresses, render_json_text(arena, ip_to_text(arena, &sender->addresses[i]->ip)));
    json_t *then =
        json_pack("{s:I, s:I, s:I}", "pass", (json_int_t)sender->passed_then, "quarantine",
                  (json_int_t)sender->junked_then, "reject", (json_int_t)sender->refused_then);
    return json_pack(
        "{s:o, s:o, s:s, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:I, s:o, s:I, s:o, s:o}", "name",
        render_json_text(arena, sender->name), "provider",
        render_json_text(arena, sender->provider != NULL ? sender->provider->name : NULL),
        "owner", traffic_owner_to_text(sender->owner), "reason",
        render_json_text(arena, sender->reason), "now", render_traffic_json_sum(&sender->now),
        "then", then, "first", render_json_time(arena, sender->first), "last",
        render_json_time(arena, sender->last), "failed_until",
        render_json_time(arena, sender->fail_until), "passes_since",
        render_json_time(arena, sender->passes_since), "not_yet_shown",
        (json_int_t)sender->unseen, "addresses", addresses, "address_count",
        (json_int_t)sender->address_count, "reporters",
        render_json_texts(arena, sender->reporters, sender->reporter_count), "identity",
        traffic_json_identity(arena, sender->identity));
}

/* traffic_json_policy - a record as reporters saw it */
static json_t *traffic_json_policy(struct arena *arena, const struct traffic_policy *seen)
{
    const struct feedback_policy *policy = &seen->policy;
    const struct {
        const char *key;
        const char *value;
    } texts[] = {
        {"domain", policy->domain},   {"p", policy->p},
        {"sp", policy->sp},           {"np", policy->np},
        {"adkim", policy->adkim},     {"aspf", policy->aspf},
        {"testing", policy->testing}, {"pct", policy->pct},
        {"fo", policy->fo},           {"discovery_method", policy->method},
    };
    json_t *object = json_object();

    for (size_t i = 0; i < COUNT_OF(texts); i++)
        json_object_set_new(object, texts[i].key, render_json_text(arena, texts[i].value));
    json_object_update_new(
        object,
        json_pack("{s:o, s:I, s:o, s:o, s:b}", "reporters",
                  render_json_texts(arena, seen->reporters, seen->reporter_count), "reports",
                  (json_int_t)seen->reports, "first", render_json_time(arena, seen->first),
                  "last", render_json_time(arena, seen->last), "differs_from_today",
                  seen->differs));
    return object;
}

/* traffic_json_lists - selectors, other domains and notes */
static void traffic_json_lists(struct arena *arena, const struct traffic *traffic,
                               json_t *object)
{
    static const char *const kinds[] = {"refused", "record",    "duplicate",
                                        "differs", "no_report", "cut"};
    json_t *selectors = json_array();
    json_t *others = json_array();
    json_t *notes = json_array();

    for (const struct traffic_selector *one = traffic->selectors; one != NULL; one = one->next)
        json_array_append_new(selectors,
                              json_pack("{s:o, s:o, s:o, s:o, s:o, s:b}", "selector",
                                        render_json_text(arena, one->selector), "domain",
                                        render_json_text(arena, one->domain), "pass",
                                        json_integer((json_int_t)one->passed), "fail",
                                        json_integer((json_int_t)one->failed), "last",
                                        render_json_time(arena, one->last), "key_missing",
                                        one->is_missing));
    for (const struct traffic_other *one = traffic->others; one != NULL; one = one->next)
        json_array_append_new(
            others, json_pack("{s:o, s:o, s:o}", "domain", render_json_text(arena, one->domain),
                              "reports", json_integer((json_int_t)one->reports), "messages",
                              json_integer((json_int_t)one->messages)));
    for (const struct feedback_note *one = traffic->set->notes; one != NULL; one = one->next)
        json_array_append_new(notes, json_pack("{s:s, s:o, s:o}", "kind", kinds[one->kind],
                                               "place", render_json_text(arena, one->place),
                                               "text", render_json_text(arena, one->text)));
    json_object_update_new(object, json_pack("{s:o, s:o, s:o}", "selectors", selectors,
                                             "other_domains", others, "notes", notes));
}

/* traffic_json_failure - one kind of failure, and the findings of today about the same */
static json_t *traffic_json_failure(struct arena *arena, const struct traffic_tls_failure *one,
                                    const struct finding *findings)
{
    size_t count = 0;
    const struct finding **linked = render_traffic_linked(arena, one, findings, &count);

    return json_pack("{s:o, s:o, s:o, s:I, s:o, s:o, s:s, s:s, s:o}", "type",
                     render_json_text(arena, one->type), "mx", render_json_text(arena, one->mx),
                     "reporter", render_json_text(arena, one->reporter), "sessions",
                     (json_int_t)one->sessions, "first", render_json_time(arena, one->first),
                     "last", render_json_time(arena, one->last), "what", one->what, "advice",
                     one->advice, "findings", render_json_ids(linked, count));
}

/* traffic_json_tls - TLS reports */
static json_t *traffic_json_tls(struct arena *arena, const struct traffic *traffic,
                                const struct finding *findings)
{
    json_t *failures = json_array();
    const struct traffic_tls *tls = &traffic->tls;

    for (const struct traffic_tls_failure *one = tls->failures; one != NULL; one = one->next)
        json_array_append_new(failures, traffic_json_failure(arena, one, findings));
    return json_pack("{s:I, s:I, s:I, s:o, s:o, s:o}", "reports", (json_int_t)tls->reports,
                     "successful", (json_int_t)tls->successful, "failed",
                     (json_int_t)tls->failed, "first", render_json_time(arena, tls->first),
                     "last", render_json_time(arena, tls->last), "failures", failures);
}

json_t *render_traffic_json_object(struct arena *arena, const struct traffic *traffic,
                                   const struct finding *findings)
{
    json_t *object = NULL;
    json_t *senders = NULL;
    json_t *policies = NULL;
    size_t count = 0;

    if (traffic == NULL)
        return json_null();
    senders = json_array();
    policies = json_array();
    for (const struct traffic_sender *one = traffic->senders;
         one != NULL && count++ < LIMIT_TRAFFIC_SENDERS; one = one->next)
        json_array_append_new(senders, traffic_json_sender(arena, one));
    for (const struct traffic_policy *one = traffic->policies; one != NULL; one = one->next)
        json_array_append_new(policies, traffic_json_policy(arena, one));
    object = json_pack(
        "{s:o, s:I, s:I, s:I, s:o, s:o, s:o, s:o, s:I, s:o, s:I, s:o, s:o}", "domain",
        render_json_name(arena, traffic->domain), "reports", (json_int_t)traffic->reports,
        "reporters", (json_int_t)traffic->reporters, "duplicates",
        (json_int_t)traffic->set->duplicates, "first", render_json_time(arena, traffic->first),
        "last", render_json_time(arena, traffic->last), "now",
        render_traffic_json_sum(&traffic->now), "evidence",
        render_json_text(arena, traffic->evidence), "inconsistent",
        (json_int_t)traffic->inconsistent, "senders", senders, "sender_count",
        (json_int_t)traffic->sender_count, "policies", policies, "tls",
        traffic_json_tls(arena, traffic, findings));
    traffic_json_lists(arena, traffic, object);
    return object;
}
