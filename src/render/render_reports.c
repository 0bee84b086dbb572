/* One section for each domain, and where to go on from there. */
#include "render/render_reports.h"

#include "base/clock.h"
#include "base/ip.h"
#include "base/limits_reports.h"
#include "model/dmarc_verdict.h"
#include "render/render_csv.h"
#include "render/render_format.h"
#include "render/render_json.h"
#include "render/render_page.h"

/* reports_text_domain - what was reported, by which policy, and what comes next */
static void reports_text_domain(struct page *page, const struct render_reports_domain *shown)
{
    const struct auth_dmarc_policy *policy = shown->facts->domain.dmarc;
    const char *name = shown->traffic->domain->text;

    page_put(page, PAGE_FAINT, "mailassay " MAILASSAY_VERSION "  ");
    page_put(page, PAGE_STRONG, name);
    page_end(page);
    page_end(page);
    if (policy != NULL && policy->step != NULL) {
        page_linef(page, 2, PAGE_PLAIN, "today: %s", policy->reason);
        page_end(page);
    }
    render_traffic_section(page, shown->traffic, shown->findings);
    page_linef(page, 2, PAGE_FAINT,
               "what to publish, with this as evidence: mailassay check %s "
               "--reports PATH",
               name);
    page_end(page);
}

void render_reports_text(const struct render_reports *reports,
                         const struct report_options *options, struct sbuf *out)
{
    struct page page = page_open(options, out);

    for (size_t i = 0; i < reports->count; i++)
        reports_text_domain(&page, &reports->domains[i]);
    if (reports->left_off > 0) {
        page_to(&page, 2);
        page_wrapf(&page, PAGE_DOUBT,
                   "%zu more domains are in the reports; only %d are evaluated",
                   reports->left_off, LIMIT_REPORTS_DOMAINS);
    }
}

json_t *render_reports_document(const struct render_reports *reports,
                                const struct report_options *options, struct arena *arena)
{
    json_t *domains = json_array();
    json_t *faults = json_array();

    (void)options;
    for (size_t i = 0; i < reports->count; i++)
        json_array_append_new(domains,
                              render_traffic_json_object(arena, reports->domains[i].traffic,
                                                         reports->domains[i].findings));
    for (const struct feedback_note *one = reports->set->notes; one != NULL; one = one->next)
        json_array_append_new(
            faults,
            render_json_text(arena, arena_printf(arena, "%s: %s", one->place, one->text)));
    return json_pack("{s:i, s:o, s:s, s:s, s:[], s:o, s:I, s:o}", "schema", REPORT_SCHEMA,
                     "tool", render_json_tool(), "time", clock_to_text(arena, reports->time),
                     "kind", reports->set->report_count > 0 ? "aggregate" : "tls", "recipients",
                     "reports", domains, "domains_left_off", (json_int_t)reports->left_off,
                     "faults", faults);
}

/* ---- CSV ---- */

/* reports_csv_number - a count */
static void reports_csv_number(struct sbuf *out, uint64_t number)
{
    render_csv_field(out, arena_printf(out->arena, "%llu", (unsigned long long)number));
}

/* reports_csv_day - empty where it is not known */
static void reports_csv_day(struct sbuf *out, int64_t seconds)
{
    render_csv_field(out, seconds > 0 ? traffic_day(out->arena, seconds) : "");
}

/* reports_csv_lists - addresses and reporters, the first of them */
static void reports_csv_lists(struct sbuf *out, const struct traffic_sender *sender)
{
    struct sbuf addresses = sbuf_start(out->arena);
    struct sbuf reporters = sbuf_start(out->arena);

    for (size_t i = 0; i < sender->address_count && i < LIMIT_TRAFFIC_SHOWN; i++)
        sbuf_add_item(&addresses, " ", ip_to_text(out->arena, &sender->addresses[i]->ip));
    for (size_t i = 0; i < sender->reporter_count; i++)
        sbuf_add_item(&reporters, "; ", sender->reporters[i]);
    render_csv_field(out, sbuf_text(&addresses));
    render_csv_field(out, render_safe(out->arena, sbuf_text(&reporters)));
}

/* reports_csv_row - one sender */
static void reports_csv_row(struct sbuf *out, const struct traffic *traffic,
                            const struct traffic_sender *sender)
{
    const struct traffic_sum *now = &sender->now;

    render_csv_field(out, traffic->domain->text);
    render_csv_field(out, render_safe(out->arena, sender->name));
    render_csv_field(out, sender->provider != NULL ? sender->provider->name : "");
    render_csv_field(out, traffic_owner_to_text(sender->owner));
    render_csv_field(out, render_safe(out->arena, sender->reason));
    reports_csv_number(out, now->messages);
    reports_csv_number(out, now->pass);
    reports_csv_number(out, traffic_failing(now));
    reports_csv_number(out, now->unknown);
    reports_csv_number(out, now->junked);
    reports_csv_number(out, now->refused);
    reports_csv_number(out, sender->passed_then);
    reports_csv_day(out, sender->first);
    reports_csv_day(out, sender->last);
    reports_csv_day(out, sender->fail_until);
    reports_csv_day(out, sender->passes_since);
    reports_csv_lists(out, sender);
    sbuf_add(out, "\r\n");
}

void render_reports_csv(const struct render_reports *reports,
                        const struct report_options *options, struct sbuf *out)
{
    (void)options;
    sbuf_add(out, "domain,sender,provider,owner,reason,messages,pass,fail,unknown,quarantine,"
                  "reject,passed_then,first,last,failed_until,passes_since,addresses,"
                  "reporters\r\n");
    for (size_t i = 0; i < reports->count; i++)
        for (const struct traffic_sender *one = reports->domains[i].traffic->senders;
             one != NULL; one = one->next)
            reports_csv_row(out, reports->domains[i].traffic, one);
}
