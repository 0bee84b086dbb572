/*
 * The record is read from its text, which has one form wherever it came from: two names and
 * five numbers with one blank between.
 */
#include "model/dns_soa.h"
#include "base/span.h"

/* cut_name - the next field, a name */
static const struct dns_name *cut_name(struct arena *arena, struct span *rest)
{
    return dns_name_from_text(arena, arena_strdup_span(arena, span_cut(rest, ' ')));
}

/* cut_numbers - the fields that are left, all of them numbers */
static bool cut_numbers(struct span rest, uint32_t *const *numbers, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        uint64_t number = 0;

        if (!span_to_number(span_cut(&rest, ' '), UINT32_MAX, &number))
            return false;
        *numbers[i] = (uint32_t)number;
    }
    return rest.len == 0;
}

bool dns_soa_parse(struct arena *arena, const struct dns_rr *rr, struct dns_soa *soa_out)
{
    uint32_t *const numbers[] = {&soa_out->serial, &soa_out->refresh, &soa_out->retry,
                                 &soa_out->expire, &soa_out->minimum};
    struct span rest = span_of(rr->text);

    if (rr->type != DNS_SOA)
        return false;
    rest = span_from(rest, (size_t)span_find_last(rest, '\t') + 1);
    soa_out->primary = cut_name(arena, &rest);
    soa_out->mailbox = cut_name(arena, &rest);
    if (!cut_numbers(rest, numbers, COUNT_OF(numbers)))
        return false;
    /* the lesser of both (RFC 2308, 5); a resolver counts the first one down */
    soa_out->absence = soa_out->minimum < rr->ttl ? soa_out->minimum : rr->ttl;
    return soa_out->primary != NULL && soa_out->mailbox != NULL;
}
