/*
 * A list of URIs is cut at its commas. An entry loses its "!10m", then must be a URI by the
 * characters it holds; of a mailto: URI the address's domain is taken. Other schemes are valid
 * URIs that nobody delivers to (RFC 9989, 4.7).
 */
#include "base/dns_name.h"
#include "base/err.h"
#include "base/escape.h"
#include "base/sbuf.h"
#include "base/span.h"
#include "record/rec_dmarc_private.h"

#define SHOWN 80 /* octets of an entry quoted in a fault */

/* is_uri_octet - unreserved, reserved or "%" (RFC 3986, 2), without "," and "!" which DMARC
 * wants encoded (RFC 9989, 4.8) */
static bool is_uri_octet(char c)
{
    static const char others[] = "-._~:/?#[]@$&'()*+;=%";

    return ascii_is_alnum(c) || (c != '\0' && span_find(span_of(others), c) >= 0);
}

/* scheme_length - octets before the ":" of a scheme (RFC 3986, 3.1); 0 if there is none */
static size_t scheme_length(struct span uri)
{
    for (size_t i = 0; i < uri.len; i++) {
        char c = uri.at[i];

        if (c == ':')
            return i;
        if (i == 0 ? !ascii_is_alpha(c)
                   : !ascii_is_alnum(c) && c != '+' && c != '-' && c != '.')
            return 0;
    }
    return 0;
}

/* bad_octet - the first octet that no URI holds, or the length */
static size_t bad_octet(struct span uri)
{
    size_t i = 0;

    for (; i < uri.len; i++) {
        if (!is_uri_octet(uri.at[i]))
            break;
        if (uri.at[i] == '%' && (i + 2 >= uri.len || ascii_hex_value(uri.at[i + 1]) < 0 ||
                                 ascii_hex_value(uri.at[i + 2]) < 0))
            break;
    }
    return i;
}

/* percent_decode - the octets an encoded text stands for; the encoding was checked */
static struct span percent_decode(struct arena *arena, struct span text)
{
    struct sbuf buf = sbuf_start(arena);

    for (size_t i = 0; i < text.len; i++) {
        if (text.at[i] == '%' && i + 2 < text.len) {
            sbuf_add_octet(&buf, (char)(ascii_hex_value(text.at[i + 1]) * 16 +
                                        ascii_hex_value(text.at[i + 2])));
            i += 2;
        } else {
            sbuf_add_octet(&buf, text.at[i]);
        }
    }
    return sbuf_span(&buf);
}

/* mailto_domain - of the one address before "?"; NULL if it is not one */
static const struct dns_name *mailto_domain(struct arena *arena, struct span rest)
{
    struct span address = percent_decode(arena, span_cut(&rest, '?'));
    ptrdiff_t at = span_find_last(address, '@');
    struct err why;

    if (at <= 0)
        return NULL;
    for (ptrdiff_t i = 0; i < at; i++)
        if (ascii_is_space(address.at[i]) || address.at[i] == ':' || address.at[i] == ',' ||
            address.at[i] == '\0' || (address.at[i] == '@' && address.at[0] != '"'))
            return NULL;
    return dns_name_parse(arena, span_from(address, (size_t)at + 1), &why);
}

/* without_size - the URI without "!" digits unit (RFC 9989, 4.8, obs-dmarc-report-size);
 * `*has_size_out` says whether there was one, malformed or not */
static struct span without_size(struct span text, bool *has_size_out, bool *is_size_bad_out)
{
    ptrdiff_t mark = span_find_last(text, '!');
    struct span size = span_from(text, (size_t)(mark + 1));
    uint64_t number = 0;

    *has_size_out = mark >= 0;
    *is_size_bad_out = false;
    if (mark < 0)
        return text;
    if (size.len > 0 && span_find(span_of("kmgt"), ascii_to_lower(size.at[size.len - 1])) >= 0)
        size = span_sub(size, 0, size.len - 1);
    *is_size_bad_out = !span_to_number(size, UINT64_MAX, &number);
    return span_sub(text, 0, (size_t)mark);
}

