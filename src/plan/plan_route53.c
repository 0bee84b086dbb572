/*
 * Route 53: what "aws route53 list-resource-record-sets" prints is a closed world, a change
 * batch of "change-resource-record-sets" an open one. Values are as in zone files, with octal
 * escapes. Several sets of a name and type with "SetIdentifier" are answers to choose from.
 */
#include <string.h>

#include "base/arena.h"
#include "plan/plan_reader.h"

#define ROUTE53_TTL 300 /* of an alias, which has none */

/* r53_changes - of a change batch, alone or in the request; NULL */
static const struct plan_node *r53_changes(const struct plan_input *in)
{
    const struct plan_node *changes = plan_get(in->root, "Changes");

    if (changes == NULL)
        changes = plan_get(plan_get(in->root, "ChangeBatch"), "Changes");
    return plan_is_list(changes) ? changes : NULL;
}

bool plan_is_route53(const struct plan_input *in)
{
    return in->is_json &&
           (plan_is_list(plan_get(in->root, "ResourceRecordSets")) || r53_changes(in) != NULL);
}

/* r53_value - what all records of a set share */
static struct plan_value r53_value(const struct plan_input *in, const struct plan_node *set)
{
    const char *name = plan_text(set, "Name");
    const char *type = plan_text(set, "Type");

    return (struct plan_value){
        .owner = name != NULL ? name : "",
        .type = type != NULL ? type : "",
        .data = "",
        .ttl = plan_number(set, "TTL", INT32_MAX, ROUTE53_TTL),
        .form = PLAN_TEXT_QUOTED,
        .has_octal = true,
        .file = in->plan->path,
        .line = set->line,
    };
}

/* r53_set - the records of a set */
static void r53_set(const struct plan_input *in, struct plan_zone *zone,
                    const struct plan_node *set)
{
    const char *variant = plan_text(set, "SetIdentifier");
    struct plan_value value = r53_value(in, set);

    if (plan_get(set, "AliasTarget") != NULL) {
        const char *target = plan_text(plan_get(set, "AliasTarget"), "DNSName");

        value.type = "ALIAS";
        value.data = target != NULL ? target : "";
        plan_add(in->plan, zone, &value);
        return;
    }
    for (const struct plan_node *one = plan_items(set, "ResourceRecords"); one != NULL;
         one = one->next) {
        const char *text = plan_text(one, "Value");
        struct plan_entry *entry = NULL;

        value.data = text != NULL ? text : "";
        value.line = one->line;
        entry = plan_add_rr(in->plan, zone, PLAN_HAS, &value);
        if (entry != NULL && variant != NULL)
            entry->variant = arena_strdup(in->plan->arena, variant);
    }
}

/* r53_apex - the zone of a listing: the owner of its SOA, else the shortest name; NULL */
static const char *r53_apex(const struct plan_node *sets)
{
    const char *apex = NULL;

    for (const struct plan_node *set = sets->first; set != NULL; set = set->next) {
        const char *name = plan_text(set, "Name");
        const char *type = plan_text(set, "Type");

        if (name == NULL || type == NULL)
            continue;
        if (strcmp(type, "SOA") == 0)
            return name;
        if (apex == NULL || strlen(name) < strlen(apex))
            apex = name;
    }
    return apex;
}

/* r53_listing - a zone as it is */
static void r53_listing(const struct plan_input *in, const struct plan_node *sets)
{
    const char *apex = r53_apex(sets);
    struct plan_zone *zone = apex != NULL ? plan_zone_get(in->plan, apex, sets->line) : NULL;

    for (const struct plan_node *set = sets->first; zone != NULL && set != NULL;
         set = set->next)
        r53_set(in, zone, set);
}

/* r53_delete - a set that goes; of several answers only this one */
static void r53_delete(const struct plan_input *in, const struct plan_node *set)
{
    const struct plan_value value = r53_value(in, set);
    const char *variant = plan_text(set, "SetIdentifier");
    struct plan_entry *entry = plan_add_set(
        in->plan, &in->plan->open, variant != NULL ? PLAN_UNKNOWN : PLAN_EMPTY, &value);

    if (entry == NULL || variant == NULL)
        return;
    entry->variant = arena_strdup(in->plan->arena, variant);
    entry->detail = "one of several answers goes, and the others are not in the batch";
}

void plan_read_route53(const struct plan_input *in)
{
    const struct plan_node *sets = plan_get(in->root, "ResourceRecordSets");
    const struct plan_node *changes = r53_changes(in);

    if (plan_is_list(sets))
        r53_listing(in, sets);
    in->plan->is_open = changes != NULL;
    for (const struct plan_node *one = changes != NULL ? changes->first : NULL; one != NULL;
         one = one->next) {
        const struct plan_node *set = plan_get(one, "ResourceRecordSet");
        const char *action = plan_text(one, "Action");

        if (set == NULL || action == NULL)
            plan_fault(in->plan, PLAN_AT(in->plan->path, one->line),
                       "a change without Action and ResourceRecordSet");
        else if (strcmp(action, "DELETE") == 0)
            r53_delete(in, set);
        else
            r53_set(in, &in->plan->open, set);
    }
}
