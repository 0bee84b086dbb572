/*
 * NAME
 *     arena - memory that is freed all at once
 * DESCRIPTION
 *     One arena per subject. Allocation is zeroed, aligned for any type and
 *     never fails: inputs are bounded first (base/limits.h), and where the
 *     machine has no memory left, the process ends with a message, or only the
 *     work that arena_try() began.
 * OWNERSHIP
 *     What an arena returns lives until arena_close() or arena_reset().
 * ERRORS
 *     None.
 * BUGS
 *     Built with ARENA_MALLOC each allocation is its own malloc, so that the
 *     address sanitizer sees overruns.
 */
#ifndef ARENA_H
#define ARENA_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/span.h"

struct arena;

struct arena *arena_open(void);
void arena_close(struct arena *arena);        /* accepts NULL */
void arena_reset(struct arena *arena);        /* forget all, keep the first block */
size_t arena_size(const struct arena *arena); /* bytes that it holds, used or not */

/* do the work, which may take `max` bytes of the arena; false: it needed more, or more than the
 * machine has, and was left. What else it had opened is still open. */
bool arena_try(struct arena *arena, size_t max, void (*work)(void *ctx), void *ctx);

/* malloc(3) and free(3) for a library that takes an allocator; they end as above. Between
 * arena_lend(arena) and arena_lend() of what that returned, at first NULL, the library's memory
 * is the arena's and freeing does nothing: what it takes meanwhile must not be used later. */
void *arena_outside(size_t size);
void arena_outside_free(void *memory);
struct arena *arena_lend(struct arena *arena);

/* have malloc(3) keep a few megabytes that are free: what one library gives back the next one
 * wants, and each way to the system and back costs as much as using the memory. Where malloc(3)
 * has no such setting nothing happens. */
void arena_outside_keep(void);

void *arena_alloc(struct arena *arena, size_t size);
char *arena_strdup(struct arena *arena, const char *text);       /* NULL gives NULL */
char *arena_strdup_span(struct arena *arena, struct span bytes); /* NUL added */
struct span arena_span(struct arena *arena, struct span bytes);
/* a copy in lower case, ASCII letters alone */
struct span arena_lower(struct arena *arena, struct span bytes);
char *arena_printf(struct arena *arena, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
char *arena_vprintf(struct arena *arena, const char *format, va_list args)
    __attribute__((format(printf, 2, 0)));

/* make the last allocation larger where it is; false: it is not the last, or has no room */
bool arena_extend(struct arena *arena, const void *bytes, size_t size, size_t larger);

/* grow an array: returns memory for `count` + 1 elements holding the old ones; amortised,
 * the capacity is the next power of two */
void *arena_grow(struct arena *arena, void *old, size_t count, size_t size);

#define arena_new_of(arena, type) ((type *)arena_alloc((arena), sizeof(type)))
#define arena_array_of(arena, type, count) \
    ((type *)arena_alloc((arena), sizeof(type) * (count)))

/* append `value` to `array` of `count` elements; both are lvalues */
#define arena_append(arena, array, count, value)                           \
    do {                                                                   \
        (array) = arena_grow((arena), (array), (count), sizeof(*(array))); \
        (array)[(count)++] = (value);                                      \
    } while (0)

#endif
