/* Parameters by table: is it one of the command, and is its value fine. */
#include "base/arena.h"
#include "base/span.h"
#include "sandbox/sandbox_private.h"

enum value_rule {
    VALUE_NUMBER,
    VALUE_BODY,
    VALUE_NOTHING,
    VALUE_RET,
    VALUE_XTEXT,
    VALUE_NOTIFY,
    VALUE_ORCPT
};

struct parameter_row {
    const char *name;
    enum sandbox_verb verb;
    enum value_rule rule;
    const char *expected;
};

static const struct parameter_row parameter_rows[] = {
#define PARAMETER(name, verb, value, expected) \
    {name, SANDBOX_VERB_##verb, VALUE_##value, expected},
#include "sandbox/sandbox_parameter.def"
};

#define PARAMETERS COUNT_OF(parameter_rows)
#define ENVID_MAX  100 /* RFC 3461, 4.4 */
#define ORCPT_MAX  500 /* RFC 3461, 4.2 */

/* is_one_of - words with blanks between */
static bool is_one_of(struct span value, const char *words)
{
    struct span rest = span_of(words);

    while (rest.len > 0) {
        struct span word = span_cut(&rest, ' ');

        if (value.len == word.len && span_starts_with_nocase(value, "") &&
            strncasecmp(value.at, word.at, word.len) == 0)
            return true;
    }
    return false;
}

/* is_notify - NEVER alone, or a list of the others (RFC 3461, 4.1) */
static bool is_notify(struct span value)
{
    if (span_equal_nocase(value, "NEVER"))
        return true;
    do
        if (!is_one_of(span_cut(&value, ','), "SUCCESS FAILURE DELAY"))
            return false;
    while (value.at != NULL);
    return true;
}

/* is_parameter_fine - is it what the rule wants */
static bool is_parameter_fine(struct arena *arena, enum value_rule rule, struct span value)
{
    uint64_t number = 0;
    struct span text = value;

    switch (rule) {
    case VALUE_NUMBER:
        return span_to_number(value, INT64_MAX, &number);
    case VALUE_BODY:
        return is_one_of(value, "7BIT 8BITMIME BINARYMIME");
    case VALUE_NOTHING:
        return value.at == NULL;
    case VALUE_RET:
        return is_one_of(value, "FULL HDRS");
    case VALUE_XTEXT:
        return value.len > 0 && value.len <= ORCPT_MAX &&
               sandbox_xtext_decode(arena, value, &text) && text.len > 0;
    case VALUE_NOTIFY:
        return value.len > 0 && is_notify(value);
    case VALUE_ORCPT:
        return value.len <= ORCPT_MAX && span_cut(&text, ';').len > 0 && text.len > 0 &&
               sandbox_xtext_decode(arena, text, &value);
    }
    return false;
}

/* parameter_row_of - NULL: the command has no such parameter */
static const struct parameter_row *parameter_row_of(enum sandbox_verb verb, struct span name)
{
    for (size_t i = 0; i < PARAMETERS; i++)
        if (parameter_rows[i].verb == verb && span_equal_nocase(name, parameter_rows[i].name))
            return &parameter_rows[i];
    return NULL;
}

/* refuse_parameter - with a note */
static bool refuse_parameter(struct sandbox_session *session, unsigned code, const char *text)
{
    sandbox_session_note(session, SANDBOX_NOTE_bad_syntax, text);
    sandbox_refuse(session, code, "5.5.4", text);
    return false;
}

/* is_given_before - the same name, earlier in the list */
static bool is_given_before(const struct sandbox_command *command, size_t index)
{
    for (size_t i = 0; i < index; i++) {
        struct span a = command->parameters[i].name;
        struct span b = command->parameters[index].name;

        if (a.len == b.len && strncasecmp(a.at, b.at, a.len) == 0)
            return true;
    }
    return false;
}

bool sandbox_parameters_check(struct sandbox_session *session,
                              const struct sandbox_command *command)
{
    struct span value = {NULL, 0};

    for (size_t i = 0; i < command->parameter_count; i++) {
        const struct sandbox_parameter *parameter = &command->parameters[i];
        const struct parameter_row *row = parameter_row_of(command->verb, parameter->name);

        if (row == NULL || !session->facts.is_extended)
            return refuse_parameter(session, 555, "a parameter that is not known here");
        if (is_given_before(command, i))
            return refuse_parameter(session, 501, "a parameter is given twice");
        if (!is_parameter_fine(session->scratch, row->rule, parameter->value))
            return refuse_parameter(
                session, 501,
                arena_printf(session->scratch, "%s wants %s", row->name, row->expected));
    }
    if (command->is_international && !session->message.is_international &&
        !sandbox_command_find(command, "SMTPUTF8", &value)) {
        sandbox_session_note(session, SANDBOX_NOTE_not_ascii_command, NULL);
        sandbox_refuse(session, 553, "5.6.7", "the address needs SMTPUTF8"); /* RFC 6531, 3.5 */
        return false;
    }
    return true;
}
