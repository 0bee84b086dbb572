/*
 * A record that costs too much is made cheaper in steps until it fits: what leads nowhere or is
 * repeated goes, own hosts are listed by address, own records are written in place. Then
 * includes move to a subdomain, the return path of what is sent through them, or addresses of
 * others are copied.
 */
#include <limits.h>
#include <string.h>

#include "remedy/remedy_private.h"

#define FLAT_DEPTH 10 /* of records in one another: RFC 7208, 4.6.4 allows no more */

static const char price_of_copies[] =
    "providers change their addresses without notice: compare the list every week";

/* one term of the own record on the way to the new one */
struct part {
    const struct rec_spf_term *term;
    const struct auth_spf_cost *cost; /* NULL: it costs nothing */
    struct remedy_draft instead;      /* what takes its place */
    bool is_replaced;
};

struct rewrite {
    struct remedy_maker *maker;
    const struct auth_spf_tree *tree;
    struct part *parts;
    size_t count;
    unsigned lookups;
    unsigned allowed;  /* lookups to get down to */
    struct sbuf steps; /* what was done, for people */
    size_t step_count;
};

/* spf_tree_add_host - the addresses of a mail host; false if they are not known */
static bool spf_tree_add_host(const struct remedy_maker *maker, struct remedy_draft *out,
                              const struct dns_name *host, const struct rec_spf_term *term)
{
    const struct dns_answer *a = ledger_find(maker->facts->ledger, host, DNS_A);
    const struct dns_answer *aaaa = ledger_find(maker->facts->ledger, host, DNS_AAAA);

    if (a == NULL || aaaa == NULL || !dns_status_is_answer(a->status) ||
        !dns_status_is_answer(aaaa->status))
        return false;
    remedy_draft_add_addresses(out, a, term);
    remedy_draft_add_addresses(out, aaaa, term);
    return true;
}

/* target_of - the name whose addresses or mail hosts a term means; NULL: it depends */
static const struct dns_name *target_of(const struct remedy_maker *maker,
                                        const struct auth_spf_node *node,
                                        const struct rec_spf_term *term)
{
    if (term->has_macro)
        return NULL;
    if (!term->has_domain_spec)
        return node->name;
    return dns_name_from_octets(maker->arena, term->domain_spec);
}

/* spf_tree_add_addresses - an "a" or "mx" term as networks; false if they are not all known */
static bool spf_tree_add_addresses(const struct remedy_maker *maker, struct remedy_draft *out,
                                   const struct auth_spf_node *node,
                                   const struct rec_spf_term *term)
{
    const struct dns_name *target = target_of(maker, node, term);
    const struct dns_answer *mx = NULL;

    if (target == NULL || term->qualifier != '+')
        return false;
    if (term->kind == REC_SPF_A)
        return spf_tree_add_host(maker, out, target, term);
    if (term->kind != REC_SPF_MX)
        return false;
    mx = ledger_find(maker->facts->ledger, target, DNS_MX);
    if (mx == NULL || mx->status != DNS_OK)
        return false;
    for (const struct dns_rr *rr = dns_answer_first(mx); rr != NULL;
         rr = dns_answer_next(mx, rr))
        if (!spf_tree_add_host(maker, out, rr->target, term))
            return false;
    return true;
}

/* is_own - the name is the domain's or below it */
static bool is_own(const struct remedy_maker *maker, const struct dns_name *name)
{
    return name != NULL && dns_name_is_below(name, maker->facts->domain.name);
}

/* start_rewrite - every term of the own record */
static struct rewrite start_rewrite(struct remedy_maker *maker, unsigned allowed)
{
    const struct auth_spf_tree *tree = maker->facts->domain.spf;
    const struct rec_spf *record = tree->root->record;
    struct rewrite rewrite = {
        .maker = maker,
        .tree = tree,
        .parts = arena_array_of(maker->arena, struct part, record->term_count + 1),
        .count = record->term_count,
        .lookups = tree->lookups,
        .allowed = allowed,
        .steps = sbuf_start(maker->arena),
    };

