/*
 * NAME
 *     policy_reply - policies/replies.yaml as structures
 * DESCRIPTION
 *     Private to policy/. What servers write when they refuse: sources with the day they were
 *     read, receivers and how to recognise them, phrases with their cause.
 *     policy_reply_parse() collects every mistake with its line: unknown keys and causes, a
 *     source that is not listed, a phrase that is not in lower case or is there twice.
 * OWNERSHIP
 *     In the arena.
 * ERRORS
 *     policy_reply_parse() returns NULL and fills `why`.
 */
#ifndef POLICY_REPLY_H
#define POLICY_REPLY_H

#include "base/arena.h"
#include "base/err.h"
#include "base/span.h"
#include "model/reply_phrase.h"

struct policy_reply_file {
    const char *as_of;
    struct reply_source *sources;
    size_t source_count;
    struct reply_speaker *speakers;
    size_t speaker_count;
    struct reply_phrase *phrases;
    size_t phrase_count;
};

/* `path` is for messages */
const struct policy_reply_file *policy_reply_parse(struct arena *arena, const char *path,
                                                   struct span text, struct err *why);

#endif
