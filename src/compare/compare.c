/*
 * Each part notes its changes under their kind; they are linked in the order of the table, so
 * that losses come first and the same facts always give the same list.
 */
#include "compare/compare.h"

#include <string.h>

#include "base/ip.h"
#include "base/ip_ranges.h"
#include "compare/compare_private.h"
#include "model/spf_verdict.h"

/* ---- together ---- */

/* link_changes - one list, in the order of the table */
static void link_changes(struct comparison *comparison)
{
    struct compare_change **end = &comparison->out->changes;

    for (int kind = 0; kind < COMPARE_KINDS; kind++) {
        if (comparison->first[kind] == NULL)
            continue;
        *end = comparison->first[kind];
        end = comparison->tail[kind];
    }
}

const struct compare *compare_facts(struct arena *arena, const struct facts *before,
                                    const struct facts *after)
{
    struct compare *out = arena_new_of(arena, struct compare);
    struct comparison comparison = {
        .arena = arena, .before = &before->domain, .after = &after->domain, .out = out};

    out->before = before;
    out->after = after;
    for (int i = 0; i < AUTH_SPF_SET_FAMILIES; i++)
        out->lost[i] = out->gained[i] = ip_ranges_none(i == 0 ? IP_V4 : IP_V6);
    for (int kind = 0; kind < COMPARE_KINDS; kind++)
        comparison.tail[kind] = &comparison.first[kind];
    if (before->domain.name == NULL || after->domain.name == NULL)
        return out;
    compare_spf(&comparison);
    compare_dkim(&comparison);
    compare_dmarc(&comparison);
    compare_mx(&comparison);
    compare_transport(&comparison);
    compare_text(&comparison);
    link_changes(&comparison);
    return out;
}

void compare_mark_cause(struct compare_change *change)
{
    size_t world = change->cause.rrs[1] != NULL || change->cause.rrs[0] == NULL ? 1 : 0;

    change->is_brought = true;
    change->answer = change->cause.answers[world];
    change->rr = change->cause.rrs[world];
    change->is_old = world == 0;
    change->term = span_make("", 0);
}