/* note_uri - a fault about one entry, with the tag and the entry in front */
static void note_uri(struct rec_dmarc_reader *reader, const struct rec_dmarc_uri *uri, int kind,
                     const char *what)
{
    struct arena *arena = reader->arena;
    const char *name = escape_to_text(arena, reader->tag->name, SHOWN);
    const char *shown = escape_to_text(arena, uri->text, SHOWN);
    struct fault fault = {.kind = kind,
                          .at = uri->at,
                          .part = uri->text,
                          .text = arena_printf(arena, "%s=%s: %s", name, shown, what)};

    reader->tail = &fault_add(arena, reader->tail, fault)->next;
}

/* why_not_uri - what is wrong with an entry; NULL if it is a URI */
static const char *why_not_uri(struct arena *arena, struct span uri)
{
    size_t scheme = scheme_length(uri);
    size_t bad = bad_octet(uri);

    if (uri.len == 0)
        return "an empty entry between commas";
    if (scheme == 0 && span_find(uri, '@') > 0)
        return arena_printf(arena, "no URI; write mailto:%s",
                            escape_to_text(arena, uri, SHOWN));
    if (scheme == 0)
        return "no URI; an address is written mailto:name@example.com";
    if (bad < uri.len && ascii_is_space(uri.at[bad]))
        return "a blank inside the URI";
    if (bad < uri.len)
        return arena_printf(arena, "\"%s\" must be percent-encoded in a URI",
                            escape_to_text(arena, span_sub(uri, bad, 1), 0));
    return NULL;
}

/* judge_scheme - what to do with a URI that is one: take the domain of mailto: */
static void judge_scheme(struct rec_dmarc_reader *reader, struct rec_dmarc_uri *uri,
                         struct span text)
{
    size_t scheme = scheme_length(text);
    struct span rest = span_from(text, scheme + 1);

    if (!span_equal_nocase(span_sub(text, 0, scheme), "mailto")) {
        uri->is_valid = true;
        note_uri(reader, uri, REC_DMARC_FAULT_URI,
                 "reports are only delivered to mailto: URIs; others are ignored");
        return;
    }
    uri->domain = mailto_domain(reader->arena, rest);
    uri->is_valid = uri->domain != NULL;
    if (uri->domain == NULL)
        note_uri(reader, uri, REC_DMARC_FAULT_URI, "no mail address after mailto:");
    else if (span_starts_with(rest, "//"))
        note_uri(reader, uri, REC_DMARC_FAULT_URI,
                 "the address follows mailto: without \"//\"");
}

/* dmarc_uri_read_uri - judge one entry */
static void dmarc_uri_read_uri(struct rec_dmarc_reader *reader, struct rec_dmarc_uri *uri)
{
    bool has_size = false;
    bool is_size_bad = false;
    struct span text = without_size(uri->text, &has_size, &is_size_bad);
    const char *wrong = why_not_uri(reader->arena, text);

    if (is_size_bad)
        wrong = "expected a size like 10m after \"!\"; write a \"!\" of the address itself as "
                "%21";
    if (wrong != NULL) {
        note_uri(reader, uri, REC_DMARC_FAULT_URI, wrong);
        return;
    }
    if (has_size)
        note_uri(reader, uri, REC_DMARC_FAULT_REMOVED,
                 "RFC 9989 removed size limits; \"!\" and what follows is ignored");
    judge_scheme(reader, uri, text);
}

struct rec_dmarc_uri *rec_dmarc_uri_list(struct rec_dmarc_reader *reader, bool *usable_out)
{
    struct rec_dmarc_uri *first = NULL;
    struct rec_dmarc_uri **end = &first;
    struct span rest = reader->tag->value;

    while (rest.at != NULL) {
        struct rec_dmarc_uri *uri = arena_new_of(reader->arena, struct rec_dmarc_uri);

        uri->text = span_trim(span_cut(&rest, ','));
        uri->at = (size_t)(uri->text.at - reader->record->tags.text.at);
        dmarc_uri_read_uri(reader, uri);
        *usable_out = *usable_out || uri->is_valid;
        *end = uri;
        end = &uri->next;
    }
    return first;
}
