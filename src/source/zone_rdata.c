/*
 * What a type's data looks like is a table row; types without a row go to ldns as they
 * are. Each check notes one fault and the record is skipped.
 */
#include <string.h>

#include "source/zone_rdata.h"
#include "base/escape.h"
#include "base/ip.h"
#include "base/sbuf.h"
#include "dns/dns_ldns.h"
#include "dns/dns_rr.h"
#include "model/dns_answer.h"

#define STRING_MAX 255        /* octets of a character-string: RFC 1035, 3.3 */
#define RDATA_MAX  65535      /* RFC 1035, 3.2.1: RDLENGTH has 16 bits */
#define TTL_MAX    2147483647 /* RFC 2181, 8 */
#define SHOWN_MAX  80

#define TYPE_SRV 33
#define TYPE_URI 256

#define SECONDS_PER_MINUTE 60U
#define SECONDS_PER_HOUR   3600U
#define SECONDS_PER_DAY    86400U
#define SECONDS_PER_WEEK   604800U

/* where the words of a type's data need more care than ldns takes */
struct shape {
    int type;
    size_t number_from; /* first word that is a number, */
    size_t number_to;   /* behind the last one, */
    uint64_t max;       /* and how large it may be */
    size_t target;      /* the word that is a host name; NONE */
    size_t text_from;   /* the first word that is a character-string; NONE */
};

#define NONE SIZE_MAX

static const struct shape shapes[] = {
#define TYPE(word, code, fields, ...) {(code), __VA_ARGS__},
#include "model/dns_type.def"
    {TYPE_SRV, 0, 3, UINT16_MAX, 3, NONE},
    {TYPE_URI, 0, 2, UINT16_MAX, NONE, 2},
};

static const struct shape no_shape = {0, 0, 0, 0, NONE, NONE};

/* first words of SOA data that are times */
#define SOA_TIMES_FROM 3
#define SOA_WORDS      7

const char *zone_shown(struct arena *arena, struct span word)
{
    return escape_to_text(arena, word, SHOWN_MAX);
}

/* unit_seconds - seconds of "s", "m", "h", "d", "w"; 0 for anything else */
static uint64_t unit_seconds(char unit)
{
    static const struct {
        char unit;
        uint64_t seconds;
    } units[] = {{'s', 1},
                 {'m', SECONDS_PER_MINUTE},
                 {'h', SECONDS_PER_HOUR},
                 {'d', SECONDS_PER_DAY},
                 {'w', SECONDS_PER_WEEK}};

    for (size_t i = 0; i < COUNT_OF(units); i++)
        if (units[i].unit == ascii_to_lower(unit))
            return units[i].seconds;
    return 0;
}

bool zone_ttl_parse(struct span word, uint32_t *ttl_out)
{
    uint64_t total = 0;
    size_t at = 0;

    if (word.len == 0)
        return false;
    while (at < word.len) {
        size_t from = at;
        uint64_t number = 0;
        uint64_t unit = 1;

        while (at < word.len && ascii_is_digit(word.at[at]))
            at++;
        if (!span_to_number(span_sub(word, from, at - from), TTL_MAX, &number))
            return false;
        if (at < word.len && (unit = unit_seconds(word.at[at++])) == 0)
            return false;
        total += number * unit;
        if (total > TTL_MAX)
            return false;
    }
    *ttl_out = (uint32_t)total;
    return true;
}

/* shape_of - the row of a type */
static const struct shape *shape_of(enum dns_type type)
{
    for (size_t i = 0; i < COUNT_OF(shapes); i++)
        if (shapes[i].type == (int)type)
            return &shapes[i];
    return &no_shape;
}

/* zone_rdata_type_text - the type for a fault */
static const char *zone_rdata_type_text(const struct zone_draft *draft)
{
    const ldns_rr_descriptor *descriptor = ldns_rr_descript((uint16_t)draft->type);

    return descriptor->_name != NULL ? descriptor->_name
                                     : dns_type_to_text(draft->scratch, draft->type);
}

/* has_generic_data - the "\# LENGTH HEX" form (RFC 3597, 5) */
static bool has_generic_data(const struct zone_draft *draft)
{
    return !draft->words[0].is_quoted && span_equal_text(draft->words[0].text, "\\#");
}

/* loses_comment - unquoted text in which a ";" was not meant to begin a comment */
static bool loses_comment(const struct zone_word *word)
{
    if (word->is_quoted)
        return false;
    return word->is_cut_by_comment ||
           (span_starts_with_nocase(word->text, "v=") && span_find(word->comment, '=') >= 0);
}

