/* Domain-specs, addresses and prefix lengths: what is after the name of a term. */
#include <string.h>

#include "base/ip.h"
#include "record/rec_spf_macro.h"
#include "record/rec_spf_private.h"

#define MAPPED_LEN 12 /* octets of ::ffff:0:0/96 before the IPv4 address: RFC 4291, 2.5.5.2 */

/* macro_sentence - say what is wrong with the macro at the start of `rest` */
static void macro_sentence(struct rec_spf_parser *parser, enum rec_spf_macro_trouble trouble,
                           struct span rest)
{
    const enum rec_spf_fault kind = REC_SPF_FAULT_MACRO;
    const char *shown = rec_spf_shown(parser, span_sub(rest, 0, 20));
    const char *letter = rec_spf_shown(parser, span_sub(rest, 2, 1));

    switch (trouble) {
    case REC_SPF_MACRO_FINE:
    case REC_SPF_MACRO_OCTET:
        rec_spf_fatal(parser, rec_spf_at(kind, rest),
                      "\"%s\" holds an octet that no macro-string may hold", shown);
        break;
    case REC_SPF_MACRO_PERCENT:
        rec_spf_fatal(parser, rec_spf_at(kind, rest),
                      "after \"%%\" only \"{\", \"%%\", \"_\" and \"-\" may follow: \"%s\"",
                      shown);
        break;
    case REC_SPF_MACRO_LETTER:
        rec_spf_fatal(parser, rec_spf_at(kind, rest), "unknown macro letter \"%s\"", letter);
        break;
    case REC_SPF_MACRO_EXP_ONLY:
        rec_spf_fatal(parser, rec_spf_at(kind, rest),
                      "macro letter %s is allowed only in the text that exp= points to",
                      letter);
        break;
    case REC_SPF_MACRO_ZERO:
        rec_spf_fatal(parser, rec_spf_at(kind, rest), "\"%s\" asks to keep zero parts", shown);
        break;
    case REC_SPF_MACRO_DELIMITER:
        rec_spf_fatal(
            parser, rec_spf_at(kind, rest),
            "\"%s\": only digits, r and the delimiters . - + , / _ = are allowed before \"}\"",
            shown);
        break;
    case REC_SPF_MACRO_OPEN:
        rec_spf_fatal(parser, rec_spf_at(kind, rest), "\"%s\" has no closing \"}\"", shown);
        break;
    }
}

/* scan_macros - check the macros; `*tail_out` is the literal text after the last one,
 * {NULL, 0} if the text ends in a macro */
static bool scan_macros(struct rec_spf_parser *parser, struct span *tail_out)
{
    struct span rest = parser->term->domain_spec;
    struct rec_spf_macro macro;

    *tail_out = rest;
    while (rest.len > 0) {
        enum rec_spf_macro_trouble trouble = rec_spf_macro_next(&rest, false, &macro);

        if (trouble != REC_SPF_MACRO_FINE) {
            macro_sentence(parser, trouble, rest);
            return false;
        }
        *tail_out = macro.literal;
    }
    return true;
}

void rec_spf_check_macros(struct rec_spf_parser *parser)
{
    struct span tail;

    scan_macros(parser, &tail);
}

/* ends_in_toplabel - "." toplabel [ "." ] (RFC 7208, 7.1: domain-end) */
static bool ends_in_toplabel(struct span tail)
{
    ptrdiff_t dot = -1;

    if (tail.len > 0 && tail.at[tail.len - 1] == '.')
        tail.len--;
    dot = span_find_last(tail, '.');
    return dot >= 0 && rec_spf_is_toplabel(span_from(tail, (size_t)dot + 1));
}

bool rec_spf_parse_domain_spec(struct rec_spf_parser *parser, const char *what)
{
    struct rec_spf_term *term = parser->term;
    struct span tail;

    if (term->domain_spec.len == 0) {
        rec_spf_fatal(parser, rec_spf_at(REC_SPF_FAULT_DOMAIN_SPEC, term->text),
                      term->has_domain_spec ? "%s needs a domain; is there a blank too many in "
                                              "the record?"
                                            : "%s needs a domain",
                      what);
        return false;
    }
    if (!scan_macros(parser, &tail))
        return false;
    if (tail.at != NULL && !ends_in_toplabel(tail)) {
        rec_spf_complain_toplabel(parser, what);
        return false;
    }
    rec_spf_warn_domain(parser);
    return true;
}

