/*
 * One term of an SPF record. Rules are tried in turn until the term is well-formed: each
 * knows one way in which people miswrite terms, and says what it changed. What no rule makes
 * well-formed has no reading.
 */
#include <string.h>

#include "base/sbuf.h"
#include "record/rec_meant_private.h"
#include "record/rec_spf.h"
#include "record/rec_spf_private.h"

#define ROUNDS 8 /* more mistakes than this are in no term */

static const struct span nothing = {NULL, 0};

const char *rec_fixer_mechanism(struct span word)
{
    return span_starts_with_nocase(word, "redirect") ? "redirect" : rec_spf_guess(word);
}

/* is_modifier_word - redirect and exp take "=" */
static bool is_modifier_word(const char *name)
{
    return strcmp(name, "redirect") == 0 || strcmp(name, "exp") == 0;
}

/* takes_address - ip4 and ip6 */
static bool takes_address(const char *name)
{
    return strcmp(name, "ip4") == 0 || strcmp(name, "ip6") == 0;
}

/* spf_term_parts - a term cut at its marks */
static struct rec_fixer_parts spf_term_parts(struct span term)
{
    struct rec_fixer_parts parts = {.term = term};
    size_t at = 0;

    while (at < term.len && strchr("+-~?", term.at[at]) != NULL)
        at++;
    parts.qualifier = span_sub(term, 0, at);
    parts.body = span_from(term, at);
    for (at = 0; at < parts.body.len && strchr(":=/", parts.body.at[at]) == NULL;)
        at++;
    parts.name = span_sub(parts.body, 0, at);
    parts.mechanism = rec_fixer_mechanism(parts.name);
    parts.value = span_from(parts.body, at);
    if (at < parts.body.len && parts.body.at[at] != '/') {
        parts.mark = parts.body.at[at];
        parts.value = span_from(parts.body, at + 1);
    }
    parts.has_value = parts.mark != '\0' && parts.mechanism != NULL;
    return parts;
}

struct span rec_fixer_term_noted(struct rec_fixer *fixer, enum rec_repair_kind kind,
                                 const struct rec_fixer_parts *parts, struct span term)
{
    rec_fixer_note(fixer, kind, parts->term, arena_strdup_span(fixer->arena, term));
    return term;
}

struct span rec_fixer_term_named(struct rec_fixer *fixer, enum rec_repair_kind kind,
                                 const struct rec_fixer_parts *parts,
                                 const struct rec_fixer_named *named)
{
    struct sbuf text = sbuf_start(fixer->arena);

    sbuf_add_span(&text, parts->qualifier);
    sbuf_add(&text, named->name);
    sbuf_add_octet(&text, is_modifier_word(named->name) ? '=' : ':');
    sbuf_add_span(&text, named->value);
    return rec_fixer_term_noted(fixer, kind, parts, sbuf_span(&text));
}

struct span rec_fixer_term_valued(struct rec_fixer *fixer, enum rec_repair_kind kind,
                                  const struct rec_fixer_parts *parts, struct span value)
{
    return rec_fixer_term_named(fixer, kind, parts,
                                &(struct rec_fixer_named){parts->mechanism, value});
}

/* term_parse - the term as a record of its own; NULL: malformed */
static const struct rec_spf_term *term_parse(struct arena *arena, struct span term)
{
    struct rec_spf *record = arena_new_of(arena, struct rec_spf);

    if (term.len == 0 || span_find(term, ' ') >= 0)
        return NULL;
    rec_spf_parse(arena, rec_fixer_join(arena, span_of("v=spf1 "), "", term), record);
    return record->is_fatal || record->term_count != 1 ? NULL : &record->terms[0];
}

/* is_plain_target - a domain-spec that a person wrote on purpose */
static bool is_plain_target(const struct rec_spf_term *term)
{
    if (!term->has_domain_spec || term->kind == REC_SPF_IP4 || term->kind == REC_SPF_IP6)
        return true;
    if (term->has_macro)
        return span_find(term->domain_spec, '@') < 0;
    return rec_fixer_is_name(term->domain_spec) &&
           !span_ends_with_nocase(term->domain_spec, "-all");
}

