/*
 * Text records of type TXT are cut here, because ldns joins unquoted words and drops what
 * follows a ";"; every other type is read by ldns. Types that this program has no use for are
 * kept in the generic form of RFC 3597, 5, so that nothing is lost.
 */
#include <string.h>

#include "base/escape.h"
#include "base/limits.h"
#include "base/sbuf.h"
#include "dns/dns_ldns.h"
#include "dns/dns_rr.h"

#define STRING_MAX 255 /* octets of a character-string: RFC 1035, 3.3 */
#define RDATA_MAX  65535

static const char generic_mark[] = "\\# "; /* RFC 3597, 5 */

/* is_text_type - TXT and its former twin for SPF (RFC 7208, 3.1) */
static bool is_text_type(enum dns_type type)
{
    return type == DNS_TXT || type == DNS_SPF;
}

/* is_known_type - a type whose name and rdata are written in their own form */
static bool is_known_type(struct arena *arena, enum dns_type type)
{
    return !span_starts_with(span_of(dns_type_to_text(arena, type)), "TYPE");
}

/* start_text - "owner.\tttl\tIN\tTYPE\t" */
static struct sbuf start_text(struct arena *arena, const struct dns_rr *rr)
{
    struct sbuf buf = sbuf_start(arena);

    sbuf_add(&buf, rr->owner->text);
    sbuf_addf(&buf, ".\t%u\tIN\t", (unsigned)rr->ttl);
    sbuf_add(&buf, dns_type_to_text(arena, rr->type));
    sbuf_add_octet(&buf, '\t');
    return buf;
}

/* add_string - one character-string in quotes (RFC 1035, 5.1) */
static void add_string(struct sbuf *buf, struct span octets)
{
    sbuf_add_octet(buf, '"');
    for (size_t i = 0; i < octets.len; i++) {
        uint8_t octet = (uint8_t)octets.at[i];

        if (octet < ' ' || octet > '~') {
            sbuf_addf(buf, "\\%03u", (unsigned)octet);
            continue;
        }
        if (octet == '"' || octet == '\\')
            sbuf_add_octet(buf, '\\');
        sbuf_add_octet(buf, (char)octet);
    }
    sbuf_add_octet(buf, '"');
}

struct dns_rr *dns_rr_from_strings(struct arena *arena, const struct dns_rr_head *head,
                                   const struct span *strings, size_t count)
{
    struct dns_rr *rr = arena_new_of(arena, struct dns_rr);
    struct span *copies = NULL;
    struct sbuf joined = sbuf_start(arena);
    struct sbuf text;

    if (count == 0)
        return NULL;
    copies = arena_array_of(arena, struct span, count);
    *rr = (struct dns_rr){.owner = head->owner, .type = head->type, .ttl = head->ttl};
    text = start_text(arena, rr);
    for (size_t i = 0; i < count; i++) {
        if (strings[i].len > STRING_MAX)
            return NULL;
        copies[i] = arena_span(arena, strings[i]);
        sbuf_add_span(&joined, strings[i]);
        if (i > 0)
            sbuf_add_octet(&text, ' ');
        add_string(&text, strings[i]);
    }
    rr->strings = copies;
    rr->string_count = count;
    rr->joined = sbuf_span(&joined);
    rr->text = sbuf_text(&text);
    return rr;
}

/* rdf_octets - the wire form of one field */
static struct span rdf_octets(const ldns_rdf *rdf)
{
    return span_make((const char *)ldns_rdf_data(rdf), ldns_rdf_size(rdf));
}

/* field_of - the field at `index` if it is of that kind; NULL */
static const ldns_rdf *field_of(const ldns_rr *from, size_t index, ldns_rdf_type kind)
{
    const ldns_rdf *rdf = index < ldns_rr_rd_count(from) ? ldns_rr_rdf(from, index) : NULL;

    return rdf != NULL && ldns_rdf_get_type(rdf) == kind ? rdf : NULL;
}

/* name_of - a name field */
static const struct dns_name *name_of(struct arena *arena, const ldns_rdf *rdf)
{
    return rdf == NULL || ldns_rdf_data(rdf) == NULL
               ? NULL
               : dns_name_from_wire(arena, ldns_rdf_data(rdf), ldns_rdf_size(rdf));
}

