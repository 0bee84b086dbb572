/*
 * A round is a set of jobs, one for each question wanted. A job may ask several questions one
 * after another: as long as an answer ends in a CNAME whose target is not in it, the target is
 * asked for, and the records are collected under the first question.
 */
#include "base/clock.h"
#include "base/dns_name.h"
#include "base/limits.h"
#include "base/must.h"
#include "dns/dns_proofs.h"
#include "ledger/ledger_private.h"
#include "source/source.h"

#define WATCH_MS      200 /* between two looks of whoever watches a round */
#define MS_PER_SECOND 1000

/* one question of a round, with its CNAME chain so far */
struct job {
    struct dns_answer *answer; /* what the ledger will hold */
    struct dns_answer found;   /* what is known by now */
    struct dns_rr *last;       /* of found.records */
    unsigned links;
    bool is_first; /* nothing has been answered yet */
};

struct ledger_round {
    struct ledger *ledger;
    struct source *source;
    struct arena *answers; /* where those of the source went before */
    struct job *jobs;
    size_t job_count;
    size_t open;     /* jobs without a final answer */
    int64_t since;   /* when the ledger would have begun to wait; 0: it has not */
    int64_t idle_ms; /* of the source, then */
};

/* round_finish - the job is done, with what was found */
static void round_finish(struct ledger_round *round, struct job *job)
{
    ledger_settle(round->ledger, job->answer, &job->found);
    round->open--;
}

/* round_fail - the job is done without an answer; records of the chain stay as evidence */
static void round_fail(struct ledger_round *round, struct job *job, enum dns_status status,
                       const char *detail)
{
    job->found.status = status;
    job->found.detail = detail;
    if (job->found.source == NULL)
        job->found.source = round->source->spec;
    job->found.has_ttl = false;
    job->found.ttl = 0;
    round_finish(round, job);
}

/* round_ask - put the question to the source */
static void round_ask(struct ledger_round *round, struct job *job, const struct dns_name *name)
{
    struct dns_question question = {.name = name, .type = job->answer->question.type};

    round->source->wants_proofs = job->answer->wants_proofs;
    if (!round->source->ops->submit(round->source, &question, job))
        round_fail(round, job, DNS_UNKNOWN, NULL);
}

/* was_owner - a record of the chain belongs to the name: following it would go in a circle */
static bool was_owner(const struct job *job, const struct dns_name *name)
{
    for (const struct dns_rr *rr = job->found.records; rr != NULL; rr = rr->next)
        if (rr->type == DNS_CNAME && dns_name_equal(rr->owner, name))
            return true;
    return false;
}

/* round_add_records - behind those of the job; copied, because the list is linked again */
static void round_add_records(struct ledger_round *round, struct job *job,
                              const struct dns_answer *answer)
{
    for (const struct dns_rr *rr = answer->records; rr != NULL; rr = rr->next) {
        struct dns_rr *copy = arena_new_of(round->ledger->arena, struct dns_rr);

        *copy = *rr;
        copy->next = NULL;
        if (job->last == NULL)
            job->found.records = copy;
        else
            job->last->next = copy;
        job->last = copy;
        job->found.record_count++;
        job->links += rr->type == DNS_CNAME;
    }
}

/* add_proofs - those of a further answer of the chain; unknown for one of them is unknown */
static void add_proofs(struct ledger_round *round, struct job *job,
                       const struct dns_answer *answer)
{
    struct dns_answer *found = &job->found;

    if (job->is_first)
        found->proofs = answer->proofs;
    else if (found->proofs != NULL && answer->proofs != NULL)
        found->proofs = dns_proofs_join(round->ledger->arena, found->proofs, answer->proofs);
    else
        found->proofs = NULL;
    found->unchecked = answer->unchecked;
}

/* round_merge - what a further answer of the chain adds; its status decides (RFC 6604, 3) */
static void round_merge(struct ledger_round *round, struct job *job,
                        const struct dns_answer *answer)
{
    struct dns_answer *found = &job->found;

    round_add_records(round, job, answer);
    add_proofs(round, job, answer);
    found->status = answer->status;
    found->source = answer->source;
    found->detail = answer->detail;
    found->ad = answer->ad && (job->is_first || found->ad);
    if (job->is_first || (found->has_ttl && answer->has_ttl && answer->ttl < found->ttl))
        found->ttl = answer->ttl;
    found->has_ttl = answer->has_ttl && (job->is_first || found->has_ttl);
    job->is_first = false;
}

/* ends_in_cname - the type asked for is still to be found at the end of a chain */
static bool ends_in_cname(const struct dns_answer *answer)
{
    return answer->status == DNS_OK && answer->question.type != DNS_CNAME &&
           dns_answer_first(answer) == NULL && answer->records != NULL;
}

/* round_follow - ask for the target of the chain, unless it leads nowhere. A resolver answers
 * SERVFAIL in these cases, and so does this. */
static void round_follow(struct ledger_round *round, struct job *job)
{
    const struct dns_name *target = dns_answer_final_name(&job->found);
    struct arena *arena = round->ledger->arena;

    if (was_owner(job, target))
        round_fail(round, job, DNS_SERVFAIL,
                   arena_printf(arena, "the CNAME chain goes in a circle at %s", target->text));
    else if (job->links > LIMIT_CNAME_CHAIN)
        round_fail(
            round, job, DNS_SERVFAIL,
            arena_printf(arena, "the CNAME chain has more than %d links", LIMIT_CNAME_CHAIN));
    else if (dns_name_equal(target, job->found.question.name))
        round_fail(round, job, DNS_MALFORMED,
                   arena_printf(arena, "the answer has no record of %s", target->text));
    else
        round_ask(round, job, target);
}

