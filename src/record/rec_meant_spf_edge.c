/* Rules for what is around a term, or in it, and belongs to none. */
#include <string.h>

#include "base/dns_name.h"
#include "base/err.h"
#include "base/sbuf.h"
#include "record/rec_meant_private.h"

static const struct span nothing = {NULL, 0};

/* is_bracketed - the bracket at the end has its other half inside */
static bool is_bracketed(struct span text)
{
    static const char pairs[] = "<>[](){}''";

    for (size_t i = 0; i + 1 < sizeof(pairs) && text.len > 0; i += 2)
        if (text.at[text.len - 1] == pairs[i + 1])
            return span_find(text, pairs[i]) >= 0;
    return false;
}

struct span rec_fixer_rule_brackets(struct rec_fixer *fixer,
                                    const struct rec_fixer_parts *parts)
{
    struct span value = parts->value;

    if (!parts->has_value || value.len < 3 || !is_bracketed(value) ||
        strchr("<[({'", value.at[0]) == NULL)
        return nothing;
    return rec_fixer_term_valued(fixer, REC_REPAIR_EDGE, parts,
                                 span_sub(value, 1, value.len - 2));
}

struct span rec_fixer_rule_port(struct rec_fixer *fixer, const struct rec_fixer_parts *parts)
{
    struct span port = parts->value;
    struct span host = span_cut(&port, ':');
    uint64_t number = 0;
    struct ip_address ip;

    if (!parts->has_value || !span_to_number(port, UINT16_MAX, &number) ||
        (!rec_fixer_is_name(host) && (!ip_parse(host, &ip) || ip.family != IP_V4)))
        return nothing;
    return rec_fixer_term_valued(fixer, REC_REPAIR_URL, parts, host);
}

struct span rec_fixer_rule_open_prefix(struct rec_fixer *fixer,
                                       const struct rec_fixer_parts *parts)
{
    struct span address =
        span_sub(parts->value, 0, parts->value.len > 0 ? parts->value.len - 1 : 0);
    bool is_network = span_ends_with_nocase(address, ".0");
    struct ip_address ip;

    if (parts->mark == '\0' || !span_ends_with_nocase(parts->value, "/") ||
        !ip_parse(address, &ip) || ip.family != IP_V4)
        return nothing; /* how long a prefix of IPv6 was meant nobody can guess */
    fixer->has_other = fixer->has_other || is_network;
    if (is_network && fixer->wants_other)
        address = rec_fixer_join(fixer->arena, address, "/24", span_of(""));
    return rec_fixer_term_named(fixer, REC_REPAIR_PREFIX, parts,
                                &(struct rec_fixer_named){"ip4", address});
}

/* is_one_label - letters, digits, "-" and "_", with a letter among them */
static bool is_one_label(struct span text)
{
    bool has_letter = false;

    for (size_t i = 0; i < text.len; i++) {
        has_letter = has_letter || ascii_is_alpha(text.at[i]);
        if (!ascii_is_alnum(text.at[i]) && strchr("-_", text.at[i]) == NULL)
            return false;
    }
    return has_letter;
}

struct span rec_fixer_rule_no_zone(struct rec_fixer *fixer, const struct rec_fixer_parts *parts)
{
    const char *name = parts->mechanism;
    const char *zone = fixer->names != NULL ? fixer->names->zone : NULL;
    const char *owner = NULL;

    if (!parts->has_value || zone == NULL || parts->value.len < 2 || strcmp(name, "all") == 0 ||
        strcmp(name, "ip4") == 0 || strcmp(name, "ip6") == 0 ||
        rec_fixer_mechanism(parts->value) != NULL || !is_one_label(parts->value))
        return nothing;
    if (strcmp(name, "include") == 0)
        owner = rec_fixer_owner_name(fixer->names, parts->value);
    if (owner != NULL)
        return rec_fixer_term_valued(fixer, REC_REPAIR_TARGET, parts, span_of(owner));
    return rec_fixer_term_valued(
        fixer, REC_REPAIR_ZONE_LOST, parts,
        rec_fixer_join(fixer->arena, parts->value, ".", span_of(zone)));
}

struct span rec_fixer_rule_letters(struct rec_fixer *fixer, const struct rec_fixer_parts *parts)
{
    const struct dns_name *host = NULL;
    bool is_plain = true;
    struct err why = {0};

    for (size_t i = 0; i < parts->value.len; i++)
        is_plain = is_plain && (unsigned char)parts->value.at[i] < 0x80;
    if (parts->has_value && !is_plain)
        host = dns_name_parse(fixer->arena, parts->value, &why);
    return host == NULL
               ? nothing
               : rec_fixer_term_valued(fixer, REC_REPAIR_LETTERS, parts, span_of(host->text));
}

struct span rec_fixer_rule_macro(struct rec_fixer *fixer, const struct rec_fixer_parts *parts)
{
    struct span term = parts->term;
    struct sbuf text = sbuf_start(fixer->arena);
    bool has_any = false;

    for (size_t i = 0; i < term.len; i++) {
        bool is_open = i > 0 && term.at[i - 1] == '%' && term.at[i] == '{';
        bool is_bare = i > 0 && term.at[i - 1] == '%' && ascii_is_alpha(term.at[i]);

        if (is_bare)
            sbuf_addf(&text, "{%c}", term.at[i]);
        else
            sbuf_add_octet(&text, term.at[i]);
        if (is_open && i + 2 < term.len && ascii_is_alpha(term.at[i + 1]) &&
            term.at[i + 2] == '.') {
            sbuf_addf(&text, "%c}", term.at[++i]);
            has_any = true;
        }
        has_any = has_any || is_bare;
    }
    return has_any ? rec_fixer_term_noted(fixer, REC_REPAIR_MACRO, parts, sbuf_span(&text))
                   : nothing;
}

struct span rec_fixer_rule_edges(struct rec_fixer *fixer, const struct rec_fixer_parts *parts)
{
    struct span core = parts->term;
    const char *name = parts->mechanism;
    bool is_alone = parts->value.len == 0 && name != NULL &&
                    (strcmp(name, "a") == 0 || strcmp(name, "mx") == 0 ||
                     strcmp(name, "all") == 0 || strcmp(name, "ptr") == 0);

    while (core.len > 0 && strchr("\"',;()<>[]`*", core.at[0]) != NULL)
        core = span_from(core, 1);
    while (core.len > 0 && !is_bracketed(core) &&
           (strchr("\"',;()<>]`", core.at[core.len - 1]) != NULL ||
            (is_alone && strchr(":=.", core.at[core.len - 1]) != NULL)))
        core.len--;
    return core.len == parts->term.len || core.len == 0
               ? nothing
               : rec_fixer_term_noted(fixer, REC_REPAIR_EDGE, parts, core);
}
