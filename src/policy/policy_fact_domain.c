/* Words about what the domain publishes. */
#include "base/dns_name.h"
#include "base/escape.h"
#include "base/limits.h"
#include "base/sbuf.h"
#include "base/span.h"
#include "check/check_emit.h"
#include "check/check_facts.h"
#include "ledger/ledger.h"
#include "model/dmarc_verdict.h"
#include "model/dns_answer.h"
#include "model/facts.h"
#include "model/rec_dmarc.h"
#include "model/rec_spf.h"
#include "model/spf_verdict.h"
#include "policy/policy_fact.h"

#define NO_DOMAIN     "no domain was looked at"
#define PERCENT_WHOLE 100

/* answer_trouble - why an answer says nothing; NULL: it does */
static const char *answer_trouble(const struct policy_lookup *in,
                                  const struct dns_answer *answer)
{
    if (answer == NULL)
        return NO_DOMAIN;
    return dns_status_is_answer(answer->status) ? NULL : dns_answer_reason(in->arena, answer);
}

/* fact_domain_asked - what is known about a question; NULL: it was not asked */
static const struct dns_answer *fact_domain_asked(const struct policy_lookup *in,
                                                  const struct dns_name *name,
                                                  enum dns_type type)
{
    return in->facts->ledger != NULL ? ledger_find(in->facts->ledger, name, type) : NULL;
}

/* An answer of any type decides; a failure of DNS only where there is none. */
struct policy_value policy_value_dns(const struct policy_lookup *in,
                                     const struct dns_name *name)
{
    static const enum dns_type types[] = {DNS_TXT, DNS_MX, DNS_A};
    const char *trouble = "the domain was not looked up";
    bool is_failing = false;

    for (size_t i = 0; name != NULL && i < COUNT_OF(types); i++) {
        const struct dns_answer *answer = fact_domain_asked(in, name, types[i]);

        if (answer == NULL)
            continue;
        if (answer->status == DNS_OK || answer->status == DNS_NODATA)
            return policy_value_text("found");
        if (answer->status == DNS_NXDOMAIN)
            return policy_value_text("missing");
        is_failing = is_failing || dns_status_is_failure(answer->status);
        trouble = dns_answer_reason(in->arena, answer);
    }
    return is_failing ? policy_value_text("failing") : policy_value_unknown(trouble);
}

struct policy_value policy_fact_domain_name(const struct policy_lookup *in)
{
    const struct dns_name *name = in->facts->domain.name;

    return name == NULL ? policy_value_unknown(NO_DOMAIN) : policy_value_text(name->text);
}

struct policy_value policy_fact_domain_exists(const struct policy_lookup *in)
{
    const struct domain_facts *domain = &in->facts->domain;
    const char *trouble = answer_trouble(in, domain->txt);

    return trouble != NULL ? policy_value_unknown(trouble)
                           : policy_value_truth(domain->txt->status != DNS_NXDOMAIN);
}

struct policy_value policy_fact_domain_sends(const struct policy_lookup *in)
{
    const struct domain_facts *domain = &in->facts->domain;
    const char *trouble = answer_trouble(in, domain->txt);

    if (domain->sends_no_mail)
        return policy_value_truth(false);
    if (trouble == NULL)
        trouble = answer_trouble(in, domain->mx);
    return trouble != NULL ? policy_value_unknown(trouble) : policy_value_truth(true);
}

struct policy_value policy_fact_mx_null(const struct policy_lookup *in)
{
    const char *trouble = answer_trouble(in, in->facts->domain.mx);

    return trouble != NULL ? policy_value_unknown(trouble)
                           : policy_value_truth(in->facts->domain.is_null_mx);
}

/* ---- SPF ---- */

/* spf_trouble - why nothing can be said about the record; NULL: something can */
static const char *spf_trouble(const struct policy_lookup *in)
{
    return answer_trouble(in, in->facts->domain.txt);
}

struct policy_value policy_fact_spf_record(const struct policy_lookup *in)
{
    const struct auth_spf_node *root = check_spf_root(in->facts);
    const char *trouble = spf_trouble(in);

    return trouble != NULL ? policy_value_unknown(trouble)
                           : policy_value_truth(root != NULL && root->record_count == 1);
}

/* is_broken - a record below leads to permerror for every client that reaches it */
static bool is_broken(const struct auth_spf_tree *tree)
{
    for (const struct auth_spf_node *node = tree->root; node != NULL; node = node->next)
        if (node->is_loop || (node->record != NULL && node->record->is_fatal) ||
            (dns_status_is_answer(node->answer->status) && node->record_count != 1))
            return true;
    return tree->lookups > AUTH_SPF_LOOKUP_MAX || tree->void_common > AUTH_SPF_VOID_MAX;
}

struct policy_value policy_fact_spf_valid(const struct policy_lookup *in)
{
    const struct auth_spf_tree *tree = in->facts->domain.spf;
    const char *trouble = spf_trouble(in);

    if (trouble != NULL)
        return policy_value_unknown(trouble);
    if (tree == NULL || tree->root == NULL || is_broken(tree))
        return policy_value_truth(false);
    return tree->is_undetermined
               ? policy_value_unknown("a part of the SPF record could not be looked up")
               : policy_value_truth(true);
}

