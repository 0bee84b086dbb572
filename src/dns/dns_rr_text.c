/*
 * Records in presentation form. Those of type TXT are cut here, because ldns joins unquoted
 * words and drops what follows a ";"; the rdata of every other type is read by ldns. The owner
 * stays out of what it reads: it does not read long names with many escapes.
 */
#include <string.h>

#include "base/dns_name.h"
#include "base/err.h"
#include "base/escape.h"
#include "base/limits.h"
#include "base/sbuf.h"
#include "base/span.h"
#include "dns/dns_ldns.h"
#include "dns/dns_rr_private.h"

#define RDATA_MAX 65535

/* rr_text_next_word - cut the first word off; blanks are SP and HTAB */
static struct span rr_text_next_word(struct span *rest)
{
    size_t len = 0;
    struct span word;

    while (rest->len > 0 && ascii_is_blank(rest->at[0]))
        *rest = span_from(*rest, 1);
    while (len < rest->len && !ascii_is_blank(rest->at[len]))
        len++;
    word = span_sub(*rest, 0, len);
    *rest = span_from(*rest, len);
    return word;
}

/* next_string - cut one character-string off; false if a quote or an escape is broken */
static bool next_string(struct arena *arena, struct span *rest, struct span *string_out)
{
    struct sbuf octets = sbuf_start(arena);
    bool is_quoted = rest->at[0] == '"';

    if (is_quoted)
        *rest = span_from(*rest, 1);
    while (rest->len > 0) {
        uint8_t octet = (uint8_t)rest->at[0];
        size_t len = 1;

        if (is_quoted ? rest->at[0] == '"' : ascii_is_blank(rest->at[0]))
            break;
        if (octet == '\\')
            len = dns_escape_length(*rest, &octet);
        if (len == 0)
            return false;
        sbuf_add_octet(&octets, (char)octet);
        *rest = span_from(*rest, len);
    }
    if (is_quoted && rest->len == 0)
        return false;
    *rest = span_from(*rest, is_quoted ? 1 : 0);
    *string_out = sbuf_span(&octets);
    return string_out->len <= DNS_STRING_MAX;
}

/* strings_from_text - the rdata of a TXT record; NULL if it is not one */
static struct dns_rr *strings_from_text(struct arena *arena, const struct dns_rr_head *head,
                                        struct span rdata)
{
    struct span *strings = NULL;
    size_t count = 0;

    for (;;) {
        struct span string;

        while (rdata.len > 0 && ascii_is_blank(rdata.at[0]))
            rdata = span_from(rdata, 1);
        if (rdata.len == 0)
            break;
        if (!next_string(arena, &rdata, &string))
            return NULL;
        arena_append(arena, strings, count, string);
    }
    return dns_rr_from_strings(arena, head, strings, count);
}

/* is_preference - the first word is a number of 16 bits, which ldns does not look at */
static bool is_preference(struct span rdata)
{
    uint64_t preference = 0;

    return span_to_number(rr_text_next_word(&rdata), UINT16_MAX, &preference);
}

/* rr_text_is_generic - the first word is the mark of RFC 3597, 5 */
static bool rr_text_is_generic(struct span rdata)
{
    return span_equal_text(rr_text_next_word(&rdata), "\\#");
}

/* has_mark - a word is that mark: ldns goes on with octets there, and drops what is before */
static bool has_mark(struct span rdata)
{
    for (struct span word = rr_text_next_word(&rdata); word.len > 0;
         word = rr_text_next_word(&rdata))
        if (span_equal_text(word, "\\#"))
            return true;
    return false;
}

/* plain_words - rdata with a blank for each parenthesis, which ldns leaves out, so that "a(b"
 * would be "ab"; NULL if it has a comment, which would be dropped, or control characters, some
 * of which ldns takes for blanks */
static const char *plain_words(struct arena *arena, struct span rdata)
{
    char *words = arena_strdup_span(arena, rdata);
    bool is_quoted = false;

    for (char *at = words; *at != '\0'; at++) {
        if ((uint8_t)*at < ' ' && *at != '\t')
            return NULL;
        if (*at == '\\' && at[1] > ' ')
            at++;
        else if (*at == '"')
            is_quoted = !is_quoted;
        else if (!is_quoted && *at == ';')
            return NULL;
        else if (!is_quoted && (*at == '(' || *at == ')'))
            *at = ' ';
    }
    return words;
}

/* put_names - ldns takes a name whose first label is "@" for the origin, however the sign is
 * written; a mail host "@.example.com" is what some consoles make of "@" */
