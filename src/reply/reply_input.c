/* Pasted text becomes code, enhanced code, text, step and host. */
#include "base/arena.h"
#include "base/limits_bounce.h"
#include "base/sbuf.h"
#include "base/span.h"
#include "model/reply.h"
#include "model/reply_class.h"
#include "model/reply_phrase.h"
#include "reply/reply.h"
#include "reply/reply_class.h"
#include "reply/reply_phrase.h"

#define CODE_DIGITS 3
#define CODE_SURE   4 /* points of a number that is probably a code */

/* ---- one line of ASCII ---- */

/* what is read in place of some sequences */
static const struct {
    const char *octets;
    const char *ascii;
} plain_forms[] = {
    {"\xe2\x80\x98", "'"},  {"\xe2\x80\x99", "'"}, {"\xe2\x80\x9c", "\""},
    {"\xe2\x80\x9d", "\""}, {"\xe2\x80\x93", "-"}, {"\xe2\x80\x94", "-"},
    {"\xc2\xa0", " "},      {"\\n", " "},          {"\\r", " "},
};

/* plain_form - the ASCII for what the text begins with, or NULL */
static const char *plain_form(struct span text, size_t *len_out)
{
    for (size_t i = 0; i < COUNT_OF(plain_forms); i++)
        if (span_starts_with(text, plain_forms[i].octets)) {
            *len_out = strlen(plain_forms[i].octets);
            return plain_forms[i].ascii;
        }
    return NULL;
}

/* begins_form - the first octet of a form above */
static bool begins_form(char octet)
{
    return octet == '\xe2' || octet == '\xc2' || octet == '\\';
}

struct span reply_text_clean(struct arena *arena, struct span text)
{
    char *clean = NULL;
    size_t clean_len = 0;
    size_t len = 0;

    text = span_sub(text, 0, LIMIT_REPLY_BYTES);
    clean = arena_alloc(arena, text.len + 1);
    for (size_t at = 0; at < text.len; at += len) {
        char octet = text.at[at];
        const char *form = NULL;

        len = 1;
        if (begins_form(octet) && (form = plain_form(span_from(text, at), &len)) != NULL)
            octet = form[0];
        if ((unsigned char)octet < 32 || octet == 127)
            octet = ' ';
        if (octet != ' ' || (clean_len > 0 && clean[clean_len - 1] != ' '))
            clean[clean_len++] = octet;
    }
    return span_trim(span_make(clean, clean_len));
}

/* ---- lower case ---- */

/* letters of two octets in UTF-8, by their first octet: capitals are at `from` to `to`, small
 * letters `step` further, after `lead`; `step` 1: each follows its capital */
static const struct {
    unsigned char first, from, to, lead, step;
} capitals[] = {
    {0xc3, 0x80, 0x96, 0xc3, 0x20}, {0xc3, 0x98, 0x9e, 0xc3, 0x20}, /* Latin-1 */
    {0xc4, 0x80, 0xaf, 0xc4, 1},    {0xc4, 0xb2, 0xb7, 0xc4, 1},    /* Latin Extended-A */
    {0xc4, 0xb9, 0xbe, 0xc4, 1},    {0xc5, 0x81, 0x88, 0xc5, 1},    {0xc5, 0x8a, 0xb7, 0xc5, 1},
    {0xc5, 0xb9, 0xbe, 0xc5, 1},    {0xce, 0x91, 0x9f, 0xce, 0x20}, /* Greek */
    {0xce, 0xa0, 0xab, 0xcf, 0xe0}, {0xd0, 0x80, 0x8f, 0xd1, 0x10}, /* Cyrillic */
    {0xd0, 0x90, 0x9f, 0xd0, 0x20}, {0xd0, 0xa0, 0xaf, 0xd1, 0xe0},
};

/* fold_letter - the letter of two octets at `at`, in place */
static void fold_letter(unsigned char *at)
{
    for (size_t i = 0; i < COUNT_OF(capitals); i++) {
        bool is_capital =
            at[0] == capitals[i].first && at[1] >= capitals[i].from && at[1] <= capitals[i].to;

        if (is_capital && (capitals[i].step != 1 || (at[1] - capitals[i].from) % 2 == 0)) {
            at[0] = capitals[i].lead;
            at[1] = (unsigned char)(at[1] + capitals[i].step);
            return;
        }
    }
}

struct span reply_text_fold(struct arena *arena, struct span text)
{
    char *folded = arena_alloc(arena, text.len + 1);

    for (size_t i = 0; i < text.len; i++)
        folded[i] = ascii_to_lower(text.at[i]);
    for (size_t i = 0; i + 1 < text.len; i++)
        if ((unsigned char)folded[i] >= 0xc3 && (unsigned char)folded[i] <= 0xd0) {
            fold_letter((unsigned char *)folded + i);
            i++;
        }
    return span_make(folded, text.len);
}

