/*
 * NAME
 *     fuzz - what every fuzz target shares
 * DESCRIPTION
 *     A target defines FUZZ(arena, bytes) { ... }: one run over foreign
 *     bytes in an arena of its own. Built with clang's libFuzzer by
 *     ./dev fuzz; built without it, the program runs each file named on its
 *     command line once, which is how the corpus is part of the tests.
 */
#ifndef FUZZ_H
#define FUZZ_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/file.h"
#include "base/limits.h"

static void fuzz_one(struct arena *arena, struct span bytes);
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct arena *arena = arena_open();

    fuzz_one(arena, arena_span(arena, span_make((const char *)bytes, size)));
    arena_close(arena);
    return 0;
}

#ifndef FUZZ_LIBFUZZER
int main(int argc, char **argv)
{
    for (int i = 1; i < argc; i++) {
        struct arena *arena = arena_open();
        struct span bytes = {0};
        struct err why = {0};

        if (!file_load(arena, argv[i], LIMIT_STDIN_BYTES, &bytes, &why)) {
            fprintf(stderr, "%s\n", why.text);
            return 1;
        }
        LLVMFuzzerTestOneInput((const uint8_t *)bytes.at, bytes.len);
        arena_close(arena);
    }
    printf("%d files\n", argc - 1);
    return argc > 1 ? 0 : 77;
}
#endif

#define FUZZ(arena, bytes) static void fuzz_one(struct arena *arena, struct span bytes)

#endif
