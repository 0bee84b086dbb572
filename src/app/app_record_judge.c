/*
 * The world that holds nothing but what is made: our own check is run there, and what it says
 * about the record or its policy decides.
 */
#include <string.h>

#include "app/app_record.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/sbuf.h"
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
static void serve_policy(const struct app_making *making, struct mta_sts_facts *facts)
{
    struct arena *arena = making->app->arena;
    struct https_fact *fetched = arena_new_of(arena, struct https_fact);
    struct rec_mta_sts_policy *policy = arena_new_of(arena, struct rec_mta_sts_policy);

    *fetched = (struct https_fact){.url = making->policy_url,
                                   .status = HTTPS_OK,
                                   .content_type = "text/plain",
                                   .body = span_of(making->policy)};
    rec_mta_sts_policy_parse(arena, fetched->body, policy);
    facts->fetched = fetched;
    facts->policy = policy;
}

/* facts_with - a world that holds this record, and the mail hosts if they were asked for */
static const struct facts *facts_with(const struct app_making *making, const struct dns_rr *rr)
{
    struct arena *arena = making->app->arena;
    const struct dns_answer **changed = arena_array_of(arena, const struct dns_answer *, 2);
    struct subject *subject = arena_new_of(arena, struct subject);
    struct facts *facts = arena_new_of(arena, struct facts);
    const struct facts start = {.subject = subject};
    size_t count = 0;

    changed[count++] = answer_of(arena, rr);
    if (making->mx != NULL)
        changed[count++] = making->mx;
    subject->domain = making->domain;
    subject->domain_shown = making->domain->text;
    subject->selectors = making->app->options.selectors.texts;
    subject->selector_count = making->app->options.selectors.count;
    subject->now = making->now;
    *facts =
        *gather_assumed(arena, &start, ledger_over(arena, ledger_open(arena), changed, count));
    if (making->policy != NULL)
        serve_policy(making, &facts->domain.mta_sts);
    return facts;
}

/* record_judge_is_about - the finding is about what is made */
static bool record_judge_is_about(const struct finding *finding,
                                  const struct app_making *making)
{
    const struct finding_where *where = &finding->where;

    if (finding->row == ID_dmarc_policy_none)
        return false; /* it was asked for, and every policy begins there */
    if (finding->status != FINDING_FIRES || finding->severity > SEV_WARNING ||
        where->name == NULL || where->type == NULL)
        return false;
    if (making->policy_url != NULL && strcmp(where->name, making->policy_url) == 0)
        return true;
    return strcmp(where->name, making->owner->text) == 0 && strcmp(where->type, "TXT") == 0;
}

const struct dns_rr *app_record_judge(const struct app_making *making, struct err *why)
{
    struct arena *arena = making->app->arena;
    const struct dns_rr_head head = {making->owner, DNS_TXT, TTL};
    const struct dns_rr *rr = remedy_text_rr(arena, &head, sbuf_span(&making->text));

    if (rr == NULL) {
        err_set_kind(why, ERR_USAGE, "no record made: the text is too long for a record");
        return NULL;
    }
    for (const struct finding *finding = check_run(arena, facts_with(making, rr));
         finding != NULL; finding = finding->next)
        if (record_judge_is_about(finding, making)) {
            err_set_kind(why, ERR_USAGE, "no record made: %s: %s", finding->id,
                         check_text(arena, finding));
            return NULL;
        }
    return rr;
}
