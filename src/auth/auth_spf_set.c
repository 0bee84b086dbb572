/*
 * One walk down the tree. A frame holds what is left of both families while the terms of its
 * record take their share; consecutive terms with one qualifier are gathered first, since a
 * record may have thousands of networks. A record below is judged for exactly those addresses
 * that get there, so everything it decides is final.
 */
#include "auth/auth_spf_set.h"
#include "auth/auth_spf_clients.h"
#include "base/dns_name.h"
#include "base/ip.h"
#include "base/limits.h"
#include "model/dns_answer.h"

static const enum ip_family families[AUTH_SPF_SET_FAMILIES] = {IP_V4, IP_V6};
static const enum dns_type address_types[AUTH_SPF_SET_FAMILIES] = {DNS_A, DNS_AAAA};

/* what one record makes of the addresses that get to it */
struct outcome {
    struct auth_spf_both of[AUTH_SPF_SET_KINDS];
    struct auth_spf_clients passed; /* those of the set "pass", by what they counted */
    struct auth_spf_clients others; /* to whom an include of this record does not match */
    bool is_none;                   /* no record: an error in a record that points here */
};

struct build {
    struct arena *arena;
    const struct ledger *ledger;
    const struct auth_spf_tree *tree;
    struct auth_spf_sets *sets;
    struct auth_spf_dynamic **tail;
    size_t steps_left;
    struct auth_spf_set_options options;
};

/* one record under way */
struct frame {
    struct build *build;
    const struct auth_spf_node *node;
    struct auth_spf_clients left;  /* not decided yet */
    struct auth_spf_both gathered; /* networks of the terms in a row, not settled */
    char qualifier;                /* of these */
    struct outcome *out;
};

static void spf_set_judge(struct build *build, const struct auth_spf_node *node,
                          const struct auth_spf_clients *reached, struct outcome *out);

/* ---- both families ---- */

/* none_of_both - two empty sets */
static struct auth_spf_both none_of_both(void)
{
    return (struct auth_spf_both){{ip_ranges_none(IP_V4), ip_ranges_none(IP_V6)}};
}

/* spf_set_is_empty - no address of either family */
static bool spf_set_is_empty(const struct auth_spf_both *both)
{
    return both->of[0].count == 0 && both->of[1].count == 0;
}

/* open_outcome - nothing decided yet */
static void open_outcome(struct outcome *out)
{
    out->is_none = false;
    auth_spf_clients_open(&out->passed);
    auth_spf_clients_open(&out->others);
    for (int kind = 0; kind < AUTH_SPF_SET_KINDS; kind++)
        out->of[kind] = none_of_both();
}

/* spf_set_spend - work is bounded: false when there was too much of it */
static bool spf_set_spend(struct build *build, size_t steps)
{
    if (steps > build->steps_left) {
        build->steps_left = 0;
        build->sets->is_cut = true;
        return false;
    }
    build->steps_left -= steps;
    return true;
}

/* spf_set_add - to one of the sets of an outcome */
static void spf_set_add(struct build *build, struct outcome *out, enum auth_spf_set_kind kind,
                        const struct auth_spf_both *more)
{
    for (size_t i = 0; i < AUTH_SPF_SET_FAMILIES; i++)
        out->of[kind].of[i] = ip_ranges_union(build->arena, &out->of[kind].of[i], &more->of[i]);
}

/* spf_set_settle - these clients are decided; a result that is not a match of an include lets
 * them go on behind it, with what they have counted (RFC 7208, 5.2) */
static void spf_set_settle(struct frame *frame, enum auth_spf_set_kind kind,
                           const struct auth_spf_clients *taken)
{
    struct build *build = frame->build;
    struct auth_spf_both more;

    if (auth_spf_clients_is_empty(taken))
        return;
    for (size_t i = 0; i < AUTH_SPF_SET_FAMILIES; i++)
        more.of[i] = auth_spf_clients_sum(build->arena, taken, i);
    spf_set_add(build, frame->out, kind, &more);
    if (kind == AUTH_SPF_SET_PASS)
        auth_spf_clients_add(build->arena, &frame->out->passed, taken);
    else if (kind != AUTH_SPF_SET_PERMERROR &&
             (kind != AUTH_SPF_SET_UNKNOWN || build->options.skips_unknown))
        auth_spf_clients_add(build->arena, &frame->out->others, taken);
}