    for (size_t i = 0; i < rewrite.count; i++)
        rewrite.parts[i] = (struct part){
            .term = &record->terms[i],
            .cost = auth_spf_tree_cost(tree, tree->root, &record->terms[i]),
            .instead.arena = maker->arena,
        };
    return rewrite;
}

/* spf_tree_replace - the part's term goes: `verb` it, `how` */
static void spf_tree_replace(struct rewrite *rewrite, struct part *part, const char *verb,
                             const char *how)
{
    unsigned saved = part->cost != NULL ? part->cost->lookups : 0;

    part->is_replaced = true;
    rewrite->lookups -= saved < rewrite->lookups ? saved : rewrite->lookups;
    sbuf_addf(&rewrite->steps, "%s%s %.*s%s", rewrite->step_count++ > 0 ? ", " : "", verb,
              SPAN_ARG(part->term->text), how);
}

/* spf_tree_is_repeated - the same term precedes it */
static bool spf_tree_is_repeated(const struct rewrite *rewrite, size_t index)
{
    for (size_t i = 0; i < index; i++)
        if (span_same_nocase(rewrite->parts[i].term->text, rewrite->parts[index].term->text))
            return true;
    return false;
}

/* drop_useless - what matches nothing that something before it does not */
static void drop_useless(struct rewrite *rewrite)
{
    for (size_t i = 0; i < rewrite->count; i++) {
        struct part *part = &rewrite->parts[i];

        if (part->cost == NULL)
            continue;
        if (part->term->is_after_all || spf_tree_is_repeated(rewrite, i))
            spf_tree_replace(rewrite, part, "drop", "");
        else if (part->cost->is_void)
            spf_tree_replace(rewrite, part, "drop", " (leads nowhere)");
    }
}

/* list_hosts - "a" and "mx" by the addresses of the hosts: those of the domain, its own hosts
 * first, or all whose hosts lack addresses of a family; true: others' hosts are among them */
static bool list_hosts(struct rewrite *rewrite, bool wants_voids)
{
    const struct auth_spf_node *root = rewrite->tree->root;
    bool has_others = false;

    for (size_t k = 0; k < 2 * rewrite->count && rewrite->lookups > rewrite->allowed; k++) {
        struct part *part = &rewrite->parts[k < rewrite->count ? k : k - rewrite->count];
        bool own = is_own(rewrite->maker, target_of(rewrite->maker, root, part->term));
        struct remedy_draft addresses = {.arena = rewrite->maker->arena};

        if (part->is_replaced || part->cost == NULL ||
            (k < rewrite->count && !remedy_spf_has_own_hosts(rewrite->maker, part->cost)) ||
            !(wants_voids ? part->cost->voids[0] + part->cost->voids[1] > 0 : own) ||
            !spf_tree_add_addresses(rewrite->maker, &addresses, root, part->term))
            continue;
        part->instead = addresses;
        spf_tree_replace(rewrite, part, "replace", " by its addresses");
        has_others = has_others || !own;
    }
    return has_others;
}

/* spf_tree_flatten - all networks that a record lets pass; false if they cannot be listed */
static bool spf_tree_flatten(const struct rewrite *rewrite, const struct auth_spf_node *node,
                             struct remedy_draft *out, unsigned depth)
{
    if (node == NULL || node->record == NULL || node->record->is_fatal || node->is_loop ||
        depth > FLAT_DEPTH)
        return false;
    for (size_t i = 0; i < node->record->term_count; i++) {
        const struct rec_spf_term *term = &node->record->terms[i];
        bool is_listed = true;

        if (term->is_after_all || term->kind == REC_SPF_ALL || term->kind == REC_SPF_EXP)
            continue;
        if (term->kind == REC_SPF_IP4 || term->kind == REC_SPF_IP6)
            remedy_draft_add(out, term->text);
        else if (term->kind == REC_SPF_INCLUDE || term->kind == REC_SPF_REDIRECT)
            is_listed = spf_tree_flatten(
                rewrite, auth_spf_tree_child(rewrite->tree, node, term), out, depth + 1);
        else
            is_listed = spf_tree_add_addresses(rewrite->maker, out, node, term);
        if (!is_listed || (term->qualifier != '+' && term->qualifier != '\0'))
            return false;
    }
    return true;
}

