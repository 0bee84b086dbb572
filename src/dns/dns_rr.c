/*
 * Records out of packets and of strings, and their text. Types that this program has no use
 * for are kept in the generic form of RFC 3597, 5, so that nothing is lost.
 */
#include <string.h>

#include "base/ip.h"
#include "base/sbuf.h"
#include "dns/dns_ldns.h"
#include "dns/dns_rr_private.h"

/* what a record has in addition to its text */
enum rr_fields { FIELDS_TEXT, FIELDS_ADDRESS, FIELDS_TARGET, FIELDS_EXCHANGE, FIELDS_STRINGS };

/* rr_fields_of - those of a type */
static enum rr_fields rr_fields_of(enum dns_type type)
{
    switch (type) {
#define TYPE(word, code, fields, ...) \
    case DNS_##word:                  \
        return FIELDS_##fields;
#include "model/dns_type.def"
    }
    return FIELDS_TEXT;
}

bool dns_rr_is_text_type(enum dns_type type)
{
    return rr_fields_of(type) == FIELDS_STRINGS;
}

bool dns_rr_is_known_type(enum dns_type type)
{
    switch (type) {
#define TYPE(word, ...) case DNS_##word:
#include "model/dns_type.def"
#undef TYPE
        return true;
    }
    return false;
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
        if (strings[i].len > DNS_STRING_MAX)
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

const struct dns_name *dns_rr_name_of(struct arena *arena, const ldns_rdf *rdf)
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
    rr->target = dns_rr_name_of(arena, field_of(from, 1, LDNS_RDF_TYPE_DNAME));
    return rr->target != NULL;
}

/* has_all_fields - none is missing: ldns takes what there is. Types kept in generic form
 * have no fields here. */
static bool has_all_fields(const ldns_rr *from)
{
    const ldns_rr_descriptor *wanted = ldns_rr_descript(ldns_rr_get_type(from));

    if (dns_rr_is_known_type((enum dns_type)ldns_rr_get_type(from)) &&
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
    switch (rr_fields_of(rr->type)) {
    case FIELDS_ADDRESS:
        return set_address(arena, rr, from);
    case FIELDS_EXCHANGE:
        return set_mx(arena, rr, from);
    case FIELDS_TARGET:
        rr->target = dns_rr_name_of(arena, field_of(from, 0, LDNS_RDF_TYPE_DNAME));
        return rr->target != NULL;
    case FIELDS_STRINGS:
    case FIELDS_TEXT:
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
        const struct dns_name *name = dns_rr_name_of(arena, rdf);

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

/* rr_set_text - the presentation form of a record whose other fields are set */
static bool rr_set_text(struct arena *arena, struct dns_rr *rr, const ldns_rr *from)
{
    struct sbuf text = start_text(arena, rr);

    if (!dns_rr_is_known_type(rr->type)) {
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

struct dns_rr *dns_rr_from_fields(struct arena *arena, const struct dns_rr_head *head,
                                  const struct ldns_struct_rr *from)
{
    struct dns_rr *rr = NULL;

    if (dns_rr_is_text_type(head->type))
        return from_text_record(arena, head, from);
    rr = arena_new_of(arena, struct dns_rr);
    *rr = (struct dns_rr){.owner = head->owner, .type = head->type, .ttl = head->ttl};
    if (!has_all_fields(from) || !set_fields(arena, rr, from) || !rr_set_text(arena, rr, from))
        return NULL;
    return rr;
}

/* copy_strings - the character-strings of a text record lie in their joined text */
static void copy_strings(struct arena *arena, struct dns_rr *copy, const struct dns_rr *rr)
{
    struct span *strings = arena_array_of(arena, struct span, rr->string_count);
    size_t at = 0;

    copy->joined = arena_span(arena, rr->joined);
    for (size_t i = 0; i < rr->string_count; i++) {
        strings[i] = span_sub(copy->joined, at, rr->strings[i].len);
        at += rr->strings[i].len;
    }
    copy->strings = strings;
}

struct dns_rr *dns_rr_copy(struct arena *arena, const struct dns_rr *rr,
                           const struct dns_name *owner)
{
    struct dns_rr *copy = arena_new_of(arena, struct dns_rr);

    *copy = *rr;
    copy->owner = owner;
    copy->next = NULL;
    copy->text = arena_strdup(arena, rr->text);
    if (rr->string_count > 0)
        copy_strings(arena, copy, rr);
    if (rr->target != NULL)
        copy->target = dns_name_from_text(arena, rr->target->text);
    if (rr->address != NULL) {
        copy->address = arena_new_of(arena, struct ip_address);
        *copy->address = *rr->address;
    }
    return copy;
}
