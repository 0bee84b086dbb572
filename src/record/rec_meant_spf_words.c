/*
 * The words of an SPF record: those that a blank tore apart are joined, those that lost one are
 * cut, and what is one word but several terms becomes several.
 */
#include <string.h>

#include "base/ip.h"
#include "base/limits.h"
#include "record/rec_meant_private.h"

static const char version[] = "v=spf1";

void rec_fixer_add_word(struct rec_fixer *fixer, struct rec_fixer_words *words,
                        struct span word)
{
    arena_append(fixer->arena, words->spans, words->count, word);
}

/* ---- words ---- */

/* marked_name - "include" of "include:..."; {NULL, 0}: no mark follows a known name */
static const char *marked_name(struct span word)
{
    size_t at = 0;
    size_t from = 0;

    while (from < word.len && strchr("+-~?", word.at[from]) != NULL)
        from++;
    for (at = from; at < word.len && ascii_is_alnum(word.at[at]);)
        at++;
    return at < word.len && strchr(":=", word.at[at]) != NULL
               ? rec_fixer_mechanism(span_sub(word, from, at - from))
               : NULL;
}

bool rec_fixer_is_like_term(struct rec_fixer *fixer, struct span word)
{
    return span_starts_with_nocase(word, "v=spf") || marked_name(word) != NULL ||
           rec_fixer_term_is_sound(fixer->arena, word);
}

/* is_network_text - an address, with or without a prefix length */
static bool is_network_text(struct span word)
{
    struct ip_address ip;
    struct span address = span_cut(&word, '/');

    return ip_parse(address, &ip);
}

/* ---- blanks too many ---- */

/* needs_value - a mechanism that needs a value and has no ":" or "=" yet */
static const char *needs_value(struct span word)
{
    static const char *const names[] = {"include", "ip4", "ip6", "exists", "redirect", "exp"};
    const char *name = NULL;

    while (word.len > 0 && strchr("+-~?", word.at[0]) != NULL)
        word = span_from(word, 1);
    name = word.len > 2 ? rec_fixer_mechanism(word) : NULL;
    for (size_t i = 0; name != NULL && i < COUNT_OF(names); i++)
        if (strcmp(name, names[i]) == 0)
            return name;
    return NULL;
}

/* is_value - an address or a name, which no term is */
static bool is_value(struct span word)
{
    return is_network_text(word) || rec_fixer_is_name(rec_fixer_bare_name(word));
}

/* spf_between - what joins two words that a blank tore apart; NULL: they are two */
static const char *spf_between(struct rec_fixer *fixer, struct span word, struct span next)
{
    char last = word.at[word.len - 1];
    char first = next.at[0];
    const char *name = needs_value(word);

    if (word.len == 1 && strchr("+-~?", last) != NULL)
        return "";
    if (first == ':' || first == '=' || first == '.')
        return rec_fixer_is_slipped_all(next) ? NULL : "";
    if (first == '/' && next.len > 1 && word.len > 0)
        return "";
    if (rec_fixer_is_mask(next) && span_find(word, '/') < 0 && marked_name(word) != NULL)
        return "/";
    if (strchr(":=/", last) != NULL)
        return rec_fixer_is_like_term(fixer, next) ? NULL : "";
    if (name != NULL && is_value(next))
        return strcmp(name, "redirect") == 0 || strcmp(name, "exp") == 0 ? "=" : ":";
    if (last == '.' && marked_name(word) != NULL && marked_name(next) == NULL &&
        !rec_fixer_term_is_sound(fixer->arena, next))
        return "";
    return NULL;
}

/* is_begun_again - "ip4: ip4:192.0.2.1": the first is only a slip */
static bool is_begun_again(struct span word, struct span next)
{
    const char *name = marked_name(word);
    const char *again = marked_name(next);

    return name != NULL && again != NULL && strcmp(name, again) == 0 &&
           strchr(":=", word.at[word.len - 1]) != NULL;
}

struct rec_fixer_words rec_fixer_join_torn(struct rec_fixer *fixer,
                                           const struct rec_fixer_words *words)
{
    struct rec_fixer_words out = {0};

    for (size_t i = 0; i < words->count; i++) {
        struct span word = words->spans[i];
        const char *between = NULL;

        if (i + 1 == words->count && i > 0 && word.len == 1 && strchr("+-~?", word.at[0])) {
            rec_fixer_note(fixer, REC_REPAIR_EDGE, word, "");
            continue;
        }
        if (i + 1 < words->count && is_begun_again(word, words->spans[i + 1])) {
            rec_fixer_note(fixer, REC_REPAIR_BLANK_EXTRA, word, "");
            continue;
        }
        while (i + 1 < words->count &&
               (between = spf_between(fixer, word, words->spans[i + 1])) != NULL) {
            struct span whole = rec_fixer_join(fixer->arena, word, between, words->spans[++i]);

            rec_fixer_note(fixer, REC_REPAIR_BLANK_EXTRA, word,
                           arena_strdup_span(fixer->arena, whole));
            word = whole;
        }
        rec_fixer_add_word(fixer, &out, word);
    }
    return out;
}

