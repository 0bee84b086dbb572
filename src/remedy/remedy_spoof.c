/* Every policy is a world of its own: four answers are assumed, the rest is what is known. */
#include "remedy/remedy_spoof.h"
#include "auth/auth_dmarc.h"
#include "auth/auth_spf.h"
#include "base/ip.h"
#include "base/span.h"
#include "model/dmarc_verdict.h"
#include "model/rec_dmarc.h"
#include "model/result.h"
#include "remedy/remedy_private.h"

#define ANSWERS_MAX 5

/* assumed to exist, without a record of its own */
static const char existing_label[] = "subdomain";

/* a policy as changes of the record as it is; NULL leaves the tag */
static const struct {
    const char *name;
    const char *policy;
    const char *sub_policy;
    const char *np_policy;
    bool is_plain; /* without t= and pct=, which weaken it */
} policies[REMEDY_SPOOF_POLICIES] = {
    {"today", NULL, NULL, NULL, false},
    {"np=reject", NULL, NULL, "reject", false},
    {"p=quarantine", "quarantine", NULL, NULL, false},
    {"p=reject", "reject", NULL, NULL, false},
    {"all=reject", "reject", "reject", "reject", true},
};

struct spoofing {
    struct arena *arena;
    const struct facts *facts;
    const struct dns_name *senders[REMEDY_SPOOF_SENDERS]; /* NULL: too long for a name */
    const struct dns_answer *answers[ANSWERS_MAX];        /* assumed in all worlds */
    size_t answer_count;
    bool spf_passes;
};

/* ---- what is assumed ---- */

/* spoof_assume - one more answer; records are those of `like`, which may be NULL */
static void spoof_assume(struct spoofing *spoofing, const struct dns_question *question,
                         enum dns_status status, const struct dns_answer *like)
{
    struct dns_answer *answer = arena_new_of(spoofing->arena, struct dns_answer);

    if (question->name == NULL)
        return;
    if (like != NULL)
        *answer = *like;
    answer->question = *question;
    answer->status = status;
    spoofing->answers[spoofing->answer_count++] = answer;
}

/* assume_existing - the subdomain is there, and nothing below it */
static void assume_existing(struct spoofing *spoofing)
{
    struct arena *arena = spoofing->arena;
    const struct dns_name *name =
        dns_name_prepend(arena, existing_label, spoofing->facts->domain.name);

    spoofing->senders[REMEDY_SPOOF_EXISTING] = name;
    if (name == NULL)
        return;
    spoof_assume(spoofing, &(struct dns_question){name, DNS_A}, DNS_NODATA, NULL);
    spoof_assume(spoofing,
                 &(struct dns_question){dns_name_prepend(arena, "_dmarc", name), DNS_TXT},
                 DNS_NXDOMAIN, NULL);
}

/* assume_missing - a wildcard that answered for the name answers for names below it, too:
 * RFC 4592, 3.3.1 */
static void assume_missing(struct spoofing *spoofing)
{
    const struct dns_answer *asked = spoofing->facts->domain.wildcard_dmarc;
    const struct dns_name *name = asked != NULL ? asked->question.name : NULL;

    spoofing->senders[REMEDY_SPOOF_MISSING] = name;
    if (name == NULL)
        return;
    spoof_assume(spoofing, &(struct dns_question){name, DNS_A},
                 asked->status == DNS_OK ? DNS_NODATA : asked->status, NULL);
    spoof_assume(
        spoofing,
        &(struct dns_question){dns_name_prepend(spoofing->arena, "_dmarc", name), DNS_TXT},
        asked->status, asked);
}

