/*
 * A walk over the parts of a message; only multiparts and attached reports are entered. A part
 * is a span of the one above, so that nesting copies nothing.
 */
#include "bounce/bounce_part.h"

#include <string.h>

#include "base/limits_bounce.h"
#include "base/mime.h"
#include "base/sbuf.h"
#include "base/transfer.h"
#include "bounce/bounce_private.h"

struct walk {
    struct arena *arena;
    struct bounce_parts *out;
    unsigned depth;
};

/* what a part is, by its fields */
struct part_head {
    struct span type; /* "text/plain"; empty: not given */
    struct span type_value;
    struct span encoding;
    struct bounce_fields fields;
    struct span body;
};

static void walk_part(struct walk *in, struct span bytes, bool is_message);

/* part_head_read - fields of a part and where its body begins */
static struct part_head part_head_read(struct arena *arena, struct span bytes)
{
    struct part_head head = {.fields = bounce_fields_read(arena, bytes)};
    struct span rest = bounce_fields_find(&head.fields, "Content-Type");

    head.type_value = rest;
    head.type = span_trim(span_cut(&rest, ';'));
    head.encoding = bounce_fields_find(&head.fields, "Content-Transfer-Encoding");
    rest = head.encoding;
    head.encoding = span_trim(span_cut(&rest, ' '));
    head.body = span_from(bytes, head.fields.used);
    return head;
}

/* add_leaf - one more part; false: too many */
static bool add_leaf(struct walk *in, enum bounce_part_role role, struct span content)
{
    struct bounce_part part = {role, content, false};

    if (in->out->count >= LIMIT_BOUNCE_PARTS) {
        in->out->is_cut = true;
        return false;
    }
    arena_append(in->arena, in->out->list, in->out->count, part);
    return true;
}

/* ---- the original in the text ---- */

/* fields that messages have and the text around them does not */
static const char *const original_names[] = {
    "Received",     "From",       "To",          "Subject",          "Date",
    "Message-Id",   "Message-ID", "Return-Path", "DKIM-Signature",   "MIME-Version",
    "Content-Type", "Reply-To",   "Sender",      "X-Mailer",         "Cc",
    "X-Received",   "ARC-Seal",   "User-Agent",  "X-Originating-IP", "Delivered-To",
};

#define ORIGINAL_FIELDS 3 /* so many of them in a row are a header */

/* original_name_in - the line is one of these fields */
static bool original_name_in(struct span line)
{
    struct span rest = line;
    struct span name = span_cut(&rest, ':');

    if (rest.at == NULL)
        return false;
    for (size_t i = 0; i < COUNT_OF(original_names); i++)
        if (span_equal_nocase(name, original_names[i]))
            return true;
    return false;
}

/* original_is_field - the line may be a field or continue one */
static bool original_is_field(struct span line)
{
    ptrdiff_t colon = span_find(line, ':');

    if (line.len > 0 && ascii_is_blank(line.at[0]))
        return true;
    for (ptrdiff_t i = 0; i < colon; i++)
        if (!ascii_is_visible(line.at[i]))
            return false;
    return colon > 0;
}

bool bounce_header_at(struct span text)
{
    struct span rest = text;
    size_t known = 0;

    for (size_t lines = 0; rest.len > 0 && lines < LIMIT_BOUNCE_LOOK; lines++) {
        struct span line = span_cut(&rest, '\n');

        if (span_trim(line).len == 0 || !original_is_field(line))
            return false;
        known += original_name_in(line);
        if (known >= ORIGINAL_FIELDS)
            return true;
    }
    return false;
}

size_t bounce_original_at(struct span text)
{
    size_t at = 0;

    while (at < text.len) {
        struct span rest = span_from(text, at);
        struct span next = rest;
        struct span line = span_cut(&next, '\n');

        if ((original_name_in(line) || span_starts_with(line, "X-")) && bounce_header_at(rest))
            return at;
        at += line.len + 1;
    }
    return text.len;
}

/* walk_carried - the original message; or a forwarded report, which replaces all that was read
 * so far */
