/*
 * NAME
 *     rec_dkim_private - what the readers of signatures and keys share
 * DESCRIPTION
 *     Private to the room: noting faults and cutting lists at colons.
 * OWNERSHIP
 *     In the arena.
 * ERRORS
 *     None.
 */
#ifndef REC_DKIM_PRIVATE_H
#define REC_DKIM_PRIVATE_H

#include "base/arena.h"
#include "base/fault.h"
#include "base/span.h"
#include "model/rec_dkim.h"
#include "model/rec_tags.h"

struct rec_dkim_reader {
    struct arena *arena;
    const struct rec_tags *tags;
    struct fault **faults;
};

/* cut the list; its own faults are the first of the record, as REC_DKIM_FAULT_TAGS */
struct rec_dkim_reader rec_dkim_start(struct arena *arena, struct span text,
                                      struct rec_tags *tags, struct fault **faults);

/* a fatal fault at `tag`, or about the whole text when it is NULL */
void rec_dkim_fault(const struct rec_dkim_reader *reader, enum rec_dkim_fault kind,
                    const struct rec_tag *tag, const char *sentence);

/* is `word` one of the colon-separated words of the value */
bool rec_dkim_list_has(struct span value, const char *word);

/* what people see of a value */
const char *rec_dkim_shown(struct arena *arena, struct span value);

#endif
