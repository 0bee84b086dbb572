/*
 * A subject for each recipient, or for each receiver where a text would show a table. Only what
 * makes the exit status counts: findings of a check are what is seen now.
 */
#include "issue/issue.h"

#include <string.h>
#include <sys/stat.h>

#include "base/arena.h"
#include "base/escape.h"
#include "base/limits_bounce.h"
#include "base/sbuf.h"
#include "base/span.h"
#include "explain/explain.h"
#include "issue/issue_place.h"
#include "model/bounce.h"
#include "model/explain.h"
#include "model/finding.h"
#include "model/issue.h"
#include "model/reply_cause.h"
#include "model/report.h"

/* refusal_place - the file that it was read from; file NULL: it was none */
static struct report_issue_place refusal_place(struct arena *arena, const char *path)
{
    struct report_issue_place place = {0};
    struct stat status = {0};

    if (path != NULL && stat(path, &status) == 0 && S_ISREG(status.st_mode))
        place = (struct report_issue_place){issue_path(arena, path), 1, 0};
    return place;
}

/* refusal_result - of an exit status */
static enum report_result refusal_result(int status)
{
    if (status == EXPLAIN_STILL_SO)
        return REPORT_FAIL;
    return status == EXPLAIN_NOT_KNOWN ? REPORT_UNDETERMINED : REPORT_PASS;
}

/* refusal_subject - that of the name, made where it is new; its result is the worst one */
static struct report_issue_subject *refusal_subject(struct report_issues *issues,
                                                    const char *name, int status)
{
    enum report_result result = refusal_result(status);
    struct report_issue_subject *one = issues->subjects;

    while (one != NULL && strcmp(one->name, name) != 0)
        one = one->next;
    if (one == NULL)
        return report_issues_add_subject(issues, name, result);
    if (one->result == REPORT_PASS || result == REPORT_FAIL)
        one->result = result;
    return one;
}

/* refusal_add - one more issue, about a cause */
static struct report_issue *refusal_add(struct report_issues *issues,
                                        struct report_issue_subject *subject,
                                        const char *cause_id, int status)
{
    struct report_issue *issue = report_issues_add(issues, subject);
    enum reply_cause_id cause = reply_cause_find(span_of(cause_id));

    issue->kind = ISSUE_REFUSAL;
    issue->id = cause_id;
    issue->severity = status == EXPLAIN_STILL_SO    ? SEV_ERROR
                      : status == EXPLAIN_NOT_KNOWN ? SEV_WARNING
                                                    : SEV_NOTICE;
    issue->is_undetermined = status == EXPLAIN_NOT_KNOWN;
    issue->counts = status != EXPLAIN_FINE;
    issue->general = issue->text = "refused for several reasons";
    if (cause < REPLY_CAUSES) {
        issue->general = issue->text = reply_cause_get(cause)->means;
        issue->general_hint = issue->hint = reply_cause_get(cause)->todo;
    }
    issue->at = subject->at;
    return issue;
}

/* refusal_steps - all that is to be done, in one line */
static const char *refusal_steps(struct arena *arena, const struct explain_one *one)
{
    struct sbuf text = sbuf_start(arena);

    for (size_t i = 0; i < one->step_count; i++) {
        const struct explain_step *step = &one->steps[i];

        if (one->step_count > 1)
            sbuf_addf(&text, "%s%zu) ", i > 0 ? "; " : "", i + 1);
        sbuf_addf(&text, "%s%s", step->text, step->remedy != NULL ? " (proved)" : "");
    }
    return sbuf_text(&text);
}

