/* Names are few and short: a set is searched from one end to the other. */
#include <string.h>

#include "model/provider.h"
#include "base/span.h"

static const char *const kinds[] = {
#define PROVIDER_KIND(word, constant) word,
#include "model/provider.def"
};

static const char *const lists[] = {
#define PROVIDER_LIST(key, constant, what) #key,
#include "model/provider.def"
};

static const char *const list_titles[] = {
#define PROVIDER_LIST(key, constant, what) what,
#include "model/provider.def"
};

static const char *const steps[] = {
#define PROVIDER_STEP(key, constant, what) #key,
#include "model/provider.def"
};

static const char *const step_titles[] = {
#define PROVIDER_STEP(key, constant, what) what,
#include "model/provider.def"
};

const char *provider_kind_to_text(enum provider_kind kind)
{
    return kinds[kind];
}

const char *provider_confidence_to_text(enum provider_confidence confidence)
{
    static const char *const words[] = {"high", "medium", "low"};

    return words[confidence];
}

const char *provider_list_to_text(enum provider_list list)
{
    return lists[list];
}

const char *provider_list_to_title(enum provider_list list)
{
    return list_titles[list];
}

const char *provider_step_to_text(enum provider_step step)
{
    return steps[step];
}

const char *provider_step_to_title(enum provider_step step)
{
    return step_titles[step];
}

/* is_at_or_below - the name is the other one, or ends in it after a dot */
static bool is_at_or_below(struct span name, const char *above)
{
    size_t length = strlen(above);

    return span_ends_with_nocase(name, above) &&
           (name.len == length || name.at[name.len - length - 1] == '.');
}

/* provider_longest - how long the longest of the names is that fits; 0: none does */
static size_t provider_longest(const struct provider_names *names, struct span name)
{
    size_t length = 0;

    for (size_t i = 0; i < names->count; i++) {
        size_t known = strlen(names->names[i]);

        if (known > length && is_at_or_below(name, names->names[i]))
            length = known;
    }
    return length;
}

const struct provider *provider_of(const struct provider_set *set, enum provider_list list,
                                   const char *name)
{
    const struct provider *found = NULL;
    size_t best = 0;

    for (size_t i = 0; set != NULL && name != NULL && i < set->count; i++) {
        size_t length = provider_longest(&set->list[i].lists[list], span_of(name));

        if (length > best) {
            best = length;
            found = &set->list[i];
        }
    }
    return found;
}

const struct provider *provider_of_spf_include(const struct provider_set *set, const char *name)
{
    return provider_of(set, PROVIDER_BY_SPF, name);
}

const struct provider *provider_find(const struct provider_set *set, const char *name)
{
    for (size_t i = 0; set != NULL && i < set->count; i++)
        if (strcmp(set->list[i].name, name) == 0)
            return &set->list[i];
    return NULL;
}

/* provider_same - equal, ASCII case folded */
static bool provider_same(struct span a, struct span b)
{
    size_t i = 0;

    while (i < a.len && i < b.len && ascii_to_lower(a.at[i]) == ascii_to_lower(b.at[i]))
        i++;
    return i == a.len && i == b.len;
}

/* provider_fits - the text is what the pattern says, whose "*" stand for anything. A piece
 * between two of them is looked for from where the one before ended: the first place is as
 * good as any. */
static bool provider_fits(struct span text, struct span pattern)
{
    struct span piece = span_cut(&pattern, '*');
    bool is_first = true;

    for (; pattern.at != NULL; piece = span_cut(&pattern, '*'), is_first = false) {
        size_t at = 0;

        while (at + piece.len <= text.len &&
               !provider_same(span_sub(text, at, piece.len), piece))
            at++;
        if (at + piece.len > text.len || (is_first && at > 0))
            return false;
        text = span_from(text, at + piece.len);
    }
    if (!is_first) /* the last piece is at the end */
        text = span_from(text, text.len > piece.len ? text.len - piece.len : 0);
    return provider_same(text, piece);
}

bool provider_has_header(const struct provider *provider, struct span name, struct span value)
{
    const struct provider_names *headers = &provider->lists[PROVIDER_BY_HEADER];

    for (size_t i = 0; i < headers->count; i++) {
        struct span wanted = span_of(headers->names[i]);
        struct span known = span_cut(&wanted, ':');

        if (provider_same(name, known) &&
            (wanted.at == NULL || provider_fits(span_trim(value), span_trim(wanted))))
            return true;
    }
    return false;
}
