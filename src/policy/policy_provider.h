/*
 * NAME
 *     policy_provider - the providers that are built in, and a user's own
 * DESCRIPTION
 *     policies/providers.yaml is turned into a table when the program is built,
 *     by the code that reads a user's file at run time: a mistake in it stops the
 *     build with file and line, and a run does not have to read it. A user's own
 *     file has the same form; its entries come before those that are built in, and
 *     replace providers of the same name.
 * OWNERSHIP
 *     The table is static; a set that was read lives in the arena.
 * ERRORS
 *     Return NULL and fill `why`, "FILE:LINE: sentence" for every mistake.
 */
#ifndef POLICY_PROVIDER_H
#define POLICY_PROVIDER_H

#include "base/arena.h"
#include "base/err.h"
#include "base/span.h"
#include "model/provider.h"

/* policies/providers.yaml, in the order of the file; `policy_providers_as_of` is its date */
extern const struct provider_set policy_providers;
extern const char policy_providers_as_of[];

struct policy_provider_file {
    struct provider_set set;
    const char *as_of;
};

/* `path` is for messages */
const struct policy_provider_file *policy_providers_parse(struct arena *arena, const char *path,
                                                          struct span text, struct err *why);

/* the file over `base` */
const struct provider_set *policy_providers_load(struct arena *arena, const char *path,
                                                 const struct provider_set *base,
                                                 struct err *why);

#endif
