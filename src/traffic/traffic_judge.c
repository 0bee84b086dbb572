/*
 * A world is judged in two steps: the SPF record of each envelope domain becomes sets of
 * addresses, so that an address is looked up and not evaluated; and what DMARC says of a
 * combination of author, SPF result and signatures is worked out once.
 */
#include <string.h>

#include "auth/auth_dmarc.h"
#include "auth/auth_spf.h"
#include "auth/auth_spf_set.h"
#include "base/ip.h"
#include "base/ip_ranges.h"
#include "base/limits_reports.h"
#include "base/span.h"
#include "ledger/ledger.h"
#include "model/rec_dmarc.h"
#include "model/result.h"
#include "model/spf_verdict.h"
#include "traffic/traffic_private.h"

/* the SPF record of an envelope domain in one world */
struct judge_spf {
    const struct auth_spf_sets *sets; /* NULL: there is no record */
    bool is_dynamic;                  /* some term depends on more than sets can say */
    bool is_pending;
};

struct judge_world {
    struct traffic *traffic;
    struct ledger *ledger;
    struct arena *arena;
    struct table *spf;      /* traffic_spf: judge_spf */
    struct table *verdicts; /* author, SPF and signatures: traffic_verdict */
};

/* ---- what may be aligned ---- */

/* traffic_may_align - the name may be aligned with the author, by one standard or the other */
static bool traffic_may_align(const struct traffic_author *author, const struct dns_name *name)
{
    return dns_name_equal(name, author->name) ||
           (author->by_walk != NULL && dns_name_is_below(name, author->by_walk)) ||
           (author->by_list != NULL && dns_name_is_below(name, author->by_list));
}

/* note_candidate - a domain whose organizational domain has to be known; each once */
static void note_candidate(struct traffic *traffic, const struct dns_name *name)
{
    struct traffic_private *part = traffic->private_part;
    struct traffic_candidate *one = NULL;
    bool is_new = false;
    void **slot =
        table_slot(part->candidates_by_name, span_make(name->text, name->len), &is_new);

    if (!is_new || table_count(part->candidates_by_name) > LIMIT_TRAFFIC_AUTHORS)
        return;
    one = arena_new_of(traffic->arena, struct traffic_candidate);
    one->name = name;
    one->next = part->candidates;
    part->candidates = one;
    *slot = one;
}

/* link_spf - the envelope of a flow, if its domain may be aligned */
static void link_spf(struct traffic *traffic, struct traffic_flow *flow)
{
    struct traffic_private *part = traffic->private_part;
    bool is_new = false;
    void **slot = NULL;

    flow->envelope_name = traffic_name(traffic, traffic_envelope(flow->identity));
    if (flow->envelope_name == NULL || !traffic_may_align(flow->author, flow->envelope_name))
        return;
    slot = table_slot(part->spf_by_name,
                      span_make(flow->envelope_name->text, flow->envelope_name->len), &is_new);
    if (is_new) {
        struct traffic_spf *one = arena_new_of(traffic->arena, struct traffic_spf);

        one->name = flow->envelope_name;
        one->next = part->spf;
        part->spf = one;
        *slot = one;
        note_candidate(traffic, one->name);
    }
    flow->spf = *slot;
}

/* make_signatures - what of the identity's DKIM results may be aligned */
static struct traffic_signatures *make_signatures(struct traffic *traffic,
                                                  const struct traffic_flow *flow)
{
    struct traffic_signatures *made = arena_new_of(traffic->arena, struct traffic_signatures);
    struct auth_dmarc_identifier *list = NULL;

    for (size_t i = 0; i < flow->identity->dkim_count; i++) {
        const struct feedback_dkim *dkim = &flow->identity->dkim[i];
        const struct dns_name *name = traffic_name(traffic, dkim->domain);
        struct auth_dmarc_identifier one = {name, dkim->result == DKIM_PASS,
                                            dkim->result == DKIM_TEMPERROR};

        if (name == NULL || !traffic_may_align(flow->author, name))
            continue;
        note_candidate(traffic, name);
        arena_append(traffic->arena, list, made->count, one);
        made->has_passed |= one.passes;
        made->has_broken |= dkim->result == DKIM_FAIL || dkim->result == DKIM_PERMERROR;
    }
    made->list = list;
    return made;
}

