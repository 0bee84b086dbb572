/*
 * A hash table of questions over an array in asking order. An answer is one struct for its
 * whole life: it is pending, and later its fields are filled in, so that a pointer from an
 * earlier pass sees the answer.
 */
#include <string.h>

#include "base/limits.h"
#include "base/must.h"
#include "base/span.h"
#include "ledger/ledger_private.h"

#define SLOTS_FIRST 64          /* a power of two, as all sizes of the table */
#define TYPE_FACTOR 2654435761U /* spreads the type over all bits */

/* a record that was parsed */
struct dns_parsed {
    const struct dns_rr *rr;
    ledger_parse_fn *parse;
    const void *made;
    struct dns_parsed *next;
};

/* What no source knows looks the same whoever did not know it: a snapshot has no line for such
 * a question, and its replay must say the same as the first report. */
static const struct dns_answer nothing_known = {
    .status = DNS_UNKNOWN, .source = "none", .detail = "no source knows it"};

struct ledger *ledger_open(struct arena *arena)
{
    struct ledger *ledger = arena_new_of(arena, struct ledger);

    ledger->arena = arena;
    ledger->slot_count = SLOTS_FIRST;
    ledger->slots = arena_array_of(arena, struct dns_answer *, SLOTS_FIRST);
    return ledger;
}

struct ledger *ledger_over(struct arena *arena, struct ledger *below,
                           const struct dns_answer *const *changed, size_t count)
{
    struct ledger *ledger = ledger_open(arena);

    ledger->below = below;
    ledger->changed = changed;
    ledger->changed_count = count;
    return ledger;
}

/* ledger_slot_of - where the question is, or the free slot where it would be */
static struct dns_answer **ledger_slot_of(const struct ledger *ledger,
                                          const struct dns_name *name, enum dns_type type)
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

/* ledger_grow - twice the slots when half of them are used */
static void ledger_grow(struct ledger *ledger)
{
    struct dns_answer **old = ledger->slots;
    size_t old_count = ledger->slot_count;

    if (ledger->used * 2 < old_count)
        return;
    ledger->slot_count = old_count * 2;
    ledger->slots = arena_array_of(ledger->arena, struct dns_answer *, ledger->slot_count);
    for (size_t i = 0; i < old_count; i++)
        if (old[i] != NULL)
            *ledger_slot_of(ledger, old[i]->question.name, old[i]->question.type) = old[i];
}

/* ledger_put - into the table */
static void ledger_put(struct ledger *ledger, struct dns_answer *answer)
{
    ledger_grow(ledger);
    *ledger_slot_of(ledger, answer->question.name, answer->question.type) = answer;
    ledger->used++;
}

/* ledger_note - a new question, pending; the name is copied because it may come from
 * elsewhere */
static struct dns_answer *ledger_note(struct ledger *ledger, const struct dns_name *name,
                                      enum dns_type type)
{
    struct dns_answer *answer = arena_new_of(ledger->arena, struct dns_answer);
    struct dns_name *copy = arena_new_of(ledger->arena, struct dns_name);

    *copy = *name;
    copy->text = arena_strdup(ledger->arena, name->text);
    answer->question = (struct dns_question){.name = copy, .type = type};
    answer->status = DNS_PENDING;
    ledger_put(ledger, answer);
    return answer;
}

/* ledger_keep - give the answer its place in asking order */
static void ledger_keep(struct ledger *ledger, struct dns_answer *answer)
{
    arena_append(ledger->arena, ledger->held.list, ledger->held.count, answer);
}

/* ledger_change_of - what the assumed world says differently; NULL: nothing */
static const struct dns_answer *
ledger_change_of(const struct ledger *ledger, const struct dns_name *name, enum dns_type type)
{
    for (size_t i = 0; i < ledger->changed_count; i++)
        if (ledger->changed[i]->question.type == type &&
            dns_name_equal(ledger->changed[i]->question.name, name))
            return ledger->changed[i];
    return NULL;
}

