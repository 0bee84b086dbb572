/* A tag by its name; the first of duplicates counts. */
#include "model/rec_tags.h"

const struct rec_tag *rec_tags_find(const struct rec_tags *tags, const char *name)
{
    const struct rec_tag *tag = tags->first;

    while (tag != NULL && !span_equal_text(tag->name, name))
        tag = tag->next;
    return tag;
}
