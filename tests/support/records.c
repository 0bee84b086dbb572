/* One arena at a time, whether of a test or of a program. */
#include "records.h"

struct arena *records_arena;

int records_setup(void **state)
{
    records_arena = arena_open();
    *state = records_arena;
    return 0;
}

int records_teardown(void **state)
{
    arena_close(*state);
    records_arena = NULL;
    return 0;
}

void records_assert_span(struct span got, const char *want)
{
    if (!span_equal_text(got, want))
        fail_msg("got \"%.*s\", want \"%s\"", SPAN_ARG(got), want);
}
