/* What senders obey besides the MX: MTA-STS, TLS-RPT and DANE; and BIMI, which receivers do. */
#include "base/dns_name.h"
#include "base/sbuf.h"
#include "compare/compare_private.h"
#include "model/rec_mta_sts_policy.h"
#include "model/rec_tls_rpt.h"
#include "model/rec_tlsa.h"

/* ---- one record at a name ---- */

/* a record that works or does not, in both worlds */
struct published {
    const struct text_facts *texts[2];
    bool is_usable[2];
    const char *what; /* is lost with it, as the finding names it; NULL: the record */
};

/* compare_published - lost, new or neither; false where it does not work in both worlds */
static bool compare_published(struct comparison *comparison, const struct published *record,
                              enum compare_kind lost, enum compare_kind gained)
{
    const struct dns_answer *answers[2] = {record->texts[0]->answer, record->texts[1]->answer};
    const struct dns_rr *left = record->texts[1]->rr;
    struct compare_change *change = NULL;

    if (!compare_is_known(comparison, lost, answers[0], answers[1]))
        return false;
    if (record->is_usable[0] && !record->is_usable[1]) {
        if (left == NULL)
            left = dns_answer_first(answers[1]);
        if (left != NULL)
            change = compare_note(comparison, lost, answers[1], left);
        else
            change = compare_note_old(comparison, lost, answers[0], record->texts[0]->rr);
        change->what = record->what;
    } else if (!record->is_usable[0] && record->is_usable[1]) {
        compare_note(comparison, gained, answers[1], left);
    }
    return record->is_usable[0] && record->is_usable[1];
}

/* ---- MTA-STS ---- */

/* has_sts - a record that makes senders fetch the policy */
static bool has_sts(const struct mta_sts_facts *sts)
{
    return sts->record != NULL && !sts->record->is_fatal && sts->text.count == 1;
}

/* transport_binds - the policy says which hosts may take mail */
static bool transport_binds(const struct rec_mta_sts_policy *policy)
{
    return policy != NULL && !policy->is_fatal && policy->mode > REC_STS_NONE;
}

/* compare_sts_host - the policy itself is out of reach */
static bool compare_sts_host(struct comparison *comparison)
{
    const struct mta_sts_facts *old = &comparison->before->mta_sts;
    const struct mta_sts_facts *new = &comparison->after->mta_sts;
    struct compare_change *change = NULL;

    if (old->host_a == NULL || new->host_a == NULL || old->host_aaaa == NULL ||
        new->host_aaaa == NULL ||
        (old->host_a->status != DNS_OK && old->host_aaaa->status != DNS_OK) ||
        !dns_status_is_absent(new->host_a->status) ||
        !dns_status_is_absent(new->host_aaaa->status))
        return false;
    change = compare_note_old(comparison, COMPARE_KIND_mta_sts_lost, old->host_a,
                              old->host_a->records);
    change->what = new->host_a->question.name->text;
    return true;
}

/* was_uncovered - the host was a mail host before, and its policy did not cover it then */
static bool was_uncovered(const struct domain_facts *before, const struct dns_name *host)
{
    for (const struct mx_host *mx = before->mx_hosts; mx != NULL; mx = mx->next)
        if (dns_name_equal(mx->host, host))
            return transport_binds(before->mta_sts.policy) &&
                   !rec_mta_sts_policy_covers(before->mta_sts.policy, host);
    return false;
}

/* compare_sts_hosts - mail hosts that the policy does not list */
static void compare_sts_hosts(struct comparison *comparison)
{
    const struct domain_facts *before = comparison->before;
    const struct domain_facts *after = comparison->after;
    const struct rec_mta_sts_policy *policy =
        after->mta_sts.policy != NULL ? after->mta_sts.policy : before->mta_sts.policy;
    struct compare_change *change = NULL;

    if (policy == NULL && comparison->out->mx_new != NULL) {
        change = compare_note(comparison, COMPARE_KIND_mta_sts_mismatch, after->mx,
                              dns_answer_first(after->mx));
        change->what = comparison->out->mx_new->name->text;
        change->unknown = "the MTA-STS policy was not fetched, and the mail hosts change";
    }
    if (!transport_binds(policy))
        return;
    for (const struct mx_host *mx = after->mx_hosts; mx != NULL; mx = mx->next) {
        if (rec_mta_sts_policy_covers(policy, mx->host) || was_uncovered(before, mx->host))
            continue;
        change = compare_note(comparison, COMPARE_KIND_mta_sts_mismatch, after->mx,
                              dns_answer_find_target(after->mx, mx->host));
        change->what = mx->host->text;
        change->before = rec_mta_sts_mode_to_text(policy->mode);
    }
}

/* compare_mta_sts - the record, where its policy is, what it covers */
static void compare_mta_sts(struct comparison *comparison)
{
    const struct mta_sts_facts *old = &comparison->before->mta_sts;
    const struct mta_sts_facts *new = &comparison->after->mta_sts;
    const struct published record = {
        {&old->text, &new->text}, {has_sts(old), has_sts(new)}, NULL};

    if (compare_published(comparison, &record, COMPARE_KIND_mta_sts_lost,
                          COMPARE_KIND_mta_sts_new) &&
        !compare_sts_host(comparison))
        compare_sts_hosts(comparison);
}

