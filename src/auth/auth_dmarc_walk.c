/*
 * All names of a walk are queried in one round, since most walks need them all; the steps are
 * then read in order and end where the standard says stop. What a walk finds is computed per
 * world (auth_dmarc_private.h), so that a failed query counts only where it matters.
 */
#include "auth/auth_dmarc_private.h"
#include "model/rec_dmarc.h"
#include "record/rec_dmarc.h"

#define WALK_JUMP_LABELS 7 /* longer names go on with 7 labels: RFC 9989, 4.10, step 4 */

/* what is at one name */
enum assumed_record { ASSUMED_NOTHING, ASSUMED_PSD_Y, ASSUMED_PSD_U, ASSUMED_PSD_N };

const struct dns_answer *auth_dmarc_ask(struct arena *arena, struct ledger *ledger,
                                        const struct dns_name *domain)
{
    const struct dns_name *name = dns_name_prepend(arena, "_dmarc", domain);

    return name == NULL ? NULL : ledger_ask(ledger, name, DNS_TXT);
}

/* dmarc_walk_parse - for ledger_parsed() */
static const void *dmarc_walk_parse(struct arena *arena, const struct dns_rr *rr)
{
    struct rec_dmarc *record = arena_new_of(arena, struct rec_dmarc);

    rec_dmarc_parse(arena, rr->joined, record);
    return record;
}

void auth_dmarc_step_read(struct ledger *ledger, struct auth_dmarc_step *step)
{
    const struct dns_rr *rr = NULL;

    if (step->answer->status != DNS_OK)
        return;
    for (rr = dns_answer_first(step->answer); rr != NULL;
         rr = dns_answer_next(step->answer, rr)) {
        if (!rec_dmarc_is_record(rr->joined))
            continue;
        step->rr = step->record_count == 0 ? rr : NULL;
        step->record_count++;
    }
    if (step->rr != NULL)
        step->record = ledger_parsed(ledger, step->rr, dmarc_walk_parse);
}

/* next_labels - how many labels the name after one of `labels` has: RFC 9989, 4.10, steps
 * 4 and 7 */
static unsigned next_labels(unsigned labels)
{
    return labels > WALK_JUMP_LABELS ? WALK_JUMP_LABELS : labels - 1;
}

/* ask_all - the answers of all names of the walk, longest first; returns how many */
static size_t ask_all(struct arena *arena, struct ledger *ledger, const struct dns_name *start,
                      struct auth_dmarc_step *steps)
{
    size_t count = 0;

    for (unsigned labels = start->labels; labels > 0; labels = next_labels(labels)) {
        const struct dns_name *domain = dns_name_suffix(arena, start, labels);
        const struct dns_answer *answer = auth_dmarc_ask(arena, ledger, domain);

        if (answer != NULL)
            steps[count++] = (struct auth_dmarc_step){.domain = domain, .answer = answer};
    }
    return count;
}

/* dmarc_walk_stops - a record with psd=y or psd=n ends the walk: RFC 9989, 4.10, steps 2
 * and 6 */
static bool dmarc_walk_stops(const struct auth_dmarc_step *step)
{
    return step->record != NULL && step->record->psd != REC_DMARC_PSD_U;
}

/* is_gap - could the step not be asked */
static bool is_gap(const struct auth_dmarc_step *step)
{
    return !dns_status_is_answer(step->answer->status);
}

/* note_gaps - add the walk's failed names that the world does not have yet */
static void note_gaps(struct auth_dmarc_world *world, const struct auth_dmarc_walk *walk)
{
    for (size_t i = 0; walk != NULL && i < walk->step_count; i++) {
        const struct dns_name *domain = walk->steps[i].domain;
        bool is_known = !is_gap(&walk->steps[i]);

        for (size_t j = 0; j < world->count && !is_known; j++)
            is_known = dns_name_equal(world->gaps[j].domain, domain);
        if (is_known)
            continue;
        if (world->count == LIMIT_DMARC_GAPS) {
            world->is_beyond = true;
            return;
        }
        world->gaps[world->count++] = (struct auth_dmarc_gap){.domain = domain};
    }
}

struct auth_dmarc_world auth_dmarc_world_first(const struct auth_dmarc_walk *a,
                                               const struct auth_dmarc_walk *b)
{
    struct auth_dmarc_world world = {.count = 0};

    note_gaps(&world, a);
    note_gaps(&world, b);
    return world;
}

bool auth_dmarc_world_next(struct auth_dmarc_world *world)
{
    for (size_t i = 0; i < world->count; i++) {
        struct auth_dmarc_gap *gap = &world->gaps[i];
        int last = gap->domain->labels == 1 ? ASSUMED_PSD_Y : ASSUMED_PSD_N;

        if (gap->assumed < last) {
            gap->assumed++;
            return true;
        }
        gap->assumed = ASSUMED_NOTHING;
    }
    return false;
}

/* assumed_record_at - what is at a step's name in this world */
static enum assumed_record assumed_record_at(const struct auth_dmarc_step *step,
                                             const struct auth_dmarc_world *world)
{
    static const enum assumed_record of_psd[] = {ASSUMED_PSD_U, ASSUMED_PSD_Y, ASSUMED_PSD_N};

    if (step->record != NULL)
        return of_psd[step->record->psd];
    for (size_t i = 0; is_gap(step) && i < world->count; i++)
        if (dns_name_equal(world->gaps[i].domain, step->domain))
            return (enum assumed_record)world->gaps[i].assumed;
    return ASSUMED_NOTHING;
}

