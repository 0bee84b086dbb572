/* Readers are asked in order; the first one that knows the bytes wins. */
#include "bounce/bounce.h"

#include "base/escape.h"
#include "base/limits.h"
#include "base/limits_bounce.h"
#include "base/sbuf.h"
#include "bounce/bounce_private.h"
#include "bounce/bounce_settle.h"
#include "model/reply_class.h"
#include "model/reply_phrase.h"
#include "reply/reply.h"
#include "reply/reply_class.h"

#define BINARY_MIN   20 /* control octets that a text may hold */
#define BINARY_SHARE 20 /* one in so many octets */

/* ---- what the bytes look like ---- */

/* looks_like_header - the bytes begin with fields of a message */
static bool looks_like_header(struct arena *arena, struct span bytes)
{
    static const char *const names[] = {"Received",
                                        "From",
                                        "To",
                                        "Subject",
                                        "Date",
                                        "Return-Path",
                                        "MIME-Version",
                                        "Message-ID",
                                        "Delivered-To",
                                        "DKIM-Signature",
                                        "Content-Type",
                                        "X-Original-To",
                                        "X-Failed-Recipients"};
    struct bounce_fields fields =
        bounce_fields_read(arena, span_sub(bytes, 0, LIMIT_BOUNCE_HEAD));
    size_t known = 0;

    for (size_t i = 0; i < COUNT_OF(names); i++)
        known += bounce_fields_find(&fields, names[i]).at != NULL;
    return known >= 2 || (known == 1 && fields.count > 0 && fields.count == known);
}

/* looks_packed - a report of a receiver: packed, XML or JSON */
static enum bounce_kind looks_packed(struct span head)
{
    if (span_starts_with(head, "\x1f\x8b") || span_starts_with(head, "PK\x03\x04"))
        return BOUNCE_AGGREGATE;
    head = span_trim(head);
    if (span_starts_with(head, "\xef\xbb\xbf"))
        head = span_from(head, 3);
    if (span_starts_with(head, "<?xml") || span_starts_with(head, "<feedback"))
        return BOUNCE_AGGREGATE;
    if (span_starts_with(head, "{") && span_find_nocase(head, "\"organization-name\"") >= 0 &&
        span_find_nocase(head, "\"policies\"") >= 0)
        return BOUNCE_TLS;
    return BOUNCE_NOTHING;
}

/* looks_like_log - one of the first lines is of a mail log */
static bool looks_like_log(struct arena *arena, struct span head)
{
    struct bounce scratch = {.kind = BOUNCE_LOG};
    struct bounce_reader in = {.arena = arena, .out = &scratch, .cause = REPLY_CAUSES};

    for (size_t i = 0; head.len > 0 && i < LIMIT_BOUNCE_LOOK; i++) {
        struct span line = span_cut(&head, '\n');

        if (bounce_log_read(&in, line))
            return true;
    }
    return false;
}

enum bounce_kind bounce_kind_of(struct arena *arena, struct span head)
{
    enum bounce_kind packed = looks_packed(head);
    struct span text = span_trim(head);

    if (packed != BOUNCE_NOTHING)
        return packed;
    if (text.len > 0 && (text.at[0] == '{' || (text.at[0] == '[' && text.len > 1 &&
                                               strchr(" \n\r\t{", text.at[1]) != NULL)))
        return BOUNCE_EVENT;
    if (looks_like_header(arena, span_starts_with(head, "\n") ? text : head))
        return BOUNCE_MESSAGE;
    if (looks_like_log(arena, text))
        return BOUNCE_LOG;
    return BOUNCE_NOTHING;
}

/* ---- a message ---- */

/* take_original - the message that the report carries */
static void take_original(struct bounce_reader *in, const struct bounce_parts *parts)
{
    const struct bounce_part *part = bounce_parts_find(parts, BOUNCE_PART_ORIGINAL);

    if (part == NULL || span_trim(part->content).len == 0)
        return;
    in->out->original.bytes = part->content;
    in->out->original.is_header_only = part->is_header_only;
}

/* join_texts - the text for people; HTML only where there is no other */
static struct span join_texts(struct arena *arena, const struct bounce_parts *parts)
{
    struct sbuf out = sbuf_start(arena);

