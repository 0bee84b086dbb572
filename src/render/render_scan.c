/* Columns are a table: a name, and what is there. */
#include "render/render_scan.h"

#include <string.h>

#include "base/arena.h"
#include "base/span.h"
#include "html/html.h"
#include "model/dmarc_verdict.h"
#include "model/dns_answer.h"
#include "model/dnssec_verdict.h"
#include "model/facts.h"
#include "model/finding.h"
#include "model/rec_dmarc.h"
#include "model/rec_mta_sts_policy.h"
#include "model/report.h"
#include "model/result.h"
#include "model/spf_verdict.h"
#include "render/render_csv.h"
#include "render/render_format.h"
#include "render/render_redact.h"

#define UNKNOWN "unknown"
#define ABSENT  "absent"

/* what is in a column, "" where there is nothing to say: of the report, where there is one, or
 * of the line */
struct scan_column {
    const char *name;
    int width; /* in the table */
    const char *(*of_report)(struct arena *arena, const struct report *report);
    const char *(*of_line)(struct arena *arena, const struct render_scan *scan);
};

/* scan_number - in decimal */
static const char *scan_number(struct arena *arena, size_t number)
{
    return arena_printf(arena, "%zu", number);
}

/* scan_missing - why there is no record: it is absent, or nobody knows */
static const char *scan_missing(const struct dns_answer *answer)
{
    return answer == NULL || dns_status_is_answer(answer->status) ? ABSENT : UNKNOWN;
}

/* ---- the subject ---- */

static const char *value_line(struct arena *arena, const struct render_scan *scan)
{
    return scan_number(arena, scan->line);
}

static const char *value_id(struct arena *arena, const struct render_scan *scan)
{
    (void)arena;
    return scan->id != NULL ? scan->id : "";
}

static const char *value_domain(struct arena *arena, const struct report *report)
{
    const struct domain_facts *domain = &report->facts->domain;

    (void)arena;
    return domain->name != NULL ? domain->name->text : "";
}

static const char *value_problem(struct arena *arena, const struct render_scan *scan)
{
    return scan->unread != NULL && scan->unread->fault_count > 0
               ? render_safe(arena, scan->unread->faults[0].text)
               : "";
}

/* ---- the report ---- */

static const char *value_result(struct arena *arena, const struct render_scan *scan)
{
    (void)arena;
    return scan->report != NULL ? report_result_to_text(scan->report->result) : "unread";
}

static const char *value_forgery(struct arena *arena, const struct report *report)
{
    (void)arena;
    return report_forgery_to_text(report->summary->forgery);
}

static const char *value_own_mail(struct arena *arena, const struct report *report)
{
    (void)arena;
    return report_own_mail_to_text(report->summary->own_mail);
}

static const char *value_headline(struct arena *arena, const struct report *report)
{
    return render_safe(arena, report->summary->clause);
}

/* scan_count - findings of a severity */
static const char *scan_count(struct arena *arena, const struct report *report,
                              enum severity severity)
{
    return scan_number(arena, report_count(report, severity));
}

static const char *value_errors(struct arena *arena, const struct report *report)
{
    return scan_count(arena, report, SEV_ERROR);
}

static const char *value_warnings(struct arena *arena, const struct report *report)
{
    return scan_count(arena, report, SEV_WARNING);
}

static const char *value_notices(struct arena *arena, const struct report *report)
{
    return scan_count(arena, report, SEV_NOTICE);
}

/* scan_worst - the finding that weighs most, the first of them; NULL */
static const struct finding *scan_worst(const struct report *report)
{
    const struct finding *worst = NULL;

    for (const struct finding *at = report->findings; at != NULL; at = at->next)
        if (!at->is_dismissed && (worst == NULL || at->severity < worst->severity))
            worst = at;
    return worst;
}

static const char *value_worst(struct arena *arena, const struct report *report)
{
    const struct finding *worst = scan_worst(report);

    (void)arena;
    return worst != NULL ? worst->id : "";
}

static const char *value_findings(struct arena *arena, const struct report *report)
{
    struct sbuf list = sbuf_start(arena);

    for (const struct finding *at = report->findings; at != NULL; at = at->next)
        if (at->severity <= SEV_WARNING && !at->is_dismissed)
            sbuf_add_item(&list, " ", at->id);
    return sbuf_text(&list);
}

/* ---- SPF, DKIM, DMARC ---- */

/* scan_spf_root - the record of the domain and its answer; NULL: not asked for */
static const struct auth_spf_node *scan_spf_root(const struct report *report)
{
    const struct domain_facts *domain = &report->facts->domain;

    return domain->spf != NULL ? domain->spf->root : NULL;
}

