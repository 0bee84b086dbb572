/* Rules for what is around a term, or in it, and belongs to none. */
#include <string.h>

#include "base/err.h"
#include "base/sbuf.h"
#include "dns/dns_name.h"
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

struct span rec_fixer_rule_brackets(struct rec_fixer *fixer, struct span term,
                                    const struct rec_fixer_parts *parts)
{
    const char *name = rec_fixer_mechanism(parts->name);
    struct span value = parts->value;

    if (parts->mark == '\0' || name == NULL || value.len < 3 || !is_bracketed(value) ||
        strchr("<[({'", value.at[0]) == NULL)
        return nothing;
    return rec_fixer_term_noted(fixer, REC_REPAIR_EDGE, term,
                                rec_fixer_term_written(fixer, parts->qualifier, name,
                                                       span_sub(value, 1, value.len - 2)));
}

struct span rec_fixer_rule_port(struct rec_fixer *fixer, struct span term,
                                const struct rec_fixer_parts *parts)
{
    const char *name = rec_fixer_mechanism(parts->name);
    struct span port = parts->value;
    struct span host = span_cut(&port, ':');
    uint64_t number = 0;
    struct ip_address ip;

    if (parts->mark == '\0' || name == NULL || port.len == 0 ||
        !span_to_number(port, 65535, &number) ||
        (!rec_fixer_is_name(host) && (!ip_parse(host, &ip) || ip.family != IP_V4)))
        return nothing;
    return rec_fixer_term_noted(fixer, REC_REPAIR_URL, term,
                                rec_fixer_term_written(fixer, parts->qualifier, name, host));
}

struct span rec_fixer_rule_open_prefix(struct rec_fixer *fixer, struct span term,
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
    return rec_fixer_term_noted(
        fixer, REC_REPAIR_PREFIX, term,
        rec_fixer_term_written(fixer, parts->qualifier, "ip4",
                               is_network && fixer->wants_other
                                   ? rec_fixer_join(fixer->arena, address, "/24", span_of(""))
                                   : address));
}

struct span rec_fixer_rule_no_zone(struct rec_fixer *fixer, struct span term,
                                   const struct rec_fixer_parts *parts)
{
    const char *name = rec_fixer_mechanism(parts->name);
    bool has_letter = false;
    const char *zone = fixer->names != NULL ? fixer->names->zone : NULL;

    if (parts->mark == '\0' || name == NULL || zone == NULL || parts->value.len < 2 ||
        strcmp(name, "all") == 0 || strcmp(name, "ip4") == 0 || strcmp(name, "ip6") == 0 ||
        rec_fixer_mechanism(parts->value) != NULL)
        return nothing;
    for (size_t i = 0; i < parts->value.len; i++) {
        has_letter = has_letter || ascii_is_alpha(parts->value.at[i]);
        if (!ascii_is_alnum(parts->value.at[i]) && strchr("-_", parts->value.at[i]) == NULL)
            return nothing;
    }
    if (!has_letter)
        return nothing;
    if (strcmp(name, "include") == 0 && rec_fixer_owner_name(fixer->names, parts->value))
        return rec_fixer_term_noted(
            fixer, REC_REPAIR_TARGET, term,
            rec_fixer_term_written(fixer, parts->qualifier, name,
                                   span_of(rec_fixer_owner_name(fixer->names, parts->value))));
    return rec_fixer_term_noted(
        fixer, REC_REPAIR_ZONE_LOST, term,
        rec_fixer_term_written(fixer, parts->qualifier, name,
                               rec_fixer_join(fixer->arena, parts->value, ".", span_of(zone))));
}

struct span rec_fixer_rule_letters(struct rec_fixer *fixer, struct span term,
                                   const struct rec_fixer_parts *parts)
{
    const char *name = rec_fixer_mechanism(parts->name);
    const struct dns_name *host = NULL;
    bool is_plain = true;
    struct err why = {0};

    for (size_t i = 0; i < parts->value.len; i++)
        is_plain = is_plain && (unsigned char)parts->value.at[i] < 0x80;
    if (parts->mark == '\0' || name == NULL || is_plain)
        return nothing;
    host = dns_name_parse(fixer->arena, parts->value, &why);
    return host == NULL
               ? nothing
               : rec_fixer_term_noted(fixer, REC_REPAIR_LETTERS, term,
                                      rec_fixer_term_written(fixer, parts->qualifier, name,
                                                             span_of(host->text)));
}

struct span rec_fixer_rule_macro(struct rec_fixer *fixer, struct span term,
                                 const struct rec_fixer_parts *parts)
{
    struct sbuf text = sbuf_start(fixer->arena);
    bool has_any = false;

    (void)parts;
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
    return has_any ? rec_fixer_term_noted(fixer, REC_REPAIR_MACRO, term, sbuf_span(&text))
                   : nothing;
}

struct span rec_fixer_rule_edges(struct rec_fixer *fixer, struct span term,
                                 const struct rec_fixer_parts *parts)
{
    struct span core = term;
    const char *name = rec_fixer_mechanism(parts->name);
    bool is_alone = parts->value.len == 0 && name != NULL &&
                    (strcmp(name, "a") == 0 || strcmp(name, "mx") == 0 ||
                     strcmp(name, "all") == 0 || strcmp(name, "ptr") == 0);

    while (core.len > 0 && strchr("\"',;()<>[]`*", core.at[0]) != NULL)
        core = span_from(core, 1);
    while (core.len > 0 && !is_bracketed(core) &&
           (strchr("\"',;()<>]`", core.at[core.len - 1]) != NULL ||
            (is_alone && strchr(":=.", core.at[core.len - 1]) != NULL)))
        core.len--;
    return core.len == term.len || core.len == 0
               ? nothing
               : rec_fixer_term_noted(fixer, REC_REPAIR_EDGE, term, core);
}
