/*
 * A multipart ends with its last boundary. A text has no end of its own: after the header of
 * the original message, only another report, or what is plainly no mail, counts as a beginning.
 */
#include <string.h>

#include "base/limits.h"
#include "base/limits_bounce.h"
#include "base/mime.h"
#include "bounce/bounce_private.h"

static const char gzip[] = "\x1f\x8b\x08"; /* RFC 1952, 2.3.1, with the only method */

/* cut_is_other - a report of a receiver begins here, packed or not */
static bool cut_is_other(struct span text)
{
    struct span look = span_sub(text, 0, LIMIT_LINE_LOOK_BYTES);

    return span_starts_with(text, gzip) || span_starts_with(text, "PK\x03\x04") ||
           span_starts_with(text, "<feedback") ||
           (span_starts_with(text, "<?xml") && span_find_nocase(look, "<feedback") > 0) ||
           (span_starts_with(text, "{") && span_find_nocase(look, "\"organization-name\"") > 0);
}

/* cut_is_report - the header is that of a report */
static bool cut_is_report(struct arena *arena, struct span header)
{
    struct bounce_parts parts;

    bounce_parts_read(arena, header, &parts);
    return bounce_is_report(arena, &parts);
}

/* cut_is_message - the header is that of a message, not just what a forward copies of one */
static bool cut_is_message(struct arena *arena, struct span text)
{
    struct bounce_fields fields =
        bounce_fields_read(arena, span_sub(text, 0, LIMIT_BOUNCE_HEAD));

    return bounce_fields_has(&fields, "Message-ID") || bounce_fields_has(&fields, "Received") ||
           bounce_fields_has(&fields, "MIME-Version") ||
           bounce_fields_has(&fields, "Return-Path") ||
           cut_is_report(arena, span_sub(text, 0, fields.used));
}

/* cut_multipart - what follows the last boundary and blanks; empty: no boundary found */
static struct span cut_multipart(struct span body, struct span boundary)
{
    bool is_last = false;

    while (body.len > 0) {
        struct span line = span_cut(&body, '\n');

        if (!mime_is_boundary(line, boundary, &is_last) || !is_last)
            continue;
        while (body.len > 0 && ascii_is_space(body.at[0]))
            body = span_from(body, 1);
        return body;
    }
    return body;
}

/* cut_is_delivered - the header of a report, with fields that delivery added */
static bool cut_is_delivered(struct arena *arena, struct span text)
{
    struct bounce_fields fields =
        bounce_fields_read(arena, span_sub(text, 0, LIMIT_BOUNCE_HEAD));

    return (bounce_fields_has(&fields, "Return-Path") ||
            bounce_fields_has(&fields, "Received")) &&
           cut_is_report(arena, span_sub(text, 0, fields.used));
}

/* what a header says about where its body ends */
struct cut_head {
    struct span boundary; /* empty: no multipart */
    struct span body;
    bool is_report; /* the header is that of a report */
    bool is_packed; /* in base64: plain text in it comes from another file */
};

/* cut_head_of - of the message that begins here */
static struct cut_head cut_head_of(struct arena *arena, struct span text)
{
    struct bounce_fields fields = bounce_fields_read(arena, text);
    struct span type = bounce_fields_find(&fields, "Content-Type");
    struct cut_head head = {.body = span_from(text, fields.used)};

    if (span_starts_with_nocase(type, "multipart/"))
        head.boundary = mime_parameter(type, "boundary");
    head.is_report = cut_is_report(arena, span_sub(text, 0, fields.used));
    head.is_packed = span_starts_with_nocase(
        bounce_fields_find(&fields, "Content-Transfer-Encoding"), "base64");
    return head;
}

/* cut_behind_original - what follows the header of the original message, or all of it if it is
 * a multipart. A forwarded report has an original of its own */
static struct span cut_behind_original(struct arena *arena, struct span body)
{
    for (unsigned depth = 0; depth < LIMIT_BOUNCE_DEPTH; depth++) {
        struct span original = span_from(body, bounce_original_at(body));
        struct cut_head head = cut_head_of(arena, original);

        if (original.len == 0)
            return depth == 0 ? original : body;
        if (head.boundary.len > 0)
            return cut_multipart(head.body, head.boundary);
        body = head.body;
        if (!cut_is_report(arena, span_sub(original, 0, original.len - body.len)))
            return body;
    }
    return body;
}

/* cut_text - where in a text something else begins; its end: nowhere. LIMIT_BOUNCE_PARTS places
 * are looked at */
static const char *cut_text(struct arena *arena, const struct cut_head *head)
{
    struct span body = head->body;
    const char *behind = head->is_packed ? body.at : cut_behind_original(arena, body).at;
    const char *end = body.at + body.len;
    size_t tries = 0;

    while (body.len > 0) {
        struct span here = body;
        struct span line = span_cut(&body, '\n');
        const char *packed =
            line.len > 0 ? memmem(line.at, line.len, gzip, sizeof(gzip) - 1) : NULL;
        bool is_inside = here.at < behind; /* of the report, if it is one */

        if (packed != NULL) /* maybe without a line end in front */
            return packed;
        if (cut_is_other(here))
            return here.at;
        if (tries >= LIMIT_BOUNCE_PARTS || (is_inside && head->is_report) ||
            !bounce_header_at(here))
            continue;
        if (is_inside ? cut_is_delivered(arena, here) : cut_is_message(arena, here))
            return here.at;
        tries++;
        body = cut_head_of(arena, here).body;
    }
    return end;
}

struct span bounce_cut_report(struct arena *arena, struct span *bytes)
{
    struct span whole = *bytes;
    struct cut_head head = cut_head_of(arena, whole);
    const char *end = whole.at + whole.len;

    if (head.boundary.len > 0) {
        struct span rest = cut_multipart(head.body, head.boundary);

        if (bounce_header_at(rest) || cut_is_other(rest))
            end = rest.at;
    } else if (head.body.at != whole.at) {
        end = cut_text(arena, &head);
    }
    *bytes = span_from(whole, (size_t)(end - whole.at));
    return span_sub(whole, 0, (size_t)(end - whole.at));
}
