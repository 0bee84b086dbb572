/*
 * Webhook events of sending services, known by their keys: SES (also as an SNS notification),
 * SendGrid, Mailgun, Postmark, SparkPost, Mandrill, Brevo, Mailjet, Resend.
 */
#include <jansson.h>
#include <string.h>

#include "base/limits_bounce.h"
#include "base/sbuf.h"
#include "bounce/bounce_private.h"
#include "reply/reply.h"

/* event_text - a string below the object; NULL: none */
static const char *event_text(const json_t *object, const char *key)
{
    const json_t *value = json_object_get(object, key);

    return json_is_string(value) ? json_string_value(value) : NULL;
}

/* event_copy - the same, in the arena */
static const char *event_copy(struct bounce_reader *in, const json_t *object, const char *key)
{
    return arena_strdup(in->arena, event_text(object, key));
}

/* event_first - the first of several keys that holds a string */
static const char *event_first(const json_t *object, const char *const *keys)
{
    for (; *keys != NULL; keys++)
        if (event_text(object, *keys) != NULL && event_text(object, *keys)[0] != '\0')
            return event_text(object, *keys);
    return NULL;
}

/* event_number - a number below the object, also one in a string; 0: none */
static int64_t event_number(const json_t *object, const char *key)
{
    const json_t *value = json_object_get(object, key);
    uint64_t number = 0;

    if (json_is_number(value))
        return (int64_t)json_number_value(value);
    if (json_is_string(value) &&
        span_to_number(span_of(json_string_value(value)), INT64_MAX, &number))
        return (int64_t)number;
    return 0;
}

/* event_time - seconds since 1970, or a date */
static void event_time(const json_t *object, struct bounce_draft *draft)
{
    static const char *const numbers[] = {"timestamp", "created", NULL};
    static const char *const dates[] = {"timestamp", "BouncedAt", "created", NULL};
    const char *date = event_first(object, dates);

    for (size_t i = 0; numbers[i] != NULL && !draft->said.has_time; i++) {
        int64_t seconds = event_number(object, numbers[i]);

        if (seconds > 0 && seconds < INT64_MAX / 2) {
            draft->said.time = seconds;
            draft->said.has_time = true;
        }
    }
    if (!draft->said.has_time && date != NULL)
        draft->said.has_time = bounce_date(span_of(date), &draft->said.time);
}

/* event_add - a recipient of an event, with copies of its texts */
static struct bounce_draft *event_add(struct bounce_reader *in, const char *address,
                                      const char *said)
{
    struct bounce_draft *draft = NULL;

    if (address == NULL || in->count >= LIMIT_BOUNCE_RECIPIENTS)
        return NULL;
    draft =
        bounce_draft_add(in, bounce_typed_address(span_of(arena_strdup(in->arena, address))));
    if (said != NULL) {
        struct span text = span_of(arena_strdup(in->arena, said));

        if (span_starts_with_nocase(text, "smtp;"))
            text = span_trim(span_from(text, 5));
        draft->diagnostic = text;
    }
    return draft;
}

/* event_original - the envelope sender or From, and the client, that an event names */
static void event_original(struct bounce_reader *in, const char *sender, const char *client)
{
    struct bounce_original *original = &in->out->original;

    if (sender != NULL && original->mail_from == NULL)
        original->mail_from =
            arena_strdup_span(in->arena, bounce_typed_address(span_of(sender)));
    if (client != NULL)
        original->client = arena_strdup(in->arena, client);
}

/* ---- Amazon SES ---- */

/* event_ses_list - bouncedRecipients and similar lists */
static void event_ses_list(struct bounce_reader *in, const json_t *list, const json_t *event,
                           const char *action)
{
    size_t i = 0;
    const json_t *one = NULL;

    json_array_foreach(list, i, one)
    {
        const char *reporter = event_text(event, "reportingMTA");
        const char *status = event_text(one, "status");
        const char *said = event_text(one, "diagnosticCode");
        struct bounce_draft *draft = event_add(
            in, json_is_string(one) ? json_string_value(one) : event_text(one, "emailAddress"),
            said != NULL ? said : event_text(event, "smtpResponse"));

        if (draft == NULL)
            continue;
        draft->said.action = event_copy(in, one, "action");
        if (draft->said.action == NULL)
            draft->said.action = action;
        if (status != NULL)
            smtp_enhanced_parse(span_of(status), &draft->status);
        event_time(event, draft);
        if (reporter != NULL) {
            ptrdiff_t at = span_find(span_of(reporter), ';');

            draft->said.reporter = arena_strdup_span(
                in->arena,
                span_trim(span_from(span_of(reporter), at < 0 ? 0 : (size_t)at + 1)));
        }
    }
}

