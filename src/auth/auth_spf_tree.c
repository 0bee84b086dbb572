/*
 * The tree is walked level by level, so that one round of queries brings
 * one level; afterwards the costs are summed in the order of evaluation.
 */
#include "auth/auth_spf_private.h"
#include "base/ip.h"
#include "base/limits.h"
#include "record/rec_spf.h"
#include "record/rec_spf_macro.h"

/* Terms whose queries are sent; further ones are only counted. */
#define COSTS_MAX LIMIT_SPF_NODES

/* Hosts of one `mx` that are queried; more than AUTH_SPF_MX_MAX are permerror anyway. */
#define HOSTS_MAX (2 * AUTH_SPF_MX_MAX)

struct branch {
    struct auth_spf_node *node;
    struct auth_spf_frame frame; /* for the names that terms mean */
    const struct branch *above;
    struct auth_spf_cost **costs; /* of this record, in order */
    struct branch **below;        /* what each leads to; NULL */
    size_t cost_count;
    unsigned uncounted;  /* terms beyond COSTS_MAX */
    struct branch *next; /* breadth first */
};

struct walk {
    struct auth_spf_eval eval;
    struct auth_spf_tree *tree;
    struct branch *last;
    size_t node_count;
    size_t cost_count;
    size_t term_count;
    struct auth_spf_cost **tail; /* where the next cost in order goes */
    const struct dns_rr *given;  /* the record of the root; NULL: the one that is selected */
};

/* grow_branch - a further record in the tree, to be walked later */
static struct branch *grow_branch(struct walk *walk, const struct branch *above,
                                  const struct rec_spf_term *via,
                                  const struct auth_spf_target *target)
{
    struct arena *arena = walk->eval.arena;
    struct branch *branch = arena_new_of(arena, struct branch);

    branch->node = arena_new_of(arena, struct auth_spf_node);
    branch->node->name = target->name;
    branch->node->via = via;
    branch->above = above;
    branch->frame.name = target->name;
    branch->frame.domain = target->octets;
    if (above != NULL) {
        branch->node->parent = above->node;
        branch->node->depth = above->node->depth + 1;
        walk->last->node->next = branch->node;
        walk->last->next = branch;
    }
    for (; above != NULL && !branch->node->is_loop; above = above->above)
        branch->node->is_loop = dns_name_equal(above->node->name, target->name);
    walk->last = branch;
    walk->node_count++;
    return branch;
}

/* spf_tree_ask_host - an answer whose status does not concern the tree */
static const struct dns_answer *
spf_tree_ask_host(struct walk *walk, const struct dns_name *host, enum dns_type type)
{
    const struct dns_answer *answer = walk->given != NULL
                                          ? ledger_ask_aside(walk->eval.ledger, host, type)
                                          : ledger_ask(walk->eval.ledger, host, type);

    walk->tree->is_pending = walk->tree->is_pending || answer->status == DNS_PENDING;
    return answer;
}

/* spf_tree_ask - an answer that the tree depends on */
static const struct dns_answer *spf_tree_ask(struct walk *walk, const struct dns_name *name,
                                             enum dns_type type)
{
    const struct dns_answer *answer = spf_tree_ask_host(walk, name, type);

    if (answer->status != DNS_PENDING && !dns_status_is_answer(answer->status))
        walk->tree->is_undetermined = true;
    return answer;
}

/* depends_on_client - does the name hold more than the domain itself; %{o} is the audited
 * domain, as in mail that it sends */
static bool depends_on_client(const struct rec_spf_term *term)
{
    struct span rest = term->domain_spec;
    struct rec_spf_macro macro;

    if (term->kind == REC_SPF_PTR)
        return true;
    while (term->has_macro && rest.len > 0) {
        if (rec_spf_macro_next(&rest, false, &macro) != REC_SPF_MACRO_FINE)
            return true;
        if (ascii_is_alpha(macro.letter) && macro.letter != 'd' && macro.letter != 'o')
            return true;
    }
    return false;
}

