/*
 * RFC 8601 over tokens: what is between two ";" is one result. Values are runs of tokens
 * without a gap, since signatures and addresses are full of specials.
 */
#include <string.h>

#include "base/escape.h"
#include "base/ip.h"
#include "base/limits.h"
#include "base/sbuf.h"
#include "base/span.h"
#include "mail/mail_address_scan.h"
#include "mail/mail_received.h"
#include "mail/mail_trace.h"
#include "mail/mail_trace_private.h"

struct reader {
    struct arena *arena;
    const struct mail_token *token;
};

/* is_over - the end of a result, or of the field */
static bool is_over(const struct mail_token *token)
{
    return token->kind == MAIL_TOKEN_END || token->kind == MAIL_TOKEN_BAD ||
           mail_token_is(token, ';');
}

/* take_run - tokens without a gap between: a value */
static struct span take_run(struct reader *reader)
{
    struct span run = span_sub(reader->token->raw, 0, 0);

    while (!is_over(reader->token) && (run.len == 0 || !reader->token->after_gap))
        run.len += reader->token++->raw.len;
    return run;
}

/* is_joint - "." and "/" join the words around them, with comments between or not */
static bool is_joint(const struct mail_token *token)
{
    return mail_token_is(token, '.') || span_equal_text(token->text, "/");
}

/* auth_results_take_key - what precedes "=": a method with its version, or
 * "ptype.property" */
static struct span auth_results_take_key(struct reader *reader)
{
    struct sbuf buf = sbuf_start(reader->arena);
    bool may_follow = true;

    while (!is_over(reader->token) && !mail_token_is(reader->token, '=')) {
        if (reader->token->after_gap && !may_follow && !is_joint(reader->token))
            break;
        sbuf_add_span(&buf, reader->token->raw);
        may_follow = is_joint(reader->token++);
    }
    return sbuf_span(&buf);
}

/* auth_results_lower - a word in lower case, escaped */
static const char *auth_results_lower(struct arena *arena, struct span word)
{
    return escape_to_text(arena, arena_lower(arena, word), LIMIT_SHOWN_BYTES);
}

/* take_equals - the "=" between two words */
static bool take_equals(struct reader *reader)
{
    if (!mail_token_is(reader->token, '='))
        return false;
    reader->token++;
    return true;
}

/* take_properties - "reason=..." and "ptype.property=value", as they are, one blank between
 */
static const char *take_properties(struct reader *reader)
{
    struct sbuf buf = sbuf_start(reader->arena);

    while (!is_over(reader->token)) {
        struct span key = auth_results_take_key(reader);

        if (buf.len > 0)
            sbuf_add_octet(&buf, ' ');
        sbuf_add_span(&buf, key);
        if (!take_equals(reader))
            continue;
        sbuf_add_octet(&buf, '=');
        if (!is_over(reader->token))
            sbuf_add_span(&buf, take_run(reader));
    }
    return escape_header(reader->arena, sbuf_span(&buf), LIMIT_SHOWN_BYTES);
}

/* take_result - "method/version = result properties"; NULL: "none", or malformed */
static struct mail_auth_result *take_result(struct reader *reader)
{
    struct mail_auth_result *result = arena_new_of(reader->arena, struct mail_auth_result);
    struct span method = auth_results_take_key(reader);
    struct span version = method;

    method = span_cut(&version, '/');
    if (!take_equals(reader) || method.len == 0 || is_over(reader->token))
        return NULL;
    result->method = auth_results_lower(reader->arena, method);
    result->result = auth_results_lower(reader->arena, take_run(reader));
    result->properties = take_properties(reader);
    return result;
}

/* names_client - the method is about the client's address */
static bool names_client(const struct mail_auth_result *result)
{
    return strcmp(result->method, "spf") == 0 || strcmp(result->method, "iprev") == 0;
}

/* client_of_result - the first address that is a word of its own, comments included: "(sender
 * IP is 192.0.2.1)", "smtp.remote-ip=192.0.2.1"; a HELO is what the client said */
static struct ip_address client_of_result(struct span text)
{
    struct ip_address client = {.family = IP_NONE};
    bool is_helo = false;

    while (text.len > 0) {
        size_t len = 0;
        struct span word = {NULL, 0};

        while (len < text.len && strchr(" \t\r\n()[]<>;,=\"", text.at[len]) == NULL)
            len++;
        word = span_sub(text, 0, len);
        if (!is_helo && word.len > 0 && mail_ip_parse(word, &client))
            return client;
        if (len > 0)
            is_helo = span_ends_with_nocase(word, "helo");
        text = span_from(text, len + 1);
    }
    return (struct ip_address){.family = IP_NONE};
}

/* take_server - the authserv-id and its version; "" if the field begins with a result, as
 * Microsoft writes it */
static const char *take_server(struct reader *reader)
{
    const struct mail_token *start = reader->token;
    struct span server = auth_results_take_key(reader);

    if (mail_token_is(reader->token, '=')) {
        reader->token = start;
        return "";
    }
    if (start->kind == MAIL_TOKEN_QUOTED)
        server = start->text;
    while (!is_over(reader->token))
        reader->token++;
    return escape_header(reader->arena, server, LIMIT_SHOWN_BYTES);
}

/* take_results - all that follow the authserv-id */
static struct mail_auth_result *
take_results(struct reader *reader, const struct mail_header *header, const char *server)
{
    struct mail_auth_result *first = NULL;
    struct mail_auth_result **end = &first;
    struct ip_address client = {.family = IP_NONE};

    while (reader->token->kind != MAIL_TOKEN_END && reader->token->kind != MAIL_TOKEN_BAD) {
        const char *start = reader->token->raw.at;
        struct mail_auth_result *result = NULL;

        if (mail_token_is(reader->token, ';')) {
            reader->token++;
            continue;
        }
        result = take_result(reader);
        while (!is_over(reader->token))
            reader->token++;
        if (result == NULL)
            continue;
        if (client.family == IP_NONE && names_client(result))
            client =
                client_of_result(span_make(start, (size_t)(reader->token->raw.at - start)));
        result->server = server;
        result->line = header->line;
        *end = result;
        end = &result->next;
    }
    for (struct mail_auth_result *result = first; result != NULL; result = result->next)
        result->client = client;
    return first;
}

struct mail_auth_result *mail_auth_results_parse(struct arena *arena,
                                                 const struct mail_header *header)
{
    struct reader reader = {.arena = arena, .token = mail_tokens(arena, header->value, "=")};
    const char *server = take_server(&reader);

    return take_results(&reader, header, server);
}

/* take_instance - "i = 1 ;" with its semicolon; empty if that is not there */
static struct span take_instance(struct reader *reader)
{
    const struct mail_token *start = reader->token;
    struct span instance = {NULL, 0};

    if (span_equal_text(auth_results_take_key(reader), "i") && take_equals(reader) &&
        !is_over(reader->token))
        instance = take_run(reader);
    if (mail_token_is(reader->token, ';') && instance.len > 0) {
        reader->token++;
        return instance;
    }
    reader->token = start;
    return (struct span){NULL, 0};
}

struct mail_arc_results mail_arc_results_parse(struct arena *arena,
                                               const struct mail_header *header)
{
    struct reader reader = {.arena = arena, .token = mail_tokens(arena, header->value, "=")};
    struct mail_arc_results results = {.instance = take_instance(&reader)};

    results.server = take_server(&reader);
    results.results = take_results(&reader, header, results.server);
    return results;
}
