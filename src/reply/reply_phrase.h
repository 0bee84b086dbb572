/*
 * NAME
 *     reply_phrase - what servers write, as data
 * DESCRIPTION
 *     The tables of policies/replies.yaml, written as C when the program is built. A
 *     pattern is literal text in lower case, blanks collapsed, with
 *       *       anything, at most LIMIT_PHRASE_GAP octets
 *       {ip}    one word, kept as a fact; brackets around it are skipped. Also
 *               {domain}, {address}, {helo}, {list}, {selector}
 *     It begins and ends at the edge of a word. A mark, like "TSS04", is compared with its
 *     case.
 *
 *     Phrases go by length: the longest that is in a reply is its meaning. Words are weak:
 *     they count only where no phrase and no mark does, and the first of the file wins.
 * OWNERSHIP
 *     Static.
 * ERRORS
 *     None.
 */
#ifndef REPLY_PHRASE_H
#define REPLY_PHRASE_H

#include "base/arena.h"
#include "base/span.h"
#include "model/reply_cause.h"
#include "model/reply_phrase.h"

/* of policies/replies.yaml, in its order */
extern const struct reply_phrase reply_phrases[];
extern const size_t reply_phrase_count;
extern const struct reply_speaker reply_speakers[];
extern const size_t reply_speaker_count;
extern const char reply_phrases_as_of[];

/* what a pattern found: octets of the text for each fact; empty ones were not named */
struct reply_match {
    size_t at;
    size_t len;
    size_t weight; /* octets of the pattern that are literal */
    struct span facts[REPLY_FACTS];
};

/* the literal text before the next "*" or "{" of the pattern, and off it */
struct span reply_phrase_cut(struct span *pattern);

/* the first place where the pattern is in the text, which is lower case for anything but
 * marks, with single blanks */
bool reply_phrase_find(const char *pattern, struct span text, struct reply_match *match_out);

#endif
