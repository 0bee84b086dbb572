/* Domain names in each of the forms they come in. */
#include "base/dns_name.h"
#include "fuzz.h"

FUZZ(arena, bytes)
{
    struct err why = {0};
    const struct dns_name *name = dns_name_parse(arena, bytes, &why);

    if (name != NULL)
        dns_name_to_unicode(arena, name);
    dns_name_from_octets(arena, bytes);
    dns_name_from_text(arena, arena_strdup_span(arena, bytes));
    dns_name_from_wire(arena, (const uint8_t *)bytes.at, bytes.len);
}
