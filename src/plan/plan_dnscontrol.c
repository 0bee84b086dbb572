/*
 * "dnscontrol print-ir" (4.x): all domains with their records. A closed world; open where the
 * domain says "keepunknown" (NO_PURGE) or has "unmanaged" (IGNORE), and there "recordsabsent"
 * are deletions. "filepos" is line and column of dnsconfig.js, if that is next to the file.
 */
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/escape.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/must.h"
#include "base/span.h"
#include "plan/plan_reader.h"

#define DNSCONTROL_TTL 300 /* where the record leaves it to the provider */

bool plan_is_dnscontrol(const struct plan_input *in)
{
    const struct plan_node *domains = in->is_json ? plan_get(in->root, "domains") : NULL;

    return domains != NULL && plan_is_list(domains) &&
           (plan_get(in->root, "registrars") != NULL ||
            plan_get(in->root, "dns_providers") != NULL ||
            plan_is_list(plan_get(domains->first, "records")));
}

/* ir_config - dnsconfig.js next to the file; NULL */
static const char *ir_config(struct plan *plan)
{
    const char *path =
        file_in_folder(plan->arena, file_folder_of(plan->arena, plan->path), "dnsconfig.js");

    return access(path, F_OK) == 0 ? path : NULL;
}

/* ir_place - "[line:2:5]" */
static void ir_place(const struct plan_input *in, const struct plan_node *record,
                     struct plan_value *value)
{
    const char *position = plan_text(record, "filepos");
    const char *config = position != NULL ? ir_config(in->plan) : NULL;
    struct span rest = span_of(position != NULL ? position : "");
    uint64_t line = 0;

    value->file = in->plan->path;
    value->line = record->line;
    if (config == NULL)
        return;
    span_cut(&rest, ':');
    if (span_to_number(span_cut(&rest, ':'), INT32_MAX, &line) && line > 0) {
        value->file = config;
        value->line = (int)line;
    }
}

/* ir_data - the target, with the fields before it */
static const char *ir_data(struct arena *arena, const struct plan_node *record,
                           const char *type)
{
    const char *target = plan_text(record, "target");

    if (target == NULL)
        target = "";
    if (strcmp(type, "MX") == 0)
        return arena_printf(arena, "%u %s", plan_number(record, "mxpreference", UINT16_MAX, 0),
                            target);
    if (strcmp(type, "TLSA") == 0)
        return arena_printf(arena, "%u %u %u %s",
                            plan_number(record, "tlsausage", UINT8_MAX, 0),
                            plan_number(record, "tlsaselector", UINT8_MAX, 0),
                            plan_number(record, "tlsamatchingtype", UINT8_MAX, 0), target);
    if (strcmp(type, "DS") == 0)
        return arena_printf(
            arena, "%u %u %u %s", plan_number(record, "dskeytag", UINT16_MAX, 0),
            plan_number(record, "dsalgorithm", UINT8_MAX, 0),
            plan_number(record, "dsdigesttype", UINT8_MAX, 0),
            plan_text(record, "dsdigest") != NULL ? plan_text(record, "dsdigest") : target);
    if (strcmp(type, "SOA") == 0)
        return arena_printf(arena, "%s %s %u %u %u %u %u", target,
                            plan_text(record, "soambox") != NULL ? plan_text(record, "soambox")
                                                                 : ".",
                            plan_number(record, "soaserial", UINT32_MAX, 0),
                            plan_number(record, "soarefresh", INT32_MAX, 0),
                            plan_number(record, "soaretry", INT32_MAX, 0),
                            plan_number(record, "soaexpire", INT32_MAX, 0),
                            plan_number(record, "soaminttl", INT32_MAX, 0));
    return target;
}

