/* Messages in the forms of Mailpit's v1 interface. */
#include <string.h>
#include <strings.h>

#include "base/limits.h"
#include "base/limits_serve.h"
#include "base/sbuf.h"
#include "base/span.h"
#include "bounce/bounce_part.h"
#include "mail/mail_address.h"
#include "model/mail_address.h"
#include "web/web_sandbox_private.h"

#define SNIPPET_LEN 200

/* address_json - {"Name", "Address"} */
static json_t *address_json(const char *name, const char *address)
{
    return json_pack("{s:s, s:s}", "Name", name, "Address", address);
}

/* addresses_of - all of a field; none where it cannot be read */
static json_t *addresses_of(struct arena *arena, const struct web_mail *mail, const char *name)
{
    json_t *list = json_array();
    struct span value = bounce_fields_find(&mail->fields, name);

    if (value.len == 0)
        return list;
    for (const struct mail_address *one = mail_address_list_parse(arena, value)->first;
         one != NULL; one = one->next) {
        const char *address =
            arena_printf(arena, "%s@%s", arena_strdup_span(arena, one->local_part),
                         arena_strdup_span(arena, one->domain_text));

        json_array_append_new(
            list, address_json(one->display, web_mail_clean(arena, span_of(address))));
    }
    return list;
}

/* list_has_address - the list holds it */
static bool list_has_address(const json_t *list, const char *address)
{
    for (size_t i = 0; i < json_array_size(list); i++)
        if (strcasecmp(json_string_value(json_object_get(json_array_get(list, i), "Address")),
                       address) == 0)
            return true;
    return false;
}

/* hidden_recipients - of the envelope, whom no field names */
static json_t *hidden_recipients(const json_t *record, const json_t *to, const json_t *cc)
{
    const json_t *recipients = json_object_get(json_object_get(record, "envelope"), "rcpt");
    json_t *list = json_array();

    for (size_t i = 0; i < json_array_size(recipients); i++) {
        const char *path =
            json_string_value(json_object_get(json_array_get(recipients, i), "path"));

        if (path != NULL && !list_has_address(to, path) && !list_has_address(cc, path))
            json_array_append_new(list, address_json("", path));
    }
    return list;
}

/* text_of - a member of the record; "" */
static const char *text_of(const json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));

    return text != NULL ? text : "";
}

/* head_json - what summary and message share */
static json_t *head_json(struct arena *arena, const struct web_mail *mail, const json_t *record)
{
    json_t *from = addresses_of(arena, mail, "From");
    json_t *to = addresses_of(arena, mail, "To");
    json_t *cc = addresses_of(arena, mail, "Cc");
    json_t *first = json_array_get(from, 0);

    json_t *head = json_pack("{s:s, s:s, s:o, s:o, s:o, s:o, s:o, s:s, s:O*, s:[], s:s}", "ID",
                             text_of(record, "id"), "MessageID", mail->message_id, "From",
                             first != NULL ? json_incref(first) : address_json("", ""), "Bcc",
                             hidden_recipients(record, to, cc), "To", to, "Cc", cc, "ReplyTo",
                             addresses_of(arena, mail, "Reply-To"), "Subject", mail->subject,
                             "Size", json_object_get(record, "size"), "Tags", "Username",
                             text_of(json_object_get(record, "envelope"), "user"));
    json_decref(from);
    return head;
}

/* ---- search ---- */

/* add_searched - as text */
static void add_searched(struct sbuf *out, const json_t *value)
{
    for (size_t i = 0; i < json_array_size(value); i++)
        add_searched(out, json_array_get(value, i));
    if (json_is_object(value))
        sbuf_addf(out, "%s <%s>\n", text_of(value, "Name"), text_of(value, "Address"));
}

/* what a word with a prefix is looked for in */
static const struct {
    const char *prefix;
    const char *keys[4];
} searched[] = {
    {"from:", {"From"}},
    {"to:", {"To", "Bcc"}},
    {"cc:", {"Cc"}},
    {"bcc:", {"Bcc"}},
    {"reply-to:", {"ReplyTo"}},
    {"addressed:", {"From", "To", "Cc", "Bcc"}},
    {"subject:", {"Subject"}},
    {"message-id:", {"MessageID"}},
    {"", {"From", "To", "Cc", "Subject"}}, /* and the text */
};

#define SEARCHED COUNT_OF(searched)

/* query_term_matches - one word of the query */
static bool query_term_matches(struct arena *arena, const json_t *summary, const char *text,
                               const char *term)
{
    struct sbuf where = sbuf_start(arena);
    size_t row = 0;

    while (strncasecmp(term, searched[row].prefix, strlen(searched[row].prefix)) != 0)
        row++;
    for (size_t i = 0; i < COUNT_OF(searched[0].keys) && searched[row].keys[i] != NULL; i++) {
        const json_t *value = json_object_get(summary, searched[row].keys[i]);

        add_searched(&where, value);
        if (json_is_string(value))
            sbuf_addf(&where, "%s\n", json_string_value(value));
    }
    if (row == SEARCHED - 1)
        sbuf_add(&where, text);
    return strcasestr(sbuf_text(&where), term + strlen(searched[row].prefix)) != NULL;
}