/* spf_set_take - what of the frame's rest is in `wanted` goes into a set */
static void spf_set_take(struct frame *frame, enum auth_spf_set_kind kind,
                         const struct auth_spf_both *wanted)
{
    struct build *build = frame->build;
    const struct auth_spf_both *set = &frame->out->of[kind];
    struct auth_spf_clients taken;

    if (!spf_set_spend(build, auth_spf_clients_size(&frame->left) + wanted->of[0].count +
                                  wanted->of[1].count + set->of[0].count + set->of[1].count))
        return;
    auth_spf_clients_take(build->arena, &frame->left, wanted, &taken);
    spf_set_settle(frame, kind, &taken);
}

/* ---- terms that name addresses ---- */

/* spf_set_flush - what was gathered takes its share */
static void spf_set_flush(struct frame *frame)
{
    if (spf_set_is_empty(&frame->gathered))
        return;
    for (size_t i = 0; i < AUTH_SPF_SET_FAMILIES; i++)
        ip_ranges_settle(&frame->gathered.of[i]);
    spf_set_take(frame, auth_spf_set_kind_of(frame->qualifier), &frame->gathered);
    frame->gathered = none_of_both();
}

/* take_rest - all that is left goes into a set */
static void take_rest(struct frame *frame, enum auth_spf_set_kind kind)
{
    struct auth_spf_clients left;

    spf_set_flush(frame);
    left = frame->left;
    auth_spf_clients_open(&frame->left);
    spf_set_settle(frame, kind, &left);
}

/* spf_set_gather - one more network for the terms in a row; an IPv4-mapped one has no
 * clients, since they count as IPv4 (RFC 7208, 5) */
static void spf_set_gather(struct frame *frame, const struct ip_address *address,
                           unsigned prefix)
{
    static const unsigned mapped_prefix = 96;
    size_t i = address->family == IP_V6;
    struct ip_address plain = *address;

    if (address->family == IP_V6)
        plain = ip_from_octets(IP_V6, address->octets);
    if (plain.family != address->family && prefix >= mapped_prefix)
        return;
    if (spf_set_spend(frame->build, 1))
        ip_ranges_add_network(frame->build->arena, &frame->gathered.of[i], address, prefix);
}

/* spf_set_count_void - one void lookup more for a family; who has had too many of them gets
 * permerror (RFC 7208, 4.6.4) */
static void spf_set_count_void(struct frame *frame, size_t family)
{
    struct auth_spf_clients over;

    if (!frame->build->options.has_limits || frame->build->options.ignores_voids)
        return;
    spf_set_flush(frame);
    auth_spf_clients_count_void(&frame->left, family, &over);
    spf_set_settle(frame, AUTH_SPF_SET_PERMERROR, &over);
}

/* spf_set_count_void_both - the lookup is the same one for clients of both families */
static void spf_set_count_void_both(struct frame *frame)
{
    for (size_t i = 0; i < AUTH_SPF_SET_FAMILIES; i++)
        spf_set_count_void(frame, i);
}

/* is_lasting - no answer will ever come, and the options say to count that as an error */
static bool is_lasting(const struct build *build, const struct dns_answer *answer)
{
    return build->options.fails_circles && answer != NULL && dns_answer_is_circle(answer);
}

/* gather_host - the addresses of a name, in both families; clients of a family whose question
 * was not answered is not known further on */
static void gather_host(struct frame *frame, const struct rec_spf_term *term,
                        const struct dns_name *name)
{
    const unsigned prefixes[AUTH_SPF_SET_FAMILIES] = {term->prefix4, term->prefix6};

    for (size_t i = 0; i < AUTH_SPF_SET_FAMILIES; i++) {
        const struct dns_answer *answer =
            ledger_find(frame->build->ledger, name, address_types[i]);
        bool is_error = is_lasting(frame->build, answer);
        struct auth_spf_clients stuck;

        if (answer == NULL || !dns_status_is_answer(answer->status)) {
            if (frame->build->options.skips_unknown && !is_error)
                continue;
            spf_set_flush(frame);
            auth_spf_clients_take_family(&frame->left, i, &stuck);
            spf_set_settle(frame, is_error ? AUTH_SPF_SET_PERMERROR : AUTH_SPF_SET_UNKNOWN,
                           &stuck);
            continue;
        }
        if (answer->status != DNS_OK) {
            spf_set_count_void(frame, i);
            continue;
        }
        for (const struct dns_rr *rr = dns_answer_first(answer); rr != NULL;
             rr = dns_answer_next(answer, rr))
            if (rr->address != NULL && rr->address->family == families[i])
                spf_set_gather(frame, rr->address, prefixes[i]);
    }
}

