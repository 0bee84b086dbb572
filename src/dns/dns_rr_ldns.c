/*
 * A record of ours as ldns has it. The owner stays out of the text that ldns reads: it does
 * not read long names with many escapes.
 */
#include "base/arena.h"
#include "base/err.h"
#include "base/span.h"
#include "dns/dns_ldns.h"
#include "dns/dns_rr.h"
#include "dns/dns_rr_private.h"
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

/* is_readable - the text gives the same record again, as snapshots need it: ldns takes NSEC3
 * records without a hash, and lists of types that no text can have */
static bool is_readable(struct arena *arena, const struct dns_rr *rr)
{
    const struct dns_rr *again = dns_rr_from_text(arena, rr->text, &(struct err){0});

    return again != NULL && strcmp(again->text, rr->text) == 0;
}

struct dns_rr *dns_rr_from_ldns(struct arena *arena, const struct ldns_struct_rr *from)
{
    const struct dns_rr_head head = {
        .owner = dns_rr_name_of(arena, ldns_rr_owner(from)),
        .type = (enum dns_type)ldns_rr_get_type(from),
        .ttl = ldns_rr_ttl(from) > INT32_MAX ? 0 : ldns_rr_ttl(from), /* RFC 2181, 8 */
    };
    struct dns_rr *rr = NULL;

    if (head.owner != NULL && ldns_rr_get_class(from) == LDNS_RR_CLASS_IN)
        rr = dns_rr_from_fields(arena, &head, from);
    return rr != NULL && (dns_rr_is_text_type(rr->type) || is_readable(arena, rr)) ? rr : NULL;
}
