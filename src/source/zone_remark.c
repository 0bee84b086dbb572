/* "; mailassay: TEXT" in a comment is for this program, and means nothing to a name server. */
#include <string.h>

#include "source/zone_private.h"

static const char marker[] = "mailassay:";

struct zone_remark *zone_remark_add(struct zone *zone, struct zone_remark_list *list, int line)
{
    struct zone_remark *remark = arena_new_of(zone->arena, struct zone_remark);

    remark->file = zone->file;
    remark->line = line;
    if (list->first == NULL)
        list->first = remark;
    else
        list->last->next = remark;
    list->last = remark;
    return remark;
}

/* comment_of - what follows the first ";" of the line that is not in quotes */
static struct span comment_of(struct span line)
{
    bool is_quoted = false;

    for (size_t i = 0; i < line.len; i++) {
        if (line.at[i] == '\\')
            i++;
        else if (line.at[i] == '"')
            is_quoted = !is_quoted;
        else if (line.at[i] == ';' && !is_quoted)
            return span_trim(span_from(line, i + 1));
    }
    return span_make(line.at, 0);
}

void zone_read_remarks(struct zone *zone, struct span bytes)
{
    int number = 0;

    if (bytes.len == 0 || memmem(bytes.at, bytes.len, marker, sizeof(marker) - 1) == NULL)
        return;
    while (bytes.len > 0) {
        struct span comment = comment_of(span_cut(&bytes, '\n'));

        number++;
        if (!span_starts_with(comment, marker))
            continue;
        comment = span_trim(span_from(comment, sizeof(marker) - 1));
        zone_remark_add(zone, &zone->remarks, number)->text =
            arena_strdup_span(zone->arena, comment);
    }
}
