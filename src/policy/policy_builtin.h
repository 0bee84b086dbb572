/*
 * NAME
 *     policy_builtin - the files of policies/, as the build put them in
 * DESCRIPTION
 *     Private to policy_builtin.c and the file that embed.cmake writes.
 * OWNERSHIP
 *     Static.
 * ERRORS
 *     None.
 */
#ifndef POLICY_BUILTIN_H
#define POLICY_BUILTIN_H

#include <stddef.h>

struct policy_builtin {
    const char *name; /* "gmail" */
    const unsigned char *bytes;
    size_t len;
};

/* in the order of their names */
extern const struct policy_builtin policy_builtins[];
extern const size_t policy_builtins_count;

/* policies/DEFAULT: names, one a line */
extern const unsigned char policy_defaults[];
extern const size_t policy_defaults_len;

#endif
