/*
 * A message that carries another one: a delivery report (RFC 3464) or a forwarded original.
 * Only the top level of MIME is read, line by line.
 */
#include <string.h>

#include "base/arena.h"
#include "base/escape.h"
#include "base/limits.h"
#include "base/mime.h"
#include "base/sbuf.h"
#include "base/transfer.h"
#include "mail/mail_lines.h"
#include "mail/mail_unwrap.h"

#define RETURNED_FIELDS 3 /* so many in a row are a header and no text */

/* the type of a message or of one of its parts */
struct part_type {
    struct span type;     /* "multipart/report" */
    struct span boundary; /* empty: none */
    struct span encoding; /* base64 or quoted-printable; empty: none */
    bool is_named;        /* as a message: "original.eml" */
};

struct carried {
    struct span encoding;
    bool is_found;
    bool is_header_only;
    uint64_t start;
    uint64_t end;
    int line;
};

/* take_field - note what a field says of the type */
static void take_field(struct span field, struct part_type *type)
{
    struct span value = field;
    struct span name = span_trim(span_cut(&value, ':'));

    if (span_equal_nocase(name, "Content-Type")) {
        struct span rest = value;

        type->type = span_trim(span_cut(&rest, ';'));
        type->boundary = mime_parameter(value, "boundary");
        type->is_named |= span_ends_with_nocase(mime_parameter(value, "name"), ".eml");
    } else if (span_equal_nocase(name, "Content-Disposition")) {
        type->is_named |= span_ends_with_nocase(mime_parameter(value, "filename"), ".eml");
    } else if (span_equal_nocase(name, "Content-Transfer-Encoding") &&
               (span_equal_nocase(span_trim(value), "base64") ||
                span_equal_nocase(span_trim(value), "quoted-printable"))) {
        type->encoding = span_trim(value);
    }
}

/* unwrap_inside_read_header - the fields up to the empty line, unfolded; false: the file
 * ends before */
static bool unwrap_inside_read_header(struct mail_lines *lines, struct part_type *type)
{
    struct sbuf field = sbuf_start(lines->body->arena);

    while (mail_lines_next(lines)) {
        bool is_folded = lines->text.len > 0 && ascii_is_blank(lines->text.at[0]);

        if (!is_folded && field.len > 0) {
            take_field(arena_span(lines->body->arena, sbuf_span(&field)), type);
            field = sbuf_start(lines->body->arena);
        }
        if (lines->text.len == 0)
            return true;
        if ((is_folded && field.len > 0 && field.len < LIMIT_LINE_LOOK_BYTES) ||
            span_starts_with_nocase(lines->text, "Content-T") ||
            span_starts_with_nocase(lines->text, "Content-D"))
            sbuf_add_span(&field, lines->text);
    }
    return false;
}

/* first_code - the first word of the text that is a reply code or an enhanced one */
static const char *first_code(struct arena *arena, struct span text, bool is_enhanced)
{
    for (size_t i = 0; i < text.len; i++) {
        size_t len = 0;
        size_t dots = 0;

        while (i + len < text.len &&
               (ascii_is_digit(text.at[i + len]) || (is_enhanced && text.at[i + len] == '.')))
            dots += text.at[i + len++] == '.';
        if (len > 0 && (text.at[i] == '2' || text.at[i] == '4' || text.at[i] == '5') &&
            (is_enhanced ? dots == 2 && len >= 5 && len <= 9 : len == 3))
            return arena_strdup_span(arena, span_sub(text, i, len));
        i += len;
    }
    return "";
}

/* unwrap_inside_read_status - the fields of message/delivery-status that matter: RFC 3464,
 * 2.3 */
static void unwrap_inside_read_status(struct arena *arena, struct span line,
                                      struct mail_report *report)
{
    struct span value = line;
    struct span name = span_trim(span_cut(&value, ':'));

    if (span_equal_nocase(name, "Final-Recipient") && report->recipient[0] == '\0') {
        span_cut(&value, ';');
        report->recipient = escape_header(arena, span_trim(value), LIMIT_SHOWN_BYTES);
    } else if (span_equal_nocase(name, "Status") && report->enhanced[0] == '\0') {
        report->enhanced = first_code(arena, value, true);
    } else if (span_equal_nocase(name, "Diagnostic-Code") && report->code[0] == '\0') {
        const char *enhanced = first_code(arena, value, true);

        report->code = first_code(arena, value, false);
        report->enhanced = enhanced[0] != '\0' ? enhanced : report->enhanced;
    }
}