/* include_left - the record of an include that lets pass, costs lookups, and is still in the
 * list; NULL: the part is not one of the own domain, or of another */
static const struct auth_spf_node *include_left(const struct rewrite *rewrite,
                                                const struct part *part, bool wants_own)
{
    const struct auth_spf_node *child =
        auth_spf_tree_child(rewrite->tree, rewrite->tree->root, part->term);

    return !part->is_replaced && part->cost != NULL && child != NULL &&
                   part->term->kind == REC_SPF_INCLUDE && part->term->qualifier == '+' &&
                   is_own(rewrite->maker, child->name) == wants_own
               ? child
               : NULL;
}

/* list_includes - include: of records by their networks, the most expensive first */
static void list_includes(struct rewrite *rewrite, bool wants_own)
{
    while (rewrite->lookups > rewrite->allowed) {
        struct part *best = NULL;

        for (size_t i = 0; i < rewrite->count; i++) {
            struct part *part = &rewrite->parts[i];
            const struct auth_spf_node *child = include_left(rewrite, part, wants_own);
            struct remedy_draft networks = {.arena = rewrite->maker->arena};

            if (child == NULL || (best != NULL && best->cost->lookups >= part->cost->lookups) ||
                !spf_tree_flatten(rewrite, child, &networks, 0))
                continue;
            best = part;
            best->instead = networks;
        }
        if (best == NULL)
            return;
        spf_tree_replace(rewrite, best, "replace", " by its addresses");
    }
}

/* offer_rewrite - the new record */
static struct remedy *offer_rewrite(struct rewrite *rewrite)
{
    struct arena *arena = rewrite->maker->arena;
    struct remedy_draft draft = {.arena = arena};
    struct remedy *remedy = NULL;

    for (size_t i = 0; i < rewrite->count; i++) {
        const struct part *part = &rewrite->parts[i];

        if (!part->is_replaced)
            remedy_draft_add(&draft, part->term->text);
        for (size_t j = 0; part->is_replaced && j < part->instead.count; j++)
            remedy_draft_add(&draft, part->instead.terms[j]);
    }
    remedy_draft_tidy(&draft);
    remedy = remedy_offer(rewrite->maker,
                          arena_printf(arena, "make %u lookup%s instead of %u: %s",
                                       rewrite->lookups, rewrite->lookups == 1 ? "" : "s",
                                       rewrite->tree->lookups, sbuf_text(&rewrite->steps)),
                          NULL);
    remedy_replace_text(rewrite->maker, remedy, rewrite->tree->root->rr,
                        remedy_draft_text(&draft));
    return remedy;
}

/* free_subdomain - a name below the domain that is known to have no TXT record; NULL: none */
static const struct dns_name *free_subdomain(const struct remedy_maker *maker)
{
    for (size_t i = 0; gather_return_path(i) != NULL; i++) {
        const struct dns_name *name =
            dns_name_prepend(maker->arena, gather_return_path(i), maker->facts->domain.name);
        const struct dns_answer *answer =
            name != NULL ? ledger_find(maker->facts->ledger, name, DNS_TXT) : NULL;

        if (answer != NULL && dns_status_is_absent(answer->status) && answer->records == NULL)
            return name;
    }
    return NULL;
}

/* costliest_include - of another domain, among those that are left and cost at most `most` */
static struct part *costliest_include(const struct rewrite *rewrite, unsigned most)
{
    struct part *best = NULL;

    for (size_t i = 0; i < rewrite->count; i++) {
        struct part *part = &rewrite->parts[i];

        if (include_left(rewrite, part, false) != NULL && part->cost->lookups <= most &&
            (best == NULL || best->cost->lookups < part->cost->lookups))
            best = part;
    }
    return best;
}

