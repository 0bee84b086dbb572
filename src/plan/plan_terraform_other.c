/*
 * Zones that go, and records of services that are not in the table. Whoever reads the result
 * must not take for judged what was not: a name that can be made out is undetermined, and
 * everything else is said.
 */
#include <string.h>

#include "base/arena.h"
#include "base/escape.h"
#include "base/limits.h"
#include "base/span.h"
#include "plan/plan_reader.h"
#include "plan/plan_terraform.h"

/* the resource that changes, and where it is */
struct other {
    const struct plan_input *in;
    const struct plan_node *node;
    const char *type; /* safe to show, as is the name */
    const char *name;
    const char *file;
    int line;
};

/* text_of_any - the first of these attributes that is there; NULL */
static const char *text_of_any(const struct plan_node *values, const char *const *names,
                               size_t count)
{
    const char *text = NULL;

    for (size_t i = 0; i < count && text == NULL; i++)
        text = plan_text(values, names[i]);
    return text;
}

/* ---- zones ---- */

/* is_zone_with_records - a type of resource that holds the records of a domain */
static bool is_zone_with_records(const char *type)
{
    static const char *const types[] = {"aws_route53_zone", "azurerm_dns_zone",
                                        "cloudflare_zone",  "digitalocean_domain",
                                        "dnsimple_zone",    "google_dns_managed_zone",
                                        "hcloud_zone",      "hetznerdns_zone",
                                        "linode_domain",    "powerdns_zone"};

    for (size_t i = 0; i < COUNT_OF(types); i++)
        if (strcmp(types[i], type) == 0)
            return true;
    return false;
}

/* other_zone - one that goes takes along whatever it holds */
static void other_zone(const struct other *other, const struct plan_node *before)
{
    const char *name = plan_terraform_zone_name(before);

    if (plan_terraform_is_private_zone(before))
        return;
    plan_note(
        other->in->plan, PLAN_AT(other->file, other->line),
        "%s.%s: the zone is deleted with all records in it, also those that the plan does "
        "not have",
        other->type, other->name);
    if (name != NULL)
        plan_zone_get(other->in->plan, name, other->line);
}

/* ---- records ---- */

/* has_word - one of these stands between underscores or at an end of the type */
static bool has_word(const char *type, const char *const *words, size_t count)
{
    struct span rest = span_of(type);

    while (rest.len > 0) {
        struct span word = span_cut(&rest, '_');

        for (size_t i = 0; i < count; i++)
            if (span_equal_text(word, words[i]))
                return true;
    }
    return false;
}

/* is_record - the type of resource seems to be DNS records that matter for mail */
static bool is_record(const char *type)
{
    static const char *const ours[] = {"record", "records", "rrset", "recordset"};
    static const char *const others[] = {"private", "caa", "srv", "ptr", "naptr", "loc"};

    return has_word(type, ours, COUNT_OF(ours)) && !has_word(type, others, COUNT_OF(others));
}

/* other_owner - the full name; NULL: it cannot be made out */
static const char *other_owner(const struct other *other, const struct plan_node *values)
{
    static const char *const full[] = {"fqdn", "hostname"};
    static const char *const names[] = {"name", "subdomain", "subname", "host", "domain_name"};
    static const char *const zones[] = {"zone", "zone_name", "domain", "dns_zone", "zone_fqdn"};
    struct arena *arena = other->in->plan->arena;
    const char *owner = text_of_any(values, full, COUNT_OF(full));
    const char *name = text_of_any(values, names, COUNT_OF(names));
    const char *zone = text_of_any(values, zones, COUNT_OF(zones));
    const char *id = plan_text(values, "zone_id");

    if (owner != NULL)
        return owner;
    if (zone == NULL && (id != NULL || (id = plan_text(values, "domain_id")) != NULL))
        zone = plan_terraform_zone(other->in, other->node, id);
    if (name != NULL && zone != NULL && plan_terraform_is_in(name, zone))
        return name;
    if (name != NULL && zone != NULL && strchr(zone, '.') != NULL)
        return plan_name_in(arena, name, zone);
    return name != NULL && name[0] != '\0' && name[strlen(name) - 1] == '.' ? name : NULL;
}

/* other_kinds - what a record is: as an attribute or the name of the resource says, or else
 * whatever matters */
static size_t other_kinds(const struct other *other, const struct plan_node *values,
                          const char *kinds_out[4])
{
    static const char *const names[] = {"type", "record_type", "rtype", "rrtype", "recordtype"};
    static const char *const words[] = {"txt", "mx", "cname", "a", "aaaa", "ns", "tlsa"};
    static const char *const types[] = {"TXT", "MX", "CNAME", "A", "AAAA", "NS", "TLSA"};
    static const char *const all[] = {"TXT", "MX", "CNAME", "A"};
    const char *kind = text_of_any(values, names, COUNT_OF(names));

    for (size_t i = 0; kind == NULL && i < COUNT_OF(words); i++)
        if (has_word(other->type, &words[i], 1))
            kind = types[i];
    kinds_out[0] = kind;
    for (size_t i = 0; kind == NULL && i < COUNT_OF(all); i++)
        kinds_out[i] = all[i];
    return kind != NULL ? 1 : COUNT_OF(all);
}

/* other_record - undetermined, or said */
static void other_record(const struct other *other, const struct plan_node *values)
{
    struct plan *plan = other->in->plan;
    const char *owner = other_owner(other, values);
    const char *kinds[4] = {NULL};
    size_t count = other_kinds(other, values, kinds);

    if (owner == NULL)
        plan_note(plan, PLAN_AT(other->file, other->line),
                  "%s.%s: looks like DNS records of a service that is not known: not judged",
                  other->type, other->name);
    for (size_t i = 0; owner != NULL && i < count; i++) {
        const struct plan_value value = {
            .owner = owner, .type = kinds[i], .file = other->file, .line = other->line};
        struct plan_entry *entry = plan_add_set(plan, &plan->open, PLAN_UNKNOWN, &value);

        if (entry != NULL)
            entry->detail =
                arena_printf(plan->arena, "%s.%s: records of a service that is not known",
                             other->type, other->name);
    }
}

void plan_terraform_other(const struct plan_input *in, const struct plan_node *resource)
{
    const struct plan_node *change = plan_get(resource, "change");
    const struct plan_node *before = plan_get(change, "before");
    const struct plan_node *after = plan_get(change, "after");
    struct other other = {.in = in, .node = resource, .type = plan_text(resource, "type")};

    if (other.type == NULL)
        return;
    other.type = escape_to_text(in->plan->arena, span_of(other.type), LIMIT_SHOWN_BYTES);
    other.name = plan_terraform_name(in->plan->arena, resource);
    plan_terraform_place(in, resource, &other.file, &other.line);
    if (is_zone_with_records(other.type) && before != NULL && after == NULL)
        other_zone(&other, before);
    if (!is_record(other.type))
        return;
    if (before != NULL)
        other_record(&other, before);
    if (after != NULL)
        other_record(&other, after);
}