/* set_address - A and AAAA; false if the field is missing or has another length */
static bool set_address(struct arena *arena, struct dns_rr *rr, const ldns_rr *from)
{
    bool is_v4 = rr->type == DNS_A;
    const ldns_rdf *rdf = field_of(from, 0, is_v4 ? LDNS_RDF_TYPE_A : LDNS_RDF_TYPE_AAAA);

    if (rdf == NULL || ldns_rdf_size(rdf) != (is_v4 ? IP_V4_OCTETS : IP_V6_OCTETS))
        return false;
    rr->address = arena_new_of(arena, struct ip_address);
    *rr->address = ip_from_octets(is_v4 ? IP_V4 : IP_V6, ldns_rdf_data(rdf));
    return true;
}

/* set_mx - preference and exchange */
static bool set_mx(struct arena *arena, struct dns_rr *rr, const ldns_rr *from)
{
    const ldns_rdf *preference = field_of(from, 0, LDNS_RDF_TYPE_INT16);

    if (preference == NULL || ldns_rdf_size(preference) != sizeof(uint16_t))
        return false;
    rr->preference = ldns_rdf2native_int16(preference);
    rr->target = name_of(arena, field_of(from, 1, LDNS_RDF_TYPE_DNAME));
    return rr->target != NULL;
}

/* has_all_fields - none is missing: ldns takes what there is. Types kept in generic form
 * have no fields here. */
static bool has_all_fields(struct arena *arena, const ldns_rr *from)
{
    const ldns_rr_descriptor *wanted = ldns_rr_descript(ldns_rr_get_type(from));

    if (is_known_type(arena, (enum dns_type)ldns_rr_get_type(from)) &&
        ldns_rr_rd_count(from) < ldns_rr_descriptor_minimum(wanted))
        return false;
    for (size_t i = 0; i < ldns_rr_rd_count(from); i++)
        if (ldns_rr_rdf(from, i) == NULL)
            return false;
    return true;
}

/* set_fields - what the type of the record has; false if something is missing */
static bool set_fields(struct arena *arena, struct dns_rr *rr, const ldns_rr *from)
{
    switch (rr->type) {
    case DNS_A:
    case DNS_AAAA:
        return set_address(arena, rr, from);
    case DNS_MX:
        return set_mx(arena, rr, from);
    case DNS_NS:
    case DNS_CNAME:
    case DNS_PTR:
    case DNS_DNAME:
        rr->target = name_of(arena, field_of(from, 0, LDNS_RDF_TYPE_DNAME));
        return rr->target != NULL;
    case DNS_SOA:
    case DNS_TXT:
    case DNS_DS:
    case DNS_RRSIG:
    case DNS_NSEC:
    case DNS_DNSKEY:
    case DNS_NSEC3:
    case DNS_TLSA:
    case DNS_SPF:
    case DNS_CAA:
        break;
    }
    return true;
}

/* add_generic - "\# 3 0a0b0c" (RFC 3597, 5) */
static void add_generic(struct sbuf *text, const ldns_rr *from)
{
    size_t len = 0;

    for (size_t i = 0; i < ldns_rr_rd_count(from); i++)
        len += ldns_rdf_size(ldns_rr_rdf(from, i));
    sbuf_addf(text, "\\# %zu ", len);
    for (size_t i = 0; i < ldns_rr_rd_count(from); i++) {
        struct span octets = rdf_octets(ldns_rr_rdf(from, i));

        for (size_t j = 0; j < octets.len; j++)
            sbuf_addf(text, "%02x", (unsigned)(uint8_t)octets.at[j]);
    }
}

/* add_field - one field of rdata, names in lower case, but for that of NSEC, whose signature
 * covers it as it is (RFC 6840, 5.1); false if it cannot be written */
static bool add_field(struct sbuf *text, struct arena *arena, const ldns_rdf *rdf,
                      enum dns_type type)
{
    char *written = NULL;

    if (ldns_rdf_get_type(rdf) == LDNS_RDF_TYPE_DNAME && type != DNS_NSEC) {
        const struct dns_name *name = name_of(arena, rdf);

        if (name == NULL)
            return false;
        sbuf_add(text, name->text);
        sbuf_add_octet(text, '.');
        return true;
    }
    written = ldns_rdf2str(rdf);
    if (written == NULL)
        return false;
    sbuf_add(text, written);
    LDNS_FREE(written);
    return true;
}

