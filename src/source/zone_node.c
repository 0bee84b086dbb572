/* What is asked of one name of a zone and of its records. */
#include <string.h>

#include "base/span.h"
#include "source/zone_private.h"

struct dns_rr *zone_node_first(const struct zone_node *node, enum dns_type type)
{
    struct dns_rr *rr = node->first;

    while (rr != NULL && rr->type != type)
        rr = rr->next;
    return rr;
}

const char *zone_rdata_of(const struct dns_rr *rr)
{
    const char *at = rr->text;

    for (int i = 0; i < 4 && at != NULL; i++)
        at = (at = strchr(at, '\t')) == NULL ? NULL : at + 1;
    return at == NULL ? "" : at;
}

enum dns_type zone_covered(const struct dns_rr *rr)
{
    struct span rdata = {0};
    enum dns_type type = 0;

    if (rr->type != DNS_RRSIG)
        return 0;
    rdata = span_of(zone_rdata_of(rr));
    return dns_type_parse(span_cut(&rdata, ' '), &type) ? type : 0;
}