/* spoof_spf_passes - the record lets a host send that it cannot know */
static bool spoof_spf_passes(const struct spoofing *spoofing)
{
    struct ledger *ledger =
        ledger_over(spoofing->arena, (struct ledger *)spoofing->facts->ledger, NULL, 0);
    static const enum ip_family families[] = {IP_V4, IP_V6};
    struct auth_spf_input input = {
        .identity = AUTH_SPF_MAILFROM,
        .mail_from = arena_printf(spoofing->arena, AUTH_SPF_NOBODY_LOCAL "@%s",
                                  spoofing->facts->domain.name->text),
        .now = spoofing->facts->subject->now,
    };
    bool passes = false;

    for (size_t i = 0; i < COUNT_OF(families); i++) {
        input.client = ip_of_nobody(families[i]);
        passes = passes || auth_spf_check(spoofing->arena, ledger, &input)->result == SPF_PASS;
    }
    return passes;
}

/* ---- records ---- */

/* spoof_set_policy - one tag, if the policy says something about it */
static void spoof_set_policy(struct remedy_tags *tags, const char *name, const char *value)
{
    if (value != NULL)
        remedy_tags_set(tags, name, span_of(value), name[0] == 'p');
}

/* spoof_record_text - the record as it is, changed; one that is made new says what applied
 * before */
static struct span spoof_record_text(const struct spoofing *spoofing, size_t index)
{
    const struct auth_dmarc_policy *policy = spoofing->facts->domain.dmarc;
    const struct auth_dmarc_step *own = check_dmarc_own_record(spoofing->facts);
    struct remedy_tags tags = {.arena = spoofing->arena};

    if (own != NULL)
        tags = remedy_tags_of(spoofing->arena, &own->record->tags);
    else
        remedy_tags_set(&tags, "v", span_of("DMARC1"), false);
    if (own == NULL || !own->record->has_policy)
        spoof_set_policy(
            &tags, "p",
            rec_dmarc_policy_to_text(policy->step != NULL ? policy->policy : REC_DMARC_NONE));
    if (policies[index].is_plain) {
        remedy_tags_remove(&tags, "t");
        remedy_tags_remove(&tags, "pct");
    }
    spoof_set_policy(&tags, "p", policies[index].policy);
    spoof_set_policy(&tags, "sp", policies[index].sub_policy);
    spoof_set_policy(&tags, "np", policies[index].np_policy);
    return remedy_tags_text(&tags);
}

/* is_changing - the policy is another one than today's */
static bool is_changing(size_t index)
{
    return policies[index].policy != NULL || policies[index].np_policy != NULL;
}

/* world_of - what is known, with the record of a policy; NULL: too long for a name */
static struct ledger *world_of(const struct spoofing *spoofing, size_t index, struct span text)
{
    struct arena *arena = spoofing->arena;
    struct spoofing *world = arena_new_of(arena, struct spoofing);
    const struct dns_name *name =
        dns_name_prepend(arena, "_dmarc", spoofing->facts->domain.name);
    struct dns_answer answer = {.status = DNS_OK};

    *world = *spoofing;
    if (is_changing(index)) {
        const struct dns_rr_head head = {name, DNS_TXT, 0};
        struct dns_rr *rr = arena_new_of(arena, struct dns_rr);
        const struct dns_rr *made = name != NULL ? remedy_text_rr(arena, &head, text) : NULL;

        if (made == NULL)
            return NULL;
        *rr = *made;
        dns_answer_append(&answer, rr);
        spoof_assume(world, &(struct dns_question){name, DNS_TXT}, DNS_OK, &answer);
    }
    return ledger_over(arena, (struct ledger *)spoofing->facts->ledger, world->answers,
                       world->answer_count);
}

/* ---- judging ---- */

/* spoof_outcome_of - a verdict as the forger sees it */
static enum remedy_spoof_outcome spoof_outcome_of(enum dmarc_result result,
                                                  enum rec_dmarc_policy policy)
{
    static const enum remedy_spoof_outcome of_policy[] = {
        REMEDY_SPOOF_NONE, REMEDY_SPOOF_QUARANTINE, REMEDY_SPOOF_REJECT};

    if (result == DMARC_PASS)
        return REMEDY_SPOOF_PASSES;
    if (result == DMARC_NONE)
        return REMEDY_SPOOF_NO_POLICY;
    return result == DMARC_FAIL ? of_policy[policy] : REMEDY_SPOOF_UNKNOWN;
}