/* offer_split - includes move to a subdomain, for mail whose MAIL FROM is there */
static void offer_split(struct rewrite *rewrite)
{
    struct remedy_maker *maker = rewrite->maker;
    const struct dns_name *name = free_subdomain(maker);
    const struct rec_spf_term *all = rewrite->tree->root->record->all;
    struct remedy_draft moved = {.arena = maker->arena};
    struct sbuf list = sbuf_start(maker->arena);
    struct remedy *remedy = NULL;
    struct part *part = NULL;
    unsigned left = AUTH_SPF_LOOKUP_MAX;

    while (name != NULL && rewrite->lookups > rewrite->allowed &&
           (part = costliest_include(rewrite, left)) != NULL) {
        left -= part->cost->lookups;
        remedy_draft_add(&moved, part->term->text);
        sbuf_addf(&list, "%s%.*s", list.len > 0 ? " and " : "", SPAN_ARG(part->term->text));
        spf_tree_replace(rewrite, part, "move",
                         arena_printf(maker->arena, " to %s", name->text));
    }
    if (moved.count == 0 || rewrite->lookups > rewrite->allowed)
        return;
    remedy_draft_add(&moved, all != NULL ? all->text : span_of("~all"));
    remedy = offer_rewrite(rewrite);
    remedy->condition =
        arena_printf(maker->arena,
                     "if what is sent through %s uses a MAIL FROM at %s (its return path; set "
                     "it at the provider first)",
                     sbuf_text(&list), name->text);
    remedy_add_text(maker, remedy, name,
                    arena_strdup_span(maker->arena, remedy_draft_text(&moved)));
}

/* start_own_rewrite - made cheaper by what costs nobody anything */
static struct rewrite start_own_rewrite(struct remedy_maker *maker)
{
    struct rewrite rewrite = start_rewrite(maker, AUTH_SPF_LOOKUP_MAX);

    drop_useless(&rewrite);
    list_hosts(&rewrite, false);
    list_includes(&rewrite, true);
    return rewrite;
}

/* offer_drop - the last resort: only a person knows whether an include is still needed */
static void offer_drop(struct rewrite *rewrite)
{
    struct remedy_maker *maker = rewrite->maker;
    struct sbuf list = sbuf_start(maker->arena);
    struct part *part = NULL;

    while (rewrite->lookups > rewrite->allowed &&
           (part = costliest_include(rewrite, UINT_MAX)) != NULL) {
        sbuf_addf(&list, "%s%.*s", list.len > 0 ? " and " : "", SPAN_ARG(part->term->text));
        spf_tree_replace(rewrite, part, "drop", "");
    }
    if (list.len > 0 && rewrite->lookups <= rewrite->allowed)
        offer_rewrite(rewrite)->condition =
            arena_printf(maker->arena, "if nothing is sent through %s", sbuf_text(&list));
}

void remedy_spf_lookup_limit(struct remedy_maker *maker)
{
    const struct auth_spf_node *root = check_spf_root(maker->facts);
    struct rewrite rewrite = {0};

    if (root == NULL || root->record == NULL)
        return;
    rewrite = start_own_rewrite(maker);
    if (rewrite.lookups <= AUTH_SPF_LOOKUP_MAX) {
        offer_rewrite(&rewrite);
        return;
    }
    offer_split(&rewrite);
    rewrite = start_own_rewrite(maker);
    list_includes(&rewrite, false);
    if (rewrite.lookups <= AUTH_SPF_LOOKUP_MAX)
        offer_rewrite(&rewrite)->price = price_of_copies;
    if (maker->count > 0)
        return;
    rewrite = start_own_rewrite(maker);
    offer_drop(&rewrite);
}

/* voids_of - how many terms lead nowhere in what a part of the record leads to */
static unsigned voids_of(const struct rewrite *rewrite, const struct part *part)
{
    const struct auth_spf_node *child =
        auth_spf_tree_child(rewrite->tree, rewrite->tree->root, part->term);
    unsigned count = 0;

    for (const struct auth_spf_cost *cost = rewrite->tree->costs; cost != NULL;
         cost = cost->next)
        for (const struct auth_spf_node *node = cost->is_void ? cost->node : NULL;
             node != NULL && child != NULL; node = node->parent)
            count += node == child;
    return count;
}

