/* The words of what decided. */
#include "model/reply_class.h"

const char *reply_confidence_to_text(enum reply_confidence confidence)
{
    static const char *const names[] = {"low", "medium", "high"};

    return names[confidence];
}

const char *reply_evidence_to_text(enum reply_evidence evidence)
{
    static const char *const names[] = {"nothing", "class", "code",  "enhanced",
                                        "word",    "mark",  "phrase"};

    return names[evidence];
}

const char *reply_step_to_text(enum reply_step step)
{
    static const char *const names[] = {"unknown", "greeting", "ehlo", "starttls", "auth",
                                        "mail",    "rcpt",     "data", "dot"};

    return names[step];
}
