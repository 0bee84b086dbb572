/* The words of how the client was found. */
#include "model/mail_trace.h"

const char *mail_client_kind_to_text(enum mail_client_kind kind)
{
    static const char *const words[] = {"none",   "named",  "transfer",
                                        "inside", "result", "submission"};

    return words[kind];
}
