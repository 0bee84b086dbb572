/* One list for reports, comparisons and probes; where each issue is shown. */
#include "app/app_issue.h"

#include <string.h>
#include <unistd.h>

#include "app/app_options.h"
#include "base/dns_name.h"
#include "base/file.h"
#include "base/span.h"
#include "ledger/ledger.h"
#include "model/dns_answer.h"
#include "model/finding.h"
#include "model/gate.h"
#include "model/issue.h"
#include "model/report.h"
#include "model/smtp_probe.h"
#include "render/render_view.h"
#include "report/report.h"

/* ---- paths ---- */

/* repository_top - the folder with .git that a file is below; NULL */
static const char *repository_top(struct arena *arena, const char *real)
{
    const char *folder = file_folder_of(arena, real);

    while (strcmp(folder, "/") != 0) {
        if (access(arena_printf(arena, "%s/.git", folder), F_OK) == 0)
            return folder;
        folder = file_folder_of(arena, folder);
    }
    return NULL;
}

const char *app_issue_path(struct arena *arena, const char *path)
{
    const char *real = path != NULL ? file_real_path(arena, path) : NULL;
    const char *folder = NULL;
    const char *rest = NULL;

    if (real != NULL)
        folder = repository_top(arena, real);
    if (folder == NULL)
        folder = file_real_path(arena, ".");
    if (real != NULL && folder != NULL)
        rest = file_below(real, folder);
    if (rest != NULL)
        return arena_strdup(arena, rest);
    while (path != NULL && path[0] == '/') /* services take no absolute one */
        path++;
    return path;
}

/* ---- reports ---- */

/* zone_place - where the zone file of the domain begins; file NULL: no such file */
static struct report_issue_place zone_place(struct arena *arena, const struct facts *facts)
{
    struct report_issue_place place = {0};

    for (size_t i = 0; i < ledger_count(facts->ledger); i++) {
        const struct dns_answer *answer = ledger_get(facts->ledger, i);

        for (const struct dns_rr *rr = answer->records; rr != NULL; rr = rr->next) {
            if (rr->file == NULL || facts->domain.name == NULL ||
                !dns_name_is_below(facts->domain.name, rr->owner))
                continue;
            if (place.file == NULL || rr->type == DNS_SOA)
                place = (struct report_issue_place){arena_strdup(arena, rr->file), rr->line, 0};
            if (rr->type == DNS_SOA)
                return place;
        }
    }
    return place;
}

/* add_findings - of a report; `zone_file` is where edits without a line go */
static void add_findings(struct report_issues *issues, const struct report *report,
                         enum report_threshold threshold, const char *zone_file)
{
    for (const struct finding *one = report->findings; one != NULL; one = one->next) {
        struct report_issue *issue = report_issues_add_finding(issues, issues->last, one);

        issue->is_known = report_is_known(report, one);
        report_issue_weigh(issue, threshold);
        app_issue_add_edits(issues, issue, one->remedy, zone_file);
    }
}

/* set_places - paths as CI wants them; what has no place is shown where the subject is */
static void set_places(struct report_issues *issues, struct report_issue_subject *subject)
{
    subject->at.file = app_issue_path(issues->arena, subject->at.file);
    for (struct report_issue *one = subject->issues; one != NULL; one = one->next) {
        one->at.file = app_issue_path(issues->arena, one->at.file);
        one->really.file = app_issue_path(issues->arena, one->really.file);
        if (one->at.file == NULL)
            one->at = subject->at;
        for (struct report_issue_edit *edit = one->edits; edit != NULL; edit = edit->next)
            edit->file = app_issue_path(issues->arena, edit->file);
    }
}

/* app_issues_add_report - one subject more: a report; `at` is where the subject is named, file
 * NULL: nowhere */
static void app_issues_add_report(struct app *app, struct report_issues *issues,
                                  const struct report *report, struct report_issue_place at)
{
    const struct dns_name *domain = report->facts->subject->domain;
    struct report_issue_place zone = zone_place(issues->arena, report->facts);
    struct report_issue_subject *subject =
        report_issues_add_subject(issues, domain != NULL ? domain->text : "-", report->result);

    if (report->summary != NULL)
        subject->headline = report_headline(issues->arena, report->summary);
    subject->at = zone.file != NULL ? zone : at;
    add_findings(issues, report, app->options.threshold, zone.file);
    report_issues_close(issues, subject,
                        report_exit_reason(app->arena, report, app->options.threshold));
    set_places(issues, subject);
}

