/* Lists of tags, written again in their order and without what is not wanted. */
#include <string.h>

#include "remedy/remedy_private.h"

struct remedy_tags remedy_tags_of(struct arena *arena, const struct rec_tags *tags)
{
    struct remedy_tags copy = {.arena = arena};

    for (const struct rec_tag *tag = tags->first; tag != NULL; tag = tag->next)
        arena_append(arena, copy.tags, copy.count,
                     ((struct remedy_tag){tag->name, tag->value}));
    return copy;
}

void remedy_tags_remove(struct remedy_tags *tags, const char *name)
{
    size_t kept = 0;

    for (size_t i = 0; i < tags->count; i++)
        if (!span_equal_nocase(tags->tags[i].name, name))
            tags->tags[kept++] = tags->tags[i];
    tags->count = kept;
}

void remedy_tags_set(struct remedy_tags *tags, const char *name, struct span value,
                     bool is_early)
{
    const struct remedy_tag tag = {span_of(name), value};

    for (size_t i = 0; i < tags->count; i++)
        if (span_equal_nocase(tags->tags[i].name, name)) {
            tags->tags[i].value = value;
            return;
        }
    arena_append(tags->arena, tags->tags, tags->count, tag);
    for (size_t i = tags->count - 1; is_early && i > 1; i--) {
        tags->tags[i] = tags->tags[i - 1];
        tags->tags[i - 1] = tag;
    }
}

struct span remedy_tags_text(const struct remedy_tags *tags)
{
    struct sbuf text = sbuf_start(tags->arena);

    for (size_t i = 0; i < tags->count; i++) {
        sbuf_add(&text, i > 0 ? "; " : "");
        sbuf_add_span(&text, tags->tags[i].name);
        sbuf_add_octet(&text, '=');
        sbuf_add_span(&text, tags->tags[i].value);
    }
    return sbuf_span(&text);
}
