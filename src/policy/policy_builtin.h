/*
 * NAME
 *     policy_builtin - the files of policies/, as the build read them
 * DESCRIPTION
 *     Private to policy_builtin.c and the file that embed_policies.c writes. Reading YAML is
 *     the larger part of what a policy costs, so the build does it; what the loader makes of it
 *     is made at run time, as of a user's own file.
 * OWNERSHIP
 *     Static.
 * ERRORS
 *     None.
 */
#ifndef POLICY_BUILTIN_H
#define POLICY_BUILTIN_H

#include "policy/policy_schema.h"

struct policy_builtin {
    const char *name; /* "gmail" */
    struct written_policy written;
    struct policy_line *lines; /* of its rules */
    size_t line_count;
};

/* in the order of their names */
extern const struct policy_builtin policy_builtins[];
extern const size_t policy_builtins_count;

/* policies/DEFAULT: names, one a line */
extern const char policy_defaults[];

#endif
