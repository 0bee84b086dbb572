/*
 * Proposals are cheap and may be wrong; here they are put to the test. A remedy of one finding
 * often clears others: those get it too, unless they have one of their own.
 */
#include <string.h>

#include "base/limits.h"
#include "base/span.h"
#include "check/check.h"
#include "model/finding_id.h"
#include "remedy/remedy_private.h"

#define DEPTH_MAX 2 /* faults that hide faults that hide faults */

/* ---- comparing findings ---- */

/* is_judged - the proof knows about it: the libraries took no part */
static bool is_judged(const struct finding *finding)
{
    return !span_starts_with(span_of(finding->id), "engine_");
}

/* prove_holds - the same finding with the same status is in the list */
static bool prove_holds(const struct finding *list, const struct finding *finding)
{
    for (; list != NULL; list = list->next)
        if (list->row == finding->row && list->status == finding->status &&
            strcmp(list->fingerprint, finding->fingerprint) == 0)
            return true;
    return false;
}

/* Words for one trouble: the message fails DMARC, or SPF does not let it pass.
 * Which word it is depends on the policy, or on there being none, and on "all": a stricter one
 * neither cures nor brings it; what changes for the message is shown by the verdicts of the
 * proof. */
#define WORDS_MAX 4

static const enum finding_id troubles[][WORDS_MAX] = {
    {ID_dmarc_result_none, ID_dmarc_result_monitored, ID_dmarc_result_fail, FINDING_IDS},
    {ID_spf_result_neutral, ID_spf_result_softfail, ID_spf_result_fail,
     ID_spf_result_permerror},
};

#define TROUBLES COUNT_OF(troubles)

/* prove_trouble_of - the row above that has the finding; their number: none */
static size_t prove_trouble_of(const struct finding *finding)
{
    for (size_t i = 0; i < TROUBLES; i++)
        for (size_t j = 0; j < WORDS_MAX; j++)
            if (finding->row == troubles[i][j])
                return i;
    return TROUBLES;
}

/* prove_knows - the list holds the finding, or another word for it */
static bool prove_knows(const struct finding *list, const struct finding *finding)
{
    size_t trouble = prove_trouble_of(finding);

    if (prove_holds(list, finding))
        return true;
    for (; trouble < TROUBLES && list != NULL; list = list->next)
        if (prove_trouble_of(list) == trouble && list->status == finding->status)
            return true;
    return false;
}

/* prove_is_milder - a policy that asks for nothing is not worse than a record that does not
 * count; it is where the way to a stricter one begins */
static bool prove_is_milder(const struct finding *before, const struct finding *finding)
{
    if (finding->row != ID_dmarc_policy_none)
        return false;
    for (; before != NULL; before = before->next)
        if (before->severity == SEV_ERROR && before->status == FINDING_FIRES &&
            span_starts_with(span_of(before->id), "dmarc_") &&
            prove_trouble_of(before) == TROUBLES)
            return true;
    return false;
}

void remedy_compare(struct arena *arena, const struct finding *before,
                    const struct finding *after, struct remedy_proof *proof_out)
{
    *proof_out = (struct remedy_proof){0};
    for (const struct finding *finding = before; finding != NULL; finding = finding->next)
        if (is_judged(finding) && finding->status == FINDING_FIRES &&
            !prove_knows(after, finding))
            arena_append(arena, proof_out->cleared, proof_out->cleared_count, finding);
    for (const struct finding *finding = after; finding != NULL; finding = finding->next)
        if (finding->severity > SEV_WARNING || prove_knows(before, finding))
            continue;
        else if (prove_is_milder(before, finding))
            arena_append(arena, proof_out->left, proof_out->left_count, finding);
        else
            arena_append(arena, proof_out->introduced, proof_out->introduced_count, finding);
}

static bool remedy_clears(const struct remedy *remedy, const struct finding *finding)
{
    for (size_t i = 0; i < remedy->proof.cleared_count; i++)
        if (remedy->proof.cleared[i] == finding)
            return true;
    return false;
}

/* remedy_prove - lay the candidate over the world of the facts; the facts then, or NULL: no
 * proof */