/* link_dkim - the signatures of a flow that may be aligned */
static void link_dkim(struct traffic *traffic, struct traffic_flow *flow)
{
    const void *key[2] = {flow->identity, flow->author};
    bool is_new = false;
    void **slot = table_slot(traffic->private_part->signatures,
                             span_make((const char *)key, sizeof(key)), &is_new);
    const struct traffic_signatures *signatures = NULL;

    if (is_new)
        *slot = make_signatures(traffic, flow);
    signatures = *slot;
    flow->dkim = signatures->list;
    flow->dkim_count = signatures->count;
    flow->has_signature = signatures->has_passed;
    flow->has_broken = signatures->has_broken && !signatures->has_passed;
}

/* traffic_link - from flows to what may be aligned; after the organizational domains */
static void traffic_link(struct traffic *traffic)
{
    for (size_t i = 0; i < traffic->flow_count; i++) {
        if (traffic->flows[i].author->is_left_off)
            continue;
        link_spf(traffic, &traffic->flows[i]);
        link_dkim(traffic, &traffic->flows[i]);
    }
    traffic->private_part->is_linked = true;
}

/* ---- one world ---- */

static struct judge_world open_world(struct traffic *traffic, struct ledger *ledger)
{
    return (struct judge_world){traffic, ledger, traffic->arena, table_open(traffic->arena),
                                table_open(traffic->arena)};
}

/* world_spf - the record of an envelope domain, as sets */
static const struct judge_spf *world_spf(struct judge_world *world,
                                         const struct traffic_spf *envelope)
{
    bool is_new = false;
    void **slot =
        table_slot(world->spf, span_make((const char *)&envelope, sizeof(envelope)), &is_new);
    struct judge_spf *made = NULL;
    const struct auth_spf_tree *tree = NULL;

    if (!is_new)
        return *slot;
    made = arena_new_of(world->arena, struct judge_spf);
    tree = auth_spf_tree_walk(world->arena, world->ledger, envelope->name);
    made->is_pending = tree->is_pending;
    if (!tree->is_pending)
        made->sets = auth_spf_sets_of(world->arena, world->ledger, tree);
    made->is_dynamic = made->sets != NULL && made->sets->dynamic != NULL;
    *slot = made;
    return made;
}

/* world_check - evaluate SPF for one client, where sets do not say all */
static const struct auth_spf_verdict *world_check(struct judge_world *world,
                                                  const struct traffic_flow *flow)
{
    const struct auth_spf_input input = {
        .identity = AUTH_SPF_MAILFROM,
        .client = *flow->ip,
        .mail_from = arena_printf(world->arena, "postmaster@%s", flow->spf->name->text),
    };

    return auth_spf_check(world->arena, world->ledger, &input);
}

/* world_spf_result - of a flow whose envelope may be aligned */
static enum spf_result world_spf_result(struct judge_world *world,
                                        const struct traffic_flow *flow)
{
    static const enum spf_result results[AUTH_SPF_SET_KINDS] = {
        SPF_PASS, SPF_FAIL, SPF_SOFTFAIL, SPF_NEUTRAL, SPF_PERMERROR, SPF_TEMPERROR};
    const struct judge_spf *spf = world_spf(world, flow->spf);
    size_t family = flow->ip->family == IP_V4 ? 0 : 1;

    if (spf->is_pending)
        return SPF_TEMPERROR;
    if (spf->is_dynamic || spf->sets == NULL) {
        const struct auth_spf_verdict *verdict = world_check(world, flow);

        return verdict->is_pending ? SPF_TEMPERROR : verdict->result;
    }
    for (int kind = 0; kind < AUTH_SPF_SET_KINDS; kind++)
        if (ip_ranges_hold(&spf->sets->of[kind][family], flow->ip))
            return results[kind];
    return SPF_NEUTRAL; /* RFC 7208, 4.7 */
}