/* ---- codes ---- */

/* ends_in_tuple - "550, b'...": the reply as Python prints it */
static bool ends_in_tuple(struct span text, size_t end)
{
    struct span rest = span_from(text, end);

    return span_starts_with(rest, ", b'") || span_starts_with(rest, ", b\"") ||
           span_starts_with(rest, ", '") || span_starts_with(rest, ", \"");
}

/* code_at - three digits that stand like a code, or 0 */
static unsigned code_at(struct span text, size_t at)
{
    unsigned code = 0;

    if (at + CODE_DIGITS > text.len || text.at[at] < '2' || text.at[at] > '5')
        return 0;
    for (size_t i = at; i < at + CODE_DIGITS; i++) {
        if (!ascii_is_digit(text.at[i]))
            return 0;
        code = code * 10 + (unsigned)(text.at[i] - '0');
    }
    if (at + CODE_DIGITS < text.len && strchr(" -'\":", text.at[at + CODE_DIGITS]) == NULL &&
        !ends_in_tuple(text, at + CODE_DIGITS))
        return 0;
    return at > 0 && (ascii_is_alnum(text.at[at - 1]) ||
                      strchr("./_@%+-", text.at[at - 1]) != NULL)
               ? 0
               : code;
}

/* enhanced_at - an enhanced code as a word; its octets, 0: none */
static size_t enhanced_at(struct span text, size_t at, struct smtp_enhanced *code_out)
{
    struct span rest = span_from(text, at);
    size_t len = 0;

    if (at > 0 && (ascii_is_alnum(text.at[at - 1]) || text.at[at - 1] == '.'))
        return 0;
    while (len < rest.len && (ascii_is_digit(rest.at[len]) || rest.at[len] == '.'))
        len++;
    if (len > 0 && rest.at[len - 1] == '.')
        len--; /* the end of a sentence */
    if ((len < rest.len && ascii_is_alnum(rest.at[len])) ||
        !smtp_enhanced_parse(span_sub(rest, 0, len), code_out))
        return 0;
    return len;
}

/* skip_separators - blank, dash, "#" and "(" between a code and its enhanced code */
static size_t skip_separators(struct span text, size_t at)
{
    if (ends_in_tuple(text, at))
        at =
            (size_t)span_find(span_from(text, at), text.at[at + 2] == 'b' ? 'b' : ' ') + at + 1;
    while (at < text.len && strchr(" -#(:'\"", text.at[at]) != NULL && text.at[at] != '\0')
        at++;
    return at;
}

/* may_precede_code - a reply may follow; "#" within a word is that of a link */
static bool may_precede_code(struct span before)
{
    if (before.len == 0)
        return true;
    if (before.at[before.len - 1] == '#')
        return before.len == 1 || before.at[before.len - 2] == ' ';
    return strchr(":;<>\"'([=*", before.at[before.len - 1]) != NULL;
}

/* code_points - how much a number looks like a reply code */
static unsigned code_points(struct span text, size_t at)
{
    struct smtp_enhanced unused = {0};
    size_t after = skip_separators(text, at + CODE_DIGITS);
    size_t before = at;
    unsigned points = 1;

    while (before > 0 && text.at[before - 1] == ' ')
        before--;
    if (may_precede_code(span_sub(text, 0, before)))
        points += CODE_SURE;
    if (enhanced_at(text, after, &unused) > 0)
        points += 2 * CODE_SURE;
    if (at + CODE_DIGITS < text.len && text.at[at + CODE_DIGITS] == '-')
        points++;
    return points;
}

/* find_code - where the reply code is */
static bool find_code(struct span text, size_t *at_out, unsigned *code_out)
{
    unsigned most = CODE_SURE - 1;

    for (size_t at = 0; at + CODE_DIGITS <= text.len; at++) {
        unsigned code = code_at(text, at);
        unsigned points = code != 0 ? code_points(text, at) : 0;

        if (points > most) {
            most = points;
            *at_out = at;
            *code_out = code;
        }
    }
    return most >= CODE_SURE;
}

/* find_enhanced - the first one of that class (0: any); text.len: none */
static size_t find_enhanced(struct span text, unsigned kind, struct smtp_enhanced *code_out)
{
    struct smtp_enhanced code = {0};

    for (size_t at = 0; at < text.len; at++)
        if (ascii_is_digit(text.at[at]) && enhanced_at(text, at, &code) > 0 &&
            (kind == 0 || code.kind == kind)) {
            *code_out = code;
            return at;
        }
    return text.len;
}

/* skip_repeated - "550-5.7.1 " in the middle, which begins another line of the reply, and
 * "550 ", which begins the last one after "550-" */
