/*
 * Each part notes its changes under their kind; they are linked in the order of the table, so
 * that losses come first and the same facts always give the same list.
 */
#include "compare/compare.h"

#include <string.h>

#include "base/escape.h"
#include "base/ip.h"
#include "base/ip_ranges.h"
#include "base/limits.h"
#include "compare/compare_private.h"
#include "model/spf_verdict.h"

/* ---- what the parts share ---- */

struct compare_change *compare_note(struct comparison *comparison, enum compare_kind kind,
                                    const struct dns_answer *answer, const struct dns_rr *rr)
{
    struct compare_change *change = arena_new_of(comparison->arena, struct compare_change);

    change->kind = kind;
    change->answer = answer;
    change->rr = rr;
    *comparison->tail[kind] = change;
    comparison->tail[kind] = &change->next;
    return change;
}

struct compare_change *compare_note_old(struct comparison *comparison, enum compare_kind kind,
                                        const struct dns_answer *answer,
                                        const struct dns_rr *rr)
{
    struct compare_change *change = compare_note(comparison, kind, answer, rr);

    change->is_old = true;
    return change;
}

const char *compare_reason(struct arena *arena, const struct dns_answer *answer)
{
    const char *status = dns_status_to_text(answer->status);

    return arena_printf(
        arena, "%s of %s: %s%s%s%s", dns_type_to_text(arena, answer->question.type),
        answer->question.name->text, status, answer->detail != NULL ? " (" : "",
        answer->detail != NULL ? answer->detail : "", answer->detail != NULL ? ")" : "");
}

bool compare_is_nothing(const struct dns_answer *answer)
{
    return dns_status_is_absent(answer->status) || dns_answer_is_circle(answer);
}

bool compare_is_known(struct comparison *comparison, enum compare_kind kind,
                      const struct dns_answer *before, const struct dns_answer *after)
{
    const struct dns_answer *trouble = NULL;
    struct compare_change *change = NULL;

    if (before == NULL || after == NULL || before->status == DNS_UNKNOWN)
        return false;
    if (before->status != DNS_OK && !compare_is_nothing(before))
        trouble = before;
    else if (after->status != DNS_OK && !compare_is_nothing(after))
        trouble = after;
    /* what was certainly absent cannot be lost */
    if (trouble == after && compare_is_nothing(before))
        return false;
    if (trouble == NULL)
        return true;
    change = compare_note(comparison, kind, after, NULL);
    change->unknown = compare_reason(comparison->arena, trouble);
    change->is_old = trouble == before;
    return false;
}

const char *compare_shown(struct arena *arena, struct span text)
{
    return escape_to_text(arena, text, LIMIT_SHOWN_BYTES);
}

/* ---- sets of addresses, as text ---- */

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

void compare_blame(struct compare_change *change)
{
    size_t world = change->cause.rrs[1] != NULL || change->cause.rrs[0] == NULL ? 1 : 0;

    change->is_brought = true;
    change->answer = change->cause.answers[world];
    change->rr = change->cause.rrs[world];
    change->is_old = world == 0;
    change->term = span_make("", 0);
}
