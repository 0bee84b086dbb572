/*
 * The grammar over tokens. A phrase and a local part look alike until "<", ":" or "@" comes, so
 * words are gathered first and then judged by what follows them.
 */
#include "base/escape.h"
#include "base/limits.h"
#include "base/sbuf.h"
#include "mail/mail_address.h"
#include "mail/mail_address_lenient.h"
#include "mail/mail_address_scan.h"

#define SHOWN 60

struct parser {
    struct arena *arena;
    const struct mail_token *token; /* the next one */
    struct mail_address_list *list;
    struct mail_address **end;
};

/* a run of tokens, not counting the last */
struct run {
    const struct mail_token *first;
    const struct mail_token *last;
};

/* is_word - atom or quoted string: RFC 5322, 3.2.5 */
static bool is_word(const struct mail_token *token)
{
    return token->kind == MAIL_TOKEN_ATOM || token->kind == MAIL_TOKEN_QUOTED;
}

/* address_fail - note why the field is not an address list; always false, for its callers to
 * return */
static bool address_fail(struct parser *parser, const char *why)
{
    if (parser->list->fault == NULL)
        parser->list->fault = why;
    return false;
}

/* address_fail_here - the same, with the token that is in the way */
static bool address_fail_here(struct parser *parser, const char *why)
{
    const struct mail_token *token = parser->token;

    if (token->kind == MAIL_TOKEN_BAD)
        return address_fail(parser, token->why);
    if (token->kind == MAIL_TOKEN_END)
        return address_fail(parser, arena_printf(parser->arena, "%s, but the field ends", why));
    return address_fail(parser, arena_printf(parser->arena, "%s, found \"%s\"", why,
                                             escape_to_text(parser->arena, token->raw, SHOWN)));
}

/* address_take_words - words and dots, as phrases and local parts are made of (RFC 5322,
 * 4.1, 4.4) */
static struct run address_take_words(struct parser *parser)
{
    struct run run = {parser->token, parser->token};

    while (is_word(parser->token) || mail_token_is(parser->token, '.'))
        parser->token++;
    run.last = parser->token;
    return run;
}

/* is_local_part - words with one dot between each two */
static bool is_local_part(struct run run)
{
    bool wants_word = true;

    for (const struct mail_token *token = run.first; token < run.last; token++) {
        if (is_word(token) != wants_word)
            return false;
        wants_word = !wants_word;
    }
    return !wants_word;
}

/* local_part_text - without quotes, comments and blanks */
static struct span local_part_text(struct arena *arena, struct run run)
{
    struct sbuf buf = sbuf_start(arena);

    for (const struct mail_token *token = run.first; token < run.last; token++)
        sbuf_add_span(&buf, token->kind == MAIL_TOKEN_QUOTED ? mail_unquote(arena, token->text)
                                                             : token->text);
    return sbuf_span(&buf);
}

/* add_piece - one decoded part of a display name; blanks between two encoded words vanish
 * (RFC 2047, 6.2) */
static void add_piece(struct sbuf *buf, struct span piece, bool wants_blank)
{
    if (wants_blank && buf->len > 0)
        sbuf_add_octet(buf, ' ');
    sbuf_add_span(buf, piece);
}

/* display_text - the phrase as a person reads it, not escaped */
static struct span display_text(struct arena *arena, struct run run)
{
    struct sbuf buf = sbuf_start(arena);
    bool was_encoded = false;

    for (const struct mail_token *token = run.first; token < run.last;) {
        const struct mail_token *first = token++;
        struct span word = first->raw;
        bool is_encoded = false;

        if (first->kind == MAIL_TOKEN_QUOTED) {
            word = mail_unquote(arena, first->text);
        } else {
            while (token < run.last && !token->after_gap && token->kind != MAIL_TOKEN_QUOTED)
                word.len += token++->raw.len;
            word = mail_decode_word(arena, word, &is_encoded);
        }
        add_piece(&buf, word, first->after_gap && !(is_encoded && was_encoded));
        was_encoded = is_encoded;
    }
    return sbuf_span(&buf);
}

/* address_take_domain - dot-atom or literal after "@"; the span as written, and the name */
static bool address_take_domain(struct parser *parser, struct mail_address *address)
{
    struct sbuf buf = sbuf_start(parser->arena);
    const struct mail_token *first = parser->token;

    if (first->kind == MAIL_TOKEN_LITERAL) {
        address->domain_text = first->raw;
        parser->token++;
        return true;
    }
    for (;;) {
        if (parser->token->kind != MAIL_TOKEN_ATOM)
            return address_fail_here(parser, "expected a domain after \"@\"");
        sbuf_add_span(&buf, parser->token->text);
        parser->token++;
        if (!mail_token_is(parser->token, '.'))
            break;
        sbuf_add_octet(&buf, '.');
        parser->token++;
    }
    address->domain_text =
        span_make(first->raw.at, (size_t)(parser->token[-1].raw.at - first->raw.at) +
                                     parser->token[-1].raw.len);
    address->domain = dns_name_parse(parser->arena, sbuf_span(&buf), NULL);
    return true;
}

/* take_addr_spec - local part, "@", domain; the words may have been taken before */
static bool take_addr_spec(struct parser *parser, struct run words,
                           struct mail_address *address)
{
    if (!mail_token_is(parser->token, '@'))
        return address_fail_here(parser, "expected an \"@\"");
    if (words.first == words.last)
        return address_fail(parser, "nothing before \"@\"");
    if (!is_local_part(words))
        return address_fail(parser, "the part before \"@\" is not a valid local part");
    address->local_part = local_part_text(parser->arena, words);
    parser->token++;
    return address_take_domain(parser, address);
}

