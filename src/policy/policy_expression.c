/* Parsing by recursive descent with its depth bounded; policy_evaluate.c walks the tree. */
#include <stdarg.h>
#include <string.h>

#include "base/escape.h"
#include "base/limits.h"
#include "base/span.h"
#include "base/suggest.h"
#include "policy/policy_expression_private.h"

enum token_kind { TOKEN_END, TOKEN_WORD, TOKEN_TEXT, TOKEN_SIGN };

struct token {
    enum token_kind kind;
    struct span text;
};

struct parser {
    struct arena *arena;
    const struct policy_receivers *receivers; /* NULL: there are none */
    struct span rest;
    struct token token; /* the one to look at */
    unsigned tests;
    unsigned depth;
    bool is_refused;
    struct err *why;
};

/* ---- tokens ---- */

/* is_word_octet - of a word, a number or a value */
static bool is_word_octet(char c)
{
    return ascii_is_alnum(c) || c == '.' || c == '-' || c == '_';
}

/* expression_shown - a token, fit for a sentence */
static const char *expression_shown(const struct parser *in, const struct token *token)
{
    if (token->kind == TOKEN_END)
        return "the end";
    return arena_printf(in->arena, "\"%s\"",
                        escape_to_text(in->arena, token->text, LIMIT_SHOWN_BYTES));
}

/* expression_refuse - the first sentence counts */
__attribute__((format(printf, 2, 3))) static struct policy_expression *
expression_refuse(struct parser *in, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    if (!in->is_refused)
        err_set(in->why, "%s", arena_vprintf(in->arena, format, args));
    va_end(args);
    in->is_refused = true;
    return NULL;
}

/* take_quoted - 'text'; the quotes are not part of it */
static void take_quoted(struct parser *in)
{
    char quote = in->rest.at[0];
    struct span rest = span_from(in->rest, 1);
    struct span text = span_cut(&rest, quote);

    if (rest.at == NULL)
        expression_refuse(in, "a text is not closed: %s",
                          escape_to_text(in->arena, text, LIMIT_SHOWN_BYTES));
    in->token = (struct token){TOKEN_TEXT, text};
    in->rest = rest;
}

/* expression_advance - the next token */
static void expression_advance(struct parser *in)
{
    static const char *const signs[] = {"!=", "<=", ">=", "=", "<", ">", "(", ")", ","};
    size_t len = 0;

    in->rest = span_trim(in->rest);
    in->token = (struct token){TOKEN_END, {NULL, 0}};
    if (in->rest.len == 0)
        return;
    if (in->rest.at[0] == '\'' || in->rest.at[0] == '"') {
        take_quoted(in);
        return;
    }
    while (len < in->rest.len && is_word_octet(in->rest.at[len]))
        len++;
    in->token.kind = len > 0 ? TOKEN_WORD : TOKEN_SIGN;
    for (size_t i = 0; len == 0 && i < COUNT_OF(signs); i++)
        if (span_starts_with(in->rest, signs[i]))
            len = strlen(signs[i]);
    in->token.text = span_sub(in->rest, 0, len > 0 ? len : 1);
    if (len == 0)
        expression_refuse(in, "%s has no meaning in a condition",
                          expression_shown(in, &in->token));
    in->rest = span_from(in->rest, in->token.text.len);
}

/* expression_accept - the token is this word or sign: go past it */
static bool expression_accept(struct parser *in, const char *text)
{
    if (in->token.kind == TOKEN_TEXT || in->token.kind == TOKEN_END ||
        !span_equal_text(in->token.text, text))
        return false;
    expression_advance(in);
    return true;
}

/* ---- tests ---- */

/* new_node - two branches below it, or none */
static struct policy_expression *new_node(struct parser *in, enum kind kind,
                                          const struct policy_expression *left,
                                          const struct policy_expression *right)
{
    struct policy_expression *node = arena_new_of(in->arena, struct policy_expression);

    node->kind = kind;
    node->left = left;
    node->right = right;
    return node;
}

/* expression_take_number - what a number is compared with */
static bool expression_take_number(struct parser *in, struct policy_expression *test)
{
    uint64_t number = 0;

    if (in->token.kind != TOKEN_WORD || !span_to_number(in->token.text, INT64_MAX, &number)) {
        expression_refuse(in, "%s is a number, and %s is not", test->row->word,
                          expression_shown(in, &in->token));
        return false;
    }
    test->number = (int64_t)number;
    expression_advance(in);
    return true;
}

