/* Keys are written where they say something; text is escaped already, the body is not. */
#include "source/snapshot_https.h"

#include <string.h>

#include "base/escape.h"
#include "base/limits.h"
#include "base/sbuf.h"
#include "base/span.h"

#define HTTP_STATUS_MAX 999 /* three digits: RFC 9110, 15 */

bool snapshot_https_is_kept(const struct https_fact *fact)
{
    return fact->status != HTTPS_PENDING && fact->status != HTTPS_UNKNOWN &&
           fact->status != HTTPS_BUDGET;
}

/* hexadecimal_json - a body that is not text */
static json_t *hexadecimal_json(struct arena *arena, struct span body)
{
    struct sbuf digits = sbuf_start(arena);

    for (size_t i = 0; i < body.len; i++)
        sbuf_addf(&digits, "%02x", (unsigned)(unsigned char)body.at[i]);
    return json_string(sbuf_text(&digits));
}

json_t *snapshot_https_json(struct arena *arena, const struct https_fact *fact)
{
    const struct span body = fact->body;
    const bool has_body = fact->status == HTTPS_OK;
    json_t *text =
        has_body && span_find(body, '\0') < 0 ? json_stringn(body.at, body.len) : NULL;

    return json_pack(
        "{s:s, s:s, s:s, s:o*, s:s*, s:s*, s:s*, s:s*, s:s*, s:o*, s:o*}", "name", fact->url,
        "type", SNAPSHOT_HTTPS, "status", https_status_to_text(fact->status), "http_status",
        fact->http_status != 0 ? json_integer(fact->http_status) : NULL, "content_type",
        fact->content_type, "location", fact->location, "certificate", fact->certificate,
        "source", fact->source, "detail", fact->detail, "body", text, "body_hex",
        has_body && text == NULL ? hexadecimal_json(arena, body) : NULL);
}

/* snapshot_https_text_of - a key that holds text, safe to show; NULL: none */
static const char *snapshot_https_text_of(struct arena *arena, const json_t *object,
                                          const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));

    return text == NULL ? NULL : escape_safe(arena, text);
}

/* read_hex - octets of pairs of digits */
static bool read_hex(struct arena *arena, struct span digits, struct span *body_out)
{
    char *octets = arena_alloc(arena, digits.len / 2 + 1);

    for (size_t i = 0; i + 1 < digits.len; i += 2) {
        int high = ascii_hex_value(digits.at[i]);
        int low = ascii_hex_value(digits.at[i + 1]);

        if (high < 0 || low < 0)
            return false;
        octets[i / 2] = (char)(high * 16 + low);
    }
    *body_out = span_make(octets, digits.len / 2);
    return digits.len % 2 == 0;
}

/* snapshot_https_read_body - in either form; what is wrong with it, or NULL */
static const char *snapshot_https_read_body(struct arena *arena, const json_t *object,
                                            struct https_fact *fact)
{
    const json_t *text = json_object_get(object, "body");
    const json_t *digits = json_object_get(object, "body_hex");

    if (json_is_string(text))
        fact->body =
            arena_span(arena, span_make(json_string_value(text), json_string_length(text)));
    else if (text != NULL)
        return "\"body\" should be a string";
    else if (digits != NULL &&
             (!json_is_string(digits) ||
              !read_hex(arena, span_of(json_string_value(digits)), &fact->body)))
        return "\"body_hex\" should be pairs of hexadecimal digits";
    if (text == NULL && digits == NULL && fact->status == HTTPS_OK)
        return "the status is OK, but there is no \"body\"";
    return fact->body.len > LIMIT_FETCH_BYTES ? "the body is longer than any that is fetched"
                                              : NULL;
}

const char *snapshot_https_read(struct arena *arena, const json_t *object,
                                struct https_fact *fact_out)
{
    const char *status = json_string_value(json_object_get(object, "status"));
    const json_t *http_status = json_object_get(object, "http_status");

    *fact_out = (struct https_fact){.status = HTTPS_OK, .http_status = 200};
    fact_out->url = snapshot_https_text_of(arena, object, "name");
    if (fact_out->url == NULL)
        return "a fact fetched over HTTPS needs its URL as \"name\"";
    if (status != NULL && (!https_status_parse(span_of(status), &fact_out->status) ||
                           !snapshot_https_is_kept(fact_out)))
        return "\"status\" should be one of OK STATUS REDIRECT TOO_LARGE MALFORMED CERTIFICATE "
               "TLS NO_ADDRESS REFUSED CONNECT TIMEOUT UNRESOLVED";
    if (http_status != NULL &&
        (!json_is_integer(http_status) || json_integer_value(http_status) < 0 ||
         json_integer_value(http_status) > HTTP_STATUS_MAX))
        return "\"http_status\" should be a number of three digits";
    if (http_status != NULL || fact_out->status != HTTPS_OK)
        fact_out->http_status = (unsigned)json_integer_value(http_status);
    fact_out->content_type = snapshot_https_text_of(arena, object, "content_type");
    fact_out->location = snapshot_https_text_of(arena, object, "location");
    fact_out->certificate = snapshot_https_text_of(arena, object, "certificate");
    fact_out->source = snapshot_https_text_of(arena, object, "source");
    fact_out->detail = snapshot_https_text_of(arena, object, "detail");
    return snapshot_https_read_body(arena, object, fact_out);
}