/* spoof_judge - one sender in one world */
static struct remedy_spoof_cell spoof_judge(const struct spoofing *spoofing,
                                            struct ledger *ledger,
                                            const struct dns_name *author)
{
    struct auth_dmarc_input input = {.author = author};
    const struct auth_dmarc_verdict *verdict = NULL;

    if (ledger == NULL || author == NULL)
        return (struct remedy_spoof_cell){.percent = 100};
    if (spoofing->spf_passes)
        input.spf = (struct auth_dmarc_identifier){.domain = spoofing->facts->domain.name,
                                                   .passes = true};
    verdict = auth_dmarc_check(spoofing->arena, ledger, &input);
    return (struct remedy_spoof_cell){
        .outcome = spoof_outcome_of(verdict->result, verdict->policy->policy),
        .rfc7489 = spoof_outcome_of(verdict->rfc7489.result, verdict->rfc7489.policy),
        .percent = verdict->rfc7489.percent,
    };
}

/* spoof_compare - more than 0: stricter than `today`; what is unknown is as strict */
static int spoof_compare(enum remedy_spoof_outcome outcome, enum remedy_spoof_outcome today)
{
    static const int strictness[] = {
        [REMEDY_SPOOF_PASSES] = 0,     [REMEDY_SPOOF_NO_POLICY] = 0, [REMEDY_SPOOF_NONE] = 0,
        [REMEDY_SPOOF_QUARANTINE] = 1, [REMEDY_SPOOF_REJECT] = 2,
    };

    if (outcome == REMEDY_SPOOF_UNKNOWN || today == REMEDY_SPOOF_UNKNOWN)
        return 0;
    return strictness[outcome] - strictness[today];
}

/* is_stricter - some sender gets less far than today, and none further */
static bool is_stricter(const struct remedy_spoof_policy *policy,
                        const struct remedy_spoof_policy *today)
{
    bool has_gain = false;

    for (size_t i = 0; i < REMEDY_SPOOF_SENDERS; i++) {
        int change = spoof_compare(policy->cells[i].outcome, today->cells[i].outcome);
        int older = spoof_compare(policy->cells[i].rfc7489, today->cells[i].rfc7489);

        if (change < 0 || older < 0)
            return false;
        has_gain = has_gain || change > 0 || older > 0 ||
                   policy->cells[i].percent > today->cells[i].percent;
    }
    return has_gain;
}

const struct remedy_spoof *remedy_spoof_judge(struct arena *arena, const struct facts *facts)
{
    struct spoofing spoofing = {.arena = arena, .facts = facts};
    struct remedy_spoof *spoof = NULL;

    if (facts->domain.name == NULL || facts->domain.dmarc == NULL)
        return NULL;
    spoof = arena_new_of(arena, struct remedy_spoof);
    spoof->domain = facts->domain.name;
    spoofing.senders[REMEDY_SPOOF_DOMAIN] = facts->domain.name;
    assume_existing(&spoofing);
    assume_missing(&spoofing);
    spoofing.spf_passes = spoof_spf_passes(&spoofing);
    spoof->missing = spoofing.senders[REMEDY_SPOOF_MISSING];
    spoof->has_wildcard =
        spoof->missing != NULL && (facts->domain.wildcard_dmarc->status == DNS_OK ||
                                   facts->domain.wildcard_dmarc->status == DNS_NODATA);
    for (size_t i = 0; i < REMEDY_SPOOF_POLICIES; i++) {
        struct remedy_spoof_policy *policy = &spoof->policies[i];
        struct span text = spoof_record_text(&spoofing, i);
        struct ledger *ledger = world_of(&spoofing, i, text);

        policy->name = policies[i].name;
        policy->record = is_changing(i) ? arena_strdup_span(arena, text) : NULL;
        for (size_t sender = 0; sender < REMEDY_SPOOF_SENDERS; sender++)
            policy->cells[sender] = spoof_judge(&spoofing, ledger, spoofing.senders[sender]);
        policy->is_stricter = is_stricter(policy, &spoof->policies[0]);
    }
    return spoof;
}