/* take_value - one value that the word can have */
static bool take_value(struct parser *in, struct policy_expression *test)
{
    const struct policy_fact_row *row = test->row;
    bool is_word = row->type == POLICY_TYPE_WORD;

    if (is_word &&
        (in->token.kind != TOKEN_WORD || !policy_list_has(row->values, in->token.text))) {
        expression_refuse(in, "invalid value %s for %s: expected one of: %s%s",
                          expression_shown(in, &in->token), row->word, row->values,
                          suggest_among(in->arena, arena_strdup_span(in->arena, in->token.text),
                                        row->values));
        return false;
    }
    if (!is_word && in->token.kind != TOKEN_TEXT) {
        expression_refuse(in, "%s is a text and is compared with a text in quotes, not with %s",
                          row->word, expression_shown(in, &in->token));
        return false;
    }
    arena_append(in->arena, test->texts, test->text_count,
                 arena_strdup_span(in->arena, in->token.text));
    expression_advance(in);
    return true;
}

/* take_values - "(" value *("," value) ")" */
static bool take_values(struct parser *in, struct policy_expression *test)
{
    if (!expression_accept(in, "(")) {
        expression_refuse(in, "after \"in\" comes a list in brackets, not %s",
                          expression_shown(in, &in->token));
        return false;
    }
    do
        if (!take_value(in, test))
            return false;
    while (expression_accept(in, ","));
    if (expression_accept(in, ")"))
        return true;
    expression_refuse(in, "the list is not closed before %s", expression_shown(in, &in->token));
    return false;
}

/* the operations by type: which a word may be compared by */
static const struct {
    const char *sign;
    enum operation operation;
    bool is_for[POLICY_TYPE_LIST + 1]; /* truth, word, number, text, list */
} operations[] = {
    {"=", OP_EQUAL, {false, true, true, true, false}},
    {"!=", OP_DIFFERENT, {false, true, true, true, false}},
    {"<", OP_BELOW, {false, false, true, false, false}},
    {"<=", OP_BELOW_EQUAL, {false, false, true, false, false}},
    {">", OP_ABOVE, {false, false, true, false, false}},
    {">=", OP_ABOVE_EQUAL, {false, false, true, false, false}},
    {"in", OP_IN, {false, true, false, true, false}},
    {"has", OP_HAS, {false, false, false, false, true}},
};

/* expression_usage - how a word is used, for who used it otherwise */
static const char *expression_usage(enum policy_type type)
{
    switch (type) {
    case POLICY_TYPE_TRUTH:
        return "is yes or no: write it alone, or \"not\" before it";
    case POLICY_TYPE_WORD:
        return "has values: compare it with =, != or in";
    case POLICY_TYPE_NUMBER:
        return "is a number: compare it with =, !=, <, <=, > or >=";
    case POLICY_TYPE_TEXT:
        return "is a text: compare it with =, != or in";
    case POLICY_TYPE_LIST:
        return "is a list of texts: ask with has";
    }
    return "";
}

/* take_operation - the sign after the word, which the word must allow */
static bool take_operation(struct parser *in, struct policy_expression *test)
{
    const struct policy_fact_row *row = test->row;

    for (size_t i = 0; i < COUNT_OF(operations); i++)
        if (operations[i].is_for[row->type] && expression_accept(in, operations[i].sign)) {
            test->operation = operations[i].operation;
            return true;
        }
    expression_refuse(in, "%s %s", row->word, expression_usage(row->type));
    return false;
}

/* is_operation - the token is one of them, fitting or not */
static bool is_operation(const struct parser *in)
{
    for (size_t i = 0; i < COUNT_OF(operations); i++)
        if (in->token.kind != TOKEN_TEXT && span_equal_text(in->token.text, operations[i].sign))
            return true;
    return false;
}

/* find_word - of the vocabulary, or a receiver; false: neither */
static bool find_word(const struct parser *in, struct policy_expression *test)
{
    struct policy_fact_row *row = NULL;

    if (policy_fact_find(in->token.text, &test->fact)) {
        test->row = policy_fact_row(test->fact);
        return true;
    }
    for (size_t i = 0; in->receivers != NULL && i < in->receivers->count; i++)
        if (span_equal_text(in->token.text, in->receivers->names[i])) {
            row = arena_new_of(in->arena, struct policy_fact_row);
            *row = (struct policy_fact_row){.word = in->receivers->names[i],
                                            .type = POLICY_TYPE_WORD,
                                            .values = "accept junk defer reject",
                                            .phrase = "what it would do",
                                            .findings = ""};
            test->row = row;
            test->fact = POLICY_FACT_COUNT;
            return true;
        }
    return false;
}

