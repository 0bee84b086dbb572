/*
 * The table is made from the two .def files. Each cell gets a function of its own that gives
 * what is shown its type back: a cell with a function for another type does not compile.
 */
#include "render/render_view.h"

#include <jansson.h>
#include <string.h>

#include "base/arena.h"
#include "base/escape.h"
#include "base/sbuf.h"
#include "base/span.h"
#include "html/html.h"
#include "render/render_catalogue.h"
#include "render/render_codes.h"
#include "render/render_explain.h"
#include "render/render_gate.h"
#include "render/render_issue.h"
#include "render/render_json.h"
#include "render/render_policies.h"
#include "render/render_probe.h"
#include "render/render_providers.h"
#include "render/render_redact.h"
#include "render/render_report.h"
#include "render/render_reports.h"
#include "render/render_scan.h"
#include "render/render_sandbox.h"
#include "render/render_session.h"
#include "render/render_shown.h"
#include "render/render_stored.h"
#include "render/render_verdict.h"

/* what a document of a view is made of */
struct document_cell {
    enum render_view view;
    const void *shown;
    const struct report_issues *issues; /* NULL: the view has none */
    json_t *(*make)(const void *shown, const struct report_options *options,
                    struct arena *arena);
};

static void write_document(const struct document_cell *cell,
                           const struct report_options *options, struct sbuf *out);
static void write_page(const struct document_cell *cell, const struct report_options *options,
                       struct sbuf *out);

/* the type of each view, and a function for each cell */
#define CELL(view, format, call)                                                               \
    static void cell_##view##_##format(const void *untyped,                                    \
                                       const struct report_options *options, struct sbuf *out) \
    {                                                                                          \
        const type_of_##view *shown = untyped;                                                 \
                                                                                               \
        call;                                                                                  \
    }
#define RENDER_VIEW(view, type)             typedef type type_of_##view;
#define RENDER_CELL(view, format, function) CELL(view, format, function(shown, options, out))
#define RENDER_ISSUES_CELL(view, format, function) \
    CELL(view, format, function(shown->issues, options, out))
