/* Reports as text, made of the JSON of records. */
#include "sandbox/sandbox_after.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/file.h"
#include "base/file_write.h"
#include "base/limits_serve.h"
#include "base/sbuf.h"
#include "base/span.h"
#include "sandbox/sandbox_post.h"
#include "sandbox/sandbox_spool.h"

#define FOLDER_MODE    0700
#define DAY            86400
#define BOUNDARY       "mailassay-sandbox-report"
#define ORIGINAL_BYTES LIMIT_SANDBOX_RETURNED_BYTES

/* after_text - a key of an object; what stands for null */
static const char *after_text(const json_t *object, const char *key, const char *otherwise)
{
    const char *text = json_string_value(json_object_get(object, key));

    return text != NULL ? text : otherwise;
}

/* after_save - one file of the folder, or one request to the webhook */
static bool after_save(const struct sandbox_after *in, const char *name, struct sbuf *text,
                       struct err *why)
{
    if (sandbox_post_is_url(in->place))
        return sandbox_post(in->place, name, text, why);
    return file_save(arena_printf(in->arena, "%s/%s", in->place, name), sbuf_span(text), why);
}

/* domain_part - behind the last "@"; "" without one */
static const char *domain_part(const char *path)
{
    const char *at = strrchr(path, '@');

    return at != NULL ? at + 1 : "";
}

/* ---- delivery reports: RFC 3464 ---- */

/* add_original - the message, or its header alone */
static void add_original(const struct sandbox_after *in, const json_t *record,
                         struct sbuf *text)
{
    struct span bytes = {NULL, 0};
    struct err unused = {0};
    uint64_t number = 0;
    bool is_header =
        strcmp(after_text(json_object_get(record, "envelope"), "ret", ""), "HDRS") == 0;

    span_to_number(span_of(after_text(record, "id", "")), UINT64_MAX / 2, &number);
    if (!file_load(in->arena, sandbox_spool_name(in->arena, in->spool, number, ".eml"),
                   ORIGINAL_BYTES, &bytes, &unused))
        is_header = true;
    for (size_t i = 0; is_header && i + 4 <= bytes.len; i++)
        if (memcmp(bytes.at + i, "\r\n\r\n", 4) == 0)
            bytes.len = i + 2;
    sbuf_addf(text, "--" BOUNDARY "\r\nContent-Type: %s\r\n\r\n",
              is_header ? "text/rfc822-headers" : "message/rfc822");
    sbuf_add_span(text, bytes);
    sbuf_add(text, "\r\n--" BOUNDARY "--\r\n");
}

/* reply_line - the answer as a client logs it */
static const char *reply_line(const struct sandbox_after *in, const json_t *answer)
{
    const json_t *first = json_array_get(json_object_get(answer, "lines"), 0);

    return arena_printf(in->arena, "%lld %s %s",
                        json_integer_value(json_object_get(answer, "code")),
                        after_text(answer, "enhanced", ""), json_string_value(first));
}

/* add_recipient_report - one recipient, unless it wants none */
static size_t add_recipient_report(const struct sandbox_after *in, const json_t *recipient,
                                   const json_t *answer, struct sbuf *text)
{
    bool is_final = json_integer_value(json_object_get(answer, "code")) >= 500;
    const char *path = after_text(recipient, "path", "");

    if (strcmp(after_text(recipient, "notify", ""), "NEVER") == 0)
        return 0;
    sbuf_addf(text, "\r\nFinal-Recipient: rfc822; %s\r\nAction: %s\r\nStatus: %s\r\n", path,
              is_final ? "failed" : "delayed", after_text(answer, "enhanced", ""));
    sbuf_addf(text, "Remote-MTA: dns; %s\r\nDiagnostic-Code: smtp; %s\r\n", domain_part(path),
              reply_line(in, answer));
    return 1;
}