static const char *value_spf(struct arena *arena, const struct report *report)
{
    const struct auth_spf_node *root = scan_spf_root(report);

    (void)arena;
    if (root == NULL)
        return "";
    if (root->record_count > 1)
        return "several";
    if (root->record == NULL)
        return scan_missing(root->answer);
    return root->record->is_fatal ? "invalid" : "valid";
}

/* scan_qualifier - what a term that matches makes of the sender (RFC 7208, 4.6.2) */
static enum spf_result scan_qualifier(char qualifier)
{
    static const struct {
        char qualifier;
        enum spf_result result;
    } table[] = {{'-', SPF_FAIL}, {'~', SPF_SOFTFAIL}, {'?', SPF_NEUTRAL}};

    for (size_t i = 0; i < COUNT_OF(table); i++)
        if (table[i].qualifier == qualifier)
            return table[i].result;
    return SPF_PASS;
}

static const char *value_spf_all(struct arena *arena, const struct report *report)
{
    const struct auth_spf_node *root = scan_spf_root(report);

    (void)arena;
    if (root == NULL || root->record == NULL || root->record->all == NULL)
        return "";
    return spf_result_to_text(scan_qualifier(root->record->all->qualifier));
}

static const char *value_spf_lookups(struct arena *arena, const struct report *report)
{
    const struct auth_spf_node *root = scan_spf_root(report);

    return root != NULL && root->record != NULL ? scan_number(arena, root->lookups) : "";
}

static const char *value_dkim_keys(struct arena *arena, const struct report *report)
{
    const struct domain_facts *domain = &report->facts->domain;
    size_t keys = 0;

    for (const struct selector_facts *at = domain->selectors; at != NULL; at = at->next)
        keys += at->key != NULL;
    return scan_number(arena, keys);
}

static const char *value_dkim_bits(struct arena *arena, const struct report *report)
{
    const struct domain_facts *domain = &report->facts->domain;
    unsigned least = 0;

    for (const struct selector_facts *at = domain->selectors; at != NULL; at = at->next)
        if (at->key_bits > 0 && (least == 0 || at->key_bits < least))
            least = at->key_bits;
    return least > 0 ? scan_number(arena, least) : "";
}

/* scan_dmarc - the policy that applies; NULL: not asked for */
static const struct auth_dmarc_policy *scan_dmarc(const struct report *report)
{
    return report->facts->domain.dmarc;
}

static const char *value_dmarc(struct arena *arena, const struct report *report)
{
    const struct auth_dmarc_policy *policy = scan_dmarc(report);

    (void)arena;
    if (policy == NULL)
        return "";
    if (policy->step == NULL)
        return policy->is_undetermined ? UNKNOWN : ABSENT;
    return rec_dmarc_policy_to_text(policy->policy);
}

static const char *value_dmarc_domain(struct arena *arena, const struct report *report)
{
    const struct auth_dmarc_policy *policy = scan_dmarc(report);

    (void)arena;
    return policy != NULL && policy->step != NULL ? policy->step->domain->text : "";
}

/* ---- mail hosts and what protects the way to them ---- */

static const char *value_mx(struct arena *arena, const struct report *report)
{
    const struct domain_facts *domain = &report->facts->domain;
    size_t hosts = 0;

    if (domain->mx == NULL)
        return "";
    if (domain->is_null_mx)
        return "null";
    if (!dns_status_is_answer(domain->mx->status))
        return UNKNOWN;
    for (const struct mx_host *at = domain->mx_hosts; at != NULL; at = at->next)
        hosts++;
    return scan_number(arena, hosts);
}

static const char *value_mta_sts(struct arena *arena, const struct report *report)
{
    const struct domain_facts *domain = &report->facts->domain;

    (void)arena;
    if (domain->mta_sts.record == NULL)
        return scan_missing(domain->mta_sts.text.answer);
    return domain->mta_sts.policy != NULL
               ? rec_mta_sts_mode_to_text(domain->mta_sts.policy->mode)
               : UNKNOWN;
}

static const char *value_tls_rpt(struct arena *arena, const struct report *report)
{
    const struct domain_facts *domain = &report->facts->domain;

    (void)arena;
    return domain->tls_rpt.record != NULL ? "present"
                                          : scan_missing(domain->tls_rpt.text.answer);
}

static const char *value_dane(struct arena *arena, const struct report *report)
{
    static const char *const words[] = {[DANE_ABSENT] = ABSENT,
                                        [DANE_UNASKED] = UNKNOWN,
                                        [DANE_UNVERIFIED] = "unverified",
                                        [DANE_INSECURE] = "insecure",
                                        [DANE_SECURE] = "secure"};
    const struct domain_facts *domain = &report->facts->domain;
    enum dane_state worst = DANE_SECURE;

    (void)arena;
    if (domain->mx_hosts == NULL)
        return "";
    for (const struct mx_host *at = domain->mx_hosts; at != NULL; at = at->next)
        if (at->dane < worst)
            worst = at->dane;
    return words[worst];
}