static size_t skip_repeated(const struct reply_input *input, struct span text, bool has_lines,
                            size_t at)
{
    struct smtp_enhanced enhanced = {0};
    size_t end = at + CODE_DIGITS;
    size_t after = 0;
    size_t len = 0;

    if (code_at(text, at) != input->code || input->code == 0)
        return at;
    after = skip_separators(text, end);
    len = enhanced_at(text, after, &enhanced);
    if (len > 0 && enhanced.subject == input->enhanced.subject &&
        enhanced.detail == input->enhanced.detail)
        return skip_separators(text, after + len);
    if (end < text.len && text.at[end] == '-')
        return end + 1;
    return has_lines && at > 0 && text.at[at - 1] == ' ' && end < text.len ? end + 1 : at;
}

/* without_repeats - the text without the codes of further lines */
static struct span without_repeats(struct arena *arena, const struct reply_input *input,
                                   struct span text, bool has_lines)
{
    struct sbuf out = sbuf_start(arena);

    for (size_t at = 0; at < text.len; at++) {
        size_t next =
            ascii_is_digit(text.at[at]) ? skip_repeated(input, text, has_lines, at) : at;

        if (next > at && out.len > 0 && out.bytes[out.len - 1] != ' ')
            sbuf_add_octet(&out, ' ');
        at = next;
        if (at < text.len)
            sbuf_add_octet(&out, text.at[at]);
    }
    return reply_text_clean(arena, sbuf_span(&out));
}

/* ---- around the reply ---- */

/* what sending servers write about the step */
static const struct {
    const char *text;
    enum reply_step step;
} step_words[] = {
    {"end of data", REPLY_STEP_DOT},
    {"final data", REPLY_STEP_DOT},
    {"after i sent the message", REPLY_STEP_DOT},
    {"final dot", REPLY_STEP_DOT},
    {"reply to mail from", REPLY_STEP_MAIL},
    {"after mail from", REPLY_STEP_MAIL},
    {"our mail from", REPLY_STEP_MAIL},
    {"reply to rcpt to", REPLY_STEP_RCPT},
    {"after rcpt to", REPLY_STEP_RCPT},
    {"our rcpt to", REPLY_STEP_RCPT},
    {"reply to data", REPLY_STEP_DATA},
    {"after data", REPLY_STEP_DATA},
    {"reply to ehlo", REPLY_STEP_EHLO},
    {"reply to helo", REPLY_STEP_EHLO},
    {"after ehlo", REPLY_STEP_EHLO},
    {"after helo", REPLY_STEP_EHLO},
    {"initial connection", REPLY_STEP_GREETING},
    {"refused to talk to me", REPLY_STEP_GREETING},
    {"reply to starttls", REPLY_STEP_STARTTLS},
    {"reply to auth", REPLY_STEP_AUTH},
};

/* find_step - at which step the reply came, by the sending server */
static enum reply_step find_step(struct span folded)
{
    struct reply_match match;

    for (size_t i = 0; i < COUNT_OF(step_words); i++)
        if (reply_phrase_find(step_words[i].text, folded, &match))
            return step_words[i].step;
    return REPLY_STEP_UNKNOWN;
}

/* what precedes the name of the host that answered */
static const char *const host_words[] = {"host {helo}", "relay={helo}",
                                         "remote-mta: dns; {helo}", "server {helo}",
                                         "rejected by {helo}"};

/* find_host - the name of the host that answered, or NULL */
static const char *find_host(struct arena *arena, struct span folded)
{
    struct reply_match match;

    for (size_t i = 0; i < COUNT_OF(host_words); i++)
        if (reply_phrase_find(host_words[i], folded, &match)) {
            struct span host = match.facts[REPLY_FACT_HELO];

            if (span_find(host, '.') > 0 && span_find(host, '@') < 0)
                return arena_strdup_span(arena, host);
        }
    return NULL;
}

/* cut_wrapping - the reply without the text of the sending server around it */
static struct span cut_wrapping(struct arena *arena, struct span text, bool has_code)
{
    static const char *const before[] = {
        "said:", "refused to talk to me:", "remote host said:"};
    struct span folded = reply_text_fold(arena, text);
    struct reply_match match;

    if (reply_phrase_find("(in reply to", folded, &match) ||
        ((reply_phrase_find("giving up on {ip}", folded, &match) ||
          reply_phrase_find("i'm not going to try again", folded, &match)) &&
         has_code && match.at > 0))
        text = span_trim(span_sub(text, 0, match.at));
    /* after a code "host X said:" is a reply within the reply */
    for (size_t i = 0; i < COUNT_OF(before); i++)
        if ((!has_code || span_starts_with(folded, "host ")) &&
            reply_phrase_find(before[i], folded, &match) && match.at + match.len < text.len) {
            struct span rest = span_trim(span_from(text, match.at + match.len));

            if (rest.len > 0)
                return rest;
        }
    return text;
}

