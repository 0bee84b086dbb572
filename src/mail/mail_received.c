/*
 * The field is a row of words and comments up to ";". Keywords open clauses; the first word of
 * a clause is its value, and the comments of the "from" clause hold the rest.
 */
#include "mail/mail_address_scan.h"
#include "mail/mail_received.h"

#define ADDRESS_TEXT_MAX 64 /* octets; an IPv6 literal with its tag has at most 51 */
#define PROTOCOL_MAX     40 /* octets; "Microsoft SMTP Server" is the longest in use */

enum clause { CLAUSE_OTHER, CLAUSE_FROM, CLAUSE_BY, CLAUSE_WITH, CLAUSE_FOR };

struct reader {
    struct span rest;
    enum clause clause;
    bool wants_value;            /* the next word is the value of the clause */
    struct span name;            /* the word after "from" */
    struct ip_address bracketed; /* "[192.0.2.1]" after the name */
    struct ip_address bare;      /* a comment that is an address and nothing else */
    struct mail_received *out;
};

bool mail_ip_parse(struct span text, struct ip_address *address_out)
{
    static const char tag[] = "IPv6:";

    if (span_starts_with_nocase(text, tag))
        text = span_from(text, sizeof(tag) - 1);
    return ip_parse(text, address_out);
}

/* received_first_word - up to a blank */
static struct span received_first_word(struct span text)
{
    size_t len = 0;

    while (len < text.len && !ascii_is_space(text.at[len]))
        len++;
    return span_sub(text, 0, len);
}

/* find_bracketed - the first "[address]" that is not what the client said with HELO */
static bool find_bracketed(struct span text, struct ip_address *address_out)
{
    for (size_t i = 0; i < text.len; i++) {
        struct span before = span_sub(text, 0, i);
        struct span inside = span_sub(text, i + 1, ADDRESS_TEXT_MAX);

        if (text.at[i] != '[' || span_ends_with_nocase(before, "helo="))
            continue;
        if (span_find(inside, ']') >= 0 && mail_ip_parse(span_cut(&inside, ']'), address_out))
            return true;
    }
    return false;
}

/* is_address_comment - "(192.0.2.1)" of Exchange and qmail, "(user@192.0.2.1)" of qmail */
static bool is_address_comment(struct span comment, struct ip_address *address_out)
{
    struct span address = span_from(comment, (size_t)(span_find_last(comment, '@') + 1));

    return mail_ip_parse(address, address_out);
}

/* note_helo - "(helo=name)" of Exim, "(HELO name)" of qmail and Yahoo */
static void note_helo(struct reader *reader, struct span comment)
{
    ptrdiff_t at = span_find_nocase(comment, "helo=");
    bool is_word = at == 0 || (at > 0 && ascii_is_space(comment.at[at - 1]));

    if (reader->out->helo.len > 0)
        return;
    if (is_word)
        reader->out->helo = received_first_word(span_from(comment, (size_t)at + 5));
    else if (span_starts_with_nocase(comment, "HELO ") ||
             span_starts_with_nocase(comment, "EHLO "))
        reader->out->helo = received_first_word(span_trim(span_from(comment, 5)));
}

/* note_sender - "(envelope-from <a@b>)" of Exim and others, wherever it is */
static void note_sender(struct reader *reader, struct span comment)
{
    static const char *const words[] = {"envelope-from ", "envelope-sender "};

    for (size_t i = 0; i < COUNT_OF(words); i++)
        if (span_starts_with_nocase(comment, words[i]) && reader->out->envelope_from.len == 0) {
            struct span rest = comment;

            span_cut(&rest, ' ');
            reader->out->envelope_from = received_first_word(span_trim(rest));
        }
}

/* note_reverse - "(name [192.0.2.1])": the name that the server found; none where it does not
 * lead back ("may be forged") */
