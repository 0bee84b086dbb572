/* The notes of a step. */
#include "model/session.h"

#include "base/arena.h"

void session_note_add(struct arena *arena, struct session_note **list, enum session_tone tone,
                      const char *text)
{
    while (*list != NULL)
        list = &(*list)->next;
    *list = arena_new_of(arena, struct session_note);
    (*list)->tone = tone;
    (*list)->text = text;
}

void session_note(struct arena *arena, struct session_step *step, enum session_tone tone,
                  const char *text)
{
    session_note_add(arena, &step->notes, tone, text);
}

void session_notef(struct arena *arena, struct session_step *step, enum session_tone tone,
                   const char *format, ...)
{
    va_list args;

    va_start(args, format);
    session_note(arena, step, tone, arena_vprintf(arena, format, args));
    va_end(args);
}
