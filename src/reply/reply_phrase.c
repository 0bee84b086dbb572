/* A pattern is matched from left to right without backtracking: the first place of its next
 * literal is taken, so that the work is bounded by text times pattern. */
#include "reply/reply_phrase.h"

#include "base/limits_bounce.h"

/* is_opening - a sign before a fact */
static bool is_opening(char octet)
{
    return octet != '\0' && strchr("[<(\"'`", octet) != NULL;
}

/* phrase_is_closing - a sign after a fact */
static bool phrase_is_closing(char octet)
{
    return octet != '\0' && strchr("]>)\"'`", octet) != NULL;
}

/* is_fact_octet - part of a word: names, addresses, no brackets, quotes or marks of a list */
static bool is_fact_octet(char octet)
{
    return !ascii_is_space(octet) && !is_opening(octet) && !phrase_is_closing(octet) &&
           octet != ',' && octet != ';';
}

/* fact_of - which fact a name in braces is; REPLY_FACTS: none */
static enum reply_fact fact_of(struct span name)
{
    enum reply_fact fact = 0;

    while (fact < REPLY_FACTS && !span_equal_text(name, reply_fact_to_text(fact)))
        fact++;
    return fact;
}

/* is_of_kind - names have a dot, addresses of hosts one or a colon */
static bool is_of_kind(enum reply_fact fact, struct span word)
{
    if (fact == REPLY_FACT_DOMAIN || fact == REPLY_FACT_LIST)
        return span_find(word, '.') > 0;
    if (fact == REPLY_FACT_IP)
        return span_find(word, '.') > 0 || span_find(word, ':') >= 0;
    return true;
}

/* take_fact - the word at `*at`, without brackets and a final dot */
static bool take_fact(struct span text, size_t *at, struct span *fact_out)
{
    size_t end = 0;

    while (*at < text.len && is_opening(text.at[*at]))
        (*at)++;
    end = *at;
    while (end < text.len && is_fact_octet(text.at[end]))
        end++;
    *fact_out = span_sub(text, *at, end - *at);
    *at = end;
    while (fact_out->len > 0 && strchr(".:", fact_out->at[fact_out->len - 1]) != NULL) {
        fact_out->len--;
        (*at)--;
    }
    while (*at < text.len && phrase_is_closing(text.at[*at]) && text.at[*at] != '\'')
        (*at)++;
    return fact_out->len > 0;
}

/* find_literal - its first place from `at` on, within `gap` octets; text.len: nowhere */
static size_t find_literal(struct span text, size_t at, size_t gap, struct span literal)
{
    struct span rest = span_sub(span_from(text, at), 0, gap + literal.len);
    const char *found = NULL;

    if (rest.len >= literal.len)
        found = memmem(rest.at, rest.len, literal.at, literal.len);
    return found != NULL ? (size_t)(found - text.at) : text.len;
}

struct span reply_phrase_cut(struct span *pattern)
{
    size_t len = 0;
    struct span literal = {0};

    while (len < pattern->len && pattern->at[len] != '*' && pattern->at[len] != '{')
        len++;
    literal = span_sub(*pattern, 0, len);
    *pattern = span_from(*pattern, len);
    return literal;
}

/* a match in progress */
struct walk {
    struct span pattern; /* what is left of it */
    struct span text;
    size_t at;
    size_t gap; /* octets that a "*" lets the next literal be away */
};

/* match_part - the next "*", fact or literal of the pattern */
static bool match_part(struct walk *walk, struct reply_match *match)
{
    enum reply_fact fact = REPLY_FACTS;
    struct span literal = {0};
    size_t found = 0;

    if (walk->pattern.at[0] == '*') {
        walk->pattern = span_from(walk->pattern, 1);
        walk->gap = LIMIT_PHRASE_GAP;
        return true;
    }
    if (walk->pattern.at[0] == '{') {
        walk->pattern = span_from(walk->pattern, 1);
        fact = fact_of(span_cut(&walk->pattern, '}'));
        return fact < REPLY_FACTS && take_fact(walk->text, &walk->at, &match->facts[fact]) &&
               is_of_kind(fact, match->facts[fact]);
    }
    literal = reply_phrase_cut(&walk->pattern);
    found = find_literal(walk->text, walk->at, walk->gap, literal);
    walk->gap = 0;
    match->weight += literal.len;
    walk->at = found + literal.len;
    return found < walk->text.len;
}

/* is_edge - the edge of a word */
static bool is_edge(struct span text, size_t at)
{
    return at == 0 || at >= text.len || !ascii_is_alnum(text.at[at - 1]) ||
           !ascii_is_alnum(text.at[at]);
}

/* matches_at - the whole pattern from this place on */
static bool matches_at(struct span pattern, struct span text, size_t start,
                       struct reply_match *match)
{
    struct walk walk = {.pattern = pattern, .text = text, .at = start};

    *match = (struct reply_match){.at = start};
    while (walk.pattern.len > 0)
        if (!match_part(&walk, match))
            return false;
    match->len = walk.at - start;
    return walk.gap > 0 || is_edge(text, walk.at);
}

bool reply_phrase_find(const char *pattern, struct span text, struct reply_match *match_out)
{
    struct span whole = span_of(pattern);
    struct span rest = whole;
    struct span first = reply_phrase_cut(&rest);

    if (first.len == 0)
        return false;
    for (size_t at = 0; at + first.len <= text.len; at++) {
        at = find_literal(text, at, text.len, first);
        if (at < text.len && is_edge(text, at) && matches_at(whole, text, at, match_out))
            return true;
    }
    return false;
}
