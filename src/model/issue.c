/* Copies of findings, free of the arena of their subject. */
#include "model/issue.h"

#include "base/table.h"

const char *report_issue_kind_to_text(enum report_issue_kind kind)
{
    static const char *const words[] = {"finding", "loss",    "new",   "already",
                                        "gain",    "refusal", "status"};

    return words[kind];
}

struct report_issues *report_issues_open(struct arena *arena, const char *command, int64_t time,
                                         enum report_threshold threshold)
{
    struct report_issues *issues = arena_new_of(arena, struct report_issues);

    *issues = (struct report_issues){.arena = arena,
                                     .command = command,
                                     .time = time,
                                     .threshold = threshold,
                                     .files = table_open(arena)};
    return issues;
}

struct report_issue_subject *report_issues_add_subject(struct report_issues *issues,
                                                       const char *name,
                                                       enum report_result result)
{
    struct report_issue_subject *subject =
        arena_new_of(issues->arena, struct report_issue_subject);

    subject->name = arena_strdup(issues->arena, name);
    subject->result = result;
    if (issues->last != NULL)
        issues->last->next = subject;
    else
        issues->subjects = subject;
    issues->last = subject;
    issues->subject_count++;
    return subject;
}

struct report_issue *report_issues_add(struct report_issues *issues,
                                       struct report_issue_subject *subject)
{
    struct report_issue *issue = arena_new_of(issues->arena, struct report_issue);

    if (subject->last != NULL)
        subject->last->next = issue;
    else
        subject->issues = issue;
    subject->last = issue;
    *issue = (struct report_issue){.text = "",
                                   .hint = "",
                                   .general = "",
                                   .general_hint = "",
                                   .standards = "",
                                   .fingerprint = ""};
    return issue;
}

/* issue_copy - NULL stays NULL */
static const char *issue_copy(struct report_issues *issues, const char *text)
{
    return text != NULL ? arena_strdup(issues->arena, text) : NULL;
}

struct report_issue *report_issues_add_finding(struct report_issues *issues,
                                               struct report_issue_subject *subject,
                                               const struct finding *finding)
{
    const struct check_row *row = check_row_get(finding->row);
    struct report_issue *issue = report_issues_add(issues, subject);
    struct arena *arena = issues->arena;

    issue->id = finding->id;
    issue->severity = finding->severity;
    issue->is_undetermined = finding->status == FINDING_UNDETERMINED;
    issue->is_known = finding->is_dismissed;
    issue->text = check_text(arena, finding);
    issue->hint = check_hint(arena, finding);
    issue->general = row->text;
    issue->general_hint = row->hint;
    issue->standards = row->standards;
    issue->name = issue_copy(issues, finding->where.name);
    issue->type = issue_copy(issues, finding->where.type);
    issue->term = issue_copy(issues, finding->where.term);
    issue->at.file = issue_copy(issues, finding->where.file);
    issue->at.line = finding->where.line;
    issue->at.column = finding->where.column;
    issue->world = finding->where.world;
    issue->fingerprint = arena_strdup(arena, finding->fingerprint);
    return issue;
}

void report_issue_weigh(struct report_issue *issue, enum report_threshold threshold)
{
    if (issue->is_known)
        issue->counts = false;
    else if (issue->is_undetermined)
        issue->counts = issue->severity <= SEV_WARNING;
    else
        issue->counts = threshold != THRESHOLD_NEVER && (int)issue->severity <= (int)threshold;
}

void report_issues_close(struct report_issues *issues, struct report_issue_subject *subject,
                         const char *reason)
{
    for (const struct report_issue *one = subject->issues; one != NULL; one = one->next) {
        subject->counting += one->counts && !one->is_undetermined;
        subject->undetermined += one->counts && one->is_undetermined;
    }
    if (reason == NULL || subject->counting + subject->undetermined > 0)
        return;
    struct report_issue *issue = report_issues_add(issues, subject);

    issue->kind = ISSUE_STATUS;
    issue->id = subject->result == REPORT_UNDETERMINED ? "undetermined" : "verdict";
    issue->is_undetermined = subject->result == REPORT_UNDETERMINED;
    issue->counts = true;
    issue->text = arena_strdup(issues->arena, reason);
    issue->general =
        issue->is_undetermined ? "a required answer is missing" : "a verdict fails";
    issue->fingerprint = arena_printf(issues->arena, "%s|%s", issue->id, subject->name);
    if (issue->is_undetermined)
        subject->undetermined++;
    else
        subject->counting++;
}

bool report_issue_is_shown(const struct report_issue *issue)
{
    if (issue->counts)
        return true;
    return !issue->is_known && issue->severity <= SEV_NOTICE && issue->kind != ISSUE_ALREADY &&
           issue->kind != ISSUE_GAIN;
}
