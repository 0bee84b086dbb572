/* Providers for people and for programs: a list, or one with all that is known. */
#include "render/render_json.h"
#include "render/render_providers.h"
#include "base/sbuf.h"

#define COLUMN_TITLE 28
#define COLUMN_WORDS 4

const char *render_provider_seen(struct arena *arena, const struct provider_seen *seen)
{
    return arena_printf(arena, "%s, recognised by its %s", seen->provider->title,
                        seen->by == PROVIDER_BY_MX ? "MX" : "SPF record");
}

/* ---- text ---- */

/* providers_names_text - "a, b, c" */
static const char *providers_names_text(struct arena *arena, const struct provider_names *names)
{
    struct sbuf text = sbuf_start(arena);

    for (size_t i = 0; i < names->count; i++)
        sbuf_add_item(&text, ", ", names->names[i]);
    return sbuf_text(&text);
}

/* providers_lines - all of a kind under its name */
static void providers_lines(struct page *page, const struct render_providers *providers,
                            enum provider_kind kind)
{
    bool has_title = false;

    for (size_t i = 0; i < providers->count; i++) {
        const struct provider *provider = &providers->list[i];

        if (provider->kind != kind)
            continue;
        if (!has_title)
            page_title(page, provider_kind_to_text(kind));
        has_title = true;
        page_cell(page, 2, PAGE_STRONG, provider->name);
        page_line(page, COLUMN_TITLE, PAGE_PLAIN, provider->title);
    }
    if (has_title)
        page_end(page);
}

/* providers_paragraph - a heading and what belongs below it */
static void providers_paragraph(struct page *page, const char *heading, const char *text)
{
    page_line(page, 2, PAGE_STRONG, heading);
    page_line(page, COLUMN_WORDS, PAGE_PLAIN, text);
}

/* providers_full - names, steps, sources */
static void providers_full(struct page *page, const struct provider *provider)
{
    page_put(page, PAGE_STRONG, provider->title);
    page_putf(page, PAGE_PLAIN, "  %s, %s confidence", provider_kind_to_text(provider->kind),
              provider_confidence_to_text(provider->confidence));
    page_end(page);
    for (int list = 0; list < PROVIDER_LISTS; list++)
        if (provider->lists[list].count > 0)
            providers_paragraph(page, provider_list_to_title((enum provider_list)list),
                                providers_names_text(page->arena, &provider->lists[list]));
    page_end(page);
    for (int step = 0; step < PROVIDER_STEPS; step++)
        if (provider->steps[step] != NULL)
            providers_paragraph(page, provider_step_to_title((enum provider_step)step),
                                provider->steps[step]);
    page_end(page);
    page_title(page, "Sources");
    for (size_t i = 0; i < provider->source_count; i++)
        page_linef(page, 2, PAGE_PLAIN, "%s, read %s", provider->sources[i].url,
                   provider->sources[i].read);
}

void render_providers_text(const struct render_providers *providers,
                           const struct report_options *options, struct sbuf *out)
{
    struct page page = page_open(options, out);

    if (providers->is_full) {
        providers_full(&page, providers->list);
        return;
    }
    for (int kind = 0; kind < PROVIDER_KINDS; kind++)
        providers_lines(&page, providers, (enum provider_kind)kind);
    page_wrapf(&page, PAGE_FAINT,
               "As of %s. Names, steps and sources of one: mailassay providers NAME",
               providers->as_of);
}

/* ---- JSON ---- */

/* providers_sources_array - where it is said */
static json_t *providers_sources_array(struct arena *arena, const struct provider *provider)
{
    json_t *array = json_array();

    for (size_t i = 0; i < provider->source_count; i++)
        json_array_append_new(
            array,
            json_pack("{s:o, s:o}", "url", render_json_text(arena, provider->sources[i].url),
                      "read", render_json_text(arena, provider->sources[i].read)));
    return array;
}

/* provider_object - all that is known of one */
static json_t *provider_object(struct arena *arena, const struct provider *provider)
{
    json_t *steps = json_object();

    json_t *object = json_pack(
        "{s:o, s:o, s:s, s:s}", "name", render_json_text(arena, provider->name), "title",
        render_json_text(arena, provider->title), "kind", provider_kind_to_text(provider->kind),
        "confidence", provider_confidence_to_text(provider->confidence));
    for (int list = 0; list < PROVIDER_LISTS; list++)
        json_object_set_new(
            object, provider_list_to_text((enum provider_list)list),
            render_json_texts(arena, provider->lists[list].names, provider->lists[list].count));
    for (int step = 0; step < PROVIDER_STEPS; step++)
        json_object_set_new(steps, provider_step_to_text((enum provider_step)step),
                            render_json_text(arena, provider->steps[step]));
    json_object_update_new(object, json_pack("{s:o, s:o}", "steps", steps, "sources",
                                             providers_sources_array(arena, provider)));
    return object;
}

void render_providers_json(const struct render_providers *providers,
                           const struct report_options *options, struct sbuf *out)
{
    json_t *array = json_array();

    (void)options;
    for (size_t i = 0; i < providers->count; i++)
        json_array_append_new(array, provider_object(out->arena, &providers->list[i]));
    json_t *root = json_pack("{s:i, s:s, s:o}", "schema", REPORT_SCHEMA, "as_of",
                             providers->as_of, "providers", array);
    render_json_write(root, out);
}

json_t *render_json_providers_seen(struct arena *arena, const struct domain_facts *domain)
{
    json_t *array = json_array();

    for (const struct provider_seen *seen = domain->providers; seen; seen = seen->next)
        json_array_append_new(array,
                              json_pack("{s:o, s:o, s:s, s:o}", "name",
                                        render_json_text(arena, seen->provider->name), "title",
                                        render_json_text(arena, seen->provider->title), "by",
                                        provider_list_to_text(seen->by), "seen",
                                        render_json_name(arena, seen->name)));
    return array;
}
