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

/* is_full_name - no top-level domain begins with an underscore, as "s1._domainkey" would end */
static bool is_full_name(const char *name)
{
    const char *dot = strrchr(name, '.');

    return dot != NULL && dot[1] != '_';
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
    if (plan_text(values, "hostname") != NULL) /* cloudflare_record */
        return plan_text(values, "hostname");
    if (is_id)
        zone = plan_terraform_zone(resource->in, resource->node, zone);
    if (name == NULL && plan_terraform_is_unknown(resource->node, row->name))
        return NULL;
    if (name == NULL) /* left out: the apex */
        name = "";
    if (zone == NULL) /* an absolute name says its zone itself */
        return is_full_name(name) ? name : NULL;
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

/* resource_miss - name or type are not there: what apply makes of them adds a record, and is
 * said; what is not said at all is a fault */
static void resource_miss(const struct resource *resource, const char *kind)
{
    struct plan *plan = resource->in->plan;
    const char *attribute = kind == NULL ? resource->row->kind : resource->row->name;
    const struct plan_place place = PLAN_AT(resource->file, resource->line);
    const char *name = plan_terraform_name(plan->arena, resource->node);

    if (attribute != NULL && plan_terraform_is_unknown(resource->node, attribute))
        plan_note(plan, place, "%s.%s: its %s is known after apply: not judged",
                  resource->row->type, name, kind == NULL ? "type" : "name");
    else if (kind == NULL)
        plan_fault(plan, place, "%s.%s: the type of the record is not known from the plan",
                   resource->row->type, name);
    else
        plan_fault(plan, place,
                   "%s.%s: its name is not known from the plan: write the full name with its "
                   "domain",
                   resource->row->type, name);
}

/* resource_value - owner, type and TTL; false where they are unknown */
static bool resource_value(const struct resource *resource, const struct plan_node *values,
                           struct plan_value *out)
{
    const char *kind = resource_kind(resource, values);
    const char *owner = resource_owner(resource, values);

    if (kind == NULL || owner == NULL) {
        resource_miss(resource, kind);
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

/* resource_doubt - what the set, or one of its several answers, will have is not known */
static void resource_doubt(const struct resource *resource, const struct plan_value *value,
                           const char *variant, const char *why)
{
    struct plan *plan = resource->in->plan;
    struct plan_entry *entry = plan_add_set(plan, &plan->open, PLAN_UNKNOWN, value);

    if (entry == NULL)
        return;
    entry->variant = variant != NULL ? arena_strdup(plan->arena, variant) : NULL;
    entry->detail = arena_printf(plan->arena, "%s.%s: %s", resource->row->type,
                                 plan_terraform_name(plan->arena, resource->node), why);
}

/* resource_remove - what the resource has now goes */
static void resource_remove(const struct resource *resource, const struct plan_node *before,
                            const struct plan_node *after)
{
    const char *variant = plan_text(before, "set_identifier");
    struct plan *plan = resource->in->plan;
    struct plan_value value = {0};

    if (!resource_value(resource, before, &value))
        return;
    if ((resource->row->flags & PART) != 0)
        resource_add(resource, before, &value, PLAN_GONE);
    else if (after != NULL && plan_terraform_is_unknown(resource->node, resource->row->name))
        resource_doubt(resource, &value, NULL, "its name is known after apply");
    else if (variant != NULL)
        resource_doubt(resource, &value, variant,
                       "one of several answers goes, and the others are not in the plan");
    else
        plan_add_set(plan, &plan->open, PLAN_EMPTY, &value);
}

/* resource_trouble - why its records are not known; NULL: they are */
static const char *resource_trouble(const struct resource *resource,
                                    const struct plan_node *after)
{
    if (plan_items(after, "alias") != NULL || plan_text(after, "target_resource_id") != NULL)
        return "an alias, whose addresses the provider makes";
    if (plan_items(after, "routing_policy") != NULL)
        return "a routing policy chooses from several answers";
    if (plan_cloudflare_is_proxied(after))
        return "proxied, so that Cloudflare answers with addresses of its own";
    return resource_is_unknown(resource, after) ? "known after apply" : NULL;
}

/* resource_make - what it will have */
static void resource_make(const struct resource *resource, const struct plan_node *after)
{
    const struct plan_node *values = plan_get(after, resource->row->value);
    const char *trouble = resource_trouble(resource, after);
    struct plan_value value = {0};

    if (!resource_value(resource, after, &value))
        return;
    if (trouble != NULL)
        resource_doubt(resource, &value, NULL, trouble);
    else if ((resource->row->flags & PART) == 0 && values != NULL && plan_is_list(values) &&
             values->first == NULL)
        plan_add_set(resource->in->plan, &resource->in->plan->open, PLAN_EMPTY, &value);
    else
        resource_add(resource, after, &value, PLAN_HAS);
}

/* resource_moves - the states have different names, types or variants, so that the set goes */
static bool resource_moves(const struct resource *resource, const struct plan_node *before,
                           const struct plan_node *after)
{
    const char *names[2] = {resource_owner(resource, before), resource_owner(resource, after)};
    const char *kinds[2] = {resource_kind(resource, before), resource_kind(resource, after)};

    if (resource->row->name != NULL && names[1] == NULL &&
        plan_terraform_is_unknown(resource->node, resource->row->name))
        return true;
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

    if ((mode != NULL && strcmp(mode, "managed") != 0) || is_forgotten(change))
        return;
    if (resource.row == NULL) {
        if (!is_unchanged(change))
            plan_terraform_other(in, node);
        return;
    }
    plan_terraform_place(in, node, &resource.file, &resource.line);
    if ((is_unchanged(change) &&
         (after == NULL || resource_trouble(&resource, after) != NULL)) ||
        plan_terraform_is_private(in, after != NULL ? after : before))
        return;
    if (before != NULL && ((resource.row->flags & PART) != 0 || after == NULL ||
                           resource_moves(&resource, before, after)))
        resource_remove(&resource, before, after);
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
    in->plan->is_open = true;
    if (!plan_is_list(changes)) {
        if (plan_get(in->root, "planned_values") == NULL)
            plan_fault(
                in->plan, PLAN_AT(in->plan->path, 1),
                "not a plan but a state, or something else of Terraform: write a plan with "
                "\"terraform plan -out=FILE\" and \"terraform show -json FILE\"");
        return;
    }
    if (plan_is_true(in->root, "errored"))
        plan_fault(in->plan, PLAN_AT(in->plan->path, 1),
                   "the plan ended in an error and is not complete");
    if (plan_items(in->root, "deferred_changes") != NULL)
        plan_note(in->plan, PLAN_AT(in->plan->path, 1),
                  "some changes are deferred to a later plan: not judged");
    with_config.config = plan_terraform_config_read(in->plan);
    for (const struct plan_node *one = changes->first; one != NULL; one = one->next)
        resource_read(&with_config, one);
}
