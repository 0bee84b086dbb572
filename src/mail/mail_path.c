/* Paths of SMTP: no comments and no folding, but quoted local parts and source routes. */
#include "base/arena.h"
#include "base/dns_name.h"
#include "base/err.h"
#include "base/escape.h"
#include "base/span.h"
#include "mail/mail_address.h"

#define SHOWN 80

/* local_part_length - how many octets belong to the local part at the start */
static size_t local_part_length(struct span text)
{
    size_t len = 0;

    if (text.len > 0 && text.at[0] == '"')
        return span_quoted_length(text);
    while (len < text.len && text.at[len] != '@' && text.at[len] != '"')
        len++;
    return len;
}

/* without_route - the path behind "@a,@b:" (RFC 5321, 4.1.2: it is to be ignored) */
static struct span without_route(struct span text)
{
    ptrdiff_t colon = -1;

    if (text.len == 0 || text.at[0] != '@')
        return text;
    colon = span_find(text, ':');
    return colon < 0 ? text : span_from(text, (size_t)colon + 1);
}

/* split_path - the domain behind the local part, which may be empty; false if the text is not a
 * mailbox */
static bool split_path(struct span text, struct span *domain_out)
{
    size_t len = 0;

    text = without_route(text);
    len = local_part_length(text);
    if (len + 1 >= text.len || text.at[len] != '@')
        return false;
    *domain_out = span_from(text, len + 1);
    return span_find(*domain_out, '@') < 0;
}

/* path_is_clean - no controls anywhere, no blanks and brackets outside quotes */
static bool path_is_clean(struct span text)
{
    struct span mailbox = without_route(text);
    size_t quoted = mailbox.len > 0 && mailbox.at[0] == '"' ? span_quoted_length(mailbox) : 0;
    size_t start = text.len - mailbox.len; /* the route is cut off the front */

    for (size_t i = 0; i < text.len; i++) {
        unsigned char octet = (unsigned char)text.at[i];
        bool is_quoted = i >= start && i < start + quoted;

        if (octet < 0x20 || octet == 0x7f)
            return false;
        if (!is_quoted && (octet == ' ' || octet == '<' || octet == '>'))
            return false;
    }
    return true;
}

bool mail_path_parse(struct arena *arena, struct span text, const char **path_out)
{
    struct span path = span_trim(text);
    struct span domain = {NULL, 0};

    if (path.len >= 2 && path.at[0] == '<' && path.at[path.len - 1] == '>') {
        path = span_sub(path, 1, path.len - 2);
        if (path.len == 0) {
            *path_out = "";
            return true;
        }
    }
    /* RFC 5321, 4.5.1: the one mailbox that needs no domain */
    if (!span_equal_nocase(path, "postmaster") &&
        (!path_is_clean(path) || !split_path(path, &domain)))
        return false;
    *path_out = arena_strdup_span(arena, without_route(path));
    return true;
}

const struct dns_name *mail_path_domain(struct arena *arena, const char *path, struct err *why)
{
    struct span domain = {NULL, 0};

    if (path == NULL || path[0] == '\0') {
        err_set(why, "the null reverse-path has no domain");
        return NULL;
    }
    if (!split_path(span_of(path), &domain)) {
        err_set(why, "%s: not a mail address", escape_to_text(arena, span_of(path), SHOWN));
        return NULL;
    }
    if (domain.at[0] == '[') {
        err_set(why, "%s: an address literal is not a domain name",
                escape_to_text(arena, domain, SHOWN));
        return NULL;
    }
    return dns_name_parse(arena, domain, why);
}
