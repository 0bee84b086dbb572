/* Mail hosts. */
#include <string.h>

#include "base/ip.h"
#include "remedy/remedy_private.h"

/* remedy_dns_mx_rr - the MX record that names a host */
static const struct dns_rr *remedy_dns_mx_rr(const struct remedy_maker *maker, const char *host)
{
    const struct dns_answer *mx = maker->facts->domain.mx;
    const struct dns_rr *rr = dns_answer_first(mx);

    while (rr != NULL && (host == NULL || strcmp(rr->target->text, host) != 0))
        rr = dns_answer_next(mx, rr);
    return rr;
}

/* has_other_mx - mail can still be delivered without this record */
static bool has_other_mx(const struct remedy_maker *maker, const struct dns_rr *without)
{
    for (const struct mx_host *mx = maker->facts->domain.mx_hosts; mx != NULL; mx = mx->next)
        if (!dns_name_equal(mx->host, without->target) &&
            (mx->a->status == DNS_OK || mx->aaaa->status == DNS_OK))
            return true;
    return false;
}

/* offer_no_mail - nobody can be reached: what a person has to choose between */
static void offer_no_mail(struct remedy_maker *maker, const struct dns_rr *dead)
{
    const struct domain_facts *domain = &maker->facts->domain;
    const struct auth_spf_node *root = check_spf_root(maker->facts);
    struct remedy *remedy = NULL;

    if (domain->a->status == DNS_OK || domain->aaaa->status == DNS_OK)
        remedy_replace_value(
            maker,
            remedy_offer(maker, "name the host of the domain itself in the MX record",
                         "if that host accepts mail"),
            dead, arena_printf(maker->arena, "%u %s.", dead->preference, domain->name->text));
    remedy = remedy_offer(maker, "declare that the domain accepts and sends no mail",
                          "if it has no mail");
    for (const struct dns_rr *rr = dns_answer_first(domain->mx); rr != NULL;
         rr = dns_answer_next(domain->mx, rr))
        if (rr != dead)
            remedy_remove(maker, remedy, rr);
    remedy_replace_value(maker, remedy, dead, "0 .");
    if (root != NULL && root->record != NULL && !domain->sends_no_mail)
        remedy_replace_text(maker, remedy, root->rr, span_of("v=spf1 -all"));
}

/* offer_meant_host - the host without the name of the zone that was appended to it */
static void offer_meant_host(struct remedy_maker *maker, const struct dns_rr *rr)
{
    for (const struct mx_host *mx = maker->facts->domain.mx_hosts; mx != NULL; mx = mx->next)
        if (mx->meant != NULL && dns_name_equal(mx->host, rr->target))
            remedy_replace_value(
                maker, remedy_offer(maker, "correct the name of the mail host", NULL), rr,
                arena_printf(maker->arena, "%u %s.", rr->preference, mx->meant->text));
}

void remedy_mx_drop(struct remedy_maker *maker)
{
    const struct dns_rr *rr = remedy_dns_mx_rr(maker, maker->finding->where.term);

    if (rr != NULL)
        offer_meant_host(maker, rr);
    if (rr != NULL && has_other_mx(maker, rr))
        remedy_remove(maker,
                      remedy_offer(maker,
                                   "remove the host: mail goes to those that can be reached",
                                   NULL),
                      rr);
    else if (rr != NULL)
        offer_no_mail(maker, rr);
}

void remedy_null_mx_mixed(struct remedy_maker *maker)
{
    const struct dns_rr *rr = remedy_dns_mx_rr(maker, "");

    if (rr != NULL)
        remedy_remove(
            maker,
            remedy_offer(maker, "remove the null MX: the other records name mail hosts", NULL),
            rr);
}

void remedy_mx_address(struct remedy_maker *maker)
{
    const struct domain_facts *domain = &maker->facts->domain;
    const struct dns_rr *rr = remedy_dns_mx_rr(maker, maker->finding->where.term);
    struct ip_address wanted;

    if (rr == NULL || !ip_parse(span_of(rr->target->text), &wanted))
        return;
    for (const struct dns_rr *a = dns_answer_first(domain->a); a != NULL;
         a = dns_answer_next(domain->a, a))
        if (a->address != NULL && ip_equal(a->address, &wanted))
            remedy_replace_value(
                maker, remedy_offer(maker, "use the name that has this address", NULL), rr,
                arena_printf(maker->arena, "%u %s.", rr->preference, domain->name->text));
    remedy_mx_drop(maker);
}

void remedy_mx_cname(struct remedy_maker *maker)
{
    const struct dns_rr *rr = remedy_dns_mx_rr(maker, maker->finding->where.term);
    const struct dns_answer *a =
        rr != NULL ? ledger_find(maker->facts->ledger, rr->target, DNS_A) : NULL;

    if (a != NULL)
        remedy_replace_value(maker, remedy_offer(maker, "name the host behind the alias", NULL),
                             rr,
                             arena_printf(maker->arena, "%u %s.", rr->preference,
                                          dns_answer_final_name(a)->text));
}

void remedy_no_mail_host(struct remedy_maker *maker)
{
    const struct domain_facts *domain = &maker->facts->domain;
    const struct auth_spf_node *root = check_spf_root(maker->facts);
    struct remedy *remedy = remedy_offer(
        maker, "declare that the domain accepts and sends no mail", "if it never sends mail");

    remedy_add_value(maker, remedy, domain->name, "MX 0 .");
    if (root->record != NULL && !domain->sends_no_mail)
        remedy_replace_text(maker, remedy, root->rr, span_of("v=spf1 -all"));
    else if (root->record_count == 0)
        remedy_add_text(maker, remedy, domain->name, "v=spf1 -all");
}

void remedy_null_mx_sends(struct remedy_maker *maker)
{
    const struct auth_spf_node *root = check_spf_root(maker->facts);

    if (root->record != NULL)
        remedy_replace_text(
            maker, remedy_offer(maker, "let nobody send", "if the domain sends no mail"),
            root->rr, span_of("v=spf1 -all"));
}

void remedy_client_unconfirmed(struct remedy_maker *maker)
{
    const struct dns_rr *ptr = dns_answer_first(maker->facts->client_ptr);
    const struct ip_address *ip = &maker->facts->subject->ip;
    const char *text = ip_to_text(maker->arena, ip);

    if (ptr == NULL || ptr->target == NULL || !check_client_is_known(maker->facts) ||
        !dns_name_is_below(ptr->target, maker->facts->domain.name))
        return;
    remedy_add_value(
        maker,
        remedy_offer(maker, "publish the address under its PTR name",
                     arena_printf(maker->arena, "if %s is your host", text)),
        ptr->target,
        arena_printf(maker->arena, "%s %s", ip->family == IP_V4 ? "A" : "AAAA", text));
}
