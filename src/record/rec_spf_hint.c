/*
 * Sentences for mistakes that people really make. Nothing here decides:
 * the caller already knows that the term is wrong, or that it is suspicious.
 */
#include <string.h>

#include "base/ip.h"
#include "base/limits.h"
#include "base/suggest.h"
#include "record/rec_spf_private.h"

/* spellings that are too far from the right one to be guessed */
static const struct {
    const char *wrong;
    const char *right;
} spellings[] = {
    {"ipv4", "ip4"},   {"ipv6", "ip6"},      {"ip", "ip4"},      {"ip-4", "ip4"},
    {"ip-6", "ip6"},   {"inc", "include"},   {"spf", "include"}, {"host", "a"},
    {"cname", "a"},    {"aaaa", "a"},        {"any", "all"},     {"server", "a"},
    {"hostname", "a"}, {"ipaddress", "ip4"}, {"ipaddr", "ip4"},  {"address", "ip4"},
    {"mxx", "mx"},
};

static const char *const names[] = {"all", "include", "a",      "mx",       "ptr",
                                    "ip4", "ip6",     "exists", "redirect", "exp"};

/* octet sequences that word processors and web pages leave behind */
static const struct {
    const char *octets;
    const char *name;
} strays[] = {
    {"\xe2\x80\x9c", "a typographic quotation mark"},
    {"\xe2\x80\x9d", "a typographic quotation mark"},
    {"\xe2\x80\x9e", "a typographic quotation mark"},
    {"\xe2\x80\x98", "a typographic quotation mark"},
    {"\xe2\x80\x99", "a typographic quotation mark"},
    {"\xe2\x80\x90", "a typographic hyphen"},
    {"\xe2\x80\x91", "a typographic hyphen"},
    {"\xe2\x80\x93", "a dash; \"-\" was probably meant"},
    {"\xe2\x80\x94", "a dash; \"-\" was probably meant"},
    {"\xe2\x88\x92", "a minus sign; \"-\" was probably meant"},
    {"\xe2\x80\x8b", "an invisible zero-width blank"},
    {"\xef\xbb\xbf", "an invisible byte order mark"},
    {"\xc2\xa0", "a no-break space; terms are separated by plain spaces"},
    {"\t", "a tab; terms are separated by spaces only"},
    {"\r", "a line break; terms are separated by spaces only"},
    {"\n", "a line break; terms are separated by spaces only"},
};

const char *rec_spf_guess(struct span name)
{
    for (size_t i = 0; i < COUNT_OF(spellings); i++)
        if (span_equal_nocase(name, spellings[i].wrong))
            return spellings[i].right;
    for (size_t edits = 0; edits <= 2; edits++)
        for (size_t i = 0; i < COUNT_OF(names); i++)
            if (strlen(names[i]) > 2 * edits &&
                suggest_distance(name, span_of(names[i]), edits) == edits)
                return names[i];
    return NULL;
}

void rec_spf_complain_octet(struct rec_spf_parser *parser, size_t at)
{
    struct span rest = span_from(parser->term->text, at);
    const char *shown = rec_spf_shown(parser, parser->term->text);

    for (size_t i = 0; i < COUNT_OF(strays); i++) {
        if (span_starts_with(rest, strays[i].octets)) {
            rec_spf_fatal(
                parser,
                rec_spf_at(REC_SPF_FAULT_OCTET, span_sub(rest, 0, strlen(strays[i].octets))),
                "\"%s\" holds %s", shown, strays[i].name);
            return;
        }
    }
    rec_spf_fatal(parser, rec_spf_at(REC_SPF_FAULT_OCTET, span_sub(rest, 0, 1)),
                  "\"%s\" holds the octet 0x%02x, which is not visible ASCII", shown,
                  (unsigned)(unsigned char)rest.at[0]);
}

/* complain_punctuation - quotes, commas and colons that belong elsewhere; false if there
 * are none */
