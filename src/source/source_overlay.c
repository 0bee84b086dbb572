/*
 * Authority decides, not success: the first member that speaks for a name answers, and its
 * "does not exist" is final. A member may return a whole CNAME chain, of which a later name
 * belongs to a member above it; such an answer is cut there, and the ledger asks on.
 */
#include "base/arena.h"
#include "base/dns_name.h"
#include "model/dns_answer.h"
#include "source/source.h"

#define SLICE_MS 10 /* of waiting, when more than one member is being waited for */

struct overlay {
    struct source source;
    struct source *const *members;
    int *open; /* queries that each member has not answered */
    size_t count;
};

/* what poll() of the members gets in place of the caller's function */
struct hand_on {
    const struct overlay *overlay;
    const struct source *member;
    source_answered_fn *answered;
    void *ctx;
    int count; /* answers passed on */
};

/* overlay_speaks_about - the source speaks for the records of the type at the name */
static bool overlay_speaks_about(const struct source *source, const struct dns_name *name,
                                 enum dns_type type)
{
    if (source->ops->speaks_for_type != NULL)
        return source->ops->speaks_for_type(source, name, type);
    if (type == DNS_DS && source->ops->speaks_for_ds != NULL)
        return source->ops->speaks_for_ds(source, name);
    return source->ops->speaks_for(source, name);
}

/* member_for - the index of the first member that speaks about it, or `count` */
static size_t member_for(const struct overlay *overlay, const struct dns_name *name,
                         enum dns_type type)
{
    size_t i = 0;

    while (i < overlay->count && !overlay_speaks_about(overlay->members[i], name, type))
        i++;
    return i;
}

/* delegator_of - the index of the first member that delegates the name, or `count` */
static size_t delegator_of(const struct overlay *overlay, const struct dns_name *name)
{
    size_t i = 0;

    while (i < overlay->count &&
           (overlay->members[i]->ops->delegates == NULL ||
            !overlay->members[i]->ops->delegates(overlay->members[i], name)))
        i++;
    return i;
}

static bool overlay_submit(struct source *source, const struct dns_question *question,
                           void *token)
{
    struct overlay *overlay = (struct overlay *)source;
    size_t i = member_for(overlay, question->name, question->type);

    if (i == overlay->count && question->type == DNS_NS)
        i = delegator_of(overlay, question->name);
    if (i == overlay->count)
        return false;
    overlay->open[i]++;
    overlay->members[i]->answers = source->answers;
    overlay->members[i]->wants_proofs = source->wants_proofs;
    overlay->members[i]->wake = source->wake;
    overlay->members[i]->wake_ctx = source->wake_ctx;
    if (overlay->members[i]->ops->submit(overlay->members[i], question, token))
        return true;
    overlay->open[i]--;
    return false;
}

/* foreign_target - the CNAME whose target another member speaks for; NULL if there is none */
static const struct dns_rr *foreign_target(const struct hand_on *hand,
                                           const struct dns_answer *answer)
{
    if (answer->question.type == DNS_CNAME)
        return NULL;
    for (const struct dns_rr *rr = answer->records; rr != NULL; rr = rr->next) {
        size_t i = rr->type == DNS_CNAME
                       ? member_for(hand->overlay, rr->target, answer->question.type)
                       : hand->overlay->count;

        if (i < hand->overlay->count && hand->overlay->members[i] != hand->member)
            return rr;
    }
    return NULL;
}

/* cut_after - the answer up to and with `last`, to be continued by somebody else */
static struct dns_answer cut_after(const struct overlay *overlay,
                                   const struct dns_answer *answer, const struct dns_rr *last)
{
    struct dns_answer cut = *answer;

    cut.status = DNS_OK;
    cut.detail = NULL;
    cut.records = NULL;
    cut.record_count = 0;
    cut.has_ttl = true;
    cut.ttl = last->ttl;
    for (const struct dns_rr *rr = answer->records;; rr = rr->next) {
        struct dns_rr *copy = arena_new_of(overlay->source.answers, struct dns_rr);

        *copy = *rr;
        dns_answer_append(&cut, copy);
        if (rr->ttl < cut.ttl)
            cut.ttl = rr->ttl;
        if (rr == last)
            return cut;
    }
}

/* amended_by_all - what the members above the one that answers change of it */
static const struct dns_answer *amended_by_all(const struct hand_on *hand,
                                               const struct dns_answer *answer)
{
    const struct overlay *overlay = hand->overlay;
    size_t own = 0;

    while (own < overlay->count && overlay->members[own] != hand->member)
        own++;
    for (size_t i = own; i-- > 0;)
        if (overlay->members[i]->ops->amend != NULL)
            answer = overlay->members[i]->ops->amend(overlay->members[i],
                                                     overlay->source.answers, answer);
    return answer;
}

