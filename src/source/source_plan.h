/*
 * NAME
 *     source_plan - what a file of DNS as code answers
 * DESCRIPTION
 *     "plan:FILE[@ZONE]". Zones of a closed world are zones as those of zone files. In an open
 *     one the source speaks for the sets that the plan changes only; a set of which it changes
 *     a part is queried below, and that answer amended. The world is stated by
 *     source_world_of().
 *
 *     Several answers that the service chooses from (Route 53: set_identifier) stand for
 *     themselves if they are equal; where they differ what is answered is not determined.
 * OWNERSHIP
 *     In the arena of the source.
 * ERRORS
 *     As source_open().
 */
#ifndef SOURCE_PLAN_H
#define SOURCE_PLAN_H

#include "source/source.h"

/* the file behind zone:FILE or plan:FILE is of DNS as code, by its content */
bool source_is_plan(const char *path);

/* which of several answers is given from now on (see source_world.variants), also by sources
 * that are opened again; NULL: none, so that answers which differ are unknown */
void source_plan_choose(struct source *source, const char *variant);

#endif
