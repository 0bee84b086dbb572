/* The facts that a pattern may name. */
#include "model/reply_phrase.h"

static const char *const fact_names[] = {"ip",       "domain", "address", "helo",  "list",
                                         "selector", "spf",    "dkim",    "dmarc", "link"};

const char *reply_fact_to_text(enum reply_fact fact)
{
    return fact_names[fact];
}
