/*
 * A record of ours as ldns has it. The owner stays out of the text that ldns reads: it does
 * not read long names with many escapes.
 */
#include "base/arena.h"
#include "base/span.h"
#include "dns/dns_ldns.h"
#include "dns/dns_rr.h"
#include "model/dns_answer.h"

#define TABS_BEFORE_RDATA 4 /* of the text of a record */

struct ldns_struct_rr *dns_rr_to_ldns(struct arena *arena, const struct dns_rr *rr)
{
    struct span rdata = span_of(rr->text);
    ldns_rdf *owner = ldns_dname_new_frm_str(rr->owner->labels == 0 ? "." : rr->owner->text);
    ldns_rr *made = NULL;
    const char *line = NULL;

    for (int i = 0; i < TABS_BEFORE_RDATA; i++)
        rdata = span_from(rdata, (size_t)span_find(rdata, '\t') + 1);
    line = arena_printf(arena, ". %u IN %s %.*s", (unsigned)rr->ttl,
                        dns_type_to_text(arena, rr->type), SPAN_ARG(rdata));
    if (owner == NULL || ldns_rr_new_frm_str(&made, line, 0, NULL, NULL) != LDNS_STATUS_OK) {
        ldns_rdf_deep_free(owner);
        return NULL;
    }
    ldns_rdf_deep_free(ldns_rr_owner(made));
    ldns_rr_set_owner(made, owner);
    return made;
}
