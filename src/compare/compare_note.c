/* What the parts of a comparison share. */
#include <string.h>

#include "base/escape.h"
#include "base/limits.h"
#include "compare/compare_private.h"

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
    change->unknown = dns_answer_reason(comparison->arena, trouble);
    change->is_old = trouble == before;
    return false;
}

const char *compare_shown(struct arena *arena, struct span text)
{
    return escape_to_text(arena, text, LIMIT_SHOWN_BYTES);
}
