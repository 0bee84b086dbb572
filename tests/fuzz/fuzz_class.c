/* What somebody pastes as a reply: any octets give an answer, and the same one again. */
#include "base/must.h"
#include "fuzz.h"
#include "reply/reply_class.h"

FUZZ(arena, bytes)
{
    size_t count = 0;
    const struct span *replies = reply_input_split(arena, bytes, &count);

    for (size_t i = 0; i < count; i++) {
        struct reply_input input;
        const struct reply_class *class = NULL;

        reply_input_read(arena, replies[i], &input);
        class = reply_classify(arena, &input);
        must(class->cause == reply_cause_get(class->cause_id));
        must(class->means[0] != '\0');
        must(class->phrase == NULL || class->evidence >= REPLY_BY_WORD);
        must(reply_classify(arena, &input)->phrase == class->phrase);
    }
}