/* part_is_original - a whole message, by its type or its name */
static bool part_is_original(const struct part_type *type)
{
    return span_equal_nocase(type->type, "message/rfc822") ||
           span_equal_nocase(type->type, "message/global") ||
           (type->is_named && span_starts_with_nocase(type->type, "application/"));
}

/* read_part - one part, from behind its boundary to the next; true: it is an original */
static bool read_part(struct mail_lines *lines, struct span boundary, struct carried *carried,
                      struct mail_report *report)
{
    struct part_type type = {0};
    bool is_original = false;
    bool is_status = false;
    bool is_last = false;
    uint64_t text_end = 0;

    if (!unwrap_inside_read_header(lines, &type))
        return false;
    is_status = span_equal_nocase(type.type, "message/delivery-status");
    is_original = part_is_original(&type);
    carried->encoding = type.encoding;
    carried->is_header_only = span_equal_nocase(type.type, "text/rfc822-headers");
    carried->start = text_end = lines->next;
    carried->line = lines->number + 1;
    while (mail_lines_next(lines) && !mime_is_boundary(lines->text, boundary, &is_last)) {
        if (is_status)
            unwrap_inside_read_status(lines->body->arena, lines->text, report);
        text_end = lines->next;
    }
    carried->end = text_end;
    return is_original || carried->is_header_only;
}

/* trim_end - the line end in front of a boundary belongs to it: RFC 2046, 5.1.1 */
static void trim_end(struct mail_body *body, struct carried *carried)
{
    struct span tail = {NULL, 0};

    if (carried->end < carried->start + 2)
        return;
    tail = mail_body_piece(body, carried->end - 2);
    if (tail.len >= 2 && tail.at[1] == '\n')
        carried->end -= tail.at[0] == '\r' ? 2 : 1;
}

/* find_carried - the first original among the parts */
static struct carried find_carried(struct mail_lines *lines, struct span boundary,
                                   struct mail_report *report)
{
    struct carried carried = {0};
    bool is_open = true;
    bool is_last = false;

    while (is_open && !carried.is_found) {
        while (!mime_is_boundary(lines->text, boundary, &is_last) && is_open)
            is_open = mail_lines_next(lines);
        if (!is_open || is_last)
            break;
        carried.is_found = read_part(lines, boundary, &carried, report);
    }
    return carried;
}

/* carried_note - what the file is, and what is judged */
static const char *carried_note(struct arena *arena, const struct carried *carried,
                                bool is_report)
{
    return arena_printf(arena, "the file is %s; the %s inside it (line %d%s) is judged",
                        is_report ? "a delivery report" : "a message that carries another one",
                        carried->is_header_only ? "header of the original" : "original",
                        carried->line, carried->encoding.len > 0 ? ", encoded" : "");
}

/* begins_with_field - a message may begin so */
static bool begins_with_field(struct span bytes)
{
    struct span rest = span_sub(bytes, 0, LIMIT_LINE_LOOK_BYTES);

    return mail_unwrap_is_field(span_cut(&rest, '\n'), false);
}

/* carried_decode - the original that is there encoded, in place of the file; false: it is
 * too long for that */
static bool carried_decode(struct mail_body *body, const struct carried *carried)
{
    struct sbuf encoded = sbuf_start(body->arena);
    struct span decoded = {NULL, 0};

    if (carried->end - carried->start > LIMIT_ENCODED_BYTES)
        return false;
    for (uint64_t at = carried->start; at < carried->end;) {
        struct span piece = mail_body_piece(body, at);

        if (piece.len == 0)
            return false;
        piece = span_sub(piece, 0, (size_t)(carried->end - at));
        sbuf_add_span(&encoded, piece);
        at += piece.len;
    }
    decoded = transfer_decode(body->arena, sbuf_span(&encoded), carried->encoding);
    if (!begins_with_field(decoded))
        return false;
    mail_body_replace(body, decoded);
    return true;
}