/* gather_hosts - an `mx` term: RFC 7208, 5.4; an eleventh host is one too many for those whom
 * none of the first ten matches (RFC 7208, 4.6.4) */
static void gather_hosts(struct frame *frame, const struct auth_spf_cost *cost)
{
    unsigned hosts = 0;

    for (const struct dns_rr *mx = dns_answer_first(cost->answer); mx != NULL;
         mx = dns_answer_next(cost->answer, mx)) {
        if (mx->target == NULL || mx->target->labels == 0)
            continue; /* the null MX: RFC 7505, 3 */
        if (hosts++ == AUTH_SPF_MX_MAX) {
            take_rest(frame, AUTH_SPF_SET_PERMERROR);
            return;
        }
        gather_host(frame, cost->term, mx->target);
    }
}

/* ---- terms that depend ---- */

/* note_dynamic - list the term, if anybody gets as far whom it does not match anyway */
static void note_dynamic(struct frame *frame, const struct rec_spf_term *term,
                         const struct auth_spf_cost *cost)
{
    struct auth_spf_dynamic *dynamic = NULL;
    struct auth_spf_clients matched;

    spf_set_flush(frame);
    for (size_t i = 0; i < AUTH_SPF_SET_FAMILIES; i++)
        if (cost->finds_nobody[i]) {
            auth_spf_clients_take_family(&frame->left, i, &matched);
            spf_set_settle(frame, auth_spf_set_kind_of(term->qualifier), &matched);
        }
    if (auth_spf_clients_is_empty(&frame->left))
        return;
    dynamic = arena_new_of(frame->build->arena, struct auth_spf_dynamic);
    dynamic->node = frame->node;
    dynamic->term = term;
    dynamic->effect = auth_spf_dynamic_effect_of(frame->node, term);
    for (size_t i = 0; i < AUTH_SPF_SET_FAMILIES; i++)
        dynamic->reaches[i] = auth_spf_clients_has_family(&frame->left, i);
    *frame->build->tail = dynamic;
    frame->build->tail = &dynamic->next;
    if (term->kind == REC_SPF_EXISTS) /* whom it does not match got no answer */
        spf_set_count_void_both(frame);
}

/* ---- records below ---- */

/* spf_set_follow - include or redirect= for all that is left */
static void spf_set_follow(struct frame *frame, const struct rec_spf_term *term,
                           const struct auth_spf_cost *cost)
{
    const struct auth_spf_node *child =
        auth_spf_tree_child(frame->build->tree, frame->node, term);
    struct outcome below;

    spf_set_flush(frame);
    if (auth_spf_clients_is_empty(&frame->left))
        return;
    if (child == NULL) { /* the name cannot exist, or the walk ended before it */
        frame->build->sets->is_cut = frame->build->sets->is_cut || cost->answer != NULL;
        take_rest(frame, cost->answer != NULL ? AUTH_SPF_SET_UNKNOWN : AUTH_SPF_SET_PERMERROR);
        return;
    }
    spf_set_judge(frame->build, child, &frame->left, &below);
    if (below.is_none) {
        take_rest(frame, AUTH_SPF_SET_PERMERROR); /* RFC 7208, 5.2 and 6.1 */
        return;
    }
    if (!spf_set_spend(frame->build, auth_spf_clients_size(&frame->left)))
        return;
    if (term->kind == REC_SPF_INCLUDE) {
        spf_set_add(frame->build, frame->out, AUTH_SPF_SET_PERMERROR,
                    &below.of[AUTH_SPF_SET_PERMERROR]);
        if (!frame->build->options.skips_unknown)
            spf_set_add(frame->build, frame->out, AUTH_SPF_SET_UNKNOWN,
                        &below.of[AUTH_SPF_SET_UNKNOWN]);
        frame->left = below.others;
        spf_set_settle(frame, auth_spf_set_kind_of(term->qualifier), &below.passed);
        return;
    }
    for (int kind = 0; kind < AUTH_SPF_SET_KINDS; kind++)
        spf_set_add(frame->build, frame->out, (enum auth_spf_set_kind)kind, &below.of[kind]);
    auth_spf_clients_add(frame->build->arena, &frame->out->passed, &below.passed);
    auth_spf_clients_add(frame->build->arena, &frame->out->others, &below.others);
    auth_spf_clients_open(&frame->left);
}

