/*
 * Aliases that were meant: a console published the name of another record as text, or the final
 * dot was forgotten in a zone file, so that the name of the zone was appended to the target.
 */
#include <string.h>

#include "gather/gather_private.h"

/* name_in_text - the name that the one text is; NULL: it is something else */
static const struct dns_name *name_in_text(const struct gather_work *work,
                                           const struct dns_answer *answer)
{
    const struct dns_rr *rr = dns_answer_first(answer);
    const struct dns_name *name = NULL;
    struct span text;

    if (rr == NULL || rr->type != DNS_TXT || dns_answer_count(answer) > 1)
        return NULL;
    text = span_trim(rr->joined);
    if (span_starts_with_nocase(text, "CNAME "))
        text = span_trim(span_from(text, strlen("CNAME ")));
    if (span_find(text, ' ') >= 0 || span_find(text, '=') >= 0 || span_find(text, '/') >= 0)
        return NULL;
    name = dns_name_from_octets(work->arena, text);
    return name != NULL && name->labels > 2 ? name : NULL;
}

const struct dns_name *gather_without_zone(const struct gather_work *work,
                                           const struct dns_name *name,
                                           const struct dns_name *domain)
{
    const struct dns_name *rest = NULL;

    if (!dns_name_is_below(name, domain) || name->len <= domain->len + 1)
        return NULL;
    rest =
        dns_name_from_octets(work->arena, span_make(name->text, name->len - domain->len - 1));
    return rest != NULL && rest->labels > 1 ? rest : NULL;
}

const struct dns_name *gather_alias_meant(const struct gather_work *work,
                                          const struct dns_answer *answer,
                                          const struct dns_name *domain)
{
    const struct dns_rr *alias = answer->records;
    const struct dns_answer *there = NULL;
    const struct dns_name *name = NULL;

    if (answer->status == DNS_OK) {
        name = name_in_text(work, answer);
        if (name != NULL)
            gather_meant_ask(work, name, DNS_TXT);
        return name;
    }
    if (!dns_status_is_absent(answer->status) || alias == NULL || alias->type != DNS_CNAME)
        return NULL;
    name = gather_without_zone(work, alias->target, domain);
    there = name != NULL ? gather_meant_ask(work, name, DNS_TXT) : NULL;
    return there != NULL && there->status == DNS_OK ? name : NULL;
}
