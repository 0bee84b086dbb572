/*
 * Steps 4 to 7 of RFC 8617, 5.2, over verdicts that the code for DKIM made. Everything is
 * verified before the chain is judged, so that one round asks for all keys.
 */
#include "auth/auth_arc.h"
#include "auth/auth_dkim.h"
#include "base/arena.h"
#include "base/must.h"
#include "ledger/ledger.h"
#include "model/arc_verdict.h"
#include "model/dkim_verdict.h"
#include "model/result.h"

/* how one signature of the chain counts */
enum holds { HOLDS, BROKEN, UNKNOWN };

struct judging {
    struct arena *arena;
    const struct auth_arc_prepared *prepared;
    struct auth_arc_verdict *verdict;
};

/* arc_judge_holds - an error of any kind breaks the chain (RFC 8617, 5.2.1) but for what
 * could not be queried, or not be read */
static enum holds arc_judge_holds(const struct auth_dkim_verdict *verdict)
{
    must(verdict != NULL); /* every instance of a sound structure was prepared */
    if (verdict->is_pending || verdict->result == DKIM_TEMPERROR)
        return UNKNOWN;
    return verdict->result == DKIM_PASS ? HOLDS : BROKEN;
}

/* arc_judge_conclude - the chain is judged */
static void arc_judge_conclude(struct judging *judging, enum arc_result result,
                               const char *reason)
{
    judging->verdict->result = result;
    judging->verdict->reason = reason;
}

/* arc_judge_reason - the reason that a signature gives; those of the newest instances come
 * first */
static void arc_judge_reason(struct judging *judging, const struct auth_arc_instance *instance,
                             const struct auth_dkim_verdict *verdict)
{
    const struct auth_dkim_signature *signature = verdict->signature;
    enum auth_arc_part part =
        signature->sealed != NULL ? AUTH_ARC_SEAL : AUTH_ARC_MESSAGE_SIGNATURE;

    judging->verdict->failed_instance = instance->set->instance;
    arc_judge_conclude(
        judging, ARC_FAIL,
        arena_printf(judging->arena, "%s of instance %u%s%s: %s", auth_arc_part_to_text(part),
                     instance->set->instance, signature->parsed.domain != NULL ? " by " : "",
                     signature->parsed.domain != NULL ? signature->parsed.domain->text : "",
                     verdict->reason));
}

/* find_trouble - the first signature in the order of the standard that counts so: the newest
 * message signature, then the seals from the newest to the oldest */
static bool find_trouble(struct judging *judging, enum holds wanted)
{
    const struct auth_arc_verdict *verdict = judging->verdict;
    const struct auth_arc_instance *newest = &verdict->instances[verdict->count - 1];

    if (arc_judge_holds(newest->message_signature) == wanted) {
        arc_judge_reason(judging, newest, newest->message_signature);
        return true;
    }
    for (size_t i = verdict->count; i-- > 0;)
        if (arc_judge_holds(verdict->instances[i].seal) == wanted) {
            arc_judge_reason(judging, &verdict->instances[i], verdict->instances[i].seal);
            return true;
        }
    return false;
}

/* find_oldest_pass - step 5 */
static void find_oldest_pass(struct auth_arc_verdict *verdict)
{
    for (size_t i = verdict->count; i-- > 0;) {
        const struct auth_arc_instance *instance = &verdict->instances[i];

        if (arc_judge_holds(instance->message_signature) == HOLDS)
            continue;
        verdict->has_oldest_pass =
            i + 1 < verdict->count && arc_judge_holds(instance->message_signature) == BROKEN;
        verdict->oldest_pass = verdict->has_oldest_pass ? instance->set->instance + 1 : 0;
        return;
    }
    verdict->has_oldest_pass = true;
}

/* judge_chain - a chain of sound structure */
static void judge_chain(struct judging *judging)
{
    struct auth_arc_verdict *verdict = judging->verdict;

    find_oldest_pass(verdict);
    for (size_t i = 0; i < verdict->count; i++)
        verdict->is_pending = verdict->is_pending ||
                              verdict->instances[i].message_signature->is_pending ||
                              verdict->instances[i].seal->is_pending;
    if (find_trouble(judging, BROKEN))
        return;
    verdict->is_undetermined = find_trouble(judging, UNKNOWN);
    if (verdict->is_undetermined)
        return;
    arc_judge_conclude(
        judging, ARC_PASS,
        verdict->oldest_pass == 0
            ? "all seals and message signatures verify"
            : arena_printf(judging->arena,
                           "all seals verify; the message is unchanged since instance %u",
                           verdict->oldest_pass));
}

/* set_instances - who vouched for what, as far as it was verified */
static void set_instances(struct judging *judging, const struct auth_dkim_verdict *verdicts)
{
    const struct auth_arc_prepared *prepared = judging->prepared;
    struct auth_arc_instance *instances =
        arena_array_of(judging->arena, struct auth_arc_instance, prepared->count);
    bool is_verified = prepared->signatures->count > 0;

    for (size_t i = 0; i < prepared->count; i++) {
        instances[i].set = &prepared->sets[i];
        instances[i].message_signature = is_verified ? &verdicts[2 * i] : NULL;
        instances[i].seal = is_verified ? &verdicts[2 * i + 1] : NULL;
    }
    judging->verdict->instances = instances;
    judging->verdict->count = prepared->count;
}

const struct auth_arc_verdict *auth_arc_judge(struct arena *arena, struct ledger *ledger,
                                              const struct auth_arc_prepared *prepared,
                                              int64_t now)
{
    struct auth_arc_verdict *verdict = arena_new_of(arena, struct auth_arc_verdict);
    struct judging judging = {.arena = arena, .prepared = prepared, .verdict = verdict};

    set_instances(&judging, auth_dkim_judge(arena, ledger, prepared->signatures, now));
    if (prepared->fault != NULL) {
        verdict->failed_instance = prepared->fault_instance;
        arc_judge_conclude(&judging, ARC_FAIL, prepared->fault);
    } else if (prepared->count == 0) {
        arc_judge_conclude(&judging, ARC_NONE, "the message has no ARC fields");
    } else {
        judge_chain(&judging);
    }
    return verdict;
}
