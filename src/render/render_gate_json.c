/* gate and diff as JSON: docs/gate.md has the keys. */
#include "base/arena.h"
#include "base/clock.h"
#include "base/sbuf.h"
#include "base/span.h"
#include "model/compare.h"
#include "model/dmarc_verdict.h"
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

        json_object_update_new(
            where, json_pack("{s:o, s:o}", "column", render_json_number(finding->where.column),
                             "world", render_json_text(arena, finding->where.world)));
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

        for (size_t i = 0; i < COUNT_OF(keys); i++)
            json_object_set(object, keys[i], json_object_get(finding, keys[i]));
        json_array_append_new(array, object);
    }
    json_decref(full);
    return array;
}

/* ---- what the worlds hold ---- */

/* gate_json_spf_object - both records, and what differs */
static json_t *gate_json_spf_object(struct arena *arena, const struct compare *compare)
{
    const struct auth_spf_tree *before = compare->before->domain.spf;
    const struct auth_spf_tree *after = compare->after->domain.spf;

    return json_pack("{s:o, s:o, s:o, s:o, s:[o, o]}", "before",
                     render_json_joined(arena, before != NULL ? before->root->rr : NULL),
                     "after", render_json_joined(arena, after != NULL ? after->root->rr : NULL),
                     "lost", render_json_ranges(arena, compare->lost), "gained",
                     render_json_ranges(arena, compare->gained), "lookups",
                     before != NULL ? json_integer(before->lookups) : json_null(),
                     after != NULL ? json_integer(after->lookups) : json_null());
}

/* dmarc_object - the record that applies in each world */
static json_t *dmarc_object(struct arena *arena, const struct compare *compare)
{
    const struct auth_dmarc_policy *before = compare->before->domain.dmarc;
    const struct auth_dmarc_policy *after = compare->after->domain.dmarc;

    return json_pack(
        "{s:o, s:o}", "before",
        render_json_joined(arena,
                           before != NULL && before->step != NULL ? before->step->rr : NULL),
        "after",
        render_json_joined(arena,
                           after != NULL && after->step != NULL ? after->step->rr : NULL));
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

/* switches_array - receivers that answer otherwise */
static json_t *switches_array(struct arena *arena, const struct report_switch *list)
{
    json_t *array = json_array();

    for (; list != NULL; list = list->next) {
        const struct policy_outcome *whose = report_switch_subject(list);

        json_array_append_new(
            array, json_pack("{s:s, s:o, s:o, s:s, s:s}", "profile", list->after->policy->name,
                             "bulk", render_json_bulk(whose->is_for_bulk, whose->is_for_others),
                             "message", render_json_raw(arena, list->message), "before",
                             policy_disposition_to_text(list->before->disposition), "after",
                             policy_disposition_to_text(list->after->disposition)));
    }
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

        json_array_append_new(
            array,
            json_pack("{s:s, s:o, s:o, s:{s:o, s:o}, s:b, s:o, s:b}", "finding",
                      accept->finding, "until", render_json_raw(arena, accept->until), "reason",
                      render_json_raw(arena, accept->reason), "where", "file",
                      render_json_raw(arena, accept->file), "line",
                      render_json_number(accept->line), "used", accept->is_used, "about",
                      render_json_raw(arena, accept->about), "expired", accept->is_expired));
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
    return json_pack(
        "{s:i, s:o, s:s, s:o, s:o, s:s, s:O, s:o, s:{s:I, s:I}, s:o}", "schema", REPORT_SCHEMA,
        "tool", render_json_tool(), "time", clock_to_text(arena, gate->time), "old",
        specs_array(arena, gate->old_specs, gate->old_count), "new",
        specs_array(arena, gate->new_specs, gate->new_count), "result",
        report_result_to_text(gate->result), "subjects", gate->subjects, "accepted",
        accepted_array(arena, gate->accepts), "dns", "questions", (json_int_t)gate->questions,
        "rounds", (json_int_t)gate->rounds, "files", gate_json_files(arena, gate));
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