/* complain_prefix - what is wrong with the digits of a prefix length */
static void complain_prefix(struct rec_spf_parser *parser, struct span digits, bool is_v4)
{
    const enum rec_spf_fault kind = REC_SPF_FAULT_PREFIX;
    const char *shown = rec_spf_shown(parser, digits);

    if (digits.len == 0)
        rec_spf_fatal(parser, rec_spf_at(kind, digits),
                      "the prefix length after \"/\" is missing");
    else if (span_find(digits, '/') >= 0)
        rec_spf_fatal(parser, rec_spf_at(kind, digits),
                      "\"/%s\": an IPv6 prefix length after an IPv4 one takes two slashes, as "
                      "in /24//64",
                      shown);
    else if (rec_spf_digits_before(digits, digits.len) > 0)
        rec_spf_fatal(parser, rec_spf_at(kind, digits), "\"/%s\" is not a prefix length",
                      shown);
    else if (digits.len > 1 && digits.at[0] == '0')
        rec_spf_fatal(parser, rec_spf_at(kind, digits), "\"/%s\" begins with a zero", shown);
    else
        rec_spf_fatal(parser, rec_spf_at(kind, digits), "/%s is longer than an IPv%c address",
                      shown, is_v4 ? '4' : '6');
}

/* parse_prefix - digits without a leading zero, at most the present `*prefix` */
static void parse_prefix(struct rec_spf_parser *parser, struct span digits, unsigned *prefix)
{
    bool has_leading_zero = digits.len > 1 && digits.at[0] == '0';
    uint64_t number = 0;

    if (!has_leading_zero && span_to_number(digits, *prefix, &number))
        *prefix = (unsigned)number;
    else
        complain_prefix(parser, digits, prefix == &parser->term->prefix4);
}

/* find_double_slash - where "//" is; -1 if nowhere */
static ptrdiff_t find_double_slash(struct span text)
{
    for (size_t i = 0; i + 1 < text.len; i++)
        if (text.at[i] == '/' && text.at[i + 1] == '/')
            return (ptrdiff_t)i;
    return -1;
}

/* dual-cidr-length: "/24", "//64", "/24//64" (RFC 7208, 5.3) */
void rec_spf_parse_prefixes(struct rec_spf_parser *parser, struct span text)
{
    struct rec_spf_term *term = parser->term;
    ptrdiff_t both = find_double_slash(text);

    if (both != 0)
        parse_prefix(parser, span_sub(text, 1, both < 0 ? text.len : (size_t)both - 1),
                     &term->prefix4);
    if (both >= 0)
        parse_prefix(parser, span_from(text, (size_t)both + 2), &term->prefix6);
}

/* parse_as_written - ip_parse() that keeps an IPv4-mapped address IPv6 */
static bool parse_as_written(struct span text, struct ip_address *address_out)
{
    static const uint8_t mapped[MAPPED_LEN] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};

    if (!ip_parse(text, address_out))
        return false;
    if (address_out->family == IP_V4 && span_find(text, ':') >= 0) {
        memmove(address_out->octets + MAPPED_LEN, address_out->octets, IP_V4_OCTETS);
        memcpy(address_out->octets, mapped, MAPPED_LEN);
        address_out->family = IP_V6;
    }
    return true;
}

/* glued_at - where digits and dots end and a new term seems to begin; len if nowhere */
static size_t glued_at(struct span text)
{
    size_t at = 0;

    while (at < text.len && (ascii_is_digit(text.at[at]) || text.at[at] == '.'))
        at++;
    return at > 0 && at < text.len &&
                   (ascii_is_alpha(text.at[at]) || text.at[at] == '-' || text.at[at] == '~' ||
                    text.at[at] == '?')
               ? at
               : text.len;
}

