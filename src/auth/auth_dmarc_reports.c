/*
 * Every rua and ruf destination of a record: is it another organisation, and if so, has that
 * one agreed to get the reports.
 */
#include "auth/auth_dmarc_private.h"
#include "base/limits.h"
#include "model/rec_dmarc.h"

struct reports {
    struct arena *arena;
    struct ledger *ledger;
    const struct auth_dmarc_walk *own; /* of the record's domain */
    struct auth_dmarc_report *first;
    struct auth_dmarc_report **end;
    size_t count;
    bool is_pending;
};

/* ask_agreement - put the question of RFC 9990, 4, steps 2 to 5 */
static void ask_agreement(struct reports *reports, struct auth_dmarc_report *report)
{
    const char *prefix =
        arena_printf(reports->arena, "%s._report._dmarc", reports->own->domain->text);

    report->question = dns_name_prepend(reports->arena, prefix, report->uri->domain);
    if (report->question == NULL)
        return;
    report->answer = ledger_ask(reports->ledger, report->question, DNS_TXT);
    if (report->answer->status == DNS_PENDING)
        reports->is_pending = true;
}

/* judge_agreement - one record that begins with v=DMARC1 is enough: steps 6 to 8. A wildcard
 * is answered by the name server like any other record */
static void judge_agreement(struct auth_dmarc_report *report)
{
    const struct dns_answer *answer = report->answer;

    if (answer == NULL)
        return;
    if (!dns_status_is_answer(answer->status)) {
        report->is_undetermined = true;
        return;
    }
    for (const struct dns_rr *rr = dns_answer_first(answer); rr != NULL;
         rr = dns_answer_next(answer, rr))
        report->is_authorised = report->is_authorised || rec_dmarc_is_record(rr->joined);
}

/* is_family - one of the names is the other one or below it: probably not external, so the
 * agreement is not queried before it is needed */
static bool is_family(const struct dns_name *a, const struct dns_name *b)
{
    return dns_name_is_below(a, b) || dns_name_is_below(b, a);
}

/* judge_destination - external or not, authorised or not */
static void judge_destination(struct reports *reports, struct auth_dmarc_report *report)
{
    const struct dns_name *host = report->uri->domain;
    const struct auth_dmarc_walk *walk = NULL;
    bool is_known = true;

    if (host == NULL || dns_name_equal(host, reports->own->domain)) {
        report->is_authorised = host != NULL;
        return;
    }
    walk = auth_dmarc_walk(reports->arena, reports->ledger, host);
    if (walk->is_pending || reports->own->is_pending) {
        reports->is_pending = true;
        if (!is_family(host, reports->own->domain))
            ask_agreement(reports, report);
        return;
    }
    report->is_external = !auth_dmarc_walks_meet(reports->arena, reports->own, walk, &is_known);
    report->is_authorised = is_known && !report->is_external;
    if (report->is_authorised)
        return;
    report->is_external = true;
    ask_agreement(reports, report);
    judge_agreement(report);
    if (!is_known && !report->is_authorised)
        report->is_undetermined = true; /* perhaps it needs no agreement */
}

/* ask_mail - one of the queries about mail hosts */
static const struct dns_answer *ask_mail(struct reports *reports, const struct dns_name *host,
                                         enum dns_type type)
{
    const struct dns_answer *answer = ledger_ask(reports->ledger, host, type);

    reports->is_pending = reports->is_pending || answer->status == DNS_PENDING;
    return answer;
}

/* dmarc_reports_is_null_mx - RFC 7505, 3 */
static bool dmarc_reports_is_null_mx(const struct dns_answer *mx)
{
    const struct dns_rr *rr = dns_answer_first(mx);

    return dns_answer_count(mx) == 1 && rr->target != NULL && rr->target->labels == 0;
}

/* judge_mail - can reports be delivered there at all: RFC 5321, 5.1 */
static void judge_mail(struct reports *reports, struct auth_dmarc_report *report)
{
    const struct dns_name *host = report->uri->domain;

    if (host == NULL)
        return;
    report->mx = ask_mail(reports, host, DNS_MX);
    report->a = ask_mail(reports, host, DNS_A);
    report->aaaa = ask_mail(reports, host, DNS_AAAA);
    if (report->mx->status == DNS_OK) {
        report->takes_no_mail = dmarc_reports_is_null_mx(report->mx);
        return;
    }
    if (report->a->status == DNS_OK || report->aaaa->status == DNS_OK)
        return;
    if (!dns_status_is_answer(report->mx->status))
        report->mail_trouble = report->mx;
    else if (!dns_status_is_answer(report->a->status))
        report->mail_trouble = report->a;
    else if (!dns_status_is_answer(report->aaaa->status))
        report->mail_trouble = report->aaaa;
    report->takes_no_mail = report->mail_trouble == NULL;
}

/* dmarc_reports_add_list - the destinations of one tag */
static void dmarc_reports_add_list(struct reports *reports, const struct rec_dmarc_uri *uri,
                                   bool is_failure)
{
    for (; uri != NULL && reports->count < LIMIT_REPORT_URIS; uri = uri->next) {
        struct auth_dmarc_report *report =
            arena_new_of(reports->arena, struct auth_dmarc_report);

        reports->count++;
        report->uri = uri;
        report->is_failure = is_failure;
        judge_destination(reports, report);
        judge_mail(reports, report);
        *reports->end = report;
        reports->end = &report->next;
    }
}

struct auth_dmarc_report *auth_dmarc_reports(struct arena *arena, struct ledger *ledger,
                                             const struct auth_dmarc_step *step,
                                             bool *is_pending_out)
{
    struct reports reports = {.arena = arena, .ledger = ledger};

    if (step == NULL || step->record == NULL)
        return NULL;
    reports.end = &reports.first;
    reports.own = auth_dmarc_walk(arena, ledger, step->domain);
    dmarc_reports_add_list(&reports, step->record->rua, false);
    dmarc_reports_add_list(&reports, step->record->ruf, true);
    if (reports.is_pending)
        *is_pending_out = true;
    return reports.first;
}
