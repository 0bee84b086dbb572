/*
 * What DNSSEC says about the answers that mail rests on. The answers are those of the rest of
 * the audit; here they are queried with their signatures, as long as they are pending, and
 * judged. The keys on the way are queried once a source has shown that it returns
 * signatures: a zone file and an older snapshot do not, and then nothing is asked or said.
 */
#include "dnssec/dnssec_anchor.h"
#include "dnssec/dnssec_chain.h"
#include "gather/gather_private.h"
#include "ledger/ledger.h"

/* the list being made */
struct judging {
    const struct gather_work *work;
    struct dnssec_facts *facts;
    struct dnssec_answer **tail;
};

/* has_proofs - the query requested signatures, and the source understood */
static bool has_proofs(const struct dns_answer *answer)
{
    return answer->proofs != NULL || answer->unchecked != NULL;
}

/* open_chain - of the subject's anchors and time */
static struct dnssec_chain *open_chain(const struct gather_work *work,
                                       const struct subject *subject)
{
    return dnssec_chain_open(
        work->arena, work->ledger,
        subject->anchors != NULL ? subject->anchors : dnssec_anchors_root(), subject->now);
}

void gather_dnssec_open(const struct gather_work *work, struct facts *facts)
{
    struct domain_facts *domain = &facts->domain;

    if (domain->dnssec.chain == NULL && has_proofs(domain->mx))
        domain->dnssec.chain = open_chain(work, facts->subject);
    if (domain->dnssec.chain != NULL)
        dnssec_chain_prepare(domain->dnssec.chain, domain->name);
}

void gather_dnssec_recipient_open(const struct gather_work *work, const struct facts *facts,
                                  struct domain_facts *recipient)
{
    recipient->dnssec.chain = facts->domain.dnssec.chain;
    if (recipient->dnssec.chain == NULL && has_proofs(recipient->mx))
        recipient->dnssec.chain = open_chain(work, facts->subject);
}

/* ask_proved - an answer of the same pass with its signatures; NULL is none */
static void ask_proved(const struct gather_work *work, const struct dns_answer *answer)
{
    if (answer != NULL)
        ledger_ask_proved(work->ledger, answer->question.name, answer->question.type);
}

void gather_dnssec_recipient(const struct gather_work *work,
                             const struct domain_facts *recipient)
{
    ask_proved(work, recipient->mx);
    for (const struct mx_host *mx = recipient->mx_hosts; mx != NULL; mx = mx->next) {
        ask_proved(work, mx->a);
        ask_proved(work, mx->aaaa);
        ask_proved(work, mx->tlsa);
    }
}

/* dnssec_judge - one answer; NULL is none */
static void dnssec_judge(struct judging *judging, const char *role,
                         const struct dns_answer *answer)
{
    struct dnssec_answer *one = NULL;

    if (answer == NULL)
        return;
    ask_proved(judging->work, answer);
    if (judging->facts->chain == NULL)
        return;
    one = arena_new_of(judging->work->arena, struct dnssec_answer);
    one->role = role;
    one->answer = answer;
    one->verdict = dnssec_chain_judge(judging->facts->chain, answer);
    *judging->tail = one;
    judging->tail = &one->next;
}

/* judge_selector - a key; of a name that was only guessed its absence means nothing */
static void judge_selector(struct judging *judging, const struct selector_facts *selector)
{
    const struct dns_answer *answer = selector->answer;
    const struct dns_answer *seen = answer->unchecked != NULL ? answer->unchecked : answer;
    bool is_guess =
        selector->origin != SELECTOR_OPTION && selector->origin != SELECTOR_SIGNATURE;

    if (!selector->is_concluded && (!is_guess || !dns_status_is_absent(seen->status)))
        dnssec_judge(judging, "dkim", answer);
}

/* judge_texts - what is at names of its own below the domain */
static void judge_texts(struct judging *judging, const struct domain_facts *domain)
{
    dnssec_judge(judging, "mta_sts", domain->mta_sts.text.answer);
    dnssec_judge(judging, "mta_sts_a", domain->mta_sts.host_a);
    dnssec_judge(judging, "mta_sts_aaaa", domain->mta_sts.host_aaaa);
    dnssec_judge(judging, "tls_rpt", domain->tls_rpt.text.answer);
    dnssec_judge(judging, "bimi", domain->bimi.text.answer);
    for (const struct selector_facts *one = domain->selectors; one != NULL; one = one->next)
        judge_selector(judging, one);
}

/* prepare_host - the zones above a mail host, before its addresses are known */
static void prepare_host(struct judging *judging, const struct mx_host *mx)
{
    const struct dns_name *above = dns_name_parent(judging->work->arena, mx->host);

    if (judging->facts->chain != NULL && above != NULL)
        dnssec_chain_prepare(judging->facts->chain, above);
}

void gather_dnssec(const struct gather_work *work, struct domain_facts *domain)
{
    struct judging judging = {work, &domain->dnssec, &domain->dnssec.answers};
    const struct auth_dmarc_walk *walk = domain->dmarc->walk;

    dnssec_judge(&judging, "mx", domain->mx);
    dnssec_judge(&judging, "spf", domain->txt);
    dnssec_judge(&judging, "dmarc",
                 walk != NULL && walk->step_count > 0 ? walk->steps[0].answer : NULL);
    dnssec_judge(&judging, "soa", domain->soa);
    dnssec_judge(&judging, "ns", domain->ns);
    for (const struct mx_host *mx = domain->mx_hosts; mx != NULL; mx = mx->next) {
        prepare_host(&judging, mx);
        dnssec_judge(&judging, "mx_a", mx->a);
        dnssec_judge(&judging, "mx_aaaa", mx->aaaa);
        dnssec_judge(&judging, "tlsa", mx->tlsa);
    }
    judge_texts(&judging, domain);
    if (domain->dnssec.chain != NULL)
        domain->dnssec.zones = dnssec_chain_zones(domain->dnssec.chain);
}
