/* Replies and records of policies, with what is known in them. */
#include "base/arena.h"
#include "base/escape.h"
#include "base/sbuf.h"
#include "base/span.h"
#include "policy/policy.h"
#include "policy/policy_fact.h"

/* text_add_word - what is known about a {word}; false: it is not one */
static bool text_add_word(struct sbuf *out, struct span word, const struct policy_known *known)
{
    enum policy_fact fact = POLICY_FACT_COUNT;
    const char *value = NULL;

    if (!policy_fact_find(word, &fact))
        return false;
    value = policy_value_to_text(out->arena, known, fact);
    if (value != NULL)
        sbuf_add(out, value);
    else
        sbuf_addf(out, "[%s]", policy_fact_row(fact)->word);
    return true;
}

const char *policy_reply(struct arena *arena, const char *reply,
                         const struct policy_known *known, struct span *bad_out)
{
    struct sbuf out = sbuf_start(arena);
    struct span rest = span_of(reply);

    if (bad_out != NULL)
        *bad_out = (struct span){NULL, 0};
    while (rest.at != NULL) {
        struct span word = {NULL, 0};

        sbuf_add_span(&out, span_cut(&rest, '{'));
        if (rest.at == NULL)
            break;
        word = span_cut(&rest, '}');
        if ((rest.at == NULL || !text_add_word(&out, word, known)) && bad_out != NULL &&
            bad_out->at == NULL)
            *bad_out = word;
    }
    return escape_to_text(arena, sbuf_span(&out), 0);
}

bool policy_reply_is_known(const char *reply, const struct policy_known *known)
{
    struct span rest = span_of(reply);

    span_cut(&rest, '{');
    while (rest.at != NULL) {
        enum policy_fact fact = POLICY_FACT_COUNT;

        if (policy_fact_find(span_cut(&rest, '}'), &fact) && !known->values[fact].is_known)
            return false;
        span_cut(&rest, '{');
    }
    return true;
}
