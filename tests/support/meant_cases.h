/*
 * NAME
 *     meant_cases - records as people break them, each with what it meant
 * DESCRIPTION
 *     "|" parts the strings of a record.
 * OWNERSHIP
 *     What is read lives in the arena.
 * ERRORS
 *     A case that does not hold ends the test.
 */
#ifndef TEST_MEANT_CASES_H
#define TEST_MEANT_CASES_H

#include "record/rec_meant.h"
#include "unit.h"

#define MEANT_STRINGS 8

struct meant_case {
    const char *written;
    const char *meant; /* NULL: there is no reading */
};

typedef const struct rec_meant *meant_read_fn(struct arena *arena, const struct span *strings,
                                              size_t count);

/* the reading of a text */
static inline const struct rec_meant *meant_read(struct arena *arena, meant_read_fn *read,
                                                 const char *text)
{
    struct span strings[MEANT_STRINGS];
    struct span rest = span_of(text);
    size_t count = 0;

    while (rest.at != NULL && count < MEANT_STRINGS)
        strings[count++] = span_cut(&rest, '|');
    return read(arena, strings, count);
}

/* each is read as it was meant, and what was meant needs no repair */
static inline void meant_assert(struct arena *arena, meant_read_fn *read,
                                const struct meant_case *cases, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const struct rec_meant *meant = meant_read(arena, read, cases[i].written);
        const char *text = meant != NULL ? arena_strdup_span(arena, meant->text) : NULL;

        if ((text == NULL) != (cases[i].meant == NULL) ||
            (text != NULL && strcmp(text, cases[i].meant) != 0))
            fail_msg("\"%s\" was read as \"%s\", not \"%s\"", cases[i].written,
                     text != NULL ? text : "(nothing)",
                     cases[i].meant != NULL ? cases[i].meant : "(nothing)");
        if (cases[i].meant == NULL)
            continue;
        meant = meant_read(arena, read, cases[i].meant);
        assert_non_null(meant);
        if (rec_meant_differs(meant))
            fail_msg("\"%s\" is repaired again: %s", cases[i].meant,
                     rec_meant_explain(arena, meant, 3));
    }
}

#endif