static void walk_carried(struct walk *in, struct span bytes)
{
    struct walk inner = {in->arena, arena_new_of(in->arena, struct bounce_parts), in->depth};

    while (bytes.len > 0 && (bytes.at[0] == '\n' || bytes.at[0] == '\r'))
        bytes = span_from(bytes, 1);
    if (!in->out->is_report && in->depth < LIMIT_BOUNCE_DEPTH) {
        walk_part(&inner, bytes, true);
        if (bounce_is_report(in->arena, inner.out)) {
            *in->out = *inner.out;
            return;
        }
    }
    in->out->is_cut |= in->depth >= LIMIT_BOUNCE_DEPTH;
    if (bounce_parts_find(in->out, BOUNCE_PART_ORIGINAL) == NULL &&
        add_leaf(in, BOUNCE_PART_ORIGINAL, bytes)) {
        struct bounce_fields fields = bounce_fields_read(in->arena, bytes);

        in->out->list[in->out->count - 1].is_header_only =
            span_trim(span_from(bytes, fields.used)).len == 0;
    }
}

struct span bounce_unquote(struct arena *arena, struct span text)
{
    struct sbuf out = sbuf_start(arena);

    if (!span_starts_with(text, "> ") &&
        (text.len == 0 || memmem(text.at, text.len, "\n> ", 3) == NULL))
        return text;
    while (text.len > 0) {
        struct span line = span_cut(&text, '\n');

        while (span_starts_with(line, "> ") || span_equal_text(span_trim(line), ">"))
            line = span_from(line, line.len > 2 ? 2 : line.len);
        sbuf_add_span(&out, line);
        sbuf_add_octet(&out, '\n');
    }
    return sbuf_span(&out);
}

/* add_text - a text, and the original in it, maybe quoted */
static void add_text(struct walk *in, enum bounce_part_role role, struct span text)
{
    size_t at = role == BOUNCE_PART_TEXT ? bounce_original_at(text) : text.len;

    if (role == BOUNCE_PART_TEXT && at == text.len) {
        text = bounce_unquote(in->arena, text);
        at = bounce_original_at(text);
    }
    add_leaf(in, role, bounce_unquote(in->arena, span_sub(text, 0, at)));
    if (at < text.len)
        walk_carried(in, span_from(text, at));
}

/* ---- leaves ---- */

/* types that have a role of their own */
static const struct {
    const char *type;
    enum bounce_part_role role;
} leaf_types[] = {
    {"message/delivery-status", BOUNCE_PART_STATUS},
    {"message/global-delivery-status", BOUNCE_PART_STATUS},
    {"message/feedback-report", BOUNCE_PART_FEEDBACK},
    {"text/html", BOUNCE_PART_HTML},
    {"application/json", BOUNCE_PART_JSON},
    {"application/tlsrpt+gzip", BOUNCE_PART_TLS},
    {"application/tlsrpt+json", BOUNCE_PART_TLS},
    {"application/gzip", BOUNCE_PART_AGGREGATE},
    {"application/x-gzip", BOUNCE_PART_AGGREGATE},
    {"application/zip", BOUNCE_PART_AGGREGATE},
    {"application/x-zip-compressed", BOUNCE_PART_AGGREGATE},
    {"application/xml", BOUNCE_PART_AGGREGATE},
    {"text/xml", BOUNCE_PART_AGGREGATE},
};

/* part_is_text - declared as text, or not declared */
static bool part_is_text(const struct part_head *head)
{
    return head->type.len == 0 || span_equal_nocase(head->type, "text") ||
           span_starts_with_nocase(head->type, "text/") || span_find(head->type, '/') < 0;
}

