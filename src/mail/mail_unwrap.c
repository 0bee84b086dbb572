/*
 * A row for each wrapping that is in front, tried in order until none fits; then what the
 * message carries inside.
 */
#include <string.h>

#include "base/arena.h"
#include "base/limits.h"
#include "base/mime.h"
#include "mail/mail_lines.h"
#include "mail/mail_message.h"
#include "mail/mail_unwrap.h"

struct unwrapping {
    struct mail_body *body;
    struct mail_unwrapped *out;
    const struct mail_choice *choice;
    uint64_t start;
    uint64_t end;
    int line;
    struct err *why;
    bool has_failed; /* `why` is filled */
    /* the first line of what is left, looked for once: a file may have no other */
    struct mail_lines first;
    uint64_t first_start;
};

/* unwrap_note - one more sentence about what was left out */
static void unwrap_note(struct unwrapping *in, const char *sentence)
{
    arena_append(in->body->arena, in->out->notes, in->out->note_count, sentence);
}

/* unwrap_first_line - at the start of what is left */
static struct mail_lines unwrap_first_line(struct unwrapping *in)
{
    if (in->first.body == NULL || in->first_start != in->start) {
        in->first = mail_lines_at(in->body, in->start, in->line);
        in->first_start = in->start;
        mail_lines_next(&in->first);
        in->first.text = arena_span(in->body->arena, in->first.text);
        in->first.held = (struct span){NULL, 0}; /* reading elsewhere may change it */
    }
    return in->first;
}

/* begin_after - the message begins behind the line */
static void begin_after(struct unwrapping *in, const struct mail_lines *lines)
{
    in->start = lines->next;
    in->line = lines->number + 1;
}

/* ---- what is in front ---- */

/* drop_mark - the byte order mark of UTF-8 */
static bool drop_mark(struct unwrapping *in)
{
    if (!span_starts_with(unwrap_first_line(in).text, "\xEF\xBB\xBF"))
        return false;
    in->start += 3;
    unwrap_note(in, "a byte order mark in front was left out");
    return true;
}

/* drop_blank - empty lines */
static bool drop_blank(struct unwrapping *in)
{
    struct mail_lines lines = unwrap_first_line(in);
    int count = 0;

    while (lines.next > lines.at && span_trim(lines.text).len == 0 && lines.next < in->end) {
        begin_after(in, &lines);
        mail_lines_next(&lines);
        count++;
    }
    if (count > 0)
        unwrap_note(in,
                    arena_printf(in->body->arena, "%d empty line%s in front %s left out", count,
                                 count == 1 ? "" : "s", count == 1 ? "was" : "were"));
    return count > 0;
}

/* drop_second - a second separator behind the first, quoted or not, as import tools leave it */
static void drop_second(struct unwrapping *in)
{
    struct mail_lines lines = unwrap_first_line(in);
    bool is_quoted = span_starts_with(lines.text, ">From ");

    if (!is_quoted && !mime_is_separator(lines.text))
        return;
    begin_after(in, &lines);
    unwrap_note(in, is_quoted ? "a second, quoted \"From \" line was left out"
                              : "a second \"From \" line was left out");
}

/* undo_quotation - read lines that the mailbox quoted without the mark, and say so */
static void undo_quotation(struct unwrapping *in, size_t count)
{
    if (count == 0)
        return;
    in->body->is_quoted = true;
    unwrap_note(in, arena_printf(in->body->arena,
                                 "%zu line%s that the mailbox quoted (\">From \") %s read "
                                 "without the mark",
                                 count, count == 1 ? "" : "s", count == 1 ? "was" : "were"));
}

/* choose_of_mbox - find the separators, and the message that is wanted */
static void choose_of_mbox(struct unwrapping *in)
{
    size_t wanted = in->choice->number > 0 ? in->choice->number : 1;
    struct mail_lines lines = mail_lines_at(in->body, in->start, in->line);
    struct unwrapping chosen = *in;
    uint64_t blank = UINT64_MAX; /* where the empty line in front begins */
    bool is_body = false;        /* of the message that is wanted */
    size_t quoted = 0;

    in->out->messages = 1;
    while (mail_lines_next(&lines)) {
        if (blank != UINT64_MAX && mime_is_separator(lines.text)) {
            if (in->out->messages == wanted)
                chosen.end = blank;
            if (++in->out->messages == wanted)
                begin_after(&chosen, &lines);
        }
        blank = lines.text.len == 0 ? lines.at : UINT64_MAX;
        is_body = in->out->messages == wanted && (is_body || lines.text.len == 0);
        quoted += is_body && mail_body_is_quoted(lines.text);
    }
    in->out->number = wanted;
    if (wanted <= in->out->messages) {
        *in = chosen;
        undo_quotation(in, quoted);
        return;
    }
    in->has_failed = true;
    err_set(in->why, "holds %zu message%s; there is no message %zu", in->out->messages,
            in->out->messages == 1 ? "" : "s", wanted);
}

