/*
 * Blocks in a list, the newest first; an allocation bumps a pointer. Blocks
 * double up to BLOCK_MAX so that small subjects stay small.
 */
#include <malloc.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/must.h"

#define BLOCK_FIRST     16384
#define BLOCK_MAX       1048576
#define HEAP_STEP       262144 /* bytes that the heap grows by */
#define ZERO_STEP       1024   /* bytes that are zeroed at once: most allocations are small */
#define FORMATTED_FIRST 256    /* longer text is formatted twice */
#define ALIGNMENT       (_Alignof(max_align_t))

struct block {
    struct block *older;
    size_t size;
    size_t used;
    size_t zeroed; /* up to here; at least what is used */
    max_align_t bytes[];
};

struct arena {
    struct block *newest;
    size_t size;   /* of all blocks */
    bool is_tried; /* arena_try() works with it */
    size_t left;   /* bytes that its work may take */
};

static jmp_buf *way_out;   /* of arena_try(); NULL: none */
static struct arena *lent; /* by arena_lend(); NULL: none */

/* end_of_memory - leave the work, or the process */
static _Noreturn void end_of_memory(size_t size)
{
    if (way_out != NULL)
        longjmp(*way_out, 1);
    fprintf(stderr, "mailassay: out of memory (%zu bytes wanted)\n", size);
    exit(70); /* EX_SOFTWARE */
}

/* outside_alloc - malloc(3) that does not fail */
static void *outside_alloc(size_t size)
{
    void *memory = malloc(size);

    if (memory == NULL && size > 0)
        end_of_memory(size);
    return memory;
}

void *arena_outside(size_t size)
{
    return lent != NULL ? arena_alloc(lent, size) : outside_alloc(size);
}

void arena_outside_free(void *memory)
{
    if (lent == NULL)
        free(memory);
}

void arena_outside_keep(void)
{
#ifdef M_TRIM_THRESHOLD
    (void)mallopt(M_MMAP_THRESHOLD, 2 * BLOCK_MAX);
    (void)mallopt(M_TRIM_THRESHOLD, 4 * BLOCK_MAX);
    (void)mallopt(M_TOP_PAD, HEAP_STEP);
#endif
}

struct arena *arena_lend(struct arena *arena)
{
    struct arena *before = lent;

    lent = arena;
    return before;
}

/* block_open - one more block, for `size` bytes; zero, if one allocation takes it all: what the
 * system has zeroed is then never touched before it is used */
static void block_open(struct arena *arena, size_t size, bool is_zero)
{
    struct block *block = NULL;

    if (arena->is_tried && size > arena->left)
        end_of_memory(size);
    block = is_zero ? calloc(1, sizeof(*block) + size) : malloc(sizeof(*block) + size);
    if (block == NULL)
        end_of_memory(sizeof(*block) + size);
    if (arena->is_tried)
        arena->left -= size;
    block->older = arena->newest;
    block->size = size;
    block->used = 0;
    block->zeroed = is_zero ? size : 0;
    arena->newest = block;
    arena->size += size;
}

struct arena *arena_open(void)
{
    struct arena *arena = outside_alloc(sizeof(*arena));

    *arena = (struct arena){.newest = NULL};
    block_open(arena, BLOCK_FIRST, false);
    return arena;
}

bool arena_try(struct arena *arena, size_t max, void (*work)(void *ctx), void *ctx)
{
    jmp_buf here;
    bool is_left = false;

    must(way_out == NULL);
    arena->left = max;
    arena->is_tried = true;
    if (setjmp(here) == 0) {
        way_out = &here;
        work(ctx);
    } else {
        is_left = true;
    }
    way_out = NULL;
    lent = NULL;
    arena->is_tried = false;
    return !is_left;
}

/* close_until - free the blocks newer than `keep` */
static void close_until(struct arena *arena, const struct block *keep)
{
    while (arena->newest != keep) {
        struct block *older = arena->newest->older;

        arena->size -= arena->newest->size;
        free(arena->newest);
        arena->newest = older;
    }
}

void arena_close(struct arena *arena)
{
    if (arena == NULL)
        return;
    close_until(arena, NULL);
    free(arena);
}

void arena_reset(struct arena *arena)
{
    struct block *first = arena->newest;

    while (first->older != NULL)
        first = first->older;
    close_until(arena, first);
    first->used = first->zeroed = 0;
}

size_t arena_size(const struct arena *arena)
{
    return arena->size;
}

/* next_size - how large the next block is */
static size_t next_size(const struct arena *arena, size_t size)
{
#ifdef ARENA_MALLOC
    (void)arena;
    return size;
#else
    size_t doubled = arena->newest->size < BLOCK_MAX ? arena->newest->size * 2 : BLOCK_MAX;

    return size > doubled ? size : doubled;
#endif
}

/* has_room - for an allocation, in the newest block */
static bool has_room(const struct arena *arena, size_t size)
{
#ifdef ARENA_MALLOC
    (void)arena;
    (void)size;
    return false;
#else
    return arena->newest->size - arena->newest->used >= size;
#endif
}

