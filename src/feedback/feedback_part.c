/* The first octets say what a part is. */
#include <string.h>

#include "base/arena.h"
#include "base/limits_reports.h"
#include "base/span.h"
#include "feedback/feedback_private.h"

static const struct feedback_reader *const readers[] = {
    &feedback_gzip, &feedback_zip, &feedback_xml, &feedback_json, &feedback_mail,
};

#define READERS COUNT_OF(readers)

struct feedback_part *feedback_part_open(const struct feedback_part *around,
                                         struct feedback_set *set, const char *place)
{
    struct feedback_part *part = set->reading->free_parts;

    if (part != NULL)
        set->reading->free_parts = part->next;
    else
        part = arena_new_of(set->arena, struct feedback_part);
    part->set = set;
    part->reader = NULL;
    part->place = place;
    part->depth = around != NULL ? around->depth + 1 : 0;
    part->packings = around != NULL ? around->packings : 0;
    part->is_attachment = around != NULL && around->is_attachment;
    part->is_quiet = part->is_typed = false;
    part->has_looked = part->is_dead = part->is_cut = false;
    part->size = 0;
    part->head_len = 0;
    part->next = NULL;
    return part;
}

void feedback_part_refuse(struct feedback_part *part, const char *text)
{
    if (!part->is_dead && !part->is_quiet)
        feedback_note(part->set, FEEDBACK_NOTE_REFUSED, part->place, text);
    part->is_dead = true;
}

void feedback_part_leave(struct feedback_part *part, const char *text)
{
    if (!part->is_dead && !part->is_quiet)
        feedback_note(part->set, FEEDBACK_NOTE_FOREIGN, part->place, text);
    part->is_dead = true;
}

struct span feedback_without_mark(struct span bytes)
{
    return span_from(bytes, span_starts_with(bytes, "\xEF\xBB\xBF") ? 3 : 0);
}

bool feedback_part_is_large(struct feedback_part *part, uint64_t size, int most,
                            const char *what)
{
    if (size > (uint64_t)most)
        feedback_part_refuse(part,
                             arena_printf(part->set->arena,
                                          "is larger than %d MB, the most that is read of %s",
                                          most / 1000 / 1000, what));
    return part->is_dead;
}

bool feedback_part_is_bomb(struct feedback_part *part, uint64_t out, uint64_t all,
                           uint64_t packed)
{
    struct arena *arena = part->set->arena;

    if (out > LIMIT_FEEDBACK_BYTES)
        feedback_part_refuse(
            part,
            arena_printf(arena, "unpacks to more than %d MB, the most that is read of a report",
                         LIMIT_FEEDBACK_BYTES / 1000 / 1000));
    else if (all > LIMIT_FEEDBACK_RATIO_FROM && all / LIMIT_FEEDBACK_RATIO > packed)
        feedback_part_refuse(
            part,
            arena_printf(arena, "unpacks to more than %d times its size, as no report does",
                         LIMIT_FEEDBACK_RATIO));
    return part->is_dead;
}

/* part_look - find out what it is, and pass on the head */
static void part_look(struct feedback_part *part)
{
    struct span head = span_make(part->head, part->head_len);

    part->has_looked = true;
    for (size_t i = 0; i < READERS && part->reader == NULL; i++)
        if ((readers[i] != &feedback_mail || !part->is_quiet) && readers[i]->is_it(head))
            part->reader = readers[i];
    if (part->reader == NULL) {
        if (!part->is_attachment || part->is_typed)
            feedback_note(part->set, FEEDBACK_NOTE_FOREIGN, part->place,
                          span_trim(feedback_without_mark(head)).len > 0
                              ? "is neither a report nor a message"
                              : "is empty");
        part->is_dead = true;
        return;
    }
    part->reader->open(part);
    if (!part->is_dead)
        part->reader->feed(part, head);
}

void feedback_part_feed(struct feedback_part *part, struct span bytes)
{
    if (bytes.len == 0)
        return;
    part->size += bytes.len;
    if (!part->has_looked) {
        size_t room = sizeof(part->head) - part->head_len;
        struct span first = span_sub(bytes, 0, room);

        memcpy(part->head + part->head_len, first.at, first.len);
        part->head_len += first.len;
        if (part->head_len < sizeof(part->head))
            return;
        part_look(part);
        bytes = span_from(bytes, first.len);
    }
    if (!part->is_dead && bytes.len > 0)
        part->reader->feed(part, bytes);
}

void feedback_part_end(struct feedback_part *part)
{
    struct feedback_reading *reading = part->set->reading;

    if (!part->has_looked && !part->is_cut)
        part_look(part);
    if (part->reader != NULL)
        part->reader->end(part);
    part->next = reading->free_parts;
    reading->free_parts = part;
}

bool feedback_is_likely(struct span head)
{
    for (size_t i = 0; i < READERS; i++)
        if (readers[i] != &feedback_mail && readers[i]->is_it(head))
            return true;
    return false;
}