static void put_names(ldns_rr *rr, struct arena *arena, struct span rdata)
{
    for (size_t i = 0; i < ldns_rr_rd_count(rr); i++) {
        struct span word = rr_text_next_word(&rdata);
        const ldns_rdf *field = ldns_rr_rdf(rr, i);
        ldns_rdf *name = NULL;

        if (field == NULL || ldns_rdf_get_type(field) != LDNS_RDF_TYPE_DNAME ||
            ldns_rdf_size(field) > 1 || span_equal_text(word, "."))
            continue;
        name = ldns_dname_new_frm_str(arena_strdup_span(arena, word));
        if (name != NULL)
            ldns_rdf_deep_free(ldns_rr_set_rdf(rr, name, i));
    }
}

/* is_well_formed - is what follows the mark "LENGTH OCTETS", as many as it says, in words of
 * hexadecimal digits (RFC 3597, 5)? ldns takes any word for a length, and further marks */
static bool is_well_formed(struct span rdata)
{
    uint64_t length = 0;
    size_t digits = 0;

    rr_text_next_word(&rdata);
    if (!span_to_number(rr_text_next_word(&rdata), RDATA_MAX, &length))
        return false;
    for (size_t i = 0; i < rdata.len; i++) {
        if (ascii_is_blank(rdata.at[i]))
            continue;
        if (ascii_hex_value(rdata.at[i]) < 0)
            return false;
        digits++;
    }
    return digits == 2 * length;
}

/* read_with_ldns - a line without its owner; NULL if it is malformed */
static ldns_rr *read_with_ldns(struct arena *arena, const char *type, const char *rdata)
{
    const char *line = arena_printf(arena, ". 0 IN %s %s", type, rdata);
    ldns_rr *read = NULL;

    if (ldns_rr_new_frm_str(&read, line, 0, NULL, NULL) == LDNS_STATUS_OK)
        return read;
    ldns_rr_free(read);
    return NULL;
}

/* from_generic - of a type that is kept in generic form ldns may know another: it gets one
 * that nobody knows */
static struct dns_rr *from_generic(struct arena *arena, const struct dns_rr_head *head,
                                   struct span rdata)
{
    const char *type =
        dns_rr_is_known_type(head->type) ? dns_type_to_text(arena, head->type) : "TYPE65280";
    ldns_rr *read = NULL;
    struct dns_rr *rr = NULL;

    if (!is_well_formed(rdata))
        return NULL;
    read = read_with_ldns(arena, type, arena_strdup_span(arena, rdata));
    if (read != NULL)
        rr = dns_rr_from_fields(arena, head, read);
    ldns_rr_free(read);
    return rr;
}

/* from_words - rdata in the form of its type */
static struct dns_rr *from_words(struct arena *arena, const struct dns_rr_head *head,
                                 struct span rdata)
{
    const char *words = plain_words(arena, rdata);
    ldns_rr *read = NULL;
    struct dns_rr *rr = NULL;

    if (words == NULL || !dns_rr_is_known_type(head->type) || has_mark(span_of(words)) ||
        (head->type == DNS_MX && !is_preference(span_of(words))))
        return NULL;
    read = read_with_ldns(arena, dns_type_to_text(arena, head->type), words);
    if (read != NULL) {
        put_names(read, arena, span_of(words));
        rr = dns_rr_from_fields(arena, head, read);
    }
    ldns_rr_free(read);
    return rr;
}

/* read_head - "owner [ttl] [IN] TYPE"; what follows is left in `*rest` */
static bool read_head(struct arena *arena, struct span *rest, struct dns_rr_head *head)
{
    struct span word = rr_text_next_word(rest);
    uint64_t ttl = 0;

    head->owner = dns_name_from_text(arena, arena_strdup_span(arena, word));
    if (head->owner == NULL || word.len == 0)
        return false;
    for (int i = 0; i < 3; i++) { /* TTL and class in either order (RFC 1035, 5.1) */
        word = rr_text_next_word(rest);
        if (span_to_number(word, INT32_MAX, &ttl))
            head->ttl = (uint32_t)ttl;
        else if (!span_equal_nocase(word, "IN"))
            return dns_type_parse(word, &head->type);
    }
    return false;
}

struct dns_rr *dns_rr_from_text(struct arena *arena, const char *text, struct err *why)
{
    struct span rest = span_of(text);
    struct dns_rr_head head = {0};
    struct dns_rr *rr = NULL;
    bool is_one_line = span_find(rest, '\n') < 0 && rest.len <= RDATA_MAX * 4;

    if (is_one_line && read_head(arena, &rest, &head)) {
        rest = span_trim(rest);
        if (rr_text_is_generic(rest))
            rr = from_generic(arena, &head, rest);
        else if (dns_rr_is_text_type(head.type))
            rr = strings_from_text(arena, &head, rest);
        else
            rr = from_words(arena, &head, rest);
    }
    if (rr == NULL)
        err_set(why, "not a record: \"%s\"",
                escape_to_text(arena, span_of(text), LIMIT_SHOWN_BYTES));
    return rr;
}
