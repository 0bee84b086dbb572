/* Queries about names below a domain. */
#include "gather/gather_private.h"
#include "ledger/ledger.h"

const struct dns_answer *gather_ask_below(const struct gather_work *work, const char *prefix,
                                          const struct dns_name *domain, enum dns_type type)
{
    const struct dns_name *name = dns_name_prepend(work->arena, prefix, domain);

    return name != NULL ? ledger_ask(work->ledger, name, type) : NULL;
}