static bool complain_punctuation(struct rec_spf_parser *parser, struct span body)
{
    const enum rec_spf_fault kind = REC_SPF_FAULT_UNKNOWN;
    const char *shown = rec_spf_shown(parser, parser->term->text);
    char last = body.len > 0 ? body.at[body.len - 1] : '\0';

    if (span_find(body, '"') >= 0 || span_find(body, '\'') >= 0)
        rec_spf_fatal(parser, rec_spf_at(kind, body),
                      "the quotation mark in \"%s\" is part of the record; quotes belong only "
                      "around it, in the zone file",
                      shown);
    else if (body.len > 0 && body.at[0] == ':')
        rec_spf_fatal(parser, rec_spf_at(kind, body),
                      "\"%s\": no blank is allowed before "
                      "\":\"",
                      shown);
    else if (last == ',' || last == ';')
        rec_spf_fatal(parser, rec_spf_at(kind, body),
                      "\"%s\": terms are separated by spaces, without \"%c\"", shown, last);
    else
        return false;
    return true;
}

/* complain_bare - a value without its mechanism; false if it looks like something else */
static bool complain_bare(struct rec_spf_parser *parser, struct span body)
{
    const enum rec_spf_fault kind = REC_SPF_FAULT_UNKNOWN;
    const char *shown = rec_spf_shown(parser, body);
    ptrdiff_t slash = span_find_last(body, '/');
    struct ip_address address = {0};

    if (ip_parse(slash < 0 ? body : span_sub(body, 0, (size_t)slash), &address)) {
        rec_spf_fatal(parser, rec_spf_at(kind, body),
                      "an address needs a mechanism: did you mean %s:%s?",
                      address.family == IP_V4 ? "ip4" : "ip6", shown);
        return true;
    }
    if (span_find(body, '.') > 0 && span_find(body, ':') < 0) {
        rec_spf_fatal(parser, rec_spf_at(kind, body),
                      "\"%s\" has no mechanism before it: did you mean include:%s or a:%s?",
                      shown, shown, shown);
        return true;
    }
    return false;
}

/* complain_no_mechanism - something like a name that is none */
static void complain_no_mechanism(struct rec_spf_parser *parser, struct span body)
{
    const enum rec_spf_fault kind = REC_SPF_FAULT_UNKNOWN;
    struct span name = parser->term->name;
    const char *shown = rec_spf_shown(parser, name);
    const char *meant = rec_spf_guess(name);

    if (span_equal_nocase(name, "redirect") || span_equal_nocase(name, "exp"))
        rec_spf_fatal(parser, rec_spf_at(kind, body), "%s is a modifier: write %s=", shown,
                      shown);
    else if (name.len > 3 && span_ends_with_nocase(name, "all") && body.len == name.len)
        rec_spf_fatal(parser, rec_spf_at(kind, body),
                      "unknown mechanism \"%s\"; is a blank missing before \"all\"?", shown);
    else if (meant != NULL)
        rec_spf_fatal(parser, rec_spf_at(kind, body),
                      "unknown mechanism \"%s\", did you mean %s?", shown, meant);
    else
        rec_spf_fatal(parser, rec_spf_at(kind, body), "unknown mechanism \"%s\"", shown);
}

void rec_spf_complain_unknown(struct rec_spf_parser *parser, struct span body)
{
    /* where no sentence is wanted, none is thought of */
    if (parser->fault_count >= LIMIT_SPF_FAULTS)
        rec_spf_fatal(parser, rec_spf_at(REC_SPF_FAULT_UNKNOWN, body), "unknown mechanism");
    else if (body.len == 0)
        rec_spf_fatal(parser, rec_spf_at(REC_SPF_FAULT_QUALIFIER, parser->term->text),
                      "\"%s\" is a qualifier without a mechanism; is there a blank too many "
                      "after it?",
                      rec_spf_shown(parser, parser->term->text));
    else if (!complain_punctuation(parser, body) && !complain_bare(parser, body))
        complain_no_mechanism(parser, body);
}

