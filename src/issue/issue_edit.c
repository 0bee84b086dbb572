/*
 * A remedy is edits of records; a file has lines. A record in brackets takes several, and a
 * line that begins with a blank has the owner of the one before it: whoever takes that line
 * away would give the next one another owner, so such a remedy has no edits of files.
 */
#include <string.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/span.h"
#include "base/table.h"
#include "issue/issue_place.h"
#include "model/dns_answer.h"
#include "model/issue.h"
#include "model/remedy.h"

#define RECORD_LINES_MOST 200 /* of one record that are looked at */

/* a line of a master file, as far as it matters where a record ends */
struct bracket_state {
    int depth;
    bool is_quoted;
};

/* bracket_line - count brackets, strings and remarks aside */
static void bracket_line(struct bracket_state *state, struct span line)
{
    for (size_t i = 0; i < line.len; i++) {
        if (line.at[i] == '\\')
            i++;
        else if (line.at[i] == '"')
            state->is_quoted = !state->is_quoted;
        else if (state->is_quoted)
            continue;
        else if (line.at[i] == ';')
            return;
        else if (line.at[i] == '(')
            state->depth++;
        else if (line.at[i] == ')')
            state->depth--;
    }
}

/* a file that edits are of, read once */
struct edited_file {
    struct span bytes;
    size_t *starts; /* of its lines */
    size_t line_count;
};

/* edited_file_open - NULL: it cannot be read */
static const struct edited_file *edited_file_open(struct report_issues *issues,
                                                  const char *path)
{
    bool is_new = false;
    void **slot = table_slot(issues->files, span_of(path), &is_new);
    struct edited_file *file = NULL;
    struct err why = {0};

    if (!is_new)
        return *slot;
    file = arena_new_of(issues->arena, struct edited_file);
    if (!file_load(issues->arena, path, LIMIT_ZONE_BYTES, &file->bytes, &why))
        return NULL;
    arena_append(issues->arena, file->starts, file->line_count, 0);
    for (size_t i = 0; i < file->bytes.len; i++)
        if (file->bytes.at[i] == '\n')
            arena_append(issues->arena, file->starts, file->line_count, i + 1);
    *slot = file;
    return file;
}

/* record_lines - how many lines the record has that begins there; 0: it is not to be found */
static int record_lines(const struct edited_file *file, int line, bool *is_owner_out)
{
    struct bracket_state state = {0};
    struct span rest = {NULL, 0};

    if (line < 1 || (size_t)line > file->line_count)
        return 0;
    rest = span_from(file->bytes, file->starts[line - 1]);
    for (int count = 1; count <= RECORD_LINES_MOST && rest.len > 0; count++) {
        bracket_line(&state, span_cut(&rest, '\n'));
        if (state.depth > 0 || state.is_quoted)
            continue;
        *is_owner_out = rest.len > 0 && (rest.at[0] == ' ' || rest.at[0] == '\t');
        return count;
    }
    return 0;
}

/* add_edit - of a record in a file; false: it has no lines of its own */
static bool add_edit(struct report_issues *issues, struct report_issue *issue,
                     const struct remedy_edit *edit, const char *zone_file)
{
    const struct dns_rr *gone = edit->action == REMEDY_REPLACE  ? edit->old
                                : edit->action == REMEDY_REMOVE ? edit->rr
                                                                : NULL;
    struct report_issue_edit *out = arena_new_of(issues->arena, struct report_issue_edit);
    struct report_issue_edit **link = &issue->edits;
    const struct edited_file *file = NULL;
    bool is_owner = false;

    out->file = gone != NULL ? gone->file : zone_file;
    out->text = "";
    if (out->file == NULL || strcmp(out->file, "-") == 0 ||
        (file = edited_file_open(issues, out->file)) == NULL)
        return false;
    out->file = arena_strdup(issues->arena, out->file);
    if (gone != NULL) {
        out->line = gone->line;
        out->lines = record_lines(file, gone->line, &is_owner);
    } else { /* behind the last line */
        out->line = (int)file->line_count;
    }
    if (edit->action != REMEDY_REMOVE)
        out->text = arena_printf(issues->arena, "%s\n", edit->rr->text);
    if (gone != NULL && (out->lines == 0 || (edit->action == REMEDY_REMOVE && is_owner)))
        return false;
    while (*link != NULL)
        link = &(*link)->next;
    *link = out;
    return true;
}

void issue_add_edits(struct report_issues *issues, struct report_issue *issue,
                     const struct remedy *remedy, const char *zone_file)
{
    if (remedy == NULL || zone_file == NULL)
        return;
    for (const struct remedy_edit *edit = remedy->edits; edit != NULL; edit = edit->next)
        if (!add_edit(issues, issue, edit, zone_file)) {
            issue->edits = NULL;
            return;
        }
    if (issue->edits != NULL)
        issue->fix = arena_strdup(issues->arena, remedy->summary);
}
