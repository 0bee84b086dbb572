/*
 * One term. "=" before any ":" or "/" makes it a modifier (RFC 7208, 4.6.1);
 * everything else is a mechanism, and the table says what may follow its name.
 */
#include <string.h>

#include "record/rec_spf_private.h"

#define PREFIX4_MAX 32  /* RFC 7208, 5.6 */
#define PREFIX6_MAX 128 /* RFC 7208, 5.6 */

enum domain_rule { DOMAIN_FORBIDDEN, DOMAIN_OPTIONAL, DOMAIN_REQUIRED, DOMAIN_IS_ADDRESS };

/* RFC 7208, 5: the mechanisms and what they take */
static const struct mechanism {
    const char *name;
    enum rec_spf_kind kind;
    enum domain_rule domain;
    bool takes_prefix;
} mechanisms[] = {
    {"all", REC_SPF_ALL, DOMAIN_FORBIDDEN, false},
    {"include", REC_SPF_INCLUDE, DOMAIN_REQUIRED, false},
    {"a", REC_SPF_A, DOMAIN_OPTIONAL, true},
    {"mx", REC_SPF_MX, DOMAIN_OPTIONAL, true},
    {"ptr", REC_SPF_PTR, DOMAIN_OPTIONAL, false},
    {"ip4", REC_SPF_IP4, DOMAIN_IS_ADDRESS, true},
    {"ip6", REC_SPF_IP6, DOMAIN_IS_ADDRESS, true},
    {"exists", REC_SPF_EXISTS, DOMAIN_REQUIRED, false},
};

/* find_mechanism - its row; NULL for an unknown name */
static const struct mechanism *find_mechanism(struct span name)
{
    for (size_t i = 0; i < COUNT_OF(mechanisms); i++)
        if (span_equal_nocase(name, mechanisms[i].name))
            return &mechanisms[i];
    return NULL;
}

/* is_qualifier - RFC 7208, 4.6.1 */
static bool is_qualifier(char octet)
{
    return octet == '+' || octet == '-' || octet == '~' || octet == '?';
}

/* is_modifier_name - ALPHA *( ALPHA / DIGIT / "-" / "_" / "." ) (RFC 7208, 4.6.1) */
static bool is_modifier_name(struct span name)
{
    if (name.len == 0 || !ascii_is_alpha(name.at[0]))
        return false;
    for (size_t i = 1; i < name.len; i++)
        if (!ascii_is_alnum(name.at[i]) && strchr("-_.", name.at[i]) == NULL)
            return false;
    return true;
}

/* name_length - how many octets precede the first ":", "/" or "=" */
static size_t name_length(struct span body)
{
    size_t len = 0;

    while (len < body.len && body.at[len] != ':' && body.at[len] != '/' && body.at[len] != '=')
        len++;
    return len;
}

/* spf_term_parse_modifier - redirect=, exp= and those that may yet be invented (RFC 7208, 6) */
static void spf_term_parse_modifier(struct rec_spf_parser *parser, struct span value)
{
    struct rec_spf_term *term = parser->term;

    if (!is_modifier_name(term->name)) {
        rec_spf_fatal(parser, rec_spf_at(REC_SPF_FAULT_UNKNOWN, term->text),
                      "\"%s\" is not a valid modifier name: a letter, then letters, digits, "
                      "\"-\", \"_\" and \".\" follow",
                      rec_spf_shown(parser, term->name));
        return;
    }
    term->domain_spec = value;
    term->has_domain_spec = true;
    term->has_macro = span_find(value, '%') >= 0;
    if (span_equal_nocase(term->name, "redirect")) {
        term->kind = REC_SPF_REDIRECT;
        rec_spf_parse_domain_spec(parser, "redirect=");
    } else if (span_equal_nocase(term->name, "exp")) {
        term->kind = REC_SPF_EXP;
        rec_spf_parse_domain_spec(parser, "exp=");
    } else {
        term->kind = REC_SPF_UNKNOWN_MODIFIER;
        rec_spf_check_macros(parser);
        rec_spf_warn_modifier(parser);
    }
}

/* split_argument - part the octets after the name into domain-spec and prefix lengths */
static struct span split_argument(struct rec_spf_term *term, struct span rest, bool has_prefix)
{
    size_t end = 0;