/* word_of - what a standard says, from its result and what passes */
static enum traffic_word word_of(bool passes, bool is_undetermined)
{
    return passes ? TRAFFIC_PASSES : is_undetermined ? TRAFFIC_UNKNOWN : TRAFFIC_FAILS;
}

/* world_dmarc - judge one combination */
static struct traffic_verdict world_dmarc(struct judge_world *world,
                                          const struct traffic_flow *flow, enum spf_result spf)
{
    const struct auth_dmarc_input input = {
        .author = flow->author->name,
        .spf = {flow->spf != NULL ? flow->spf->name : NULL, spf == SPF_PASS,
                spf == SPF_TEMPERROR},
        .dkim = flow->dkim,
        .dkim_count = flow->dkim_count,
    };
    const struct auth_dmarc_verdict *dmarc =
        auth_dmarc_check(world->arena, world->ledger, &input);
    const struct auth_dmarc_policy *policy = dmarc->is_pending ? NULL : dmarc->policy;
    struct traffic_verdict verdict = {.spf = spf};

    verdict.word = word_of(!dmarc->is_pending && (dmarc->spf_aligned || dmarc->dkim_aligned),
                           dmarc->is_pending || dmarc->result == DMARC_TEMPERROR ||
                               (policy != NULL && policy->is_undetermined));
    verdict.before = word_of(!dmarc->is_pending && dmarc->rfc7489.result == DMARC_PASS,
                             dmarc->is_pending || dmarc->rfc7489.result == DMARC_TEMPERROR);
    verdict.spf_aligned = !dmarc->is_pending && dmarc->spf_aligned;
    verdict.dkim_aligned = !dmarc->is_pending && dmarc->dkim_aligned;
    if (policy != NULL && policy->step != NULL && !policy->is_undetermined)
        verdict.policy = policy->policy;
    if (policy != NULL && dmarc->rfc7489.has_policy)
        verdict.policy_before = dmarc->rfc7489.policy;
    return verdict;
}

/* world_verdict - of a flow; worked out once for all that are alike */
static struct traffic_verdict world_verdict(struct judge_world *world,
                                            const struct traffic_flow *flow)
{
    struct {
        const struct traffic_author *author;
        const struct traffic_spf *envelope;
        const struct auth_dmarc_identifier *dkim;
        uintptr_t spf;
    } key;
    enum spf_result spf = SPF_NONE;
    bool is_new = false;
    void **slot = NULL;

    if (flow->author->is_left_off)
        return (struct traffic_verdict){.word = TRAFFIC_UNKNOWN, .before = TRAFFIC_UNKNOWN};
    if (flow->spf != NULL)
        spf = world_spf_result(world, flow);
    memset(&key, 0, sizeof(key));
    key.author = flow->author;
    key.envelope = flow->spf;
    key.dkim = flow->dkim;
    key.spf = (uintptr_t)spf;
    slot = table_slot(world->verdicts, span_make((const char *)&key, sizeof(key)), &is_new);
    if (is_new) {
        *slot = arena_new_of(world->arena, struct traffic_verdict);
        *(struct traffic_verdict *)*slot = world_dmarc(world, flow, spf);
    }
    return *(const struct traffic_verdict *)*slot;
}