    for (enum bounce_part_role role = BOUNCE_PART_TEXT; role <= BOUNCE_PART_HTML; role++) {
        if (span_trim(sbuf_span(&out)).len > 0)
            break;
        for (size_t i = 0; i < parts->count; i++)
            if (parts->list[i].role == role) {
                sbuf_add_span(&out, parts->list[i].content);
                sbuf_add_octet(&out, '\n');
            }
    }
    return bounce_marks_narrow(arena, sbuf_span(&out));
}

/* take_header - who reports, and when, by the header of the report */
static void take_header(struct bounce_reader *in, const struct bounce_parts *parts)
{
    struct span from = bounce_typed_address(bounce_fields_find(&parts->fields, "From"));
    ptrdiff_t at = span_find_last(from, '@');

    if (in->reporter == NULL && at > 0)
        in->reporter = arena_strdup_span(
            in->arena, reply_text_fold(in->arena, span_from(from, (size_t)at + 1)));
    if (!in->has_time)
        in->has_time = bounce_date(bounce_fields_find(&parts->fields, "Date"), &in->time);
    if (parts->unknown_charset != NULL)
        bounce_fault(
            in, "unknown charset \"%s\": the text is read as UTF-8",
            escape_to_text(in->arena, span_of(parts->unknown_charset), LIMIT_SHOWN_BYTES));
    if (parts->is_cut)
        bounce_fault(in, "some parts were not read: too many, or nested too deeply");
}

/* read_status_parts - every part with fields of RFC 3464, then the text */
static bool read_status_parts(struct bounce_reader *in, const struct bounce_parts *parts)
{
    bool is_any = false;

    for (size_t i = 0; i < parts->count; i++)
        if (parts->list[i].role == BOUNCE_PART_STATUS)
            is_any |= bounce_status_read(in, parts->list[i].content, true);
    return is_any || bounce_status_read(in, in->everything, false);
}

/* take_returned - whom a report without an envelope sender was sent to */
static void take_returned(struct bounce_reader *in, const struct bounce_parts *parts)
{
    struct span path = span_trim(bounce_fields_find(&parts->fields, "Return-Path"));
    struct span to = bounce_fields_find(&parts->fields, "To");
    struct span address = {0};
    struct span more = {0};
    size_t at = bounce_address_next(to, 0, &address);

    if (span_equal_text(path, "<>") && at > 0 && bounce_address_next(to, at, &more) == 0)
        in->out->returned_to = arena_strdup_span(in->arena, address);
}

/* read_report - a message that reports a failure */
static void read_report(struct bounce_reader *in, const struct bounce_parts *parts)
{
    bool has_status = false;

    in->everything = join_texts(in->arena, parts);
    take_original(in, parts);
    in->cause = bounce_feedback_is(parts) ? REPLY_CAUSE_FEEDBACK : REPLY_CAUSES;
    if (bounce_feedback_read(in, parts)) {
        in->out->kind = BOUNCE_FEEDBACK;
        in->out->form = "a feedback report (RFC 5965)";
        take_header(in, parts);
        return;
    }
    in->out->kind = BOUNCE_REPORT;
    take_returned(in, parts);
    has_status = read_status_parts(in, parts);
    if (!has_status && span_starts_with(span_trim(in->everything), "{") &&
        bounce_event_read(in, in->everything)) {
        in->out->kind = BOUNCE_EVENT;
        in->out->form = "an event of a sending service";
        return;
    }
    in->out->form = has_status ? "a delivery report (RFC 3464)"
                    : bounce_is_of_person(in->arena, parts)
                        ? "a message that quotes a delivery report"
                        : "a delivery report as free text";
    bounce_text_read(in, in->everything, parts);
    if (in->count == 0)
        bounce_draft_add(in, span_of(""));
    take_header(in, parts);
}

/* read_auto_reply - the message was delivered */
static void read_auto_reply(struct bounce_reader *in, const struct bounce_parts *parts)
{
    in->everything = join_texts(in->arena, parts);
    in->out->kind = BOUNCE_REPORT;
    in->out->form = bounce_is_receipt(parts) ? "a disposition notification (RFC 8098)"
                                             : "an automatic reply (RFC 3834)";
    in->cause = REPLY_CAUSE_AUTO_REPLY;
    take_original(in, parts);
    bounce_draft_add(in, bounce_typed_address(bounce_fields_find(&parts->fields, "From")));
    take_header(in, parts);
}