/* hand_on_answer - to the caller, cut where the member's authority ends */
static void hand_on_answer(void *ctx, void *token, const struct dns_answer *answer)
{
    struct hand_on *hand = ctx;
    const struct dns_rr *last = NULL;

    answer = amended_by_all(hand, answer);
    last = foreign_target(hand, answer);
    hand->count++;
    if (last == NULL) {
        hand->answered(hand->ctx, token, answer);
    } else {
        struct dns_answer cut = cut_after(hand->overlay, answer, last);

        hand->answered(hand->ctx, token, &cut);
    }
}

/* poll_members - each member that has open questions once; how many answers that gave */
static int poll_members(struct overlay *overlay, int timeout_ms, struct hand_on *hand)
{
    hand->count = 0;
    for (size_t i = 0; i < overlay->count; i++) {
        struct source *member = overlay->members[i];

        if (overlay->open[i] == 0)
            continue;
        hand->member = member;
        member->answers = overlay->source.answers;
        overlay->open[i] =
            member->ops->poll(member, hand->count > 0 ? 0 : timeout_ms, hand_on_answer, hand);
    }
    return hand->count;
}

/* waiting_members - how many have open questions, and `*open_out`: how many questions */
static int waiting_members(const struct overlay *overlay, int *open_out)
{
    int waiting = 0;

    *open_out = 0;
    for (size_t i = 0; i < overlay->count; i++) {
        waiting += overlay->open[i] > 0;
        *open_out += overlay->open[i];
    }
    return waiting;
}

static int overlay_poll(struct source *source, int timeout_ms, source_answered_fn *answered,
                        void *ctx)
{
    struct overlay *overlay = (struct overlay *)source;
    struct hand_on hand = {.overlay = overlay, .answered = answered, .ctx = ctx};
    int open = 0;
    int waiting = 0;
    int count = poll_members(overlay, 0, &hand);

    while (count == 0 && timeout_ms > 0) {
        int slice = 0;

        waiting = waiting_members(overlay, &open);
        if (waiting == 0)
            break;
        slice = waiting > 1 && timeout_ms > SLICE_MS ? SLICE_MS : timeout_ms;
        count = poll_members(overlay, slice, &hand);
        timeout_ms -= slice * waiting;
    }
    waiting_members(overlay, &open);
    source->idle_ms = 0;
    for (size_t i = 0; i < overlay->count; i++)
        source->idle_ms += overlay->members[i]->idle_ms;
    return open;
}

static bool overlay_speaks_for(const struct source *source, const struct dns_name *name)
{
    const struct overlay *overlay = (const struct overlay *)source;

    return member_for(overlay, name, DNS_A) < overlay->count;
}

static bool overlay_speaks_for_ds(const struct source *source, const struct dns_name *name)
{
    const struct overlay *overlay = (const struct overlay *)source;

    return member_for(overlay, name, DNS_DS) < overlay->count;
}

static void overlay_forget(struct source *source)
{
    struct overlay *overlay = (struct overlay *)source;

    for (size_t i = 0; i < overlay->count; i++) {
        if (overlay->members[i]->ops->forget != NULL)
            overlay->members[i]->ops->forget(overlay->members[i]);
        overlay->open[i] = 0;
    }
}

/* overlay_find_https - what the first member that holds any has */
static const struct https_fact *overlay_find_https(const struct source *source, const char *url)
{
    const struct overlay *overlay = (const struct overlay *)source;
    const struct https_fact *fact = NULL;

    for (size_t i = 0; i < overlay->count && fact == NULL; i++)
        if (overlay->members[i]->ops->find_https != NULL)
            fact = overlay->members[i]->ops->find_https(overlay->members[i], url);
    return fact;
}

static void overlay_close(struct source *source)
{
    struct overlay *overlay = (struct overlay *)source;

    for (size_t i = 0; i < overlay->count; i++)
        source_close(overlay->members[i]);
}

struct source *source_overlay_open(struct arena *arena, struct source *const *sources,
                                   size_t count)
{
    static const struct source_ops ops = {
        .type = "overlay",
        .submit = overlay_submit,
        .poll = overlay_poll,
        .speaks_for = overlay_speaks_for,
        .speaks_for_ds = overlay_speaks_for_ds,
        .close = overlay_close,
        .forget = overlay_forget,
        .find_https = overlay_find_https,
    };
    struct overlay *overlay = arena_new_of(arena, struct overlay);
    struct source **members = arena_array_of(arena, struct source *, count);

    for (size_t i = 0; i < count; i++) {
        members[i] = sources[i];
        if (sources[i]->taken != 0)
            overlay->source.taken = sources[i]->taken;
    }
    overlay->source.ops = &ops;
    overlay->source.arena = arena;
    overlay->source.answers = arena;
    overlay->source.spec = "overlay";
    overlay->members = members;
    overlay->open = arena_array_of(arena, int, count);
    overlay->count = count;
    return &overlay->source;
}