void rec_spf_complain_toplabel(struct rec_spf_parser *parser, const char *what)
{
    const enum rec_spf_fault kind = REC_SPF_FAULT_DOMAIN_SPEC;
    struct span spec = parser->term->domain_spec;
    const char *shown = rec_spf_shown(parser, spec);
    ptrdiff_t slash = span_find_last(spec, '/');
    char last = spec.at[spec.len - 1];
    struct ip_address address = {0};

    if (ip_parse(spec, &address))
        rec_spf_fatal(parser, rec_spf_at(kind, spec),
                      "%s takes a domain, not an address: did you mean "
                      "%s:%s?",
                      what, address.family == IP_V4 ? "ip4" : "ip6", shown);
    else if (last == ',' || last == ';')
        rec_spf_fatal(parser, rec_spf_at(kind, spec),
                      "\"%s\": terms are separated by spaces, without \"%c\"", shown, last);
    else if (last == '"' || last == '\'')
        rec_spf_fatal(parser, rec_spf_at(kind, spec),
                      "the quotation mark in \"%s\" is part of the record; quotes belong only "
                      "around it, in the zone file",
                      shown);
    else if (memmem(spec.at, spec.len, "://", strlen("://")) != NULL)
        rec_spf_fatal(parser, rec_spf_at(kind, spec),
                      "\"%s\" is a URL; a domain name belongs here", shown);
    else if (slash >= 0 && rec_spf_find_prefixes(spec) < spec.len)
        rec_spf_fatal(
            parser, rec_spf_at(REC_SPF_FAULT_PREFIX, span_from(spec, (size_t)slash)),
            parser->term->kind == REC_SPF_A || parser->term->kind == REC_SPF_MX
                ? "%s:%s: an IPv6 prefix length after an IPv4 one takes two slashes, as "
                  "in /24//64"
                : "%s takes no prefix length: \"%s\"",
            what, shown);
    else if (span_ends_with_nocase(spec, "}."))
        rec_spf_fatal(parser, rec_spf_at(kind, spec),
                      "\"%s\": drop the dot at the end, after the macro", shown);
    else if (span_find(spec, '.') < 0 || span_find(spec, '.') == (ptrdiff_t)spec.len - 1)
        rec_spf_fatal(parser, rec_spf_at(kind, spec),
                      "\"%s\" is one label; %s takes a full domain name", shown, what);
    else
        rec_spf_fatal(parser, rec_spf_at(kind, spec),
                      "\"%s\" does not end in a top-level domain: letters, digits and inner "
                      "hyphens, not digits alone",
                      shown);
}

void rec_spf_warn_modifier(struct rec_spf_parser *parser)
{
    const enum rec_spf_fault kind = REC_SPF_FAULT_UNKNOWN;
    struct rec_spf_term *term = parser->term;
    const char *shown = rec_spf_shown(parser, term->text);

    if (rec_spf_is_record(term->text)) {
        rec_spf_warn(
            parser, rec_spf_at(kind, term->text),
            "a second \"v=spf1\" in one record means nothing; were two records joined?");
        return;
    }
    for (size_t i = 0; i < COUNT_OF(names); i++)
        if (span_equal_nocase(term->name, names[i]))
            rec_spf_warn(
                parser, rec_spf_at(kind, term->text),
                "\"%s\" is an unknown modifier and ignored: a mechanism takes \":\", not "
                "\"=\"",
                shown);
}

void rec_spf_warn_domain(struct rec_spf_parser *parser)
{
    static const char *const glued[] = {"-all", "~all", "?all", "include:", "ip4:", "ip6:"};
    struct span spec = parser->term->domain_spec;
    bool has_colon = span_find(spec, ':') >= 0;
    bool is_glued = false;

    for (size_t i = 0; i < 3; i++)
        is_glued = is_glued || span_ends_with_nocase(spec, glued[i]);
    for (size_t i = 3; i < COUNT_OF(glued); i++)
        is_glued = is_glued ||
                   (has_colon && memmem(spec.at, spec.len, glued[i], strlen(glued[i])) != NULL);
    if (is_glued)
        rec_spf_warn(parser, rec_spf_at(REC_SPF_FAULT_DOMAIN_SPEC, spec),
                     "\"%s\" is read as one domain name; is a blank missing in it?",
                     rec_spf_shown(parser, spec));
}
