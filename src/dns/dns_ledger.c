/*
 * A hash table of questions over an array in asking order. An answer is one struct for its
 * whole life: it is pending, and later its fields are filled in, so that a pointer from an
 * earlier pass sees the answer.
 *
 * A round is a set of jobs, one for each question wanted. A job may ask several questions one
 * after another: as long as an answer ends in a CNAME whose target is not in it, the target is
 * asked for, and the records are collected under the first question.
 */
#include <string.h>

#include "base/clock.h"
#include "base/limits.h"
#include "base/must.h"
#include "dns/dns_ledger.h"
#include "dns/dns_source.h"

#define SLOTS_FIRST   64 /* a power of two, as all sizes of the table */
#define PARSED_LISTS  64 /* a power of two; few records of a subject are ever parsed */
#define WATCH_MS      200 /* between two looks of whoever watches a round */
#define MS_PER_SECOND 1000
#define TYPE_FACTOR   2654435761U /* spreads the type over all bits */

/* a record that was parsed */
struct parsed {
    const struct dns_rr *rr;
    dns_parse_fn *parse;
    const void *made;
    struct parsed *next;
};

/* What no source knows looks the same whoever did not know it: a snapshot has no line for such
 * a question, and its replay must say the same as the first report. */
static const struct dns_answer nothing_known = {
    .status = DNS_UNKNOWN, .source = "none", .detail = "no source knows it"};

struct dns_ledger {
    struct arena *arena;
    struct dns_answer **slots; /* open addressing; NULL: free */
    size_t slot_count;
    size_t used;
    struct dns_answer **answers; /* in asking order */
    size_t count;
    size_t pending;
    size_t first_pending; /* no answer before this index is pending */
    struct parsed *parsed[PARSED_LISTS]; /* by the address of the record */
    unsigned rounds;
    size_t bytes;     /* of all records */
    int64_t spent_ms; /* in dns_ledger_fill() */
    struct dns_ledger *below; /* what is known of the world that this one supposes; or NULL */
    const struct dns_answer *const *changed; /* what differs from it */
    size_t changed_count;
    dns_watch_fn *watch; /* NULL: nobody looks on */
    void *watch_ctx;
};

/* one question of a round, with its CNAME chain so far */
struct job {
    struct dns_answer *answer; /* what the ledger will hold */
    struct dns_answer found;   /* what is known by now */
    struct dns_rr *last;       /* of found.records */
    unsigned links;
    bool is_first; /* nothing has been answered yet */
};

struct round {
    struct dns_ledger *ledger;
    struct dns_source *source;
    struct job *jobs;
    size_t job_count;
    size_t open; /* jobs without a final answer */
};

struct dns_ledger *dns_ledger_open(struct arena *arena)
{
    struct dns_ledger *ledger = arena_new_of(arena, struct dns_ledger);

    ledger->arena = arena;
    ledger->slot_count = SLOTS_FIRST;
    ledger->slots = arena_array_of(arena, struct dns_answer *, SLOTS_FIRST);
    return ledger;
}

struct dns_ledger *dns_ledger_over(struct arena *arena, struct dns_ledger *below,
                                   const struct dns_answer *const *changed, size_t count)
{
    struct dns_ledger *ledger = dns_ledger_open(arena);

    ledger->below = below;
    ledger->changed = changed;
    ledger->changed_count = count;
    return ledger;
}

/* slot_of - where the question is, or the free slot where it would be */
static struct dns_answer **slot_of(const struct dns_ledger *ledger, const struct dns_name *name,
                                   enum dns_type type)
{
    size_t mask = ledger->slot_count - 1;
    size_t at = (name->hash ^ (uint32_t)type * TYPE_FACTOR) & mask;

    while (ledger->slots[at] != NULL) {
        const struct dns_question *held = &ledger->slots[at]->question;

        if (held->type == type && dns_name_equal(held->name, name))
            break;
        at = (at + 1) & mask;
    }
    return &ledger->slots[at];
}

/* grow - twice the slots when half of them are used */
static void grow(struct dns_ledger *ledger)
{
    struct dns_answer **old = ledger->slots;
    size_t old_count = ledger->slot_count;

    if (ledger->used * 2 < old_count)
        return;
    ledger->slot_count = old_count * 2;
    ledger->slots = arena_array_of(ledger->arena, struct dns_answer *, ledger->slot_count);
    for (size_t i = 0; i < old_count; i++)
        if (old[i] != NULL)
            *slot_of(ledger, old[i]->question.name, old[i]->question.type) = old[i];
}

