/* Recipients as the readers find them. */
#include <stdarg.h>

#include "base/limits_bounce.h"
#include "base/sbuf.h"
#include "bounce/bounce_private.h"

struct bounce_draft *bounce_draft_find(struct bounce_reader *in, struct span address)
{
    for (size_t i = 0; i < in->count; i++)
        if (span_equal_nocase(address, in->drafts[i].said.address))
            return &in->drafts[i];
    return NULL;
}

struct bounce_draft *bounce_draft_add(struct bounce_reader *in, struct span address)
{
    static struct bounce_draft spare;
    struct bounce_draft draft = {.said = {.address = arena_strdup_span(in->arena, address)},
                                 .cause = in->cause};

    if (in->count >= LIMIT_BOUNCE_RECIPIENTS) {
        if (!in->is_full)
            bounce_fault(in, "more than %d recipients: the others are left out",
                         LIMIT_BOUNCE_RECIPIENTS);
        in->is_full = true;
        spare = draft;
        return &spare;
    }
    arena_append(in->arena, in->drafts, in->count, draft);
    return &in->drafts[in->count - 1];
}

void bounce_fault(struct bounce_reader *in, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    arena_append(in->arena, in->out->faults, in->out->fault_count,
                 arena_vprintf(in->arena, format, args));
    va_end(args);
}
