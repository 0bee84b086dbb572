/* Words of bounces and of what explains them. */
#include "model/explain.h"

const char *bounce_kind_to_text(enum bounce_kind kind)
{
    static const char *const names[] = {"nothing",  "bounce",    "reply", "log",     "event",
                                        "feedback", "aggregate", "tls",   "mailbox", "message"};

    return names[kind];
}

const char *explain_still_to_text(enum explain_still still)
{
    static const char *const names[] = {"unknown", "yes", "no", "never"};

    return names[still];
}