/* complain_address - no address: say what it is instead */
static void complain_address(struct rec_spf_parser *parser, struct span text)
{
    const enum rec_spf_fault kind = REC_SPF_FAULT_ADDRESS;
    const char *shown = rec_spf_shown(parser, text);
    bool is_v4 = parser->term->kind == REC_SPF_IP4;
    const char *name = is_v4 ? "ip4" : "ip6";
    size_t glue = glued_at(text);
    char last = text.at[text.len - 1];

    if (last == ',' || last == ';')
        rec_spf_fatal(parser, rec_spf_at(kind, text),
                      "\"%s\": terms are separated by spaces, without \"%c\"", shown, last);
    else if (is_v4 && glue < text.len)
        rec_spf_fatal(parser, rec_spf_at(kind, text),
                      "a blank is missing in \"%s\" before \"%s\"", shown,
                      rec_spf_shown(parser, span_from(text, glue)));
    else if (is_v4 && span_find(text, ':') >= 0)
        rec_spf_fatal(parser, rec_spf_at(kind, text),
                      "\"%s\" is not an IPv4 address: ip4 takes neither port nor IPv6", shown);
    else
        rec_spf_fatal(parser, rec_spf_at(kind, text),
                      "\"%s\" is not an IPv%c address: %s takes a whole one", shown,
                      is_v4 ? '4' : '6', name);
}

/* spf_argument_parse_network - the address itself, of the family that the name says */
static void spf_argument_parse_network(struct rec_spf_parser *parser, struct span text)
{
    struct rec_spf_term *term = parser->term;
    bool is_v4 = term->kind == REC_SPF_IP4;
    struct ip_address address = {0};

    if (!parse_as_written(text, &address)) {
        complain_address(parser, text);
        return;
    }
    if (is_v4 != (address.family == IP_V4)) {
        rec_spf_fatal(parser, rec_spf_at(REC_SPF_FAULT_ADDRESS, text),
                      "\"%s\" is an IPv%c address: write %s:%s", rec_spf_shown(parser, text),
                      is_v4 ? '6' : '4', is_v4 ? "ip6" : "ip4", rec_spf_shown(parser, text));
        return;
    }
    term->address = address;
    if (!is_v4 && ip_from_octets(IP_V6, address.octets).family == IP_V4)
        rec_spf_warn(
            parser, rec_spf_at(REC_SPF_FAULT_ADDRESS, text),
            "\"%s\" never matches: a client with an IPv4-mapped address counts as IPv4",
            rec_spf_shown(parser, text));
}

/* ip4: and ip6: (RFC 7208, 5.6); `text` begins after the name */
void rec_spf_parse_address(struct rec_spf_parser *parser, struct span text)
{
    struct rec_spf_term *term = parser->term;
    bool is_v4 = term->kind == REC_SPF_IP4;
    ptrdiff_t slash = span_find(text, '/');
    struct span prefix = slash < 0 ? span_make(NULL, 0) : span_from(text, (size_t)slash + 1);

    if (text.len > 0 && text.at[0] == ':') {
        term->has_domain_spec = true;
        term->domain_spec =
            slash < 0 ? span_from(text, 1) : span_sub(text, 1, (size_t)slash - 1);
    }
    if (term->domain_spec.len == 0) {
        rec_spf_fatal(parser, rec_spf_at(REC_SPF_FAULT_ADDRESS, term->text),
                      term->has_domain_spec
                          ? "%s needs an address; is there a blank too many after the colon?"
                          : "%s needs an address",
                      is_v4 ? "ip4" : "ip6");
        return;
    }
    spf_argument_parse_network(parser, term->domain_spec);
    if (slash < 0)
        return;
    if (prefix.len > 0 && prefix.at[0] == '/')
        rec_spf_fatal(parser, rec_spf_at(REC_SPF_FAULT_PREFIX, prefix),
                      "\"/%s\": an address takes one prefix length, after one slash",
                      rec_spf_shown(parser, prefix));
    else
        parse_prefix(parser, prefix, is_v4 ? &term->prefix4 : &term->prefix6);
}