/* open_mbox - the first "From " line */
static bool open_mbox(struct unwrapping *in)
{
    struct mail_lines lines = unwrap_first_line(in);

    if (in->out->is_mbox || !span_starts_with(lines.text, "From ") || lines.next >= in->end)
        return false;
    in->out->is_mbox = true;
    begin_after(in, &lines);
    choose_of_mbox(in);
    if (in->out->messages > 1 && !in->has_failed)
        unwrap_note(in, arena_printf(in->body->arena,
                                     "the mbox holds %zu messages, and number %zu is judged; "
                                     "--message-number chooses another",
                                     in->out->messages, in->out->number));
    drop_second(in);
    return true;
}

/* open_emlx - Apple Mail: the length on a line of its own, and a property list behind it */
static bool open_emlx(struct unwrapping *in)
{
    struct mail_lines lines = unwrap_first_line(in);
    uint64_t length = 0;
    struct unwrapping inside = *in;

    if (!span_to_number(span_trim(lines.text), UINT64_MAX, &length) || lines.next >= in->end)
        return false;
    begin_after(&inside, &lines);
    if (!mail_unwrap_is_field(unwrap_first_line(&inside).text, false))
        return false;
    *in = inside;
    if (length < in->end - in->start)
        in->end = in->start + length;
    unwrap_note(in, "the length and the property list of Apple Mail (.emlx) were left out");
    return true;
}

/* end_at_dot - the message ends before a line that is a dot */
static void end_at_dot(struct unwrapping *in)
{
    struct mail_lines lines = mail_lines_at(in->body, in->start, in->line);

    while (mail_lines_next(&lines))
        if (span_equal_text(lines.text, ".")) {
            in->end = lines.at;
            break;
        }
    in->body->is_stuffed = true;
}

/* open_pop3 - "+OK" lines in front: RFC 1939 */
static bool open_pop3(struct unwrapping *in)
{
    static const char *const words[] = {"+OK",  "RETR ", "TOP ", "USER ", "PASS ",
                                        "STAT", "LIST",  "UIDL", "CAPA",  "AUTH "};
    struct mail_lines lines = unwrap_first_line(in);
    struct unwrapping inside = *in;
    bool is_dialogue =
        span_starts_with(lines.text, "+OK") || span_starts_with(lines.text, "RETR ");

    if (!is_dialogue)
        return false;
    while (is_dialogue && lines.next < in->end) {
        begin_after(&inside, &lines);
        mail_lines_next(&lines);
        is_dialogue = false;
        for (size_t i = 0; i < COUNT_OF(words); i++)
            is_dialogue |= span_starts_with(lines.text, words[i]) &&
                           !mail_unwrap_is_field(lines.text, false);
    }
    *in = inside;
    end_at_dot(in);
    unwrap_note(in,
                "a capture of POP3: the dialogue was left out, and doubled dots were undone");
    return true;
}

/* is_smtp_data - behind it comes the message: RFC 5321, 4.1.1.4 */
static bool is_smtp_data(struct span line)
{
    return span_equal_nocase(span_trim(line), "DATA") || span_starts_with(line, "354");
}

/* is_smtp_start - what a session begins with, or a part of one: RFC 5321, 3.1 to 3.3 */
static bool is_smtp_start(struct span line)
{
    static const char *const words[] = {"220 ",  "220-",  "250 ",       "250-",     "EHLO ",
                                        "HELO ", "LHLO ", "MAIL FROM:", "RCPT TO:", "354 "};

    for (size_t i = 0; i < COUNT_OF(words); i++)
        if (span_starts_with_nocase(line, words[i]))
            return true;
    return is_smtp_data(line);
}