/* set_text - the presentation form of a record whose other fields are set */
static bool set_text(struct arena *arena, struct dns_rr *rr, const ldns_rr *from)
{
    struct sbuf text = start_text(arena, rr);

    if (!is_known_type(arena, rr->type)) {
        add_generic(&text, from);
    } else {
        if (ldns_rr_rd_count(from) == 0)
            return false;
        for (size_t i = 0; i < ldns_rr_rd_count(from); i++) {
            if (i > 0)
                sbuf_add_octet(&text, ' ');
            if (!add_field(&text, arena, ldns_rr_rdf(from, i), rr->type))
                return false;
        }
    }
    rr->text = sbuf_text(&text);
    return true;
}

/* from_text_record - TXT and SPF out of a packet: wire strings, never through escapes */
static struct dns_rr *from_text_record(struct arena *arena, const struct dns_rr_head *head,
                                       const ldns_rr *from)
{
    size_t count = ldns_rr_rd_count(from);
    struct span *strings = arena_array_of(arena, struct span, count + 1);

    for (size_t i = 0; i < count; i++) {
        const ldns_rdf *rdf = field_of(from, i, LDNS_RDF_TYPE_STR);

        if (rdf == NULL || ldns_rdf_size(rdf) == 0)
            return NULL;
        strings[i] = span_from(rdf_octets(rdf), 1); /* the first octet is the length */
    }
    return dns_rr_from_strings(arena, head, strings, count);
}

/* from_fields - a record whose owner, type and TTL are known already */
static struct dns_rr *from_fields(struct arena *arena, const struct dns_rr_head *head,
                                  const ldns_rr *from)
{
    struct dns_rr *rr = NULL;

    if (is_text_type(head->type))
        return from_text_record(arena, head, from);
    rr = arena_new_of(arena, struct dns_rr);
    *rr = (struct dns_rr){.owner = head->owner, .type = head->type, .ttl = head->ttl};
    if (!has_all_fields(arena, from) || !set_fields(arena, rr, from) ||
        !set_text(arena, rr, from))
        return NULL;
    return rr;
}

/* next_word - cut the first word off; blanks are SP and HTAB */
static struct span next_word(struct span *rest)
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

/* add_escape - the octet of "\032" or "\."; the length of it all, 0 if malformed */
static size_t add_escape(struct sbuf *octets, struct span at)
{
    uint64_t number = 0;

    if (at.len < 2)
        return 0;
    if (!ascii_is_digit(at.at[1])) {
        sbuf_add_octet(octets, at.at[1]);
        return 2;
    }
    if (at.len < 4 || !span_to_number(span_sub(at, 1, 3), UINT8_MAX, &number))
        return 0;
    sbuf_add_octet(octets, (char)(uint8_t)number);
    return 4;
}

/* next_string - cut one character-string off; false if a quote or an escape is broken */
static bool next_string(struct arena *arena, struct span *rest, struct span *string_out)
{
    struct sbuf octets = sbuf_start(arena);
    bool is_quoted = rest->at[0] == '"';

    if (is_quoted)
        *rest = span_from(*rest, 1);
    while (rest->len > 0) {
        size_t len = 1;

        if (is_quoted ? rest->at[0] == '"' : ascii_is_blank(rest->at[0]))
            break;
        if (rest->at[0] == '\\')
            len = add_escape(&octets, *rest);
        else
            sbuf_add_octet(&octets, rest->at[0]);
        if (len == 0)
            return false;
        *rest = span_from(*rest, len);
    }
    if (is_quoted && rest->len == 0)
        return false;
    *rest = span_from(*rest, is_quoted ? 1 : 0);
    *string_out = sbuf_span(&octets);
    return string_out->len <= STRING_MAX;
}

/* strings_from_text - the rdata of a TXT record; NULL if it is none */
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

    return span_to_number(next_word(&rdata), UINT16_MAX, &preference);
}

/* has_late_mark - the mark of the generic form behind other words: ldns goes on with octets
 * there, and drops what stands before */
static bool has_late_mark(struct span rdata)
{
    next_word(&rdata); /* at the front it is in its place */
    for (struct span word = next_word(&rdata); word.len > 0; word = next_word(&rdata))
        if (span_equal_text(word, "\\#"))
            return true;
    return false;
}

/* put_names - ldns takes a name whose first label is "@" for the origin, however the sign is
 * written; a mail host "@.example.com" is what some consoles make of "@" */
static void put_names(ldns_rr *rr, struct arena *arena, struct span rdata)
{
    for (size_t i = 0; i < ldns_rr_rd_count(rr); i++) {
        struct span word = next_word(&rdata);
        const ldns_rdf *field = field_of(rr, i, LDNS_RDF_TYPE_DNAME);
        ldns_rdf *name = NULL;

        if (field == NULL || ldns_rdf_size(field) > 1 || span_equal_text(word, "."))
            continue;
        name = ldns_dname_new_frm_str(arena_strdup_span(arena, word));
        if (name != NULL)
            ldns_rdf_deep_free(ldns_rr_set_rdf(rr, name, i));
    }
}

