/*
 * The list of DNS records of Cloudflare's API (v4): "result" with one object for each record; a
 * closed world. Several pages are in one list, as "jq -s ." makes it. Names are absolute, a
 * CNAME at the apex is flattened to addresses.
 */
#include <string.h>

#include "base/arena.h"
#include "base/span.h"
#include "plan/plan_reader.h"

#define CLOUDFLARE_TTL 300 /* "automatic", which the interface calls 1 */

/* cf_is_page - an answer of the API: a list of records, an empty one, or an error */
static bool cf_is_page(const struct plan_node *page)
{
    const struct plan_node *first = plan_items(page, "result");

    if (first != NULL)
        return plan_text(first, "type") != NULL && plan_text(first, "name") != NULL &&
               (plan_get(first, "content") != NULL || plan_get(first, "data") != NULL);
    return plan_get(page, "success") != NULL && plan_is_list(plan_get(page, "errors"));
}

/* cf_first_page - of one answer, or of a list of them; NULL: it is something else */
static const struct plan_node *cf_first_page(const struct plan_input *in)
{
    const struct plan_node *page = plan_is_list(in->root) ? in->root->first : in->root;

    return in->is_json && page != NULL && cf_is_page(page) ? page : NULL;
}

bool plan_is_cloudflare(const struct plan_input *in)
{
    return cf_first_page(in) != NULL;
}

/* cf_apex - the zone: as a record says, else the shortest name; NULL */
static const char *cf_apex(const struct plan_node *pages)
{
    const char *apex = NULL;

    for (const struct plan_node *page = pages; page != NULL; page = page->next) {
        for (const struct plan_node *one = plan_items(page, "result"); one != NULL;
             one = one->next) {
            const char *zone = plan_text(one, "zone_name");
            const char *name = plan_text(one, "name");

            if (zone != NULL)
                return zone;
            if (name != NULL && (apex == NULL || strlen(name) < strlen(apex)))
                apex = name;
        }
    }
    return apex;
}

const char *plan_cloudflare_data(struct arena *arena, const struct plan_node *data,
                                 const char *kind)
{
    static const char *const fields[] = {"usage", "selector", "matching_type", "certificate"};
    struct sbuf out = sbuf_start(arena);

    if (plan_is_list(data)) /* a block of version 4 */
        data = data->first;
    if (strcmp(kind, "TLSA") != 0 || !plan_is_map(data))
        return NULL;
    for (size_t i = 0; i < COUNT_OF(fields); i++) {
        const char *text = plan_text(data, fields[i]);

        if (text == NULL)
            return NULL;
        sbuf_addf(&out, "%s%s", i > 0 ? " " : "", text);
    }
    return sbuf_text(&out);
}

bool plan_cloudflare_is_proxied(const struct plan_node *record)
{
    const struct plan_node *proxied = plan_get(record, "proxied");

    return proxied != NULL && proxied->is_true;
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
    if (content == NULL)
        content = plan_cloudflare_data(in->plan->arena, plan_get(record, "data"), type);
    if (content != NULL && strcmp(type, "MX") != 0)
        value.data = content;
    if (plan_cloudflare_is_proxied(record))
        value.type = "ALIAS";
    if (strcmp(type, "CNAME") == 0 && span_equal_nocase(span_of(name), zone->apex->text))
        value.type = "ALIAS";
    plan_add(in->plan, zone, &value);
}

/* cf_is_whole - all pages are there, each once, and none is an error */
static bool cf_is_whole(const struct plan_input *in, const struct plan_node *pages)
{
    uint32_t wanted = 1;
    uint32_t count = 0;

    for (const struct plan_node *page = pages; page != NULL; page = page->next, count++) {
        const struct plan_node *info = plan_get(page, "result_info");

        if (!cf_is_page(page) || !plan_is_list(plan_get(page, "result")) ||
            (plan_get(page, "success") != NULL && !plan_is_true(page, "success"))) {
            plan_fault(in->plan, PLAN_AT(in->plan->path, page->line),
                       "an answer of Cloudflare that is an error, not a list of records");
            return false;
        }
        wanted = plan_number(info, "total_pages", UINT32_MAX, wanted);
        if (plan_number(info, "page", UINT32_MAX, count + 1) != count + 1) {
            plan_fault(in->plan, PLAN_AT(in->plan->path, page->line),
                       "page %u is in the place of page %u: give all pages in their order",
                       plan_number(info, "page", UINT32_MAX, 0), count + 1);
            return false;
        }
    }
    if (wanted > count)
        plan_fault(in->plan, PLAN_AT(in->plan->path, 1),
                   "%s of %u: list all records, with per_page, or put all pages into one list",
                   count == 1 ? "one page" : "some pages", wanted);
    return wanted <= count;
}

void plan_read_cloudflare(const struct plan_input *in)
{
    const struct plan_node *pages = cf_first_page(in);
    const char *apex = plan_apex(in, cf_apex(pages));
    struct plan_zone *zone = NULL;

    if (!cf_is_whole(in, pages))
        return;
    zone = apex != NULL ? plan_zone_get(in->plan, apex, 1) : NULL;
    for (const struct plan_node *page = pages; zone != NULL && page != NULL; page = page->next)
        for (const struct plan_node *one = plan_items(page, "result"); one != NULL;
             one = one->next)
            cf_record(in, zone, one);
}
