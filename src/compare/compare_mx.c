/* Where mail for the domain goes. A host that is replaced by one that resolves is a change and
 * no loss; none at all, or a name that leads nowhere, is one. */
#include "base/dns_name.h"
#include "base/sbuf.h"
#include "compare/compare_private.h"

/* host_of - the same mail host in a world; NULL */
static const struct mx_host *host_of(const struct domain_facts *domain,
                                     const struct dns_name *name)
{
    const struct mx_host *host = domain->mx_hosts;

    while (host != NULL && !dns_name_equal(host->host, name))
        host = host->next;
    return host;
}

/* mx_resolves - it has an address */
static bool mx_resolves(const struct mx_host *host)
{
    return host->a->status == DNS_OK || host->aaaa->status == DNS_OK;
}

/* leads_nowhere - it certainly has none */
static bool leads_nowhere(const struct mx_host *host)
{
    return compare_is_nothing(host->a) && compare_is_nothing(host->aaaa);
}

/* hosts_text - "mx1.example.com, mx2.example.com" */
static const char *hosts_text(struct arena *arena, const struct domain_facts *domain)
{
    struct sbuf text = sbuf_start(arena);

    for (const struct mx_host *host = domain->mx_hosts; host != NULL; host = host->next)
        sbuf_add_item(&text, ", ", host->host->text);
    if (text.len == 0)
        sbuf_add(&text, domain->is_null_mx ? "null MX" : "none");
    return sbuf_text(&text);
}

/* mx_add_names - hosts that one world has and the other lacks */
static struct compare_names *mx_add_names(struct arena *arena, const struct domain_facts *has,
                                          const struct domain_facts *lacks)
{
    struct compare_names *first = NULL;
    struct compare_names **tail = &first;

    for (const struct mx_host *host = has->mx_hosts; host != NULL; host = host->next) {
        if (host_of(lacks, host->host) != NULL)
            continue;
        *tail = arena_new_of(arena, struct compare_names);
        (*tail)->name = host->host;
        tail = &(*tail)->next;
    }
    return first;
}

/* compare_host - does a mail host of the new world lead somewhere */
static void compare_host(struct comparison *comparison, const struct mx_host *host)
{
    const struct dns_answer *mx = comparison->after->mx;
    const struct mx_host *old = host_of(comparison->before, host->host);
    struct compare_change *change = NULL;

    if (mx_resolves(host) || (old != NULL && !mx_resolves(old)))
        return;
    change = compare_note(comparison, COMPARE_KIND_mx_unresolvable, mx,
                          dns_answer_find_target(mx, host->host));
    change->what = host->host->text;
    if (!leads_nowhere(host))
        change->unknown = dns_answer_reason(comparison->arena,
                                            compare_is_nothing(host->a) ? host->aaaa : host->a);
}

/* mx_note_mx - a change of the set as a whole */
static void mx_note_mx(struct comparison *comparison, enum compare_kind kind)
{
    const struct domain_facts *before = comparison->before;
    const struct domain_facts *after = comparison->after;
    const struct dns_rr *rr = dns_answer_first(after->mx);
    struct compare_change *change = NULL;

    if (comparison->out->mx_new != NULL)
        rr = dns_answer_find_target(after->mx, comparison->out->mx_new->name);
    if (rr != NULL)
        change = compare_note(comparison, kind, after->mx, rr);
    else
        change = compare_note_old(comparison, kind, before->mx, dns_answer_first(before->mx));
    change->before = hosts_text(comparison->arena, before);
    change->after = hosts_text(comparison->arena, after);
}

void compare_mx(struct comparison *comparison)
{
    const struct domain_facts *before = comparison->before;
    const struct domain_facts *after = comparison->after;
    struct compare *out = comparison->out;

    if (!compare_is_known(comparison, COMPARE_KIND_mx_lost, before->mx, after->mx))
        return;
    out->mx_gone = mx_add_names(comparison->arena, before, after);
    out->mx_new = mx_add_names(comparison->arena, after, before);
    if (before->mx_hosts != NULL && after->mx_hosts == NULL) {
        mx_note_mx(comparison, COMPARE_KIND_mx_lost);
        return;
    }
    for (const struct mx_host *host = after->mx_hosts; host && before->mx_hosts;
         host = host->next)
        compare_host(comparison, host);
    if (out->mx_gone != NULL || out->mx_new != NULL)
        mx_note_mx(comparison, COMPARE_KIND_mx_changed);
}