static const struct facts *remedy_prove(struct arena *arena, const struct facts *facts,
                                        const struct finding *findings, struct remedy *remedy)
{
    struct remedy_world world = {.arena = arena, .below = (struct ledger *)facts->ledger};
    const struct facts *assumed = NULL;

    if (remedy->edits == NULL || !remedy_world_edit(&world, remedy->edits))
        return NULL;
    assumed = remedy_world_facts(&world, facts);
    if (assumed != NULL) {
        remedy_compare(arena, findings, check_run(arena, assumed), &remedy->proof);
        remedy->proof.before = facts->message.dmarc;
        remedy->proof.after = assumed->message.dmarc;
        remedy->proof.facts_after = assumed;
    }
    return assumed;
}

/* ---- one finding ---- */

/* proof_cost - answers that a proof looks at; a long one is as much work as several */
static size_t proof_cost(const struct ledger *ledger)
{
    size_t count = ledger_count(ledger);
    size_t cost = count;

    for (size_t i = 0; i < count; i++) {
        size_t octets = 0;

        for (const struct dns_rr *rr = ledger_get(ledger, i)->records; rr != NULL;
             rr = rr->next)
            octets += strlen(rr->text);
        cost += octets / LIMIT_PROOF_ANSWER_BYTES;
    }
    return cost;
}

bool remedy_may_prove(struct remedy_search *search)
{
    size_t cost = proof_cost(search->facts->ledger);

    if (search->questions_left < cost)
        return false;
    search->questions_left -= cost;
    return true;
}

const struct remedy *remedy_unconditional(const struct remedy *remedy)
{
    while (remedy != NULL && (remedy->condition != NULL || remedy->price != NULL))
        remedy = remedy->next;
    return remedy;
}

/* same_finding - in a list that was made again from the same facts */
static const struct finding *same_finding(const struct finding *list,
                                          const struct finding *finding)
{
    while (strcmp(list->fingerprint, finding->fingerprint) != 0)
        list = list->next;
    return list;
}

/* is_bared - a milder finding about the name of a graver one that the remedy clears: the fault
 * hid it, nobody brought it */
static bool is_bared(const struct remedy *remedy, const struct finding *finding)
{
    for (size_t i = 0; i < remedy->proof.cleared_count; i++) {
        const struct finding *cleared = remedy->proof.cleared[i];

        if (cleared->severity < finding->severity && cleared->where.name != NULL &&
            finding->where.name != NULL &&
            strcmp(cleared->where.name, finding->where.name) == 0)
            return true;
    }
    return false;
}

/* is_awaited - the key that the condition of the remedy speaks of is not there yet */
static bool is_awaited(const struct remedy *remedy, const struct finding *finding)
{
    return remedy->waits &&
           (finding->row == ID_dkim_key_missing || finding->row == ID_dkim_key_cname_dangling ||
            finding->row == ID_dkim_no_key);
}

/* is_as_written - the author asked for no more: the record says now what was meant */
static bool is_as_written(const struct remedy_search *search, const struct remedy *remedy,
                          const struct finding *finding)
{
    static const enum finding_id about[] = {ID_dmarc_policy_none, ID_dmarc_sp_weaker,
                                            ID_dmarc_np_weaker, ID_dmarc_testing};

    for (size_t i = 0; i < COUNT_OF(about); i++)
        if (finding->row == about[i])
            return remedy_publishes(remedy, &search->facts->domain.dmarc_meant);
    return false;
}

/* forget_introduced - the first of those that would be new may stay */
static void forget_introduced(struct arena *arena, struct remedy_proof *proof)
{
    arena_append(arena, proof->left, proof->left_count, proof->introduced[0]);
    proof->introduced++;
    proof->introduced_count--;
}

