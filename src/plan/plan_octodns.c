/*
 * octoDNS YAML (1.10 documentation): label -> a record or a list of records, with "type", "ttl"
 * and "value" or "values". A closed world. The zone is named by the file: "example.com.yaml",
 * or "$example.com.yaml" in a folder of split files, where it is that of the other files too.
 */
#include <string.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/span.h"
#include "plan/plan_reader.h"

#define OCTODNS_TTL 3600 /* where nothing says it */

/* octo_is_record - has a type, and a value or values */
static bool octo_is_record(const struct plan_node *node)
{
    return plan_text(node, "type") != NULL &&
           (plan_get(node, "value") != NULL || plan_get(node, "values") != NULL);
}

bool plan_is_octodns(const struct plan_input *in)
{
    const struct plan_node *map = in->is_json ? NULL : in->root->first;

    if (!in->is_json && file_last_part(in->plan->path)[0] == '$')
        return true; /* of a split zone, though it may be empty */
    if (map == NULL || !plan_is_map(map) || map->next != NULL || plan_get(map, "kind") != NULL)
        return false;
    for (const struct plan_node *label = map->first; label != NULL; label = label->next)
        if (octo_is_record(label) || (plan_is_list(label) && octo_is_record(label->first)))
            return true;
    return false;
}

/* octo_dollar_file - the zone of "$ZONE.yaml" in the folder; NULL */
static const char *octo_dollar_file(struct arena *arena, const char *folder)
{
    struct file_name_list list = {NULL, 0};
    struct err why = {0};

    file_names(arena, folder, &list, &why);
    for (size_t i = 0; i < list.count; i++) {
        struct span name = span_of(list.names[i]);

        if (name.at[0] == '$' && name.len > 6 && span_ends_with_nocase(name, ".yaml"))
            return arena_strdup_span(arena, span_sub(name, 1, name.len - 6));
    }
    return NULL;
}

bool plan_is_part(struct arena *arena, const char *path)
{
    return file_last_part(path)[0] != '$' &&
           octo_dollar_file(arena, file_folder_of(arena, path)) != NULL;
}

/* octo_zone_of - by the name of the file, or of its folder; NULL */
static const char *octo_zone_of(struct arena *arena, const char *path)
{
    const char *name = file_last_part(path);
    const char *dot = strrchr(name, '.');
    const char *split = octo_dollar_file(arena, file_folder_of(arena, path));

    if (split != NULL)
        return split;
    if (dot == NULL || memchr(name, '.', (size_t)(dot - name)) == NULL)
        return NULL;
    return arena_strdup_span(arena, span_make(name, (size_t)(dot - name)));
}

/* octo_map_data - a value of several fields, in the order of the record */
static const char *octo_map_data(struct arena *arena, const char *type,
                                 const struct plan_node *value)
{
    static const struct {
        const char *type;
        const char *fields[4][2]; /* today's name and an older one */
    } rows[] = {
        {"MX", {{"preference", "priority"}, {"exchange", "value"}}},
        {"TLSA",
         {{"certificate_usage", NULL},
          {"selector", NULL},
          {"matching_type", NULL},
          {"certificate_association_data", NULL}}},
        {"DS",
         {{"key_tag", NULL}, {"algorithm", NULL}, {"digest_type", NULL}, {"digest", NULL}}},
    };
    struct sbuf out = sbuf_start(arena);

    for (size_t i = 0; i < COUNT_OF(rows); i++)
        for (size_t j = 0; j < 4 && strcmp(rows[i].type, type) == 0; j++) {
            const char *const *names = rows[i].fields[j];
            const char *text = names[0] != NULL ? plan_text(value, names[0]) : NULL;

            if (text == NULL && names[0] != NULL && names[1] != NULL)
                text = plan_text(value, names[1]);
            sbuf_addf(&out, "%s%s", out.len > 0 && text != NULL ? " " : "",
                      text != NULL ? text : "");
        }
    return sbuf_text(&out);
}

/* octo_value - one value of a record */
static void octo_value(const struct plan_input *in, struct plan_zone *zone,
                       const struct plan_value *common, const struct plan_node *value)
{
    struct plan_value one = *common;
    const char *text = plan_text_of(value);

    one.line = value->line;
    one.data = text != NULL ? text : octo_map_data(in->plan->arena, one.type, value);
    plan_add(in->plan, zone, &one);
}

