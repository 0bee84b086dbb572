/*
 * What a receiving server asks about the envelope: the HELO name, and where mail for the
 * sender and to the recipient goes. The story finds the answers in the ledger.
 */
#include "dns/dns_ledger.h"
#include "gather/gather_private.h"
#include "mail/mail_address.h"

/* ask_addresses - A and AAAA of a name */
static void ask_addresses(const struct gather_work *work, const struct dns_name *name)
{
    dns_ledger_ask(work->ledger, name, DNS_A);
    dns_ledger_ask(work->ledger, name, DNS_AAAA);
}

/* ask_mail_domain - MX and addresses of the domain of a path */
static void ask_mail_domain(const struct gather_work *work, const char *path)
{
    struct err unused = {0};
    const struct dns_name *name =
        path != NULL && path[0] != '\0' ? mail_path_domain(work->arena, path, &unused) : NULL;

    if (name == NULL)
        return;
    dns_ledger_ask(work->ledger, name, DNS_MX);
    ask_addresses(work, name);
}

void gather_envelope(const struct gather_work *work, const struct facts *facts)
{
    const struct subject *subject = facts->subject;
    struct err unused = {0};
    const struct dns_name *helo =
        subject->helo != NULL
            ? dns_name_parse(work->arena, span_of(subject->helo), &unused)
            : NULL;

    if (!work->has_envelope)
        return;
    if (helo != NULL)
        ask_addresses(work, helo);
    ask_mail_domain(work, subject->mail_from);
    ask_mail_domain(work, subject->rcpt);
}