/* check_string - one character-string; `*len_out` is how many octets it has */
static bool check_string(const struct zone_draft *draft, const struct zone_word *word,
                         size_t *len_out)
{
    struct span octets = {0};

    if (loses_comment(word))
        return zone_fault_add(
            draft->zone, word->line,
            "everything after \"%s\" is silently dropped, because \";\" begins a "
            "comment; put the whole text in quotes",
            zone_shown(draft->scratch, word->text));
    if (word->has_inner_quotes)
        return zone_fault_add(
            draft->zone, word->line,
            "a quote in the middle of \"%s\"; put the whole text in quotes and "
            "write quotes inside it as \\\"",
            zone_shown(draft->scratch, word->text));
    if (!zone_text_unescape(draft->scratch, word->text, &octets))
        return true; /* check_escapes says so */
    *len_out = octets.len;
    if (octets.len > STRING_MAX)
        zone_fault_add(draft->zone, word->line,
                       "a string of %zu octets; one string holds at most %d (RFC 1035, 3.3), "
                       "split it into several quoted strings",
                       octets.len, STRING_MAX);
    return octets.len <= STRING_MAX;
}

/* check_strings - the character-strings of the data */
static bool check_strings(const struct zone_draft *draft, size_t from)
{
    size_t octets = 0;

    for (size_t i = from; i < draft->count; i++) {
        const struct zone_word *word = &draft->words[i];
        size_t len = 0;

        if (!check_string(draft, word, &len))
            return false;
        if (!word->is_quoted && draft->count - from > 1)
            return zone_fault_add(
                draft->zone, word->line,
                "\"%s\" is not in quotes: the spaces around it are dropped and the "
                "words run together; put quotes around the whole text",
                zone_shown(draft->scratch, word->text));
        octets += len + 1; /* its length precedes it */
    }
    if (octets > RDATA_MAX)
        return zone_fault_add(
            draft->zone, draft->line,
            "%zu octets of data; a record holds at most %d (RFC 1035, 3.2.1), "
            "shorten it",
            octets, RDATA_MAX);
    return true;
}

/* check_escapes - "\DDD" above 255 or a backslash at the end (RFC 1035, 5.1) */
static bool check_escapes(const struct zone_draft *draft)
{
    for (size_t i = 0; i < draft->count; i++) {
        struct span octets = {0};

        if (zone_text_unescape(draft->scratch, draft->words[i].text, &octets))
            continue;
        return zone_fault_add(
            draft->zone, draft->words[i].line,
            "malformed escape in \"%s\": a backslash is followed by one character, "
            "or by three digits up to 255",
            zone_shown(draft->scratch, draft->words[i].text));
    }
    return true;
}

/* check_numbers - ldns keeps the low bits of a number that is too large */
static bool check_numbers(const struct zone_draft *draft, const struct shape *shape)
{
    for (size_t i = shape->number_from; i < shape->number_to && i < draft->count; i++) {
        struct span word = draft->words[i].text;
        uint64_t number = 0;

        if (span_to_number(word, shape->max, &number))
            continue;
        if (draft->type == DNS_TLSA && word.len > 0 && ascii_is_alpha(word.at[0]))
            continue; /* "DANE-EE": RFC 7218, 2 */
        return zone_fault_add(
            draft->zone, draft->words[i].line,
            "\"%s\" in the %s data should be a number from 0 to %llu; correct it",
            zone_shown(draft->scratch, word), zone_rdata_type_text(draft),
            (unsigned long long)shape->max);
    }
    for (size_t i = SOA_TIMES_FROM; draft->type == DNS_SOA && i < draft->count; i++) {
        uint32_t ttl = 0;

        if (zone_ttl_parse(draft->words[i].text, &ttl))
            continue;
        return zone_fault_add(
            draft->zone, draft->words[i].line,
            "\"%s\" in the SOA data should be a number of seconds; correct it",
            zone_shown(draft->scratch, draft->words[i].text));
    }
    return true;
}

/* check_target - a host name, neither quoted nor an address */
static bool check_target(const struct zone_draft *draft, size_t at)
{
    struct ip_address address = {0};
    struct span word = {0};

    if (at >= draft->count)
        return true; /* ldns misses it */
    word = draft->words[at].text;
    if (draft->words[at].is_quoted)
        return zone_fault_add(draft->zone, draft->words[at].line,
                              "the host name \"%s\" is in quotes; remove them",
                              zone_shown(draft->scratch, word));
    if (word.len > 1 && word.at[word.len - 1] == '.')
        word.len--;
    if (!ip_parse(word, &address))
        return true;
    return zone_fault_add(
        draft->zone, draft->words[at].line,
        "%s needs a host name, and \"%s\" is an address; name a host that has "
        "this address",
        zone_rdata_type_text(draft), zone_shown(draft->scratch, word));
}

/* check_address - one address of the right family */
static bool check_address(const struct zone_draft *draft)
{
    enum ip_family family = draft->type == DNS_A ? IP_V4 : IP_V6;
    struct ip_address address = {0};

    if (draft->type != DNS_A && draft->type != DNS_AAAA)
        return true;
    /* ip_parse turns an IPv4-mapped address into IPv4; as AAAA data it is valid */
    if (ip_parse(draft->words[0].text, &address) &&
        (address.family == family ||
         (family == IP_V6 && span_find(draft->words[0].text, ':') >= 0)))
        return true;
    return zone_fault_add(
        draft->zone, draft->words[0].line, "\"%s\" is not an %s address; correct it",
        zone_shown(draft->scratch, draft->words[0].text), family == IP_V4 ? "IPv4" : "IPv6");
}

