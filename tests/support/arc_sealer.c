/* One set, from the inside out: results, message signature, seal. */
#include "arc_sealer.h"
#include "base/sbuf.h"
#include "unit.h"

static const char set_fields[] = "ARC-Authentication-Results:ARC-Message-Signature";

/* count_seals - lines that begin an ARC-Seal field */
static unsigned count_seals(struct arena *arena, struct span message)
{
    const char *text = arena_strdup_span(arena, message);
    unsigned count = 0;

    for (const char *line = text; line != NULL; line = strchr(line, '\n')) {
        line += *line == '\n';
        count += strncmp(line, "ARC-Seal:", 9) == 0;
    }
    return count;
}

/* joined - a field in front of a message */
static struct span joined(struct arena *arena, const char *field, struct span message)
{
    struct sbuf out = sbuf_start(arena);

    sbuf_add(&out, field);
    sbuf_add_span(&out, message);
    return sbuf_span(&out);
}

/* algorithm_of - a= that goes with a key */
static const char *algorithm_of(const char *key)
{
    return key[0] == 'e' ? "ed25519-sha256" : "rsa-sha256";
}

/* sign_message - the AMS in front */
static struct span sign_message(struct arena *arena, struct span message,
                                const struct arc_sealing *sealing, unsigned instance)
{
    const char *canon = sealing->canon != NULL ? sealing->canon : "relaxed/relaxed";
    const char *headers =
        sealing->headers != NULL ? sealing->headers : "From:To:Subject:Date:Message-ID";
    struct dkim_signing signing = {
        .domain = sealing->domain,
        .selector = sealing->selector,
        .key = sealing->key,
        .canon = canon,
        .headers = headers,
        .has_length = sealing->has_length,
        .length = sealing->length,
    };

    signing.field = arena_printf(
        arena,
        "ARC-Message-Signature: i=%u; a=%s; c=%s;\r\n\td=%s; s=%s; h=%s;\r\n\t%s%sb=@B@\r\n",
        instance, algorithm_of(sealing->key), canon, sealing->domain, sealing->selector,
        headers, sealing->tags != NULL ? sealing->tags : "",
        sealing->has_no_hash ? "" : "bh=@BH@;\r\n\t");
    return dkim_sign(arena, message, &signing);
}

/* sign_set - the seal in front; a chain that fails is sealed as if the newest set were the
 * only one (5.1.2) */
static struct span sign_set(struct arena *arena, struct span message,
                            const struct arc_sealing *sealing, unsigned instance)
{
    const char *cv = sealing->cv != NULL ? sealing->cv : instance == 1 ? "none" : "pass";
    struct sbuf headers = sbuf_start(arena);
    struct dkim_signing signing = {
        .domain = sealing->domain,
        .selector = sealing->selector,
        .key = sealing->key,
        .canon = "relaxed/relaxed",
    };
    struct span scope = message;
    struct span sealed = {NULL, 0};

    for (unsigned i = count_seals(arena, message); strcmp(cv, "fail") != 0 && i > 0; i--)
        sbuf_addf(&headers, "%s:ARC-Seal:", set_fields);
    sbuf_add(&headers, set_fields);
    if (strcmp(cv, "fail") == 0 && count_seals(arena, message) > 0) {
        const char *text = arena_strdup_span(arena, message);

        scope = span_sub(message, 0, (size_t)(strstr(text, "\r\nARC-Seal:") + 2 - text));
        scope = joined(arena, arena_strdup_span(arena, scope), span_of("\r\n"));
    }
    signing.headers = sbuf_text(&headers);
    signing.field =
        arena_printf(arena, "ARC-Seal: i=%u; a=%s; cv=%s; d=%s;\r\n\ts=%s; %sb=@B@\r\n",
                     instance, algorithm_of(sealing->key), cv, sealing->domain,
                     sealing->selector, sealing->seal_tags != NULL ? sealing->seal_tags : "");
    sealed = dkim_sign(arena, scope, &signing);
    sealed.len -= scope.len;
    return joined(arena, arena_strdup_span(arena, sealed), message);
}

struct span arc_seal(struct arena *arena, struct span message,
                     const struct arc_sealing *sealing)
{
    unsigned instance =
        sealing->instance != 0 ? sealing->instance : count_seals(arena, message) + 1;
    const char *results =
        sealing->results != NULL
            ? sealing->results
            : arena_printf(arena,
                           " mx.%s;\r\n\tspf=pass smtp.mailfrom=a@example.com;\r\n"
                           "\tdkim=pass header.d=example.com",
                           sealing->domain);

    message = joined(
        arena,
        arena_printf(arena, "ARC-Authentication-Results: i=%u;%s\r\n", instance, results),
        message);
    return sign_set(arena, sign_message(arena, message, sealing, instance), sealing, instance);
}