/* refuse_word - not of the vocabulary; suggest the word that is nearest */
static struct policy_expression *refuse_word(struct parser *in)
{
    struct suggest suggest = suggest_start(arena_strdup_span(in->arena, in->token.text));

    for (int fact = 0; fact < POLICY_FACT_COUNT; fact++)
        suggest_offer(&suggest, policy_fact_row((enum policy_fact)fact)->word);
    for (size_t i = 0; in->receivers != NULL && i < in->receivers->count; i++)
        suggest_offer(&suggest, in->receivers->names[i]);
    return expression_refuse(in, "%s is not a policy word%s", expression_shown(in, &in->token),
                             suggest_hint(in->arena, &suggest, ""));
}

/* is_connective - a word of the grammar, where one of the vocabulary should be */
static bool is_connective(const struct token *token)
{
    static const char *const words[] = {"and", "or", "in"};

    for (size_t i = 0; i < COUNT_OF(words); i++)
        if (span_equal_text(token->text, words[i]))
            return true;
    return false;
}

/* parse_test - a word, and what it is compared with */
static const struct policy_expression *parse_test(struct parser *in)
{
    struct policy_expression *test = new_node(in, KIND_TEST, NULL, NULL);

    if (in->token.kind != TOKEN_WORD || is_connective(&in->token))
        return expression_refuse(in, "a word is missing before %s",
                                 expression_shown(in, &in->token));
    if (!find_word(in, test))
        return refuse_word(in);
    if (++in->tests > LIMIT_CONDITION_TESTS)
        return expression_refuse(in, "the condition has more than %d words",
                                 LIMIT_CONDITION_TESTS);
    expression_advance(in);
    if (test->row->type == POLICY_TYPE_TRUTH && !is_operation(in))
        return test;
    if (!take_operation(in, test))
        return NULL;
    if (test->operation == OP_IN)
        return take_values(in, test) ? test : NULL;
    if (test->row->type == POLICY_TYPE_NUMBER)
        return expression_take_number(in, test) ? test : NULL;
    return take_value(in, test) ? test : NULL;
}

/* ---- the grammar above tests ---- */

static const struct policy_expression *parse_or(struct parser *in);

/* parse_not - "not", brackets, "always", or a test */
static const struct policy_expression *parse_not(struct parser *in)
{
    const struct policy_expression *inner = NULL;

    if (++in->depth > LIMIT_CONDITION_DEPTH)
        return expression_refuse(in, "brackets and \"not\" are nested more than %d deep",
                                 LIMIT_CONDITION_DEPTH);
    if (expression_accept(in, "not")) {
        inner = parse_not(in);
        inner = inner != NULL ? new_node(in, KIND_NOT, inner, NULL) : NULL;
    } else if (expression_accept(in, "(")) {
        inner = parse_or(in);
        if (inner != NULL && !expression_accept(in, ")"))
            inner = expression_refuse(in, "a bracket is not closed before %s",
                                      expression_shown(in, &in->token));
    } else if (expression_accept(in, "always")) {
        inner = new_node(in, KIND_ALWAYS, NULL, NULL);
    } else {
        inner = parse_test(in);
    }
    in->depth--;
    return inner;
}

/* parse_and - what all must hold */
static const struct policy_expression *parse_and(struct parser *in)
{
    const struct policy_expression *left = parse_not(in);

    while (left != NULL && expression_accept(in, "and")) {
        const struct policy_expression *right = parse_not(in);

        left = right != NULL ? new_node(in, KIND_AND, left, right) : NULL;
    }
    return left;
}

/* parse_or - of what one must hold */
static const struct policy_expression *parse_or(struct parser *in)
{
    const struct policy_expression *left = parse_and(in);

    while (left != NULL && expression_accept(in, "or")) {
        const struct policy_expression *right = parse_and(in);

        left = right != NULL ? new_node(in, KIND_OR, left, right) : NULL;
    }
    return left;
}

const struct policy_expression *
policy_expression_parse_for(struct arena *arena, struct span text,
                            const struct policy_receivers *receivers, struct err *why)
{
    struct parser in = {.arena = arena, .receivers = receivers, .rest = text, .why = why};
    const struct policy_expression *whole = NULL;

    expression_advance(&in);
    whole = in.is_refused ? NULL : parse_or(&in);
    if (whole != NULL && in.token.kind != TOKEN_END)
        whole = expression_refuse(&in, "\"and\" or \"or\" is missing before %s",
                                  expression_shown(&in, &in.token));
    return in.is_refused ? NULL : whole;
}

const struct policy_expression *policy_expression_parse(struct arena *arena, struct span text,
                                                        struct err *why)
{
    return policy_expression_parse_for(arena, text, NULL, why);
}