bool rec_fixer_term_is_sound(struct arena *arena, struct span term)
{
    const struct rec_spf_term *parsed = term_parse(arena, term);

    return parsed != NULL && parsed->kind != REC_SPF_UNKNOWN_MODIFIER &&
           is_plain_target(parsed);
}

/* ---- the rules ---- */

/* rule_doubled_name - "ip4:ip4:192.0.2.1", "include:include:x.example", "a:ip4:192.0.2.1" */
static struct span rule_doubled_name(struct rec_fixer *fixer,
                                     const struct rec_fixer_parts *parts)
{
    const struct rec_fixer_parts inner = spf_term_parts(parts->value);
    struct ip_address ip;

    if (parts->mark == '\0' || !inner.has_value || ip_parse(parts->value, &ip))
        return nothing;
    return rec_fixer_term_noted(
        fixer, REC_REPAIR_NAME, parts,
        rec_fixer_join(fixer->arena, parts->qualifier, "", parts->value));
}

bool rec_fixer_is_slipped_all(struct span word)
{
    return word.len == strlen("-all") && span_ends_with_nocase(word, "all") &&
           strchr("_=.!", word.at[0]) != NULL;
}

/* words for what happens to all other mail */
static const struct {
    const char *written;
    const char *meant;
} alls[] = {
    {"all-", "-all"},     {"all~", "~all"},         {"all=-", "-all"},
    {"all:-", "-all"},    {"all=~", "~all"},        {"all:~", "~all"},
    {"hardfail", "-all"}, {"hard-fail", "-all"},    {"fail", "-all"},
    {"softfail", "~all"}, {"soft-fail", "~all"},    {"all=fail", "-all"},
    {"all:fail", "-all"}, {"all=softfail", "~all"}, {"all:softfail", "~all"},
    {"neutral", "?all"},  {"all=hardfail", "-all"}, {"minusall", "-all"},
    {"tildeall", "~all"},
};

/* rule_qualifier - "--all", "_all", "all-", "+redirect=x" */
static struct span rule_qualifier(struct rec_fixer *fixer, const struct rec_fixer_parts *parts)
{
    struct span marks = parts->qualifier;
    struct span all = nothing;

    for (size_t i = 1; i < marks.len; i++)
        if (marks.at[i] != marks.at[0]) { /* "~?all": which of them was meant */
            fixer->has_other = true;
            if (fixer->wants_other)
                break;
            return rec_fixer_term_noted(
                fixer, REC_REPAIR_QUALIFIER, parts,
                rec_fixer_join(fixer->arena, span_sub(marks, 0, 1), "", parts->body));
        }
    if (marks.len > 1)
        return rec_fixer_term_noted(fixer, REC_REPAIR_QUALIFIER, parts,
                                    span_from(parts->term, marks.len - 1));
    if (marks.len == 1 && parts->mechanism != NULL && is_modifier_word(parts->mechanism))
        return rec_fixer_term_noted(fixer, REC_REPAIR_QUALIFIER, parts, parts->body);
    for (size_t i = 0; i < COUNT_OF(alls) && all.len == 0; i++)
        if (span_equal_nocase(parts->body, alls[i].written))
            all = span_of(alls[i].meant);
    if (rec_fixer_is_slipped_all(parts->term))
        all = span_of("-all");
    return all.len > 0 ? rec_fixer_term_noted(fixer, REC_REPAIR_QUALIFIER, parts, all)
                       : nothing;
}

/* rule_all - "-all." and "-all/8" and "-all:x" */
static struct span rule_all(struct rec_fixer *fixer, const struct rec_fixer_parts *parts)
{
    if (!span_starts_with_nocase(parts->body, "all") || parts->body.len == strlen("all") ||
        ascii_is_alnum(parts->body.at[strlen("all")]) ||
        rec_fixer_is_name(parts->body)) /* a host that is called so */
        return nothing;
    return rec_fixer_term_noted(fixer, REC_REPAIR_ALL, parts,
                                span_sub(parts->term, 0, parts->qualifier.len + strlen("all")));
}