/* refusal_words - the meaning, the codes, and whether it is still so */
static const char *refusal_words(struct arena *arena, const struct explain_one *one)
{
    static const char *const now[] = {"", "still applies", "no longer applies",
                                      "it could never pass"};
    const char *codes = one->codes;
    struct sbuf text = sbuf_start(arena);

    sbuf_add(&text, one->said->class->means);
    if (codes[0] != '\0')
        sbuf_addf(&text, " (%s)", codes);
    if (one->now != NULL && one->still != EXPLAIN_UNKNOWN)
        sbuf_addf(&text, "; %s", now[one->still]);
    if (one->now != NULL && one->reason != NULL)
        sbuf_addf(&text, ": %s", one->reason);
    return sbuf_text(&text);
}

/* refusal_add_one - a recipient */
static void refusal_add_one(struct report_issues *issues, const struct explain_one *one,
                            const struct report_issue_place *at)
{
    struct arena *arena = issues->arena;
    const char *address = escape_shown(arena, one->said->address);
    const char *receiver =
        escape_shown(arena, one->receiver != NULL ? one->receiver : "a server");
    int status = explain_status(one);
    struct report_issue_subject *subject =
        refusal_subject(issues, address[0] != '\0' ? address : receiver, status);
    struct report_issue *issue = NULL;

    subject->at = *at;
    subject->headline = one->headline;
    issue = refusal_add(issues, subject, one->said->class->cause->id, status);
    issue->text = refusal_words(arena, one);
    issue->hint = refusal_steps(arena, one);
    issue->name = receiver;
    issue->fingerprint = arena_printf(arena, "%s|%s", issue->id, receiver);
}

/* refusal_add_row - what a row of the table counts */
static void refusal_add_row(struct report_issues *issues, const struct explain *explain,
                            const struct explain_row *row, const struct report_issue_place *at)
{
    struct arena *arena = issues->arena;
    int status = explain_status_of_row(explain, row);
    const char *receiver =
        escape_shown(arena, row->receiver[0] != '\0' ? row->receiver : "not known");
    struct report_issue_subject *subject = refusal_subject(issues, receiver, status);
    struct report_issue *issue = NULL;

    subject->at = *at;
    issue = refusal_add(issues, subject, row->cause, status);
    issue->text =
        arena_printf(arena, "%s: %zu recipient%s, %zu of them permanent%s%s", issue->general,
                     row->count, row->count == 1 ? "" : "s", row->final_count,
                     row->example[0] != '\0' ? ", as " : "", escape_shown(arena, row->example));
    issue->fingerprint = arena_printf(arena, "%s|%s", issue->id, receiver);
}

/* add_seen_now - the check behind each recipient, once */
static void add_seen_now(struct report_issues *issues, const struct explain *explain)
{
    const struct report *seen[LIMIT_EXPLAIN_CHECKS] = {NULL};
    size_t count = 0;

    for (size_t i = 0; i < explain->count; i++) {
        const struct report *now = explain->list[i]->now;
        size_t at = 0;

        while (at < count && seen[at] != now)
            at++;
        if (now == NULL || at < count || count >= LIMIT_EXPLAIN_CHECKS)
            continue;
        seen[count++] = now;
        issue_add_seen(issues, now);
    }
}

void issue_add_refusals(struct report_issues *issues, const struct explain *explain,
                        const char *path)
{
    struct report_issue_place at = refusal_place(issues->arena, path);

    if (explain->count > 0 && explain->count <= LIMIT_EXPLAIN_BLOCKS)
        for (size_t i = 0; i < explain->count; i++)
            refusal_add_one(issues, explain->list[i], &at);
    else
        for (size_t i = 0; i < explain->row_count; i++)
            refusal_add_row(issues, explain, &explain->rows[i], &at);
    if (issues->subjects == NULL)
        refusal_subject(issues, "input",
                        explain->kind == BOUNCE_NOTHING ? EXPLAIN_NOT_KNOWN : EXPLAIN_FINE)
            ->at = at;
    for (struct report_issue_subject *one = issues->subjects; one != NULL; one = one->next)
        report_issues_close(issues, one,
                            one->result == REPORT_UNDETERMINED
                                ? "no bounce, reply, log or report found in the input"
                                : NULL);
    add_seen_now(issues, explain);
}
