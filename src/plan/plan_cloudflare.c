/*
 * The list of DNS records of Cloudflare's API (v4): "result" with one object for each record; a
 * closed world. Names are absolute, a CNAME at the apex is flattened to addresses.
 */
#include <string.h>

#include "base/limits.h"
#include "plan/plan_reader.h"

#define CLOUDFLARE_TTL 300 /* "automatic", which the interface calls 1 */

bool plan_is_cloudflare(const struct plan_input *in)
{
    const struct plan_node *result = in->is_json ? plan_get(in->root, "result") : NULL;

    return plan_is_list(result) && result->first != NULL &&
           plan_text(result->first, "type") != NULL &&
           plan_text(result->first, "name") != NULL &&
           (plan_get(result->first, "content") != NULL ||
            plan_get(result->first, "data") != NULL);
}

/* cf_apex - the zone: as the record says, else the shortest name; NULL */
static const char *cf_apex(const struct plan_node *result)
{
    const char *apex = NULL;

    for (const struct plan_node *one = result->first; one != NULL; one = one->next) {
        const char *zone = plan_text(one, "zone_name");
        const char *name = plan_text(one, "name");

        if (zone != NULL)
            return zone;
        if (name != NULL && (apex == NULL || strlen(name) < strlen(apex)))
            apex = name;
    }
    return apex;
}

/* cf_record - one record */
static void cf_record(const struct plan_input *in, struct plan_zone *zone,
                      const struct plan_node *record)
{
    const char *content = plan_text(record, "content");
    const char *name = plan_text(record, "name");
    const char *type = plan_text(record, "type");
    uint32_t ttl = plan_number(record, "ttl", INT32_MAX, CLOUDFLARE_TTL);
    struct plan_value value = {
        .owner = name,
        .type = type,
        .data = content != NULL ? content : "",
        .ttl = ttl > 1 ? ttl : CLOUDFLARE_TTL,
        .form = PLAN_TEXT_EITHER,
        .file = in->plan->path,
        .line = record->line,
    };

    if (name == NULL || type == NULL) {
        plan_fault(in->plan, PLAN_AT(in->plan->path, record->line),
                   "a record without name and type");
        return;
    }
    if (strcmp(type, "MX") == 0)
        value.data = arena_printf(in->plan->arena, "%u %s",
                                  plan_number(record, "priority", UINT16_MAX, 0), value.data);
    if (strcmp(type, "CNAME") == 0 && span_equal_nocase(span_of(name), zone->apex->text))
        value.type = "ALIAS";
    plan_add(in->plan, zone, &value);
}

void plan_read_cloudflare(const struct plan_input *in)
{
    const struct plan_node *result = plan_get(in->root, "result");
    const struct plan_node *info = plan_get(in->root, "result_info");
    const char *apex = in->request->origin != NULL && in->request->origin->len > 0
                           ? in->request->origin->text
                           : cf_apex(result);
    struct plan_zone *zone = NULL;

    if (plan_number(info, "total_pages", UINT32_MAX, 1) > 1) {
        plan_fault(in->plan, PLAN_AT(in->plan->path, 1),
                   "one page of %u: list all records, with per_page",
                   plan_number(info, "total_pages", UINT32_MAX, 1));
        return;
    }
    zone = apex != NULL ? plan_zone_get(in->plan, apex, 1) : NULL;
    for (const struct plan_node *one = result->first; zone != NULL && one != NULL;
         one = one->next)
        cf_record(in, zone, one);
}
