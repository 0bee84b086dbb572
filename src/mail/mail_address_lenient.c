/* Comments are blanked out first; a "(" that is never closed is an ordinary octet. */
#include "base/sbuf.h"
#include "mail/mail_address_lenient.h"
#include "mail/mail_address_scan.h"

/* without_comments - the value with a blank for every comment; quotes protect a "(" */
static struct span without_comments(struct arena *arena, struct span value)
{
    struct sbuf buf = sbuf_start(arena);
    bool is_closing = true; /* comments and quotes still find their end */

    while (value.len > 0) {
        size_t quoted = is_closing && value.at[0] == '"' ? span_quoted_length(value) : 0;
        size_t comment = is_closing && value.at[0] == '(' ? mail_comment_length(value) : 0;
        size_t step = quoted + comment > 0 ? quoted + comment : 1;

        if (step == 1 && (value.at[0] == '"' || value.at[0] == '('))
            is_closing = false; /* looked for once, not again for each: the value may be long */
        if (comment > 0)
            sbuf_add_octet(&buf, ' ');
        else
            sbuf_add_span(&buf, span_sub(value, 0, step));
        value = span_from(value, step);
    }
    return sbuf_span(&buf);
}

/* ends_domain - an octet after which a careless reader stops */
static bool ends_domain(char octet)
{
    return ascii_is_space(octet) || span_find(span_of("<>()\",;:'"), octet) >= 0;
}

/* domain_after - the word after the last "@" of the text; NULL if there is none */
static const struct dns_name *domain_after(struct arena *arena, struct span text)
{
    ptrdiff_t at = span_find_last(text, '@');
    struct span domain = span_from(text, (size_t)(at + 1));
    size_t len = 0;

    if (at < 0)
        return NULL;
    domain = span_trim(domain);
    while (len < domain.len && domain.at[len] != '\0' && !ends_domain(domain.at[len]))
        len++;
    return dns_name_parse(arena, span_sub(domain, 0, len), NULL);
}

const struct dns_name *mail_lenient_domain(struct arena *arena, struct span value)
{
    struct span text = without_comments(arena, value);
    ptrdiff_t open = span_find_last(text, '<');
    const struct dns_name *domain = NULL;

    if (open >= 0) {
        struct span inside = span_from(text, (size_t)open + 1);

        domain = domain_after(arena, span_cut(&inside, '>'));
    }
    return domain == NULL ? domain_after(arena, text) : domain;
}
