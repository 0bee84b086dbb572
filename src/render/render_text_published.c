/*
 * What a domain publishes, in one row each: what is at the top when there is no message.
 * The word says what it is good for.
 */
#include <string.h>

#include "base/dns_name.h"
#include "base/sbuf.h"
#include "base/span.h"
#include "model/dmarc_verdict.h"
#include "model/finding_id.h"
#include "model/rec_dmarc.h"
#include "model/spf_verdict.h"
#include "render/render_format.h"
#include "render/render_text.h"

#define SHOWN_NAMES 3 /* selectors, mail hosts: the rest is counted */

/* absence_word - absent, or not known */
static const char *absence_word(const struct dns_answer *answer)
{
    return dns_status_is_answer(answer->status) ? "absent" : "undetermined";
}

/* findings that say: a record is there and does not count */
static const struct {
    const char *label;
    enum finding_id row;
    const char *why;
} discounted[] = {
    {"SPF", ID_spf_quoted, "it holds literal quotes or backslashes"},
    {"SPF", ID_spf_version, "it does not begin with \"v=spf1 \""},
    {"SPF", ID_spf_wrong_name, "it is where receivers do not look"},
    {"SPF", ID_spf_type99_only, "it is of the abandoned type SPF, not TXT"},
    {"DMARC", ID_dmarc_several, "there are several"},
    {"DMARC", ID_dmarc_quoted, "it holds literal quotes or backslashes"},
    {"DMARC", ID_dmarc_version, "it does not begin with \"v=DMARC1;\""},
    {"DMARC", ID_dmarc_wrong_name, "it is where receivers do not look"},
};

/* absent_row - no record, or none that counts */
static struct text_row absent_row(struct page *page, const struct report *report,
                                  const char *label, const char *about)
{
    for (size_t i = 0; i < COUNT_OF(discounted); i++)
        for (const struct finding *one = report->findings; one != NULL; one = one->next)
            if (strcmp(discounted[i].label, label) == 0 && discounted[i].row == one->row)
                return (struct text_row){label, "useless", PAGE_BAD,
                                         arena_printf(page->arena,
                                                      "the record does not count: %s",
                                                      discounted[i].why)};
    return (struct text_row){label, "absent", PAGE_BAD, about};
}

/* ---- SPF ---- */

/* text_published_spf_use - what a record that works is good for */
static const char *text_published_spf_use(struct page *page, const struct report_spf *spf,
                                          unsigned lookups)
{
    const char *cost =
        arena_printf(page->arena, "%u of %d lookups", lookups, AUTH_SPF_LOOKUP_MAX);

    if (spf->unlisted == NULL)
        return cost;
    return arena_printf(page->arena, "unlisted addresses get %s; %s", spf->unlisted, cost);
}

/* is_silent - the record says nothing about other hosts */
static bool is_silent(const struct report_spf *spf)
{
    return spf->unlisted != NULL && strcmp(spf->unlisted, "neutral") == 0;
}

/* text_published_spf_row - what receivers make of the record */
static void text_published_spf_row(struct page *page, const struct report *report)
{
    const struct report_spf *spf = report->spf;
    struct text_row row = {.label = "SPF"};

    switch (spf->state) {
    case REPORT_SPF_UNKNOWN:
        row = (struct text_row){"SPF", "undetermined", PAGE_DOUBT, spf->why};
        break;
    case REPORT_SPF_ABSENT:
        row = absent_row(page, report, "SPF",
                         "no SPF record says which hosts send for the domain");
        break;
    case REPORT_SPF_PERMERROR:
        row = (struct text_row){"SPF", "permerror", PAGE_BAD,
                                arena_printf(page->arena, "for %s: %s", spf->whom, spf->why)};
        break;
    case REPORT_SPF_OPEN:
        row = (struct text_row){"SPF", "open", PAGE_BAD,
                                arena_printf(page->arena, "%s passes", spf->whom)};
        break;
    case REPORT_SPF_SHUT:
        row = (struct text_row){"SPF", "useless", PAGE_BAD, spf->why};
        break;
    case REPORT_SPF_USABLE:
        row = (struct text_row){
            "SPF", "usable", is_silent(spf) ? PAGE_DOUBT : PAGE_GOOD,
            text_published_spf_use(page, spf, report->facts->domain.spf->lookups)};
        break;
    }
    text_row(page, &row);
}

