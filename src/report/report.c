/*
 * The result is the truth about the subject; the exit status is about what was asked for: a
 * threshold, and findings that somebody already knows of.
 */
#include <string.h>

#include "report/report.h"
#include "base/sbuf.h"
#include "model/dns_answer.h"
#include "model/result.h"

#define STATUS_FINE         0
#define STATUS_FINDINGS     1
#define STATUS_UNDETERMINED 3

#define NAMED_SHOWN_MAX 4 /* findings that the reason of the status names */

/* ---- the result ---- */

/* spf_is - does the sender have this result; HELO speaks only where it is the only identity */
static bool spf_is(const struct facts *facts, enum spf_result result)
{
    return facts->spf_count > 0 && facts->spf[0]->result == result;
}

/* dkim_is - does a signature have this result */
static bool dkim_is(const struct facts *facts, enum dkim_result result)
{
    for (size_t i = 0; i < facts->message.dkim_count; i++)
        if (facts->message.dkim[i].result == result)
            return true;
    return false;
}

/* dmarc_is - does the message have this DMARC result */
static bool dmarc_is(const struct facts *facts, enum dmarc_result result)
{
    return facts->message.dmarc != NULL && facts->message.dmarc->result == result;
}

/* failing_verdict - the verdict that fails, as words; NULL. A signature that fails is not
 * worse than none (RFC 6376, 6.1) as long as another or DMARC passes. */
static const char *failing_verdict(const struct facts *facts)
{
    if (dmarc_is(facts, DMARC_FAIL))
        return "DMARC fails";
    if (dmarc_is(facts, DMARC_PERMERROR))
        return "DMARC is a permerror";
    if (spf_is(facts, SPF_FAIL))
        return "SPF fails";
    if (spf_is(facts, SPF_PERMERROR))
        return "SPF is a permerror";
    if (facts->message.dkim_count > 0 && !dkim_is(facts, DKIM_PASS) &&
        !dkim_is(facts, DKIM_TEMPERROR) && !dmarc_is(facts, DMARC_PASS))
        return "no DKIM signature passes";
    return NULL;
}

/* undetermined_verdict - what of the verdicts is not known, as words; NULL */
static const char *undetermined_verdict(const struct facts *facts)
{
    bool is_bodiless = facts->message.message != NULL &&
                       facts->message.message->is_header_only && dkim_is(facts, DKIM_TEMPERROR);

    if (is_bodiless && dmarc_is(facts, DMARC_TEMPERROR))
        return "DMARC could not be determined: the body of the message is not in the file";
    if (dmarc_is(facts, DMARC_TEMPERROR))
        return "DMARC could not be determined";
    if (spf_is(facts, SPF_TEMPERROR))
        return "SPF could not be determined";
    if (dkim_is(facts, DKIM_TEMPERROR) && !dkim_is(facts, DKIM_PASS) && is_bodiless)
        return "DKIM could not be determined: the body of the message is not in the file";
    if (dkim_is(facts, DKIM_TEMPERROR) && !dkim_is(facts, DKIM_PASS))
        return "DKIM could not be determined";
    return NULL;
}

/* undetermined_audit - what of the domain is not known, as words; NULL */
static const char *undetermined_audit(const struct domain_facts *domain)
{
    if (domain->dmarc != NULL && domain->dmarc->is_undetermined)
        return "the DMARC policy could not be determined";
    if (domain->spf != NULL && domain->spf->is_undetermined)
        return "the SPF record could not be determined";
    if (domain->mx != NULL && !dns_status_is_answer(domain->mx->status))
        return "the MX records could not be determined";
    return NULL;
}

/* undetermined_finding - a check that counts and whose facts are missing; NULL */
static const struct finding *undetermined_finding(const struct finding *finding)
{
    for (; finding != NULL; finding = finding->next)
        if (finding->status == FINDING_UNDETERMINED && finding->severity <= SEV_WARNING)
            return finding;
    return NULL;
}

enum report_result report_judge(const struct facts *facts, const struct finding *findings)
{
    if (failing_verdict(facts) != NULL)
        return REPORT_FAIL;
    for (const struct finding *finding = findings; finding != NULL; finding = finding->next)
        if (finding->status == FINDING_FIRES && finding->severity == SEV_ERROR)
            return REPORT_FAIL;
    if (undetermined_verdict(facts) != NULL || undetermined_audit(&facts->domain) != NULL ||
        undetermined_finding(findings) != NULL)
        return REPORT_UNDETERMINED;
    return REPORT_PASS;
}

/* ---- findings that are dismissed ---- */