/* note - a new question, pending; the name is copied because it may come from elsewhere */
static struct dns_answer *note(struct dns_ledger *ledger, const struct dns_name *name,
                               enum dns_type type)
{
    struct dns_answer *answer = arena_new_of(ledger->arena, struct dns_answer);
    struct dns_name *copy = arena_new_of(ledger->arena, struct dns_name);

    *copy = *name;
    copy->text = arena_strdup(ledger->arena, name->text);
    answer->question = (struct dns_question){.name = copy, .type = type};
    answer->status = DNS_PENDING;
    grow(ledger);
    *slot_of(ledger, name, type) = answer;
    ledger->used++;
    return answer;
}

/* keep - give the answer its place in asking order */
static void keep(struct dns_ledger *ledger, struct dns_answer *answer)
{
    arena_append(ledger->arena, ledger->answers, ledger->count, answer);
}

/* change_of - what the supposed world says differently; NULL: nothing */
static const struct dns_answer *change_of(const struct dns_ledger *ledger,
                                          const struct dns_name *name, enum dns_type type)
{
    for (size_t i = 0; i < ledger->changed_count; i++)
        if (ledger->changed[i]->question.type == type &&
            dns_name_equal(ledger->changed[i]->question.name, name))
            return ledger->changed[i];
    return NULL;
}

/* suppose - answer a question of a world that nobody can be asked about; an answer that did
 * not change is the same one, so that what was concluded from it holds */
static const struct dns_answer *suppose(struct dns_ledger *ledger, const struct dns_name *name,
                                        enum dns_type type)
{
    struct dns_answer *answer = (struct dns_answer *)dns_ledger_find(ledger, name, type);

    if (answer == NULL) {
        answer = note(ledger, name, type);
        answer->status = DNS_UNKNOWN;
    } else {
        grow(ledger);
        *slot_of(ledger, name, type) = answer;
        ledger->used++;
    }
    keep(ledger, answer);
    return answer;
}

const struct dns_answer *dns_ledger_ask(struct dns_ledger *ledger, const struct dns_name *name,
                                        enum dns_type type)
{
    struct dns_answer *answer = *slot_of(ledger, name, type);

    if (answer != NULL)
        return answer;
    if (ledger->below != NULL)
        return suppose(ledger, name, type);
    answer = note(ledger, name, type);
    if (ledger->count >= LIMIT_QUESTIONS) {
        answer->status = DNS_BUDGET; /* known here, but no part of the evidence */
        answer->source = nothing_known.source;
        answer->detail = arena_printf(ledger->arena, "not asked: %d questions have been asked",
                                      LIMIT_QUESTIONS);
        return answer;
    }
    keep(ledger, answer);
    ledger->pending++;
    return answer;
}

const struct dns_answer *dns_ledger_find(const struct dns_ledger *ledger,
                                         const struct dns_name *name, enum dns_type type)
{
    const struct dns_answer *answer = *slot_of(ledger, name, type);

    if (answer != NULL && answer->status != DNS_PENDING)
        return answer;
    if (ledger->below == NULL)
        return NULL;
    answer = change_of(ledger, name, type);
    return answer != NULL ? answer : dns_ledger_find(ledger->below, name, type);
}

/* settle - fill in the fields of an answer that the ledger holds */
static void settle(struct dns_ledger *ledger, struct dns_answer *held,
                   const struct dns_answer *found)
{
    struct dns_question question = held->question;

    must(found->status != DNS_PENDING);
    if (held->status == DNS_PENDING)
        ledger->pending--;
    *held = *found;
    if (found->status == DNS_UNKNOWN)
        *held = nothing_known;
    if (found->status == DNS_BUDGET)
        held->source = nothing_known.source; /* a ceiling is ours, not the source's */
    held->question = question;
    for (const struct dns_rr *rr = held->records; rr != NULL; rr = rr->next)
        ledger->bytes += strlen(rr->text);
}

void dns_ledger_add(struct dns_ledger *ledger, const struct dns_answer *answer)
{
    struct dns_answer *held = *slot_of(ledger, answer->question.name, answer->question.type);

    if (held == NULL) {
        held = note(ledger, answer->question.name, answer->question.type);
        keep(ledger, held);
        ledger->pending++;
    }
    settle(ledger, held, answer);
}

