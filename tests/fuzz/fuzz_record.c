/* One record as text: what is accepted is written in a form that is accepted again. */
#include <string.h>

#include "base/must.h"
#include "dns/dns_rr.h"
#include "fuzz.h"

FUZZ(arena, bytes)
{
    struct err why = {0};
    const struct dns_rr *rr = dns_rr_from_text(arena, arena_strdup_span(arena, bytes), &why);
    const struct dns_rr *again = NULL;

    if (rr == NULL)
        return;
    again = dns_rr_from_text(arena, rr->text, &why);
    must(again != NULL);
    must(strcmp(again->text, rr->text) == 0);
    must(again->type == rr->type && again->ttl == rr->ttl);
}