/* rule_bare_address - an address without a mechanism */
static struct span rule_bare_address(struct rec_fixer *fixer,
                                     const struct rec_fixer_parts *parts)
{
    enum ip_family family = IP_NONE;
    const char *network = rec_fixer_network(fixer->arena, parts->body, &family);

    if (network == NULL || (parts->has_value && parts->mark == ':' &&
                            rec_fixer_network(fixer->arena, parts->value, &family) != NULL))
        return nothing; /* "a:2001:db8::1" is not the address that begins with "a" */
    return rec_fixer_term_named(
        fixer, REC_REPAIR_NAME, parts,
        &(struct rec_fixer_named){family == IP_V4 ? "ip4" : "ip6", span_of(network)});
}

/* rule_mark - "include=", "redirect:", "ip4::", "ip4:=" */
static struct span rule_mark(struct rec_fixer *fixer, const struct rec_fixer_parts *parts)
{
    struct span value = parts->value;
    struct ip_address ip;

    if (!parts->has_value)
        return nothing;
    while (value.len > 0 && strchr(":=;", value.at[0]) != NULL && !ip_parse(value, &ip))
        value = span_from(value, 1);
    if (value.len == parts->value.len &&
        (parts->mark == '=') == is_modifier_word(parts->mechanism))
        return nothing;
    return rec_fixer_term_valued(fixer, REC_REPAIR_ASSIGN, parts, value);
}

/* rule_name - a misspelt mechanism */
static struct span rule_name(struct rec_fixer *fixer, const struct rec_fixer_parts *parts)
{
    if (parts->mechanism == NULL || span_equal_nocase(parts->name, parts->mechanism))
        return nothing;
    return rec_fixer_term_noted(fixer, REC_REPAIR_NAME, parts,
                                rec_fixer_join(fixer->arena, parts->qualifier, parts->mechanism,
                                               span_from(parts->body, parts->name.len)));
}

/* rule_no_mark - "ip4192.0.2.1", "include.spf.example.net", "include-spf.example.net" */
static struct span rule_no_mark(struct rec_fixer *fixer, const struct rec_fixer_parts *parts)
{
    static const char *const names[] = {"include", "ip4", "ip6", "redirect", "exists"};
    enum ip_family family = IP_NONE;

    for (size_t i = 0; i < COUNT_OF(names); i++) {
        struct span rest = span_from(parts->body, strlen(names[i]));

        if (!span_starts_with_nocase(parts->body, names[i]))
            continue;
        if (rest.len > 0 && strchr(".-;,|", rest.at[0]) != NULL)
            rest = span_from(rest, 1);
        if (takes_address(names[i]) ? rec_fixer_network(fixer->arena, rest, &family) != NULL
                                    : rec_fixer_is_name(rest))
            return rec_fixer_term_named(fixer, REC_REPAIR_ASSIGN, parts,
                                        &(struct rec_fixer_named){names[i], rest});
    }
    return nothing;
}

/* rule_url - a URL, a mail address or a path where a name belongs */
static struct span rule_url(struct rec_fixer *fixer, const struct rec_fixer_parts *parts)
{
    struct span bare = rec_fixer_bare_name(parts->value);
    enum ip_family family = IP_NONE;
    bool is_network = rec_fixer_network(fixer->arena, bare, &family) != NULL;

    if (!parts->has_value || span_find(parts->value, '%') >= 0 ||
        bare.len == parts->value.len ||
        (bare.len + 1 == parts->value.len && is_network) || /* "ip6:2001:db8::/" */
        (!rec_fixer_is_name(bare) && !is_network))
        return nothing;
    return rec_fixer_term_valued(fixer, REC_REPAIR_URL, parts, bare);
}

