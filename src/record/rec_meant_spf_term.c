/*
 * One term of an SPF record. Rules are tried in turn until the term is well-formed: each
 * knows one way in which people miswrite terms, and says what it changed. What no rule makes
 * well-formed has no reading.
 */
#include <string.h>

#include "base/sbuf.h"
#include "record/rec_meant_private.h"
#include "record/rec_spf_private.h"

#define ROUNDS 8 /* more mistakes than this are in no term */

typedef struct span term_rule_fn(struct rec_fixer *fixer, struct span term,
                                 const struct rec_fixer_parts *parts);

static const struct span nothing = {NULL, 0};

const char *rec_fixer_mechanism(struct span word)
{
    static const char *const names[] = {"all", "include", "a",      "mx",       "ptr",
                                        "ip4", "ip6",     "exists", "redirect", "exp"};

    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
        if (span_equal_nocase(word, names[i]))
            return names[i];
    if (span_equal_nocase(word, "mxx"))
        return "mx";
    if (span_starts_with_nocase(word, "redirect"))
        return "redirect";
    return rec_spf_guess(word);
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

static struct rec_fixer_parts rec_fixer_parts_of(struct span term)
{
    struct rec_fixer_parts parts = {0};
    size_t at = 0;

    while (at < term.len && strchr("+-~?", term.at[at]) != NULL)
        at++;
    parts.qualifier = span_sub(term, 0, at);
    term = span_from(term, at);
    for (at = 0; at < term.len && strchr(":=/", term.at[at]) == NULL;)
        at++;
    parts.name = span_sub(term, 0, at);
    parts.value = span_from(term, at);
    if (at < term.len && term.at[at] != '/') {
        parts.mark = term.at[at];
        parts.value = span_from(term, at + 1);
    }
    return parts;
}

struct span rec_fixer_term_written(struct rec_fixer *fixer, struct span qualifier,
                                   const char *name, struct span value)
{
    struct sbuf text = sbuf_start(fixer->arena);

    sbuf_add_span(&text, qualifier);
    sbuf_add(&text, name);
    sbuf_add_octet(&text, is_modifier_word(name) ? '=' : ':');
    sbuf_add_span(&text, value);
    return sbuf_span(&text);
}

struct span rec_fixer_term_noted(struct rec_fixer *fixer, enum rec_repair_kind kind,
                                 struct span old, struct span term)
{
    rec_fixer_note(fixer, kind, old, arena_strdup_span(fixer->arena, term));
    return term;
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
static struct span rule_doubled_name(struct rec_fixer *fixer, struct span term,
                                     const struct rec_fixer_parts *parts)
{
    const struct rec_fixer_parts inner = rec_fixer_parts_of(parts->value);
    struct ip_address ip;

    if (parts->mark == '\0' || inner.mark == '\0' || inner.name.len == 0 ||
        rec_fixer_mechanism(inner.name) == NULL || ip_parse(parts->value, &ip))
        return nothing;
    return rec_fixer_term_noted(
        fixer, REC_REPAIR_NAME, term,
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
static struct span rule_qualifier(struct rec_fixer *fixer, struct span term,
                                  const struct rec_fixer_parts *parts)
{
    const char *name = rec_fixer_mechanism(parts->name);
    struct span body = span_from(term, parts->qualifier.len);
    struct span all = nothing;

    for (size_t i = 1; i < parts->qualifier.len; i++)
        if (parts->qualifier.at[i] != parts->qualifier.at[0]) {
            bool is_last = fixer->wants_other; /* "~?all": which of them was meant */

            fixer->has_other = true;
            all = rec_fixer_join(
                fixer->arena,
                span_sub(parts->qualifier, is_last ? parts->qualifier.len - 1 : 0, 1), "",
                body);
            return rec_fixer_term_noted(fixer, REC_REPAIR_QUALIFIER, term, all);
        }
    if (parts->qualifier.len > 1)
        return rec_fixer_term_noted(fixer, REC_REPAIR_QUALIFIER, term,
                                    span_from(term, parts->qualifier.len - 1));
    if (parts->qualifier.len == 1 && name != NULL && is_modifier_word(name))
        return rec_fixer_term_noted(fixer, REC_REPAIR_QUALIFIER, term, body);
    for (size_t i = 0; i < sizeof(alls) / sizeof(alls[0]) && all.len == 0; i++)
        if (span_equal_nocase(body, alls[i].written))
            all = span_of(alls[i].meant);
    if (rec_fixer_is_slipped_all(term))
        all = span_of("-all");
    return all.len > 0 ? rec_fixer_term_noted(fixer, REC_REPAIR_QUALIFIER, term, all) : nothing;
}

/* rule_all - "-all." and "-all/8" and "-all:x" */
static struct span rule_all(struct rec_fixer *fixer, struct span term,
                            const struct rec_fixer_parts *parts)
{
    struct span body = span_from(term, parts->qualifier.len);

    if (!span_starts_with_nocase(body, "all") || body.len == strlen("all") ||
        ascii_is_alnum(body.at[strlen("all")]) ||
        rec_fixer_is_name(body)) /* a host that is called so */
        return nothing;
    return rec_fixer_term_noted(fixer, REC_REPAIR_ALL, term,
                                span_sub(term, 0, parts->qualifier.len + strlen("all")));
}

/* rule_bare_address - an address without a mechanism */
static struct span rule_bare_address(struct rec_fixer *fixer, struct span term,
                                     const struct rec_fixer_parts *parts)
{
    struct span body = span_from(term, parts->qualifier.len);
    enum ip_family family = IP_NONE;
    const char *network = rec_fixer_network(fixer->arena, body, &family);

    if (network == NULL || (parts->mark == ':' && rec_fixer_mechanism(parts->name) != NULL &&
                            rec_fixer_network(fixer->arena, parts->value, &family) != NULL))
        return nothing; /* "a:2001:db8::1" is not the address that begins with "a" */
    return rec_fixer_term_noted(fixer, REC_REPAIR_NAME, term,
                                rec_fixer_term_written(fixer, parts->qualifier,
                                                       family == IP_V4 ? "ip4" : "ip6",
                                                       span_of(network)));
}

/* rule_mark - "include=", "redirect:", "ip4::", "ip4:=" */
static struct span rule_mark(struct rec_fixer *fixer, struct span term,
                             const struct rec_fixer_parts *parts)
{
    const char *name = rec_fixer_mechanism(parts->name);
    struct span value = parts->value;
    struct ip_address ip;

    if (parts->mark == '\0' || name == NULL)
        return nothing;
    while (value.len > 0 && strchr(":=;", value.at[0]) != NULL && !ip_parse(value, &ip))
        value = span_from(value, 1);
    if (value.len == parts->value.len && (parts->mark == '=') == is_modifier_word(name))
        return nothing;
    return rec_fixer_term_noted(fixer, REC_REPAIR_ASSIGN, term,
                                rec_fixer_term_written(fixer, parts->qualifier, name, value));
}

/* rule_name - a misspelt mechanism */
static struct span rule_name(struct rec_fixer *fixer, struct span term,
                             const struct rec_fixer_parts *parts)
{
    const char *name = rec_fixer_mechanism(parts->name);
    struct span rest = span_from(term, parts->qualifier.len + parts->name.len);

    if (name == NULL || span_equal_nocase(parts->name, name))
        return nothing;
    return rec_fixer_term_noted(
        fixer, REC_REPAIR_NAME, term,
        rec_fixer_join(fixer->arena,
                       rec_fixer_join(fixer->arena, parts->qualifier, name, span_of("")), "",
                       rest));
}

/* rule_no_mark - "ip4192.0.2.1", "include.spf.example.net", "include-spf.example.net" */
static struct span rule_no_mark(struct rec_fixer *fixer, struct span term,
                                const struct rec_fixer_parts *parts)
{
    static const char *const names[] = {"include", "ip4", "ip6", "redirect", "exists"};
    struct span body = span_from(term, parts->qualifier.len);
    enum ip_family family = IP_NONE;

    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        struct span rest = span_from(body, strlen(names[i]));

        if (!span_starts_with_nocase(body, names[i]))
            continue;
        if (rest.len > 0 && strchr(".-;,|", rest.at[0]) != NULL)
            rest = span_from(rest, 1);
        if (takes_address(names[i]) ? rec_fixer_network(fixer->arena, rest, &family) != NULL
                                    : rec_fixer_is_name(rest))
            return rec_fixer_term_noted(
                fixer, REC_REPAIR_ASSIGN, term,
                rec_fixer_term_written(fixer, parts->qualifier, names[i], rest));
    }
    return nothing;
}

/* rule_url - a URL, a mail address or a path where a name belongs */
static struct span rule_url(struct rec_fixer *fixer, struct span term,
                            const struct rec_fixer_parts *parts)
{
    const char *name = rec_fixer_mechanism(parts->name);
    struct span bare = rec_fixer_bare_name(parts->value);
    enum ip_family family = IP_NONE;

    if (parts->mark == '\0' || name == NULL || span_find(parts->value, '%') >= 0 ||
        bare.len == parts->value.len ||
        (bare.len + 1 == parts->value.len &&
         rec_fixer_network(fixer->arena, bare, &family) != NULL) || /* "ip6:2001:db8::/" */
        (!rec_fixer_is_name(bare) && rec_fixer_network(fixer->arena, bare, &family) == NULL))
        return nothing;
    return rec_fixer_term_noted(fixer, REC_REPAIR_URL, term,
                                rec_fixer_term_written(fixer, parts->qualifier, name, bare));
}

/* rule_address - an address where a name belongs, of the other family, or badly written */
static struct span rule_address(struct rec_fixer *fixer, struct span term,
                                const struct rec_fixer_parts *parts)
{
    const char *name = rec_fixer_mechanism(parts->name);
    enum ip_family family = IP_NONE;
    const char *network = NULL;
    const char *right = NULL;
    enum rec_repair_kind kind = REC_REPAIR_PREFIX;

    if (parts->mark == '\0' || name == NULL || is_modifier_word(name))
        return nothing;
    network = rec_fixer_network(fixer->arena, parts->value, &family);
    if (network == NULL)
        return nothing;
    right = family == IP_V4 ? "ip4" : "ip6";
    if (strcmp(name, right) != 0)
        kind = takes_address(name) ? REC_REPAIR_FAMILY : REC_REPAIR_ADDRESS;
    else if (span_equal_text(parts->value, network))
        return nothing;
    else if (span_find(parts->value, '/') < 0 && span_find(parts->value, '\\') < 0)
        kind = REC_REPAIR_OCTETS;
    return rec_fixer_term_noted(
        fixer, kind, term,
        rec_fixer_term_written(fixer, parts->qualifier, right, span_of(network)));
}

/* is_known - a name at hand, of which nobody knows that it has no record */
static bool is_known(const struct rec_meant_names *names, struct span name)
{
    for (size_t i = 0; names != NULL && i < names->count; i++)
        if (!names->names[i].is_missing && span_equal_nocase(name, names->names[i].name))
            return true;
    return false;
}

/* is_known_host - a name at hand that has an address, and certainly no record */
static bool is_known_host(const struct rec_meant_names *names, struct span name)
{
    bool has_address = false;
    bool is_missing = false;

    for (size_t i = 0; names != NULL && i < names->host_count; i++)
        has_address = has_address || (!names->hosts[i].is_missing &&
                                      span_equal_nocase(name, names->hosts[i].name));
    for (size_t i = 0; names != NULL && i < names->count; i++)
        is_missing = is_missing || (names->names[i].is_missing &&
                                    span_equal_nocase(name, names->names[i].name));
    return has_address && is_missing;
}

/* rule_host - "ip4:mail.example.com" is an "a" */
static struct span rule_host(struct rec_fixer *fixer, struct span term,
                             const struct rec_fixer_parts *parts)
{
    const char *name = rec_fixer_mechanism(parts->name);

    if (parts->mark == '\0' || name == NULL || !takes_address(name) ||
        !rec_fixer_is_name(parts->value))
        return nothing;
    return rec_fixer_term_noted(
        fixer, REC_REPAIR_ADDRESS, term,
        rec_fixer_term_written(fixer, parts->qualifier,
                               is_known(fixer->names, parts->value) ? "include" : "a",
                               parts->value));
}

/* rule_target_prefix - "include:x.example/24", "a:x.example/024", "a/255.255.255.0" */
static struct span rule_target_prefix(struct rec_fixer *fixer, struct span term,
                                      const struct rec_fixer_parts *parts)
{
    const char *name = rec_fixer_mechanism(parts->name);
    ptrdiff_t slash = span_find(parts->value, '/');
    struct span target = span_sub(parts->value, 0, slash < 0 ? 0 : (size_t)slash);
    unsigned prefix = 0;

    if (name != NULL && slash == 0 && parts->value.len == 1)
        return rec_fixer_term_noted(fixer, REC_REPAIR_PREFIX, term,
                                    span_sub(term, 0, term.len - 1));

    if (name == NULL || slash < 0 || takes_address(name) ||
        !rec_fixer_prefix(span_from(parts->value, (size_t)slash), 32, &prefix) ||
        (parts->mark != '\0' && !rec_fixer_is_name(target)))
        return nothing;
    if (parts->mark == '\0' && target.len == 0)
        return rec_fixer_term_noted(
            fixer, REC_REPAIR_PREFIX, term,
            span_of(arena_printf(fixer->arena, "%.*s%s/%u", SPAN_ARG(parts->qualifier), name,
                                 prefix)));
    if (strcmp(name, "a") == 0 || strcmp(name, "mx") == 0)
        target = span_of(arena_printf(fixer->arena, "%.*s/%u", SPAN_ARG(target), prefix));
    return rec_fixer_term_noted(fixer, REC_REPAIR_PREFIX, term,
                                rec_fixer_term_written(fixer, parts->qualifier, name, target));
}

/* rule_bare_name - a name without a mechanism: another's record, or a host */
static struct span rule_bare_name(struct rec_fixer *fixer, struct span term,
                                  const struct rec_fixer_parts *parts)
{
    struct span body = rec_fixer_bare_name(span_from(term, parts->qualifier.len));
    bool is_record = is_known(fixer->names, body);
    bool is_host = !is_record && is_known_host(fixer->names, body);

    if (parts->mark == '\0' && rec_fixer_owner_name(fixer->names, body) != NULL)
        return rec_fixer_term_noted(
            fixer, REC_REPAIR_NAME, term,
            rec_fixer_term_written(fixer, parts->qualifier, "include",
                                   span_of(rec_fixer_owner_name(fixer->names, body))));
    if (!rec_fixer_is_name(body))
        return nothing;
    fixer->has_other = fixer->has_other || (!is_record && !is_host);
    return rec_fixer_term_noted(
        fixer, REC_REPAIR_NAME, term,
        rec_fixer_term_written(fixer, parts->qualifier,
                               is_host || (!is_record && fixer->wants_other) ? "a" : "include",
                               body));
}

static term_rule_fn *const rules[] = {
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
static struct span mended_target(struct rec_fixer *fixer, struct span term)
{
    const struct rec_spf_term *parsed = term_parse(fixer->arena, term);
    const char *meant = NULL;
    struct span prefix = {"", 0};
    enum rec_repair_kind kind;
    struct rec_fixer_parts parts;

    if (parsed == NULL || parsed->has_macro || !parsed->has_domain_spec || fixer->names == NULL)
        return term;
    if (parsed->kind == REC_SPF_A) {
        const struct rec_meant_names hosts = {.names = fixer->names->hosts,
                                              .count = fixer->names->host_count};

        meant = rec_meant_name(&hosts, parsed->domain_spec);
    } else if (parsed->kind == REC_SPF_INCLUDE || parsed->kind == REC_SPF_REDIRECT) {
        meant = rec_meant_name(fixer->names, parsed->domain_spec);
    }
    if (meant == NULL)
        return term;
    parts = rec_fixer_parts_of(term);
    if (span_find(parts.value, '/') >= 0)
        prefix = span_from(parts.value, (size_t)span_find(parts.value, '/'));
    kind = span_starts_with_nocase(parts.value, arena_printf(fixer->arena, "%s.", meant))
               ? REC_REPAIR_ZONE
               : REC_REPAIR_TARGET;
    return rec_fixer_term_noted(
        fixer, kind, term,
        rec_fixer_term_written(fixer, parts.qualifier, rec_fixer_mechanism(parts.name),
                               rec_fixer_join(fixer->arena, span_of(meant), "", prefix)));
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
        struct rec_fixer_parts parts = rec_fixer_parts_of(term);

        if (rec_fixer_term_is_sound(fixer->arena, term))
            return mended_target(fixer, term);
        for (size_t i = 0; next.at == NULL && i < sizeof(rules) / sizeof(rules[0]); i++)
            next = rules[i](fixer, term, &parts);
        if (next.at == NULL)
            break;
        term = next;
    }
    return nothing;
}
