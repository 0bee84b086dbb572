/*
 * The world that holds nothing but what is made: our own check is run there, and what it says
 * about the record or its policy decides.
 */
#include "remedy/remedy_new.h"

#include <string.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/span.h"
#include "check/check.h"
#include "dns/dns_rr.h"
#include "gather/gather.h"
#include "ledger/ledger.h"
#include "model/dns_answer.h"
#include "model/facts.h"
#include "model/finding.h"
#include "model/finding_id.h"
#include "model/https_fact.h"
#include "model/rec_mta_sts_policy.h"
#include "model/subject.h"
#include "record/rec_mta_sts_policy.h"
#include "remedy/remedy.h"

#define TTL 3600

/* answer_of - what the world says about the record */
static const struct dns_answer *answer_of(struct arena *arena, const struct dns_rr *rr)
{
    struct dns_answer *answer = arena_new_of(arena, struct dns_answer);
    struct dns_rr *copy = arena_new_of(arena, struct dns_rr);

    *copy = *rr;
    answer->question = (struct dns_question){rr->owner, DNS_TXT};
    answer->status = DNS_OK;
    dns_answer_append(answer, copy);
    return answer;
}

/* serve_policy - the policy, as a server that does all right would answer */
static void serve_policy(struct arena *arena, const struct remedy_new *made,
                         struct mta_sts_facts *facts)
{
    struct https_fact *fetched = arena_new_of(arena, struct https_fact);
    struct rec_mta_sts_policy *policy = arena_new_of(arena, struct rec_mta_sts_policy);

    *fetched = (struct https_fact){.url = made->policy_url,
                                   .status = HTTPS_OK,
                                   .content_type = "text/plain",
                                   .body = span_of(made->policy)};
    rec_mta_sts_policy_parse(arena, fetched->body, policy);
    facts->fetched = fetched;
    facts->policy = policy;
}

/* facts_with - a world that holds this record, and the mail hosts if they were asked for */
static const struct facts *facts_with(struct arena *arena, const struct remedy_new *made,
                                      const struct dns_rr *rr)
{
    const struct dns_answer **changed = arena_array_of(arena, const struct dns_answer *, 2);
    struct subject *subject = arena_new_of(arena, struct subject);
    struct facts *facts = arena_new_of(arena, struct facts);
    const struct facts start = {.subject = subject};
    size_t count = 0;

    changed[count++] = answer_of(arena, rr);
    if (made->mx != NULL)
        changed[count++] = made->mx;
    subject->domain = made->domain;
    subject->domain_shown = made->domain->text;
    subject->selectors = made->selectors;
    subject->selector_count = made->selector_count;
    subject->now = made->now;
    *facts =
        *gather_assumed(arena, &start, ledger_over(arena, ledger_open(arena), changed, count));
    if (made->policy != NULL)
        serve_policy(arena, made, &facts->domain.mta_sts);
    return facts;
}

/* new_is_about - the finding is about what is made */
static bool new_is_about(const struct finding *finding, const struct remedy_new *made)
{
    const struct finding_where *where = &finding->where;

    if (finding->row == ID_dmarc_policy_none)
        return false; /* it was asked for, and every policy begins there */
    if (finding->status != FINDING_FIRES || finding->severity > SEV_WARNING ||
        where->name == NULL || where->type == NULL)
        return false;
    if (made->policy_url != NULL && strcmp(where->name, made->policy_url) == 0)
        return true;
    return strcmp(where->name, made->owner->text) == 0 && strcmp(where->type, "TXT") == 0;
}

const struct dns_rr *remedy_new_rr(struct arena *arena, const struct remedy_new *made,
                                   struct err *why)
{
    const struct dns_rr_head head = {made->owner, DNS_TXT, TTL};
    const struct dns_rr *rr = remedy_text_rr(arena, &head, made->text);

    if (rr == NULL) {
        err_set_kind(why, ERR_USAGE, "no record made: the text is too long for a record");
        return NULL;
    }
    for (const struct finding *finding = check_run(arena, facts_with(arena, made, rr));
         finding != NULL; finding = finding->next)
        if (new_is_about(finding, made)) {
            err_set_kind(why, ERR_USAGE, "no record made: %s: %s", finding->id,
                         check_text(arena, finding));
            return NULL;
        }
    return rr;
}
