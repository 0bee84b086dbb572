/* Each line is a keyword with its parameters. */
#include "base/escape.h"
#include "base/limits.h"
#include "base/sbuf.h"
#include "base/span.h"
#include "smtp/smtp_ehlo.h"

/* read_extension - one line */
static void read_extension(struct arena *arena, struct smtp_ehlo *ehlo, struct span line)
{
    struct span rest = span_trim(line);
    struct span keyword = span_cut(&rest, ' ');
    bool is_old_auth = span_starts_with_nocase(keyword, "AUTH=");

    if (span_equal_nocase(keyword, "STARTTLS"))
        ehlo->has_starttls = true;
    if (span_equal_nocase(keyword, "SIZE")) {
        ehlo->has_size = true;
        span_to_number(span_trim(rest), UINT64_MAX / 16, &ehlo->size);
    }
    /* "AUTH=LOGIN" was a draft's form, kept by servers for old clients */
    if (span_equal_nocase(keyword, "AUTH"))
        ehlo->mechanisms = escape_to_text(arena, span_trim(rest), LIMIT_SHOWN_BYTES);
    else if (is_old_auth && ehlo->mechanisms == NULL)
        ehlo->mechanisms =
            escape_to_text(arena, span_from(span_trim(line), 5), LIMIT_SHOWN_BYTES);
}

struct smtp_ehlo *smtp_ehlo_parse(struct arena *arena, const struct reply *reply)
{
    struct smtp_ehlo *ehlo = arena_new_of(arena, struct smtp_ehlo);
    struct sbuf list = sbuf_start(arena);

    ehlo->reply = reply;
    for (const struct reply_line *line = reply->lines != NULL ? reply->lines->next : NULL;
         line != NULL; line = line->next) {
        read_extension(arena, ehlo, line->text);
        sbuf_add_item(&list, ", ",
                      escape_to_text(arena, span_trim(line->text), LIMIT_SHOWN_BYTES));
    }
    ehlo->list = sbuf_text(&list);
    return ehlo;
}

bool smtp_ehlo_offers(const struct smtp_ehlo *ehlo, const char *mechanism)
{
    struct span rest = span_of(ehlo->mechanisms);

    while (rest.len > 0)
        if (span_equal_nocase(span_cut(&rest, ' '), mechanism))
            return true;
    return false;
}
