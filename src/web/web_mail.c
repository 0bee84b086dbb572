/* A walk over the parts; of texts the first of each kind counts. */
#include "web/web_mail.h"

#include "base/escape.h"
#include "base/limits_bounce.h"
#include "base/mime.h"
#include "base/sbuf.h"
#include "base/transfer.h"
#include "mail/mail_address_scan.h"

#define REPLACEMENT "\xef\xbf\xbd" /* U+FFFD */

struct mail_walk {
    struct arena *arena;
    struct web_mail *out;
    unsigned depth;
    size_t parts;
};

static void walk_mail(struct mail_walk *in, struct span bytes);

const char *web_mail_clean(struct arena *arena, struct span bytes)
{
    struct sbuf out = sbuf_start(arena);

    while (bytes.len > 0) {
        uint32_t code = 0;
        size_t len = utf8_next(bytes, &code);

        if (len == 0 || bytes.at[0] == '\0')
            sbuf_add(&out, REPLACEMENT);
        else
            sbuf_add_span(&out, span_sub(bytes, 0, len));
        bytes = span_from(bytes, len == 0 ? 1 : len);
    }
    return sbuf_text(&out);
}

/* next_word - up to a blank; false: no more */
static bool next_word(struct span *rest, struct span *word_out)
{
    size_t len = 0;

    *rest = span_trim(*rest);
    while (len < rest->len && !ascii_is_space(rest->at[len]))
        len++;
    *word_out = span_sub(*rest, 0, len);
    *rest = span_from(*rest, len);
    return len > 0;
}

/* decode_phrase - blanks between two encoded words do not count: RFC 2047, 6.2 */
static const char *decode_phrase(struct arena *arena, struct span value)
{
    struct sbuf out = sbuf_start(arena);
    struct span word = {0};
    bool was_encoded = false;

    while (next_word(&value, &word)) {
        bool is_encoded = false;
        struct span text = mail_decode_word(arena, word, &is_encoded);

        if (out.len > 0 && !(was_encoded && is_encoded))
            sbuf_add(&out, " ");
        sbuf_add_span(&out, text);
        was_encoded = is_encoded;
    }
    return web_mail_clean(arena, sbuf_span(&out));
}

/* web_mail_field - the value of a field with encoded words decoded; "": none */
static const char *web_mail_field(struct arena *arena, const struct web_mail *mail,
                                  const char *name)
{
    return decode_phrase(arena, bounce_fields_find(&mail->fields, name));
}

/* bare_id - what is in <> */
static const char *bare_id(struct arena *arena, struct span value)
{
    value = span_trim(value);
    if (value.len > 1 && value.at[0] == '<' && value.at[value.len - 1] == '>')
        value = span_sub(value, 1, value.len - 2);
    return web_mail_clean(arena, value);
}

/* without_line_end - the one before a boundary belongs to it: RFC 2046, 5.1.1 */
static struct span without_line_end(struct span text)
{
    if (text.len > 0 && text.at[text.len - 1] == '\n')
        text.len--;
    if (text.len > 0 && text.at[text.len - 1] == '\r')
        text.len--;
    return text;
}

/* take_first_text - the first of its kind; false: there is one already */
static bool take_first_text(struct mail_walk *in, const char **target, struct span content,
                            struct span charset)
{
    if (*target != NULL)
        return false;
    (void)bounce_charset(in->arena, charset, &content);
    *target = web_mail_clean(in->arena, content);
    return true;
}

/* take_leaf - a text, or something attached */
static void take_leaf(struct mail_walk *in, const struct bounce_fields *fields,
                      struct span type_value, struct span body)
{
    struct span disposition_value = bounce_fields_find(fields, "Content-Disposition");
    struct span rest = disposition_value;
    struct span disposition = span_trim(span_cut(&rest, ';'));
    struct span encoding = span_trim(bounce_fields_find(fields, "Content-Transfer-Encoding"));
    struct span content = transfer_decode(in->arena, body, encoding);
    struct span charset = mime_parameter(type_value, "charset");
    struct span name = mime_parameter(disposition_value, "filename");
    struct span type = {0};
    struct web_attachment attachment = {.size = content.len};

    rest = type_value;
    type = span_trim(span_cut(&rest, ';'));
    if (!span_equal_nocase(disposition, "attachment")) {
        if (span_equal_nocase(type, "text/html") &&
            take_first_text(in, &in->out->html, content, charset))
            return;
        if ((type.len == 0 || span_equal_nocase(type, "text/plain")) &&
            (take_first_text(in, &in->out->text, content, charset) ||
             (type.len == 0 && span_trim(content).len == 0)))
            return;
    }
    if (name.len == 0)
        name = mime_parameter(type_value, "name");
    attachment.name = decode_phrase(in->arena, name);
    attachment.type = web_mail_clean(in->arena, type);
    attachment.content_id = bare_id(in->arena, bounce_fields_find(fields, "Content-ID"));
    attachment.is_inline =
        attachment.content_id[0] != '\0' || span_equal_nocase(disposition, "inline");
    arena_append(in->arena, in->out->attachments, in->out->attachment_count, attachment);
}

/* walk_parts - of a multipart; false: its boundary is not there */
static bool walk_parts(struct mail_walk *in, struct span type_value, struct span body)
{
    struct span boundary = mime_parameter(type_value, "boundary");
    struct span part = {0};
    size_t at = 0;

    while (bounce_multipart_next(body, boundary, &at, &part))
        walk_mail(in, without_line_end(part));
    return at > 0;
}

/* walk_mail - a part with its header, or the message */
static void walk_mail(struct mail_walk *in, struct span bytes)
{
    struct bounce_fields fields = {0};
    struct span type_value = {0};
    struct span body = {0};

    if (in->depth >= LIMIT_BOUNCE_DEPTH || in->parts >= LIMIT_BOUNCE_PARTS)
        return;
    in->parts++;
    in->depth++;
    fields = bounce_fields_read(in->arena, bytes);
    type_value = bounce_fields_find(&fields, "Content-Type");
    body = span_from(bytes, fields.used);
    if (in->depth == 1)
        in->out->fields = fields;
    if (!span_starts_with_nocase(span_trim(type_value), "multipart/") ||
        !walk_parts(in, type_value, body))
        take_leaf(in, &fields, type_value, body);
    in->depth--;
}

void web_mail_read(struct arena *arena, struct span bytes, struct web_mail *mail_out)
{
    struct mail_walk in = {arena, mail_out, 0, 0};

    *mail_out = (struct web_mail){.text = NULL};
    walk_mail(&in, bytes);
    if (mail_out->text == NULL)
        mail_out->text = "";
    if (mail_out->html == NULL)
        mail_out->html = "";
    mail_out->subject = web_mail_field(arena, mail_out, "Subject");
    mail_out->message_id = bare_id(arena, bounce_fields_find(&mail_out->fields, "Message-ID"));
}
