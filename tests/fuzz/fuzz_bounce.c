/* Bounces, reports, logs, events and replies: any octets give an answer, each recipient a class,
 * and the same octets the same answer. */
#include "base/must.h"
#include "bounce/bounce.h"
#include "fuzz.h"

FUZZ(arena, bytes)
{
    const struct bounce *first = bounce_read(arena, bytes);
    const struct bounce *second = bounce_read(arena, bytes);

    must(first->kind == second->kind && first->count == second->count);
    for (size_t i = 0; i < first->count; i++) {
        const struct bounce_recipient *said = &first->recipients[i];

        must(said->address != NULL && said->class != NULL);
        must(said->class->cause == reply_cause_get(said->class->cause_id));
        must(said->class->cause_id == second->recipients[i].class->cause_id);
    }
    must(first->original.bytes.len <= 2 * bytes.len + 1);
}
