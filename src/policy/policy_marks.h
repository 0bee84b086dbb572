/*
 * NAME
 *     policy_marks - where in a YAML file things stand
 * DESCRIPTION
 *     libcyaml checks a file against a schema and gives structures, but no
 *     lines. This reads the same text once more with libyaml and remembers
 *     the line of every value of three levels: "name", "when" of the third of
 *     the "rules", and "sources[0].read" of the third of the "providers". What
 *     YAML itself refuses is refused here, with its line.
 * OWNERSHIP
 *     In the arena.
 * ERRORS
 *     policy_marks_read() returns NULL and fills `why` when the text is no YAML.
 */
#ifndef POLICY_MARKS_H
#define POLICY_MARKS_H

#include "base/arena.h"
#include "base/err.h"

struct policy_marks;

struct policy_place {
    const char *list; /* "rules"; NULL: the top level */
    size_t index;     /* in the list */
    const char *key;  /* NULL: the whole entry */
};

struct policy_marks *policy_marks_read(struct arena *arena, const char *path, struct span text,
                                       struct err *why);

/* the line of the value, or of what it should stand in; 1 if that is not there either */
int policy_marks_line(const struct policy_marks *marks, const struct policy_place *place);

/* the first line from `from` on where something has this key; 0: none */
int policy_marks_key(const struct policy_marks *marks, const char *key, int from);

#endif