/* sum_verdict - the messages of a flow, to a sum */
static void sum_verdict(struct traffic_sum *sum, const struct traffic_flow *flow,
                        const struct traffic_verdict *verdict)
{
    bool fails_before = verdict->before == TRAFFIC_FAILS;

    sum->messages += flow->count;
    if (verdict->word == TRAFFIC_PASSES)
        sum->pass += flow->count;
    else if (verdict->word == TRAFFIC_UNKNOWN)
        sum->unknown += flow->count;
    else
        sum->fail[flow->sender != NULL ? flow->sender->owner : TRAFFIC_FOREIGN] += flow->count;
    if (verdict->word == TRAFFIC_FAILS && verdict->policy == REC_DMARC_QUARANTINE)
        sum->junked += flow->count;
    if (verdict->word == TRAFFIC_FAILS && verdict->policy == REC_DMARC_REJECT)
        sum->refused += flow->count;
    if (verdict->before == TRAFFIC_PASSES)
        sum->pass_before += flow->count;
    if (fails_before && verdict->policy_before == REC_DMARC_QUARANTINE)
        sum->junked_before += flow->count;
    if (fails_before && verdict->policy_before == REC_DMARC_REJECT)
        sum->refused_before += flow->count;
}

void traffic_add(struct traffic_sum *sum, const struct traffic_flow *flow)
{
    sum_verdict(sum, flow, &flow->now);
}

struct traffic_sum traffic_judge(struct traffic *traffic, struct ledger *ledger, bool is_now)
{
    struct judge_world world = open_world(traffic, ledger);
    struct traffic_sum sum = {0};

    for (struct traffic_sender *one = traffic->senders; one != NULL; one = one->next)
        one->world = (struct traffic_sum){0};
    for (size_t i = 0; i < traffic->flow_count; i++) {
        struct traffic_flow *flow = &traffic->flows[i];
        const struct traffic_verdict verdict = world_verdict(&world, flow);

        if (is_now)
            flow->now = verdict;
        sum_verdict(&sum, flow, &verdict);
        if (flow->sender != NULL)
            sum_verdict(&flow->sender->world, flow, &verdict);
    }
    if (is_now)
        traffic->now = sum;
    return sum;
}

/* ---- asking ---- */

/* ask_authors - organizational domains and policies; true: some are pending */
static bool ask_authors(struct traffic *traffic, struct ledger *ledger)
{
    bool is_pending = false;

    for (struct traffic_author *author = traffic->private_part->authors; author != NULL;
         author = author->next) {
        const struct auth_dmarc_policy *policy =
            auth_dmarc_discover(traffic->arena, ledger, author->name);

        is_pending |= policy->is_pending;
        if (!policy->is_pending && policy->walk != NULL && !traffic->private_part->is_linked)
            author->by_walk = policy->walk->organizational_domain;
    }
    return is_pending;
}

/* ask_dynamic - the queries of records that depend on the client, for the most active
 * clients: the ledger has a ceiling */
static void ask_dynamic(struct traffic *traffic, struct ledger *ledger)
{
    struct judge_world world = open_world(traffic, ledger);

    for (size_t i = 0; i < traffic->flow_count; i++) {
        const struct traffic_flow *flow = &traffic->flows[i];
        const struct judge_spf *spf = flow->spf != NULL ? world_spf(&world, flow->spf) : NULL;

        if (spf != NULL && !spf->is_pending && spf->is_dynamic)
            world_check(&world, flow);
    }
}

bool traffic_ask(struct traffic *traffic, struct ledger *ledger)
{
    struct traffic_private *part = traffic->private_part;

    if (ask_authors(traffic, ledger))
        return true;
    if (!part->is_linked)
        traffic_link(traffic);
    for (const struct traffic_candidate *one = part->candidates; one != NULL; one = one->next)
        auth_dmarc_walk(traffic->arena, ledger, one->name);
    for (const struct traffic_spf *one = part->spf; one != NULL; one = one->next)
        auth_spf_tree_walk(traffic->arena, ledger, one->name);
    if (ledger_wanted(ledger) == 0)
        ask_dynamic(traffic, ledger);
    return ledger_wanted(ledger) > 0;
}