/* event_ses - a notification of SES */
static bool event_ses(struct bounce_reader *in, const json_t *root)
{
    static const struct {
        const char *key;
        const char *list;
        const char *action;
    } kinds[] = {{"bounce", "bouncedRecipients", "failed"},
                 {"complaint", "complainedRecipients", "complaint"},
                 {"deliveryDelay", "delayedRecipients", "delayed"},
                 {"delivery", "recipients", "delivered"}};
    const json_t *mail = json_object_get(root, "mail");

    if (event_text(root, "notificationType") == NULL && event_text(root, "eventType") == NULL)
        return false;
    for (size_t i = 0; i < COUNT_OF(kinds); i++) {
        const json_t *event = json_object_get(root, kinds[i].key);

        if (json_is_object(event) && strcmp(kinds[i].action, "complaint") == 0) {
            in->out->feedback = "abuse";
            in->cause = REPLY_CAUSE_FEEDBACK;
        }
        event_ses_list(in, json_object_get(event, kinds[i].list), event, kinds[i].action);
    }
    event_original(in, event_text(mail, "source"), NULL);
    return true;
}

/* ---- Mailgun ---- */

/* event_mailgun - {"event-data": {"event": "failed", "delivery-status": {...}}} */
static bool event_mailgun(struct bounce_reader *in, const json_t *root)
{
    static const char *const said[] = {"message", "description", NULL};
    const json_t *data = json_object_get(root, "event-data");
    const json_t *status = NULL;
    const json_t *envelope = NULL;
    struct bounce_draft *draft = NULL;
    int64_t code = 0;

    if (!json_is_object(data))
        data = root;
    status = json_object_get(data, "delivery-status");
    if (!json_is_object(status))
        return false;
    draft = event_add(in, event_text(data, "recipient"), event_first(status, said));
    envelope = json_object_get(data, "envelope");
    event_original(in, event_text(envelope, "sender"), event_text(envelope, "sending-ip"));
    if (draft == NULL)
        return true;
    code = event_number(status, "code");
    if (code >= 200 && code < 600)
        draft->diagnostic =
            span_of(arena_printf(in->arena, "%d %.*s", (int)code, SPAN_ARG(draft->diagnostic)));
    draft->said.host = event_copy(in, status, "mx-host");
    if (event_text(data, "severity") != NULL)
        draft->said.action =
            strcmp(event_text(data, "severity"), "temporary") == 0 ? "delayed" : "failed";
    event_time(data, draft);
    return true;
}

/* ---- services with flat objects ---- */

#define EVENT_COMPLAINT "complaint" /* a recipient called the message spam */

/* event_outcome - what became of the message, by the word of the service */
static const char *event_outcome(const char *word)
{
    static const struct {
        const char *word;
        const char *action;
    } words[] = {
        {"deferred", "delayed"},
        {"delay", "delayed"},
        {"Transient", "delayed"},
        {"SoftBounce", "delayed"},
        {"soft_bounce", "delayed"},
        {"email.delivery_delayed", "delayed"},
        {"delivered", "delivered"},
        {"Delivery", "delivered"},
        {"processed", "delivered"},
        {"email.delivered", "delivered"},
        {"spamreport", EVENT_COMPLAINT},
        {"spam", EVENT_COMPLAINT},
        {"complaint", EVENT_COMPLAINT},
        {"SpamComplaint", EVENT_COMPLAINT},
        {"spam_complaint", EVENT_COMPLAINT},
        {"email.complained", EVENT_COMPLAINT},
    };

    for (size_t i = 0; word != NULL && i < COUNT_OF(words); i++)
        if (strcmp(word, words[i].word) == 0)
            return words[i].action;
    return "failed";
}

/* event_act - action and cause of a recipient; a complaint is not an action (RFC 3464, 2.3.3)
 * */
static void event_act(struct bounce_draft *draft, const char *word)
{
    draft->said.action = event_outcome(word);
    if (strcmp(draft->said.action, EVENT_COMPLAINT) == 0) {
        draft->said.action = "failed";
        draft->cause = REPLY_CAUSE_FEEDBACK;
    }
}

