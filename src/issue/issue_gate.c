/*
 * CI marks lines of the proposed files, and only those that the change touches. Both versions
 * of a file are compared line by line, once: files of one zone follow each other.
 */
#include "issue/issue_gate.h"

#include <string.h>

#include "base/dns_name.h"
#include "base/err.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/line_diff.h"
#include "base/span.h"
#include "issue/issue_place.h"
#include "model/dns_answer.h"
#include "model/finding.h"
#include "source/zone.h"

enum { OLD, NEW };

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
                             const struct issue_world *there)
{
    if (file_of_zone(zone, file, false) == NULL)
        return NULL;
    for (size_t i = 0; i < there->count; i++) {
        const struct source_world *other = there->files[i];

        for (size_t j = 0; j < other->zone_count; j++) {
            const char *found = NULL;

            if (!dns_name_equal(zone_apex(zone), zone_apex(other->zones[j])))
                continue;
            found = file_of_zone(other->zones[j], file_last_part(file), true);
            return found != NULL ? found : other->file;
        }
    }
    return NULL;
}

/* other_version - of a file of one world, in the other; NULL: that world has none */
static const char *other_version(const struct issue_change *change, size_t from,
                                 const char *file)
{
    const struct issue_world *here = &change->worlds[from];
    const char *found = NULL;

    for (size_t i = 0; i < here->count; i++)
        for (size_t j = 0; j < here->files[i]->zone_count && found == NULL; j++)
            found = zone_pair(here->files[i]->zones[j], file, &change->worlds[1 - from]);
    return found;
}

/* anchor_diff - of both versions; NULL: one cannot be read */
static const struct line_diff *anchor_diff(struct issue_change *change, const char *before,
                                           const char *after)
{
    struct issue_diff *diff = &change->diff;
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
static void anchor_removed(struct issue_change *change, struct report_issue *issue)
{
    const char *after = other_version(change, OLD, issue->at.file);
    const struct line_diff *diff =
        after != NULL ? anchor_diff(change, issue->at.file, after) : NULL;
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
    issue->at =
        (struct report_issue_place){arena_strdup(change->issues->arena, after), (int)at, 0};
}

/* first_change - the first line of the change; file NULL: no file changes */
static struct report_issue_place first_change(struct issue_change *change)
{
    struct issue_diff *cache = &change->diff;
    const struct issue_world *world = &change->worlds[NEW];

    if (cache->has_first)
        return cache->first;
    cache->has_first = true;
    for (size_t i = 0; i < world->count; i++) {
        const struct source_world *file = world->files[i];
        const char *before = NULL;
        const struct line_diff *diff = NULL;
        size_t line = 0;

        if (file->change_count > 0) {
            cache->first =
                (struct report_issue_place){file->changes[0].file, file->changes[0].line, 0};
            break;
        }
        before = other_version(change, NEW, file->file);
        diff = before != NULL ? anchor_diff(change, before, file->file) : NULL;
        line = diff != NULL ? line_diff_nearest(diff, 1) : 0;
        if (line > 0) {
            cache->first = (struct report_issue_place){file->file, (int)line, 0};
            break;
        }
    }
    return cache->first;
}

/* anchor_foreign - what is in no file of the change is marked at the change */
static void anchor_foreign(struct issue_change *change, struct report_issue *issue)
{
    struct report_issue_place first = first_change(change);

    if (first.file == NULL)
        return;
    issue->really = issue->at;
    issue->at = first;
}

/* anchor_unchanged - what is caused elsewhere is marked at the nearest line that changes */
static void anchor_unchanged(struct issue_change *change, struct report_issue *issue)
{
    const char *before = other_version(change, NEW, issue->at.file);
    const struct line_diff *diff =
        before != NULL ? anchor_diff(change, before, issue->at.file) : NULL;
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

/* is_own_file - the file is one of the proposed ones */
static bool is_own_file(const struct issue_change *change, const char *file)
{
    for (size_t i = 0; i < change->worlds[NEW].count; i++) {
        const struct source_world *world = change->worlds[NEW].files[i];

        for (size_t j = 0; j < world->change_count; j++)
            if (strcmp(world->changes[j].file, file) == 0)
                return true;
        for (size_t j = 0; j < world->zone_count; j++)
            if (file_of_zone(world->zones[j], file, false) != NULL)
                return true;
    }
    return false;
}

/* anchor_issue - move it to a line that the change touches, in the proposed file */
static void anchor_issue(struct issue_change *change, struct report_issue *issue)
{
    if (issue->kind == ISSUE_ALREADY)
        return;
    if (issue->at.file == NULL || issue->at.line <= 0) {
        issue->at = first_change(change);
        return;
    }
    if (issue->world != NULL && strcmp(issue->world, "old") == 0)
        anchor_removed(change, issue);
    else if (is_own_file(change, issue->at.file))
        anchor_unchanged(change, issue);
    else
        anchor_foreign(change, issue);
}

/* ---- lists ---- */

/* add_list - one list of what a change does */
static void add_list(struct issue_change *change, const struct finding *list,
                     enum report_issue_kind kind, const char *zone_file)
{
    struct report_issues *issues = change->issues;

    for (; list != NULL; list = list->next) {
        struct report_issue *issue = report_issues_add_finding(issues, issues->last, list);

        issue->kind = kind;
        issue->is_known = false; /* what is dismissed was taken out of the lists */
        if (change->is_diff)     /* whatever differs makes its exit status */
            issue->counts = kind != ISSUE_ALREADY;
        else if (kind != ISSUE_GAIN && (kind != ISSUE_ALREADY || change->has_all))
            report_issue_weigh(issue, issues->threshold);
        if (kind == ISSUE_NEW)
            issue_add_edits(issues, issue, list->remedy, zone_file);
        for (struct report_issue_edit *edit = issue->edits; edit; edit = edit->next)
            if (!is_own_file(change, edit->file)) {
                issue->edits = NULL; /* somebody else's to make */
                break;
            }
        anchor_issue(change, issue);
    }
}

void issue_add_gate(struct issue_change *change, const struct report_gate *result,
                    const struct facts *after)
{
    struct report_issues *issues = change->issues;
    struct report_issue_place zone = issue_zone_place(issues->arena, after);
    struct report_issue_subject *subject =
        report_issues_add_subject(issues, after->domain.name->text, result->result);
    const char *reason = NULL;

    subject->at = zone;
    add_list(change, result->losses, ISSUE_LOSS, zone.file);
    add_list(change, result->added, ISSUE_NEW, zone.file);
    add_list(change, result->already, ISSUE_ALREADY, zone.file);
    add_list(change, result->gains, ISSUE_GAIN, zone.file);
    if (change->is_diff && !report_gate_is_same(result))
        reason = "findings are gone, or receivers answer differently";
    report_issues_close(issues, subject, reason);
    issue_set_places(issues, subject);
}

void issue_change_close(struct issue_change *change)
{
    if (change->diff.arena != NULL)
        arena_close(change->diff.arena);
}
