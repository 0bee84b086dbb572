/*
 * NAME
 *     feedback_word - words and numbers of aggregate reports
 * DESCRIPTION
 *     Private to the room. Words of the standards, and those that reporters
 *     write in their place; case does not matter.
 * ERRORS
 *     Return false where the text is none of them.
 */
#ifndef FEEDBACK_WORD_H
#define FEEDBACK_WORD_H

#include "base/span.h"
#include "feedback/feedback.h"
#include "model/feedback.h"
#include "model/result.h"

bool feedback_word_spf(struct span text, enum spf_result *result_out);
bool feedback_word_dkim(struct span text, enum dkim_result *result_out);
bool feedback_word_disposition(struct span text, enum feedback_disposition *disposition_out);
bool feedback_word_reason(struct span text, unsigned *bit_out);

/* seconds since 1970, up to the year 9999 */
bool feedback_word_time(struct span text, int64_t *seconds_out);

/* a count of messages or sessions */
bool feedback_word_count(struct span text, uint64_t *count_out);

#endif
