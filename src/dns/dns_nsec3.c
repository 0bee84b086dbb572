/* ldns hashes; what it gives is a name, of which the label is wanted. */
#include "base/span.h"
#include "dns/dns_ldns.h"
#include "dns/dns_nsec3.h"

const char *dns_nsec3_hash(struct arena *arena, const struct ldns_struct_rr *nsec3,
                           const struct dns_name *name)
{
    ldns_rdf *made = ldns_dname_new_frm_str(name->labels == 0 ? "." : name->text);
    ldns_rdf *hashed = made != NULL ? ldns_nsec3_hash_name_frm_nsec3(nsec3, made) : NULL;
    char *written = hashed != NULL ? ldns_rdf2str(hashed) : NULL;
    struct span label = written != NULL ? span_of(written) : (struct span){0};
    const char *text = NULL;

    if (written != NULL)
        text = arena_strdup_span(arena, span_cut(&label, '.'));
    LDNS_FREE(written);
    ldns_rdf_deep_free(hashed);
    ldns_rdf_deep_free(made);
    return text;
}