/* carried_take - the original in place of the file; false: it cannot be taken */
static bool carried_take(struct mail_body *body, struct mail_unwrapped *unwrapped,
                         struct carried *carried, bool is_report)
{
    if (carried->encoding.len > 0 ? !carried_decode(body, carried)
                                  : !begins_with_field(mail_body_piece(body, carried->start)))
        return false;
    if (carried->encoding.len == 0)
        mail_body_narrow(body, carried->start, carried->end);
    arena_append(body->arena, unwrapped->notes, unwrapped->note_count,
                 carried_note(body->arena, carried, is_report));
    unwrapped->line = carried->line;
    unwrapped->is_header_only = carried->is_header_only;
    return true;
}

/* ---- reports in the words of a server ---- */

/* says_report - a field by which reports are known: sent with no envelope sender, or by those
 * who send them */
static bool says_report(struct span field)
{
    struct span value = field;
    struct span name = span_trim(span_cut(&value, ':'));

    value = span_trim(value);
    if (span_equal_nocase(name, "Return-Path"))
        return span_equal_text(value, "<>");
    if (span_equal_nocase(name, "X-Failed-Recipients"))
        return true;
    return span_equal_nocase(name, "From") && (span_find_nocase(value, "mailer-daemon@") >= 0 ||
                                               span_find_nocase(value, "postmaster@") >= 0);
}

/* find_returned - the message that came back in the text of a report: a field that messages
 * begin with behind an empty line, and two more */
static struct carried find_returned(struct mail_lines *lines, uint64_t size)
{
    struct carried carried = {0};
    bool is_behind_blank = false;
    int known = 0;

    while (known < RETURNED_FIELDS && mail_lines_next(lines)) {
        bool is_folded = lines->text.len > 0 && ascii_is_blank(lines->text.at[0]);

        if (known > 0 && (is_folded || mail_unwrap_is_field(lines->text, false))) {
            known += mail_unwrap_is_field(lines->text, true);
        } else if (is_behind_blank && mail_unwrap_is_field(lines->text, true)) {
            known = 1;
            carried = (struct carried){.start = lines->at, .end = size, .line = lines->number};
        } else {
            known = 0;
        }
        is_behind_blank = lines->text.len == 0;
    }
    carried.is_found = known == RETURNED_FIELDS;
    return carried;
}

/* returned_inside - a report without MIME: qmail, Exim, old sendmail */
static bool returned_inside(struct mail_body *body, struct mail_unwrapped *unwrapped)
{
    struct mail_lines lines = mail_lines_at(body, 0, unwrapped->line);
    struct carried carried = {0};
    bool is_report = false;

    while (mail_lines_next(&lines) && lines.text.len > 0)
        is_report = is_report || says_report(lines.text);
    if (!is_report)
        return false;
    carried = find_returned(&lines, body->size);
    return carried.is_found && carried_take(body, unwrapped, &carried, true);
}

bool mail_unwrap_inside(struct mail_body *body, struct mail_unwrapped *unwrapped)
{
    struct mail_lines lines = mail_lines_at(body, 0, unwrapped->line);
    struct part_type type = {0};
    struct mail_report *report = arena_new_of(body->arena, struct mail_report);
    struct carried carried = {0};
    bool is_report = false;

    *report = (struct mail_report){"", "", ""};
    if (!unwrap_inside_read_header(&lines, &type))
        return false;
    if (span_equal_nocase(type.type, "message/rfc822")) {
        carried = (struct carried){.encoding = type.encoding,
                                   .start = lines.next,
                                   .end = body->size,
                                   .line = lines.number + 1};
        return carried_take(body, unwrapped, &carried, false);
    }
    if (type.type.len == 0 || span_equal_nocase(type.type, "text/plain"))
        return returned_inside(body, unwrapped);
    if (type.boundary.len == 0 || !span_starts_with_nocase(type.type, "multipart/"))
        return false;
    is_report = span_equal_nocase(type.type, "multipart/report");
    carried = find_carried(&lines, arena_span(body->arena, type.boundary), report);
    if (is_report && (report->enhanced[0] != '\0' || report->code[0] != '\0'))
        unwrapped->report = report;
    trim_end(body, &carried);
    return carried.is_found && carried_take(body, unwrapped, &carried, is_report);
}