/* uses_letter - does the name depend on this macro */
static bool uses_letter(const struct rec_spf_term *term, char letter)
{
    struct span rest = term->domain_spec;
    struct rec_spf_macro macro;

    while (rest.len > 0 && rec_spf_macro_next(&rest, false, &macro) == REC_SPF_MACRO_FINE)
        if (macro.letter == letter)
            return true;
    return false;
}

/* spf_tree_ask_nobody - the query of an `exists` for a host that nobody can have: where that
 * finds something, everybody's does. That a list of bad hosts has it says nothing; %{p} and
 * %{t} ask for more, or for something else later. */
static void spf_tree_ask_nobody(struct walk *walk, const struct branch *branch,
                                struct auth_spf_cost *cost)
{
    static const enum ip_family families[AUTH_SPF_FAMILIES] = {IP_V4, IP_V6};
    struct auth_spf_eval eval = walk->eval;

    if (cost->term->qualifier != '+' || uses_letter(cost->term, 'p') ||
        uses_letter(cost->term, 't'))
        return;
    eval.local = span_of(AUTH_SPF_NOBODY_LOCAL);
    eval.sender = span_of(
        arena_printf(eval.arena, AUTH_SPF_NOBODY_LOCAL "@%.*s", SPAN_ARG(eval.sender_domain)));
    eval.helo = span_of("unknown");
    for (size_t i = 0; i < AUTH_SPF_FAMILIES; i++) {
        struct auth_spf_input input = {.client = ip_of_nobody(families[i]), .mail_from = ""};
        const struct dns_answer *answer = NULL;
        struct auth_spf_target target;

        eval.input = &input;
        eval.dotted = span_make(NULL, 0);
        target = auth_spf_target_of(&eval, &branch->frame, cost->term);
        if (target.name == NULL)
            continue;
        answer = ledger_ask_aside(eval.ledger, target.name, DNS_A);
        walk->tree->is_pending = walk->tree->is_pending || answer->status == DNS_PENDING;
        cost->finds_nobody[i] = answer->status == DNS_OK;
    }
}

/* count_voids - how many lookups for a name are void, for clients of each family */
static void count_voids(const struct walk *walk, struct auth_spf_cost *cost,
                        const struct dns_name *name)
{
    static const enum dns_type types[AUTH_SPF_FAMILIES] = {DNS_A, DNS_AAAA};

    for (size_t i = 0; i < AUTH_SPF_FAMILIES; i++) {
        const struct dns_answer *answer = ledger_find(walk->eval.ledger, name, types[i]);

        cost->voids[i] += answer != NULL && dns_status_is_absent(answer->status);
    }
}

/* spf_tree_ask_hosts - the addresses of the MX hosts: a few more than an evaluation would
 * ask for, since the cure of too many is to list all */
static void spf_tree_ask_hosts(struct walk *walk, struct auth_spf_cost *cost)
{
    unsigned asked = 0;

    for (const struct dns_rr *mx = dns_answer_first(cost->answer); mx != NULL;
         mx = dns_answer_next(cost->answer, mx)) {
        if (mx->target == NULL || mx->target->labels == 0)
            continue;
        cost->names++;
        if (asked++ >= HOSTS_MAX)
            continue;
        spf_tree_ask_host(walk, mx->target, DNS_A);
        spf_tree_ask_host(walk, mx->target, DNS_AAAA);
        if (asked <= AUTH_SPF_MX_MAX)
            count_voids(walk, cost, mx->target);
    }
}

/* spf_tree_ask_addresses - the query of an `a` term, for clients of both families; the
 * answer that has addresses is reported */
static void spf_tree_ask_addresses(struct walk *walk, struct auth_spf_cost *cost,
                                   const struct dns_name *name)
{
    const struct dns_answer *ipv6 = spf_tree_ask(walk, name, DNS_AAAA);

    cost->answer = spf_tree_ask(walk, name, DNS_A);
    if (dns_status_is_absent(cost->answer->status) && !dns_status_is_absent(ipv6->status))
        cost->answer = ipv6;
    count_voids(walk, cost, name);
}

/* has_default_domain - may the term be without a domain (RFC 7208, 5.3 to 5.5) */
static bool has_default_domain(const struct rec_spf_term *term)
{
    return term->kind == REC_SPF_A || term->kind == REC_SPF_MX;
}