/* write_dsn - for a message that was not accepted, to a sender that there is */
static bool write_dsn(const struct sandbox_after *in, const json_t *record, struct err *why)
{
    const json_t *envelope = json_object_get(record, "envelope");
    const json_t *answer = json_object_get(record, "answer");
    const char *sender = after_text(envelope, "mail_from", "");
    const char *id = after_text(record, "id", "");
    struct sbuf text = sbuf_start(in->arena);
    size_t count = 0;
    size_t index = 0;
    const json_t *recipient = NULL;

    if (json_integer_value(json_object_get(answer, "code")) < 400 || sender[0] == '\0')
        return true;
    sbuf_addf(&text,
              "From: Mail Delivery Subsystem <mailer-daemon@localhost>\r\nTo: <%s>\r\n"
              "Subject: Delivery Status Notification\r\nMessage-ID: <dsn-%s@localhost>\r\n"
              "Auto-Submitted: auto-replied\r\nMIME-Version: 1.0\r\n"
              "Content-Type: multipart/report; report-type=delivery-status;\r\n"
              "\tboundary=\"" BOUNDARY "\"\r\n\r\n--" BOUNDARY "\r\n"
              "Content-Type: text/plain; charset=utf-8\r\n\r\n"
              "Your message was not delivered. The receiver said:\r\n\r\n    %s\r\n\r\n"
              "--" BOUNDARY "\r\nContent-Type: message/delivery-status\r\n\r\n"
              "Reporting-MTA: dns; localhost\r\n",
              sender, id, reply_line(in, answer));
    json_array_foreach(json_object_get(envelope, "rcpt"), index, recipient)
    {
        count += add_recipient_report(in, recipient, answer, &text);
    }
    sbuf_add(&text, "\r\n");
    add_original(in, record, &text);
    return count == 0 || after_save(in, arena_printf(in->arena, "dsn-%s.eml", id), &text, why);
}

/* ---- DMARC aggregate reports: RFC 9990 ---- */

/* add_xml - text between tags */
static void add_xml(struct sbuf *out, const char *tag, const char *text)
{
    sbuf_addf(out, "<%s>", tag);
    for (; *text != '\0'; text++)
        if (strchr("&<>\"'", *text) != NULL)
            sbuf_addf(out, "&#%d;", *text);
        else
            sbuf_add_octet(out, *text);
    sbuf_addf(out, "</%s>", tag);
}

/* disposition_word - what the receiver did, as reports name it */
static const char *disposition_word(const json_t *answer)
{
    const char *word = after_text(answer, "disposition", "");

    if (strcmp(word, "reject") == 0)
        return "reject";
    return strcmp(word, "junk") == 0 ? "quarantine" : "none";
}

/* add_results - each signature, and SPF */
static void add_results(const json_t *report, struct sbuf *out)
{
    const json_t *spf = json_array_get(json_object_get(report, "spf"), 0);
    size_t index = 0;
    const json_t *dkim = NULL;

    sbuf_add(out, "<auth_results>");
    json_array_foreach(json_object_get(report, "dkim"), index, dkim)
    {
        sbuf_add(out, "<dkim>");
        add_xml(out, "domain", after_text(dkim, "domain", ""));
        add_xml(out, "selector", after_text(dkim, "selector", ""));
        add_xml(out, "result", after_text(dkim, "result", "none"));
        sbuf_add(out, "</dkim>");
    }
    sbuf_add(out, "<spf>");
    add_xml(out, "domain", after_text(spf, "domain", ""));
    add_xml(out, "scope", "mfrom");
    add_xml(out, "result", after_text(spf, "result", "none"));
    sbuf_add(out, "</spf></auth_results>");
}

/* aggregate_row - one message of a client that is known */
static bool aggregate_row(const struct sandbox_judged *message, const char *domain,
                          struct sbuf *out)
{
    const json_t *envelope = json_object_get(message->record, "envelope");
    const json_t *dmarc = json_object_get(message->report, "dmarc");
    const char *client = after_text(envelope, "client_ip", NULL);

    if (client == NULL)
        return false;
    sbuf_add(out, "<record><row>");
    add_xml(out, "source_ip", client);
    sbuf_add(out, "<count>1</count><policy_evaluated>");
    add_xml(out, "disposition", disposition_word(json_object_get(message->record, "answer")));
    add_xml(out, "dkim",
            json_is_true(json_object_get(dmarc, "dkim_aligned")) ? "pass" : "fail");
    add_xml(out, "spf", json_is_true(json_object_get(dmarc, "spf_aligned")) ? "pass" : "fail");
    sbuf_add(out, "</policy_evaluated></row><identifiers>");
    add_xml(out, "header_from", domain);
    add_xml(out, "envelope_from", domain_part(after_text(envelope, "mail_from", "")));
    add_xml(out, "envelope_to",
            domain_part(
                after_text(json_array_get(json_object_get(envelope, "rcpt"), 0), "path", "")));
    sbuf_add(out, "</identifiers>");
    add_results(message->report, out);
    sbuf_add(out, "</record>\n");
    return true;
}