/* ---- TLS-RPT ---- */

/* has_tls_rpt - somebody gets reports */
static bool has_tls_rpt(const struct tls_rpt_facts *facts)
{
    return facts->record != NULL && !facts->record->is_fatal && facts->record->rua != NULL &&
           facts->text.count == 1;
}

/* lists_address - the record has the address */
static bool lists_address(const struct rec_tls_rpt_uri *list, struct span wanted)
{
    while (list != NULL && !span_same_nocase(list->text, wanted))
        list = list->next;
    return list != NULL;
}

/* rua_words - all addresses of the record */
static const char *rua_words(struct arena *arena, const struct rec_tls_rpt *record)
{
    struct sbuf text = sbuf_start(arena);

    for (const struct rec_tls_rpt_uri *uri = record != NULL ? record->rua : NULL; uri != NULL;
         uri = uri->next)
        sbuf_addf(&text, "%s%s", text.len > 0 ? ", " : "", compare_shown(arena, uri->text));
    return sbuf_text(&text);
}

/* compare_tls_rpt - the record and its addresses */
static void compare_tls_rpt(struct comparison *comparison)
{
    const struct tls_rpt_facts *old = &comparison->before->tls_rpt;
    const struct tls_rpt_facts *new = &comparison->after->tls_rpt;
    const struct published record = {{&old->text, &new->text},
                                     {has_tls_rpt(old), has_tls_rpt(new)},
                                     rua_words(comparison->arena, old->record)};

    if (!compare_published(comparison, &record, COMPARE_KIND_tls_rpt_lost,
                           COMPARE_KIND_tls_rpt_new))
        return;
    for (const struct rec_tls_rpt_uri *uri = old->record->rua; uri != NULL; uri = uri->next)
        if (!lists_address(new->record->rua, uri->text))
            compare_note(comparison, COMPARE_KIND_tls_rpt_lost, new->text.answer, new->text.rr)
                ->what = compare_shown(comparison->arena, uri->text);
}

/* ---- DANE ---- */

/* is_same_tlsa - two records that the same certificates match */
static bool is_same_tlsa(const struct rec_tlsa *a, const struct rec_tlsa *b)
{
    return a->usage == b->usage && a->selector == b->selector && a->matching == b->matching &&
           span_equal(a->data, b->data);
}

/* shares_record - a usable record of one set is in the other */
static bool shares_record(const struct tlsa_facts *old, const struct tlsa_facts *list)
{
    for (; old != NULL; old = old->next)
        for (const struct tlsa_facts *new = list; new != NULL; new = new->next)
            if (old->record->is_usable && is_same_tlsa(old->record, new->record))
                return true;
    return false;
}

/* has_usable - senders can go by one of them */
static bool has_usable(const struct tlsa_facts *list)
{
    while (list != NULL && !list->record->is_usable)
        list = list->next;
    return list != NULL;
}

/* compare_tlsa - one mail host that both worlds have */
static void compare_tlsa(struct comparison *comparison, const struct mx_host *old,
                         const struct mx_host *new)
{
    bool has[2] = {has_usable(old->tlsa_records), has_usable(new->tlsa_records)};
    struct compare_change *change = NULL;

    if (!compare_is_known(comparison, COMPARE_KIND_tlsa_lost, old->tlsa, new->tlsa))
        return;
    if (has[0] && new->tlsa_records == NULL)
        change = compare_note_old(comparison, COMPARE_KIND_tlsa_lost, old->tlsa,
                                  old->tlsa_records->rr);
    else if (has[0] && !shares_record(old->tlsa_records, new->tlsa_records))
        change = compare_note(comparison, COMPARE_KIND_tlsa_mismatch, new->tlsa,
                              new->tlsa_records->rr);
    else if (!has[0] && has[1])
        change =
            compare_note(comparison, COMPARE_KIND_tlsa_new, new->tlsa, new->tlsa_records->rr);
    if (change != NULL)
        change->what = new->host->text;
}

/* compare_dane - all mail hosts that stay */
static void compare_dane(struct comparison *comparison)
{
    for (const struct mx_host *old = comparison->before->mx_hosts; old; old = old->next)
        for (const struct mx_host *new = comparison->after->mx_hosts; new; new = new->next)
            if (dns_name_equal(old->host, new->host))
                compare_tlsa(comparison, old, new);
}

/* ---- BIMI ---- */

/* has_bimi - a logo is named */
static bool has_bimi(const struct bimi_facts *bimi)
{
    return bimi->record != NULL && !bimi->record->is_fatal && !bimi->record->is_declined &&
           bimi->text.count == 1;
}

/* compare_bimi - the record that names the logo */
static void compare_bimi(struct comparison *comparison)
{
    const struct bimi_facts *old = &comparison->before->bimi;
    const struct bimi_facts *new = &comparison->after->bimi;
    const struct published record = {
        {&old->text, &new->text}, {has_bimi(old), has_bimi(new)}, NULL};

    compare_published(comparison, &record, COMPARE_KIND_bimi_lost, COMPARE_KIND_bimi_new);
}

void compare_transport(struct comparison *comparison)
{
    compare_mta_sts(comparison);
    compare_tls_rpt(comparison);
    compare_dane(comparison);
    compare_bimi(comparison);
}
