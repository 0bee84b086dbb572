/* Where on its lines a record has the term that a finding speaks of. One file is kept, since
 * findings of one zone follow each other. */
#include "issue/issue_column.h"

#include <string.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/span.h"
#include "model/finding.h"

#define RECORD_LINES 200 /* of one record in brackets that are looked at */

/* issue_file_open - its bytes; false: it cannot be read (again) */
static bool issue_file_open(struct issue_file *file, const char *path)
{
    struct err why = {0};

    if (file->path != NULL && strcmp(file->path, path) == 0)
        return file->bytes.len > 0;
    if (file->arena == NULL)
        file->arena = arena_open();
    arena_reset(file->arena);
    file->path = arena_strdup(file->arena, path);
    file->bytes = span_make("", 0);
    return file_load(file->arena, path, LIMIT_ZONE_BYTES, &file->bytes, &why);
}

/* text_from_line - what begins at a line */
static struct span text_from_line(struct span text, int line)
{
    for (int i = 1; i < line && text.len > 0; i++)
        span_cut(&text, '\n');
    return text;
}

/* find_text - where a text begins in a line; -1: nowhere */
static ptrdiff_t find_text(struct span line, struct span text)
{
    const char *at =
        line.len == 0 || text.len == 0 ? NULL : memmem(line.at, line.len, text.at, text.len);

    return at != NULL ? at - line.at : -1;
}

/* first_word - where a line begins, blanks aside */
static int first_word(struct span line)
{
    size_t at = 0;

    while (at < line.len && ascii_is_blank(line.at[at]))
        at++;
    return at < line.len ? (int)at + 1 : 1;
}

/* place_finding - line and column of one */
static void place_finding(struct issue_file *file, struct finding *finding)
{
    struct finding_where *where = &finding->where;
    struct span term = span_of(where->term != NULL ? where->term : "");
    struct span rest = {0};

    if (where->file == NULL || where->line <= 0 || !issue_file_open(file, where->file))
        return;
    rest = text_from_line(file->bytes, where->line);
    for (int i = 0; i < RECORD_LINES && rest.len > 0; i++) {
        struct span line = span_cut(&rest, '\n');
        ptrdiff_t at = find_text(line, term);

        if (i == 0)
            where->column = first_word(line);
        if (at >= 0) {
            where->line += i;
            where->column = (int)at + 1;
            return;
        }
        if (i > 0 && line.len > 0 && !ascii_is_blank(line.at[0]))
            return; /* the next record */
    }
}

void issue_column_set(struct issue_file *file, struct finding *findings)
{
    for (; findings != NULL; findings = findings->next)
        place_finding(file, findings);
}
