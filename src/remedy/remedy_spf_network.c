/* Networks of the domain's own SPF record that are too large, too many, or nobody's. */
#include <string.h>

#include "auth/auth_spf_set.h"
#include "base/escape.h"
#include "base/ip.h"
#include "base/ip_ranges.h"
#include "base/limits.h"
#include "remedy/remedy_private.h"

/* spf_narrow - the address of the client that a huge network lets in; NULL: it does not */
static const char *spf_narrow(const struct remedy_maker *maker, const struct rec_spf_term *term)
{
    const struct ip_address *ip = &maker->facts->subject->ip;
    bool is_network = term->kind == REC_SPF_IP4 || term->kind == REC_SPF_IP6;
    unsigned prefix = term->kind == REC_SPF_IP4 ? term->prefix4 : term->prefix6;

    if (!is_network || !check_client_is_known(maker->facts) || maker->facts->sender_count > 0 ||
        !ip_matches(ip, &term->address, prefix))
        return NULL;
    return arena_printf(maker->arena, "%s:%s", ip->family == IP_V4 ? "ip4" : "ip6",
                        ip_to_text(maker->arena, ip));
}

/* offer_without_huge - several such networks: without one of them the others are as bad. Said
 * of the first of them, for all. */
static void offer_without_huge(struct remedy_maker *maker, const struct auth_spf_node *node,
                               const struct rec_spf_term *about)
{
    struct remedy_draft draft = {.arena = maker->arena};
    bool is_client_in = false;

    for (const struct rec_spf_term *term = node->record->terms; term != about; term++)
        if (check_spf_is_huge(term))
            return;
    for (size_t i = 0; i < node->record->term_count; i++) {
        const struct rec_spf_term *term = &node->record->terms[i];

        if (!check_spf_is_huge(term))
            remedy_draft_add(&draft, term->text);
        else if (spf_narrow(maker, term) != NULL)
            is_client_in = true;
    }
    if (draft.count + 1 >= node->record->term_count)
        return;
    if (is_client_in)
        remedy_spf_allow_client(maker, &draft);
    remedy_offer_draft(maker, node, &draft,
                       is_client_in
                           ? "list the client of this message instead of all such networks"
                           : "remove all such networks")
        ->condition = "if other terms list every host there that sends for you";
}

void remedy_spf_network_huge(struct remedy_maker *maker)
{
    const struct auth_spf_node *node = remedy_spf_node_of(maker);
    const struct rec_spf_term *term = remedy_spf_term_of(maker, node);
    struct remedy_draft draft = {0};
    const char *instead = NULL;

    if (term == NULL)
        return;
    draft = remedy_draft_of(maker->arena, node->record);
    instead = spf_narrow(maker, term);
    if (instead != NULL) {
        draft.terms[term - node->record->terms] = span_of(instead);
        remedy_offer_draft(maker, node, &draft, "list only the client of this message")
            ->condition = "if only this host of the network sends for you";
    }
    if (term->kind == REC_SPF_A || term->kind == REC_SPF_MX) {
        draft = remedy_draft_of(maker->arena, node->record);
        draft.terms[term - node->record->terms] =
            span_sub(term->text, 0, strcspn(arena_strdup_span(maker->arena, term->text), "/"));
        remedy_offer_draft(maker, node, &draft,
                           "list the hosts themselves, not the networks around them")
            ->condition = "if no other host of these networks sends for you";
    }
    draft = remedy_spf_without(maker, node, term);
    remedy_offer_draft(maker, node, &draft,
                       arena_printf(maker->arena, "remove %s", maker->finding->where.term))
        ->condition = "if other terms list every host there that sends for you";
    offer_without_huge(maker, node, term);
}

/* size_of_term - how many IPv4 addresses it passes */
static double size_of_term(const struct remedy_maker *maker, const struct rec_spf_term *term)
{
    const struct ip_ranges passed = auth_spf_set_of_term(maker->arena, maker->facts->ledger,
                                                         maker->facts->domain.spf, term);

    return ip_ranges_size(&passed);
}

/* spf_widest - index of the first greatest size; LIMIT_TERMS_SIZED: all are 0 */
static size_t spf_widest(const double *sizes)
{
    size_t best = LIMIT_TERMS_SIZED;

    for (size_t i = 0; i < LIMIT_TERMS_SIZED; i++)
        if (sizes[i] > 0 && (best == LIMIT_TERMS_SIZED || sizes[i] > sizes[best]))
            best = i;
    return best;
}

/* the widest first; the proof keeps what suffices */
void remedy_spf_wide(struct remedy_maker *maker)
{
    const struct auth_spf_node *root = check_spf_root(maker->facts);
    const struct rec_spf *record = root != NULL ? root->record : NULL;
    double sizes[LIMIT_TERMS_SIZED] = {0};
    size_t best = 0;

    if (record == NULL)
        return;
    for (size_t i = 0; i < record->term_count && i < LIMIT_TERMS_SIZED; i++)
        if (record->terms[i].kind != REC_SPF_ALL)
            sizes[i] = size_of_term(maker, &record->terms[i]);
    while ((best = spf_widest(sizes)) < LIMIT_TERMS_SIZED) {
        const struct rec_spf_term *term = &record->terms[best];
        struct remedy_draft draft = remedy_spf_without(maker, root, term);

        remedy_offer_draft(
            maker, root, &draft,
            arena_printf(maker->arena, "remove %s: %.0f addresses fewer pass",
                         escape_to_text(maker->arena, term->text, LIMIT_SHOWN_BYTES),
                         sizes[best]))
            ->condition = "if nothing is sent through it";
        sizes[best] = 0;
    }
}

/* all private networks at once */
void remedy_spf_private_network(struct remedy_maker *maker)
{
    const struct auth_spf_node *root = check_spf_root(maker->facts);
    struct remedy_draft draft = {.arena = maker->arena};

    if (root == NULL || root->record == NULL)
        return;
    for (size_t i = 0; i < root->record->term_count; i++)
        if (!check_spf_is_private(&root->record->terms[i]))
            remedy_draft_add(&draft, root->record->terms[i].text);
    remedy_offer_draft(maker, root, &draft, "remove the private addresses")->condition =
        "if no host of your own network checks SPF of mail from inside";
}

bool remedy_spf_has_own_hosts(const struct remedy_maker *maker,
                              const struct auth_spf_cost *cost)
{
    const struct dns_answer *mx = cost->term->kind == REC_SPF_MX ? cost->answer : NULL;

    for (const struct dns_rr *rr = mx != NULL ? dns_answer_first(mx) : NULL; rr != NULL;
         rr = dns_answer_next(mx, rr))
        if (rr->target == NULL || !dns_name_is_below(rr->target, maker->facts->domain.name))
            return false;
    return true;
}