/* rule_address - an address where a name belongs, of the other family, or badly written */
static struct span rule_address(struct rec_fixer *fixer, const struct rec_fixer_parts *parts)
{
    enum ip_family family = IP_NONE;
    const char *network = NULL;
    const char *right = NULL;
    enum rec_repair_kind kind = REC_REPAIR_PREFIX;

    if (parts->has_value && !is_modifier_word(parts->mechanism))
        network = rec_fixer_network(fixer->arena, parts->value, &family);
    if (network == NULL)
        return nothing;
    right = family == IP_V4 ? "ip4" : "ip6";
    if (strcmp(parts->mechanism, right) != 0)
        kind = takes_address(parts->mechanism) ? REC_REPAIR_FAMILY : REC_REPAIR_ADDRESS;
    else if (span_equal_text(parts->value, network))
        return nothing;
    else if (span_find(parts->value, '/') < 0 && span_find(parts->value, '\\') < 0)
        kind = REC_REPAIR_OCTETS;
    return rec_fixer_term_named(fixer, kind, parts,
                                &(struct rec_fixer_named){right, span_of(network)});
}

/* is_known_record - a name at hand that has an SPF record, or may have one */
static bool is_known_record(const struct rec_meant_names *names, struct span name)
{
    return names != NULL && rec_fixer_knows(names->names, names->count, name, false);
}

/* is_known_host - a name at hand that has an address, and certainly no SPF record */
static bool is_known_host(const struct rec_meant_names *names, struct span name)
{
    return names != NULL && rec_fixer_knows(names->hosts, names->host_count, name, false) &&
           rec_fixer_knows(names->names, names->count, name, true);
}

/* rule_host - "ip4:mail.example.com" is an "a" */
static struct span rule_host(struct rec_fixer *fixer, const struct rec_fixer_parts *parts)
{
    if (!parts->has_value || !takes_address(parts->mechanism) ||
        !rec_fixer_is_name(parts->value))
        return nothing;
    return rec_fixer_term_named(
        fixer, REC_REPAIR_ADDRESS, parts,
        &(struct rec_fixer_named){is_known_record(fixer->names, parts->value) ? "include" : "a",
                                  parts->value});
}

/* rule_target_prefix - "include:x.example/24", "a:x.example/024", "a/255.255.255.0" */
static struct span rule_target_prefix(struct rec_fixer *fixer,
                                      const struct rec_fixer_parts *parts)
{
    const char *name = parts->mechanism;
    ptrdiff_t slash = span_find(parts->value, '/');
    struct span target = span_sub(parts->value, 0, slash < 0 ? 0 : (size_t)slash);
    unsigned prefix = 0;

    if (name == NULL || slash < 0)
        return nothing;
    if (slash == 0 && parts->value.len == 1)
        return rec_fixer_term_noted(fixer, REC_REPAIR_PREFIX, parts,
                                    span_sub(parts->term, 0, parts->term.len - 1));
    if (takes_address(name) ||
        !rec_fixer_prefix(span_from(parts->value, (size_t)slash), 32, &prefix) ||
        (parts->mark != '\0' && !rec_fixer_is_name(target)))
        return nothing;
    if (parts->mark == '\0' && target.len == 0)
        return rec_fixer_term_noted(
            fixer, REC_REPAIR_PREFIX, parts,
            span_of(arena_printf(fixer->arena, "%.*s%s/%u", SPAN_ARG(parts->qualifier), name,
                                 prefix)));
    if (strcmp(name, "a") == 0 || strcmp(name, "mx") == 0)
        target = span_of(arena_printf(fixer->arena, "%.*s/%u", SPAN_ARG(target), prefix));
    return rec_fixer_term_valued(fixer, REC_REPAIR_PREFIX, parts, target);
}

