/*
 * Policy discovery: the walk of the author domain says whose record applies; the record, the
 * place where it is and the existence of the author domain say which tag.
 */
#include "auth/auth_dmarc_private.h"
#include "model/rec_dmarc.h"

/* dmarc_lowered - one level weaker, for t=y: RFC 9989, 4.7 */
static enum rec_dmarc_policy dmarc_lowered(enum rec_dmarc_policy policy)
{
    return policy == REC_DMARC_REJECT ? REC_DMARC_QUARANTINE : REC_DMARC_NONE;
}

/* judge_existence - RFC 9989, 3.2.13: only NXDOMAIN for the name itself means it does not
 * exist. The walk often knows; else one question does */
static void judge_existence(struct arena *arena, struct ledger *ledger,
                            struct auth_dmarc_policy *policy)
{
    const struct auth_dmarc_walk *walk = policy->walk;
    const struct dns_answer *answer = walk->steps[0].answer;
    bool is_own = dns_name_equal(walk->steps[0].domain, walk->domain);

    policy->domain_exists = true;
    if (is_own &&
        (answer->status == DNS_OK || answer->status == DNS_NODATA || answer->record_count > 0))
        return; /* something at or below _dmarc.<name>, so the name exists: RFC 8020, 2 */
    answer = ledger_ask(ledger, walk->domain, DNS_A);
    if (answer->status == DNS_PENDING) {
        policy->is_pending = true;
    } else if (!dns_status_is_answer(answer->status)) {
        policy->is_undetermined = true;
        policy->reason = arena_printf(
            arena, "np= differs from sp=, and whether %s exists could not be queried: %s",
            walk->domain->text, dns_status_to_text(answer->status));
    } else {
        /* with a CNAME the name exists, whatever its target is: RFC 6604, 3 */
        policy->domain_exists = answer->status != DNS_NXDOMAIN || answer->record_count > 0;
    }
}

/* choose_tag - which of p, sp and np speaks for the domain: RFC 9989, 4.10.1 */
static void choose_tag(struct arena *arena, struct ledger *ledger,
                       struct auth_dmarc_policy *policy)
{
    const struct rec_dmarc *record = policy->step->record;
    bool is_own = dns_name_equal(policy->step->domain, policy->walk->domain);

    policy->domain_exists = true;
    policy->tag = AUTH_DMARC_TAG_P;
    policy->policy = record->policy;
    if (is_own || record->is_replaced_by_none)
        return;
    if (record->has_np_policy && record->np_policy != record->sub_policy)
        judge_existence(arena, ledger, policy);
    if (!policy->domain_exists) {
        policy->tag = AUTH_DMARC_TAG_NP;
        policy->policy = record->np_policy;
    } else if (record->has_sub_policy) {
        policy->tag = AUTH_DMARC_TAG_SP;
        policy->policy = record->sub_policy;
    }
}

/* explain_policy - the clause for a policy that was found */
static void explain_policy(struct arena *arena, struct auth_dmarc_policy *policy)
{
    static const char *const tags[] = {"", "p", "sp", "np"};
    static const char *const whom[] = {"", "", " to its subdomains",
                                       " to names that do not exist"};
    const struct rec_dmarc *record = policy->step->record;

    if (record->is_replaced_by_none) {
        policy->reason = arena_printf(arena,
                                      "the record at _dmarc.%s has no usable policy but a "
                                      "usable rua=, so it acts as p=none",
                                      policy->step->domain->text);
        return;
    }
    policy->reason = arena_printf(
        arena, "%s=%s of _dmarc.%s applies%s%s", tags[policy->tag],
        rec_dmarc_policy_to_text(policy->written), policy->step->domain->text,
        whom[policy->tag], policy->is_lowered_by_testing ? ", one level lower for t=y" : "");
}

/* apply_record - read the policy off the record that was chosen */
static void apply_record(struct arena *arena, struct ledger *ledger,
                         struct auth_dmarc_policy *policy)
{
    const struct rec_dmarc *record = policy->step->record;

    if (record->is_fatal) {
        policy->reason = arena_printf(arena,
                                      "the record at _dmarc.%s has no usable policy and no "
                                      "usable rua=, so no DMARC applies",
                                      policy->step->domain->text);
        policy->step = NULL;
        return;
    }
    choose_tag(arena, ledger, policy);
    policy->written = policy->policy;
    if (record->is_testing && policy->written != REC_DMARC_NONE) {
        policy->policy = dmarc_lowered(policy->written);
        policy->is_lowered_by_testing = true;
    }
    if (!policy->is_pending && !policy->is_undetermined)
        explain_policy(arena, policy);
}

/* explain_absence - no record applies: were there too many somewhere */
static const char *explain_absence(struct arena *arena, const struct auth_dmarc_walk *walk)
{
    for (size_t i = 0; i < walk->step_count; i++)
        if (walk->steps[i].record_count > 1)
            return arena_printf(arena,
                                "%zu DMARC records at _dmarc.%s: if there is more than one, "
                                "all are ignored, and no other applies",
                                walk->steps[i].record_count, walk->steps[i].domain->text);
    return arena_printf(arena, "no DMARC record for %s or a domain above it",
                        walk->domain->text);
}

/* same_step_everywhere - does one and the same known record apply in all worlds */
static bool same_step_everywhere(struct arena *arena, const struct auth_dmarc_walk *walk,
                                 const struct auth_dmarc_step **step_out)
{
    struct auth_dmarc_world world = auth_dmarc_world_first(walk, NULL);
    bool is_same = true;

    *step_out = auth_dmarc_world_outcome(arena, walk, &world).step;
    if (*step_out != NULL && (*step_out)->record != NULL &&
        dns_name_equal((*step_out)->domain, walk->domain))
        return true; /* the domain's own record: nothing above it matters */
    if (world.is_beyond)
        return false;
    while (is_same && auth_dmarc_world_next(&world)) {
        struct auth_dmarc_outcome other = auth_dmarc_world_outcome(arena, walk, &world);

        is_same = other.step == *step_out && !other.is_assumed;
    }
    return is_same;
}

const struct auth_dmarc_policy *auth_dmarc_discover(struct arena *arena, struct ledger *ledger,
                                                    const struct dns_name *domain)
{
    struct auth_dmarc_policy *policy = arena_new_of(arena, struct auth_dmarc_policy);
    const struct auth_dmarc_walk *walk = auth_dmarc_walk(arena, ledger, domain);

    policy->walk = walk;
    policy->domain_exists = true;
    policy->reason = "answers are still wanted";
    policy->is_pending = walk->is_pending;
    if (walk->is_pending)
        return policy;
    policy->is_undetermined = !same_step_everywhere(arena, walk, &policy->step);
    if (policy->is_undetermined) {
        policy->step = NULL;
        policy->reason = auth_dmarc_trouble_text(arena, walk->trouble->answer);
    } else if (policy->step == NULL) {
        policy->reason = explain_absence(arena, walk);
    } else {
        apply_record(arena, ledger, policy);
    }
    return policy;
}