/* arena_rounded - what an allocation of the size takes */
static size_t arena_rounded(size_t size)
{
    must(size < SIZE_MAX / 4);
#ifndef ARENA_MALLOC
    size = (size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
#endif
    return size;
}

/* take_bytes - from the newest block, which has room; they are zero */
static void *take_bytes(struct block *block, size_t size)
{
    char *bytes = (char *)block->bytes + block->used;

    block->used += size;
    if (block->used > block->zeroed) {
        size_t end =
            block->used + ZERO_STEP < block->size ? block->used + ZERO_STEP : block->size;

        memset((char *)block->bytes + block->zeroed, 0, end - block->zeroed);
        block->zeroed = end;
    }
    return bytes;
}

void *arena_alloc(struct arena *arena, size_t size)
{
    size = arena_rounded(size);
    if (!has_room(arena, size)) {
        size_t next = next_size(arena, size);

        block_open(arena, next, next == size);
    }
    return take_bytes(arena->newest, size);
}

bool arena_extend(struct arena *arena, const void *bytes, size_t size, size_t larger)
{
    struct block *block = arena->newest;
    const char *end = (const char *)block->bytes + block->used;
    size_t more = arena_rounded(larger) - arena_rounded(size);

    if (bytes == NULL || (const char *)bytes + arena_rounded(size) != end ||
        !has_room(arena, more))
        return false;
    take_bytes(block, more);
    return true;
}

char *arena_strdup(struct arena *arena, const char *text)
{
    return text == NULL ? NULL : arena_strdup_span(arena, span_of(text));
}

char *arena_strdup_span(struct arena *arena, struct span bytes)
{
    char *copy = arena_alloc(arena, bytes.len + 1);

    if (bytes.len > 0)
        memcpy(copy, bytes.at, bytes.len);
    return copy;
}

struct span arena_span(struct arena *arena, struct span bytes)
{
    return span_make(arena_strdup_span(arena, bytes), bytes.len);
}

struct span arena_lower(struct arena *arena, struct span bytes)
{
    char *lower = arena_strdup_span(arena, bytes);

    for (size_t i = 0; i < bytes.len; i++)
        lower[i] = ascii_to_lower(bytes.at[i]);
    return span_make(lower, bytes.len);
}

/* format_length - of what a format makes that has nothing but text and "%s"; false: it has
 * more. Most have not, and vsnprintf() takes five times as long. */
static bool format_length(const char *format, va_list args, size_t *len_out)
{
    const char *mark = strchrnul(format, '%');

    *len_out = (size_t)(mark - format);
    while (*mark != '\0') {
        const char *text = mark[1] == 's' ? va_arg(args, const char *) : NULL;

        if (text == NULL)
            return false;
        format = mark + 2;
        mark = strchrnul(format, '%');
        *len_out += strlen(text) + (size_t)(mark - format);
    }
    return true;
}

/* format_join - such a text, of `len` octets */
static char *format_join(struct arena *arena, const char *format, va_list args, size_t len)
{
    char *joined = arena_alloc(arena, len + 1);
    const char *mark = strchrnul(format, '%');
    char *end = mempcpy(joined, format, (size_t)(mark - format));

    while (*mark != '\0') {
        end = stpcpy(end, va_arg(args, const char *));
        format = mark + 2;
        mark = strchrnul(format, '%');
        end = mempcpy(end, format, (size_t)(mark - format));
    }
    return joined;
}

char *arena_vprintf(struct arena *arena, const char *format, va_list args)
{
    char first[FORMATTED_FIRST];
    va_list again;
    int len = 0;
    size_t plain = 0;
    bool is_plain = false;
    char *text = NULL;

    va_copy(again, args);
    is_plain = format_length(format, again, &plain);
    va_end(again);
    if (is_plain)
        return format_join(arena, format, args, plain);
    va_copy(again, args);
    len = vsnprintf(first, sizeof(first), format, again);
    va_end(again);
    must(len >= 0);
    text = arena_alloc(arena, (size_t)len + 1);
    if ((size_t)len < sizeof(first))
        memcpy(text, first, (size_t)len);
    else
        vsnprintf(text, (size_t)len + 1, format, args);
    return text;
}

char *arena_printf(struct arena *arena, const char *format, ...)
{
    va_list args;
    char *text = NULL;

    va_start(args, format);
    text = arena_vprintf(arena, format, args);
    va_end(args);
    return text;
}

void *arena_grow(struct arena *arena, void *old, size_t count, size_t size)
{
    void *grown = NULL;

    if (count != 0 && ((count & (count - 1)) != 0 || /* between powers of two there is room */
                       arena_extend(arena, old, size * count, size * count * 2)))
        return old;
    grown = arena_alloc(arena, size * (count == 0 ? 1 : count * 2));
    if (count > 0)
        memcpy(grown, old, size * count);
    return grown;
}