const struct report_issues *app_issues_of_report(struct app *app, const char *command,
                                                 const struct report *report)
{
    struct report_issues *issues =
        report_issues_open(app->arena, command, report->facts->subject->now);

    app_issues_add_report(app, issues, report, (struct report_issue_place){0});
    return issues;
}

void app_issues_add_seen(struct app *app, struct report_issues *issues,
                         const struct report *report)
{
    app_issues_add_report(app, issues, report, (struct report_issue_place){0});
    for (struct report_issue *one = issues->last->issues; one != NULL; one = one->next)
        one->counts = false;
    issues->last->counting = issues->last->undetermined = 0;
}

/* ---- probes ---- */

/* add_diagnosis - one of a session */
static void add_diagnosis(struct report_issues *issues, const struct smtp_session *session,
                          const struct smtp_diagnosed *one, bool can_count)
{
    struct arena *arena = issues->arena;
    struct report_issue *issue = report_issues_add(issues, issues->last);

    issue->id = smtp_diagnosis_id(arena, one->row);
    issue->severity = one->row->severity;
    issue->is_undetermined = one->row->is_undetermined;
    issue->text = arena_printf(arena, "%s%s%s", one->row->text,
                               one->detail[0] != '\0' ? ": " : "", one->detail);
    issue->hint = one->hint;
    issue->general = one->row->text;
    issue->general_hint = one->row->hint;
    issue->name = session->probe->host;
    issue->fingerprint =
        arena_printf(arena, "%s|%s", issue->id, probe_where_text(arena, session->probe));
    issue->counts = can_count && (issue->is_undetermined || issue->severity == SEV_ERROR);
}

const struct report_issues *
app_issues_of_probe(struct app *app, const struct probe_report *report, const char *reason)
{
    struct report_issues *issues = report_issues_open(app->arena, "probe", report->now);

    for (size_t i = 0; i < report->count; i++) {
        const struct smtp_session *session = report->sessions[i];

        report_issues_add_subject(issues, probe_where_text(app->arena, session->probe),
                                  probe_result(session));
        for (const struct smtp_diagnosed *one = session->diagnosed; one; one = one->next)
            add_diagnosis(issues, session, one, probe_counts(session));
        report_issues_close(issues, issues->last, NULL);
    }
    if (report->left_out > 0) {
        report_issues_add_subject(issues, report->domain != NULL ? report->domain : "-",
                                  REPORT_UNDETERMINED);
        report_issues_close(issues, issues->last, reason);
    }
    return issues;
}

/* ---- comparisons ---- */

/* add_list - one list of what a change does */
static void add_list(struct app_gate *gate, const struct finding *list,
                     enum report_issue_kind kind, const char *zone_file)
{
    struct report_issues *issues = gate->shown.issues;
    const struct app_options *options = &gate->app->options;

    for (; list != NULL; list = list->next) {
        struct report_issue *issue = report_issues_add_finding(issues, issues->last, list);

        issue->kind = kind;
        issue->is_known = false;     /* what is dismissed was taken out of the lists */
        if (gate->view == VIEW_diff) /* whatever differs makes its exit status */
            issue->counts = kind != ISSUE_ALREADY;
        else if (kind != ISSUE_GAIN && (kind != ISSUE_ALREADY || options->has_all))
            report_issue_weigh(issue, options->threshold);
        if (kind == ISSUE_NEW)
            app_issue_add_edits(issues, issue, list->remedy, zone_file);
        for (struct report_issue_edit *edit = issue->edits; edit; edit = edit->next)
            if (!app_issue_is_own(gate, edit->file)) {
                issue->edits = NULL; /* somebody else's to make */
                break;
            }
        app_issue_anchor(gate, issue);
    }
}

void app_issues_add_gate(struct app_gate *gate, const struct report_gate *result,
                         const struct facts *after)
{
    struct report_issues *issues = gate->shown.issues;
    struct report_issue_place zone = zone_place(issues->arena, after);
    struct report_issue_subject *subject =
        report_issues_add_subject(issues, after->domain.name->text, result->result);
    const char *reason = NULL;

    subject->at = zone;
    add_list(gate, result->losses, ISSUE_LOSS, zone.file);
    add_list(gate, result->added, ISSUE_NEW, zone.file);
    add_list(gate, result->already, ISSUE_ALREADY, zone.file);
    add_list(gate, result->gains, ISSUE_GAIN, zone.file);
    if (gate->view == VIEW_diff && !report_gate_is_same(result))
        reason = "findings are gone, or receivers answer differently";
    report_issues_close(issues, subject, reason);
    set_places(issues, subject);
}
