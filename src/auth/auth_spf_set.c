/*
 * One walk down the tree. A frame holds what is left of both families while the terms of its
 * record take their share; consecutive terms with one qualifier are gathered first, since a
 * record may have thousands of networks. A record below is judged for exactly those addresses
 * that get there, so everything it decides is final.
 */
#include "auth/auth_spf_set.h"
#include "base/limits.h"

static const enum ip_family families[AUTH_SPF_SET_FAMILIES] = {IP_V4, IP_V6};
static const enum dns_type address_types[AUTH_SPF_SET_FAMILIES] = {DNS_A, DNS_AAAA};

/* what one record makes of the addresses that get to it */
struct outcome {
    struct auth_spf_both of[AUTH_SPF_SET_KINDS];
    bool is_none; /* there is no record: an error for whoever points here */
};

struct build {
    struct arena *arena;
    const struct ledger *ledger;
    const struct auth_spf_tree *tree;
    struct auth_spf_sets *sets;
    struct auth_spf_dynamic **tail;
    size_t steps_left;
    struct auth_spf_set_options options;
    unsigned lookups; /* so far, with has_limits */
    unsigned void_lookups;
};

/* one record under way */
struct frame {
    struct build *build;
    const struct auth_spf_node *node;
    struct auth_spf_both left;     /* not decided yet */
    struct auth_spf_both gathered; /* networks of the terms in a row, not settled */
    char qualifier;                /* of these */
    struct outcome *out;
};

static void spf_set_judge(struct build *build, const struct auth_spf_node *node,
                          const struct auth_spf_both *reached, struct outcome *out);

const char *auth_spf_set_kind_to_text(enum auth_spf_set_kind kind)
{
    static const char *const words[AUTH_SPF_SET_KINDS] = {"pass",    "fail",      "softfail",
                                                          "neutral", "permerror", "unknown"};

    return words[kind];
}

const char *auth_spf_dynamic_effect_to_text(enum auth_spf_dynamic_effect effect)
{
    static const char *const words[] = {"pass", "fail", "softfail", "neutral", "skip", "other"};

    return words[effect];
}

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

/* spf_set_take - what of the frame's rest is in `wanted` goes into a set */
static void spf_set_take(struct frame *frame, enum auth_spf_set_kind kind,
                         const struct auth_spf_both *wanted)
{
    struct build *build = frame->build;

    for (size_t i = 0; i < AUTH_SPF_SET_FAMILIES; i++) {
        struct ip_ranges *left = &frame->left.of[i];
        struct ip_ranges *set = &frame->out->of[kind].of[i];
        struct ip_ranges taken;

        if (!spf_set_spend(build, left->count + wanted->of[i].count + set->count))
            return;
        taken = ip_ranges_intersection(build->arena, left, &wanted->of[i]);
        *set = ip_ranges_union(build->arena, set, &taken);
        *left = ip_ranges_difference(build->arena, left, &taken);
    }
}

/* take_rest - all that is left goes into a set */
static void take_rest(struct frame *frame, enum auth_spf_set_kind kind)
{
    const struct auth_spf_both left = frame->left;

    spf_set_add(frame->build, frame->out, kind, &left);
    frame->left = none_of_both();
}

/* spf_set_kind_of - RFC 7208, 4.6.2 */
static enum auth_spf_set_kind spf_set_kind_of(char qualifier)
{
    if (qualifier == '-')
        return AUTH_SPF_SET_FAIL;
    if (qualifier == '~')
        return AUTH_SPF_SET_SOFTFAIL;
    return qualifier == '?' ? AUTH_SPF_SET_NEUTRAL : AUTH_SPF_SET_PASS;
}

/* ---- terms that name addresses ---- */

