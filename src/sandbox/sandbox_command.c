/* The verb by table, then a path and parameters by a small scanner. */
#include "sandbox/sandbox_command.h"

#include <string.h>

#include "base/dns_name.h"
#include "base/err.h"
#include "base/limits_serve.h"
#include "base/span.h"
#include "mail/mail_address.h"

#define LOCAL_PART_MAX 64  /* RFC 5321, 4.5.3.1.1 */
#define DOMAIN_MAX     255 /* RFC 5321, 4.5.3.1.2 */

static const struct sandbox_verb_row verbs[] = {
#define VERB(id, name, argument, when, help) {name, ARGUMENT_##argument, WHEN_##when, help},
#include "sandbox/sandbox_verb.def"
};

#define VERBS COUNT_OF(verbs)

const struct sandbox_verb_row *sandbox_verb_row(enum sandbox_verb verb)
{
    return &verbs[verb];
}

/* command_refuse - note what is wrong; the first counts */
static void command_refuse(struct sandbox_command *command, unsigned code, const char *enhanced,
                           const char *fault)
{
    if (command->fault != NULL)
        return;
    command->code = code;
    command->enhanced = enhanced;
    command->fault = fault;
}

/* ---- parameters ---- */

/* is_keyword - esmtp-keyword (RFC 5321, 4.1.2) */
static bool is_keyword(struct span text)
{
    if (text.len == 0 || !ascii_is_alnum(text.at[0]))
        return false;
    for (size_t i = 0; i < text.len; i++)
        if (!ascii_is_alnum(text.at[i]) && text.at[i] != '-')
            return false;
    return true;
}

/* is_parameter_value - esmtp-value: visible, no "=" (RFC 5321, 4.1.2) */
static bool is_parameter_value(struct span text)
{
    for (size_t i = 0; i < text.len; i++) {
        unsigned char octet = (unsigned char)text.at[i];

        if (octet <= ' ' || octet == '=' || octet == 0x7f)
            return false;
    }
    return text.len > 0;
}

/* take_parameters - the words behind the path */
static void take_parameters(struct arena *arena, struct span rest,
                            struct sandbox_command *command)
{
    rest = span_trim(rest);
    while (rest.len > 0) {
        struct span word = span_cut(&rest, ' ');
        struct sandbox_parameter parameter = {.value = {NULL, 0}};
        struct span value = word;

        rest = span_trim(rest);
        parameter.name = span_cut(&value, '=');
        if (!is_keyword(parameter.name) || (value.at != NULL && !is_parameter_value(value)))
            command_refuse(command, 501, "5.5.4", "a parameter is not well formed");
        parameter.value = value;
        if (command->parameter_count >= LIMIT_SANDBOX_PARAMETERS) {
            command_refuse(command, 501, "5.5.4", "there are too many parameters");
            return;
        }
        arena_append(arena, command->parameters, command->parameter_count, parameter);
    }
}

bool sandbox_command_find(const struct sandbox_command *command, const char *name,
                          struct span *value_out)
{
    for (size_t i = 0; i < command->parameter_count; i++)
        if (span_equal_nocase(command->parameters[i].name, name)) {
            *value_out = command->parameters[i].value;
            return true;
        }
    return false;
}

/* xtext_digit - its value; -1: not one of 0-9 and A-F */
static int xtext_digit(char c)
{
    return c >= 'a' ? -1 : ascii_hex_value(c);
}

bool sandbox_xtext_decode(struct arena *arena, struct span text, struct span *bytes_out)
{
    char *bytes = arena_alloc(arena, text.len + 1);
    size_t len = 0;

    for (size_t i = 0; i < text.len; i++) {
        int high = 0;
        int low = 0;

        if (text.at[i] != '+') {
            bytes[len++] = text.at[i];
            continue;
        }
        high = i + 2 < text.len ? xtext_digit(text.at[i + 1]) : -1;
        low = i + 2 < text.len ? xtext_digit(text.at[i + 2]) : -1;
        if (high < 0 || low < 0)
            return false;
        bytes[len++] = (char)(high * 16 + low);
        i += 2;
    }
    *bytes_out = span_make(bytes, len);
    return true;
}

/* ---- paths ---- */

/* path_length - from "<" to the ">" that closes it, a quoted string skipped; 0: not closed */
static size_t path_length(struct span text)
{
    for (size_t i = 1; i < text.len; i++) {
        size_t quoted = text.at[i] == '"' ? span_quoted_length(span_from(text, i)) : 0;

        if (text.at[i] == '>')
            return i + 1;
        if (quoted > 0)
            i += quoted - 1;
    }
    return 0;
}