/* offer_without_voids - too many are in foreign records: do without these */
static void offer_without_voids(struct rewrite *rewrite)
{
    struct sbuf list = sbuf_start(rewrite->maker->arena);

    for (size_t i = 0; i < rewrite->count; i++) {
        struct part *part = &rewrite->parts[i];

        if (part->is_replaced || part->term->kind != REC_SPF_INCLUDE ||
            voids_of(rewrite, part) == 0)
            continue;
        sbuf_addf(&list, "%s%.*s", list.len > 0 ? " and " : "", SPAN_ARG(part->term->text));
        spf_tree_replace(rewrite, part, "drop", "");
    }
    if (list.len > 0)
        offer_rewrite(rewrite)->condition = arena_printf(
            rewrite->maker->arena,
            "if nothing is sent through %s, or until its owner corrects it", sbuf_text(&list));
}

void remedy_spf_voids(struct remedy_maker *maker)
{
    const struct auth_spf_node *root = check_spf_root(maker->facts);
    struct rewrite rewrite = {0};
    unsigned elsewhere = 0;

    if (root == NULL || root->record == NULL)
        return;
    remedy_offer_meant(maker, &maker->facts->domain.spf_meant);
    rewrite = start_rewrite(maker, 0);
    drop_useless(&rewrite);
    if (rewrite.step_count > 0)
        offer_rewrite(&rewrite);
    for (size_t i = 0; i < rewrite.count; i++)
        elsewhere += rewrite.parts[i].is_replaced ? 0 : voids_of(&rewrite, &rewrite.parts[i]);
    if (elsewhere > AUTH_SPF_VOID_MAX)
        offer_without_voids(&rewrite);
}

void remedy_spf_void_family(struct remedy_maker *maker)
{
    const struct auth_spf_node *root = check_spf_root(maker->facts);
    struct rewrite rewrite = {0};
    bool has_others = false;

    if (root == NULL || root->record == NULL || maker->finding->severity != SEV_ERROR)
        return;
    remedy_offer_meant(maker, &maker->facts->domain.spf_meant);
    rewrite = start_rewrite(maker, 0);
    drop_useless(&rewrite);
    has_others = list_hosts(&rewrite, true);
    if (rewrite.step_count > 0)
        offer_rewrite(&rewrite)->price = has_others ? price_of_copies : NULL;
}

/* offer_addresses - the terms of a kind by the addresses that are known of them */
static struct remedy *offer_addresses(struct remedy_maker *maker, enum rec_spf_kind kind)
{
    const struct auth_spf_node *root = check_spf_root(maker->facts);
    struct rewrite rewrite = {0};
    struct remedy *remedy = NULL;
    bool has_others = false;

    if (root == NULL || root->record == NULL)
        return NULL;
    rewrite = start_rewrite(maker, 0);
    for (size_t i = 0; i < rewrite.count; i++) {
        struct part *part = &rewrite.parts[i];
        struct rec_spf_term hosts = *part->term;

        if (part->term->kind != kind)
            continue;
        hosts.kind = REC_SPF_MX;
        if (!spf_tree_add_addresses(maker, &part->instead, root, &hosts))
            return NULL;
        hosts.kind = REC_SPF_A;
        if (kind == REC_SPF_PTR && !spf_tree_add_addresses(maker, &part->instead, root, &hosts))
            return NULL;
        spf_tree_replace(&rewrite, part, "replace", " by the addresses of its hosts");
        has_others = has_others || !is_own(maker, target_of(maker, root, part->term));
    }
    if (rewrite.step_count == 0)
        return NULL;
    remedy = offer_rewrite(&rewrite);
    remedy->price = has_others ? price_of_copies : NULL;
    return remedy;
}

void remedy_spf_mx_many(struct remedy_maker *maker)
{
    if (offer_addresses(maker, REC_SPF_MX) == NULL)
        remedy_spf_drop_term(maker); /* nobody queried all the addresses */
}

void remedy_spf_ptr(struct remedy_maker *maker)
{
    struct remedy *remedy = offer_addresses(maker, REC_SPF_PTR);

    if (remedy != NULL)
        remedy->condition = "if no other hosts send than those of the A and MX records";
    else
        remedy_spf_drop_term(maker);
}
