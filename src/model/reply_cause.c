/* One array of rows. */
#include "model/reply_cause.h"

#include "base/must.h"

static const struct reply_cause causes[] = {
#define CAUSE(constant, id, mechanism, move, means, todo) \
    {id, mechanism, REPLY_MOVE_##move, means, todo},
#include "model/reply_cause.def"
};

const struct reply_cause *reply_cause_get(enum reply_cause_id id)
{
    must(id < REPLY_CAUSES);
    return &causes[id];
}

enum reply_cause_id reply_cause_find(struct span id)
{
    enum reply_cause_id found = 0;

    while (found < REPLY_CAUSES && !span_equal_text(id, causes[found].id))
        found++;
    return found;
}

const char *reply_move_to_text(enum reply_move move)
{
    static const char *const names[] = {"nobody",    "sender",    "provider",
                                        "forwarder", "recipient", "receiver"};

    return names[move];
}

const char *reply_move_to_sentence(enum reply_move move)
{
    static const char *const texts[] = {
        "nobody: it passes by itself",
        "the sender",
        "the operator of the sending server",
        "the forwarder",
        "the recipient",
        "the operator of the receiving server",
    };

    return texts[move];
}
