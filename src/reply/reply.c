/* Line by line; then the enhanced code of the first. */
#include "reply/reply.h"
#include "base/fault.h"
#include "base/limits.h"
#include "base/limits_bounce.h"

#define CODE_DIGITS     3
#define CODE_LEAST      200 /* RFC 5321, 4.2: the first digit is 2 to 5, the second 0 to 5 */
#define CODE_MOST       559
#define SECOND_MOST     5
#define ENHANCED_DIGITS 3 /* RFC 3463, 2: subject and detail have one to three */

struct reader {
    struct arena *arena;
    struct span bytes;
    size_t at;
    struct reply *reply;
    struct reply_line **tail;
    struct fault **fault_tail;
};

/* reply_add_fault - one of each kind */
static void reply_add_fault(struct reader *in, enum reply_fault kind, struct span part,
                            const char *text)
{
    struct fault fault = {.kind = kind,
                          .is_fatal = kind <= SMTP_FAULT_TOO_LARGE,
                          .at = in->at,
                          .part = part,
                          .text = text};

    if (reply_fault(in->reply, kind) != NULL)
        return;
    in->fault_tail = &fault_add(in->arena, in->fault_tail, fault)->next;
    if (fault.is_fatal)
        in->reply->state = REPLY_BROKEN;
}

/* read_code - three digits at the start, or 0 */
static unsigned read_code(struct span line)
{
    uint64_t code = 0;

    if (line.len < CODE_DIGITS || !span_to_number(span_sub(line, 0, CODE_DIGITS), 999, &code))
        return 0;
    return (unsigned)code;
}

/* check_code - in range, and the same on every line */
static void check_code(struct reader *in, struct span line, unsigned code)
{
    struct span shown = span_sub(line, 0, CODE_DIGITS);

    if (code < CODE_LEAST || code > CODE_MOST || code / 10 % 10 > SECOND_MOST)
        reply_add_fault(in, SMTP_FAULT_CODE_RANGE, shown, "the reply code is not one of SMTP");
    if (in->reply->line_count > 0 && in->reply->code != code)
        reply_add_fault(in, SMTP_FAULT_CODE_CHANGES, shown,
                        "the lines of one reply differ in code");
    in->reply->code = code;
}

/* reply_check_text - octets that are not allowed in a reply */
static void reply_check_text(struct reader *in, struct span text)
{
    for (size_t i = 0; i < text.len; i++) {
        unsigned char octet = (unsigned char)text.at[i];

        if (octet > 127)
            reply_add_fault(in, SMTP_FAULT_NOT_ASCII, span_sub(text, i, 1),
                            "the reply has octets beyond ASCII");
        else if (octet == 127 || (octet < 32 && octet != '\t'))
            reply_add_fault(in, SMTP_FAULT_CONTROL, span_sub(text, i, 1),
                            "the reply has a control character");
    }
}

/* reply_add_line - keep the text of a line */
static void reply_add_line(struct reader *in, struct span text)
{
    struct reply_line *line = arena_new_of(in->arena, struct reply_line);

    line->text = text;
    *in->tail = line;
    in->tail = &line->next;
    in->reply->line_count++;
    reply_check_text(in, text);
}

/* reply_read_line - one line without its end; true: another one follows */
static bool reply_read_line(struct reader *in, struct span line)
{
    char separator = line.len > CODE_DIGITS ? line.at[CODE_DIGITS] : ' ';
    unsigned code = read_code(line);

    if (code == 0) {
        reply_add_line(in, line);
        reply_add_fault(in, SMTP_FAULT_NO_CODE, line,
                        "a line does not begin with a reply code");
        return false;
    }
    check_code(in, line, code);
    if (separator != ' ' && separator != '-') {
        reply_add_fault(in, SMTP_FAULT_SEPARATOR, span_sub(line, 0, CODE_DIGITS + 1),
                        "neither a blank nor \"-\" follows the reply code");
        reply_add_line(in, span_from(line, CODE_DIGITS));
        return false;
    }
    reply_add_line(in, span_from(line, CODE_DIGITS + 1));
    return separator == '-';
}