/* octo_record - all values of one */
static void octo_record(const struct plan_input *in, struct plan_zone *zone, const char *owner,
                        const struct plan_node *record)
{
    const struct plan_node *values = plan_get(record, "values");
    const struct plan_node *value = plan_get(record, "value");
    const struct plan_value common = {
        .owner = owner,
        .type = plan_text(record, "type"),
        .ttl = plan_number(record, "ttl", INT32_MAX, OCTODNS_TTL),
        .form = PLAN_TEXT_OCTO,
        .file = in->plan->path,
        .line = record->line,
    };

    if (common.type == NULL) {
        plan_fault(in->plan, PLAN_AT(in->plan->path, record->line), "a record without a type");
        return;
    }
    if (plan_is_list(values)) {
        for (const struct plan_node *one = values->first; one != NULL; one = one->next)
            octo_value(in, zone, &common, one);
        return;
    }
    if (value != NULL || values != NULL)
        octo_value(in, zone, &common, value != NULL ? value : values);
}

/* octo_labels - all records of a document */
static void octo_labels(const struct plan_input *in, struct plan_zone *zone,
                        const struct plan_node *map)
{
    for (const struct plan_node *label = plan_is_map(map) ? map->first : NULL; label != NULL;
         label = label->next) {
        const char *owner = plan_name_in(in->plan->arena, label->key, zone->apex->text);

        if (plan_is_map(label))
            octo_record(in, zone, owner, label);
        else if (plan_is_list(label))
            for (const struct plan_node *one = label->first; one != NULL; one = one->next)
                octo_record(in, zone, owner, one);
    }
}

/* octo_other_file - one more file of a split zone */
static void octo_other_file(const struct plan_input *in, struct plan_zone *zone,
                            const char *path)
{
    struct arena *arena = arena_open();
    struct plan_input other = *in;
    struct plan named = *in->plan;
    struct err why = {0};
    struct span bytes = {0};

    named.path = path;
    if (file_load_text(arena, path, LIMIT_PLAN_BYTES, &bytes, &why))
        other.root = plan_yaml_read(arena, path, bytes, &why);
    if (why.kind != ERR_NONE) {
        arena_append(in->plan->arena, in->plan->faults, in->plan->fault_count,
                     arena_strdup(in->plan->arena, why.text));
    } else {
        other.plan = &named;
        octo_labels(&other, zone, other.root->first);
        in->plan->faults = named.faults;
        in->plan->fault_count = named.fault_count;
        in->plan->record_count = named.record_count;
    }
    arena_close(arena);
}

/* is_yaml_entry - a file of the folder that may be of the zone */
static bool is_yaml_entry(const char *name)
{
    return name[0] != '$' && span_ends_with_nocase(span_of(name), ".yaml");
}

/* octo_other_files - all of a split zone, in the order of their names */
static void octo_other_files(const struct plan_input *in, struct plan_zone *zone)
{
    struct arena *arena = in->plan->arena;
    const char *folder = file_folder_of(arena, in->plan->path);
    struct file_name_list list = {NULL, 0};
    struct err why = {0};

    file_names(arena, folder, &list, &why);
    for (size_t i = 0; i < list.count; i++)
        if (is_yaml_entry(list.names[i]))
            octo_other_file(in, zone, file_in_folder(arena, folder, list.names[i]));
}

void plan_read_octodns(const struct plan_input *in)
{
    struct plan *plan = in->plan;
    const char *apex = plan_apex(in, octo_zone_of(plan->arena, plan->path));
    struct plan_zone *zone = NULL;

    if (apex == NULL) {
        plan_fault(plan, PLAN_AT(plan->path, 1),
                   "octoDNS YAML is named after its zone, as example.com.yaml; or write "
                   "plan:FILE@ZONE");
        return;
    }
    zone = plan_zone_get(plan, apex, 1);
    if (zone == NULL)
        return;
    octo_labels(in, zone, in->root->first);
    if (file_last_part(plan->path)[0] == '$')
        octo_other_files(in, zone);
}
