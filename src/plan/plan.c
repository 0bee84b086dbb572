/* A file is read as a tree, the tree is recognised, and its reader fills the plan. */
#include "plan/plan.h"

#include <string.h>

#include "base/file.h"
#include "base/limits.h"
#include "plan/plan_reader.h"

static const struct {
    const char *name;
    bool (*is)(const struct plan_input *in);
    void (*read)(const struct plan_input *in);
} formats[] = {
#define PLAN_FORMAT(id, name) {name, plan_is_##id, plan_read_##id},
#include "plan/plan_format.def"
};

#define FORMATS COUNT_OF(formats)

/* plan_drop_mark - the text behind a byte order mark */
static struct span plan_drop_mark(struct span bytes)
{
    static const char mark[] = "\xef\xbb\xbf";

    return span_starts_with(bytes, mark) ? span_from(bytes, sizeof(mark) - 1) : bytes;
}

/* is_json - an object or array; a zone file cannot begin so */
static bool is_json(struct span bytes)
{
    struct span text = span_trim(plan_drop_mark(bytes));

    return text.len > 0 && (text.at[0] == '{' || text.at[0] == '[');
}

/* is_yaml_name - of a file */
static bool is_yaml_name(const char *path)
{
    return span_ends_with_nocase(span_of(path), ".yaml") ||
           span_ends_with_nocase(span_of(path), ".yml");
}

bool plan_is_plan(const char *path, struct span bytes)
{
    if (is_json(bytes))
        return !span_starts_with(span_trim(bytes), "{\"snapshot\"");
    return is_yaml_name(path);
}

/* plan_find_remarks - "# mailassay: TEXT" of YAML */
static void plan_find_remarks(struct plan *plan, struct span bytes)
{
    static const char marker[] = "mailassay:";
    struct plan_remark **link = &plan->remarks;

    for (int number = 1; bytes.len > 0; number++) {
        struct span line = span_cut(&bytes, '\n');
        ptrdiff_t at = span_find(line, '#');
        struct span text =
            at < 0 ? span_make("", 0) : span_trim(span_from(line, (size_t)at + 1));

        if (!span_starts_with(text, marker))
            continue;
        *link = arena_new_of(plan->arena, struct plan_remark);
        (*link)->text =
            arena_strdup_span(plan->arena, span_trim(span_from(text, sizeof(marker) - 1)));
        (*link)->file = plan->path;
        (*link)->line = number;
        link = &(*link)->next;
    }
}

/* plan_refuse - why no format is the one */
static bool plan_refuse(const struct plan_input *in, const char *first, const char *second,
                        struct err *why)
{
    const char *path = in->plan->path;

    if (second != NULL)
        err_set(why, "%s: looks like two formats at once, %s and %s; give one file for each",
                path, first, second);
    else
        err_set(why,
                "%s: this %s is not a known format of DNS as code (Terraform or OpenTofu plan, "
                "dnscontrol print-ir, Route 53, Cloudflare, external-dns, octoDNS)",
                path, in->is_json ? "JSON" : "YAML");
    return false;
}

/* plan_find_format - the one format; false and `why` */
static bool plan_find_format(const struct plan_input *in, size_t *format_out, struct err *why)
{
    size_t found = FORMATS;

    for (size_t i = 0; i < FORMATS; i++) {
        if (!formats[i].is(in))
            continue;
        if (found < FORMATS)
            return plan_refuse(in, formats[found].name, formats[i].name, why);
        found = i;
    }
    *format_out = found;
    return found < FORMATS || plan_refuse(in, NULL, NULL, why);
}

/* plan_faults_to_err - all that fit */
static void plan_faults_to_err(const struct plan *plan, struct err *why)
{
    struct sbuf text = sbuf_start(plan->arena);
    size_t shown = 0;

    while (shown < plan->fault_count && text.len < ERR_TEXT_SIZE / 2) {
        sbuf_add_item(&text, "\n", plan->faults[shown]);
        shown++;
    }
    if (shown < plan->fault_count)
        sbuf_addf(&text, "\nand %zu more", plan->fault_count - shown);
    err_set(why, "%s", sbuf_text(&text));
}

/* plan_keep_origin - only the zone that was asked for; false: the plan has none of its name */
static bool plan_keep_origin(struct plan *plan, const struct plan_request *request,
                             struct err *why)
{
    struct plan_zone **link = &plan->zones;

    if (request->origin == NULL || request->origin->len == 0 || plan->zones == NULL)
        return true;
    while (*link != NULL)
        if (dns_name_equal((*link)->apex, request->origin))
            link = &(*link)->next;
        else
            *link = (*link)->next;
    if (plan->zones == NULL)
        err_set(why, "%s: has no zone %s", plan->path, request->origin->text);
    return plan->zones != NULL;
}

/* plan_fill - by the reader of its format */
static bool plan_fill(struct plan_input *in, struct err *why)
{
    struct plan *plan = in->plan;
    size_t format = FORMATS;

    if (!plan_find_format(in, &format, why))
        return false;
    plan->format = formats[format].name;
    formats[format].read(in);
    if (plan->fault_count > 0) {
        plan_faults_to_err(plan, why);
        return false;
    }
    plan->is_open |= plan->open.entries != NULL;
    if (plan->zones == NULL && !plan->is_open) {
        err_set(why, "%s: %s without a DNS record: nothing to judge", plan->path, plan->format);
        return false;
    }
    return plan_keep_origin(plan, in->request, why);
}

/* plan_open_tree - the file as a tree; NULL and `why` */
static const struct plan_node *plan_open_tree(struct arena *arena, struct plan_input *in,
                                              struct span *bytes_out, struct err *why)
{
    if (!file_load_text(arena, in->plan->path, LIMIT_PLAN_BYTES, bytes_out, why))
        return NULL;
    *bytes_out = plan_drop_mark(*bytes_out);
    in->is_json = is_json(*bytes_out);
    in->root = in->is_json ? plan_json_read(arena, in->plan->path, *bytes_out, why)
                           : plan_yaml_read(arena, in->plan->path, *bytes_out, why);
    return in->root;
}

bool plan_recognise(const char *path)
{
    struct arena *arena = arena_open();
    struct plan plan = {.arena = arena, .path = path};
    struct plan_input in = {.plan = &plan};
    struct span bytes = {0};
    struct err why = {0};
    bool is_one = false;

    if (plan_open_tree(arena, &in, &bytes, &why) != NULL)
        for (size_t i = 0; i < FORMATS && !is_one; i++)
            is_one = formats[i].is(&in);
    arena_close(arena);
    return is_one;
}

struct plan *plan_read(struct arena *arena, const struct plan_request *request, struct err *why)
{
    struct plan *plan = arena_new_of(arena, struct plan);
    struct plan_input in = {.plan = plan, .request = request};
    struct arena *file = arena_open();
    struct span bytes = {0};
    bool is_read = false;

    plan->arena = arena;
    plan->path = arena_strdup(arena, request->path);
    plan->open.tag = "";
    if (plan_open_tree(file, &in, &bytes, why) != NULL) {
        if (!in.is_json)
            plan_find_remarks(plan, bytes);
        is_read = plan_fill(&in, why);
    }
    arena_close(file);
    return is_read ? plan : NULL;
}
