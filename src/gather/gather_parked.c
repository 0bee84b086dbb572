/*
 * A domain that neither sends nor takes mail: somebody said so (--parked), or its records do.
 * One alone is not enough: a null MX and an SPF record with hosts may be a sender that takes
 * no answers, and "v=spf1 -all" and mail hosts are a domain that only takes mail. With keys
 * it may be one that sends by signatures alone.
 */
#include "gather/gather_private.h"
#include "model/rec_spf.h"
#include "model/spf_verdict.h"

/* refuses_all - the record is exactly "v=spf1 -all" */
static bool refuses_all(const struct rec_spf *record)
{
    return record != NULL && record->term_count == 1 && record->all != NULL &&
           record->all->qualifier == '-';
}

/* parked_may_sign - something is below _domainkey, and no wildcard explains it: mail is
 * sent whose MAIL FROM is elsewhere, and whose signatures speak for the domain */
static bool parked_may_sign(const struct domain_facts *domain)
{
    return domain->domainkey != NULL && !dns_answer_is_empty_below(domain->domainkey) &&
           (domain->wildcard_dkim == NULL || domain->wildcard_dkim->status != DNS_OK);
}

/* parked_state_of - what the records say; what could not be queried says nothing */
static enum parked_state parked_state_of(const struct domain_facts *domain)
{
    const struct auth_spf_node *root = domain->spf->root;
    bool is_refusing = root != NULL && refuses_all(root->record);
    bool is_silent = domain->txt->status == DNS_NXDOMAIN || domain->txt->status == DNS_NODATA ||
                     (domain->txt->status == DNS_OK && root != NULL && root->record_count == 0);

    if (domain->is_null_mx && (is_refusing || is_silent))
        return PARKED_BY_MX;
    if (dns_status_is_absent(domain->mx->status) && is_refusing && !parked_may_sign(domain))
        return PARKED_BY_SPF;
    return PARKED_NOT;
}

/* lists_senders - a sound record that lets somebody send, or may */
static bool lists_senders(const struct rec_spf *record)
{
    return record != NULL && !record->is_fatal && !refuses_all(record);
}

void gather_parked(const struct gather_work *work, struct facts *facts)
{
    struct domain_facts *domain = &facts->domain;
    const struct rec_spf *record = domain->spf->root != NULL ? domain->spf->root->record : NULL;
    bool is_declared = facts->subject->is_parked;

    /* asked before it is known whether it matters: later it would cost a round */
    domain->wildcard_dkim =
        gather_ask_below(work, "_mailassay-no-such-name._domainkey", domain->name, DNS_TXT);
    domain->sends_no_mail = is_declared || (domain->is_null_mx && !lists_senders(record)) ||
                            (refuses_all(record) && !parked_may_sign(domain));
    domain->parked = is_declared ? PARKED_DECLARED : parked_state_of(domain);
}