/* read_class - "5xx", "4": only the class; false: something else */
static bool read_class(struct span text, struct reply_input *input)
{
    if (text.len == 0 || text.at[0] < '2' || text.at[0] > '5' ||
        (text.len != 1 && !span_equal_nocase(span_from(text, 1), "xx") &&
         !span_equal_nocase(span_from(text, 1), ".x.x")))
        return false;
    input->code = (unsigned)(text.at[0] - '0');
    input->text = span_of("");
    return true;
}

/* read_codes - both codes, and whether more lines follow; returns the text after them */
static struct span read_codes(struct span text, struct reply_input *input, bool *has_lines_out)
{
    size_t at = 0;
    size_t len = 0;
    bool has_code = find_code(text, &at, &input->code);

    if (has_code) {
        size_t after = skip_separators(text, at + CODE_DIGITS);

        *has_lines_out = at + CODE_DIGITS < text.len && text.at[at + CODE_DIGITS] == '-';
        len = enhanced_at(text, after, &input->enhanced);
        if (len == 0)
            find_enhanced(text, input->code / 100, &input->enhanced);
        return span_trim(span_from(text, len > 0 ? after + len : after));
    }
    at = find_enhanced(text, 0, &input->enhanced);
    if (at > 0) /* in the middle: all is text */
        return text;
    while (at < text.len && text.at[at] != ' ')
        at++;
    return span_trim(span_from(text, at));
}

void reply_input_read(struct arena *arena, struct span pasted, struct reply_input *input_out)
{
    struct span text = reply_text_clean(arena, pasted);
    struct span folded = reply_text_fold(arena, text);
    struct span reply = {0};
    bool has_lines = false;

    *input_out = (struct reply_input){.text = text};
    if (read_class(text, input_out))
        return;
    input_out->step = find_step(folded);
    input_out->host = find_host(arena, folded);
    reply = read_codes(text, input_out, &has_lines);
    if (reply.len == 0 && input_out->code == 0 && input_out->enhanced.kind == 0)
        reply = text;
    input_out->text = cut_wrapping(arena, without_repeats(arena, input_out, reply, has_lines),
                                   input_out->code != 0);
}

/* line_text - without the enhanced code that servers repeat on each line */
static struct span line_text(const struct reply *reply, const struct reply_line *line)
{
    struct smtp_enhanced own = {0};
    struct span rest = line->text;

    if (reply->enhanced.kind == 0 || !smtp_enhanced_parse(line->text, &own) ||
        own.kind != reply->enhanced.kind || own.subject != reply->enhanced.subject ||
        own.detail != reply->enhanced.detail)
        return line->text;
    span_cut(&rest, ' ');
    return span_trim(rest);
}

void reply_input_of(struct arena *arena, const struct reply *reply,
                    struct reply_input *input_out)
{
    struct sbuf text = sbuf_start(arena);

    for (const struct reply_line *line = reply->lines; line != NULL; line = line->next) {
        sbuf_add(&text, text.len > 0 ? " " : "");
        sbuf_add_span(&text, line_text(reply, line));
    }
    *input_out = (struct reply_input){.code = reply->code, .enhanced = reply->enhanced};
    input_out->text = reply_text_clean(arena, sbuf_span(&text));
}

/* ---- several at once ---- */

/* goes_on - the line belongs to the reply before it: it is empty, indented, without a code or
 * with one that is passed on, or that reply ends in "550-" lines of the same code */
static bool goes_on(struct span line, struct span before)
{
    size_t at = 0;
    size_t before_at = 0;
    unsigned code = 0;
    unsigned before_code = 0;

    if (line.len == 0 || ascii_is_blank(line.at[0]) || !find_code(line, &at, &code))
        return true;
    if (at > 3 && memcmp(line.at + at - 3, "-> ", 3) == 0)
        return true; /* "Framework violation -> 550 5.7.23 SPF ..." */
    if (!find_code(before, &before_at, &before_code))
        return before.len > 0;
    return code == before_code && before_at + CODE_DIGITS < before.len &&
           before.at[before_at + CODE_DIGITS] == '-';
}

const struct span *reply_input_split(struct arena *arena, struct span pasted, size_t *count_out)
{
    struct span *replies = NULL;
    struct span last = {0};
    struct span rest = span_sub(pasted, 0, LIMIT_REPLY_BYTES);

    *count_out = 0;
    while (rest.len > 0) {
        struct span line = span_cut(&rest, '\n');

        if (*count_out > 0 && goes_on(line, last)) {
            replies[*count_out - 1].len =
                (size_t)(line.at + line.len - replies[*count_out - 1].at);
        } else if (span_trim(line).len > 0) {
            arena_append(arena, replies, *count_out, line);
        }
        if (span_trim(line).len > 0)
            last = line;
    }
    return replies;
}
