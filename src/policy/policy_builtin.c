/* What is built in, by name. A file is read only when it is asked for. */
#include <string.h>

#include "policy/policy_builtin.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/escape.h"
#include "base/limits.h"
#include "base/sbuf.h"
#include "base/span.h"
#include "model/policy.h"
#include "policy/policy.h"
#include "policy/policy_yaml.h"

size_t policy_builtin_count(void)
{
    return policy_builtins_count;
}

const char *policy_builtin_name(size_t index)
{
    return policy_builtins[index].name;
}

/* builtin_names - all of them, for who asked for another */
static const char *builtin_names(struct arena *arena)
{
    struct sbuf list = sbuf_start(arena);

    for (size_t i = 0; i < policy_builtins_count; i++)
        sbuf_add_item(&list, ", ", policy_builtins[i].name);
    return sbuf_text(&list);
}

const struct policy *policy_open(struct arena *arena, const char *name, struct err *why)
{
    if (strchr(name, '/') != NULL || span_ends_with_nocase(span_of(name), ".yaml") ||
        span_ends_with_nocase(span_of(name), ".yml"))
        return policy_load(arena, name, why);
    for (size_t i = 0; i < policy_builtins_count; i++) {
        const struct policy_builtin *builtin = &policy_builtins[i];

        if (strcmp(builtin->name, name) == 0) {
            struct policy_file file =
                policy_file_start(arena, arena_printf(arena, "policies/%s.yaml", name));

            file.lines = builtin->lines;
            file.line_count = builtin->line_count;
            return policy_make(&file, &builtin->written, why);
        }
    }
    err_set_kind(why, ERR_USAGE, "no policy \"%s\"; there are %s, and files: ./NAME.yaml",
                 escape_to_text(arena, span_of(name), LIMIT_SHOWN_BYTES), builtin_names(arena));
    return NULL;
}