/* spf_tree_ask_term - the term's own query, and the record behind it */
static void spf_tree_ask_term(struct walk *walk, struct branch *branch,
                              struct auth_spf_cost *cost)
{
    const struct rec_spf_term *term = cost->term;
    struct auth_spf_target target;

    cost->is_macro = depends_on_client(term);
    if (cost->is_macro && term->kind == REC_SPF_EXISTS) {
        spf_tree_ask_nobody(walk, branch, cost);
        for (size_t i = 0; i < AUTH_SPF_FAMILIES; i++) /* where it does not match */
            cost->voids[i] = !cost->finds_nobody[i];
    }
    if (cost->is_macro || (!term->has_domain_spec && !has_default_domain(term)))
        return;
    target = auth_spf_target_of(&walk->eval, &branch->frame, term);
    if (target.name == NULL)
        return;
    if (term->kind == REC_SPF_A)
        spf_tree_ask_addresses(walk, cost, target.name);
    else if (term->kind == REC_SPF_EXISTS)
        cost->answer = spf_tree_ask(walk, target.name, DNS_A);
    else if (term->kind == REC_SPF_MX)
        cost->answer = spf_tree_ask(walk, target.name, DNS_MX);
    else
        cost->answer = spf_tree_ask(walk, target.name, DNS_TXT);
    if (term->kind == REC_SPF_MX)
        spf_tree_ask_hosts(walk, cost);
    cost->is_void = dns_status_is_absent(cost->answer->status);
    if (cost->is_void && (term->kind == REC_SPF_EXISTS || term->kind == REC_SPF_MX))
        cost->voids[0] = cost->voids[1] = 1;
    if (term->kind != REC_SPF_INCLUDE && term->kind != REC_SPF_REDIRECT)
        return;
    if (walk->node_count < LIMIT_SPF_NODES)
        branch->below[branch->cost_count] = grow_branch(walk, branch, term, &target);
    else
        walk->tree->is_cut = true;
}

/* add_cost - one term that costs a lookup */
static void add_cost(struct walk *walk, struct branch *branch, const struct rec_spf_term *term)
{
    struct auth_spf_cost *cost = NULL;

    if (walk->cost_count >= COSTS_MAX) {
        walk->tree->is_cut = true;
        branch->uncounted++;
        return;
    }
    walk->cost_count++;
    cost = arena_new_of(walk->eval.arena, struct auth_spf_cost);
    cost->node = branch->node;
    cost->term = term;
    branch->costs[branch->cost_count] = cost;
    spf_tree_ask_term(walk, branch, cost);
    branch->cost_count++;
}

/* count_costs - how many terms of the record cost a lookup */
static size_t count_costs(const struct rec_spf *record)
{
    size_t count = 0;

    for (size_t i = 0; i < record->term_count; i++)
        count += rec_spf_term_costs_lookup(&record->terms[i]);
    return count;
}

/* take_record - select and parse the record of a node; NULL if there is none to walk */
static const struct rec_spf *take_record(struct walk *walk, struct auth_spf_node *node)
{
    if (walk->given != NULL && node->parent == NULL) {
        struct rec_spf *record = arena_new_of(walk->eval.arena, struct rec_spf);

        rec_spf_parse(walk->eval.arena, walk->given->joined, record);
        return record;
    }
    node->record_count = auth_spf_select(node->answer, &node->rr);
    if (node->record_count == 1 && walk->term_count <= LIMIT_SPF_TERMS) {
        node->record = auth_spf_record_of(&walk->eval, node->answer);
        walk->term_count += node->record->term_count;
        return node->record;
    }
    walk->tree->is_cut = walk->tree->is_cut || node->record_count == 1;
    node->rr = NULL;
    return NULL;
}