/* ir_value - a record as the readers pass it on; false: it has no type or name */
static bool ir_value(const struct plan_input *in, const struct plan_node *record,
                     const char *domain, struct plan_value *out)
{
    const char *name = plan_text(record, "name");

    out->type = plan_text(record, "type");
    if (out->type == NULL || name == NULL)
        return false;
    out->owner = plan_name_in(in->plan->arena, name, domain);
    out->data = ir_data(in->plan->arena, record, out->type);
    out->ttl = plan_number(record, "ttl", INT32_MAX, DNSCONTROL_TTL);
    out->form = PLAN_TEXT_PLAIN;
    ir_place(in, record, out);
    return true;
}

/* ir_records - those of a domain into a zone */
static void ir_records(const struct plan_input *in, const struct plan_node *domain,
                       const char *name, struct plan_zone *zone)
{
    const struct plan_node *absent =
        zone == &in->plan->open ? plan_items(domain, "recordsabsent") : NULL;

    for (const struct plan_node *one = plan_items(domain, "records"); one != NULL;
         one = one->next) {
        struct plan_value value = {0};

        if (ir_value(in, one, name, &value))
            plan_add(in->plan, zone, &value);
    }
    for (const struct plan_node *one = absent; one != NULL; one = one->next) {
        struct plan_value value = {0};
        struct plan_entry *entry = NULL;

        if (ir_value(in, one, name, &value))
            entry = plan_add_rr(in->plan, zone, PLAN_GONE, &value);
        if (entry != NULL)
            entry->is_part = true;
    }
}

/* ir_has_members - a list or map that is not empty */
static bool ir_has_members(const struct plan_node *node)
{
    return node != NULL && (plan_is_list(node) || plan_is_map(node)) && node->first != NULL;
}

/* ir_tag - of the domain: "" without one */
static const char *ir_tag(const struct plan_node *domain)
{
    const char *tag = plan_text(domain, "tag");
    const char *unique = plan_text(domain, "uniquename");

    if (tag == NULL && unique != NULL && strchr(unique, '!') != NULL)
        tag = strchr(unique, '!') + 1;
    return tag != NULL ? tag : "";
}

/* ir_is_split - another domain before this one has its name */
static bool ir_is_split(const struct plan_input *in, const struct plan_node *domains,
                        const struct plan_node *domain, const char *name)
{
    must(in->plan != NULL);
    for (const struct plan_node *one = domains->first; one != domain; one = one->next) {
        const char *other = plan_text(one, "name");

        if (other == NULL || strcmp(other, name) != 0)
            continue;
        plan_fault(in->plan, PLAN_AT(in->plan->path, domain->line),
                   "%s is there twice, tagged \"%s\" and \"%s\": two views of one zone; print "
                   "one of them (dnscontrol print-ir --domains %s!TAG)",
                   escape_to_text(in->plan->arena, span_of(name), LIMIT_SHOWN_BYTES),
                   escape_to_text(in->plan->arena, span_of(ir_tag(one)), LIMIT_SHOWN_BYTES),
                   escape_to_text(in->plan->arena, span_of(ir_tag(domain)), LIMIT_SHOWN_BYTES),
                   escape_to_text(in->plan->arena, span_of(name), LIMIT_SHOWN_BYTES));
        return true;
    }
    return false;
}

void plan_read_dnscontrol(const struct plan_input *in)
{
    const struct plan_node *domains = plan_get(in->root, "domains");

    for (const struct plan_node *one = domains->first; one != NULL; one = one->next) {
        const char *name = plan_text(one, "name");
        struct plan_zone *zone = NULL;

        if (name == NULL || ir_is_split(in, domains, one, name))
            continue;
        if (plan_is_true(one, "keepunknown") || ir_has_members(plan_get(one, "unmanaged")) ||
            ir_has_members(plan_get(one, "ignored_names")) ||
            ir_has_members(plan_get(one, "ignored_targets")))
            zone = &in->plan->open, in->plan->is_open = true;
        else
            zone = plan_zone_get(in->plan, name, one->line);
        if (zone != NULL)
            ir_records(in, one, name, zone);
    }
}
