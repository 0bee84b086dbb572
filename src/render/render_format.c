/* What all renderers need: text made safe, and words that several places share. */
#include <string.h>

#include "base/escape.h"
#include "render/render_format.h"
#include "base/sbuf.h"
#include "base/span.h"
#include "model/result.h"
#include "model/spf_verdict.h"

const char *render_safe(struct arena *arena, const char *text)
{
    return text == NULL ? NULL : escape_safe(arena, text);
}

const char *render_safe_lines(struct arena *arena, const char *text)
{
    struct span rest = span_of(text);
    struct sbuf lines = sbuf_start(arena);

    while (rest.len > 0) {
        size_t len = strcspn(rest.at, "\n\t");

        sbuf_add(&lines, render_safe(arena, arena_strdup_span(arena, span_sub(rest, 0, len))));
        if (len < rest.len)
            sbuf_add_octet(&lines, rest.at[len++]);
        rest = span_from(rest, len);
    }
    return sbuf_text(&lines);
}

const char *render_raw(struct arena *arena, const char *bytes)
{
    return bytes == NULL ? NULL : escape_to_text(arena, span_of(bytes), 0);
}

const char *render_trouble(struct arena *arena, const struct dns_answer *answer)
{
    const char *status = dns_status_to_text(answer->status);

    if (answer->detail == NULL || dns_status_is_answer(answer->status))
        return status;
    if (span_starts_with(span_of(answer->detail), status))
        return answer->detail;
    return arena_printf(arena, "%s: %s", status, answer->detail);
}

const char *render_standard_word(const struct facts *facts, const char *about)
{
    const struct message_facts *message = &facts->message;
    static const char signature[] = "dkim.";

    for (size_t i = 0; i < facts->spf_count; i++) {
        bool is_helo = facts->spf[i]->identity == AUTH_SPF_HELO;

        if (strcmp(about, is_helo ? "spf.helo" : "spf.mailfrom") == 0)
            return spf_result_to_text(facts->spf[i]->result);
    }
    if (strncmp(about, signature, sizeof(signature) - 1) == 0) {
        uint64_t index = 0;

        if (message->dkim_count > 0 && span_to_number(span_of(about + sizeof(signature) - 1),
                                                      message->dkim_count - 1, &index))
            return dkim_result_to_text(message->dkim[index].result);
    }
    if (strcmp(about, "dmarc") == 0 && message->dmarc != NULL)
        return dmarc_result_to_text(message->dmarc->result);
    return NULL;
}

bool render_engine_agrees(const struct facts *facts, const struct engine_verdict *engine)
{
    const char *ours = render_standard_word(facts, engine->about);

    return engine->result != NULL && ours != NULL && strcmp(engine->result, ours) == 0;
}