/* take_line - the next line without its end; false: incomplete */
static bool take_line(struct reader *in, struct span *line_out)
{
    struct span rest = span_from(in->bytes, in->at);
    ptrdiff_t end = span_find(rest, '\n');
    size_t len = end < 0 ? rest.len : (size_t)end;

    if (len > LIMIT_REPLY_LINE_BYTES || in->at + len > LIMIT_REPLY_BYTES ||
        in->reply->line_count >= LIMIT_REPLY_LINES) {
        reply_add_fault(in, SMTP_FAULT_TOO_LARGE, span_sub(rest, 0, LIMIT_SHOWN_BYTES),
                        "the reply does not end");
        return false;
    }
    if (end < 0)
        return false;
    if (len + 1 > REPLY_LINE_MAX)
        reply_add_fault(in, SMTP_FAULT_LONG_LINE, span_sub(rest, 0, LIMIT_SHOWN_BYTES),
                        "a line of the reply is longer than 512 octets");
    in->at += len + 1;
    *line_out = span_sub(rest, 0, len);
    if (len > 0 && rest.at[len - 1] == '\r')
        line_out->len--;
    else
        reply_add_fault(in, SMTP_FAULT_BARE_LF, *line_out,
                        "a line of the reply ends without CR");
    return true;
}

/* read_enhanced - of the first line, compared with the reply code */
static void read_enhanced(struct reader *in)
{
    struct reply *reply = in->reply;

    if (reply->lines == NULL || !smtp_enhanced_parse(reply->lines->text, &reply->enhanced))
        return;
    if (reply->enhanced.kind != reply->code / 100)
        reply_add_fault(
            in, SMTP_FAULT_ENHANCED_CLASS, span_sub(reply->lines->text, 0, 1),
            "the enhanced code contradicts the reply code, which is the one to follow");
}

void reply_parse(struct arena *arena, struct span bytes, struct reply *reply_out)
{
    struct reader in = {.arena = arena, .bytes = bytes, .reply = reply_out};
    struct span line = {0};

    *reply_out = (struct reply){.state = REPLY_INCOMPLETE};
    in.tail = &reply_out->lines;
    in.fault_tail = &reply_out->faults;
    while (reply_out->state == REPLY_INCOMPLETE && take_line(&in, &line))
        if (!reply_read_line(&in, line) && reply_out->state == REPLY_INCOMPLETE)
            reply_out->state = REPLY_COMPLETE;
    reply_out->used = in.at;
    if (reply_out->state == REPLY_COMPLETE)
        read_enhanced(&in);
}

/* reply_take_number - one to three digits */
static bool reply_take_number(struct span *rest, unsigned *number_out)
{
    size_t digits = 0;

    *number_out = 0;
    while (digits < rest->len && ascii_is_digit(rest->at[digits])) {
        if (digits == ENHANCED_DIGITS)
            return false;
        *number_out = *number_out * 10 + (unsigned)(rest->at[digits++] - '0');
    }
    *rest = span_from(*rest, digits);
    return digits > 0;
}

/* take_dot - the dot between two numbers */
static bool take_dot(struct span *rest)
{
    if (rest->len == 0 || rest->at[0] != '.')
        return false;
    *rest = span_from(*rest, 1);
    return true;
}

bool smtp_enhanced_parse(struct span text, struct smtp_enhanced *code_out)
{
    struct smtp_enhanced code = {0};
    bool is_code = reply_take_number(&text, &code.kind) && take_dot(&text) &&
                   reply_take_number(&text, &code.subject) && take_dot(&text) &&
                   reply_take_number(&text, &code.detail) &&
                   (text.len == 0 || ascii_is_space(text.at[0]));

    /* RFC 3463, 2: class is 2, 4 or 5 */
    is_code = is_code && (code.kind == 2 || code.kind == 4 || code.kind == 5);
    *code_out = is_code ? code : (struct smtp_enhanced){0};
    return is_code;
}