/* check_data - everything that ldns would not refuse */
static bool check_data(const struct zone_draft *draft, const struct shape *shape)
{
    if (draft->count == 0)
        return zone_fault_add(draft->zone, draft->line,
                              "%s without data; add it or remove the line",
                              zone_rdata_type_text(draft));
    if (has_generic_data(draft))
        return true;
    if (shape->text_from != NONE && !check_strings(draft, shape->text_from))
        return false;
    return check_escapes(draft) && check_numbers(draft, shape) &&
           check_target(draft, shape->target) && check_address(draft);
}

/* name_to_ldns - the name for ldns, which writes the root "." */
static ldns_rdf *name_to_ldns(const struct dns_name *name)
{
    return ldns_dname_new_frm_str(name->len > 0 ? name->text : ".");
}

/* read_strings - a text record, octet for octet and without the parser of ldns */
static struct dns_rr *read_strings(const struct zone_draft *draft)
{
    const struct dns_rr_head head = {draft->owner, draft->type, draft->ttl};
    struct span *strings = arena_array_of(draft->scratch, struct span, draft->count);

    for (size_t i = 0; i < draft->count; i++)
        if (!zone_text_unescape(draft->scratch, draft->words[i].text, &strings[i]))
            return NULL;
    return dns_rr_from_strings(draft->scratch, &head, strings, draft->count);
}

/* line_for_ldns - the record on one line, names in it still relative */
static const char *line_for_ldns(const struct zone_draft *draft, const struct shape *shape)
{
    struct sbuf line = sbuf_start(draft->scratch);

    sbuf_addf(&line, "%s.\t%u\tIN\t%s\t", draft->owner->text, (unsigned)draft->ttl,
              zone_rdata_type_text(draft));
    for (size_t i = 0; i < draft->count; i++) {
        bool is_quoted =
            draft->words[i].is_quoted || (i >= shape->text_from && !has_generic_data(draft));

        sbuf_add(&line, i == 0 ? "" : " ");
        sbuf_add(&line, is_quoted ? "\"" : "");
        sbuf_add_span(&line, draft->words[i].text);
        sbuf_add(&line, is_quoted ? "\"" : "");
    }
    return sbuf_text(&line);
}

/* parse_rr - let ldns read the record; NULL after noting a fault */
static ldns_rr *parse_rr(const struct zone_draft *draft, const struct shape *shape)
{
    ldns_rdf *origin = name_to_ldns(draft->origin);
    ldns_rr *rr = NULL;
    ldns_status status =
        ldns_rr_new_frm_str(&rr, line_for_ldns(draft, shape), draft->ttl, origin, NULL);
    const ldns_rr_descriptor *descriptor = ldns_rr_descript((uint16_t)draft->type);

    ldns_rdf_deep_free(origin);
    if (status == LDNS_STATUS_OK &&
        ldns_rr_rd_count(rr) < ldns_rr_descriptor_minimum(descriptor)) {
        ldns_rr_free(rr);
        rr = NULL;
        status = LDNS_STATUS_SYNTAX_MISSING_VALUE_ERR;
    }
    if (status == LDNS_STATUS_OK)
        return rr;
    zone_fault_add(draft->zone, draft->line,
                   "the %s data cannot be read (%s); compare it with the form of this type",
                   zone_rdata_type_text(draft), ldns_get_errorstr_by_id(status));
    return NULL;
}

/* set_soa_ttl - an SOA without a TTL takes its own minimum */
static void set_soa_ttl(const struct zone_draft *draft, ldns_rr *rr)
{
    if (draft->type == DNS_SOA && !draft->has_ttl && ldns_rr_rd_count(rr) == SOA_WORDS)
        ldns_rr_set_ttl(rr, ldns_rdf2native_int32(ldns_rr_rdf(rr, SOA_WORDS - 1)));
}

/* read_parsed - a record that ldns has read; NULL after noting a fault */
static struct dns_rr *read_parsed(const struct zone_draft *draft, const struct shape *shape)
{
    ldns_rr *rr = parse_rr(draft, shape);
    struct dns_rr *result = NULL;

    if (rr == NULL)
        return NULL;
    set_soa_ttl(draft, rr);
    result = dns_rr_from_ldns(draft->scratch, rr);
    ldns_rr_free(rr);
    if (result == NULL)
        zone_fault_add(draft->zone, draft->line,
                       "the %s data cannot be read; compare it with the form of this type",
                       zone_rdata_type_text(draft));
    return result;
}

struct dns_rr *zone_rdata_read(const struct zone_draft *draft)
{
    const struct shape *shape = shape_of(draft->type);
    struct dns_rr *rr = NULL;

    if (!check_data(draft, shape))
        return NULL;
    if (shape->text_from == 0 && !has_generic_data(draft))
        rr = read_strings(draft);
    else
        rr = read_parsed(draft, shape);
    if (rr == NULL)
        return NULL;
    rr = dns_rr_copy(draft->zone->arena, rr, draft->owner);
    rr->file = draft->zone->file;
    rr->line = draft->line;
    return rr;
}
