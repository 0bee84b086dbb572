/* What signatures and keys have in common. */
#include "base/escape.h"
#include "record/rec_dkim_private.h"

#define SHOWN_MAX 60

struct fault *rec_dkim_fault_add(struct arena *arena, struct fault **faults,
                                 enum rec_dkim_fault kind, const struct rec_tag *tag)
{
    struct fault *fault = rec_fault_add(arena, faults, (int)kind, tag == NULL ? 0 : tag->at);

    fault->is_fatal = true;
    if (tag != NULL)
        fault->part = tag->value;
    return fault;
}

void rec_dkim_fault_tags(struct arena *arena, struct fault **faults,
                         const struct rec_tags *tags)
{
    for (const struct fault *fault = tags->faults; fault != NULL; fault = fault->next) {
        struct fault *copy = rec_fault_add(arena, faults, (int)REC_DKIM_FAULT_TAGS, fault->at);

        copy->is_fatal = fault->is_fatal;
        copy->part = fault->part;
        copy->text = fault->text;
    }
}

bool rec_dkim_list_has(struct span value, const char *word)
{
    while (value.at != NULL)
        if (span_equal_text(span_trim(span_cut(&value, ':')), word))
            return true;
    return false;
}

const char *rec_dkim_shown(struct arena *arena, struct span value)
{
    return escape_header(arena, value, SHOWN_MAX);
}

const char *rec_dkim_canon_to_text(enum rec_dkim_canon header, enum rec_dkim_canon body)
{
    static const char *const texts[2][2] = {
        [REC_DKIM_SIMPLE] = {"simple/simple", "simple/relaxed"},
        [REC_DKIM_RELAXED] = {"relaxed/simple", "relaxed/relaxed"},
    };

    return texts[header][body];
}