const void *dns_ledger_parsed(struct dns_ledger *ledger, const struct dns_rr *rr,
                              dns_parse_fn *parse)
{
    size_t at = (uintptr_t)rr / sizeof(*rr) & (PARSED_LISTS - 1);
    struct parsed *parsed = NULL;

    while (ledger->below != NULL)
        ledger = ledger->below; /* most records are those of the known world */
    parsed = ledger->parsed[at];
    while (parsed != NULL && (parsed->rr != rr || parsed->parse != parse))
        parsed = parsed->next;
    if (parsed != NULL)
        return parsed->made;
    parsed = arena_new_of(ledger->arena, struct parsed);
    *parsed = (struct parsed){rr, parse, parse(ledger->arena, rr), ledger->parsed[at]};
    ledger->parsed[at] = parsed;
    return parsed->made;
}

size_t dns_ledger_wanted(const struct dns_ledger *ledger)
{
    return ledger->pending;
}

unsigned dns_ledger_rounds(const struct dns_ledger *ledger)
{
    return ledger->rounds;
}

size_t dns_ledger_count(const struct dns_ledger *ledger)
{
    return ledger->count;
}

const struct dns_answer *dns_ledger_get(const struct dns_ledger *ledger, size_t index)
{
    must(index < ledger->count);
    return ledger->answers[index];
}

/* finish - the job is done, with what was found */
static void finish(struct round *round, struct job *job)
{
    settle(round->ledger, job->answer, &job->found);
    round->open--;
}

/* fail - the job is done without an answer; records of the chain stay as evidence */
static void fail(struct round *round, struct job *job, enum dns_status status,
                 const char *detail)
{
    job->found.status = status;
    job->found.detail = detail;
    if (job->found.source == NULL)
        job->found.source = round->source->spec;
    job->found.has_ttl = false;
    job->found.ttl = 0;
    finish(round, job);
}

/* ask - put the question to the source */
static void ask(struct round *round, struct job *job, const struct dns_name *name)
{
    struct dns_question question = {.name = name, .type = job->answer->question.type};

    if (!round->source->ops->submit(round->source, &question, job))
        fail(round, job, DNS_UNKNOWN, NULL);
}

/* was_owner - a record of the chain belongs to the name: following it would go in a circle */
static bool was_owner(const struct job *job, const struct dns_name *name)
{
    for (const struct dns_rr *rr = job->found.records; rr != NULL; rr = rr->next)
        if (rr->type == DNS_CNAME && dns_name_equal(rr->owner, name))
            return true;
    return false;
}

/* add_records - behind those of the job; copied, because the list is linked anew */
static void add_records(struct round *round, struct job *job, const struct dns_answer *answer)
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

