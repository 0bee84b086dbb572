/*
 * NAME
 *     app_world - one of the two worlds that gate and diff compare
 * DESCRIPTION
 *     A world is what the user named (zone files, folders of them, snapshots,
 *     sources as "live") in front of the zones around it. A folder stands
 *     for every zone file in it and below it, recognised by its content or by
 *     its name; a file that only others include does not count. Files are read once;
 *     app_world_use() makes an app whose pipelines answer from the world.
 * OWNERSHIP
 *     In the arena of the app; app_world_close() gives the sources back.
 * ERRORS
 *     False and `why`: a folder without zones, two files of one zone, a link
 *     that leads out of the folder, mistakes in zones (all that fit, with their
 *     lines).
 */
#ifndef APP_WORLD_H
#define APP_WORLD_H

#include "app/app_options.h"
#include "app/app_run.h"
#include "base/arena.h"
#include "base/err.h"
#include "source/source.h"

struct app_world {
    struct app_list given; /* as the user named them */
    struct app_list specs; /* what they stand for, then the zones around */
    size_t own;            /* of the specs: how many are of the world itself */
    struct source **held;  /* by spec; NULL: is opened for each subject */
    struct app_list trees; /* folders that the user named */
    bool has_live;
};

struct app_world_request {
    struct app_list given;  /* what the world is */
    struct app_list beside; /* who answers for the rest */
};

bool app_world_open(struct app *app, const struct app_world_request *request,
                    struct app_world *world_out, struct err *why);

/* a copy of the app, in this arena, whose pipelines answer from the world */
struct app app_world_use(const struct app *app, const struct app_world *world,
                         struct arena *arena);

/* what the world's own files hold, one after the other; NULL: index is beyond the last */
const struct source_world *app_world_file(const struct app_world *world, size_t index);

void app_world_close(struct app_world *world);

#endif
