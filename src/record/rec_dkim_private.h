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
#include "record/rec_dkim.h"
#include "record/rec_tags.h"

/* a fatal fault at `tag`, or about the whole text when it is NULL; the caller sets its text */
struct fault *rec_dkim_fault_add(struct arena *arena, struct fault **faults,
                                 enum rec_dkim_fault kind, const struct rec_tag *tag);

/* each fault of the tag list once more, as REC_DKIM_FAULT_TAGS */
void rec_dkim_fault_tags(struct arena *arena, struct fault **faults,
                         const struct rec_tags *tags);

/* is `word` one of the colon-separated words of the value */
bool rec_dkim_list_has(struct span value, const char *word);

/* what people see of a value */
const char *rec_dkim_shown(struct arena *arena, struct span value);

#endif
