/* The list of a report, and that of a probe. */
#include "issue/issue.h"

#include "base/dns_name.h"
#include "issue/issue_place.h"
#include "model/finding.h"
#include "model/smtp_probe.h"
#include "report/report.h"

/* ---- reports ---- */

/* add_findings - of a report; `zone_file` is where edits without a line go */
static void add_findings(struct report_issues *issues, const struct report *report,
                         const char *zone_file)
{
    for (const struct finding *one = report->findings; one != NULL; one = one->next) {
        struct report_issue *issue = report_issues_add_finding(issues, issues->last, one);

        issue->is_known = report_is_known(report, one);
        report_issue_weigh(issue, issues->threshold);
        issue_add_edits(issues, issue, one->remedy, zone_file);
    }
}

/* issue_add_report - one subject more */
static void issue_add_report(struct report_issues *issues, const struct report *report)
{
    const struct dns_name *domain = report->facts->subject->domain;
    struct report_issue_place zone = issue_zone_place(issues->arena, report->facts);
    struct report_issue_subject *subject =
        report_issues_add_subject(issues, domain != NULL ? domain->text : "-", report->result);

    if (report->summary != NULL)
        subject->headline = report_headline(issues->arena, report->summary);
    subject->at = zone;
    add_findings(issues, report, zone.file);
    report_issues_close(issues, subject,
                        report_exit_reason(issues->arena, report, issues->threshold));
    issue_set_places(issues, subject);
}

const struct report_issues *issue_of_report(struct arena *arena, const char *command,
                                            const struct report *report,
                                            enum report_threshold threshold)
{
    struct report_issues *issues =
        report_issues_open(arena, command, report->facts->subject->now, threshold);

    issue_add_report(issues, report);
    return issues;
}

void issue_add_seen(struct report_issues *issues, const struct report *report)
{
    issue_add_report(issues, report);
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
issue_of_probe(struct arena *arena, const struct probe_report *report, const char *reason)
{
    struct report_issues *issues =
        report_issues_open(arena, "probe", report->now, THRESHOLD_ERROR);

    for (size_t i = 0; i < report->count; i++) {
        const struct smtp_session *session = report->sessions[i];

        report_issues_add_subject(issues, probe_where_text(arena, session->probe),
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