    if (rest.len == 0 || rest.at[0] != ':')
        return rest;
    rest = span_from(rest, 1);
    end = has_prefix ? rec_spf_find_prefixes(rest) : rest.len;
    term->has_domain_spec = true;
    term->domain_spec = span_sub(rest, 0, end);
    term->has_macro = span_find(term->domain_spec, '%') >= 0;
    return span_from(rest, end);
}

/* parse_all - "all" takes no value (RFC 7208, 5.1) */
static void parse_all(struct rec_spf_parser *parser, struct span rest)
{
    if (rest.len > 0)
        rec_spf_fatal(parser, rec_spf_at(REC_SPF_FAULT_ARGUMENT, rest),
                      "all takes no argument: \"%s\"", rec_spf_shown(parser, rest));
}

/* parse_mechanism - what follows the name, by the row of the table */
static void parse_mechanism(struct rec_spf_parser *parser, const struct mechanism *mechanism,
                            struct span rest)
{
    struct rec_spf_term *term = parser->term;

    term->kind = mechanism->kind;
    if (mechanism->domain == DOMAIN_FORBIDDEN) {
        parse_all(parser, rest);
        return;
    }
    if (mechanism->domain == DOMAIN_IS_ADDRESS) {
        rec_spf_parse_address(parser, rest);
        return;
    }
    rest = split_argument(term, rest, mechanism->takes_prefix);
    if (rest.len > 0 && !mechanism->takes_prefix) {
        rec_spf_fatal(parser, rec_spf_at(REC_SPF_FAULT_ARGUMENT, rest),
                      "%s takes no prefix length: \"%s\"", mechanism->name,
                      rec_spf_shown(parser, rest));
        return;
    }
    if ((term->has_domain_spec || mechanism->domain == DOMAIN_REQUIRED) &&
        !rec_spf_parse_domain_spec(parser, mechanism->name))
        return;
    if (rest.len > 0)
        rec_spf_parse_prefixes(parser, rest);
}

/* parse_directive - qualifier and mechanism */
static void parse_directive(struct rec_spf_parser *parser, struct span body)
{
    struct rec_spf_term *term = parser->term;
    const struct mechanism *mechanism = find_mechanism(term->name);

    if (body.len > 0 && is_qualifier(body.at[0]))
        rec_spf_fatal(parser, rec_spf_at(REC_SPF_FAULT_QUALIFIER, term->text),
                      "\"%s\" begins with two qualifiers", rec_spf_shown(parser, term->text));
    else if (mechanism == NULL)
        rec_spf_complain_unknown(parser, body);
    else
        parse_mechanism(parser, mechanism, span_from(body, term->name.len));
}

/* first_bad_octet - where something other than visible ASCII is; len if nowhere */
static size_t first_bad_octet(struct span text)
{
    size_t at = 0;

    while (at < text.len && ascii_is_visible(text.at[at]))
        at++;
    return at;
}

void rec_spf_parse_term(struct rec_spf_parser *parser)
{
    struct rec_spf_term *term = parser->term;
    struct span body = term->text;
    size_t bad = first_bad_octet(body);
    size_t name_len = 0;

    term->kind = REC_SPF_INVALID;
    term->prefix4 = PREFIX4_MAX;
    term->prefix6 = PREFIX6_MAX;
    if (is_qualifier(body.at[0])) {
        term->qualifier = body.at[0];
        body = span_from(body, 1);
    }
    name_len = name_length(body);
    term->name = span_sub(body, 0, name_len);
    if (bad < term->text.len) {
        rec_spf_complain_octet(parser, bad);
    } else if (name_len < body.len && body.at[name_len] == '=') {
        if (term->qualifier != '\0')
            rec_spf_fatal(parser, rec_spf_at(REC_SPF_FAULT_QUALIFIER, term->text),
                          "\"%s\" is a modifier and takes no qualifier",
                          rec_spf_shown(parser, term->text));
        else
            spf_term_parse_modifier(parser, span_from(body, name_len + 1));
    } else {
        if (term->qualifier == '\0')
            term->qualifier = '+'; /* RFC 7208, 4.6.2 */
        parse_directive(parser, body);
    }
}