static const char *value_dnssec(struct arena *arena, const struct report *report)
{
    const struct domain_facts *domain = &report->facts->domain;
    const struct dnssec_answer *answer = domain->dnssec.answers;

    (void)arena;
    while (answer != NULL && strcmp(answer->role, "mx") != 0)
        answer = answer->next;
    return answer != NULL ? dnssec_chain_state_to_text(answer->verdict->state) : "";
}

/* ---- rows ---- */

/* the order is a contract */
static const struct scan_column columns[] = {
    {"line", 0, .of_line = value_line},
    {"id", 0, .of_line = value_id},
    {"domain", 32, .of_report = value_domain},
    {"result", 0, .of_line = value_result},
    {"forgery", 8, .of_report = value_forgery},
    {"own_mail", 0, .of_report = value_own_mail},
    {"errors", 0, .of_report = value_errors},
    {"warnings", 0, .of_report = value_warnings},
    {"notices", 0, .of_report = value_notices},
    {"spf", 8, .of_report = value_spf},
    {"spf_all", 0, .of_report = value_spf_all},
    {"spf_lookups", 0, .of_report = value_spf_lookups},
    {"dkim_keys", 9, .of_report = value_dkim_keys},
    {"dkim_bits", 0, .of_report = value_dkim_bits},
    {"dmarc", 10, .of_report = value_dmarc},
    {"dmarc_domain", 0, .of_report = value_dmarc_domain},
    {"mx", 7, .of_report = value_mx},
    {"mta_sts", 8, .of_report = value_mta_sts},
    {"tls_rpt", 0, .of_report = value_tls_rpt},
    {"dane", 0, .of_report = value_dane},
    {"dnssec", 0, .of_report = value_dnssec},
    {"worst", 1, .of_report = value_worst},
    {"findings", 0, .of_report = value_findings},
    {"headline", 0, .of_report = value_headline},
    {"problem", 0, .of_line = value_problem},
};

/* column_value - of a subject */
static const char *column_value(struct arena *arena, const struct scan_column *column,
                                const struct render_scan *scan)
{
    if (column->of_line != NULL)
        return column->of_line(arena, scan);
    return scan->report != NULL ? column->of_report(arena, scan->report) : "";
}

void render_scan_csv(const struct render_scan *scan, const struct report_options *options,
                     struct sbuf *out)
{
    (void)options;
    for (size_t i = 0; i < COUNT_OF(columns); i++)
        render_csv_field(out, column_value(out->arena, &columns[i], scan));
    sbuf_add_octet(out, '\n');
}

/* scan_cell - of the table; the last one is not filled up */
static void scan_cell(struct sbuf *out, const struct scan_column *column, const char *text)
{
    if (column->width > 1)
        sbuf_addf(out, "%-*s ", column->width, text[0] != '\0' ? text : "-");
    else if (column->width == 1)
        sbuf_addf(out, "%s\n", text[0] != '\0' ? text : "-");
}

void render_scan_table(const struct render_scan *scan, const struct report_options *options,
                       struct sbuf *out)
{
    (void)options;
    if (scan->report == NULL) {
        sbuf_addf(out, "line %zu: %s\n", scan->line, value_problem(out->arena, scan));
        return;
    }
    for (size_t i = 0; i < COUNT_OF(columns); i++)
        if (columns[i].width > 0)
            scan_cell(out, &columns[i], column_value(out->arena, &columns[i], scan));
}

void render_scan_html(const struct render_scan *scan, const struct report_options *options,
                      struct sbuf *out)
{
    json_t *documents = json_incref(scan->documents);

    if (options->is_redacted)
        documents = render_redact(out->arena, documents);
    html_list(documents, out);
    json_decref(documents);
}

void render_scan_jsonl(const struct render_scan *scan, const struct report_options *options,
                       struct sbuf *out)
{
    if (scan->report != NULL)
        render_line(scan->report, options, scan->id, out);
    else
        render_line_unread(scan->unread, scan->id, out);
}

bool render_scan_is_row(enum render_format format)
{
    return format == FORMAT_jsonl || format == FORMAT_csv || format == FORMAT_table;
}

void render_scan_head(enum render_format format, struct sbuf *out)
{
    if (format != FORMAT_csv && format != FORMAT_table)
        return;
    for (size_t i = 0; i < COUNT_OF(columns); i++)
        if (format == FORMAT_csv)
            render_csv_field(out, columns[i].name);
        else
            scan_cell(out, &columns[i], columns[i].name);
    if (format == FORMAT_csv)
        sbuf_add_octet(out, '\n');
}