/* merge - what a further answer of the chain adds; its status decides (RFC 6604, 3) */
static void merge(struct round *round, struct job *job, const struct dns_answer *answer)
{
    struct dns_answer *found = &job->found;

    add_records(round, job, answer);
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

/* follow - ask for the target of the chain, unless it leads nowhere. A resolver answers
 * SERVFAIL in these cases, and so does this. */
static void follow(struct round *round, struct job *job)
{
    const struct dns_name *target = dns_answer_final_name(&job->found);
    struct arena *arena = round->ledger->arena;

    if (was_owner(job, target))
        fail(round, job, DNS_SERVFAIL,
             arena_printf(arena, "the CNAME chain goes in a circle at %s", target->text));
    else if (job->links > LIMIT_CNAME_CHAIN)
        fail(round, job, DNS_SERVFAIL,
             arena_printf(arena, "the CNAME chain has more than %d links", LIMIT_CNAME_CHAIN));
    else if (dns_name_equal(target, job->found.question.name))
        fail(round, job, DNS_MALFORMED,
             arena_printf(arena, "the answer has no record of %s", target->text));
    else
        ask(round, job, target);
}

/* answered - the source has something for a job */
static void answered(void *ctx, void *token, const struct dns_answer *answer)
{
    struct round *round = ctx;
    struct job *job = token;

    if (job->is_first && !ends_in_cname(answer)) {
        struct dns_question question = job->found.question;

        job->found = *answer; /* by far the most frequent: no chain, nothing to copy */
        job->found.question = question;
        finish(round, job);
        return;
    }
    merge(round, job, answer);
    if (ends_in_cname(&job->found))
        follow(round, job);
    else
        finish(round, job);
}

/* exhausted - why nothing more may be asked for this subject; NULL if it may */
static const char *exhausted(const struct dns_ledger *ledger)
{
    if (ledger->rounds > LIMIT_ROUNDS)
        return arena_printf(ledger->arena, "not asked: after %d rounds of questions",
                            LIMIT_ROUNDS);
    if (ledger->bytes > LIMIT_ANSWER_BYTES)
        return arena_printf(ledger->arena, "not asked: the answers have %zu octets already",
                            ledger->bytes);
    if (ledger->spent_ms >= (int64_t)LIMIT_SECONDS * MS_PER_SECOND)
        return arena_printf(ledger->arena, "given up: %d seconds have been spent asking",
                            LIMIT_SECONDS);
    return NULL;
}

/* start_round - a job for each question that is pending */
static void start_round(struct round *round)
{
    struct dns_ledger *ledger = round->ledger;

    round->jobs = arena_array_of(ledger->arena, struct job, ledger->pending);
    for (size_t i = ledger->first_pending; i < ledger->count; i++) {
        struct job *job = &round->jobs[round->job_count];

        if (ledger->answers[i]->status != DNS_PENDING)
            continue;
        job->answer = ledger->answers[i];
        job->found.question = job->answer->question;
        job->is_first = true;
        round->job_count++;
    }
    ledger->first_pending = ledger->count;
    round->open = round->job_count;
    ledger->rounds++;
}

/* give_up - answer what is still open */
static void give_up(struct round *round, const char *detail)
{
    for (size_t i = 0; i < round->job_count; i++)
        if (round->jobs[i].answer->status == DNS_PENDING)
            fail(round, &round->jobs[i], DNS_BUDGET, detail);
}

/* tell - whoever looks on */
static void tell(const struct round *round)
{
    const struct dns_ledger *ledger = round->ledger;
    struct dns_waiting waiting = {
        .asked = round->job_count, .open = round->open, .spent_ms = ledger->spent_ms};

    for (size_t i = 0; i < round->job_count && waiting.first == NULL; i++)
        if (round->jobs[i].answer->status == DNS_PENDING)
            waiting.first = &round->jobs[i].answer->question;
    ledger->watch(ledger->watch_ctx, &waiting);
}

/* wait_for_answers - until all jobs are done or the time of the subject is up */
static void wait_for_answers(struct round *round)
{
    struct dns_ledger *ledger = round->ledger;
    struct dns_source *source = round->source;
    int64_t start = 0;
    int64_t spent_before = ledger->spent_ms;

    source->ops->poll(source, 0, answered, round); /* most sources know at once */
    if (round->open == 0)
        return;
    start = clock_monotonic_ms();
    while (round->open > 0 && exhausted(ledger) == NULL) {
        int64_t left = (int64_t)LIMIT_SECONDS * MS_PER_SECOND - ledger->spent_ms;
        int open = 0;

        if (ledger->watch != NULL && left > WATCH_MS)
            left = WATCH_MS;
        open = source->ops->poll(source, (int)left, answered, round);
        must(open > 0 || round->open == 0); /* a source that forgets would wait forever */
        ledger->spent_ms = spent_before + (clock_monotonic_ms() - start);
        if (ledger->watch != NULL)
            tell(round);
    }
}

void dns_ledger_watch(struct dns_ledger *ledger, dns_watch_fn *watch, void *ctx)
{
    ledger->watch = watch;
    ledger->watch_ctx = ctx;
}

void dns_ledger_fill(struct dns_ledger *ledger, struct dns_source *source)
{
    struct round round = {.ledger = ledger, .source = source};
    struct arena *answers = source->answers;
    const char *detail = NULL;

    if (ledger->pending == 0)
        return;
    start_round(&round);
    source->answers = ledger->arena;
    detail = exhausted(ledger);
    if (detail == NULL) {
        for (size_t i = 0; i < round.job_count; i++)
            ask(&round, &round.jobs[i], round.jobs[i].answer->question.name);
        wait_for_answers(&round);
        detail = exhausted(ledger);
    }
    if (round.open > 0) {
        give_up(&round, detail);
        if (source->ops->forget != NULL)
            source->ops->forget(source);
    }
    source->answers = answers;
}
