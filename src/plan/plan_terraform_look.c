/* Zones, unknown values, and lines of the configuration. */
#include <string.h>
#include <sys/stat.h>

#include "base/err.h"
#include "base/escape.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/span.h"
#include "plan/plan.h"
#include "plan/plan_node.h"
#include "plan/plan_terraform.h"

/* ---- unknown values ---- */

/* holds_true - the value, or one in it, is true */
static bool holds_true(const struct plan_node *node)
{
    if (node == NULL)
        return false;
    if (node->is_true)
        return true;
    for (const struct plan_node *one = node->first; one != NULL; one = one->next)
        if (holds_true(one))
            return true;
    return false;
}

bool plan_terraform_is_unknown(const struct plan_node *resource, const char *attribute)
{
    const struct plan_node *unknown = plan_get(plan_get(resource, "change"), "after_unknown");

    return holds_true(plan_get(unknown, attribute));
}

/* ---- zones ---- */

bool plan_terraform_is_in(const char *name, const char *zone)
{
    struct span rest = span_of(name);
    struct span bare = span_of(zone);

    if (bare.len > 0 && bare.at[bare.len - 1] == '.')
        bare.len--;
    if (rest.len > 0 && rest.at[rest.len - 1] == '.')
        rest.len--;
    if (rest.len < bare.len ||
        strncasecmp(rest.at + rest.len - bare.len, bare.at, bare.len) != 0)
        return false;
    return rest.len == bare.len || rest.at[rest.len - bare.len - 1] == '.';
}

const char *plan_terraform_zone_name(const struct plan_node *values)
{
    static const char *const names[] = {"dns_name", "name", "zone", "domain"};

    for (size_t i = 0; i < COUNT_OF(names); i++)
        if (plan_text(values, names[i]) != NULL)
            return plan_text(values, names[i]);
    return NULL;
}

/* is_zone_of - the values are those of the zone with this id; Google goes by its name */
static bool is_zone_of(const struct plan_node *values, const char *id)
{
    static const char *const ids[] = {"zone_id", "id"};

    for (size_t i = 0; i < COUNT_OF(ids); i++)
        if (plan_text(values, ids[i]) != NULL && strcmp(plan_text(values, ids[i]), id) == 0)
            return true;
    return plan_text(values, "dns_name") != NULL && plan_text(values, "name") != NULL &&
           strcmp(plan_text(values, "name"), id) == 0;
}

/* is_zone_type - a resource or data source that is a zone */
static bool is_zone_type(const char *type)
{
    return type != NULL && (span_ends_with_nocase(span_of(type), "_zone") ||
                            strcmp(type, "linode_domain") == 0);
}

/* zone_in_module - the values of the zone of this id, in a module and those below; NULL */
static const struct plan_node *zone_in_module(const struct plan_node *module, const char *id)
{
    const struct plan_node *zone = NULL;

    for (const struct plan_node *one = plan_items(module, "resources");
         one != NULL && zone == NULL; one = one->next)
        if (is_zone_type(plan_text(one, "type")) && is_zone_of(plan_get(one, "values"), id))
            zone = plan_get(one, "values");
    for (const struct plan_node *one = plan_items(module, "child_modules");
         one != NULL && zone == NULL; one = one->next)
        zone = zone_in_module(one, id);
    return zone;
}

/* is_at - the address of a resource, without its index, is this one in its module */
static bool is_at(const char *address, const char *reference)
{
    struct span own = span_of(address);
    size_t len = strlen(reference);

    if (own.len > 0 && own.at[own.len - 1] == ']' && span_find_last(own, '[') > 0)
        own.len = (size_t)span_find_last(own, '[');
    return span_ends_with_nocase(own, reference) &&
           (own.len == len || own.at[own.len - len - 1] == '.');
}

/* zone_by_address - the name of the zone "TYPE.NAME" that the plan makes; NULL */
static const char *zone_by_address(const struct plan_input *in, const char *address)
{
    for (const struct plan_node *one = plan_items(in->root, "resource_changes"); one != NULL;
         one = one->next) {
        const char *own = plan_text(one, "address");
        const struct plan_node *after = plan_get(plan_get(one, "change"), "after");

        if (own != NULL && is_zone_type(plan_text(one, "type")) && is_at(own, address))
            return plan_terraform_zone_name(after);
    }
    return NULL;
}

/* zone_by_expression - by what one resource or call of the configuration refers to; NULL */
static const char *zone_by_expression(const struct plan_input *in,
                                      const struct plan_node *expression)
{
    for (const struct plan_node *ref = plan_items(expression, "references"); ref != NULL;
         ref = ref->next) {
        const char *zone = zone_by_address(in, ref->text);

        if (zone != NULL)
            return zone;
    }
    return NULL;
}

