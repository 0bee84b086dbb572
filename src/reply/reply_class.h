/*
 * NAME
 *     reply_class - what a refusal means, who has to act, and what to do
 * DESCRIPTION
 *     reply_classify() is a pure function of one reply and three tables: the phrases of
 *     policies/replies.yaml, the codes of reply_code.def, the causes of reply_cause.def.
 *
 *     The most specific match wins: the longest phrase, then the longest mark ("TSS04"), then
 *     a word, then the enhanced code, then the reply code, then their classes. Codes to which
 *     receivers give meanings of their own count where the receiver is known, by its host or
 *     by words that only it writes. Whether to try again is decided by the reply code,
 *     whatever the enhanced code is.
 *
 *     reply_input_read() takes text as people paste it: a reply of one or many lines, "host X
 *     said:", "smtp;", a line of a log, `550-` in the middle, "5xx", a mark alone. It reads
 *     LIMIT_REPLY_BYTES; control characters become blanks.
 * OWNERSHIP
 *     In the arena; texts of tables are static. Facts are untrusted octets: escape
 *     them before they are shown.
 * ERRORS
 *     None: any octets give an answer.
 * STANDARDS
 *     RFC 5321, 4.2; RFC 3463
 * BUGS
 *     Text in other charsets than ASCII and UTF-8 is compared octet by octet.
 */
#ifndef REPLY_CLASS_H
#define REPLY_CLASS_H

#include "base/arena.h"
#include "base/span.h"
#include "model/reply.h"
#include "model/reply_cause.h"
#include "model/reply_class.h"
#include "model/reply_code.h"

void reply_input_read(struct arena *arena, struct span pasted, struct reply_input *input_out);

/* the replies of a text: a line with a code starts another one, unless it continues "550-" */
const struct span *reply_input_split(struct arena *arena, struct span pasted,
                                     size_t *count_out);

/* a reply as it came over the wire */
void reply_input_of(struct arena *arena, const struct reply *reply,
                    struct reply_input *input_out);

struct reply_class *reply_classify(struct arena *arena, const struct reply_input *input);

/* ---- for bounce/ and explain/, too ---- */

/* lower case, also of letters with two octets in UTF-8; same length */
struct span reply_text_fold(struct arena *arena, struct span text);
/* controls and runs of blanks become one blank; bounded */
struct span reply_text_clean(struct arena *arena, struct span text);
/* facts that most receivers write alike: results, an address, a link */
void reply_facts_find(struct span folded, struct span *facts);

#endif