static void note_reverse(struct reader *reader, struct span comment)
{
    struct span word = received_first_word(comment);
    struct span rest = span_trim(span_from(comment, word.len));

    if (reader->out->reverse.len > 0 || word.len == 0 || word.at[0] == '[' ||
        span_find(word, '=') >= 0 || rest.len == 0 || rest.at[0] != '[')
        return;
    reader->out->reverse =
        span_find_nocase(comment, "may be forged") >= 0 ? span_of("unknown") : word;
}

/* note_submission - how servers write that the client logged in, or is on the same host */
static void note_submission(struct reader *reader, struct span comment)
{
    static const char *const logged_in[] = {"Authenticated sender", "authenticated bits",
                                            "authenticated as",     "AUTH: ",
                                            "smtp-auth ",           "via HTTP"};
    static const char *const handed_in[] = {"from userid ", "invoked by uid ",
                                            "invoked by alias", "from network by uid "};

    for (size_t i = 0; i < COUNT_OF(logged_in); i++)
        reader->out->is_authenticated |= span_starts_with_nocase(comment, logged_in[i]);
    for (size_t i = 0; i < COUNT_OF(handed_in); i++)
        reader->out->is_local |= span_find_nocase(comment, handed_in[i]) >= 0;
    reader->out->is_local |= reader->clause == CLAUSE_OTHER && reader->out->by.len == 0 &&
                             span_starts_with_nocase(comment, "from ") &&
                             span_find(comment, '@') >= 0; /* Sendmail */
}

/* read_aside - a comment, or a further word of the "from" clause */
static void read_aside(struct reader *reader, struct span text)
{
    note_sender(reader, text);
    note_submission(reader, text);
    if (reader->clause != CLAUSE_FROM || reader->wants_value)
        return;
    note_helo(reader, text);
    note_reverse(reader, text);
    if (reader->bracketed.family == IP_NONE)
        find_bracketed(text, &reader->bracketed);
    if (reader->bare.family == IP_NONE)
        is_address_comment(text, &reader->bare);
}

/* clause_of - the keywords of RFC 5321, 4.4; true if the word is one */
static bool clause_of(struct span word, enum clause *clause_out)
{
    static const struct {
        const char *word;
        enum clause clause;
    } keywords[] = {{"from", CLAUSE_FROM}, {"by", CLAUSE_BY},    {"with", CLAUSE_WITH},
                    {"via", CLAUSE_OTHER}, {"id", CLAUSE_OTHER}, {"for", CLAUSE_FOR}};

    for (size_t i = 0; i < COUNT_OF(keywords); i++)
        if (span_equal_nocase(word, keywords[i].word)) {
            *clause_out = keywords[i].clause;
            return true;
        }
    return false;
}

/* received_read_value - the first word of a clause; the first clause of a kind counts */
static void received_read_value(struct reader *reader, struct span word)
{
    if (reader->clause == CLAUSE_FROM && reader->name.len == 0)
        reader->name = word;
    if (reader->clause == CLAUSE_BY && reader->out->by.len == 0)
        reader->out->by = word;
    if (reader->clause == CLAUSE_WITH && reader->out->protocol.len == 0)
        reader->out->protocol = word;
    if (reader->clause == CLAUSE_FOR && reader->out->recipient.len == 0)
        reader->out->recipient = word;
}

/* received_read_word - keyword, value, or something between */
static void received_read_word(struct reader *reader, struct span word)
{
    struct span *protocol = &reader->out->protocol;

    if (reader->wants_value) {
        reader->wants_value = false;
        received_read_value(reader, word);
    } else if (clause_of(word, &reader->clause)) {
        reader->wants_value = true;
    } else if (reader->clause == CLAUSE_FROM) {
        read_aside(reader, word);
    } else if (reader->clause == CLAUSE_WITH && protocol->len > 0 && word.at > protocol->at) {
        struct span wider =
            span_make(protocol->at, (size_t)(word.at - protocol->at) + word.len);

        if (wider.len <= PROTOCOL_MAX && span_find(wider, '(') < 0)
            *protocol = wider;
    }
}