/* take_route - the obsolete "@a,@b:" inside angle brackets: RFC 5322, 4.4 */
static bool take_route(struct parser *parser)
{
    struct mail_address ignored = {0};

    while (mail_token_is(parser->token, ','))
        parser->token++;
    if (!mail_token_is(parser->token, '@'))
        return true;
    while (mail_token_is(parser->token, '@') || mail_token_is(parser->token, ',')) {
        if (mail_token_is(parser->token++, ','))
            continue;
        if (!address_take_domain(parser, &ignored))
            return false;
    }
    if (!mail_token_is(parser->token, ':'))
        return address_fail_here(parser, "expected a \":\" after the route");
    parser->token++;
    return true;
}

/* note_displayed - remember the domain of an address in a display name; "Joe @ Work" is none */
static void note_displayed(struct parser *parser, struct span display)
{
    const struct dns_name *domain = NULL;

    if (parser->list->displayed != NULL || span_find(display, '@') < 0)
        return;
    domain = mail_lenient_domain(parser->arena, display);
    if (domain != NULL && domain->labels > 1)
        parser->list->displayed = domain;
}

/* take_angle - "<" addr-spec ">" after a display name */
static bool take_angle(struct parser *parser, struct run phrase, struct mail_address *address)
{
    struct span display = display_text(parser->arena, phrase);

    if (phrase.first < phrase.last && !is_word(phrase.first))
        return address_fail(parser, "a display name cannot begin with a dot");
    address->display = escape_to_text(parser->arena, display, LIMIT_SHOWN_BYTES);
    note_displayed(parser, display);
    parser->token++;
    if (mail_token_is(parser->token, '>'))
        return address_fail(parser, "no address between \"<\" and \">\"");
    if (!take_route(parser) || !take_addr_spec(parser, address_take_words(parser), address))
        return false;
    if (!mail_token_is(parser->token, '>'))
        return address_fail_here(parser, "expected a \">\" after the address");
    parser->token++;
    return true;
}

/* take_mailbox - what follows the words decides what they were */
static bool take_mailbox(struct parser *parser, struct run words)
{
    struct mail_address *address = arena_new_of(parser->arena, struct mail_address);

    address->display = "";
    if (mail_token_is(parser->token, '<')) {
        if (!take_angle(parser, words, address))
            return false;
    } else {
        if (!take_addr_spec(parser, words, address))
            return false;
        if (mail_token_is(parser->token, '<'))
            return address_fail(parser, "an unquoted \"@\" in the display name");
    }
    *parser->end = address;
    parser->end = &address->next;
    parser->list->count++;
    return true;
}

/* ends_list - the end of a group (";") or of the field */
static bool ends_list(const struct mail_token *token, bool is_group)
{
    return is_group ? mail_token_is(token, ';') : token->kind == MAIL_TOKEN_END;
}

/* take_separator - between two addresses; empty places are obsolete syntax (RFC 5322, 4.4) */
static bool take_separator(struct parser *parser, bool is_group)
{
    if (ends_list(parser->token, is_group))
        return true;
    if (is_group && parser->token->kind == MAIL_TOKEN_END)
        return address_fail(parser,
                            "a group that begins with \":\" is never closed with \";\"");
    if (!mail_token_is(parser->token, ','))
        return address_fail_here(parser, "expected a \",\" or the end after an address");
    while (mail_token_is(parser->token, ','))
        parser->token++;
    return true;
}

/* take_group - the members between ":" and ";": RFC 5322, 3.4 */
static bool take_group(struct parser *parser, struct run name)
{
    if (name.first == name.last || !is_word(name.first))
        return address_fail(parser, "a group has no name before \":\"");
    note_displayed(parser, display_text(parser->arena, name));
    parser->token++;
    while (mail_token_is(parser->token, ','))
        parser->token++;
    while (!mail_token_is(parser->token, ';')) {
        if (parser->token->kind == MAIL_TOKEN_END)
            return address_fail(parser,
                                "a group that begins with \":\" is never closed with \";\"");
        if (!take_mailbox(parser, address_take_words(parser)) || !take_separator(parser, true))
            return false;
    }
    parser->token++;
    return true;
}

/* address_take_list - the whole field */
static bool address_take_list(struct parser *parser)
{
    while (mail_token_is(parser->token, ','))
        parser->token++;
    if (parser->token->kind == MAIL_TOKEN_END)
        return address_fail(parser, "the field is empty");
    while (parser->token->kind != MAIL_TOKEN_END) {
        struct run words = address_take_words(parser);
        bool is_taken = mail_token_is(parser->token, ':') ? take_group(parser, words)
                                                          : take_mailbox(parser, words);

        if (!is_taken || !take_separator(parser, false))
            return false;
    }
    return true;
}

struct mail_address_list *mail_address_list_parse(struct arena *arena, struct span value)
{
    struct mail_address_list *list = arena_new_of(arena, struct mail_address_list);
    struct parser parser = {.arena = arena, .list = list, .end = &list->first};

    if (value.len > LIMIT_ADDRESS_BYTES) {
        list->fault = "it is longer than 65,536 octets";
        return list;
    }
    parser.token = mail_tokens(arena, value, NULL);
    list->lenient = mail_lenient_domain(arena, value);
    if (!address_take_list(&parser)) {
        list->first = NULL;
        list->count = 0;
    }
    return list;
}
