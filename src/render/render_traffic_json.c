/* Reports of receivers for programs. */
#include <string.h>

#include "base/clock.h"
#include "base/limits_reports.h"
#include "render/render_traffic.h"

/* traffic_json_number - a count */
static json_t *traffic_json_number(uint64_t number)
{
    return json_integer((json_int_t)number);
}

/* traffic_json_time - null for 0 */
static json_t *traffic_json_time(struct arena *arena, int64_t seconds)
{
    return render_json_text(arena, seconds > 0 ? clock_to_text(arena, seconds) : NULL);
}

json_t *render_traffic_json_sum(const struct traffic_sum *sum)
{
    json_t *object = json_object();
    json_t *fail = json_object();
    json_t *before = json_object();

    for (int owner = 0; owner < TRAFFIC_OWNERS; owner++)
        json_object_set_new(fail, traffic_owner_to_text((enum traffic_owner)owner),
                            traffic_json_number(sum->fail[owner]));
    json_object_set_new(before, "pass", traffic_json_number(sum->pass_before));
    json_object_set_new(before, "quarantine", traffic_json_number(sum->junked_before));
    json_object_set_new(before, "reject", traffic_json_number(sum->refused_before));
    json_object_set_new(object, "messages", traffic_json_number(sum->messages));
    json_object_set_new(object, "pass", traffic_json_number(sum->pass));
    json_object_set_new(object, "fail", traffic_json_number(traffic_failing(sum)));
    json_object_set_new(object, "unknown", traffic_json_number(sum->unknown));
    json_object_set_new(object, "quarantine", traffic_json_number(sum->junked));
    json_object_set_new(object, "reject", traffic_json_number(sum->refused));
    json_object_set_new(object, "fail_by_owner", fail);
    json_object_set_new(object, "rfc7489", before);
    return object;
}

/* traffic_json_identity - what the messages said to be */
static json_t *traffic_json_identity(struct arena *arena,
                                     const struct feedback_identity *identity)
{
    json_t *object = json_object();
    json_t *dkim = json_array();
    json_t *spf = json_array();

    for (size_t i = 0; i < identity->dkim_count; i++) {
        json_t *one = json_object();

        json_object_set_new(one, "domain", render_json_text(arena, identity->dkim[i].domain));
        json_object_set_new(one, "selector",
                            render_json_text(arena, identity->dkim[i].selector));
        json_object_set_new(one, "result",
                            json_string(dkim_result_to_text(identity->dkim[i].result)));
        json_array_append_new(dkim, one);
    }
    for (size_t i = 0; i < identity->spf_count; i++) {
        json_t *one = json_object();

        json_object_set_new(one, "domain", render_json_text(arena, identity->spf[i].domain));
        json_object_set_new(one, "scope",
                            json_string(identity->spf[i].is_helo ? "helo" : "mfrom"));
        json_object_set_new(one, "result",
                            json_string(spf_result_to_text(identity->spf[i].result)));
        json_array_append_new(spf, one);
    }
    json_object_set_new(object, "header_from", render_json_text(arena, identity->header_from));
    json_object_set_new(object, "envelope_from",
                        render_json_text(arena, identity->envelope_from));
    json_object_set_new(object, "spf", spf);
    json_object_set_new(object, "dkim", dkim);
    return object;
}

/* traffic_json_sender - one sender */
static json_t *traffic_json_sender(struct arena *arena, const struct traffic_sender *sender)
{
    json_t *object = json_object();
    json_t *addresses = json_array();
    json_t *reporters = json_array();
    json_t *then = json_object();
    size_t shown = sender->address_count < LIMIT_TRAFFIC_SHOWN ? sender->address_count
                                                               : LIMIT_TRAFFIC_SHOWN;

    for (size_t i = 0; i < shown; i++)
        json_array_append_new(
            addresses, render_json_text(arena, ip_to_text(arena, &sender->addresses[i]->ip)));
    for (size_t i = 0; i < sender->reporter_count; i++)
        json_array_append_new(reporters, render_json_text(arena, sender->reporters[i]));
    json_object_set_new(then, "pass", traffic_json_number(sender->passed_then));
    json_object_set_new(then, "quarantine", traffic_json_number(sender->junked_then));
    json_object_set_new(then, "reject", traffic_json_number(sender->refused_then));
    json_object_set_new(object, "name", render_json_text(arena, sender->name));
    json_object_set_new(
        object, "provider",
        render_json_text(arena, sender->provider != NULL ? sender->provider->name : NULL));
    json_object_set_new(object, "owner", json_string(traffic_owner_to_text(sender->owner)));
    json_object_set_new(object, "reason", render_json_text(arena, sender->reason));
    json_object_set_new(object, "now", render_traffic_json_sum(&sender->now));
    json_object_set_new(object, "then", then);
    json_object_set_new(object, "first", traffic_json_time(arena, sender->first));
    json_object_set_new(object, "last", traffic_json_time(arena, sender->last));
    json_object_set_new(object, "failed_until", traffic_json_time(arena, sender->fail_until));
    json_object_set_new(object, "passes_since", traffic_json_time(arena, sender->passes_since));
    json_object_set_new(object, "not_yet_shown", traffic_json_number(sender->unseen));
    json_object_set_new(object, "addresses", addresses);
    json_object_set_new(object, "address_count",
                        json_integer((json_int_t)sender->address_count));
    json_object_set_new(object, "reporters", reporters);
    json_object_set_new(object, "identity", traffic_json_identity(arena, sender->identity));
    return object;
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
    json_t *reporters = json_array();

    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
        json_object_set_new(object, texts[i].key, render_json_text(arena, texts[i].value));
    for (size_t i = 0; i < seen->reporter_count; i++)
        json_array_append_new(reporters, render_json_text(arena, seen->reporters[i]));
    json_object_set_new(object, "reporters", reporters);
    json_object_set_new(object, "reports", json_integer((json_int_t)seen->reports));
    json_object_set_new(object, "first", traffic_json_time(arena, seen->first));
    json_object_set_new(object, "last", traffic_json_time(arena, seen->last));
    json_object_set_new(object, "differs_from_today", json_boolean(seen->differs));
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
                                        traffic_json_number(one->passed), "fail",
                                        traffic_json_number(one->failed), "last",
                                        traffic_json_time(arena, one->last), "key_missing",
                                        one->is_missing));
    for (const struct traffic_other *one = traffic->others; one != NULL; one = one->next)
        json_array_append_new(
            others, json_pack("{s:o, s:o, s:o}", "domain", render_json_text(arena, one->domain),
                              "reports", json_integer((json_int_t)one->reports), "messages",
                              traffic_json_number(one->messages)));
    for (const struct feedback_note *one = traffic->set->notes; one != NULL; one = one->next)
        json_array_append_new(notes, json_pack("{s:s, s:o, s:o}", "kind", kinds[one->kind],
                                               "place", render_json_text(arena, one->place),
                                               "text", render_json_text(arena, one->text)));
    json_object_set_new(object, "selectors", selectors);
    json_object_set_new(object, "other_domains", others);
    json_object_set_new(object, "notes", notes);
}