/* has_high_octet - something above 127 */
static bool has_high_octet(struct span text)
{
    for (size_t i = 0; i < text.len; i++)
        if ((unsigned char)text.at[i] > 127)
            return true;
    return false;
}

/* is_address_literal - "[192.0.2.1]", "[IPv6:2001:db8::1]" (RFC 5321, 4.1.3) */
static bool is_address_literal(struct span domain)
{
    return domain.len > 2 && domain.at[0] == '[' && domain.at[domain.len - 1] == ']';
}

/* check_domain - what follows the last "@" */
static void check_domain(struct arena *arena, struct sandbox_command *command)
{
    ptrdiff_t at = span_find_last(span_of(command->path), '@');
    struct span domain = {NULL, 0};
    struct err why = {0};

    if (at < 0)
        return; /* postmaster, or nobody */
    domain = span_from(span_of(command->path), (size_t)at + 1);
    command->domain = arena_strdup_span(arena, domain);
    if (at > LOCAL_PART_MAX)
        command_refuse(command, 501, "5.1.3", "the local part is longer than 64 octets");
    else if (domain.len > DOMAIN_MAX)
        command_refuse(command, 501, "5.1.2", "the domain is longer than 255 octets");
    else if (!is_address_literal(domain) && dns_name_parse(arena, domain, &why) == NULL)
        command_refuse(command, 501, "5.1.2", "the domain of the address is not a domain name");
}

/* command_path - "<...>" at the start of the text, then parameters */
static void command_path(struct arena *arena, struct span text, struct sandbox_command *command)
{
    size_t len = text.len > 0 && text.at[0] == '<' ? path_length(text) : 0;
    const char *syntax = command->verb == SANDBOX_VERB_mail ? "5.1.7" : "5.1.3";
    struct span path = span_sub(text, 0, len);
    const char *read = NULL;

    if (len == 0) {
        command_refuse(command, 501, syntax, "the address must be in angle brackets");
        return;
    }
    command->has_route = path.len > 1 && path.at[1] == '@';
    command->is_international = has_high_octet(path);
    if (!mail_path_parse(arena, path, &read) ||
        (read[0] == '\0' && command->verb != SANDBOX_VERB_mail)) {
        command_refuse(command, 501, syntax, "the address is not well formed");
        return;
    }
    command->path = read;
    check_domain(arena, command);
    text = span_from(text, len);
    if (text.len > 0 && text.at[0] != ' ')
        command_refuse(command, 501, "5.5.4", "a blank is missing behind the address");
    take_parameters(arena, text, command);
}

/* take_labelled - "FROM:" or "TO:", then a path */
static void take_labelled(struct arena *arena, const char *label,
                          struct sandbox_command *command)
{
    struct span rest = command->argument;

    if (!span_starts_with_nocase(rest, label)) {
        command_refuse(command, 501, "5.5.4",
                       command->verb == SANDBOX_VERB_mail ? "MAIL is followed by FROM:<address>"
                                                          : "RCPT is followed by TO:<address>");
        return;
    }
    rest = span_from(rest, strlen(label));
    command->has_blank = rest.len > 0 && ascii_is_blank(rest.at[0]);
    command_path(arena, span_trim(rest), command);
}

/* take_argument - as the row of the verb says */
static void take_argument(struct arena *arena, struct sandbox_command *command)
{
    switch (verbs[command->verb].argument) {
    case ARGUMENT_NONE:
        if (command->argument.len > 0)
            command_refuse(command, 501, "5.5.4", "this command takes no argument");
        break;
    case ARGUMENT_ANY:
        break;
    case ARGUMENT_ONE:
        if (command->argument.len == 0)
            command_refuse(command, 501, "5.5.4", "something is missing behind the command");
        break;
    case ARGUMENT_FROM:
        take_labelled(arena, "FROM:", command);
        break;
    case ARGUMENT_TO:
        take_labelled(arena, "TO:", command);
        break;
    }
}

void sandbox_command_parse(struct arena *arena, struct span line,
                           struct sandbox_command *command_out)
{
    struct span rest = line;
    struct span verb = span_cut(&rest, ' ');

    *command_out = (struct sandbox_command){.verb = SANDBOX_VERB_UNKNOWN};
    command_out->argument = span_trim(rest);
    verb = span_trim(verb);
    for (size_t i = 0; i < VERBS; i++)
        if (span_equal_nocase(verb, verbs[i].name)) {
            command_out->verb = (enum sandbox_verb)i;
            take_argument(arena, command_out);
            return;
        }
    command_refuse(command_out, 500, "5.5.2", "the command is not known");
}