/* round_answered - the source has something for a job */
static void round_answered(void *ctx, void *token, const struct dns_answer *answer)
{
    struct ledger_round *round = ctx;
    struct job *job = token;

    if (job->is_first && !ends_in_cname(answer)) {
        struct dns_question question = job->found.question;

        job->found = *answer; /* by far the most frequent: no chain, nothing to copy */
        job->found.question = question;
        round_finish(round, job);
        return;
    }
    round_merge(round, job, answer);
    if (ends_in_cname(&job->found))
        round_follow(round, job);
    else
        round_finish(round, job);
}

/* round_exhausted - why this subject may send no more queries; NULL if it may */
static const char *round_exhausted(const struct ledger *ledger)
{
    if (ledger->rounds > LIMIT_ROUNDS)
        return arena_printf(ledger->arena, "not queried: limit of %d rounds reached",
                            LIMIT_ROUNDS);
    if (ledger->bytes > LIMIT_ANSWER_BYTES)
        return arena_printf(ledger->arena,
                            "not queried: limit reached, the answers have %zu "
                            "octets",
                            ledger->bytes);
    if (ledger->spent_ms >= (int64_t)LIMIT_SECONDS * MS_PER_SECOND)
        return arena_printf(ledger->arena, "given up: %d seconds have been spent asking",
                            LIMIT_SECONDS);
    return NULL;
}

/* start_round - a job for each query that is pending */
static void start_round(struct ledger_round *round)
{
    struct ledger *ledger = round->ledger;

    round->jobs = arena_array_of(ledger->arena, struct job, ledger->pending);
    for (size_t i = ledger->first_pending; i < ledger->held.count; i++) {
        struct job *job = &round->jobs[round->job_count];

        if (ledger->held.list[i]->status != DNS_PENDING)
            continue;
        job->answer = ledger->held.list[i];
        job->found.question = job->answer->question;
        job->is_first = true;
        round->job_count++;
    }
    ledger->first_pending = ledger->held.count;
    round->open = round->job_count;
    ledger->rounds++;
}

/* round_give_up - answer what is still open */
static void round_give_up(struct ledger_round *round, const char *detail)
{
    for (size_t i = 0; i < round->job_count; i++)
        if (round->jobs[i].answer->status == DNS_PENDING)
            round_fail(round, &round->jobs[i], DNS_BUDGET, detail);
}

/* round_notify - whoever looks on */
static void round_notify(const struct ledger_round *round)
{
    const struct ledger *ledger = round->ledger;
    struct ledger_waiting waiting = {
        .asked = round->job_count, .open = round->open, .spent_ms = ledger->spent_ms};

    for (size_t i = 0; i < round->job_count && waiting.first == NULL; i++)
        if (round->jobs[i].answer->status == DNS_PENDING)
            waiting.first = &round->jobs[i].answer->question;
    ledger->watch(ledger->watch_ctx, &waiting);
}

/* round_wait - for answers, so long at most */
static void round_wait(struct ledger_round *round, int timeout_ms)
{
    struct ledger *ledger = round->ledger;
    struct source *source = round->source;
    int open = 0;

    if (round->since == 0) {
        round->since = clock_monotonic_ms() - ledger->spent_ms;
        round->idle_ms = source->idle_ms;
    }
    open = source->ops->poll(source, timeout_ms, round_answered, round);
    must(open > 0 || round->open == 0); /* a source that forgets would wait forever */
    ledger->spent_ms = clock_monotonic_ms() - round->since - (source->idle_ms - round->idle_ms);
    if (ledger->watch != NULL)
        round_notify(round);
}

/* round_end - nothing is open any more */
static void round_end(struct ledger_round *round)
{
    struct source *source = round->source;

    if (round->open > 0) {
        round_give_up(round, round_exhausted(round->ledger));
        if (source->ops->forget != NULL)
            source->ops->forget(source);
    }
    source->answers = round->answers;
}

struct ledger_round *ledger_round_start(struct ledger *ledger, struct source *source)
{
    struct ledger_round *round = NULL;

    if (ledger->pending == 0)
        return NULL;
    round = arena_new_of(ledger->arena, struct ledger_round);
    *round =
        (struct ledger_round){.ledger = ledger, .source = source, .answers = source->answers};
    start_round(round);
    source->answers = ledger->arena;
    if (round_exhausted(ledger) != NULL)
        return round;
    for (size_t i = 0; i < round->job_count; i++)
        round_ask(round, &round->jobs[i], round->jobs[i].answer->question.name);
    source->ops->poll(source, 0, round_answered, round); /* most sources know at once */
    return round;
}

bool ledger_round_go_on(struct ledger_round *round, int timeout_ms)
{
    if (round->open > 0 && round_exhausted(round->ledger) == NULL)
        round_wait(round, timeout_ms);
    if (round->open > 0 && round_exhausted(round->ledger) == NULL)
        return false;
    round_end(round);
    return true;
}

void ledger_fill(struct ledger *ledger, struct source *source)
{
    struct ledger_round *round = ledger_round_start(ledger, source);
    int64_t left = 0;

    if (round == NULL)
        return;
    do {
        left = (int64_t)LIMIT_SECONDS * MS_PER_SECOND - ledger->spent_ms;
        if (ledger->watch != NULL && left > WATCH_MS)
            left = WATCH_MS;
    } while (!ledger_round_go_on(round, left > 0 ? (int)left : 0));
}
