/* Queries that several files of the room send. */
#include "auth/auth_dmarc.h"
#include "auth/auth_spf.h"
#include "gather/gather_private.h"
#include "ledger/ledger.h"
#include "model/provider.h"
#include "model/rec_dmarc.h"
#include "model/rec_spf.h"
#include "record/rec_dmarc.h"
#include "record/rec_spf.h"

const struct dns_answer *gather_ask_below(const struct gather_work *work, const char *prefix,
                                          const struct dns_name *domain, enum dns_type type)
{
    const struct dns_name *name = dns_name_prepend(work->arena, prefix, domain);

    return name != NULL ? ledger_ask(work->ledger, name, type) : NULL;
}

const struct dns_answer *gather_meant_ask(const struct gather_work *work,
                                          const struct dns_name *name, enum dns_type type)
{
    return work->source != NULL ? ledger_ask_aside(work->ledger, name, type)
                                : ledger_find(work->ledger, name, type);
}

/* ask_selectors - the keys that are usual with a provider, once the record would include it */
static void ask_selectors(const struct gather_work *work, const struct dns_name *domain,
                          const struct provider *provider)
{
    const struct provider_names *usual = &provider->lists[PROVIDER_BY_SELECTOR];

    for (size_t i = 0; i < usual->count; i++) {
        const struct dns_name *name = dns_name_prepend(
            work->arena, arena_printf(work->arena, "%s._domainkey", usual->names[i]), domain);

        if (name != NULL)
            gather_meant_ask(work, name, DNS_TXT);
    }
}

/* ask_record_of_host - a name without an address may be that of a record */
static void ask_record_of_host(const struct gather_work *work, const struct rec_spf_term *term)
{
    const struct dns_name *name = term->has_domain_spec && !term->has_macro
                                      ? dns_name_from_octets(work->arena, term->domain_spec)
                                      : NULL;
    const struct dns_answer *a = name != NULL ? ledger_find(work->ledger, name, DNS_A) : NULL;

    if (a != NULL && dns_status_is_absent(a->status))
        gather_meant_ask(work, name, DNS_TXT);
}

void gather_ask_spf_text(const struct gather_work *work, const struct dns_name *domain,
                         struct span text)
{
    struct dns_rr rr = {.joined = text};
    struct rec_spf record;

    if (work->source == NULL)
        return;
    auth_spf_tree_ask(work->ledger, domain, &rr);
    rec_spf_parse(work->arena, text, &record);
    for (size_t i = 0; i < record.term_count; i++) {
        const struct provider *provider = provider_of_spf_include(
            work->providers, arena_strdup_span(work->arena, record.terms[i].domain_spec));

        if (record.terms[i].kind == REC_SPF_INCLUDE && provider != NULL)
            ask_selectors(work, domain, provider);
        if (record.terms[i].kind == REC_SPF_A)
            ask_record_of_host(work, &record.terms[i]);
    }
}

void gather_ask_dmarc_text(const struct gather_work *work, const struct auth_dmarc_step *step,
                           struct span text)
{
    struct auth_dmarc_step assumed = *step;
    struct rec_dmarc record;
    bool is_pending = false;

    if (work->source == NULL)
        return;
    rec_dmarc_parse(work->arena, text, &record);
    assumed.record = &record;
    auth_dmarc_reports(work->arena, work->ledger, &assumed, &is_pending);
}
