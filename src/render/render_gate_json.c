/* gate and diff as JSON: docs/gate.md has the keys. */
#include "base/arena.h"
#include "base/clock.h"
#include "base/ip_ranges.h"
#include "base/sbuf.h"
#include "model/compare.h"
#include "model/dmarc_verdict.h"
#include "model/dns_answer.h"
#include "model/finding.h"
#include "model/gate.h"
#include "model/policy.h"
#include "model/report.h"
#include "model/spf_verdict.h"
#include "render/render_gate.h"
#include "render/render_json.h"
#include "render/render_traffic.h"

/* ---- findings ---- */

/* gate_findings - in the form of the report, with the world that each is in */
static json_t *gate_findings(struct arena *arena, const struct report *after,
                             struct finding *findings)
{
    struct report report = *after;
    json_t *array = NULL;
    size_t index = 0;

    report.findings = findings;
    array = render_json_findings(arena, &report);
    for (const struct finding *finding = findings; finding; finding = finding->next) {
        json_t *where = json_object_get(json_array_get(array, index++), "where");

        json_object_set_new(where, "column",
                            finding->where.column > 0 ? json_integer(finding->where.column)
                                                      : json_null());
        json_object_set_new(where, "world", render_json_text(arena, finding->where.world));
    }
    return array;
}

/* gains_array - what is gained: no finding that anybody has to act on */
static json_t *gains_array(struct arena *arena, const struct report *after,
                           struct finding *gains)
{
    static const char *const keys[] = {"id", "text", "args", "where"};
    json_t *full = gate_findings(arena, after, gains);
    json_t *array = json_array();
    size_t index = 0;
    json_t *finding = NULL;

    json_array_foreach(full, index, finding)
    {
        json_t *object = json_object();

        for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
            json_object_set(object, keys[i], json_object_get(finding, keys[i]));
        json_array_append_new(array, object);
    }
    json_decref(full);
    return array;
}

/* ---- what the worlds hold ---- */

/* gate_ranges - a set of both families */
static json_t *gate_ranges(struct arena *arena, const struct ip_ranges both[])
{
    return json_pack("{s:o, s:o}", "ipv4", render_json_ranges(arena, &both[0]), "ipv6",
                     render_json_ranges(arena, &both[1]));
}

/* record_value - a record as it is in a world; null without one */
static json_t *record_value(struct arena *arena, const struct dns_rr *rr)
{
    return rr == NULL ? json_null() : render_json_span(arena, rr->joined);
}

/* gate_json_spf_object - both records, and what differs */
static json_t *gate_json_spf_object(struct arena *arena, const struct compare *compare)
{
    const struct auth_spf_tree *trees[2] = {compare->before->domain.spf,
                                            compare->after->domain.spf};
    json_t *lookups = json_array();

    for (size_t i = 0; i < 2; i++)
        json_array_append_new(lookups,
                              trees[i] == NULL ? json_null() : json_integer(trees[i]->lookups));
    return json_pack("{s:o, s:o, s:o, s:o, s:o}", "before",
                     record_value(arena, trees[0] != NULL ? trees[0]->root->rr : NULL), "after",
                     record_value(arena, trees[1] != NULL ? trees[1]->root->rr : NULL), "lost",
                     gate_ranges(arena, compare->lost), "gained",
                     gate_ranges(arena, compare->gained), "lookups", lookups);
}

/* dmarc_object - the record that applies in each world */
static json_t *dmarc_object(struct arena *arena, const struct compare *compare)
{
    const struct auth_dmarc_policy *policies[2] = {compare->before->domain.dmarc,
                                                   compare->after->domain.dmarc};
    static const char *const keys[] = {"before", "after"};
    json_t *object = json_object();

    for (size_t i = 0; i < 2; i++)
        json_object_set_new(object, keys[i],
                            record_value(arena, policies[i] != NULL && policies[i]->step != NULL
                                                    ? policies[i]->step->rr
                                                    : NULL));
    return object;
}

/* gate_json_keys_array - selectors with a key in either world */
static json_t *gate_json_keys_array(struct arena *arena, const struct compare *compare)
{
    json_t *array = json_array();

    for (const struct compare_key *key = compare->keys; key != NULL; key = key->next)
        json_array_append_new(array,
                              json_pack("{s:o, s:s}", "selector",
                                        render_json_name(arena, key->selector->selector),
                                        "change", compare_key_change_to_text(key->change)));
    return array;
}

/* gate_json_names_array - mail hosts */
static json_t *gate_json_names_array(struct arena *arena, const struct compare_names *names)
{
    json_t *array = json_array();

    for (; names != NULL; names = names->next)
        json_array_append_new(array, render_json_name(arena, names->name));
    return array;
}

/* gate_json_mx_object - mail hosts that go and come */
static json_t *gate_json_mx_object(struct arena *arena, const struct compare *compare)
{
    return json_pack("{s:o, s:o}", "gone", gate_json_names_array(arena, compare->mx_gone),
                     "new", gate_json_names_array(arena, compare->mx_new));
}

/* ---- receivers ---- */

