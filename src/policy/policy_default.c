/* Which policies are asked where the user names none: the lines of policies/DEFAULT. */
#include "base/arena.h"
#include "base/span.h"
#include "policy/policy.h"
#include "policy/policy_builtin.h"

/* default_at - a line of policies/DEFAULT; empty past the last */
static struct span default_at(size_t index)
{
    struct span rest = span_of(policy_defaults);
    struct span line = span_cut(&rest, '\n');

    while (index-- > 0)
        line = span_cut(&rest, '\n');
    return line;
}

const char *policy_default_name(struct arena *arena, size_t index)
{
    struct span name = default_at(index);

    return name.len > 0 ? arena_strdup_span(arena, name) : NULL;
}

bool policy_is_default(const char *name)
{
    struct span line = {NULL, 0};

    for (size_t i = 0; (line = default_at(i)).len > 0; i++)
        if (span_equal_text(line, name))
            return true;
    return false;
}