void report_ignore(struct report *report, const char *id)
{
    struct finding **link = &report->findings;

    while (*link != NULL)
        if (strcmp((*link)->id, id) == 0) {
            struct finding *taken = *link;

            *link = taken->next;
            taken->next = report->ignored;
            report->ignored = taken;
            report->ignored_count++;
        } else {
            link = &(*link)->next;
        }
}

/* has_dismissed - something was ignored or is known, so a failing verdict may be explained */
static bool has_dismissed(const struct report *report)
{
    if (report->ignored_count > 0)
        return true;
    for (const struct finding *finding = report->findings; finding; finding = finding->next)
        if (report_is_known(report, finding))
            return true;
    return false;
}

/* ---- the exit status ---- */

/* report_reaches - is a finding of this severity at the threshold */
static bool report_reaches(enum severity severity, enum report_threshold threshold)
{
    return threshold != THRESHOLD_NEVER && (int)severity <= (int)threshold;
}

/* count_at - findings at the threshold that count */
static size_t count_at(const struct report *report, enum report_threshold threshold)
{
    size_t count = 0;

    for (int severity = SEV_ERROR; severity <= SEV_INFO; severity++)
        if (report_reaches((enum severity)severity, threshold))
            count += report_count(report, (enum severity)severity);
    return count;
}

/* report_fails - a verdict that fails counts as an error even where no row of the catalogue
 * is about it, unless a finding was dismissed: then only findings count */
static bool report_fails(const struct report *report, enum report_threshold threshold)
{
    if (threshold == THRESHOLD_NEVER)
        return false;
    return count_at(report, threshold) > 0 ||
           (failing_verdict(report->facts) != NULL && !has_dismissed(report));
}

/* undetermined_reason - what is not known, as words; NULL if everything was */
static const char *undetermined_reason(struct arena *arena, const struct report *report)
{
    const struct finding *finding = undetermined_finding(report->findings);
    const char *reason = undetermined_verdict(report->facts);

    if (reason == NULL)
        reason = undetermined_audit(&report->facts->domain);
    if (reason == NULL && finding != NULL)
        reason = arena_printf(arena, "%s could not be determined", finding->id);
    return reason;
}

int report_exit_status(const struct report *report, enum report_threshold threshold)
{
    if (report_fails(report, threshold))
        return STATUS_FINDINGS;
    if (undetermined_verdict(report->facts) != NULL ||
        undetermined_audit(&report->facts->domain) != NULL ||
        undetermined_finding(report->findings) != NULL)
        return STATUS_UNDETERMINED;
    return STATUS_FINE;
}

/* named_findings - ": id (place), id (place)", the gravest first, the rest counted */
static const char *named_findings(struct arena *arena, const struct report *report,
                                  enum report_threshold threshold)
{
    struct sbuf list = sbuf_start(arena);
    size_t count = 0;

    for (const struct finding *one = report->findings; one != NULL; one = one->next) {
        const char *where = report_place(arena, &one->where);

        if (one->status != FINDING_FIRES || !report_reaches(one->severity, threshold) ||
            report_is_known(report, one) || count++ >= NAMED_SHOWN_MAX)
            continue;
        sbuf_addf(&list, "%s%s%s%s%s", count == 1 ? ": " : ", ", one->id,
                  where != NULL ? " (" : "", where != NULL ? where : "",
                  where != NULL ? ")" : "");
    }
    if (count > NAMED_SHOWN_MAX)
        sbuf_addf(&list, " and %zu more", count - NAMED_SHOWN_MAX);
    return sbuf_text(&list);
}

/* findings_reason - how many findings, and the verdict that fails */
static const char *findings_reason(struct arena *arena, const struct report *report,
                                   enum report_threshold threshold)
{
    static const char *const words[] = {"error", "warning", "notice"};
    const char *verdict = failing_verdict(report->facts);
    size_t count = count_at(report, threshold);
    const char *counted =
        arena_printf(arena, "%zu finding%s of severity %s%s", count, count == 1 ? "" : "s",
                     words[threshold], threshold == THRESHOLD_ERROR ? "" : " or above");

    if (count == 0)
        return verdict;
    return arena_printf(arena, "%s%s%s%s", verdict == NULL ? "" : verdict,
                        verdict == NULL ? "" : "; ", counted,
                        named_findings(arena, report, threshold));
}

const char *report_exit_reason(struct arena *arena, const struct report *report,
                               enum report_threshold threshold)
{
    if (report_fails(report, threshold))
        return findings_reason(arena, report, threshold);
    return undetermined_reason(arena, report);
}
