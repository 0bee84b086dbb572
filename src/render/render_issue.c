/* Order, words and places that the formats for CI share. */
#include "render/render_issue.h"

#include <stdlib.h>
#include <string.h>

#include "render/render_format.h"

/* issue_rank - less is graver */
static int issue_rank(const struct render_issue_row *row)
{
    const struct report_issue *issue = row->issue;

    return (issue->counts ? 0 : 10) + (int)issue->severity * 2 + issue->is_undetermined;
}

/* compare_rows - for qsort(); what is equally grave stays in its order */
static int compare_rows(const void *a, const void *b)
{
    const struct render_issue_row *one = a;
    const struct render_issue_row *two = b;
    int rank = issue_rank(one) - issue_rank(two);

    if (rank != 0)
        return rank;
    return (one->number > two->number) - (one->number < two->number);
}

struct render_issue_row *
render_issue_rows(struct arena *arena, const struct report_issues *issues, size_t *count_out)
{
    struct render_issue_row *rows = NULL;
    size_t count = 0;

    for (const struct report_issue_subject *subject = issues->subjects; subject != NULL;
         subject = subject->next)
        for (const struct report_issue *issue = subject->issues; issue; issue = issue->next)
            if (report_issue_is_shown(issue)) {
                const struct render_issue_row row = {subject, issue, count};

                arena_append(arena, rows, count, row);
            }
    if (count > 0)
        qsort(rows, count, sizeof(rows[0]), compare_rows);
    *count_out = count;
    return rows;
}

const char *render_issue_text(struct arena *arena, const struct report_issue *issue)
{
    static const char words[] = "could not be determined: ";
    const char *text = render_safe(arena, issue->text);

    if (!issue->is_undetermined || issue->kind == ISSUE_STATUS ||
        strncmp(text, words, sizeof(words) - 1) == 0) /* findings say so themselves */
        return text;
    return arena_printf(arena, "%s%s", words, text);
}

const char *render_issue_file(const struct render_issue_row *row)
{
    if (row->issue->at.file != NULL)
        return row->issue->at.file;
    return row->subject->at.file != NULL ? row->subject->at.file : row->subject->name;
}

int render_issue_line(const struct render_issue_row *row)
{
    if (row->issue->at.file != NULL && row->issue->at.line > 0)
        return row->issue->at.line;
    return row->subject->at.line > 0 ? row->subject->at.line : 1;
}

enum severity render_issue_level(const struct report_issue *issue)
{
    return issue->is_undetermined && issue->severity > SEV_WARNING ? SEV_WARNING
                                                                   : issue->severity;
}
