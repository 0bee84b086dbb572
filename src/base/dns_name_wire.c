/* A name's text is canonical, so its escapes are known to be complete. */
#include "base/dns_name.h"
#include "base/span.h"

/* wire_end - the length goes in front of a label that began there */
static size_t wire_end(uint8_t *wire, size_t start, size_t at)
{
    wire[start] = (uint8_t)(at - start - 1);
    return at;
}

size_t dns_name_to_wire(const struct dns_name *name, uint8_t wire_out[DNS_NAME_WIRE_MAX])
{
    size_t start = 0; /* of the label: its length */
    size_t at = 1;

    for (size_t i = 0; i < name->len; i++) {
        uint8_t octet = (uint8_t)name->text[i];

        if (octet == '.') {
            start = wire_end(wire_out, start, at);
            at = start + 1;
            continue;
        }
        if (octet == '\\')
            i += dns_escape_length(span_make(name->text + i, name->len - i), &octet) - 1;
        wire_out[at++] = octet;
    }
    if (name->labels > 0)
        at = wire_end(wire_out, start, at) + 1;
    wire_out[at - 1] = 0; /* the root */
    return at;
}