/* is_configured - the resource of the configuration is that of the plan */
static bool is_configured(const struct plan_node *configured, const struct plan_node *resource)
{
    static const char *const keys[] = {"type", "name"};

    for (size_t i = 0; i < COUNT_OF(keys); i++) {
        const char *own = plan_text(configured, keys[i]);
        const char *wanted = plan_text(resource, keys[i]);

        if (own == NULL || wanted == NULL || strcmp(own, wanted) != 0)
            return false;
    }
    return true;
}

/* zone_of_call - the zone that a module is given, under whatever name; NULL */
static const char *zone_of_call(const struct plan_input *in, const struct plan_node *call)
{
    const struct plan_node *expressions = plan_get(call, "expressions");

    for (const struct plan_node *one = plan_is_map(expressions) ? expressions->first : NULL;
         one != NULL; one = one->next) {
        const char *zone = zone_by_expression(in, one);

        if (zone != NULL)
            return zone;
    }
    return NULL;
}

/* zone_by_reference - by what the configuration of the resource says: "TYPE.NAME.zone_id", in
 * the module or in one that it calls; true: the resource was found there */
static bool zone_by_reference(const struct plan_input *in, const struct plan_node *module,
                              const struct plan_node *resource, const char **zone_out)
{
    const struct plan_node *calls = plan_get(module, "module_calls");

    for (const struct plan_node *one = plan_items(module, "resources"); one != NULL;
         one = one->next)
        if (is_configured(one, resource)) {
            *zone_out =
                zone_by_expression(in, plan_get(plan_get(one, "expressions"), "zone_id"));
            return true;
        }
    for (const struct plan_node *one = plan_is_map(calls) ? calls->first : NULL; one != NULL;
         one = one->next)
        if (zone_by_reference(in, plan_get(one, "module"), resource, zone_out)) {
            if (*zone_out == NULL)
                *zone_out = zone_of_call(in, one);
            return true;
        }
    return false;
}

/* zone_of_id - its values, as the state or the plan has them; NULL */
static const struct plan_node *zone_of_id(const struct plan_input *in, const char *id)
{
    const struct plan_node *prior = plan_get(plan_get(in->root, "prior_state"), "values");
    const struct plan_node *planned = plan_get(in->root, "planned_values");
    const struct plan_node *zone = NULL;

    if (id == NULL || id[0] == '\0')
        return NULL;
    zone = zone_in_module(plan_get(prior, "root_module"), id);
    return zone != NULL ? zone : zone_in_module(plan_get(planned, "root_module"), id);
}

/* zone_of_sibling - by another record of the same zone, which has a relative name and its full
 * one; NULL */
static const char *zone_of_sibling(const struct plan_input *in, const char *id)
{
    for (const struct plan_node *one = plan_items(in->root, "resource_changes");
         id != NULL && one != NULL; one = one->next) {
        const struct plan_node *before = plan_get(plan_get(one, "change"), "before");
        const char *zone = plan_text(before, "zone_id");
        const char *name = plan_text(before, "name");
        const char *full = plan_text(before, "fqdn");
        size_t len = name != NULL ? strlen(name) : 0;

        if (zone != NULL && strcmp(zone, id) == 0 && len > 0 && full != NULL &&
            strncasecmp(full, name, len) == 0 && full[len] == '.' && full[len + 1] != '\0')
            return full + len + 1;
    }
    return NULL;
}

bool plan_terraform_is_private(const struct plan_input *in, const struct plan_node *values)
{
    const char *id = plan_text(values, "zone_id") != NULL ? plan_text(values, "zone_id")
                                                          : plan_text(values, "managed_zone");

    return plan_terraform_is_private_zone(zone_of_id(in, id));
}

bool plan_terraform_is_private_zone(const struct plan_node *zone)
{
    const char *visibility = plan_text(zone, "visibility");

    return plan_items(zone, "vpc") != NULL || plan_is_true(zone, "private_zone") ||
           (visibility != NULL && strcmp(visibility, "private") == 0);
}

const char *plan_terraform_zone(const struct plan_input *in, const struct plan_node *resource,
                                const char *id)
{
    const char *zone = plan_terraform_zone_name(zone_of_id(in, id));

    if (zone == NULL)
        zone = zone_of_sibling(in, id);
    if (zone == NULL)
        zone_by_reference(in, plan_get(plan_get(in->root, "configuration"), "root_module"),
                          resource, &zone);
    return zone;
}

