/* The other judge: what a remedy publishes is read by the libraries too. */
#include "model/record_reading.h"
#include "remedy/remedy_private.h"

/* read_condition - what has to be put up with, after whatever else has to be known */
static const char *read_condition(struct arena *arena, const struct remedy *remedy,
                                  const struct record_reading *reading)
{
    const char *what = arena_printf(arena, "%s reads the record otherwise: %s",
                                    reading->library, reading->text);

    return remedy->condition != NULL
               ? arena_printf(arena, "%s (%s)", remedy->condition, what)
               : arena_printf(arena, "if receivers that use it do not matter: %s", what);
}

void remedy_read(struct arena *arena, struct remedy *remedy)
{
    struct remedy_proof *proof = &remedy->proof;
    struct record_reader *reader = proof->facts_after->reader;

    for (const struct remedy_edit *edit = remedy->edits; reader != NULL && edit != NULL;
         edit = edit->next) {
        const struct record_reading *reading =
            edit->action != REMEDY_REMOVE
                ? reader->read(reader, arena, proof->facts_after, edit->rr)
                : NULL;

        if (reading == NULL)
            continue;
        arena_append(arena, proof->readings, proof->reading_count, reading);
        if (!reading->agrees)
            remedy->condition = read_condition(arena, remedy, reading);
    }
}
