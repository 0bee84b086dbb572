/* One loop: skip what does not count, then take the longest token that begins here. */
#include "base/escape.h"
#include "base/limits.h"
#include "base/sbuf.h"
#include "mail/mail_address_scan.h"

/* RFC 5322, 3.2.3: the specials, without "(" which begins a comment, quotes and brackets */
static const char specials[] = "<>@,;:.";

/* RFC 5322, 3.2.3: atext other than letters and digits */
static const char atext[] = "!#$%&'*+-/=?^_`{|}~";

struct scanner {
    struct arena *arena;
    struct span rest;
    const char *extra;
    struct mail_token *tokens;
    size_t count;
};

bool mail_token_is(const struct mail_token *token, char special)
{
    return token->kind == MAIL_TOKEN_SPECIAL && token->text.at[0] == special;
}

size_t mail_comment_length(struct span text)
{
    size_t depth = 0;

    for (size_t i = 0; i < text.len; i++) {
        if (text.at[i] == '\\')
            i++;
        else if (text.at[i] == '(')
            depth++;
        else if (text.at[i] == ')' && --depth == 0)
            return i + 1;
    }
    return 0;
}

/* literal_length - of "[...]" at the start; 0 if it is malformed (RFC 5322, 3.4.1) */
static size_t literal_length(struct span text)
{
    for (size_t i = 1; i < text.len; i++) {
        if (text.at[i] == '\\')
            i++;
        else if (text.at[i] == '[')
            return 0;
        else if (text.at[i] == ']')
            return i + 1;
    }
    return 0;
}

struct span mail_unquote(struct arena *arena, struct span text)
{
    struct sbuf buf = sbuf_start(arena);

    for (size_t i = 0; i < text.len; i++) {
        if (text.at[i] == '\\' && i + 1 < text.len)
            i++;
        else if (text.at[i] == '\r' || text.at[i] == '\n')
            continue; /* folding is not a part of the text: RFC 5322, 3.2.4 */
        sbuf_add_octet(&buf, text.at[i]);
    }
    return sbuf_span(&buf);
}

/* address_scan_holds - is the octet one of the set */
static bool address_scan_holds(const char *set, char octet)
{
    return set != NULL && octet != '\0' && span_find(span_of(set), octet) >= 0;
}

/* atom_length - how many octets of an atom begin here; UTF-8 counts (RFC 6532, 3.2) */
static size_t atom_length(const struct scanner *scanner)
{
    size_t len = 0;

    while (len < scanner->rest.len) {
        char octet = scanner->rest.at[len];
        uint32_t code = 0;
        size_t step = 0;

        if (address_scan_holds(scanner->extra, octet))
            break;
        if (ascii_is_alnum(octet) || address_scan_holds(atext, octet))
            step = 1;
        else if ((unsigned char)octet >= 0x80)
            step = utf8_next(span_from(scanner->rest, len), &code);
        if (step == 0 || (step > 1 && code < 0xa0))
            break;
        len += step;
    }
    return len;
}

/* add_token - the next `len` octets are one; `trim` of them on each side are not text */
static void add_token(struct scanner *scanner, enum mail_token_kind kind, size_t len,
                      size_t trim)
{
    struct mail_token token = {.kind = kind, .raw = span_sub(scanner->rest, 0, len)};

    token.text = span_sub(token.raw, trim, len - 2 * trim);
    scanner->rest = span_from(scanner->rest, len);
    arena_append(scanner->arena, scanner->tokens, scanner->count, token);
}

/* add_bad - nothing can be read from here on */
static void add_bad(struct scanner *scanner, const char *why)
{
    add_token(scanner, MAIL_TOKEN_BAD, 0, 0);
    scanner->tokens[scanner->count - 1].why = why;
}

/* skip_gap - blanks, folding and comments; false, with a BAD token, if a comment never ends */
static bool skip_gap(struct scanner *scanner)
{
    while (scanner->rest.len > 0) {
        size_t step = ascii_is_space(scanner->rest.at[0]) ? 1 : 0;

        if (scanner->rest.at[0] == '(') {
            step = mail_comment_length(scanner->rest);
            if (step == 0) {
                add_bad(scanner, "a comment that begins with \"(\" is never closed");
                return false;
            }
        }
        if (step == 0)
            break;
        scanner->rest = span_from(scanner->rest, step);
    }
    return true;
}

/* why_bad - a sentence about the octet nobody can read */
static const char *why_bad(struct scanner *scanner)
{
    char octet = scanner->rest.at[0];

    if (octet == '"')
        return "a quote is never closed";
    if (octet == '[')
        return "a \"[\" is never closed";
    if ((unsigned char)octet >= 0x80)
        return "it holds octets that are not UTF-8";
    return arena_printf(scanner->arena, "\"%s\" is not allowed here",
                        escape_to_text(scanner->arena, span_sub(scanner->rest, 0, 1), 0));
}

/* next_token - take one; false if it was the last */
static bool next_token(struct scanner *scanner)
{
    size_t before = scanner->rest.len;
    size_t index = scanner->count;
    size_t len = 0;

    if (!skip_gap(scanner))
        return false;
    if (scanner->rest.len == 0) {
        add_token(scanner, MAIL_TOKEN_END, 0, 0);
        return false;
    }
    if (scanner->count == LIMIT_FIELD_TOKENS) {
        add_bad(scanner, "it has more parts than any reader takes");
        return false;
    }
    bool is_after_gap = scanner->rest.len != before;
    char octet = scanner->rest.at[0];

    if (address_scan_holds(specials, octet) || address_scan_holds(scanner->extra, octet))
        add_token(scanner, MAIL_TOKEN_SPECIAL, 1, 0);
    else if (octet == '"' && (len = span_quoted_length(scanner->rest)) > 0)
        add_token(scanner, MAIL_TOKEN_QUOTED, len, 1);
    else if (octet == '[' && (len = literal_length(scanner->rest)) > 0)
        add_token(scanner, MAIL_TOKEN_LITERAL, len, 0);
    else if ((len = atom_length(scanner)) > 0)
        add_token(scanner, MAIL_TOKEN_ATOM, len, 0);
    else
        add_bad(scanner, why_bad(scanner));
    scanner->tokens[index].after_gap = is_after_gap;
    return scanner->tokens[index].kind != MAIL_TOKEN_BAD;
}

struct mail_token *mail_tokens(struct arena *arena, struct span value,
                               const char *extra_specials)
{
    struct scanner scanner = {.arena = arena, .rest = value, .extra = extra_specials};

    while (next_token(&scanner))
        continue;
    return scanner.tokens;
}