const char *plan_terraform_target(struct arena *arena, const char *text, const char *kind,
                                  const char *zone)
{
    static const char *const types[] = {"MX", "CNAME", "NS", "PTR", "DNAME"};
    const char *blank = strrchr(text, ' ');
    const char *name = blank != NULL ? blank + 1 : text;

    for (size_t i = 0; zone != NULL && i < COUNT_OF(types); i++)
        if (strcmp(types[i], kind) == 0)
            return arena_printf(arena, "%.*s%s", (int)(name - text), text,
                                plan_name_in(arena, name, zone));
    return text;
}

/* ---- places ---- */

const char *plan_terraform_name(struct arena *arena, const struct plan_node *resource)
{
    const char *name = plan_text(resource, "name");

    return name != NULL ? escape_to_text(arena, span_of(name), LIMIT_SHOWN_BYTES) : "?";
}

/* a line `resource "TYPE" "NAME"` of the configuration */
struct config_line {
    const char *type;
    const char *name;
    const char *file;
    int line;
};

struct plan_terraform_config {
    struct arena *arena;
    struct config_line *lines;
    size_t count;
    int files; /* and folders, looked at */
};

/* config_word - the next word in quotes; {NULL, 0}: none */
static struct span config_word(struct span *line)
{
    *line = span_trim(*line);
    if (line->len == 0 || line->at[0] != '"')
        return span_make(NULL, 0);
    *line = span_from(*line, 1);
    return span_cut(line, '"');
}

/* config_add_line - note it if it begins a resource */
static void config_add_line(struct plan_terraform_config *config, const char *path, int number,
                            struct span line)
{
    struct config_line found = {.line = number};
    struct span type = {0};
    struct span name = {0};

    line = span_trim(line);
    if (!span_starts_with(line, "resource"))
        return;
    line = span_from(line, strlen("resource"));
    type = config_word(&line);
    name = config_word(&line);
    if (type.len == 0 || name.len == 0)
        return;
    found.type = arena_strdup_span(config->arena, type);
    found.name = arena_strdup_span(config->arena, name);
    found.file = path;
    arena_append(config->arena, config->lines, config->count, found);
}

/* config_add_file - a file of the configuration */
static void config_add_file(struct plan_terraform_config *config, const char *path)
{
    struct arena *arena = arena_open();
    struct span bytes = {0};
    struct err why = {0};

    config->files++;
    if (file_load_text(arena, path, LIMIT_TERRAFORM_BYTES, &bytes, &why))
        for (int number = 1; bytes.len > 0; number++)
            config_add_line(config, path, number, span_cut(&bytes, '\n'));
    arena_close(arena);
}

/* config_add_folder - its files, and those of the folders in it */
static void config_add_folder(struct plan_terraform_config *config, const char *folder,
                              int depth)
{
    struct file_name_list list = {NULL, 0};
    struct err why = {0};

    file_names(config->arena, folder, &list, &why);
    for (size_t i = 0; i < list.count && config->files < LIMIT_TERRAFORM_FILES; i++) {
        const char *path = file_in_folder(config->arena, folder, list.names[i]);
        struct stat about = {0};

        if (lstat(path, &about) != 0)
            continue;
        if (S_ISREG(about.st_mode) && span_ends_with_nocase(span_of(path), ".tf")) {
            config_add_file(config, path);
        } else if (S_ISDIR(about.st_mode) && depth < LIMIT_TERRAFORM_DEPTH) {
            config->files++;
            config_add_folder(config, path, depth + 1);
        }
    }
}

const struct plan_terraform_config *plan_terraform_config_read(struct plan *plan)
{
    struct plan_terraform_config *config =
        arena_new_of(plan->arena, struct plan_terraform_config);

    config->arena = plan->arena;
    config_add_folder(config, file_folder_of(plan->arena, plan->path), 0);
    return config;
}

void plan_terraform_place(const struct plan_input *in, const struct plan_node *resource,
                          const char **file_out, int *line_out)
{
    const struct plan_terraform_config *config = in->config;
    const char *type = plan_text(resource, "type");
    const char *name = plan_text(resource, "name");

    *file_out = in->plan->path;
    *line_out = resource->line;
    for (size_t i = 0; i < config->count && type != NULL && name != NULL; i++)
        if (strcmp(config->lines[i].name, name) == 0 &&
            strcmp(config->lines[i].type, type) == 0) {
            *file_out = config->lines[i].file;
            *line_out = config->lines[i].line;
            return;
        }
}
