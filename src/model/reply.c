/* What others ask of a reply, and its text. */
#include "model/reply.h"
#include "base/escape.h"
#include "base/limits.h"
#include "base/sbuf.h"

const struct fault *reply_fault(const struct reply *reply, enum reply_fault kind)
{
    const struct fault *fault = reply->faults;

    while (fault != NULL && fault->kind != (int)kind)
        fault = fault->next;
    return fault;
}

unsigned reply_class(const struct reply *reply)
{
    return reply->code / 100;
}

const char *smtp_enhanced_to_text(struct arena *arena, const struct smtp_enhanced *code)
{
    return arena_printf(arena, "%u.%u.%u", code->kind, code->subject, code->detail);
}

const char *reply_to_text(struct arena *arena, const struct reply *reply)
{
    struct sbuf text = sbuf_start(arena);

    if (reply->code != 0)
        sbuf_addf(&text, "%03u", reply->code);
    for (const struct reply_line *line = reply->lines; line != NULL; line = line->next)
        sbuf_add_item(&text, " ", escape_to_text(arena, line->text, LIMIT_SHOWN_BYTES));
    return sbuf_text(&text);
}