/* redirect_trouble - the record that redirect leads to could not be looked up */
static bool redirect_trouble(const struct facts *facts)
{
    const struct auth_spf_node *node = check_spf_root(facts);

    for (; node != NULL; node = node->next)
        if (node->via != NULL && node->via->kind == REC_SPF_REDIRECT &&
            !dns_status_is_answer(node->answer->status))
            return true;
    return false;
}

struct policy_value policy_fact_spf_all(const struct policy_lookup *in)
{
    const struct auth_spf_node *node = check_spf_effective(in->facts);
    const char *trouble = spf_trouble(in);

    if (trouble != NULL)
        return policy_value_unknown(trouble);
    if (node == NULL || node->record->all == NULL)
        return redirect_trouble(in->facts)
                   ? policy_value_unknown("the target of redirect could not be looked up")
                   : policy_value_text("none");
    switch (node->record->all->qualifier) {
    case '-':
        return policy_value_text("fail");
    case '~':
        return policy_value_text("softfail");
    case '?':
        return policy_value_text("neutral");
    }
    return policy_value_text("pass");
}

/* fact_domain_closes - the record that the node stands for ends in ~all or -all, redirect
 * followed */
static bool fact_domain_closes(const struct facts *facts, const struct auth_spf_node *node)
{
    node = check_spf_effective_of(facts, node);
    return node != NULL && node->record->all != NULL &&
           (node->record->all->qualifier == '-' || node->record->all->qualifier == '~');
}

/* Records that could not be queried leave it open, unless another one decides. */
struct policy_value policy_fact_spf_includes_closed(const struct policy_lookup *in)
{
    const struct auth_spf_node *node = check_spf_root(in->facts);
    const char *trouble = spf_trouble(in);

    if (trouble != NULL)
        return policy_value_unknown(trouble);
    for (; node != NULL; node = node->next) {
        if (node->via == NULL || node->via->kind != REC_SPF_INCLUDE || node->is_loop)
            continue;
        if (!dns_status_is_answer(node->answer->status))
            trouble = "a part of the SPF record could not be looked up";
        else if (!fact_domain_closes(in->facts, node))
            return policy_value_truth(false);
    }
    return trouble != NULL ? policy_value_unknown(trouble) : policy_value_truth(true);
}

struct policy_value policy_fact_spf_nobody(const struct policy_lookup *in)
{
    const struct auth_spf_node *root = check_spf_root(in->facts);
    const char *trouble = spf_trouble(in);

    if (trouble != NULL)
        return policy_value_unknown(trouble);
    return policy_value_truth(root != NULL && root->record != NULL && !root->record->is_fatal &&
                              root->record->term_count == 1 && root->record->all != NULL &&
                              root->record->all->qualifier == '-');
}

struct policy_value policy_fact_spf_lookups(const struct policy_lookup *in)
{
    const struct auth_spf_tree *tree = in->facts->domain.spf;
    const char *trouble = spf_trouble(in);

    if (trouble != NULL)
        return policy_value_unknown(trouble);
    if (tree == NULL || tree->is_undetermined)
        return policy_value_unknown("a part of the SPF record could not be looked up");
    return policy_value_number(tree->lookups);
}

/* ---- DKIM ---- */

/* fact_domain_is_usable - the key can verify signatures */
static bool fact_domain_is_usable(const struct selector_facts *selector)
{
    return selector->key != NULL && !selector->key->is_fatal && !selector->key->is_revoked &&
           selector->key_bits > 0;
}

/* Selectors cannot be listed, so no key found is not no key published. */
struct policy_value policy_fact_dkim_key(const struct policy_lookup *in)
{
    const struct selector_facts *selector = in->facts->domain.selectors;

    for (; selector != NULL; selector = selector->next)
        if (fact_domain_is_usable(selector))
            return policy_value_truth(true);
    return policy_value_unknown("no usable key was found; --selector names others to ask for");
}

struct policy_value policy_fact_dkim_tree(const struct policy_lookup *in)
{
    const char *trouble = answer_trouble(in, in->facts->domain.domainkey);

    return trouble != NULL
               ? policy_value_unknown(trouble)
               : policy_value_truth(!dns_answer_is_empty_below(in->facts->domain.domainkey));
}

struct policy_value policy_fact_dkim_revoked(const struct policy_lookup *in)
{
    const struct selector_facts *selector = in->facts->domain.selectors;
    const char *trouble = selector == NULL ? NO_DOMAIN : NULL;

    for (; selector != NULL; selector = selector->next) {
        if (answer_trouble(in, selector->answer) != NULL)
            trouble = answer_trouble(in, selector->answer);
        else if (selector->key == NULL || !selector->key->is_revoked)
            return policy_value_truth(false);
    }
    return trouble != NULL ? policy_value_unknown(trouble) : policy_value_truth(true);
}

/* ---- DMARC ---- */