/* ---- replies ---- */

/* reply_recipient - the address that a reply about a recipient names */
static struct span reply_recipient(const struct reply_class *class)
{
    bool is_recipient = strcmp(class->cause->mechanism, "recipient") == 0 ||
                        class->cause_id == REPLY_CAUSE_MAILBOX_FULL;

    return is_recipient ? class->facts[REPLY_FACT_ADDRESS] : span_of("");
}

/* read_replies - one or several */
static bool read_replies(struct bounce_reader *in, struct span bytes)
{
    size_t count = 0;
    const struct span *replies = reply_input_split(in->arena, bytes, &count);
    bool is_known = false;

    for (size_t i = 0; i < count && i < LIMIT_BOUNCE_RECIPIENTS; i++) {
        struct reply_input input;
        const struct reply_class *class = NULL;
        struct bounce_draft *draft = NULL;

        reply_input_read(in->arena, replies[i], &input);
        class = reply_classify(in->arena, &input);
        is_known |= class->evidence != REPLY_BY_NOTHING;
        draft = bounce_draft_add(in, reply_recipient(class));
        draft->diagnostic = replies[i];
    }
    return is_known;
}

/* quote_opens - the line begins with a reply of a failure: both codes, of one class */
static bool quote_opens(struct span line)
{
    struct smtp_enhanced enhanced = {0};

    line = span_trim(line);
    while (line.len > 0 && strchr("\"'*-", line.at[0]) != NULL)
        line = span_trim(span_from(line, 1));
    return bounce_code_at(line) && smtp_enhanced_parse(span_from(line, 4), &enhanced) &&
           enhanced.kind == (unsigned)(line.at[0] - '0');
}

/* read_quoted - a reply quoted in a message, up to the empty line after it */
static bool read_quoted(struct bounce_reader *in, const struct bounce_parts *parts)
{
    struct span text = join_texts(in->arena, parts);

    while (text.len > 0) {
        struct span from_here = text;
        struct span line = span_cut(&text, '\n');
        struct span rest = text;

        if (!quote_opens(line))
            continue;
        while (span_trim(line).len > 0 && rest.len > 0)
            line = span_cut(&rest, '\n');
        if (read_replies(in,
                         span_sub(from_here, 0, (size_t)(line.at - from_here.at) + line.len)))
            return true;
        in->count = 0;
    }
    return false;
}

/* is_tls - a TLS report, also where its type is plain JSON */
static bool is_tls(const struct bounce_parts *parts)
{
    const struct bounce_part *json = bounce_parts_find(parts, BOUNCE_PART_JSON);

    return bounce_parts_find(parts, BOUNCE_PART_TLS) != NULL ||
           (json != NULL && looks_packed(json->content) == BOUNCE_TLS);
}

/* is_aggregate - a packed part or XML, and the subject of a report (RFC 7489, 7.2.1.1), because
 * invoices are packed, too */
static bool is_aggregate(struct bounce_reader *in, const struct bounce_parts *parts)
{
    struct span subject =
        bounce_words_decode(in->arena, bounce_fields_find(&parts->fields, "Subject"));

    return bounce_parts_find(parts, BOUNCE_PART_AGGREGATE) != NULL &&
           (span_find_nocase(subject, "report") >= 0 || subject.len == 0);
}

/* read_message - a report, or an ordinary message */
static void read_message(struct bounce_reader *in, struct span bytes)
{
    struct bounce_parts parts;

    bounce_parts_read(in->arena, bytes, &parts);
    if (is_tls(&parts))
        in->out->kind = BOUNCE_TLS;
    else if (is_aggregate(in, &parts) && !bounce_is_report(in->arena, &parts))
        in->out->kind = BOUNCE_AGGREGATE;
    else if (bounce_is_report(in->arena, &parts))
        read_report(in, &parts);
    else if (bounce_is_auto_reply(in->arena, &parts))
        read_auto_reply(in, &parts);
    else if (read_quoted(in, &parts)) {
        in->out->kind = BOUNCE_REPLY;
        in->out->form = "a message that quotes a reply";
    } else
        in->out->kind = BOUNCE_MESSAGE;
}