/* traffic_json_ids - findings of today about the same trouble, each once */
static json_t *traffic_json_ids(const struct traffic_tls_failure *failure,
                                const struct finding *findings)
{
    json_t *ids = json_array();

    for (; findings != NULL; findings = findings->next) {
        size_t count = json_array_size(ids);
        const char *last = count > 0 ? json_string_value(json_array_get(ids, count - 1)) : "";

        if (findings->status == FINDING_FIRES && strcmp(last, findings->id) != 0 &&
            findings->severity <= SEV_NOTICE && traffic_tls_is_about(failure, findings->id))
            json_array_append_new(ids, json_string(findings->id));
    }
    return ids;
}

/* traffic_json_tls - TLS reports */
static json_t *traffic_json_tls(struct arena *arena, const struct traffic *traffic,
                                const struct finding *findings)
{
    json_t *failures = json_array();
    json_t *object = NULL;
    const struct traffic_tls *tls = &traffic->tls;

    for (const struct traffic_tls_failure *one = tls->failures; one != NULL; one = one->next)
        json_array_append_new(failures,
                              json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:s, s:s, s:o}", "type",
                                        render_json_text(arena, one->type), "mx",
                                        render_json_text(arena, one->mx), "reporter",
                                        render_json_text(arena, one->reporter), "sessions",
                                        traffic_json_number(one->sessions), "first",
                                        traffic_json_time(arena, one->first), "last",
                                        traffic_json_time(arena, one->last), "what", one->what,
                                        "advice", one->advice, "findings",
                                        traffic_json_ids(one, findings)));
    object = json_object();
    json_object_set_new(object, "reports", json_integer((json_int_t)tls->reports));
    json_object_set_new(object, "successful", traffic_json_number(tls->successful));
    json_object_set_new(object, "failed", traffic_json_number(tls->failed));
    json_object_set_new(object, "first", traffic_json_time(arena, tls->first));
    json_object_set_new(object, "last", traffic_json_time(arena, tls->last));
    json_object_set_new(object, "failures", failures);
    return object;
}

json_t *render_traffic_json_object(struct arena *arena, const struct traffic *traffic,
                                   const struct finding *findings)
{
    json_t *object = NULL;
    json_t *senders = json_array();
    json_t *policies = json_array();
    size_t count = 0;

    if (traffic == NULL) {
        json_decref(senders);
        json_decref(policies);
        return json_null();
    }
    object = json_object();
    for (const struct traffic_sender *one = traffic->senders;
         one != NULL && count++ < LIMIT_TRAFFIC_SENDERS; one = one->next)
        json_array_append_new(senders, traffic_json_sender(arena, one));
    for (const struct traffic_policy *one = traffic->policies; one != NULL; one = one->next)
        json_array_append_new(policies, traffic_json_policy(arena, one));
    json_object_set_new(object, "domain", render_json_name(arena, traffic->domain));
    json_object_set_new(object, "reports", json_integer((json_int_t)traffic->reports));
    json_object_set_new(object, "reporters", json_integer((json_int_t)traffic->reporters));
    json_object_set_new(object, "duplicates",
                        json_integer((json_int_t)traffic->set->duplicates));
    json_object_set_new(object, "first", traffic_json_time(arena, traffic->first));
    json_object_set_new(object, "last", traffic_json_time(arena, traffic->last));
    json_object_set_new(object, "now", render_traffic_json_sum(&traffic->now));
    json_object_set_new(object, "evidence", render_json_text(arena, traffic->evidence));
    json_object_set_new(object, "inconsistent", traffic_json_number(traffic->inconsistent));
    json_object_set_new(object, "senders", senders);
    json_object_set_new(object, "sender_count",
                        json_integer((json_int_t)traffic->sender_count));
    json_object_set_new(object, "policies", policies);
    json_object_set_new(object, "tls", traffic_json_tls(arena, traffic, findings));
    traffic_json_lists(arena, traffic, object);
    return object;
}
