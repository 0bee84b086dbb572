/*
 * NAME
 *     render_view - what can be shown, and in which formats
 * DESCRIPTION
 *     One table: a row for each thing that a command shows (a view), a column for each
 *     format. The rows and cells are in render_view.def, the formats in render_table.def.
 *     Commands name the view and pass on what is shown; they do not know
 *     the format.
 * OWNERSHIP
 *     Bytes go to `out`; scratch is in its arena.
 * ERRORS
 *     An empty cell is a mistake of the command line: render_view_check() says so and lists
 *     what there is (ERR_USAGE).
 */
#ifndef RENDER_VIEW_H
#define RENDER_VIEW_H

#include "base/arena.h"
#include "base/err.h"
#include "model/report.h"
#include "base/sbuf.h"

enum render_format {
#define RENDER_FORMAT(name, suffixes, summary) FORMAT_##name,
#include "render/render_table.def"
    FORMAT_COUNT,
    FORMAT_NONE = FORMAT_COUNT /* not given, or unknown */
};

enum render_view {
#define RENDER_VIEW(view, type) VIEW_##view,
#include "render/render_view.def"
    VIEW_COUNT,
    VIEW_NONE = VIEW_COUNT
};

enum render_format render_format_find(const char *name);
const char *render_format_name(enum render_format format);
/* "a, b or c": all formats, or with a view those that can show it */
const char *render_format_names(struct arena *arena, enum render_view view);

/* by the name of the command */
enum render_view render_view_find(const char *name);

typedef void render_view_fn(const void *shown, const struct report_options *options,
                            struct sbuf *out);

/* what writes the view in the format; `shown` has the type of the view. NULL: an empty cell */
render_view_fn *render_view_cell(enum render_view view, enum render_format format);

/* the view can be shown so; false and `why` */
bool render_view_check(struct arena *arena, enum render_view view, enum render_format format,
                       struct err *why);

/* an output */
struct render_output {
    enum render_view view;
    const char *path;         /* "-": standard output */
    enum render_format asked; /* --format; FORMAT_NONE */
};

/* its format: by suffix, else what was asked for, else text for standard output; where the
 * suffix fits what was asked for, too, it is that. FORMAT_NONE and `why` */
enum render_format render_output_format(struct arena *arena, const struct render_output *output,
                                        struct err *why);

#endif
