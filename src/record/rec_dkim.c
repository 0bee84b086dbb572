/* What signatures and keys have in common. */
#include "base/escape.h"
#include "record/rec_dkim_private.h"
#include "record/rec_tags.h"

#define SHOWN_MAX 60

struct rec_dkim_reader rec_dkim_start(struct arena *arena, struct span text,
                                      struct rec_tags *tags, struct fault **faults)
{
    rec_tags_parse(arena, text, tags);
    *faults = tags->faults;
    tags->faults = NULL; /* they are in the list of the record now */
    for (struct fault *fault = *faults; fault != NULL; fault = fault->next)
        fault->kind = REC_DKIM_FAULT_TAGS;
    return (struct rec_dkim_reader){arena, tags, faults};
}

void rec_dkim_fault(const struct rec_dkim_reader *reader, enum rec_dkim_fault kind,
                    const struct rec_tag *tag, const char *sentence)
{
    struct fault fault = {.kind = (int)kind, .is_fatal = true, .text = sentence};

    if (tag != NULL) {
        fault.at = tag->at;
        fault.part = tag->value;
    }
    fault_add(reader->arena, reader->faults, fault);
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
