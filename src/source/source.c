/* The registry: the word before the colon chooses the row of source_table.def. */
#include "base/escape.h"
#include "base/limits.h"
#include "base/sbuf.h"
#include "base/span.h"
#include "source/source_table.h"

#define DEFAULT_RETRIES 2 /* without options: three tries, as resolv.conf(5) has two */

struct source_row {
    const char *type;
    struct source *(*open)(const struct source_request *request, struct err *why);
    const char *what_it_is;
};

static const struct source_row rows[] = {
#define SOURCE(type, what_it_is) {#type, source_##type##_open, what_it_is},
#include "source/source_table.def"
};

#define ROW_COUNT COUNT_OF(rows)

/* known_sources - "live:[ADDR[@PORT]], zone:FILE[@ORIGIN], ..." */
static const char *known_sources(struct arena *arena)
{
    struct sbuf buf = sbuf_start(arena);

    for (size_t i = 0; i < ROW_COUNT; i++) {
        sbuf_add_item(&buf, i + 1 == ROW_COUNT ? " or " : ", ", rows[i].what_it_is);
    }
    return sbuf_text(&buf);
}

/* open_row - with a place for answers that no ledger asks for */
static struct source *open_row(const struct source_row *row,
                               const struct source_request *request, struct err *why)
{
    struct source *source = row->open(request, why);

    if (source != NULL)
        source->answers = request->arena;
    return source;
}

struct source *source_open(struct arena *arena, const char *spec,
                           const struct source_options *options, struct err *why)
{
    struct span rest = span_of(spec);
    struct span type = span_cut(&rest, ':');
    struct source_request request = {
        .arena = arena,
        .spec = arena_strdup(arena, spec),
        .rest = arena_strdup_span(arena, rest),
        .options = {.retries = DEFAULT_RETRIES},
    };

    if (options != NULL)
        request.options = *options;
    for (size_t i = 0; i < ROW_COUNT; i++)
        if (span_equal_text(type, rows[i].type))
            return open_row(&rows[i], &request, why);
    err_set_kind(why, ERR_USAGE, "unknown DNS source \"%s\": expected %s",
                 escape_to_text(arena, span_of(spec), LIMIT_SHOWN_BYTES), known_sources(arena));
    return NULL;
}

struct source *source_open_again(const struct source *source, struct arena *arena)
{
    return source->ops->open_again != NULL ? source->ops->open_again(source, arena) : NULL;
}

void source_close(struct source *source)
{
    if (source != NULL && source->ops->close != NULL)
        source->ops->close(source);
}

const struct source_world *source_world_of(const struct source *source)
{
    return source->ops->world != NULL ? source->ops->world(source) : NULL;
}

const char *source_world_text(struct arena *arena, const struct source_world *world)
{
    return arena_printf(
        arena, "%s: %s, %s", escape_to_text(arena, span_of(world->file), LIMIT_SHOWN_BYTES),
        world->format,
        world->is_open ? "describes changes only: everything else comes from the other sources"
                       : "describes complete zones: names that are missing do not exist");
}