/* walk_leaf - what is neither a multipart nor a message */
static void walk_leaf(struct walk *in, const struct part_head *head)
{
    struct span content = transfer_decode(in->arena, head->body, head->encoding);
    struct span charset = mime_parameter(head->type_value, "charset");

    if (span_equal_nocase(head->type, "text/rfc822-headers") ||
        span_equal_nocase(head->type, "message/rfc822-headers")) {
        if (add_leaf(in, BOUNCE_PART_ORIGINAL, content))
            in->out->list[in->out->count - 1].is_header_only = true;
        return;
    }
    for (size_t i = 0; i < COUNT_OF(leaf_types); i++) {
        if (!span_equal_nocase(head->type, leaf_types[i].type))
            continue;
        if (leaf_types[i].role == BOUNCE_PART_HTML) {
            bounce_charset(in->arena, charset, &content);
            content = bounce_html_to_text(in->arena, content);
        }
        add_leaf(in, leaf_types[i].role, content);
        return;
    }
    if (!part_is_text(head))
        return;
    if (!bounce_charset(in->arena, charset, &content) && in->out->unknown_charset == NULL)
        in->out->unknown_charset = arena_strdup_span(in->arena, charset);
    add_text(in, BOUNCE_PART_TEXT, content);
}

/* ---- multiparts ---- */

/* next_boundary - the next boundary line; `at` is NULL if there is none */
static struct span next_boundary(struct span body, struct span boundary, size_t from)
{
    struct span rest = span_from(body, from);
    bool is_last = false;

    while (rest.len > 0) {
        struct span line = span_cut(&rest, '\n');

        if (mime_is_boundary(line, boundary, &is_last))
            return line;
    }
    return span_of(NULL);
}

/* behind_line - where the next line begins */
static size_t behind_line(struct span body, struct span line)
{
    size_t end = (size_t)(line.at - body.at) + line.len;

    return end < body.len ? end + 1 : body.len;
}

bool bounce_multipart_next(struct span body, struct span boundary, size_t *at,
                           struct span *part_out)
{
    struct span line = {0};
    size_t end = body.len;

    if (*at == 0) {
        if (boundary.len > 0)
            line = next_boundary(body, boundary, 0);
        if (line.at == NULL)
            return false;
        *at = behind_line(body, line);
    }
    if (*at >= body.len)
        return false;
    line = next_boundary(body, boundary, *at);
    if (line.at != NULL)
        end = (size_t)(line.at - body.at);
    *part_out = span_sub(body, *at, end - *at);
    *at = line.at != NULL ? behind_line(body, line) : body.len;
    return true;
}

/* walk_multipart - each part; false: no boundary found */
static bool walk_multipart(struct walk *in, const struct part_head *head)
{
    struct span boundary = mime_parameter(head->type_value, "boundary");
    struct span part = {0};
    size_t at = 0;

    while (bounce_multipart_next(head->body, boundary, &at, &part)) {
        if (in->out->count >= LIMIT_BOUNCE_PARTS) {
            in->out->is_cut = true;
            return true;
        }
        walk_part(in, part, false);
    }
    return at > 0;
}

/* is_carried - an attached message */
static bool is_carried(const struct part_head *head)
{
    return span_equal_nocase(head->type, "message/rfc822") ||
           span_equal_nocase(head->type, "message/global") ||
           span_equal_nocase(head->type, "message/partial");
}

/* walk_part - a part with its header, or a message */
static void walk_part(struct walk *in, struct span bytes, bool is_message)
{
    struct part_head head = part_head_read(in->arena, bytes);

    if (is_message)
        in->out->fields = head.fields;
    if (in->depth >= LIMIT_BOUNCE_DEPTH) {
        in->out->is_cut = true;
        return;
    }
    in->depth++;
    if (is_message && span_equal_nocase(head.type, "multipart/report"))
        in->out->is_report = true;
    if (is_carried(&head))
        walk_carried(in, transfer_decode(in->arena, head.body, head.encoding));
    else if (!span_starts_with_nocase(head.type, "multipart/"))
        walk_leaf(in, &head);
    else if (!walk_multipart(in, &head))
        add_text(in, BOUNCE_PART_TEXT, head.body);
    in->depth--;
}

void bounce_parts_read(struct arena *arena, struct span bytes, struct bounce_parts *parts_out)
{
    struct walk in = {arena, parts_out, 0};

    *parts_out = (struct bounce_parts){.list = NULL};
    walk_part(&in, bytes, true);
}

const struct bounce_part *bounce_parts_find(const struct bounce_parts *parts,
                                            enum bounce_part_role role)
{
    for (size_t i = 0; i < parts->count; i++)
        if (parts->list[i].role == role)
            return &parts->list[i];
    return NULL;
}