/* spf_set_count_lookup - one lookup more; for whom it is one too many gets permerror
 * (RFC 7208, 4.6.4) */
static void spf_set_count_lookup(struct frame *frame)
{
    struct auth_spf_clients over;

    if (!frame->build->options.has_limits)
        return;
    spf_set_flush(frame);
    auth_spf_clients_count_lookup(&frame->left, &over);
    spf_set_settle(frame, AUTH_SPF_SET_PERMERROR, &over);
}

/* take_asking - a term that costs a lookup */
static void take_asking(struct frame *frame, const struct rec_spf_term *term)
{
    const struct auth_spf_cost *cost =
        auth_spf_tree_cost(frame->build->tree, frame->node, term);

    spf_set_count_lookup(frame);
    if (cost == NULL) {
        take_rest(frame, AUTH_SPF_SET_UNKNOWN);
        frame->build->sets->is_cut = true;
    } else if (cost->is_macro) {
        note_dynamic(frame, term, cost);
        if (term->kind == REC_SPF_REDIRECT)
            take_rest(frame, AUTH_SPF_SET_UNKNOWN);
    } else if (term->kind == REC_SPF_INCLUDE || term->kind == REC_SPF_REDIRECT) {
        spf_set_follow(frame, term, cost);
    } else if (cost->answer == NULL) {
        return; /* no such name can exist: RFC 7208, 4.8 */
    } else if (term->kind == REC_SPF_A) {
        gather_host(frame, term, cost->answer->question.name);
    } else if (is_lasting(frame->build, cost->answer)) {
        take_rest(frame, AUTH_SPF_SET_PERMERROR);
    } else if (!dns_status_is_answer(cost->answer->status)) {
        if (frame->build->options.skips_unknown)
            return;
        take_rest(frame, AUTH_SPF_SET_UNKNOWN);
    } else if (cost->answer->status != DNS_OK) {
        spf_set_count_void_both(frame);
    } else if (term->kind == REC_SPF_MX) {
        gather_hosts(frame, cost);
    } else { /* exists */
        take_rest(frame, auth_spf_set_kind_of(term->qualifier));
    }
}

/* take_term - one mechanism in its order */
static void take_term(struct frame *frame, const struct rec_spf_term *term)
{
    if (term->qualifier != frame->qualifier)
        spf_set_flush(frame);
    frame->qualifier = term->qualifier;
    if (term->kind == REC_SPF_ALL) {
        take_rest(frame, auth_spf_set_kind_of(term->qualifier));
    } else if (term->kind == REC_SPF_IP4 || term->kind == REC_SPF_IP6) {
        spf_set_gather(frame, &term->address,
                       term->kind == REC_SPF_IP4 ? term->prefix4 : term->prefix6);
    } else {
        take_asking(frame, term);
    }
}

/* walk_terms - first match wins (RFC 7208, 4.6); what nothing matches is neutral (4.7) */
static void walk_terms(struct frame *frame)
{
    const struct rec_spf *record = frame->node->record;

    for (size_t i = 0; i < record->term_count && !auth_spf_clients_is_empty(&frame->left); i++)
        if (record->terms[i].qualifier != '\0' && !record->terms[i].is_after_all)
            take_term(frame, &record->terms[i]);
    spf_set_flush(frame);
    if (record->redirect != NULL && record->all == NULL &&
        !auth_spf_clients_is_empty(&frame->left))
        take_asking(frame, record->redirect);
    if (frame->build->sets->is_cut)
        take_rest(frame, AUTH_SPF_SET_UNKNOWN);
    take_rest(frame, AUTH_SPF_SET_NEUTRAL);
}