/* ---- what is not a message ---- */

/* read_log - every line of a mail log */
static bool read_log(struct bounce_reader *in, struct span bytes)
{
    bool is_any = false;

    while (bytes.len > 0)
        is_any |= bounce_log_read(in, span_cut(&bytes, '\n'));
    return is_any;
}

/* read_pasted - the text of a bounce without its header */
static bool read_pasted(struct bounce_reader *in, struct span bytes)
{
    struct bounce_parts parts = {.list = NULL};
    size_t at = bounce_original_at(bytes);
    struct bounce_part text = {BOUNCE_PART_TEXT, span_sub(bytes, 0, at), false};
    struct bounce_part original = {BOUNCE_PART_ORIGINAL, span_from(bytes, at), true};
    bool has_status = false;

    arena_append(in->arena, parts.list, parts.count, text);
    if (at < bytes.len)
        arena_append(in->arena, parts.list, parts.count, original);
    in->everything = text.content;
    has_status = bounce_status_read(in, in->everything, false);
    if (!has_status && !bounce_text_says(in->arena, in->everything))
        return false;
    in->out->form =
        has_status ? "a delivery report (RFC 3464)" : "the text of a delivery report";
    take_original(in, &parts);
    bounce_text_read(in, in->everything, &parts);
    return in->count > 0;
}

/* looks_binary - such bytes may hold words of replies by chance */
static bool looks_binary(struct span bytes)
{
    struct span head = span_sub(bytes, 0, LIMIT_BOUNCE_HEAD);
    size_t controls = 0;

    for (size_t i = 0; i < head.len; i++)
        controls += (unsigned char)head.at[i] < ' ' && !ascii_is_space(head.at[i]);
    return controls > BINARY_MIN && controls * BINARY_SHARE > head.len;
}

/* read_other - bytes without a header of a message; `is_log`: they begin like a log */
static void read_other(struct bounce_reader *in, struct span bytes, bool is_log)
{
    struct bounce *out = in->out;

    if (looks_binary(bytes))
        return;
    bytes = bounce_unquote(in->arena, bytes);
    if (!is_log && read_pasted(in, bytes)) {
        out->kind = BOUNCE_REPORT;
        return;
    }
    in->count = 0;
    in->everything = span_of("");
    if (read_log(in, bytes)) {
        out->kind = BOUNCE_LOG;
        out->form = "lines of a mail log";
    } else if (read_replies(in, bytes)) {
        out->kind = BOUNCE_REPLY;
        out->form = "a reply of an SMTP server";
    } else {
        in->count = 0;
    }
}

struct bounce *bounce_read(struct arena *arena, struct span bytes)
{
    struct bounce *out = arena_new_of(arena, struct bounce);
    struct bounce_reader in = {.arena = arena, .out = out, .cause = REPLY_CAUSES};
    enum bounce_kind looks = BOUNCE_NOTHING;

    if (bytes.len > LIMIT_BOUNCE_BYTES) {
        bounce_fault(&in, "only the first %d octets were read", LIMIT_BOUNCE_BYTES);
        bytes.len = LIMIT_BOUNCE_BYTES;
    }
    looks = bounce_kind_of(arena, span_sub(bytes, 0, LIMIT_BOUNCE_HEAD));
    out->kind = looks;
    if (looks == BOUNCE_EVENT && bounce_event_read(&in, bytes))
        out->form = "an event of a sending service";
    else if (looks == BOUNCE_MESSAGE)
        read_message(&in, bytes);
    else if (looks != BOUNCE_AGGREGATE && looks != BOUNCE_TLS) {
        out->kind = BOUNCE_NOTHING;
        read_other(&in, bytes, looks == BOUNCE_LOG);
    }
    if (out->fault_count > 0 && out->original.bytes.len > 0 && bytes.len == LIMIT_BOUNCE_BYTES)
        out->original.is_header_only = true;
    bounce_settle(&in);
    return out;
}
