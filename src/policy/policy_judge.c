/*
 * The first rule whose condition holds decides. Rules before it that cannot be determined might
 * decide instead: as long as they would do the same, the outcome is certain.
 */
#include <string.h>

#include "base/sbuf.h"
#include "base/span.h"
#include "model/finding.h"
#include "model/finding_id.h"
#include "policy/policy_judging.h"

struct walk {
    struct arena *arena;
    const struct policy *policy;
    const struct policy_occasion *occasion;
    const struct policy_rule *decides; /* NULL: none does */
    struct policy_facts because;       /* why it does */
    const struct policy_rule **open;   /* before it: cannot be determined */
    struct policy_facts *open_because;
    size_t open_count;
    size_t open_because_count;
};

/* walk_rules - to the first that decides, noting those that might */
static void walk_rules(struct walk *walk)
{
    for (size_t i = 0; i < walk->policy->rule_count && walk->decides == NULL; i++) {
        const struct policy_rule *rule = &walk->policy->rules[i];
        struct policy_answer answer = {.truth = POLICY_NO};

        if (policy_is_in_force(&rule->dates, walk->occasion->day))
            answer = policy_judge_rule(rule, walk->occasion->known);
        switch (answer.truth) {
        case POLICY_NO:
            break;
        case POLICY_YES:
            walk->decides = rule;
            walk->because = answer.because;
            break;
        case POLICY_CANNOT_TELL:
            arena_append(walk->arena, walk->open, walk->open_count, rule);
            arena_append(walk->arena, walk->open_because, walk->open_because_count,
                         answer.because);
            break;
        }
    }
}

/* judge_explain - into the outcome */
static void judge_explain(struct arena *arena, struct policy_outcome *outcome,
                          const struct policy_facts *facts, const struct finding *findings)
{
    struct policy_reasons reasons = policy_explain(arena, facts, findings);

    outcome->because = reasons.list;
    outcome->because_count = reasons.count;
}

/* judge_undetermined - the facts that keep the outcome open: of rules that do something else */
static bool judge_undetermined(const struct walk *walk, struct policy_facts *facts_out)
{
    bool is_open = false;

    for (size_t i = 0; i < walk->open_count; i++) {
        if (walk->decides != NULL && walk->open[i]->disposition == walk->decides->disposition)
            continue;
        is_open = true;
        policy_facts_join(facts_out, &walk->open_because[i]);
    }
    return is_open;
}

/* ---- the outcome ---- */

/* judge_decide - the rule that holds; what open rules would say otherwise is left out */
static void judge_decide(const struct walk *walk, struct policy_outcome *outcome)
{
    const struct policy_rule *rule = walk->decides;
    bool is_code_sure = true;
    bool is_enhanced_sure = true;
    bool is_reply_sure = true;

    for (size_t i = 0; i < walk->open_count; i++) {
        is_code_sure = is_code_sure && text_same(walk->open[i]->code, rule->code);
        is_enhanced_sure =
            is_enhanced_sure && text_same(walk->open[i]->enhanced, rule->enhanced);
        is_reply_sure = is_reply_sure && text_same(walk->open[i]->reply, rule->reply);
    }
    outcome->disposition = rule->disposition;
    outcome->rule = rule;
    outcome->code = is_code_sure ? rule->code : NULL;
    outcome->enhanced = is_code_sure && is_enhanced_sure ? rule->enhanced : NULL;
    if (rule->reply != NULL && is_code_sure && is_reply_sure)
        outcome->reply = policy_reply(walk->arena, rule->reply, walk->occasion->known, NULL);
    judge_explain(walk->arena, outcome, &walk->because, walk->occasion->findings);
}

/* judge_words - by one set of words */
static struct policy_outcome judge_words(struct arena *arena, const struct policy *policy,
                                         const struct policy_occasion *occasion)
{
    struct walk walk = {.arena = arena, .policy = policy, .occasion = occasion};
    struct policy_outcome outcome = {.policy = policy, .disposition = POLICY_UNKNOWN};
    struct policy_facts open = {.bits = {0}};

    walk_rules(&walk);
    if (!judge_undetermined(&walk, &open) && walk.decides != NULL) {
        judge_decide(&walk, &outcome);
        return outcome;
    }
    outcome.otherwise = walk.decides;
    outcome.unknown = policy_unknown_text(arena, &open, occasion->known);
    judge_explain(arena, &outcome, &open, NULL);
    return outcome;
}

/* ---- by either standard of DMARC ---- */

/* standard_of - as reports name it */
static const char *standard_of(const struct policy_known *known)
{
    return known->standard != NULL ? known->standard : "RFC 9989";
}

/* judge_agree - two outcomes that do the same: what they differ in is not certain */
static void judge_agree(struct policy_outcome *outcome, const struct policy_outcome *other)
{
    if (!text_same(outcome->code, other->code))
        outcome->code = outcome->enhanced = NULL;
    if (!text_same(outcome->enhanced, other->enhanced))
        outcome->enhanced = NULL;
    if (!text_same(outcome->reply, other->reply) || outcome->code == NULL)
        outcome->reply = NULL;
}