/* with_ldns - let ldns read the rdata; NULL if it is malformed. The owner stays out of it:
 * ldns does not read long names with many escapes. Of a type that is kept in generic form ldns
 * may know another: it gets one that nobody knows. */
static struct dns_rr *with_ldns(struct arena *arena, const struct dns_rr_head *head,
                                struct span rdata)
{
    bool is_generic = span_starts_with(rdata, generic_mark);
    bool is_known = is_known_type(arena, head->type);
    struct dns_rr *rr = NULL;
    ldns_rr *read = NULL;
    const char *line = arena_printf(
        arena, ". 0 IN %s %.*s", is_known ? dns_type_to_text(arena, head->type) : "TYPE65280",
        SPAN_ARG(rdata));

    if (!is_generic &&
        (!is_known || has_late_mark(rdata) || (head->type == DNS_MX && !is_preference(rdata))))
        return NULL;
    if (ldns_rr_new_frm_str(&read, line, 0, NULL, NULL) == LDNS_STATUS_OK) {
        if (!is_generic)
            put_names(read, arena, rdata);
        rr = from_fields(arena, head, read);
    }
    ldns_rr_free(read);
    return rr;
}

/* is_well_formed - is what follows the mark "LENGTH OCTETS", as many as it says, in words of
 * hexadecimal digits (RFC 3597, 5)? ldns takes any word for a length, and further marks */
static bool is_well_formed(struct span rdata)
{
    uint64_t length = 0;
    size_t digits = 0;

    rdata = span_trim(span_from(rdata, sizeof(generic_mark) - 1));
    if (!span_to_number(next_word(&rdata), RDATA_MAX, &length))
        return false;
    for (size_t i = 0; i < rdata.len; i++) {
        if (rdata.at[i] == '\0' || strchr("0123456789abcdefABCDEF \t", rdata.at[i]) == NULL)
            return false;
        digits += ascii_is_blank(rdata.at[i]) ? 0 : 1;
    }
    return digits == 2 * length;
}

/* read_head - "owner [ttl] [IN] TYPE"; what follows is left in `*rest` */
static bool read_head(struct arena *arena, struct span *rest, struct dns_rr_head *head)
{
    struct span word = next_word(rest);
    uint64_t ttl = 0;

    head->owner = dns_name_from_text(arena, arena_strdup_span(arena, word));
    if (head->owner == NULL || word.len == 0)
        return false;
    for (int i = 0; i < 3; i++) { /* TTL and class in either order (RFC 1035, 5.1) */
        word = next_word(rest);
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
        if (span_starts_with(rest, generic_mark) && !is_well_formed(rest))
            rr = NULL;
        else if (is_text_type(head.type) && !span_starts_with(rest, generic_mark))
            rr = strings_from_text(arena, &head, rest);
        else
            rr = with_ldns(arena, &head, rest);
    }
    if (rr == NULL)
        err_set(why, "not a record: \"%s\"",
                escape_to_text(arena, span_of(text), LIMIT_SHOWN_BYTES));
    return rr;
}

/* is_readable - the text gives the same record again, as snapshots need it: ldns takes NSEC3
 * records without a hash, and lists of types that no text can have */
static bool is_readable(struct arena *arena, const struct dns_rr *rr)
{
    const struct dns_rr *again = dns_rr_from_text(arena, rr->text, &(struct err){0});

    return again != NULL && strcmp(again->text, rr->text) == 0;
}

struct dns_rr *dns_rr_from_ldns(struct arena *arena, const struct ldns_struct_rr *from)
{
    const struct dns_rr_head head = {
        .owner = name_of(arena, ldns_rr_owner(from)),
        .type = (enum dns_type)ldns_rr_get_type(from),
        .ttl = ldns_rr_ttl(from) > INT32_MAX ? 0 : ldns_rr_ttl(from), /* RFC 2181, 8 */
    };
    struct dns_rr *rr = NULL;

    if (head.owner != NULL && ldns_rr_get_class(from) == LDNS_RR_CLASS_IN)
        rr = from_fields(arena, &head, from);
    return rr != NULL && (is_text_type(rr->type) || is_readable(arena, rr)) ? rr : NULL;
}
