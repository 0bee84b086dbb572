/* Texts are cut into words at everything that no address holds. */
#include "render/render_redact.h"

#include <string.h>

#include "base/ip.h"
#include "base/limits_serve.h"
#include "base/sbuf.h"
#include "base/span.h"

static const char redacted[] = "[redacted]";

/* what DNS publishes, and what is no text */
static const char *const kept_keys[] = {
    "record",    "value", "replaces", "records", "networks", "id",         "version",
    "standards", "time",  "about",    "source",  "uri",      "fingerprint"};
/* what is quoted from the message, or may be */
static const char *const dropped_keys[] = {"message_id", "old", "explanation"};

/* is_among - the key is one of the list */
static bool is_among(const char *const *keys, size_t count, const char *key)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(keys[i], key) == 0)
            return true;
    return false;
}

/* is_of_word - octets of addresses: what else is there ends one */
static bool is_of_word(char octet)
{
    return ascii_is_alnum(octet) || strchr("!#$%&'*+-/=?^_`{|}~.@:", octet) != NULL;
}

/* add_word - an address of either kind without what it names */
static void add_word(struct sbuf *out, struct span word)
{
    ptrdiff_t at = span_find_last(word, '@');
    struct span bare = word;
    struct ip_address address;

    while (bare.len > 0 && strchr(".:", bare.at[bare.len - 1]) != NULL)
        bare.len--;
    if (at > 0) {
        struct span left = span_sub(word, 0, (size_t)at);
        ptrdiff_t colon = span_find_last(left, ':');

        sbuf_add_span(out, span_sub(word, 0, (size_t)(colon + 1))); /* "mailto:" */
        sbuf_add(out, redacted);
        sbuf_add_span(out, span_from(word, (size_t)at));
    } else if (ip_parse(bare, &address)) {
        sbuf_add(out, "[address]");
        sbuf_add_span(out, span_from(word, bare.len));
    } else {
        sbuf_add_span(out, word);
    }
}

/* redact_text - word by word; what is in ("...") is quoted from the message */
static const char *redact_text(struct arena *arena, const char *text)
{
    struct sbuf out = sbuf_start(arena);
    struct span rest = span_of(text);

    while (rest.len > 0) {
        const char *end = strstr(rest.at, "\")");
        size_t len = 0;

        if (span_starts_with(rest, "(\"") && end != NULL) {
            sbuf_add(&out, "(");
            sbuf_add(&out, redacted);
            rest = span_from(rest, (size_t)(end + 1 - rest.at));
            continue;
        }
        while (len < rest.len && is_of_word(rest.at[len]))
            len++;
        add_word(&out, span_sub(rest, 0, len));
        if (len < rest.len)
            sbuf_add_octet(&out, rest.at[len++]);
        rest = span_from(rest, len);
    }
    return sbuf_text(&out);
}

/* redact_value - a text, or all texts below; NULL: it stays */
static json_t *redact_value(struct arena *arena, json_t *value, unsigned depth)
{
    const char *key = NULL;
    json_t *member = NULL;
    void *next = NULL;

    if (json_is_string(value))
        return json_string(redact_text(arena, json_string_value(value)));
    if (depth == LIMIT_DOCUMENT_DEPTH)
        return json_null();
    for (size_t i = 0; i < json_array_size(value); i++) {
        member = redact_value(arena, json_array_get(value, i), depth + 1);
        if (member != NULL)
            json_array_set_new(value, i, member);
    }
    json_object_foreach_safe(value, next, key, member)
    {
        if (is_among(kept_keys, COUNT_OF(kept_keys), key))
            continue;
        if (is_among(dropped_keys, COUNT_OF(dropped_keys), key))
            member = json_is_null(member) ? NULL : json_string(redacted);
        else
            member = redact_value(arena, member, depth + 1);
        if (member != NULL)
            json_object_set_new(value, key, member);
    }
    return NULL;
}

json_t *render_redact(struct arena *arena, json_t *document)
{
    json_t *copy = json_deep_copy(document);

    json_decref(document);
    redact_value(arena, copy, 0);
    return copy;
}