/* bulk_value - whom an outcome is about */
static json_t *bulk_value(const struct policy_outcome *outcome)
{
    if (outcome->is_for_bulk == outcome->is_for_others)
        return json_null();
    return json_boolean(outcome->is_for_bulk);
}

/* switches_array - receivers that answer otherwise */
static json_t *switches_array(struct arena *arena, const struct report_switch *list)
{
    json_t *array = json_array();

    for (; list != NULL; list = list->next)
        json_array_append_new(
            array, json_pack("{s:s, s:o, s:o, s:s, s:s}", "profile", list->after->policy->name,
                             "bulk", bulk_value(report_switch_subject(list)), "message",
                             list->message == NULL ? json_null()
                                                   : render_json_raw(arena, list->message),
                             "before", policy_disposition_to_text(list->before->disposition),
                             "after", policy_disposition_to_text(list->after->disposition)));
    return array;
}

/* ---- together ---- */

json_t *render_gate_json_subject(struct arena *arena, const struct report_gate *gate,
                                 const struct report *after)
{
    const struct compare *compare = gate->compare;

    return json_pack("{s:o, s:s, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}",
                     "domain", render_json_name(arena, compare->after->domain.name), "result",
                     report_result_to_text(gate->result), "losses",
                     gate_findings(arena, after, gate->losses), "new",
                     gate_findings(arena, after, gate->added), "gone",
                     gate_findings(arena, after, gate->gone), "already",
                     gate_findings(arena, after, gate->already), "gains",
                     gains_array(arena, after, gate->gains), "spf",
                     gate_json_spf_object(arena, compare), "dmarc",
                     dmarc_object(arena, compare), "keys", gate_json_keys_array(arena, compare),
                     "mx", gate_json_mx_object(arena, compare), "receivers",
                     switches_array(arena, gate->switches), "reports",
                     render_traffic_json_change(arena, gate->traffic, &gate->traffic_after));
}

/* specs_array - the sources of a world */
static json_t *specs_array(struct arena *arena, const char *const *specs, size_t count)
{
    json_t *array = json_array();

    for (size_t i = 0; i < count; i++)
        json_array_append_new(array, render_json_raw(arena, specs[i]));
    return array;
}

/* accepted_array - accepted losses, used or not */
static json_t *accepted_array(struct arena *arena, const struct report_accepts *accepts)
{
    json_t *array = json_array();

    for (size_t i = 0; i < accepts->count; i++) {
        const struct report_accept *accept = &accepts->list[i];

        json_t *where =
            json_pack("{s:o, s:o}", "file",
                      accept->file == NULL ? json_null() : render_json_raw(arena, accept->file),
                      "line", accept->line > 0 ? json_integer(accept->line) : json_null());
        json_array_append_new(
            array, json_pack("{s:s, s:o, s:o, s:o, s:b, s:o, s:b}", "finding", accept->finding,
                             "until", render_json_raw(arena, accept->until), "reason",
                             render_json_raw(arena, accept->reason), "where", where, "used",
                             accept->is_used, "about",
                             accept->about == NULL ? json_null()
                                                   : render_json_raw(arena, accept->about),
                             "expired", accept->is_expired));
    }
    return array;
}

/* gate_json_files - what the worlds were read from, and what each is the whole of */
static json_t *gate_json_files(struct arena *arena, const struct render_gate *gate)
{
    json_t *array = json_array();

    for (size_t i = 0; i < gate->file_count; i++)
        json_array_append_new(array,
                              json_pack("{s:s, s:o, s:s, s:s}", "world", gate->files[i].world,
                                        "file", render_json_raw(arena, gate->files[i].file),
                                        "format", gate->files[i].format, "names",
                                        gate->files[i].is_open ? "open" : "closed"));
    return array;
}

json_t *render_gate_document(const struct render_gate *gate,
                             const struct report_options *options, struct arena *arena)
{
    (void)options;
    return json_pack("{s:i, s:o, s:o, s:o, s:o, s:s, s:O, s:o, s:{s:I, s:I}, s:o}", "schema",
                     REPORT_SCHEMA, "tool", render_json_tool(), "time",
                     render_json_text(arena, clock_to_text(arena, gate->time)), "old",
                     specs_array(arena, gate->old_specs, gate->old_count), "new",
                     specs_array(arena, gate->new_specs, gate->new_count), "result",
                     report_result_to_text(gate->result), "subjects", gate->subjects,
                     "accepted", accepted_array(arena, gate->accepts), "dns", "questions",
                     (json_int_t)gate->questions, "rounds", (json_int_t)gate->rounds, "files",
                     gate_json_files(arena, gate));
}

void render_gate_jsonl(const struct render_gate *gate, const struct report_options *options,
                       struct sbuf *out)
{
    size_t index = 0;
    json_t *subject = NULL;

    (void)options;
    json_array_foreach(gate->subjects, index, subject)
    {
        json_t *line =
            json_pack("{s:i, s:o, s:o}", "schema", REPORT_SCHEMA, "tool", render_json_tool(),
                      "time", json_string(clock_to_text(out->arena, gate->time)));

        json_object_update(line, subject);
        render_json_write_line(line, out);
    }
}
