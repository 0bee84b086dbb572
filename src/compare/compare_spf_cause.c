/*
 * Why addresses differ although a record, or a term of it, is the same: some answer that it
 * leads to has changed. The first that did is the cause.
 */
#include <string.h>

#include "base/dns_name.h"
#include "compare/compare_private.h"
#include "ledger/ledger.h"
#include "model/spf_verdict.h"

/* a search for it: index 0 is the old world */
struct spf_cause_search {
    const struct facts *facts[2];
    size_t owner;                   /* whose terms they are */
    const struct rec_spf_term *via; /* of the domain's own record; NULL: any but an include */
};

/* cause_term_of - the term of the domain's own record that leads to a node; NULL: the root */
static const struct rec_spf_term *cause_term_of(const struct auth_spf_node *node)
{
    while (node->parent != NULL && node->parent->parent != NULL)
        node = node->parent;
    return node->via;
}

/* cause_node_of - the record of a name in a world; NULL: it leads nowhere there */
static const struct auth_spf_node *cause_node_of(const struct facts *facts,
                                                 const struct dns_name *name)
{
    const struct auth_spf_node *node = facts->domain.spf->root;

    while (node != NULL && !dns_name_equal(node->name, name))
        node = node->next;
    return node;
}

/* cause_set - both answers, with the record that each has */
static bool cause_set(struct compare_cause *out, size_t world, const struct dns_answer *answer,
                      const struct dns_rr *rr)
{
    out->answers[world] = answer;
    out->rrs[world] = rr;
    return true;
}

/* is_other_text - of two SPF records, either of which may be missing */
static bool is_other_text(const struct dns_rr *a, const struct dns_rr *b)
{
    return (a == NULL) != (b == NULL) || (a != NULL && !span_equal(a->joined, b->joined));
}

/* find_changed_record - an SPF record that is included and has changed */
static bool find_changed_record(const struct spf_cause_search *search,
                                struct compare_cause *out)
{
    const struct auth_spf_node *node = search->facts[search->owner]->domain.spf->root;

    for (node = node->next; node != NULL; node = node->next) {
        const struct auth_spf_node *other = NULL;

        if (search->via != NULL && cause_term_of(node) != search->via)
            continue;
        other = cause_node_of(search->facts[1 - search->owner], node->name);
        if (other == NULL || !is_other_text(node->rr, other->rr))
            continue;
        return cause_set(out, search->owner, node->answer, node->rr) &&
               cause_set(out, 1 - search->owner, other->answer, other->rr);
    }
    return false;
}

/* cause_data - of a record, behind its name and TTL */
static const char *cause_data(const struct dns_rr *rr)
{
    const char *data = strstr(rr->text, "\tIN\t");

    return data != NULL ? data : rr->text;
}

/* has_all_records - each record of one answer is in the other */
static bool has_all_records(const struct dns_answer *a, const struct dns_answer *b)
{
    for (const struct dns_rr *one = a->records; one != NULL; one = one->next) {
        const struct dns_rr *same = b->records;

        while (same != NULL && strcmp(cause_data(same), cause_data(one)) != 0)
            same = same->next;
        if (same == NULL)
            return false;
    }
    return true;
}

/* find_question - the answer to one question has changed */
static bool find_question(const struct spf_cause_search *search, const struct dns_name *name,
                          enum dns_type type, struct compare_cause *out)
{
    const struct dns_answer *answers[2];

    for (size_t i = 0; i < 2; i++) {
        answers[i] = ledger_find(search->facts[i]->ledger, name, type);
        if (answers[i] == NULL ||
            (answers[i]->status != DNS_OK && !compare_is_nothing(answers[i])))
            return false;
    }
    if (has_all_records(answers[0], answers[1]) && has_all_records(answers[1], answers[0]))
        return false;
    for (size_t i = 0; i < 2; i++)
        cause_set(out, i, answers[i], dns_answer_first(answers[i]));
    return true;
}

/* find_address - of a host: of either family */
static bool find_address(const struct spf_cause_search *search, const struct dns_name *name,
                         struct compare_cause *out)
{
    return find_question(search, name, DNS_A, out) ||
           find_question(search, name, DNS_AAAA, out);
}

/* find_changed_host - a host or mail host of a term that has other addresses */
static bool find_changed_host(const struct spf_cause_search *search, struct compare_cause *out)
{
    const struct auth_spf_tree *tree = search->facts[search->owner]->domain.spf;

    for (const struct auth_spf_cost *cost = tree->costs; cost != NULL; cost = cost->next) {
        const struct dns_name *name = cost->answer != NULL ? cost->answer->question.name : NULL;

        if (name == NULL || cost->answer->question.type == DNS_TXT ||
            (search->via != NULL && cause_term_of(cost->node) != search->via))
            continue;
        if (cost->answer->question.type != DNS_MX && find_address(search, name, out))
            return true;
        if (cost->answer->question.type != DNS_MX)
            continue;
        if (find_question(search, name, DNS_MX, out))
            return true;
        for (const struct dns_rr *rr = dns_answer_first(cost->answer); rr != NULL;
             rr = dns_answer_next(cost->answer, rr))
            if (rr->target != NULL && find_address(search, rr->target, out))
                return true;
    }
    return false;
}

bool compare_spf_find_cause(const struct comparison *comparison, size_t owner,
                            const struct rec_spf_term *via, struct compare_cause *out)
{
    const struct spf_cause_search search = {
        {comparison->out->before, comparison->out->after}, owner, via};

    *out = (struct compare_cause){0};
    return find_changed_record(&search, out) || find_changed_host(&search, out);
}