/* walk_branch - ask for one record and for what its terms name */
static void walk_branch(struct walk *walk, struct branch *branch)
{
    struct auth_spf_node *node = branch->node;
    const struct rec_spf *record = NULL;
    size_t count = 0;

    node->answer = spf_tree_ask(walk, node->name, DNS_TXT);
    if (node->is_loop)
        return;
    record = take_record(walk, node);
    if (record == NULL)
        return;
    count = count_costs(record);
    branch->costs = arena_array_of(walk->eval.arena, struct auth_spf_cost *, count);
    branch->below = arena_array_of(walk->eval.arena, struct branch *, count);
    for (size_t i = 0; i < record->term_count; i++)
        if (record->terms[i].kind != REC_SPF_REDIRECT && !record->terms[i].is_after_all &&
            rec_spf_term_costs_lookup(&record->terms[i]))
            add_cost(walk, branch, &record->terms[i]);
    if (record->redirect != NULL && record->all == NULL) /* RFC 7208, 6.1 */
        add_cost(walk, branch, record->redirect);
}

/* spf_tree_sum - add up the costs of the branch and all below, in the order of evaluation */
static unsigned spf_tree_sum(struct walk *walk, struct branch *branch)
{
    unsigned total = branch->uncounted;

    for (size_t i = 0; i < branch->cost_count; i++) {
        struct auth_spf_cost *cost = branch->costs[i];

        *walk->tail = cost;
        walk->tail = &cost->next;
        cost->lookups = 1;
        if (branch->below[i] != NULL)
            cost->lookups += spf_tree_sum(walk, branch->below[i]);
        total += cost->lookups;
    }
    branch->node->lookups = total;
    return total;
}

/* spf_tree_sum_voids - void lookups of the whole tree */
static void spf_tree_sum_voids(struct auth_spf_tree *tree)
{
    unsigned sure[AUTH_SPF_FAMILIES] = {0, 0};

    for (const struct auth_spf_cost *cost = tree->costs; cost != NULL; cost = cost->next)
        for (size_t i = 0; i < AUTH_SPF_FAMILIES; i++) {
            tree->voids[i] += cost->voids[i];
            sure[i] += cost->is_macro ? 0 : cost->voids[i];
            sure[i] += cost->is_void && cost->voids[i] == 0; /* include and redirect */
        }
    tree->void_lookups = tree->voids[0] > tree->voids[1] ? tree->voids[0] : tree->voids[1];
    tree->void_common = sure[0] < sure[1] ? sure[0] : sure[1];
}

/* walk_all - one walk over what the ledger holds */
static struct auth_spf_tree *walk_all(struct arena *arena, struct ledger *ledger,
                                      const struct dns_name *domain, const struct dns_rr *given)
{
    static const struct auth_spf_input no_client = {.mail_from = ""};
    struct auth_spf_tree *tree = arena_new_of(arena, struct auth_spf_tree);
    struct walk walk = {.tree = tree, .tail = &tree->costs, .given = given};
    struct auth_spf_target target = {domain, span_make(domain->text, domain->len)};
    struct branch *root = NULL;

    walk.eval = (struct auth_spf_eval){.arena = arena, .ledger = ledger, .input = &no_client};
    walk.eval.sender_domain = target.octets;
    root = grow_branch(&walk, NULL, NULL, &target);
    tree->root = root->node;
    for (struct branch *branch = root; branch != NULL; branch = branch->next)
        walk_branch(&walk, branch);
    tree->lookups = spf_tree_sum(&walk, root);
    spf_tree_sum_voids(tree);
    return tree;
}

const struct auth_spf_tree *auth_spf_tree_walk(struct arena *arena, struct ledger *ledger,
                                               const struct dns_name *domain)
{
    struct auth_spf_tree *tree = NULL;
    struct arena *work = arena_open(); /* a walk that is not complete leaves nothing behind */
    bool is_pending = walk_all(work, ledger, domain, NULL)->is_pending;

    arena_close(work);
    if (!is_pending)
        return walk_all(arena, ledger, domain, NULL);
    tree = arena_new_of(arena, struct auth_spf_tree);
    tree->is_pending = true;
    return tree;
}

void auth_spf_tree_ask(struct ledger *ledger, const struct dns_name *domain,
                       const struct dns_rr *rr)
{
    struct arena *work = arena_open();

    walk_all(work, ledger, domain, rr);
    arena_close(work);
}