/* starts_term - a mechanism with its mark begins here, or an "all" that ends the word */
static bool starts_term(struct span rest)
{
    static const char *const starts[] = {
        "include:", "ip4:", "ip6:", "exists:", "include=", "redirect=", "redirect:", "ip4="};
    bool is_qualified = rest.len > 0 && strchr("+-~?", rest.at[0]) != NULL;

    if (is_qualified && rest.len == strlen("-all") && span_ends_with_nocase(rest, "all"))
        return true;
    if (is_qualified)
        rest = span_from(rest, 1);
    for (size_t i = 0; i < COUNT_OF(starts); i++)
        if (span_starts_with_nocase(rest, starts[i]))
            return true;
    return span_starts_with_nocase(rest, version);
}

/* glued_length - how long the first term of the word is; its length: it is one term */
static size_t glued_length(struct rec_fixer *fixer, struct span word)
{
    for (size_t i = 1; i < word.len; i++) {
        struct span left = span_sub(word, 0, i);

        if (!starts_term(span_from(word, i)) || strchr(":=/", word.at[i - 1]) != NULL)
            continue;
        if (rec_fixer_term_is_sound(fixer->arena, left) || marked_name(left) != NULL ||
            is_network_text(left))
            return i;
    }
    return word.len;
}

/* is_dash_for_slash - "192.0.2.0-24" may be a network as well as a range */
static bool is_dash_for_slash(struct span range)
{
    struct span prefix = range;
    struct span start = span_cut(&prefix, '-');
    uint64_t number = 0;

    return span_ends_with_nocase(start, ".0") && span_to_number(prefix, 32, &number) &&
           number >= 8;
}

/* add_range - the networks of a range of addresses; false: the word is none */
static bool add_range(struct rec_fixer *fixer, struct rec_fixer_words *out, struct span word)
{
    const char *networks[LIMIT_RANGE_NETWORKS];
    struct span range = word;
    const char *name = marked_name(word);
    size_t count = 0;

    if (name != NULL && strcmp(name, "ip4") == 0)
        span_cut(&range, span_find(word, ':') >= 0 ? ':' : '=');
    if (is_dash_for_slash(range)) {
        fixer->has_other = true;
        if (fixer->wants_other) {
            count = 1;
            networks[0] =
                arena_printf(fixer->arena, "%.*s/%.*s", (int)span_find(range, '-'), range.at,
                             SPAN_ARG(span_from(range, (size_t)span_find(range, '-') + 1)));
        }
    }
    if (count == 0)
        count = rec_fixer_range(fixer->arena, range, networks, LIMIT_RANGE_NETWORKS);
    for (size_t i = 0; i < count; i++)
        rec_fixer_add_word(fixer, out,
                           span_of(arena_printf(fixer->arena, "ip4:%s", networks[i])));
    if (count > 0)
        rec_fixer_note(fixer, REC_REPAIR_PREFIX, word, networks[0]);
    return count > 0;
}

/* add_names - "include:a.example:b.example" as two terms; false: the word is something else */
static bool add_names(struct rec_fixer *fixer, struct rec_fixer_words *out, struct span word)
{
    const char *name = marked_name(word);
    struct span rest = word;
    size_t count = 0;

    span_cut(&rest, ':');
    if (name == NULL || strcmp(name, "include") != 0 || span_find(rest, ':') < 0)
        return false;
    for (struct span names = rest; names.at != NULL; count++)
        if (!rec_fixer_is_name(span_cut(&names, ':')))
            return false;
    while (rest.at != NULL)
        rec_fixer_add_word(
            fixer, out,
            rec_fixer_join(fixer->arena, span_of("include:"), "", span_cut(&rest, ':')));
    rec_fixer_note(fixer, REC_REPAIR_SEPARATOR, word, "include:");
    return count > 0;
}

struct rec_fixer_words rec_fixer_cut_glued(struct rec_fixer *fixer,
                                           const struct rec_fixer_words *words)
{
    struct rec_fixer_words out = {0};

    for (size_t i = 0; i < words->count; i++) {
        struct span rest = words->spans[i];

        if (add_range(fixer, &out, rest))
            continue;
        while (rest.len > 0) {
            size_t len = glued_length(fixer, rest);

            if (len < rest.len)
                rec_fixer_note(fixer, REC_REPAIR_BLANK_LOST, rest,
                               arena_strdup_span(fixer->arena, span_sub(rest, 0, len)));
            if (!add_names(fixer, &out, span_sub(rest, 0, len)))
                rec_fixer_add_word(fixer, &out, span_sub(rest, 0, len));
            rest = span_from(rest, len);
        }
    }
    return out;
}
