/*
 * What a receiving server asks about the envelope: the HELO name, and where mail for the
 * sender and to the recipient goes. The session finds the answers in the ledger. What the
 * recipient demands of TLS is judged here.
 */
#include "base/span.h"
#include "gather/gather_private.h"
#include "ledger/ledger.h"
#include "mail/mail_address.h"

/* ask_traced_recipient - where mail for it goes, as evidence; what it demands of TLS is judged
 * for a recipient that the user names */
static void ask_traced_recipient(const struct gather_work *work, const char *path)
{
    static const enum dns_type types[] = {DNS_MX, DNS_A, DNS_AAAA};
    const struct dns_name *name = mail_path_domain(work->arena, path, NULL);

    for (size_t i = 0; name != NULL && i < COUNT_OF(types); i++)
        ledger_ask_aside(work->ledger, name, types[i]);
}

/* envelope_ask_addresses - A and AAAA of a name */
static void envelope_ask_addresses(const struct gather_work *work, const struct dns_name *name)
{
    ledger_ask(work->ledger, name, DNS_A);
    ledger_ask(work->ledger, name, DNS_AAAA);
}

/* ask_mail_domain - MX and addresses of the domain of a path */
static void ask_mail_domain(const struct gather_work *work, const char *path)
{
    const struct dns_name *name =
        path != NULL && path[0] != '\0' ? mail_path_domain(work->arena, path, NULL) : NULL;

    if (name == NULL)
        return;
    ledger_ask(work->ledger, name, DNS_MX);
    envelope_ask_addresses(work, name);
}

/* judge_recipient - the mail hosts of its domain, and what MTA-STS and DANE demand there */
static const struct domain_facts *judge_recipient(const struct gather_work *work,
                                                  const struct facts *facts)
{
    const struct dns_name *name = mail_path_domain(work->arena, facts->subject->rcpt, NULL);
    struct domain_facts *recipient = NULL;

    if (name == NULL)
        return NULL;
    recipient = arena_new_of(work->arena, struct domain_facts);
    recipient->name = name;
    recipient->mx = ledger_ask(work->ledger, name, DNS_MX);
    if (recipient->mx->status == DNS_OK)
        gather_mx_hosts(work, recipient);
    gather_dnssec_recipient_open(work, facts, recipient);
    gather_demands(work, recipient);
    gather_dnssec_recipient(work, recipient);
    return recipient;
}

void gather_envelope(const struct gather_work *work, struct facts *facts)
{
    const struct subject *subject = facts->subject;
    const struct dns_name *helo =
        subject->helo != NULL ? dns_name_parse(work->arena, span_of(subject->helo), NULL)
                              : NULL;

    if (!work->has_envelope)
        return;
    if (helo != NULL)
        envelope_ask_addresses(work, helo);
    ask_mail_domain(work, subject->mail_from);
    if (subject->rcpt != NULL && subject->is_rcpt_traced) {
        ask_traced_recipient(work, subject->rcpt);
        return;
    }
    ask_mail_domain(work, subject->rcpt);
    if (subject->rcpt != NULL)
        facts->recipient = judge_recipient(work, facts);
}