/* spf_set_flush - what was gathered takes its share */
static void spf_set_flush(struct frame *frame)
{
    if (spf_set_is_empty(&frame->gathered))
        return;
    for (size_t i = 0; i < AUTH_SPF_SET_FAMILIES; i++)
        ip_ranges_settle(&frame->gathered.of[i]);
    spf_set_take(frame, spf_set_kind_of(frame->qualifier), &frame->gathered);
    frame->gathered = none_of_both();
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

/* gather_host - the addresses of a name, in both families; clients of a family whose question
 * was not answered cannot be told further on */
static void gather_host(struct frame *frame, const struct rec_spf_term *term,
                        const struct dns_name *name)
{
    const unsigned prefixes[AUTH_SPF_SET_FAMILIES] = {term->prefix4, term->prefix6};

    for (size_t i = 0; i < AUTH_SPF_SET_FAMILIES; i++) {
        const struct dns_answer *answer =
            ledger_find(frame->build->ledger, name, address_types[i]);
        struct auth_spf_both stuck = none_of_both();

        if (answer == NULL || !dns_status_is_answer(answer->status)) {
            if (frame->build->options.skips_unknown)
                continue;
            spf_set_flush(frame);
            stuck.of[i] = frame->left.of[i];
            spf_set_take(frame, AUTH_SPF_SET_UNKNOWN, &stuck);
            continue;
        }
        if (answer->status != DNS_OK)
            continue;
        for (const struct dns_rr *rr = dns_answer_first(answer); rr != NULL;
             rr = dns_answer_next(answer, rr))
            if (rr->address != NULL && rr->address->family == families[i])
                spf_set_gather(frame, rr->address, prefixes[i]);
    }
}

/* gather_hosts - an `mx` term: RFC 7208, 5.4 */
static void gather_hosts(struct frame *frame, const struct auth_spf_cost *cost)
{
    if (dns_answer_count(cost->answer) > AUTH_SPF_MX_MAX) {
        spf_set_flush(frame);
        take_rest(frame, AUTH_SPF_SET_PERMERROR);
        return;
    }
    for (const struct dns_rr *mx = dns_answer_first(cost->answer); mx != NULL;
         mx = dns_answer_next(cost->answer, mx))
        if (mx->target != NULL && mx->target->labels > 0) /* not the null MX: RFC 7505, 3 */
            gather_host(frame, cost->term, mx->target);
}

/* ---- terms that depend ---- */

/* spf_set_effect_of - what a match of the term makes of the client, seen from the root */
static enum auth_spf_dynamic_effect spf_set_effect_of(const struct auth_spf_node *node,
                                                      const struct rec_spf_term *term)
{
    static const enum auth_spf_dynamic_effect effects[] = {
        AUTH_SPF_DYNAMIC_PASS, AUTH_SPF_DYNAMIC_FAIL, AUTH_SPF_DYNAMIC_SOFTFAIL,
        AUTH_SPF_DYNAMIC_NEUTRAL};
    enum auth_spf_dynamic_effect effect = AUTH_SPF_DYNAMIC_OTHER;

    if (term->kind != REC_SPF_REDIRECT)
        effect = effects[spf_set_kind_of(term->qualifier)];
    for (; node->parent != NULL; node = node->parent) {
        if (node->via->kind != REC_SPF_INCLUDE || effect == AUTH_SPF_DYNAMIC_OTHER)
            continue;
        if (effect != AUTH_SPF_DYNAMIC_PASS)
            return AUTH_SPF_DYNAMIC_SKIP;
        effect = effects[spf_set_kind_of(node->via->qualifier)];
    }
    return effect;
}

/* note_dynamic - list the term, if anybody gets as far */
static void note_dynamic(struct frame *frame, const struct rec_spf_term *term)
{
    struct auth_spf_dynamic *dynamic = NULL;

    spf_set_flush(frame);
    if (spf_set_is_empty(&frame->left))
        return;
    dynamic = arena_new_of(frame->build->arena, struct auth_spf_dynamic);
    dynamic->node = frame->node;
    dynamic->term = term;
    dynamic->effect = spf_set_effect_of(frame->node, term);
    for (size_t i = 0; i < AUTH_SPF_SET_FAMILIES; i++)
        dynamic->reaches[i] = frame->left.of[i].count > 0;
    *frame->build->tail = dynamic;
    frame->build->tail = &dynamic->next;
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
    if (spf_set_is_empty(&frame->left))
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
    if (term->kind == REC_SPF_INCLUDE) {
        spf_set_take(frame, AUTH_SPF_SET_PERMERROR, &below.of[AUTH_SPF_SET_PERMERROR]);
        if (!frame->build->options.skips_unknown)
            spf_set_take(frame, AUTH_SPF_SET_UNKNOWN, &below.of[AUTH_SPF_SET_UNKNOWN]);
        spf_set_take(frame, spf_set_kind_of(term->qualifier), &below.of[AUTH_SPF_SET_PASS]);
        return;
    }
    for (int kind = 0; kind < AUTH_SPF_SET_KINDS; kind++)
        spf_set_add(frame->build, frame->out, (enum auth_spf_set_kind)kind, &below.of[kind]);
    frame->left = none_of_both();
}

/* is_past_limit - this term is one lookup, or one void lookup, too many: who gets here gets
 * permerror (RFC 7208, 4.6.4) */
static bool is_past_limit(struct frame *frame, const struct auth_spf_cost *cost)
{
    struct build *build = frame->build;

    if (!build->options.has_limits || cost == NULL)
        return false;
    build->lookups++;
    build->void_lookups += cost->is_void;
    if (build->lookups <= AUTH_SPF_LOOKUP_MAX && build->void_lookups <= AUTH_SPF_VOID_MAX)
        return false;
    spf_set_flush(frame);
    take_rest(frame, AUTH_SPF_SET_PERMERROR);
    return true;
}

/* take_asking - a term that costs a lookup */
static void take_asking(struct frame *frame, const struct rec_spf_term *term)
{
    const struct auth_spf_cost *cost =
        auth_spf_tree_cost(frame->build->tree, frame->node, term);

    if (is_past_limit(frame, cost))
        return;
    if (cost == NULL) {
        spf_set_flush(frame);
        take_rest(frame, AUTH_SPF_SET_UNKNOWN);
        frame->build->sets->is_cut = true;
    } else if (cost->is_macro) {
        note_dynamic(frame, term);
        if (term->kind == REC_SPF_REDIRECT)
            take_rest(frame, AUTH_SPF_SET_UNKNOWN);
    } else if (term->kind == REC_SPF_INCLUDE || term->kind == REC_SPF_REDIRECT) {
        spf_set_follow(frame, term, cost);
    } else if (cost->answer == NULL) {
        return; /* no such name can exist: RFC 7208, 4.8 */
    } else if (term->kind == REC_SPF_A) {
        gather_host(frame, term, cost->answer->question.name);
    } else if (!dns_status_is_answer(cost->answer->status)) {
        if (frame->build->options.skips_unknown)
            return;
        spf_set_flush(frame);
        take_rest(frame, AUTH_SPF_SET_UNKNOWN);
    } else if (term->kind == REC_SPF_MX) {
        gather_hosts(frame, cost);
    } else if (cost->answer->status == DNS_OK) { /* exists */
        spf_set_flush(frame);
        take_rest(frame, spf_set_kind_of(term->qualifier));
    }
}

/* take_term - one mechanism in its order */
static void take_term(struct frame *frame, const struct rec_spf_term *term)
{
    if (term->qualifier != frame->qualifier)
        spf_set_flush(frame);
    frame->qualifier = term->qualifier;
    if (term->kind == REC_SPF_ALL) {
        spf_set_flush(frame);
        take_rest(frame, spf_set_kind_of(term->qualifier));
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

    for (size_t i = 0; i < record->term_count && !spf_set_is_empty(&frame->left); i++)
        if (record->terms[i].qualifier != '\0' && !record->terms[i].is_after_all)
            take_term(frame, &record->terms[i]);
    spf_set_flush(frame);
    if (record->redirect != NULL && record->all == NULL && !spf_set_is_empty(&frame->left))
        take_asking(frame, record->redirect);
    if (frame->build->sets->is_cut)
        take_rest(frame, AUTH_SPF_SET_UNKNOWN);
    take_rest(frame, AUTH_SPF_SET_NEUTRAL);
}

/* spf_set_judge - what a record makes of the addresses that get to it */
static void spf_set_judge(struct build *build, const struct auth_spf_node *node,
                          const struct auth_spf_both *reached, struct outcome *out)
{
    struct frame frame = {.build = build, .node = node, .left = *reached, .out = out};

    open_outcome(out);
    frame.gathered = none_of_both();
    if (node->name->labels < 2) /* RFC 7208, 4.3 */
        out->is_none = true;
    else if (node->is_loop) /* goes round until the limit is reached */
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

/* all_of_both - every address */
static struct auth_spf_both all_of_both(struct arena *arena)
{
    return (struct auth_spf_both){{ip_ranges_all(arena, IP_V4), ip_ranges_all(arena, IP_V6)}};
}

const struct auth_spf_sets *auth_spf_sets_of(struct arena *arena, const struct ledger *ledger,
                                             const struct auth_spf_tree *tree)
{
    return auth_spf_sets_judged(arena, ledger, tree, (struct auth_spf_set_options){0});
}

const struct auth_spf_sets *auth_spf_sets_judged(struct arena *arena,
                                                 const struct ledger *ledger,
                                                 const struct auth_spf_tree *tree,
                                                 struct auth_spf_set_options options)
{
    struct build build = open_build(arena, ledger, tree);
    struct auth_spf_sets *sets = build.sets;
    const struct auth_spf_both all = all_of_both(arena);
    struct outcome out;

    build.options = options;

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
    struct frame frame = {
        .build = &build, .node = tree->root, .left = all_of_both(arena), .out = &out};

    open_outcome(&out);
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