/* step_with_record - the step of a name, if a record is there in this world */
static const struct auth_dmarc_step *step_with_record(const struct auth_dmarc_walk *walk,
                                                      const struct auth_dmarc_world *world,
                                                      const struct dns_name *domain)
{
    for (size_t i = 0; i < walk->step_count; i++)
        if (dns_name_equal(walk->steps[i].domain, domain))
            return assumed_record_at(&walk->steps[i], world) == ASSUMED_NOTHING
                       ? NULL
                       : &walk->steps[i];
    return NULL;
}

/* choose_step - author's name, then organisational domain, then public suffix domain:
 * RFC 9989, 4.10.1 */
static const struct auth_dmarc_step *choose_step(const struct auth_dmarc_walk *walk,
                                                 const struct auth_dmarc_world *world,
                                                 const struct dns_name *organizational_domain,
                                                 const struct auth_dmarc_step *psd)
{
    const struct auth_dmarc_step *step = step_with_record(walk, world, walk->domain);

    if (step == NULL)
        step = step_with_record(walk, world, organizational_domain);
    return step == NULL ? psd : step;
}

struct auth_dmarc_outcome auth_dmarc_world_outcome(struct arena *arena,
                                                   const struct auth_dmarc_walk *walk,
                                                   const struct auth_dmarc_world *world)
{
    const struct dns_name *found = walk->domain; /* RFC 9989, 4.10.2: the initial target */
    const struct auth_dmarc_step *psd = NULL;
    struct auth_dmarc_outcome outcome = {0};

    for (size_t i = 0; i < walk->step_count; i++) {
        const struct auth_dmarc_step *step = &walk->steps[i];
        enum assumed_record assumed = assumed_record_at(step, world);

        if (assumed == ASSUMED_NOTHING)
            continue;
        found = step->domain; /* RFC 9989, 4.10.2, rule 1, or 3 for the last one */
        if (assumed == ASSUMED_PSD_Y && !dns_name_equal(step->domain, walk->domain)) {
            found =
                dns_name_suffix(arena, walk->domain, step->domain->labels + 1U); /* rule 2 */
            psd = step;
        }
        if (assumed != ASSUMED_PSD_U)
            break;
    }
    outcome.organizational_domain = found;
    outcome.step = choose_step(walk, world, found, psd);
    outcome.is_assumed = outcome.step != NULL && outcome.step->record == NULL;
    return outcome;
}

/* first_gap - the first step that could not be queried; NULL */
static const struct auth_dmarc_step *first_gap(const struct auth_dmarc_walk *walk)
{
    for (size_t i = 0; i < walk->step_count; i++)
        if (is_gap(&walk->steps[i]))
            return &walk->steps[i];
    return NULL;
}

/* find_organizational_domain - and whether it is the same in all worlds */
static void find_organizational_domain(struct arena *arena, struct auth_dmarc_walk *walk)
{
    struct auth_dmarc_world world = auth_dmarc_world_first(walk, NULL);

    walk->organizational_domain =
        auth_dmarc_world_outcome(arena, walk, &world).organizational_domain;
    walk->is_undetermined = world.is_beyond;
    while (!walk->is_undetermined && auth_dmarc_world_next(&world))
        walk->is_undetermined =
            !dns_name_equal(auth_dmarc_world_outcome(arena, walk, &world).organizational_domain,
                            walk->organizational_domain);
    walk->trouble = first_gap(walk);
}

const struct auth_dmarc_walk *auth_dmarc_walk(struct arena *arena, struct ledger *ledger,
                                              const struct dns_name *name)
{
    struct auth_dmarc_walk *walk = arena_new_of(arena, struct auth_dmarc_walk);
    size_t count = 0;

    walk->domain = name;
    walk->steps = arena_array_of(arena, struct auth_dmarc_step, AUTH_DMARC_WALK_MAX);
    count = ask_all(arena, ledger, name, walk->steps);
    while (walk->step_count < count) {
        struct auth_dmarc_step *step = &walk->steps[walk->step_count++];

        if (step->answer->status == DNS_PENDING)
            walk->is_pending = true;
        auth_dmarc_step_read(ledger, step);
        if (dmarc_walk_stops(step))
            break;
    }
    if (!walk->is_pending)
        find_organizational_domain(arena, walk);
    return walk;
}

bool auth_dmarc_walks_meet(struct arena *arena, const struct auth_dmarc_walk *a,
                           const struct auth_dmarc_walk *b, bool *is_known_out)
{
    struct auth_dmarc_world world = auth_dmarc_world_first(a, b);
    bool meet = dns_name_equal(a->organizational_domain, b->organizational_domain);

    *is_known_out = true;
    if (world.is_beyond) {
        *is_known_out = false;
        return meet;
    }
    while (*is_known_out && auth_dmarc_world_next(&world)) {
        struct auth_dmarc_outcome of_a = auth_dmarc_world_outcome(arena, a, &world);
        struct auth_dmarc_outcome of_b = auth_dmarc_world_outcome(arena, b, &world);

        *is_known_out =
            meet == dns_name_equal(of_a.organizational_domain, of_b.organizational_domain);
    }
    return meet;
}

const char *auth_dmarc_trouble_text(struct arena *arena, const struct dns_answer *answer)
{
    return arena_printf(arena, "%s TXT could not be queried: %s%s%s",
                        answer->question.name->text, dns_status_to_text(answer->status),
                        answer->detail == NULL ? "" : ", ",
                        answer->detail == NULL ? "" : answer->detail);
}