/* ---- DMARC ---- */

/* text_published_dmarc_row - what becomes of mail that fails */
static void text_published_dmarc_row(struct page *page, const struct report *report)
{
    static const char *const effects[] = {"mail that fails is delivered as before",
                                          "mail that fails goes to junk",
                                          "mail that fails is refused"};
    static const enum page_style styles[] = {PAGE_BAD, PAGE_DOUBT, PAGE_GOOD};
    const struct auth_dmarc_policy *policy = report->facts->domain.dmarc;
    struct text_row row = absent_row(page, report, "DMARC", policy->reason);

    if (policy->is_undetermined) {
        row = (struct text_row){"DMARC", "undetermined", PAGE_DOUBT, policy->reason};
    } else if (policy->step != NULL) {
        row.word = rec_dmarc_policy_to_text(policy->policy);
        row.style = styles[policy->policy];
        row.about =
            arena_printf(page->arena, "%s (%s= at %s%s)", effects[policy->policy],
                         auth_dmarc_tag_to_text(policy->tag), policy->step->domain->text,
                         policy->is_lowered_by_testing ? ", lowered by t=y" : "");
        if (dns_name_equal(policy->step->domain, report->facts->domain.name))
            row.about = arena_printf(page->arena, "%s (%s=%s%s)", effects[policy->policy],
                                     auth_dmarc_tag_to_text(policy->tag),
                                     rec_dmarc_policy_to_text(policy->written),
                                     policy->is_lowered_by_testing ? ", lowered by t=y" : "");
    }
    text_row(page, &row);
}

/* ---- DKIM ---- */

/* has_key_error - verifiers must not use it, or cannot */
static bool has_key_error(const struct report *report, const struct selector_facts *one)
{
    for (const struct finding *finding = report->findings; finding != NULL;
         finding = finding->next)
        if (finding->severity == SEV_ERROR && finding->status == FINDING_FIRES &&
            finding->where.name != NULL &&
            span_starts_with(span_of(finding->id), "dkim_key_") &&
            strcmp(finding->where.name, one->key_name->text) == 0)
            return true;
    return false;
}

/* is_usable_key - a verifier could use it */
static bool is_usable_key(const struct report *report, const struct selector_facts *one)
{
    return one->key != NULL && !one->key->is_fatal && !one->key->is_revoked &&
           !has_key_error(report, one);
}

/* key_names - "m2026 (2048-bit RSA key), s1 (...) and 2 more": usable ones, or the others */
static const char *key_names(struct page *page, const struct report *report, bool wants_usable)
{
    const struct selector_facts *selectors = report->facts->domain.selectors;
    struct sbuf text = sbuf_start(page->arena);
    size_t count = 0;

    for (const struct selector_facts *one = selectors; one != NULL; one = one->next) {
        if ((one->key == NULL && one->origin != SELECTOR_OPTION) ||
            is_usable_key(report, one) != wants_usable)
            continue;
        if (count++ < SHOWN_NAMES)
            sbuf_addf(&text, "%s%s (%s%s)", count > 1 ? ", " : "", one->selector->text,
                      one->key != NULL ? text_key(page, one) : "no key",
                      one->key_count > 1 ? ", one of several" : "");
    }
    if (count > SHOWN_NAMES)
        sbuf_addf(&text, " and %zu more", count - SHOWN_NAMES);
    return count > 0 ? sbuf_text(&text) : NULL;
}

/* text_published_dkim_row - the keys that are there, and those that were meant to be */
static void text_published_dkim_row(struct page *page, const struct report *report)
{
    const struct selector_facts *selectors = report->facts->domain.selectors;
    const char *usable = key_names(page, report, true);
    const char *useless = key_names(page, report, false);
    struct text_row row = {"DKIM", "not found", PAGE_DOUBT,
                           "no key at common selectors; give yours with --selector"};
    size_t unknown = 0;

    for (const struct selector_facts *one = selectors; one != NULL; one = one->next)
        unknown += one->answer != NULL && !dns_status_is_answer(one->answer->status);
    if (usable != NULL)
        row = (struct text_row){"DKIM", "usable", PAGE_GOOD, usable};
    else if (useless != NULL)
        row = (struct text_row){"DKIM", "broken", PAGE_BAD, useless};
    else if (unknown > 0)
        row = (struct text_row){"DKIM", "undetermined", PAGE_DOUBT,
                                arena_printf(page->arena, "%s could not be looked up",
                                             page_count(page, unknown, "selector"))};
    text_row(page, &row);
    if (usable != NULL && useless != NULL)
        text_row(page, &(struct text_row){"", "broken", PAGE_BAD, useless});
}

