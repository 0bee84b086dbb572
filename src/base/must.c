/* A false claim about ourselves ends the process with its place. */
#include <stdio.h>
#include <stdlib.h>

#include "base/must.h"

/* must_failed - report the false claim and abort */
noreturn void must_failed(const char *claim, const char *file, int line)
{
    fprintf(stderr, "mailassay: internal error: %s:%d: %s\n", file, line, claim);
    abort();
}