/* query_next_term - up to a blank outside quotes, without the quotes; NULL: no more */
static const char *query_next_term(struct arena *arena, const char **query)
{
    struct sbuf term = sbuf_start(arena);
    bool is_quoted = false;

    while (**query == ' ')
        (*query)++;
    if (**query == '\0')
        return NULL;
    for (; **query != '\0' && (is_quoted || **query != ' '); (*query)++)
        if (**query == '"')
            is_quoted = !is_quoted;
        else
            sbuf_add_octet(&term, **query);
    return sbuf_text(&term);
}

/* query_matches - every word, those after "-" or "!" not */
static bool query_matches(struct arena *arena, const json_t *summary, const char *text,
                          const char *query)
{
    const char *term = NULL;

    while ((term = query_next_term(arena, &query)) != NULL) {
        bool is_not = term[0] == '-' || term[0] == '!';

        if (query_term_matches(arena, summary, text, term + is_not) == is_not)
            return false;
    }
    return true;
}

/* ---- forms ---- */

json_t *web_mailpit_summary(struct arena *arena, const struct web_sandbox *web, uint64_t number,
                            const char *query)
{
    json_t *record = web_sandbox_json(arena, web, number, ".json");
    struct web_mail mail = {0};
    json_t *summary = NULL;
    const char *snippet = NULL;

    if (record != NULL && web_sandbox_mail(arena, web_sandbox_file(arena, web, number, ".eml"),
                                           LIMIT_WEB_LOOK_BYTES, &mail)) {
        summary = head_json(arena, &mail, record);
        snippet = web_mail_clean(arena, span_sub(span_of(mail.text), 0, SNIPPET_LEN));
        json_object_update_new(
            summary, json_pack("{s:s, s:o, s:I, s:s}", "Created", text_of(record, "received"),
                               "Read", json_false(), "Attachments",
                               (json_int_t)mail.attachment_count, "Snippet", snippet));
        if (query != NULL && !query_matches(arena, summary, mail.text, query)) {
            json_decref(summary);
            summary = NULL;
        }
    }
    json_decref(record);
    return summary;
}

/* attachments_json - those that are inline, or the others */
static json_t *attachments_json(const struct web_mail *mail, bool is_inline)
{
    json_t *list = json_array();

    for (size_t i = 0; i < mail->attachment_count; i++) {
        const struct web_attachment *one = &mail->attachments[i];

        if (one->is_inline == is_inline)
            json_array_append_new(list,
                                  json_pack("{s:s, s:s, s:s, s:I}", "FileName", one->name,
                                            "ContentType", one->type, "ContentID",
                                            one->content_id, "Size", (json_int_t)one->size));
    }
    return list;
}

json_t *web_mailpit_message(struct arena *arena, const struct web_sandbox *web, uint64_t number)
{
    json_t *record = web_sandbox_json(arena, web, number, ".json");
    struct web_mail mail = {0};
    json_t *message = NULL;

    if (record != NULL && web_sandbox_mail(arena, web_sandbox_file(arena, web, number, ".eml"),
                                           LIMIT_WEB_MAIL_BYTES, &mail)) {
        message = head_json(arena, &mail, record);
        json_object_update_new(
            message,
            json_pack("{s:s, s:s, s:s, s:s, s:o, s:o}", "Date", text_of(record, "received"),
                      "ReturnPath", text_of(json_object_get(record, "envelope"), "mail_from"),
                      "Text", mail.text, "HTML", mail.html, "Attachments",
                      attachments_json(&mail, false), "Inline", attachments_json(&mail, true)));
    }
    json_decref(record);
    return message;
}

json_t *web_mailpit_headers(struct arena *arena, const struct web_sandbox *web, uint64_t number)
{
    struct web_mail mail = {0};
    json_t *headers = NULL;

    if (!web_sandbox_mail(arena, web_sandbox_file(arena, web, number, ".eml"),
                          LIMIT_HEADER_BYTES, &mail))
        return NULL;
    headers = json_object();
    for (size_t i = 0; i < mail.fields.count; i++) {
        const char *name = web_mail_clean(arena, mail.fields.list[i].name);
        json_t *values = json_object_get(headers, name);

        if (values == NULL) {
            values = json_array();
            json_object_set_new(headers, name, values);
        }
        json_array_append_new(values,
                              json_string(web_mail_clean(arena, mail.fields.list[i].value)));
    }
    return headers;
}
