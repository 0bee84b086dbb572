/*
 * The run over the catalogue. Rows and functions come from the same table, so a check without a
 * row, or a row without a check, does not link.
 */
#include <string.h>

#include "base/arena.h"
#include "base/dns_name.h"
#include "base/must.h"
#include "check/check_emit.h"
#include "check/check_facts.h"
#include "check/check_step.h"
#include "model/compare.h"
#include "model/finding_id.h"

typedef void check_fn(const struct facts *facts, struct emitter *out);

static check_fn *const checks[FINDING_IDS] = {
#define CHECK(id, severity, cite, text, hint) [ID_##id] = check_##id,
#define OUTCOME(id, severity, cite, text, hint)
#include "model/finding_table.def"
};

/* ---- order and fingerprint ---- */

/* add_to_hash - FNV-1a, 64 bits, over a text and the NUL that ends it */
static uint64_t add_to_hash(uint64_t hash, const char *text)
{
    const uint64_t prime = 0x100000001b3U;

    for (size_t i = 0;; i++) {
        hash = (hash ^ (unsigned char)text[i]) * prime;
        if (text[i] == '\0')
            return hash;
    }
}

/* check_fingerprint - id, subject and key; never a line number or a count */
static const char *check_fingerprint(struct arena *arena, const struct facts *facts,
                                     const struct finding *finding)
{
    const struct dns_name *domain = facts->subject->domain;
    uint64_t hash = 0xcbf29ce484222325U;

    hash = add_to_hash(hash, finding->id);
    hash = add_to_hash(hash, domain != NULL ? domain->text : "");
    hash = add_to_hash(hash, finding->key);
    return arena_printf(arena, "%016llx", (unsigned long long)hash);
}

/* number_repeated - the same trouble at the same place a second time gets a number */
static void number_repeated(struct arena *arena, struct finding *first)
{
    for (struct finding *a = first; a != NULL; a = a->next) {
        int count = 1;

        for (struct finding *b = a->next; b != NULL && b->row == a->row; b = b->next)
            if (strcmp(a->key, b->key) == 0)
                b->key = arena_printf(arena, "%s #%d", b->key, ++count);
    }
}

/* sort_by_severity - the most severe first, the order within a severity kept */
static struct finding *sort_by_severity(struct finding *findings)
{
    struct finding *first[SEV_INFO + 1] = {NULL};
    struct finding **tail[SEV_INFO + 1];
    struct finding *sorted = NULL;
    struct finding **end = &sorted;

    for (int severity = 0; severity <= SEV_INFO; severity++)
        tail[severity] = &first[severity];
    for (struct finding *finding = findings; finding != NULL; finding = finding->next) {
        *tail[finding->severity] = finding;
        tail[finding->severity] = &finding->next;
    }
    for (int severity = 0; severity <= SEV_INFO; severity++) {
        *tail[severity] = NULL;
        *end = first[severity];
        if (first[severity] != NULL)
            end = tail[severity];
    }
    return sorted;
}

struct finding *check_run(struct arena *arena, const struct facts *facts)
{
    struct finding *findings = NULL;
    struct emitter out = {.arena = arena, .facts = facts, .tail = &findings};

    for (out.row = 0; out.row < FINDING_IDS; out.row++) {
        out.row_count = 0;
        if (checks[out.row] != NULL && !check_is_silenced(facts, out.row))
            checks[out.row](facts, &out);
    }
    return check_merge(&out, NULL, findings);
}

struct finding *check_changes(struct arena *arena, const struct compare *compare)
{
    struct finding *findings = NULL;
    struct emitter out = {
        .arena = arena, .facts = compare->after, .compare = compare, .tail = &findings};
    enum compare_kind kind = COMPARE_KINDS;

    for (out.row = 0; out.row < FINDING_IDS; out.row++) {
        out.row_count = 0;
        if (compare_kind_find(out.row, &kind))
            checks[out.row](compare->after, &out);
    }
    return check_merge(&out, NULL, findings);
}

struct emitter check_emitter(struct arena *arena, const struct facts *facts,
                             enum finding_id row, struct finding **first)
{
    return (struct emitter){.arena = arena, .facts = facts, .row = row, .tail = first};
}

struct finding *check_merge(const struct emitter *out, struct finding *findings,
                            struct finding *more)
{
    struct finding **tail = &findings;

    number_repeated(out->arena, more);
    for (struct finding *finding = more; finding != NULL; finding = finding->next) {
        finding->steps = check_steps(out->arena, out->facts, finding);
        finding->fingerprint = check_fingerprint(out->arena, out->facts, finding);
    }
    while (*tail != NULL)
        tail = &(*tail)->next;
    *tail = more;
    return sort_by_severity(findings);
}