/* judge_part - the standards lead to different ends, and no source says which is followed */
static struct policy_outcome judge_part(struct arena *arena, const struct policy *policy,
                                        const struct policy_by_standard *ends, size_t count)
{
    struct sbuf text = sbuf_start(arena);
    struct policy_outcome outcome = {.policy = policy,
                                     .disposition = POLICY_UNKNOWN,
                                     .standards = ends,
                                     .standard_count = count};
    const char **because = NULL;

    sbuf_add(&text, "no source says which standard of DMARC it goes by: ");
    for (size_t i = 0; i < count; i++)
        sbuf_addf(&text, "%s%s by %s", i == 0 ? "it " : ", ",
                  policy_end_to_text(arena, &ends[i]), ends[i].standard);
    outcome.unknown = sbuf_text(&text);
    arena_append(arena, because, outcome.because_count,
                 check_row_get(ID_dmarc_standards_differ)->id);
    outcome.because = because;
    return outcome;
}

/* judge_standards - by every set of words that the receiver may go by */
static struct policy_outcome judge_standards(struct arena *arena, const struct policy *policy,
                                             const struct policy_occasion *occasion)
{
    struct policy_occasion as = *occasion;
    struct policy_outcome outcome = {.policy = policy};
    struct policy_by_standard *ends = NULL;
    size_t count = 0;
    bool is_same = true;

    if (policy->standard == POLICY_RFC7489)
        as.known = occasion->known->older;
    for (; as.known != NULL; as.known = as.known->older) {
        struct policy_outcome one = judge_words(arena, policy, &as);
        const struct policy_by_standard end = {standard_of(as.known), one.disposition,
                                               one.rule};

        if (one.disposition == POLICY_UNKNOWN)
            return one;
        if (count == 0)
            outcome = one;
        else if (one.disposition == outcome.disposition)
            judge_agree(&outcome, &one);
        is_same = is_same && one.disposition == outcome.disposition;
        arena_append(arena, ends, count, end);
    }
    return is_same ? outcome : judge_part(arena, policy, ends, count);
}

struct policy_outcome policy_judge(struct arena *arena, const struct policy *policy,
                                   const struct policy_occasion *occasion)
{
    struct policy_outcome outcome;

    if (policy->kind == POLICY_RULE_BOOK) {
        outcome = judge_words(arena, policy, occasion);
        policy_judge_items(arena, policy, occasion, &outcome);
        return outcome;
    }
    if (policy->standard == POLICY_RFC9989 || occasion->known->older == NULL)
        return judge_words(arena, policy, occasion);
    return judge_standards(arena, policy, occasion);
}

bool policy_asks(const struct policy *policy, enum policy_fact fact)
{
    for (size_t i = 0; i < policy->rule_count; i++)
        if (policy_expression_asks(policy->rules[i].condition, fact))
            return true;
    return false;
}

/* same_outcome - for the reader */
static bool same_outcome(const struct policy_outcome *a, const struct policy_outcome *b)
{
    return a->disposition == b->disposition && a->rule == b->rule &&
           a->otherwise == b->otherwise && text_same(a->code, b->code) &&
           text_same(a->enhanced, b->enhanced) && text_same(a->unknown, b->unknown);
}

/* judge_as - with the sender taken for a bulk sender, or not */
static struct policy_outcome judge_as(struct arena *arena, const struct policy *policy,
                                      const struct policy_occasion *occasion, bool is_bulk)
{
    struct policy_occasion as = *occasion;
    const struct policy_known **end = &as.known;

    for (const struct policy_known *words = occasion->known; words; words = words->older) {
        struct policy_known *known = arena_new_of(arena, struct policy_known);

        *known = *words;
        known->values[POLICY_FACT_sender_bulk] = policy_value_truth(is_bulk);
        *end = known;
        end = &known->older;
    }
    return policy_judge(arena, policy, &as);
}

/* both_unknown - one outcome for two undetermined ones: what keeps bulk mail open is more */
static struct policy_outcome both_unknown(const struct policy_outcome *as_bulk,
                                          const struct policy_outcome *as_other)
{
    struct policy_outcome both = *as_bulk;

    if (as_bulk->otherwise != as_other->otherwise)
        both.otherwise = NULL;
    return both;
}

size_t policy_judge_both(struct arena *arena, const struct policy *policy,
                         const struct policy_occasion *occasion,
                         struct policy_outcome outcomes_out[2])
{
    const struct policy_value *bulk = &occasion->known->values[POLICY_FACT_sender_bulk];
    struct policy_outcome as_bulk = judge_as(arena, policy, occasion, true);
    struct policy_outcome as_other = judge_as(arena, policy, occasion, false);
    bool is_same = same_outcome(&as_bulk, &as_other);

    if (!bulk->is_known && as_bulk.unknown != NULL && as_other.unknown != NULL) {
        outcomes_out[0] = both_unknown(&as_bulk, &as_other);
        outcomes_out[0].is_only = true;
        return 1;
    }
    as_bulk.is_for_bulk = !is_same;
    as_other.is_for_others = !is_same;
    if (bulk->is_known || is_same) {
        outcomes_out[0] = bulk->is_known && bulk->truth ? as_bulk : as_other;
        outcomes_out[0].is_only = true;
        return 1;
    }
    outcomes_out[0] = as_bulk;
    outcomes_out[1] = as_other;
    return 2;
}
