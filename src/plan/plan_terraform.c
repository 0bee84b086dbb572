/*
 * "terraform show -json PLAN" and "tofu show -json PLAN" (format 1.x): an open world. Which
 * resources are records is a table; of these, and of zones for their names, attributes are
 * read, and nothing else: other values of a plan may be secrets.
 */
#include <string.h>

#include "base/escape.h"
#include "base/limits.h"
#include "base/span.h"
#include "plan/plan.h"
#include "plan/plan_node.h"
#include "plan/plan_terraform.h"

#define TERRAFORM_TTL 300 /* where the resource leaves it to the service */

#define WRAPPED  PLAN_TEXT_WRAPPED
#define EITHER   PLAN_TEXT_EITHER
#define QUOTED   PLAN_TEXT_QUOTED
#define PLAIN    PLAN_TEXT_PLAIN
#define PART     1
#define RELATIVE 2
#define FULL     4

struct resource_row {
    const char *type;
    const char *zone;
    const char *name;
    const char *kind;
    const char *value;
    const char *field;
    enum plan_text_form form;
    unsigned flags;
};

static const struct resource_row resource_rows[] = {
#define PLAN_RESOURCE(type, zone, name, kind, value, field, form, flags) \
    {#type, zone, name, kind, value, field, form, flags},
#include "plan/plan_terraform.def"
};

bool plan_is_terraform(const struct plan_input *in)
{
    return in->is_json && plan_text(in->root, "format_version") != NULL &&
           (plan_get(in->root, "resource_changes") != NULL ||
            plan_get(in->root, "planned_values") != NULL ||
            plan_get(in->root, "terraform_version") != NULL);
}

/* row_of - of a type of resource; NULL: that is not a record */
static const struct resource_row *row_of(const char *type)
{
    for (size_t i = 0; i < COUNT_OF(resource_rows); i++)
        if (type != NULL && strcmp(resource_rows[i].type, type) == 0)
            return &resource_rows[i];
    return NULL;
}

/* ---- one resource ---- */

/* a resource that changes */
struct resource {
    const struct plan_input *in;
    const struct resource_row *row;
    const struct plan_node *node; /* of resource_changes */
    const char *file;
    int line;
};

/* resource_kind - the type of its records; NULL: not known */
static const char *resource_kind(const struct resource *resource,
                                 const struct plan_node *values)
{
    if (resource->row->kind[0] == '=')
        return resource->row->kind + 1;
    return plan_text(values, resource->row->kind);
}

/* resource_owner - absolute; NULL: its zone, or its name, is not known */
static const char *resource_owner(const struct resource *resource,
                                  const struct plan_node *values)
{
    struct arena *arena = resource->in->plan->arena;
    const struct resource_row *row = resource->row;
    const char *name = row->name != NULL ? plan_text(values, row->name) : "";
    const char *zone = row->zone != NULL ? plan_text(values, row->zone) : NULL;
    bool is_id = row->zone != NULL && strcmp(row->zone, "zone_id") == 0;

    if (plan_text(values, "fqdn") != NULL)
        return plan_text(values, "fqdn");
    if (is_id)
        zone = plan_terraform_zone(resource->in, resource->node, zone);
    if (name == NULL && plan_terraform_is_unknown(resource->node, row->name))
        return NULL;
    if (name == NULL) /* left out: the apex */
        name = "";
    if (zone == NULL) /* an absolute name says its zone itself */
        return strchr(name, '.') != NULL ? name : NULL;
    if ((is_id || (row->flags & FULL) != 0) && name[0] != '\0' &&
        plan_terraform_is_in(name, zone))
        return arena_printf(arena, "%s.", name);
    return plan_name_in(arena, name, zone);
}

/* resource_priority - of a mail host, where it has an attribute of its own; NULL */
static const char *resource_priority(const struct plan_node *values)
{
    static const char *const names[] = {"priority", "prio", "mx_priority"};
    const char *text = NULL;

    for (size_t i = 0; i < 3 && text == NULL; i++)
        text = plan_text(values, names[i]);
    return text;
}

/* resource_data - one value, and what other attributes add */
static const char *resource_data(const struct resource *resource,
                                 const struct plan_node *values, const struct plan_node *value,
                                 const char *kind)
{
    struct arena *arena = resource->in->plan->arena;
    const char *text = plan_is_map(value) && resource->row->field != NULL
                           ? plan_text(value, resource->row->field)
                           : plan_text_of(value);
    const char *priority = resource_priority(values);

    if (text == NULL || strcmp(kind, "TLSA") == 0) {
        const char *fields = plan_cloudflare_data(arena, plan_get(values, "data"), kind);

        text = fields != NULL ? fields : text;
    }

    if (plan_is_map(value) && plan_text(value, "exchange") != NULL)
        return arena_printf(arena, "%u %s", plan_number(value, "preference", UINT16_MAX, 0),
                            plan_text(value, "exchange"));
    if (text == NULL)
        return NULL;
    if ((resource->row->flags & RELATIVE) != 0)
        text = plan_terraform_target(arena, text, kind, plan_text(values, resource->row->zone));
    if (strcmp(kind, "MX") == 0 && priority != NULL)
        return arena_printf(arena, "%s %s", priority, text);
    return text;
}

/* resource_add - the records of one state of the resource */
static void resource_add(const struct resource *resource, const struct plan_node *values,
                         const struct plan_value *common, enum plan_kind kind)
{
    struct plan *plan = resource->in->plan;
    const struct plan_node *node = plan_get(values, resource->row->value);
    const struct plan_node *first = node != NULL && plan_is_list(node) ? node->first : node;
    const char *variant = plan_text(values, "set_identifier");

    if (node == NULL || (!plan_is_list(node) && plan_text_of(node) == NULL)) {
        node = plan_get(values, "value"); /* cloudflare_record of version 4 */
        first = node != NULL && plan_text_of(node) != NULL ? node : plan_get(values, "data");
    }
    for (const struct plan_node *one = first; one != NULL;
         one = plan_is_list(node) ? one->next : NULL) {
        struct plan_value value = *common;
        struct plan_entry *entry = NULL;

        value.data = resource_data(resource, values, one, common->type);
        if (value.data == NULL)
            continue;
        entry = plan_add_rr(plan, &plan->open, kind, &value);
        if (entry == NULL)
            continue;
        entry->is_part = (resource->row->flags & PART) != 0;
        entry->variant = variant != NULL ? arena_strdup(plan->arena, variant) : NULL;
    }
}

/* resource_is_unknown - some part of the records is known after apply only */
static bool resource_is_unknown(const struct resource *resource, const struct plan_node *values)
{
    const struct resource_row *row = resource->row;
    bool has_data = plan_get(values, "data") != NULL && plan_get(values, "data")->first != NULL;

    if (!has_data && plan_get(values, row->value) == NULL &&
        plan_terraform_is_unknown(resource->node, "value"))
        return true; /* as above: version 4 of cloudflare_record */
    return (plan_terraform_is_unknown(resource->node, row->value) && !has_data) ||
           plan_terraform_is_unknown(resource->node, "data") ||
           plan_terraform_is_unknown(resource->node, "alias") ||
           (row->kind[0] != '=' && plan_terraform_is_unknown(resource->node, row->kind));
}

/* resource_value - owner, type and TTL; false and a fault where they are unknown */
static bool resource_value(const struct resource *resource, const struct plan_node *values,
                           struct plan_value *out)
{
    struct plan *plan = resource->in->plan;
    const char *kind = resource_kind(resource, values);
    const char *owner = resource_owner(resource, values);

    if (kind == NULL || owner == NULL) {
        plan_fault(plan, PLAN_AT(resource->file, resource->line),
                   "%s.%s: %s is not known from the plan%s", resource->row->type,
                   plan_terraform_name(plan->arena, resource->node),
                   kind == NULL ? "the type of the record" : "its name",
                   kind == NULL ? "" : ": write the full name with its domain");
        return false;
    }
    *out = (struct plan_value){
        .owner = owner,
        .type = kind,
        .ttl = plan_number(values, "ttl", INT32_MAX, TERRAFORM_TTL),
        .form = resource->row->form,
        .file = resource->file,
        .line = resource->line,
    };
    if (out->ttl <= 1) /* Cloudflare's "automatic" */
        out->ttl = TERRAFORM_TTL;
    return true;
}

/* resource_remove - what the resource has now goes */
static void resource_remove(const struct resource *resource, const struct plan_node *before)
{
    struct plan *plan = resource->in->plan;
    struct plan_value value = {0};

    if (!resource_value(resource, before, &value))
        return;
    if ((resource->row->flags & PART) != 0)
        resource_add(resource, before, &value, PLAN_GONE);
    else
        plan_add_set(plan, &plan->open, PLAN_EMPTY, &value);
}

/* resource_make - what it will have */
static void resource_make(const struct resource *resource, const struct plan_node *after)
{
    struct plan *plan = resource->in->plan;
    struct plan_value value = {0};
    struct plan_entry *entry = NULL;
    const char *trouble = NULL;

    if (!resource_value(resource, after, &value))
        return;
    if (plan_items(after, "alias") != NULL)
        trouble = "an alias, whose addresses the provider makes";
    else if (plan_cloudflare_is_proxied(after))
        trouble = "proxied, so that Cloudflare answers with addresses of its own";
    else if (resource_is_unknown(resource, after))
        trouble = "known after apply";
    if (trouble != NULL) {
        entry = plan_add_set(plan, &plan->open, PLAN_UNKNOWN, &value);
        if (entry != NULL)
            entry->detail =
                arena_printf(plan->arena, "%s.%s: %s", resource->row->type,
                             plan_terraform_name(plan->arena, resource->node), trouble);
        return;
    }
    resource_add(resource, after, &value, PLAN_HAS);
}

/* resource_moves - the states have different names or types, so that the set goes */
static bool resource_moves(const struct resource *resource, const struct plan_node *before,
                           const struct plan_node *after)
{
    const char *names[2] = {resource_owner(resource, before), resource_owner(resource, after)};
    const char *kinds[2] = {resource_kind(resource, before), resource_kind(resource, after)};

    if (names[0] == NULL || names[1] == NULL || kinds[0] == NULL || kinds[1] == NULL)
        return false;
    return strcmp(names[0], names[1]) != 0 || strcmp(kinds[0], kinds[1]) != 0;
}

/* is_forgotten - the state forgets the resource, and the record stays ("removed" blocks) */
static bool is_forgotten(const struct plan_node *change)
{
    for (const struct plan_node *one = plan_items(change, "actions"); one != NULL;
         one = one->next)
        if (strcmp(one->text, "forget") == 0)
            return true;
    return false;
}

/* is_unchanged - nothing is done to the resource */
static bool is_unchanged(const struct plan_node *change)
{
    const struct plan_node *first = plan_items(change, "actions");

    return first != NULL && strcmp(first->text, "no-op") == 0;
}

/* resource_read - one change */
static void resource_read(const struct plan_input *in, const struct plan_node *node)
{
    const struct plan_node *change = plan_get(node, "change");
    const struct plan_node *before = plan_get(change, "before");
    const struct plan_node *after = plan_get(change, "after");
    const char *mode = plan_text(node, "mode");
    struct resource resource = {.in = in, .row = row_of(plan_text(node, "type")), .node = node};

    if (resource.row == NULL || (mode != NULL && strcmp(mode, "managed") != 0) ||
        is_forgotten(change))
        return;
    plan_terraform_place(in, node, &resource.file, &resource.line);
    if (is_unchanged(change) && (plan_cloudflare_is_proxied(after) || after == NULL))
        return;
    if (before != NULL && ((resource.row->flags & PART) != 0 || after == NULL ||
                           resource_moves(&resource, before, after)))
        resource_remove(&resource, before);
    if (after != NULL)
        resource_make(&resource, after);
}

void plan_read_terraform(const struct plan_input *in)
{
    const struct plan_node *changes = plan_get(in->root, "resource_changes");
    const char *version = plan_text(in->root, "format_version");
    struct plan_input with_config = *in;

    if (strncmp(version, "1.", 2) != 0 && strcmp(version, "1") != 0) {
        plan_fault(in->plan, PLAN_AT(in->plan->path, 1),
                   "format_version \"%s\": a plan of another major version; 1.x is understood",
                   escape_to_text(in->plan->arena, span_of(version), LIMIT_SHOWN_BYTES));
        return;
    }
    if (!plan_is_list(changes))
        return;
    with_config.config = plan_terraform_config_read(in->plan);
    for (const struct plan_node *one = changes->first; one != NULL; one = one->next)
        resource_read(&with_config, one);
}
