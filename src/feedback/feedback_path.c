/* Files and folders; a folder is read in the order of names, so that a run can be repeated. */
#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/escape.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/limits_reports.h"
#include "feedback/feedback_private.h"

#define CHUNK 65536

/* path_shown - a path, escaped */
static const char *path_shown(const struct feedback_set *set, const char *path)
{
    return escape_to_text(set->arena, span_of(path), LIMIT_SHOWN_BYTES);
}

/* path_note_without - messages without a report, in one sentence */
static void path_note_without(struct feedback_set *set, const char *place, size_t messages)
{
    size_t all = set->messages - messages;
    size_t without = set->reading->without;

    set->without += without;
    set->reading->without = 0;
    if (without == 0)
        return;
    feedback_note(set, FEEDBACK_NOTE_FOREIGN, place,
                  all == 1 ? "is a message without a report"
                           : arena_printf(set->arena, "%zu of %zu messages have no report",
                                          without, all));
}

/* path_push - all octets of a descriptor; why not, or NULL */
static const char *path_push(struct feedback_set *set, int fd, const char *place)
{
    struct feedback_part *part = feedback_part_open(NULL, set, place);
    size_t messages = set->messages;
    ptrdiff_t got = 0;
    const char *trouble = NULL;

    if (set->reading->chunk == NULL)
        set->reading->chunk = arena_alloc(set->arena, CHUNK);
    while (!part->is_dead && (got = file_read(fd, set->reading->chunk, CHUNK)) > 0)
        feedback_part_feed(part, span_make(set->reading->chunk, (size_t)got));
    if (got < 0)
        trouble = arena_strdup(set->arena, strerror(errno));
    part->is_cut = got < 0;
    feedback_part_end(part);
    path_note_without(set, place, messages);
    return trouble;
}

/* path_file - one file of a folder: its trouble is a note */
static void path_file(struct feedback_set *set, const char *path)
{
    struct err unused = {0};
    int fd = -1;
    const char *trouble = NULL;

    if (set->files >= LIMIT_FEEDBACK_FILES)
        return;
    if (++set->files == LIMIT_FEEDBACK_FILES)
        feedback_note(set, FEEDBACK_NOTE_CUT, path_shown(set, path),
                      "is the last file that is read: there are too many");
    fd = file_open_named(path, -1, SIZE_MAX, &unused);
    if (fd < 0) {
        feedback_note(set, FEEDBACK_NOTE_FOREIGN, path_shown(set, path), "could not be opened");
        return;
    }
    trouble = path_push(set, fd, path_shown(set, path));
    if (trouble != NULL)
        feedback_note(set, FEEDBACK_NOTE_REFUSED, path_shown(set, path), trouble);
    close(fd);
}

/* path_folder - all below it; `depth` of folders around it. No link to a folder is followed */
static bool path_folder(struct feedback_set *set, const char *path, unsigned depth,
                        struct err *why)
{
    struct file_name_list list = {0};
    struct stat about = {0};
    struct err unused = {0};

    if (!file_names(set->arena, path, &list, why))
        return false;
    for (size_t i = 0; i < list.count; i++) {
        const char *name = file_in_folder(set->arena, path, list.names[i]);

        if (lstat(name, &about) != 0 || !S_ISDIR(about.st_mode))
            path_file(set, name);
        else if (depth >= LIMIT_FEEDBACK_FOLDERS)
            feedback_note(set, FEEDBACK_NOTE_CUT, path_shown(set, name),
                          "is a folder too deep to be read");
        else if (!path_folder(set, name, depth + 1, &unused))
            feedback_note(set, FEEDBACK_NOTE_FOREIGN, path_shown(set, name),
                          "could not be opened");
    }
    return true;
}

bool feedback_add_path(struct feedback_set *set, const char *path, struct err *why)
{
    struct stat about = {0};
    const char *trouble = NULL;
    int fd = -1;

    if (strcmp(path, "-") != 0 && stat(path, &about) == 0 && S_ISDIR(about.st_mode))
        return path_folder(set, path, 1, why);
    fd = file_open(path, why);
    if (fd < 0)
        return false;
    set->files++;
    trouble = path_push(set, fd, path_shown(set, path));
    if (trouble != NULL)
        err_set(why, "%s: %s", path, trouble);
    close(fd);
    return trouble == NULL;
}

void feedback_add_bytes(struct feedback_set *set, const char *place, struct span bytes)
{
    struct feedback_part *part = feedback_part_open(NULL, set, place);
    size_t messages = set->messages;

    set->files++;
    feedback_part_feed(part, bytes);
    feedback_part_end(part);
    path_note_without(set, place, messages);
}