/* prove_complete - a fault that goes may bare others that it hid: cure these in the same go */
static bool prove_complete(struct remedy_search *search, struct remedy *remedy,
                           const struct facts *assumed)
{
    while (assumed != NULL && remedy->proof.introduced_count > 0) {
        struct remedy_search next = {.arena = search->arena,
                                     .facts = assumed,
                                     .questions_left = search->questions_left,
                                     .depth = search->depth + 1};
        const struct remedy *more = NULL;

        if (is_awaited(remedy, remedy->proof.introduced[0]) ||
            is_as_written(search, remedy, remedy->proof.introduced[0])) {
            forget_introduced(search->arena, &remedy->proof);
            continue;
        }
        if (search->depth == DEPTH_MAX)
            return false;
        if (!remedy_may_prove(search)) {
            search->unproved++;
            return false;
        }
        next.findings = check_run(search->arena, assumed);
        more = remedy_unconditional(
            remedy_for(&next, same_finding(next.findings, remedy->proof.introduced[0])));
        search->questions_left = next.questions_left;
        if (more == NULL && is_bared(remedy, remedy->proof.introduced[0])) {
            forget_introduced(search->arena, &remedy->proof);
            continue;
        }
        if (more == NULL) {
            search->unproved += next.unproved > 0;
            return false;
        }
        for (const struct remedy_edit *edit = more->edits; edit != NULL; edit = edit->next)
            remedy_join(search->arena, &remedy->edits, edit);
        remedy->summary =
            arena_printf(search->arena, "%s; and %s", remedy->summary, more->summary);
        assumed = remedy_prove(search->arena, search->facts, search->findings, remedy);
    }
    return assumed != NULL;
}

/* prove_weigh - what the remedy keeps and loses */
static void prove_weigh(struct remedy_search *search, struct remedy *remedy)
{
    if (!search->has_meant)
        search->meant = remedy_meant_world(search->arena, search->facts);
    search->has_meant = true;
    remedy_weigh(search->arena, search->facts, search->meant, remedy);
}

const struct remedy *remedy_for(struct remedy_search *search, const struct finding *finding)
{
    struct remedy_maker maker = {
        .arena = search->arena, .facts = search->facts, .finding = finding};
    const struct remedy *first = NULL;
    const struct remedy **tail = &first;

    search->unproved = 0;
    if (finding->status != FINDING_FIRES || search->facts->domain.name == NULL ||
        !remedy_is_reasonable(search->facts))
        return NULL;
    remedy_propose(&maker);
    search->unproved = maker.left_out;
    for (size_t i = 0; i < maker.count; i++) {
        struct remedy *remedy = maker.candidates[i];

        if (!remedy_may_prove(search)) {
            search->unproved += maker.count - i;
            break;
        }
        if (!prove_complete(
                search, remedy,
                remedy_prove(search->arena, search->facts, search->findings, remedy)) ||
            !remedy_clears(remedy, finding) || !remedy_is_sound(search->arena, remedy))
            continue;
        prove_weigh(search, remedy);
        if (search->depth == 0)
            remedy_read(search->arena, remedy);
        remedy->sets = remedy_rrsets(search->arena, search->facts, remedy->edits);
        *tail = remedy;
        tail = &remedy->next;
    }
    return first;
}

/* ---- all findings ---- */

/* from_another - the remedy of another finding that clears this one too */
static const struct remedy *from_another(const struct finding *findings,
                                         const struct finding *finding)
{
    for (; findings != NULL; findings = findings->next)
        if (findings->remedy != NULL && remedy_clears(findings->remedy, finding))
            return findings->remedy;
    return NULL;
}

void remedy_find_all(struct remedy_search *search, struct finding *findings)
{
    for (struct finding *finding = findings; finding != NULL; finding = finding->next) {
        if (finding->severity > SEV_NOTICE)
            continue;
        finding->remedy = remedy_for(search, finding);
        finding->unproved = search->unproved;
    }
    for (struct finding *finding = findings; finding != NULL; finding = finding->next)
        if (finding->remedy == NULL && finding->severity <= SEV_NOTICE)
            finding->remedy = from_another(findings, finding);
}

void remedy_find(struct arena *arena, const struct facts *facts, struct finding *findings)
{
    struct remedy_search search = {arena, facts, findings,
                                   .questions_left = LIMIT_PROOF_QUESTIONS};

    remedy_find_all(&search, findings);
}