/* ledger_assume - answer a query of a world that nobody can be asked about; an answer
 * that did not change is the same one, so that what was concluded from it holds */
static struct dns_answer *ledger_assume(struct ledger *ledger, const struct dns_name *name,
                                        enum dns_type type)
{
    struct dns_answer *answer = (struct dns_answer *)ledger_find(ledger, name, type);

    if (answer != NULL) {
        ledger_put(ledger, answer);
    } else {
        answer = ledger_note(ledger, name, type);
        answer->status = DNS_UNKNOWN;
    }
    ledger_keep(ledger, answer);
    return answer;
}

/* ledger_want - the answer to a question that is asked for the first time */
static struct dns_answer *ledger_want(struct ledger *ledger, const struct dns_name *name,
                                      enum dns_type type)
{
    struct dns_answer *answer = NULL;

    if (ledger->below != NULL)
        return ledger_assume(ledger, name, type);
    answer = ledger_note(ledger, name, type);
    if (ledger->held.count >= LIMIT_QUESTIONS) {
        answer->status = DNS_BUDGET; /* known here, but no part of the evidence */
        answer->source = nothing_known.source;
        answer->detail = arena_printf(ledger->arena, "not queried: limit of %d queries reached",
                                      LIMIT_QUESTIONS);
        return answer;
    }
    ledger_keep(ledger, answer);
    ledger->pending++;
    return answer;
}

/* ledger_take - the answer that is held, or wanted from now on */
static struct dns_answer *ledger_take(struct ledger *ledger, const struct dns_name *name,
                                      enum dns_type type)
{
    struct dns_answer *answer = *ledger_slot_of(ledger, name, type);

    if (answer == NULL)
        return ledger_want(ledger, name, type);
    if (ledger->below == NULL)
        answer->is_aside = false; /* in an assumed world it may be the real one's */
    return answer;
}

const struct dns_answer *ledger_ask(struct ledger *ledger, const struct dns_name *name,
                                    enum dns_type type)
{
    return ledger_take(ledger, name, type);
}

const struct dns_answer *ledger_ask_proved(struct ledger *ledger, const struct dns_name *name,
                                           enum dns_type type)
{
    struct dns_answer *answer = ledger_take(ledger, name, type);

    if (ledger->below == NULL && answer->status == DNS_PENDING)
        answer->wants_proofs = true;
    return answer;
}

const struct dns_answer *ledger_ask_aside(struct ledger *ledger, const struct dns_name *name,
                                          enum dns_type type)
{
    struct dns_answer *answer = *ledger_slot_of(ledger, name, type);

    if (answer != NULL)
        return answer;
    answer = ledger_want(ledger, name, type);
    if (ledger->below == NULL || answer->status == DNS_UNKNOWN)
        answer->is_aside = true;
    return answer;
}

bool ledger_is_live(const struct dns_answer *answer)
{
    return answer->source != NULL && span_starts_with(span_of(answer->source), "live");
}

bool ledger_reject_denials(struct ledger *ledger, const char *detail)
{
    bool has_any = false;

    for (size_t i = 0; i < ledger->held.count; i++) {
        struct dns_answer *answer = ledger->held.list[i];

        if (answer->status != DNS_NXDOMAIN || !ledger_is_live(answer))
            continue;
        answer->status = DNS_UNKNOWN;
        answer->is_rejected = true;
        answer->detail = detail;
        has_any = true;
    }
    return has_any;
}

const struct dns_answer *ledger_find(const struct ledger *ledger, const struct dns_name *name,
                                     enum dns_type type)
{
    const struct dns_answer *answer = *ledger_slot_of(ledger, name, type);

    if (answer != NULL && answer->status != DNS_PENDING)
        return answer;
    if (ledger->below == NULL)
        return NULL;
    answer = ledger_change_of(ledger, name, type);
    return answer != NULL ? answer : ledger_find(ledger->below, name, type);
}