/* message_domain - of the author; NULL: there is no report */
static const char *message_domain(const struct sandbox_judged *message)
{
    return json_string_value(
        json_object_get(json_object_get(message->report, "subject"), "domain"));
}

/* write_aggregate - the rows of one domain */
static bool write_aggregate(const struct sandbox_after *in, const char *domain, struct err *why)
{
    const char *policy = "none";
    struct sbuf rows = sbuf_start(in->arena);
    struct sbuf out = sbuf_start(in->arena);
    size_t count = 0;

    for (size_t i = 0; i < in->count; i++) {
        const char *author = message_domain(&in->messages[i]);

        if (author == NULL || strcmp(author, domain) != 0)
            continue;
        policy = after_text(json_object_get(in->messages[i].report, "dmarc"), "policy", policy);
        count += aggregate_row(&in->messages[i], domain, &rows);
    }
    sbuf_addf(&out,
              "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<feedback><version>1.0</version>\n"
              "<report_metadata><org_name>mailassay sandbox</org_name>"
              "<email>postmaster@localhost</email><report_id>%lld.%s</report_id>"
              "<date_range><begin>%lld</begin><end>%lld</end></date_range></report_metadata>\n"
              "<policy_published>",
              (long long)in->now, domain, (long long)(in->now - in->now % DAY),
              (long long)(in->now - in->now % DAY + DAY - 1));
    add_xml(&out, "domain", domain);
    add_xml(&out, "p", policy);
    sbuf_add(&out, "</policy_published>\n");
    sbuf_add_span(&out, sbuf_span(&rows));
    sbuf_add(&out, "</feedback>\n");
    return count == 0 ||
           after_save(in, arena_printf(in->arena, "dmarc-%s.xml", domain), &out, why);
}

/* ---- TLS reports: RFC 8460 ---- */

/* recipient_domain - of the first recipient of a message */
static const char *recipient_domain(const struct sandbox_judged *message)
{
    const json_t *envelope = json_object_get(message->record, "envelope");

    return domain_part(
        after_text(json_array_get(json_object_get(envelope, "rcpt"), 0), "path", ""));
}

/* write_tls - sessions to one recipient domain; those in clear are none of its business */
static bool write_tls(const struct sandbox_after *in, const char *domain, struct err *why)
{
    struct sbuf out = sbuf_start(in->arena);
    const char *from = clock_to_text(in->arena, in->now - in->now % DAY);
    const char *to = clock_to_text(in->arena, in->now - in->now % DAY + DAY - 1);
    size_t under_tls = 0;

    for (size_t i = 0; i < in->count; i++)
        under_tls += strcmp(recipient_domain(&in->messages[i]), domain) == 0 &&
                     after_text(json_object_get(in->messages[i].record, "envelope"), "tls",
                                NULL) != NULL;
    sbuf_addf(&out,
              "{\"organization-name\":\"mailassay sandbox\",\"date-range\":{"
              "\"start-datetime\":\"%s\",\"end-datetime\":\"%s\"},"
              "\"contact-info\":\"postmaster@localhost\",\"report-id\":\"%lld.%s\","
              "\"policies\":[{\"policy\":{\"policy-type\":\"no-policy-found\","
              "\"policy-domain\":\"%s\"},\"summary\":{"
              "\"total-successful-session-count\":%zu,\"total-failure-session-count\":0}}]}\n",
              from, to, (long long)in->now, domain, domain, under_tls);
    return under_tls == 0 ||
           after_save(in, arena_printf(in->arena, "tls-%s.json", domain), &out, why);
}

/* ---- together ---- */

/* is_file_part - a domain that may be in the name of a file */
static bool is_file_part(const char *domain)
{
    for (const char *at = domain; *at != '\0'; at++)
        if (!ascii_is_alnum(*at) && *at != '.' && *at != '-')
            return false;
    return domain[0] != '\0' && domain[0] != '.';
}

bool sandbox_after_send(const struct sandbox_after *after, struct err *why)
{
    if (!sandbox_post_is_url(after->place))
        (void)mkdir(after->place, FOLDER_MODE); /* what cannot be written says so */
    for (size_t i = 0; i < after->count; i++) {
        const char *author = message_domain(&after->messages[i]);
        const char *recipient = recipient_domain(&after->messages[i]);

        if (!write_dsn(after, after->messages[i].record, why) ||
            (author != NULL && is_file_part(author) && !write_aggregate(after, author, why)) ||
            (is_file_part(recipient) && !write_tls(after, recipient, why)))
            return false;
    }
    return true;
}
