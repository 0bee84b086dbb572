/* What differs in meaning, noted, and the terms of SPF records that are compared. */
#include <string.h>
#include "base/escape.h"
#include "base/limits.h"
#include "base/table.h"
#include "remedy/remedy_private.h"

void remedy_meaning_note(struct remedy_meaning *meaning, const char *kind, const char *text)
{
    bool is_new = false;

    table_slot(meaning->noted, span_of(text), &is_new);
    if (is_new)
        arena_append(meaning->arena, *meaning->effects, *meaning->count,
                     ((struct remedy_effect){kind, text}));
}

const char *remedy_name_text(struct arena *arena, const struct dns_name *name)
{
    return escape_to_text(arena, span_of(name->text), LIMIT_SHOWN_BYTES);
}

struct table *remedy_terms_of(struct arena *arena, const struct rec_spf *record)
{
    struct table *terms = table_open(arena);
    bool is_new = false;

    for (size_t i = 0; record != NULL && i < record->term_count; i++)
        table_slot(terms, arena_lower(arena, record->terms[i].text), &is_new);
    return terms;
}

bool remedy_has_term(struct arena *arena, const struct table *terms, struct span term)
{
    return table_has(terms, arena_lower(arena, term));
}