/* word_length - up to a blank, a comment or the date */
static size_t word_length(struct span text)
{
    size_t len = 0;

    while (len < text.len && !ascii_is_space(text.at[len]) && text.at[len] != '(' &&
           text.at[len] != ';')
        len++;
    return len;
}

/* received_read_all - words and comments in order */
static void received_read_all(struct reader *reader)
{
    while (reader->rest.len > 0 && reader->rest.at[0] != ';') {
        size_t len = 1;

        if (reader->rest.at[0] == '(') {
            len = mail_comment_length(reader->rest);
            if (len == 0)
                len = reader->rest.len; /* never closed: all of it is comment */
            read_aside(reader, span_trim(span_sub(reader->rest, 1, len - 2)));
        } else if (!ascii_is_space(reader->rest.at[0])) {
            len = word_length(reader->rest);
            received_read_word(reader, span_sub(reader->rest, 0, len));
        }
        reader->rest = span_from(reader->rest, len);
    }
}

/* received_conclude - weigh the places where name and address were found */
static void received_conclude(struct reader *reader)
{
    struct mail_received *out = reader->out;
    struct ip_address named = {.family = IP_NONE};
    ptrdiff_t bracket = span_find(reader->name, '[');

    if (bracket >= 0)
        find_bracketed(reader->name, &named);
    else
        ip_parse(reader->name, &named);
    if (reader->bracketed.family != IP_NONE)
        out->client = reader->bracketed;
    else if (reader->bare.family != IP_NONE)
        out->client = reader->bare;
    else
        out->client = named;
    if (out->helo.len > 0 && out->reverse.len == 0 && bracket < 0 && named.family == IP_NONE)
        out->reverse = reader->name; /* Exim and qmail put the name they found in front */
    /* without another place for it the name in front is what the client said, unless it is
     * the address that the server saw, or its word for having no name */
    if (out->helo.len > 0 || span_equal_nocase(reader->name, "unknown"))
        return;
    if (named.family == IP_NONE || bracket == 0)
        out->helo = reader->name;
    else if (bracket > 0)
        out->helo = span_sub(reader->name, 0, (size_t)bracket);
}

struct mail_received mail_received_parse(struct span value)
{
    struct mail_received received = {.client = {.family = IP_NONE}};
    struct reader reader = {.rest = value, .out = &received};

    received_read_all(&reader);
    received_conclude(&reader);
    return received;
}

/* take_pair - note what a "key=value" of Received-SPF says: RFC 7208, 9.1 */
static void take_pair(struct mail_received *received, struct span key, struct span value)
{
    if (span_equal_nocase(key, "client-ip"))
        mail_ip_parse(value, &received->client);
    else if (span_equal_nocase(key, "helo"))
        received->helo = value;
    else if (span_equal_nocase(key, "receiver"))
        received->by = value;
    else if (span_equal_nocase(key, "envelope-from"))
        received->envelope_from = value;
}

struct mail_received mail_received_spf_parse(struct arena *arena, struct span value)
{
    struct mail_received received = {.client = {.family = IP_NONE}};
    const struct mail_token *token = mail_tokens(arena, value, "=");

    while (token->kind != MAIL_TOKEN_END && token->kind != MAIL_TOKEN_BAD) {
        struct span key = token->raw;
        struct span text = {NULL, 0};

        token++;
        if (!mail_token_is(token, '='))
            continue;
        token++;
        if (token->kind == MAIL_TOKEN_QUOTED) {
            text = token++->text;
        } else {
            text = span_sub(token->raw, 0, 0);
            while (token->kind != MAIL_TOKEN_END && token->kind != MAIL_TOKEN_BAD &&
                   !mail_token_is(token, ';') && (text.len == 0 || !token->after_gap))
                text.len += token++->raw.len;
        }
        take_pair(&received, key, text);
    }
    return received;
}
