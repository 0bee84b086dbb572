/* Whatever a URI needs to lead somewhere, and nothing else of it. */
#include "record/rec_uri.h"

static const char https[] = "https://";
static const char mailto[] = "mailto:";

/* uri_is_plain - visible octets only, none of those that lists want encoded */
static bool uri_is_plain(struct span uri)
{
    for (size_t i = 0; i < uri.len; i++)
        if (!ascii_is_visible(uri.at[i]) || span_find(span_of("\"<>\\^`{|}!"), uri.at[i]) >= 0)
            return false;
    return true;
}

/* uri_is_number - the last label is one, as in "0x7f.1": whoever connects may take
 * such a host for an IPv4 address, and it is not a name of the Internet (RFC 1123, 2.1) */
static bool uri_is_number(struct span host)
{
    ptrdiff_t dot = span_find_last(host, '.');
    struct span label = dot >= 0 ? span_from(host, (size_t)dot + 1) : host;
    bool is_hex = span_starts_with_nocase(label, "0x");

    for (size_t i = is_hex ? 2 : 0; i < label.len; i++)
        if (is_hex ? ascii_hex_value(label.at[i]) < 0 : !ascii_is_digit(label.at[i]))
            return false;
    return true;
}

const char *rec_https_fault(struct arena *arena, struct span uri,
                            const struct dns_name **host_out)
{
    struct span host = span_from(uri, sizeof(https) - 1);
    size_t len = 0;

    *host_out = NULL;
    if (!span_starts_with_nocase(uri, https))
        return "not an https:// URI";
    if (!uri_is_plain(uri))
        return "a blank or another octet that no URI holds unencoded";
    while (len < host.len && span_find(span_of("/?#:"), host.at[len]) < 0)
        len++;
    *host_out = dns_name_parse(arena, span_sub(host, 0, len), NULL);
    if (*host_out != NULL && uri_is_number(span_of((*host_out)->text)))
        *host_out = NULL;
    return *host_out == NULL ? "no host name after https://" : NULL;
}

const char *rec_mailto_fault(struct arena *arena, struct span uri,
                             const struct dns_name **domain_out)
{
    struct span rest = span_from(uri, sizeof(mailto) - 1);
    struct span address = span_cut(&rest, '?');
    ptrdiff_t at = span_find_last(address, '@');

    *domain_out = NULL;
    if (!span_starts_with_nocase(uri, mailto))
        return "not a mailto: URI";
    if (!uri_is_plain(uri))
        return "a blank or another octet that no URI holds unencoded";
    if (at > 0)
        *domain_out = dns_name_parse(arena, span_from(address, (size_t)at + 1), NULL);
    return *domain_out == NULL ? "no mail address after mailto:" : NULL;
}