#define RENDER_JSON(view, function, issues)                                                   \
    static json_t *document_##view(const void *shown, const struct report_options *options,   \
                                   struct arena *arena)                                       \
    {                                                                                         \
        const type_of_##view *typed = shown;                                                  \
                                                                                              \
        return function(typed, options, arena);                                               \
    }                                                                                         \
    CELL(view, json,                                                                          \
         write_document(&(struct document_cell){VIEW_##view, shown, issues, document_##view}, \
                        options, out))
#define RENDER_PAGE(view, function)                                                     \
    CELL(view, html,                                                                    \
         write_page(&(struct document_cell){VIEW_##view, shown, NULL, document_##view}, \
                    options, out))
#include "render/render_view.def"

static render_view_fn *const cells[VIEW_COUNT][FORMAT_COUNT] = {
#define RENDER_CELL(view, format, function) \
    [VIEW_##view][FORMAT_##format] = cell_##view##_##format,
#include "render/render_view.def"
};

static const char *const views[VIEW_COUNT] = {
#define RENDER_VIEW(view, type) #view,
#include "render/render_view.def"
};

static const struct {
    const char *name;
    const char *suffixes;
} formats[FORMAT_COUNT] = {
#define RENDER_FORMAT(name, suffixes, summary) {#name, suffixes},
#include "render/render_table.def"
};

/* ---- documents ---- */

/* write_document - with what the text and the formats of CI show */
static void write_document(const struct document_cell *cell,
                           const struct report_options *options, struct sbuf *out)
{
    const struct report_options plain = render_shown_options(options);
    struct sbuf text = sbuf_start(out->arena);
    struct arena *values = arena_open();
    struct arena *before = NULL;
    json_t *document = NULL;

    cells[cell->view][FORMAT_text](cell->shown, &plain, &text);
    before = arena_lend(values); /* thousands of small values that end together */
    document = cell->make(cell->shown, options, out->arena);
    render_shown_add(document, &text, cell->issues);
    render_json_write(options->is_redacted ? render_redact(out->arena, document) : document,
                      out);
    arena_lend(before);
    arena_close(values);
}

static void write_page(const struct document_cell *cell, const struct report_options *options,
                       struct sbuf *out)
{
    json_t *document = cell->make(cell->shown, options, out->arena);

    if (options->is_redacted)
        document = render_redact(out->arena, document);
    html_page(document, out);
    json_decref(document);
}

/* ---- names ---- */

enum render_format render_format_find(const char *name)
{
    for (size_t i = 0; i < FORMAT_COUNT; i++)
        if (strcmp(formats[i].name, name) == 0)
            return (enum render_format)i;
    return FORMAT_NONE;
}

const char *render_format_name(enum render_format format)
{
    return formats[format].name;
}

enum render_view render_view_find(const char *name)
{
    for (size_t i = 0; i < VIEW_COUNT; i++)
        if (strcmp(views[i], name) == 0)
            return (enum render_view)i;
    return VIEW_NONE;
}

render_view_fn *render_view_cell(enum render_view view, enum render_format format)
{
    return cells[view][format];
}

/* has_cell - the view can be shown so; VIEW_NONE: there is such a format */
static bool has_cell(enum render_view view, size_t format)
{
    return view == VIEW_NONE || cells[view][format] != NULL;
}

/* add_listed - one more of a list: "a", "a, b", and the last "a, b or c" */
static void add_listed(struct sbuf *list, size_t *count, const char *word, size_t all)
{
    sbuf_addf(list, "%s%s", *count == 0 ? "" : *count + 1 == all ? " or " : ", ", word);
    (*count)++;
}

const char *render_format_names(struct arena *arena, enum render_view view)
{
    struct sbuf names = sbuf_start(arena);
    size_t all = 0;
    size_t count = 0;

    for (size_t i = 0; i < FORMAT_COUNT; i++)
        all += has_cell(view, i);
    for (size_t i = 0; i < FORMAT_COUNT; i++)
        if (has_cell(view, i))
            add_listed(&names, &count, formats[i].name, all);
    return sbuf_text(&names);
}

/* ---- files ---- */

/* suffix_length - of the suffix that the path ends in; 0: none of this format */
static size_t suffix_length(enum render_format format, const char *path)
{
    struct span rest = span_of(formats[format].suffixes);
    size_t size = strlen(path);
    size_t longest = 0;

    while (rest.len > 0) {
        struct span suffix = span_cut(&rest, ' ');

        if (suffix.len > longest && suffix.len <= size &&
            span_starts_with_nocase(suffix, path + size - suffix.len))
            longest = suffix.len;
    }
    return longest;
}

/* format_of_path - the longest suffix wins, the first format of several with it */
static enum render_format format_of_path(const char *path)
{
    enum render_format best = FORMAT_NONE;
    size_t longest = 0;

    for (size_t i = 0; i < FORMAT_COUNT; i++) {
        size_t length = suffix_length((enum render_format)i, path);

        if (length > longest) {
            longest = length;
            best = (enum render_format)i;
        }
    }
    return best;
}

/* suffix_names - "a, b or c": the first suffix of each format that can show the view */
static const char *suffix_names(struct arena *arena, enum render_view view)
{
    struct sbuf names = sbuf_start(arena);
    size_t all = 0;
    size_t count = 0;

    for (size_t i = 0; i < FORMAT_COUNT; i++)
        all += has_cell(view, i) && formats[i].suffixes[0] != '\0';
    for (size_t i = 0; i < FORMAT_COUNT; i++) {
        struct span rest = span_of(formats[i].suffixes);

        if (has_cell(view, i) && rest.len > 0)
            add_listed(&names, &count, arena_strdup_span(arena, span_cut(&rest, ' ')), all);
    }
    return sbuf_text(&names);
}

bool render_view_check(struct arena *arena, enum render_view view, enum render_format format,
                       struct err *why)
{
    if (render_view_cell(view, format) != NULL)
        return true;
    /* "report_list" is a report, too */
    err_set_kind(why, ERR_USAGE, "%.*s cannot be shown as %s; its formats are %s",
                 (int)strcspn(views[view], "_"), views[view], formats[format].name,
                 render_format_names(arena, view));
    return false;
}

enum render_format render_output_format(struct arena *arena, const struct render_output *output,
                                        struct err *why)
{
    enum render_format asked = output->asked;
    enum render_format format = format_of_path(output->path);

    if (format == FORMAT_NONE ||
        (asked != FORMAT_NONE && suffix_length(asked, output->path) > 0))
        format = asked;
    if (format == FORMAT_NONE && strcmp(output->path, "-") == 0)
        format = FORMAT_text;
    if (format == FORMAT_NONE)
        err_set_kind(why, ERR_USAGE,
                     "--output %s: no format has this suffix; end the name in %s, or give "
                     "--format",
                     escape_shown(arena, output->path), suffix_names(arena, output->view));
    else if (!render_view_check(arena, output->view, format, why))
        format = FORMAT_NONE;
    return format;
}
