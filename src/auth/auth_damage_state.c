/* Digests of a body on their way, and its lines. */
#include <string.h>

#include "auth/auth_damage_body.h"
#include "auth/auth_dkim_sink.h"
#include "base/limits.h"
#include "model/rec_dkim.h"

int damage_line_of_file(const struct damage_body *body, size_t line)
{
    return body->work->message->body_line + (int)line;
}

void damage_state_copy(struct damage_work *work, struct damage_state *state,
                       const struct damage_state *from)
{
    if (state->sink == NULL)
        state->sink = auth_dkim_sink_open(work->scratch);
    state->body = from->body;
    state->body.sink = state->sink;
    state->digest = auth_dkim_sink_continue(state->sink, from->sink);
}

bool damage_state_add(struct damage_work *work, struct damage_state *state, struct span octets)
{
    if (!damage_spend(work, octets.len))
        return false;
    auth_dkim_body_add(&state->body, octets);
    return true;
}

void damage_state_begin(const struct damage_body *body, struct damage_state *state)
{
    state->sink = auth_dkim_sink_open(body->work->scratch);
    state->digest =
        auth_dkim_sink_digest(state->sink, REC_DKIM_RSA_SHA256, body->targets->limit);
    state->body = (struct auth_dkim_body){.sink = state->sink, .canon = body->targets->canon};
}

bool damage_state_try(struct damage_body *body, struct damage_state *state,
                      const struct auth_damage *damage)
{
    struct damage_work *work = body->work;
    struct span digest = {NULL, 0};
    bool is_any = false;

    auth_dkim_body_end(&state->body);
    digest = auth_dkim_digest_end(state->sink, state->digest);
    for (size_t i = 0; i < body->targets->count; i++) {
        size_t index = body->targets->indexes[i];

        if (body->is_found[i] ||
            !span_equal(digest, work->prepared->signatures[index].parsed.body_hash))
            continue;
        is_any = true;
        if (damage == NULL)
            continue;
        body->is_found[i] = true;
        body->left--;
        for (const struct auth_damage *next = damage; next != NULL; next = next->next)
            damage_report(work, index, *next);
    }
    return is_any;
}

bool damage_line_end(const struct damage_body *body, size_t at, bool is_whole,
                     struct damage_line *line)
{
    const char *from = body->bytes + at;
    const char *end = body->bytes + body->len;
    const char *lf = from;

    while ((lf = memchr(lf, '\n', (size_t)(end - lf))) != NULL) {
        if (lf > from && lf[-1] == '\r')
            break;
        lf++;
    }
    if (lf != NULL && lf - from <= LIMIT_DAMAGE_LINE) {
        line->text = span_make(from, (size_t)(lf - 1 - from));
        line->end = span_make(lf - 1, 2);
        return true;
    }
    if (lf == NULL && end - from <= LIMIT_DAMAGE_LINE && !is_whole)
        return false;
    line->text = span_sub(span_make(from, (size_t)(end - from)), 0, LIMIT_DAMAGE_LINE);
    line->end = span_make(from, 0);
    if (line->text.len > 1 && line->text.at[line->text.len - 1] == '\r' &&
        from + line->text.len < end)
        line->text.len--; /* an LF may follow */
    return true;
}

void damage_body_line(const struct damage_body *body, size_t at, struct damage_line *line_out)
{
    *line_out = (struct damage_line){0};
    damage_line_end(body, at, true, line_out);
}
