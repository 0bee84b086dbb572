/* A domain is often given as something else; the sentence says what was meant. */
#include <string.h>

#include "app/app_domain.h"
#include "base/arena.h"
#include "base/dns_name.h"
#include "base/err.h"
#include "base/escape.h"
#include "base/ip.h"
#include "base/limits.h"
#include "base/span.h"

/* domain_host_of - what is between "//" and the next "/", ":" or "?" */
static struct span domain_host_of(struct span url)
{
    const char *slashes = strstr(url.at, "//");
    struct span host = slashes != NULL ? span_from(url, (size_t)(slashes - url.at) + 2) : url;

    return span_make(host.at, strcspn(host.at, "/:?#"));
}

/* meant_text - "; did you mean example.com?", empty if that is not a domain either */
static const char *meant_text(struct arena *arena, struct span meant)
{
    struct err unused = {0};
    const struct dns_name *name = dns_name_parse(arena, meant, &unused);

    return name != NULL ? arena_printf(arena, "; did you mean %s?", name->text) : "";
}

/* domain_is_address - an IP address, also in brackets as in mail addresses */
static bool domain_is_address(struct span text)
{
    struct ip_address unused = {0};

    if (text.len > 2 && text.at[0] == '[' && text.at[text.len - 1] == ']')
        text = span_sub(text, 1, text.len - 2);
    return ip_parse(text, &unused);
}

const struct dns_name *app_domain(struct arena *arena, const char *text, struct err *why)
{
    struct span span = span_of(text);
    const char *shown = escape_to_text(arena, span, LIMIT_SHOWN_BYTES);
    ptrdiff_t at = span_find_last(span, '@');

    if (domain_is_address(span))
        err_set_kind(why, ERR_USAGE,
                     "%s is an address, not a domain; give the address of a "
                     "client with --ip",
                     shown);
    else if (strchr(text, '/') != NULL)
        err_set_kind(why, ERR_USAGE, "\"%s\" is %s, not a domain%s", shown,
                     strstr(text, "//") != NULL ? "a URL" : "a path",
                     meant_text(arena, domain_host_of(span)));
    else if (at >= 0)
        err_set_kind(why, ERR_USAGE, "\"%s\" is a mail address, not a domain%s", shown,
                     meant_text(arena, span_from(span, (size_t)at + 1)));
    else
        return dns_name_parse(arena, span, why);
    return NULL;
}