/* spf_set_judge - what a record makes of the addresses that get to it */
static void spf_set_judge(struct build *build, const struct auth_spf_node *node,
                          const struct auth_spf_clients *reached, struct outcome *out)
{
    struct frame frame = {.build = build, .node = node, .left = *reached, .out = out};

    open_outcome(out);
    frame.gathered = none_of_both();
    if (node->name->labels < 2) /* RFC 7208, 4.3 */
        out->is_none = true;
    else if (node->is_loop) /* goes round until the limit is reached */
        take_rest(&frame, AUTH_SPF_SET_PERMERROR);
    else if (is_lasting(build, node->answer))
        take_rest(&frame, AUTH_SPF_SET_PERMERROR);
    else if (node->answer == NULL || !dns_status_is_answer(node->answer->status))
        take_rest(&frame, AUTH_SPF_SET_UNKNOWN);
    else if (node->record_count == 0)
        out->is_none = true;
    else if (node->record_count > 1)
        take_rest(&frame, AUTH_SPF_SET_PERMERROR);
    else if (node->record == NULL)
        take_rest(&frame, AUTH_SPF_SET_UNKNOWN);
    else if (node->record->is_fatal)
        take_rest(&frame, AUTH_SPF_SET_PERMERROR);
    else
        walk_terms(&frame);
}

/* open_build - nothing judged yet */
static struct build open_build(struct arena *arena, const struct ledger *ledger,
                               const struct auth_spf_tree *tree)
{
    struct build build = {.arena = arena,
                          .ledger = ledger,
                          .tree = tree,
                          .sets = arena_new_of(arena, struct auth_spf_sets),
                          .steps_left = LIMIT_SPF_SET_STEPS};

    build.tail = &build.sets->dynamic;
    return build;
}

const struct auth_spf_sets *auth_spf_sets_of(struct arena *arena, const struct ledger *ledger,
                                             const struct auth_spf_tree *tree)
{
    return auth_spf_sets_judged(arena, ledger, tree,
                                (struct auth_spf_set_options){.has_limits = true});
}

const struct auth_spf_sets *auth_spf_sets_judged(struct arena *arena,
                                                 const struct ledger *ledger,
                                                 const struct auth_spf_tree *tree,
                                                 struct auth_spf_set_options options)
{
    struct build build = open_build(arena, ledger, tree);
    struct auth_spf_sets *sets = build.sets;
    struct auth_spf_clients all;
    struct outcome out;

    build.options = options;
    auth_spf_clients_fill(arena, &all);
    spf_set_judge(&build, tree->root, &all, &out);
    if (out.is_none)
        return NULL;
    for (int kind = 0; kind < AUTH_SPF_SET_KINDS; kind++)
        for (size_t i = 0; i < AUTH_SPF_SET_FAMILIES; i++)
            sets->of[kind][i] = out.of[kind].of[i];
    sets->is_past_limit =
        tree->lookups > AUTH_SPF_LOOKUP_MAX || tree->void_lookups > AUTH_SPF_VOID_MAX;
    return sets;
}

struct auth_spf_both auth_spf_set_of_term_both(struct arena *arena, const struct ledger *ledger,
                                               const struct auth_spf_tree *tree,
                                               const struct rec_spf_term *term)
{
    struct build build = open_build(arena, ledger, tree);
    struct outcome out;
    struct frame frame = {.build = &build, .node = tree->root, .out = &out};

    open_outcome(&out);
    auth_spf_clients_fill(arena, &frame.left);
    frame.gathered = none_of_both();
    if (term->qualifier != '\0')
        take_term(&frame, term);
    spf_set_flush(&frame);
    return out.of[AUTH_SPF_SET_PASS];
}

struct ip_ranges auth_spf_set_of_term(struct arena *arena, const struct ledger *ledger,
                                      const struct auth_spf_tree *tree,
                                      const struct rec_spf_term *term)
{
    return auth_spf_set_of_term_both(arena, ledger, tree, term).of[0];
}