/* event_flat - SendGrid, Postmark, SparkPost: one object per recipient */
static bool event_flat(struct bounce_reader *in, const json_t *root)
{
    static const char *const addresses[] = {"email", "Email", "rcpt_to", "recipient", NULL};
    static const char *const texts[] = {"reason", "response", "raw_reason", "Details",
                                        "error",  "diag",     NULL};
    static const char *const marks[] = {"event",   "reason",     "RecordType", "Details",
                                        "created", "raw_reason", "response",   NULL};
    static const char *const senders[] = {"From", "msg_from", "friendly_from", "sender", NULL};
    static const char *const kinds[] = {"event", "type", "Type", "RecordType", NULL};
    const char *address = event_first(root, addresses);
    struct bounce_draft *draft = NULL;
    const char *status = event_text(root, "status");

    if (address == NULL || event_first(root, marks) == NULL)
        return false;
    draft = event_add(in, address, event_first(root, texts));
    if (draft == NULL)
        return true;
    if (draft->diagnostic.len == 0)
        draft->diagnostic = span_of(event_copy(in, root, "Description"));
    if (status != NULL && strchr(status, '.') != NULL)
        smtp_enhanced_parse(span_of(status), &draft->status);
    event_act(draft, event_first(root, kinds));
    event_time(root, draft);
    event_original(in, event_first(root, senders), event_text(root, "ip"));
    return true;
}

/* event_resend - {"type": "email.bounced", "data": {"to": [...], "bounce": {"message"}}} */
static bool event_resend(struct bounce_reader *in, const json_t *root)
{
    const char *type = event_text(root, "type");
    const json_t *data = json_object_get(root, "data");
    const json_t *bounce = json_object_get(data, "bounce");
    const char *said = event_text(bounce, "message");
    size_t i = 0;
    const json_t *one = NULL;

    if (type == NULL || strncmp(type, "email.", 6) != 0 || !json_is_object(data))
        return false;
    json_array_foreach(json_object_get(data, "to"), i, one)
    {
        struct bounce_draft *draft = event_add(in, json_string_value(one), said);

        if (draft != NULL)
            event_act(draft, type);
    }
    event_original(in, event_text(data, "from"), NULL);
    return true;
}

/* event_object - one event of any service */
static bool event_object(struct bounce_reader *in, const json_t *root, unsigned depth)
{
    const json_t *inner = json_object_get(root, "msys");
    const json_t *message = json_object_get(inner, "message_event");
    const json_t *mandrill = json_object_get(root, "msg");
    const char *wrapped = event_text(root, "Message");

    if (message != NULL)
        return event_flat(in, message);
    if (json_is_object(mandrill) && event_text(root, "event") != NULL) {
        json_object_set((json_t *)mandrill, "event", json_object_get(root, "event"));
        json_object_set((json_t *)mandrill, "timestamp", json_object_get(root, "ts"));
        return event_flat(in, mandrill);
    }
    if (event_ses(in, root) || event_mailgun(in, root) || event_resend(in, root) ||
        event_flat(in, root))
        return true;
    if (wrapped != NULL && depth == 0) { /* a notification of SNS */
        json_t *parsed = json_loads(wrapped, JSON_DISABLE_EOF_CHECK, NULL);
        bool is_event = parsed != NULL && event_object(in, parsed, depth + 1);

        json_decref(parsed);
        return is_event;
    }
    return false;
}

/* event_without_breaks - line breaks inside strings are dropped, with the blank after them:
 * mail folds long lines */
static struct span event_without_breaks(struct arena *arena, struct span json)
{
    struct sbuf out = sbuf_start(arena);
    bool is_string = false;

    for (size_t at = 0; at < json.len; at++) {
        char octet = json.at[at];

        if (is_string && (octet == '\n' || octet == '\r')) {
            while (at + 1 < json.len && ascii_is_space(json.at[at + 1]))
                at++;
            continue;
        }
        if (octet == '"')
            is_string = !is_string;
        if (octet == '\\' && at + 1 < json.len) {
            sbuf_add_octet(&out, octet);
            octet = json.at[++at];
        }
        sbuf_add_octet(&out, octet);
    }
    return sbuf_span(&out);
}

bool bounce_event_read(struct bounce_reader *in, struct span json)
{
    struct span bytes = event_without_breaks(in->arena, span_trim(json));
    json_t *root = json_loadb(bytes.at, bytes.len, JSON_DISABLE_EOF_CHECK, NULL);
    bool is_event = false;
    size_t i = 0;
    const json_t *one = NULL;

    if (json_is_array(root)) {
        json_array_foreach(root, i, one)
        {
            if (i >= LIMIT_BOUNCE_RECIPIENTS)
                break;
            is_event |= event_object(in, one, 0);
        }
    } else if (root != NULL) {
        is_event = event_object(in, root, 0);
    }
    json_decref(root);
    return is_event;
}