/* ledger_bound - an answer of more records than a snapshot may have is none */
static void ledger_bound(struct ledger *ledger, struct dns_answer *held)
{
    if (held->unchecked != NULL && held->unchecked->record_count > LIMIT_ANSWER_RECORDS)
        held->unchecked = NULL;
    if (held->record_count <= LIMIT_ANSWER_RECORDS)
        return;
    held->status = DNS_MALFORMED;
    held->detail = arena_printf(ledger->arena, "an answer of more than %d records by %s",
                                LIMIT_ANSWER_RECORDS, held->source);
    held->records = NULL;
    held->record_count = 0;
    held->has_ttl = false;
    held->ttl = 0;
    held->ad = false;
    held->proofs = NULL;
}

void ledger_settle(struct ledger *ledger, struct dns_answer *held,
                   const struct dns_answer *found)
{
    struct dns_question question = held->question;
    bool is_aside = held->is_aside;

    must(found->status != DNS_PENDING);
    if (held->status == DNS_PENDING)
        ledger->pending--;
    *held = *found;
    if (found->status == DNS_UNKNOWN) {
        *held = nothing_known;
        if (found->detail != NULL) { /* a source that knows why it does not know */
            held->source = found->source;
            held->detail = found->detail;
        }
    }
    if (found->status == DNS_BUDGET)
        held->source = nothing_known.source; /* a ceiling is ours, not the source's */
    held->question = question;
    held->is_aside = is_aside;
    ledger_bound(ledger, held);
    for (const struct dns_rr *rr = held->records; rr != NULL; rr = rr->next)
        ledger->bytes += strlen(rr->text);
}

void ledger_add(struct ledger *ledger, const struct dns_answer *answer)
{
    struct dns_answer *held =
        *ledger_slot_of(ledger, answer->question.name, answer->question.type);

    if (held == NULL) {
        held = ledger_note(ledger, answer->question.name, answer->question.type);
        held->is_aside = answer->is_aside;
        ledger_keep(ledger, held);
        ledger->pending++;
    }
    ledger_settle(ledger, held, answer);
}

void ledger_join(struct ledger *ledger, const struct ledger *more)
{
    for (size_t i = 0; i < ledger_count(more); i++) {
        const struct dns_answer *answer = ledger_get(more, i);

        if (answer->status != DNS_BUDGET && answer->status != DNS_PENDING &&
            ledger_find(ledger, answer->question.name, answer->question.type) == NULL)
            ledger_add(ledger, answer);
    }
}

const void *ledger_parsed(struct ledger *ledger, const struct dns_rr *rr,
                          ledger_parse_fn *parse)
{
    size_t at = (uintptr_t)rr / sizeof(*rr) & (LEDGER_PARSED_LISTS - 1);
    struct dns_parsed *parsed = NULL;

    while (ledger->below != NULL)
        ledger = ledger->below; /* most records are those of the known world */
    parsed = ledger->parsed[at];
    while (parsed != NULL && (parsed->rr != rr || parsed->parse != parse))
        parsed = parsed->next;
    if (parsed != NULL)
        return parsed->made;
    parsed = arena_new_of(ledger->arena, struct dns_parsed);
    *parsed = (struct dns_parsed){rr, parse, parse(ledger->arena, rr), ledger->parsed[at]};
    ledger->parsed[at] = parsed;
    return parsed->made;
}

size_t ledger_wanted(const struct ledger *ledger)
{
    return ledger->pending;
}

struct arena *ledger_arena(const struct ledger *ledger)
{
    return ledger->arena;
}

unsigned ledger_rounds(const struct ledger *ledger)
{
    return ledger->rounds;
}

size_t ledger_count(const struct ledger *ledger)
{
    return ledger->held.count;
}

const struct dns_answer *ledger_get(const struct ledger *ledger, size_t index)
{
    must(index < ledger->held.count);
    return ledger->held.list[index];
}

const struct dns_answers *ledger_answers(const struct ledger *ledger)
{
    return &ledger->held;
}

void ledger_watch(struct ledger *ledger, ledger_watch_fn *watch, void *ctx)
{
    ledger->watch = watch;
    ledger->watch_ctx = ctx;
}