/* dmarc_trouble - why nothing can be said about the record; NULL: something can */
static const char *dmarc_trouble(const struct facts *facts)
{
    const struct auth_dmarc_policy *policy = facts->domain.dmarc;

    if (policy == NULL)
        return NO_DOMAIN;
    return policy->is_undetermined ? policy->reason : NULL;
}

/* dmarc_record - that applies to the domain; NULL: none */
static const struct rec_dmarc *dmarc_record(const struct facts *facts)
{
    const struct auth_dmarc_policy *policy = facts->domain.dmarc;

    return policy != NULL && policy->step != NULL ? policy->step->record : NULL;
}

struct policy_value policy_fact_dmarc_p(const struct policy_lookup *in)
{
    const struct rec_dmarc *record = dmarc_record(in->facts);
    const char *trouble = dmarc_trouble(in->facts);

    if (trouble != NULL)
        return policy_value_unknown(trouble);
    return policy_value_text(record == NULL || !record->has_policy
                                 ? "absent"
                                 : rec_dmarc_policy_to_text(record->policy));
}

struct policy_value policy_fact_dmarc_sp(const struct policy_lookup *in)
{
    const struct rec_dmarc *record = dmarc_record(in->facts);
    const char *trouble = dmarc_trouble(in->facts);

    if (trouble != NULL)
        return policy_value_unknown(trouble);
    return policy_value_text(record == NULL ? "absent"
                                            : rec_dmarc_policy_to_text(record->sub_policy));
}

/* Without a record there is nothing to enforce, which is what "none" says. */
struct policy_value policy_fact_dmarc_applies(const struct policy_lookup *in)
{
    const struct auth_dmarc_policy *policy = in->facts->domain.dmarc;
    const char *trouble = dmarc_trouble(in->facts);

    if (trouble != NULL)
        return policy_value_unknown(trouble);
    return policy_value_text(
        rec_dmarc_policy_to_text(policy->step != NULL ? policy->policy : REC_DMARC_NONE));
}

struct policy_value policy_fact_dmarc_testing(const struct policy_lookup *in)
{
    const struct rec_dmarc *record = dmarc_record(in->facts);
    const char *trouble = dmarc_trouble(in->facts);

    return trouble != NULL ? policy_value_unknown(trouble)
                           : policy_value_truth(record != NULL && record->is_testing);
}

struct policy_value policy_fact_dmarc_percent(const struct policy_lookup *in)
{
    const struct rec_dmarc *record = dmarc_record(in->facts);
    const char *trouble = dmarc_trouble(in->facts);

    return trouble != NULL
               ? policy_value_unknown(trouble)
               : policy_value_number(record != NULL && record->has_percent ? record->percent
                                                                           : PERCENT_WHOLE);
}

struct policy_value policy_fact_dmarc_rua(const struct policy_lookup *in)
{
    const struct rec_dmarc *record = dmarc_record(in->facts);
    const char *trouble = dmarc_trouble(in->facts);
    struct sbuf list = sbuf_start(in->arena);

    if (trouble != NULL)
        return policy_value_unknown(trouble);
    for (const struct rec_dmarc_uri *uri = record != NULL ? record->rua : NULL; uri != NULL;
         uri = uri->next)
        if (uri->is_valid)
            sbuf_add_item(&list, " ", escape_to_text(in->arena, uri->text, LIMIT_SHOWN_BYTES));
    return policy_value_text(sbuf_text(&list));
}

/* is_lost - mail for the destination of the reports cannot be delivered */
static bool is_lost(const struct facts *facts, const struct rec_dmarc_uri *uri)
{
    const struct auth_dmarc_report *report = facts->domain.reports;

    while (report != NULL && report->uri != uri)
        report = report->next;
    return report != NULL && report->takes_no_mail;
}

/* has_uri - a valid one, where mail can be delivered, is in the list of the record */
static struct policy_value has_uri(const struct facts *facts, bool is_failure)
{
    const struct rec_dmarc *record = dmarc_record(facts);
    const struct rec_dmarc_uri *uri = NULL;
    const char *trouble = dmarc_trouble(facts);

    if (trouble != NULL)
        return policy_value_unknown(trouble);
    if (record != NULL)
        uri = is_failure ? record->ruf : record->rua;
    while (uri != NULL && (!uri->is_valid || is_lost(facts, uri)))
        uri = uri->next;
    return policy_value_truth(uri != NULL);
}

struct policy_value policy_fact_dmarc_reports(const struct policy_lookup *in)
{
    return has_uri(in->facts, false);
}

struct policy_value policy_fact_dmarc_failure_reports(const struct policy_lookup *in)
{
    return has_uri(in->facts, true);
}

struct policy_value policy_fact_dmarc_authorised(const struct policy_lookup *in)
{
    const struct auth_dmarc_report *report = in->facts->domain.reports;
    const char *trouble = dmarc_trouble(in->facts);

    if (trouble != NULL)
        return policy_value_unknown(trouble);
    for (; report != NULL; report = report->next)
        if (report->is_undetermined)
            trouble = "a report destination could not be looked up";
        else if (!report->is_authorised)
            return policy_value_truth(false);
    return trouble != NULL ? policy_value_unknown(trouble) : policy_value_truth(true);
}