/* rule_bare_name - a name without a mechanism: another's record, or a host */
static struct span rule_bare_name(struct rec_fixer *fixer, const struct rec_fixer_parts *parts)
{
    struct rec_fixer_named named = {"include", rec_fixer_bare_name(parts->body)};
    bool is_record = is_known_record(fixer->names, named.value);
    bool is_host = !is_record && is_known_host(fixer->names, named.value);
    const char *owner =
        parts->mark == '\0' ? rec_fixer_owner_name(fixer->names, named.value) : NULL;

    if (owner != NULL) {
        named.value = span_of(owner);
        return rec_fixer_term_named(fixer, REC_REPAIR_NAME, parts, &named);
    }
    if (!rec_fixer_is_name(named.value))
        return nothing;
    fixer->has_other = fixer->has_other || (!is_record && !is_host);
    if (is_host || (!is_record && fixer->wants_other))
        named.name = "a";
    return rec_fixer_term_named(fixer, REC_REPAIR_NAME, parts, &named);
}

static rec_fixer_rule_fn *const rules[] = {
    rec_fixer_rule_edges,
    rec_fixer_rule_brackets,
    rec_fixer_rule_port,
    rec_fixer_rule_open_prefix,
    rec_fixer_rule_letters,
    rec_fixer_rule_macro,
    rule_qualifier,
    rule_bare_address,
    rule_all,
    rule_doubled_name,
    rule_mark,
    rule_name,
    rule_url,
    rule_address,
    rule_host,
    rule_target_prefix,
    rule_no_mark,
    rec_fixer_rule_no_zone,
    rule_bare_name,
};

/* mended_target - a name that is known to have no record, and is almost like a known one */
static struct span mended_target(struct rec_fixer *fixer, const struct rec_fixer_parts *parts)
{
    const struct rec_spf_term *parsed = term_parse(fixer->arena, parts->term);
    ptrdiff_t slash = span_find(parts->value, '/');
    const char *meant = NULL;
    enum rec_repair_kind kind;

    if (parsed == NULL || parsed->has_macro || !parsed->has_domain_spec || fixer->names == NULL)
        return parts->term;
    if (parsed->kind == REC_SPF_A) {
        const struct rec_meant_names hosts = {.names = fixer->names->hosts,
                                              .count = fixer->names->host_count};

        meant = rec_meant_name(&hosts, parsed->domain_spec);
    } else if (parsed->kind == REC_SPF_INCLUDE || parsed->kind == REC_SPF_REDIRECT) {
        meant = rec_meant_name(fixer->names, parsed->domain_spec);
    }
    if (meant == NULL)
        return parts->term;
    kind = span_starts_with_nocase(parts->value, arena_printf(fixer->arena, "%s.", meant))
               ? REC_REPAIR_ZONE
               : REC_REPAIR_TARGET;
    return rec_fixer_term_valued(
        fixer, kind, parts,
        rec_fixer_join(fixer->arena, span_of(meant), "",
                       slash < 0 ? span_of("") : span_from(parts->value, (size_t)slash)));
}

/* meant_spf_term_is_foreign - a modifier that nobody knows, and that is not like any
 * mechanism */
static bool meant_spf_term_is_foreign(struct rec_fixer *fixer, struct span term)
{
    const struct rec_spf_term *parsed = term_parse(fixer->arena, term);

    return parsed != NULL && parsed->kind == REC_SPF_UNKNOWN_MODIFIER &&
           rec_fixer_mechanism(parsed->name) == NULL && !span_starts_with_nocase(term, "v=spf");
}

struct span rec_fixer_term(struct rec_fixer *fixer, struct span written)
{
    struct span term = written;

    if (meant_spf_term_is_foreign(fixer, written))
        return written;
    for (int round = 0; round < ROUNDS; round++) {
        struct span next = nothing;
        struct rec_fixer_parts parts = spf_term_parts(term);

        if (rec_fixer_term_is_sound(fixer->arena, term))
            return mended_target(fixer, &parts);
        for (size_t i = 0; next.at == NULL && i < COUNT_OF(rules); i++)
            next = rules[i](fixer, &parts);
        if (next.at == NULL)
            break;
        term = next;
    }
    return nothing;
}
