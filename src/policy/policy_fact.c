/* The vocabulary as a table. What the accessors do is in policy_fact_*.c. */
#include <string.h>

#include "policy/policy_fact.h"

static const struct policy_fact_row rows[] = {
#define FACT(id, word, type, values, phrase, findings) \
    {word, POLICY_TYPE_##type, values, phrase, findings},
#include "policy/policy_fact.def"
};

typedef struct policy_value accessor_fn(const struct policy_lookup *in);

static accessor_fn *const accessors[] = {
#define FACT(id, word, type, values, phrase, findings) policy_fact_##id,
#include "policy/policy_fact.def"
};

const struct policy_fact_row *policy_fact_row(enum policy_fact fact)
{
    return &rows[fact];
}

bool policy_fact_find(struct span word, enum policy_fact *fact_out)
{
    for (int fact = 0; fact < POLICY_FACT_COUNT; fact++)
        if (span_equal_text(word, rows[fact].word)) {
            *fact_out = (enum policy_fact)fact;
            return true;
        }
    return false;
}

bool policy_list_has(const char *list, struct span word)
{
    struct span rest = span_of(list);

    while (rest.len > 0) {
        struct span part = span_cut(&rest, ' ');

        if (part.len > 0 && span_same_nocase(part, word))
            return true;
    }
    return false;
}

struct policy_known *policy_known_of(struct arena *arena, const struct facts *facts)
{
    const struct policy_lookup in = {arena, facts};
    struct policy_known *known = arena_new_of(arena, struct policy_known);

    for (int fact = 0; fact < POLICY_FACT_COUNT; fact++)
        known->values[fact] = accessors[fact](&in);
    known->older = policy_known_older(arena, facts, known);
    return known;
}

struct policy_known *policy_known_nothing(struct arena *arena, const char *reason)
{
    struct policy_known *known = arena_new_of(arena, struct policy_known);

    for (int fact = 0; fact < POLICY_FACT_COUNT; fact++)
        known->values[fact] = policy_value_unknown(reason);
    return known;
}

/* set_truth - "yes", "no" */
static bool set_truth(struct policy_value *value, const char *text)
{
    *value = policy_value_truth(strcmp(text, "yes") == 0);
    return value->truth || strcmp(text, "no") == 0;
}

/* set_number - a decimal number */
static bool set_number(struct policy_value *value, const char *text)
{
    uint64_t number = 0;
    bool is_fine = span_to_number(span_of(text), INT64_MAX, &number);

    *value = policy_value_number((int64_t)number);
    return is_fine;
}

bool policy_known_set(struct policy_known *known, struct span word, const char *value)
{
    enum policy_fact fact = POLICY_FACT_COUNT;
    struct policy_value *slot = NULL;

    if (!policy_fact_find(word, &fact))
        return false;
    slot = &known->values[fact];
    if (strcmp(value, "?") == 0) {
        *slot = policy_value_unknown("not specified");
        return true;
    }
    switch (rows[fact].type) {
    case POLICY_TYPE_TRUTH:
        return set_truth(slot, value);
    case POLICY_TYPE_NUMBER:
        return set_number(slot, value);
    case POLICY_TYPE_WORD:
        *slot = policy_value_text(value);
        return policy_list_has(rows[fact].values, span_of(value));
    case POLICY_TYPE_TEXT:
    case POLICY_TYPE_LIST:
        *slot = policy_value_text(value);
        break;
    }
    return true;
}

const char *policy_value_to_text(struct arena *arena, const struct policy_known *known,
                                 enum policy_fact fact)
{
    const struct policy_value *value = &known->values[fact];

    if (!value->is_known)
        return NULL;
    switch (rows[fact].type) {
    case POLICY_TYPE_TRUTH:
        return value->truth ? "Pass" : "Fail";
    case POLICY_TYPE_NUMBER:
        return arena_printf(arena, "%lld", (long long)value->number);
    case POLICY_TYPE_WORD:
    case POLICY_TYPE_TEXT:
    case POLICY_TYPE_LIST:
        break;
    }
    return value->text;
}