/* open_smtp - a dialogue up to DATA and its 354 */
static bool open_smtp(struct unwrapping *in)
{
    struct mail_lines lines = unwrap_first_line(in);
    struct unwrapping inside = *in;
    bool has_data = is_smtp_data(lines.text);

    if (!is_smtp_start(lines.text))
        return false;
    while (!has_data && mail_lines_next(&lines))
        has_data = is_smtp_data(lines.text);
    if (!has_data)
        return false;
    begin_after(&inside, &lines);
    mail_lines_next(&lines);
    if (span_starts_with(lines.text, "354"))
        begin_after(&inside, &lines);
    *in = inside;
    end_at_dot(in);
    unwrap_note(in,
                "a capture of SMTP: the dialogue was left out, and doubled dots were undone");
    return true;
}

/* open_imap - "* 1 FETCH (BODY[] {1077}": RFC 9051, 7.5.2 */
static bool open_imap(struct unwrapping *in)
{
    struct mail_lines lines = unwrap_first_line(in);
    ptrdiff_t brace = span_find_last(lines.text, '{');
    uint64_t length = 0;

    if (!span_starts_with(lines.text, "* ") || brace < 0 || lines.text.len < 3 ||
        lines.text.at[lines.text.len - 1] != '}' ||
        !span_to_number(
            span_sub(lines.text, (size_t)brace + 1, lines.text.len - (size_t)brace - 2),
            UINT64_MAX, &length))
        return false;
    begin_after(in, &lines);
    if (length < in->end - in->start)
        in->end = in->start + length;
    unwrap_note(in, "a capture of IMAP: what stood around the message was left out");
    return true;
}

/* drop_banner - a few lines of text in front of a field that messages begin with */
static bool drop_banner(struct unwrapping *in)
{
    struct mail_lines lines = unwrap_first_line(in);

    if (mail_unwrap_is_field(lines.text, false) || span_starts_with(lines.text, "From "))
        return false;
    for (int i = 0; i < LIMIT_BANNER_LINES; i++) {
        struct unwrapping inside = *in;

        begin_after(&inside, &lines);
        if (!mail_lines_next(&lines))
            return false;
        if (!mail_unwrap_is_field(lines.text, true))
            continue;
        inside.start = lines.at;
        *in = inside;
        unwrap_note(in, arena_printf(in->body->arena,
                                     "%d line%s of text in front of the header %s left out",
                                     i + 1, i == 0 ? "" : "s", i == 0 ? "was" : "were"));
        return true;
    }
    return false;
}

/* unwrap_front - one layer after the other */
static void unwrap_front(struct unwrapping *in)
{
    static bool (*const layers[])(struct unwrapping * in) = {drop_mark, drop_blank, open_mbox,
                                                             open_emlx, open_pop3,  open_smtp,
                                                             open_imap, drop_banner};
    size_t count = 0;
    size_t i = 0;

    while (i < COUNT_OF(layers) && !in->has_failed && count < LIMIT_WRAPPINGS) {
        bool is_left_out = layers[i](in);

        count += is_left_out;
        i = is_left_out ? 0 : i + 1;
    }
    if (count == LIMIT_WRAPPINGS)
        unwrap_note(in, arena_printf(in->body->arena,
                                     "after %d wrappings no further one was looked for",
                                     LIMIT_WRAPPINGS));
}

struct mail_unwrapped *mail_unwrap(struct mail_body *body, const struct mail_choice *choice,
                                   struct err *why)
{
    struct unwrapping in = {.body = body,
                            .out = arena_new_of(body->arena, struct mail_unwrapped),
                            .choice = choice,
                            .end = body->size,
                            .line = 1,
                            .why = why};

    in.out->messages = in.out->number = 1;
    in.out->line = 1;
    if (choice->is_wire)
        return in.out;
    unwrap_front(&in);
    if (!in.has_failed && !in.out->is_mbox && choice->number > 1) {
        in.has_failed = true;
        err_set(why, "holds 1 message; there is no message %zu", choice->number);
    }
    if (in.has_failed)
        return NULL;
    mail_body_narrow(body, in.start, in.end);
    in.out->line = in.line;
    if (!choice->is_outer && mail_unwrap_inside(body, in.out))
        mail_unwrap_inside(body, in.out);
    return in.out;
}
