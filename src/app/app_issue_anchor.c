/*
 * CI marks lines of the proposed files, and only those that the change touches. Both versions
 * of a file are compared line by line, once: files of one zone follow each other.
 */
#include <string.h>

#include "app/app_gate.h"
#include "app/app_issue.h"
#include "app/app_world.h"
#include "base/arena.h"
#include "base/dns_name.h"
#include "base/err.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/line_diff.h"
#include "base/span.h"
#include "model/dns_answer.h"
#include "model/issue.h"
#include "source/source.h"
#include "source/zone.h"

#define OLD APP_GATE_OLD
#define NEW APP_GATE_NEW

/* whether a zone has records of a file */
struct file_search {
    const char *wanted; /* a path, or the last part of one */
    bool is_name;       /* the latter */
    const char *found;
};

/* look_at_record - is it of the file */
static void look_at_record(void *ctx, const struct dns_rr *rr)
{
    struct file_search *search = ctx;

    if (search->found != NULL || rr->file == NULL)
        return;
    if (strcmp(search->is_name ? file_last_part(rr->file) : rr->file, search->wanted) == 0)
        search->found = rr->file;
}

/* file_of_zone - the path of a file of the zone; NULL: it has no such */
static const char *file_of_zone(const struct zone *zone, const char *wanted, bool is_name)
{
    struct file_search search = {.wanted = wanted, .is_name = is_name};

    zone_each_record(zone, look_at_record, &search);
    return search.found;
}

/* zone_pair - a file of a zone, in another version of the zone; NULL: it is not of this zone */
static const char *zone_pair(const struct zone *zone, const char *file,
                             const struct app_world *there)
{
    const struct source_world *other = NULL;

    if (file_of_zone(zone, file, false) == NULL)
        return NULL;
    for (size_t i = 0; (other = app_world_file(there, i)) != NULL; i++)
        for (size_t j = 0; j < other->zone_count; j++) {
            const char *found = NULL;

            if (!dns_name_equal(zone_apex(zone), zone_apex(other->zones[j])))
                continue;
            found = file_of_zone(other->zones[j], file_last_part(file), true);
            return found != NULL ? found : other->file;
        }
    return NULL;
}

/* other_version - of a file of one world, in the other; NULL: that world has none */
static const char *other_version(const struct app_gate *gate, size_t from, const char *file)
{
    const struct source_world *here = NULL;
    const char *found = NULL;

    for (size_t i = 0; (here = app_world_file(&gate->worlds[from], i)) != NULL; i++)
        for (size_t j = 0; j < here->zone_count && found == NULL; j++)
            found = zone_pair(here->zones[j], file, &gate->worlds[1 - from]);
    return found;
}

/* anchor_diff - of both versions; NULL: one cannot be read */
static const struct line_diff *anchor_diff(struct app_gate *gate, const char *before,
                                           const char *after)
{
    struct app_gate_diff *diff = &gate->diff;
    struct span bytes[2] = {{0}};
    struct err why = {0};

    if (diff->arena != NULL && strcmp(diff->before, before) == 0 &&
        strcmp(diff->after, after) == 0)
        return diff->lines;
    if (diff->arena == NULL)
        diff->arena = arena_open();
    arena_reset(diff->arena);
    diff->before = arena_strdup(diff->arena, before);
    diff->after = arena_strdup(diff->arena, after);
    diff->lines = NULL;
    if (file_load(diff->arena, before, LIMIT_ZONE_BYTES, &bytes[OLD], &why) &&
        file_load(diff->arena, after, LIMIT_ZONE_BYTES, &bytes[NEW], &why))
        diff->lines = line_diff_make(diff->arena, bytes[OLD], bytes[NEW]);
    return diff->lines;
}

/* anchor_removed - what is in the old file only is marked where it was */
static void anchor_removed(struct app_gate *gate, struct report_issue *issue)
{
    const char *after = other_version(gate, OLD, issue->at.file);
    const struct line_diff *diff =
        after != NULL ? anchor_diff(gate, issue->at.file, after) : NULL;
    size_t line = (size_t)issue->at.line;
    size_t at = 1;

    issue->really = issue->at;
    issue->at = (struct report_issue_place){0};
    if (after == NULL)
        return;
    if (diff != NULL && diff->new_lines > 0 && line <= diff->old_lines) {
        at = diff->new_of[line - 1] + 1;
        if (at > diff->new_lines)
            at = diff->new_lines;
    }
    issue->at = (struct report_issue_place){arena_strdup(gate->app->arena, after), (int)at, 0};
}

/* first_change - the first line of the change; file NULL: no file changes */
static struct report_issue_place first_change(struct app_gate *gate)
{
    struct app_gate_diff *cache = &gate->diff;
    const struct source_world *file = NULL;

    if (cache->has_first)
        return cache->first;
    cache->has_first = true;
    for (size_t i = 0; (file = app_world_file(&gate->worlds[NEW], i)) != NULL; i++) {
        const char *before = NULL;
        const struct line_diff *diff = NULL;
        size_t line = 0;

        if (file->change_count > 0) {
            cache->first =
                (struct report_issue_place){file->changes[0].file, file->changes[0].line, 0};
            break;
        }
        before = other_version(gate, NEW, file->file);
        diff = before != NULL ? anchor_diff(gate, before, file->file) : NULL;
        line = diff != NULL ? line_diff_nearest(diff, 1) : 0;
        if (line > 0) {
            cache->first = (struct report_issue_place){file->file, (int)line, 0};
            break;
        }
    }
    return cache->first;
}

/* anchor_foreign - what is in no file of the change is marked at the change */
static void anchor_foreign(struct app_gate *gate, struct report_issue *issue)
{
    struct report_issue_place first = first_change(gate);

    if (first.file == NULL)
        return;
    issue->really = issue->at;
    issue->at = first;
}

/* anchor_unchanged - what is caused elsewhere is marked at the nearest line that changes */
static void anchor_unchanged(struct app_gate *gate, struct report_issue *issue)
{
    const char *before = other_version(gate, NEW, issue->at.file);
    const struct line_diff *diff =
        before != NULL ? anchor_diff(gate, before, issue->at.file) : NULL;
    size_t line = (size_t)issue->at.line;
    size_t nearest = 0;

    if (diff == NULL || line > diff->new_lines || diff->is_added[line - 1])
        return;
    nearest = line_diff_nearest(diff, line);
    if (nearest == 0)
        return;
    if (nearest != line) {
        issue->really = issue->at;
        issue->at.line = (int)nearest;
        issue->at.column = 0;
    }
}

bool app_issue_is_own(const struct app_gate *gate, const char *file)
{
    const struct source_world *world = NULL;

    for (size_t i = 0; (world = app_world_file(&gate->worlds[NEW], i)) != NULL; i++) {
        for (size_t j = 0; j < world->change_count; j++)
            if (strcmp(world->changes[j].file, file) == 0)
                return true;
        for (size_t j = 0; j < world->zone_count; j++)
            if (file_of_zone(world->zones[j], file, false) != NULL)
                return true;
    }
    return false;
}

void app_issue_anchor(struct app_gate *gate, struct report_issue *issue)
{
    if (issue->kind == ISSUE_ALREADY)
        return;
    if (issue->at.file == NULL || issue->at.line <= 0) {
        issue->at = first_change(gate);
        return;
    }
    if (issue->world != NULL && strcmp(issue->world, "old") == 0)
        anchor_removed(gate, issue);
    else if (app_issue_is_own(gate, issue->at.file))
        anchor_unchanged(gate, issue);
    else
        anchor_foreign(gate, issue);
}