/* ---- MX ---- */

/* is_reachable - a sender may find a host there; what could not be queried counts */
static bool is_reachable(const struct mx_host *host)
{
    bool is_known = host->a != NULL && dns_status_is_answer(host->a->status) &&
                    host->aaaa != NULL && dns_status_is_answer(host->aaaa->status);

    return !is_known || dns_answer_count(host->a) + dns_answer_count(host->aaaa) > 0;
}

/* text_published_hosts - "mx1.example.com, mx2.example.com; 1 more has no address" */
static const char *text_published_hosts(struct page *page, const struct domain_facts *domain)
{
    struct sbuf text = sbuf_start(page->arena);
    size_t count = 0;
    size_t lost = 0;

    for (const struct mx_host *host = domain->mx_hosts; host != NULL; host = host->next) {
        if (!is_reachable(host))
            lost++;
        else if (count++ < SHOWN_NAMES)
            sbuf_add_item(&text, ", ", host->host->text);
    }
    if (count > SHOWN_NAMES)
        sbuf_addf(&text, " and %zu more", count - SHOWN_NAMES);
    if (lost > 0)
        sbuf_addf(&text, "%s%s without an address", text.len > 0 ? "; " : "",
                  page_count(page, lost, "host"));
    return sbuf_text(&text);
}

/* mx_row - where its mail goes */
static void mx_row(struct page *page, const struct domain_facts *domain)
{
    size_t count = dns_answer_count(domain->mx);
    struct text_row row = {"MX", page_count(page, count, "host"), PAGE_PLAIN, NULL};

    if (count == 0)
        row = (struct text_row){"MX", absence_word(domain->mx), PAGE_DOUBT,
                                dns_status_is_answer(domain->mx->status)
                                    ? text_absence(page, domain->mx)
                                    : render_trouble(page->arena, domain->mx)};
    else if (domain->is_null_mx)
        row = (struct text_row){"MX", "null MX", PAGE_PLAIN, "the domain accepts no mail"};
    else
        row.about = text_published_hosts(page, domain);
    text_row(page, &row);
}

/* ---- domains without mail ---- */

/* parked_row - no mail at all, and how that is known */
static void parked_row(struct page *page, enum parked_state state)
{
    static const char *const known_by[] = {
        "", "said with --parked", "a null MX, and no senders", "v=spf1 -all, and no mail host"};

    text_row(page,
             &(struct text_row){"Parked", state == PARKED_DECLARED ? "declared" : "recognised",
                                PAGE_NOTE, known_by[state]});
}

/* wildcard_row - keys of a parked domain */
static void wildcard_row(struct page *page, const struct selector_facts *selectors)
{
    const struct selector_facts *one = selectors;
    struct text_row row = {"DKIM", "not revoked", PAGE_DOUBT, "no wildcard revokes all keys"};

    while (one != NULL && one->origin != SELECTOR_WILDCARD)
        one = one->next;
    if (one != NULL && !dns_status_is_answer(one->answer->status))
        row = (struct text_row){"DKIM", "undetermined", PAGE_DOUBT,
                                render_trouble(page->arena, one->answer)};
    else if (one != NULL && one->key != NULL && one->key->is_revoked)
        row = (struct text_row){"DKIM", "revoked", PAGE_GOOD, "all keys, by a wildcard"};
    text_row(page, &row);
}

void render_text_published(struct page *page, const struct report *report)
{
    const struct domain_facts *domain = &report->facts->domain;

    if (domain->parked != PARKED_NOT)
        parked_row(page, domain->parked);
    if (domain->spf != NULL && domain->spf->root != NULL && domain->spf->root->answer != NULL)
        text_published_spf_row(page, report);
    if (domain->name != NULL && domain->parked != PARKED_NOT)
        wildcard_row(page, domain->selectors);
    else if (domain->name != NULL)
        text_published_dkim_row(page, report);
    if (domain->dmarc != NULL)
        text_published_dmarc_row(page, report);
    if (domain->mx != NULL)
        mx_row(page, domain);
}
