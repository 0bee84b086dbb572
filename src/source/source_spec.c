/* SPEC@NAME, as sources of files are given. */
#include <string.h>
#include <unistd.h>

#include "base/span.h"
#include "source/source_table.h"

/* source_split_spec - the last "@" begins the origin if a name or "." follows it, and the file
 * is there without it or nothing is there with it: a path may hold an "@" of its own */
struct source_file_spec source_split_spec(struct arena *arena, const char *rest)
{
    struct source_file_spec spec = {.path = rest};
    struct err why = {0};
    ptrdiff_t at = span_find_last(span_of(rest), '@');
    const struct dns_name *origin = NULL;
    const char *path = NULL;

    if (at < 0)
        return spec;
    if (strcmp(rest + at + 1, ".") == 0)
        origin = dns_name_from_text(arena, ".");
    else
        origin = dns_name_parse(arena, span_of(rest + at + 1), &why);
    path = arena_strdup_span(arena, span_make(rest, (size_t)at));
    if (origin == NULL || (access(path, F_OK) != 0 && access(rest, F_OK) == 0))
        return spec;
    spec.path = path;
    spec.origin = origin;
    return spec;
}
