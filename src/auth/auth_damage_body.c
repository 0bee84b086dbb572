/*
 * One pass, two at most. The first goes over the stream with the hypotheses that need no
 * more than the lines; the second over the window, where it holds the whole body, with those
 * that depend on what the first one saw.
 */
#include "auth/auth_damage_place.h"
#include "base/arena.h"
#include "base/limits.h"
#include "base/sbuf.h"
#include "mail/mail_message.h"
#include "model/mail_message.h"
#include "model/rec_dkim.h"

#define AGAIN_MIN 8 /* octets of a line on average: below it a second round takes too long */
#define RESERVE   (512 * 1024) /* left for places, whatever the lines take */
#define LINE_COST 100          /* rewriting a line costs as much as hashing so many octets */
#define SLICE     65536        /* octets that are taken at a time */
#define HALF      (LIMIT_DAMAGE_WINDOW / 2) /* the window moves by this */
#define OLD_KEPT  200                       /* octets of a line as it was signed */

/* ---- hypotheses on their way ---- */

/* runs_open - the hypotheses of a round */
static void runs_open(struct damage_body *body, unsigned round)
{
    body->runs = arena_array_of(body->work->scratch, struct damage_run, damage_undo_count);
    body->run_count = 0;
    for (size_t i = 0; i < damage_undo_count; i++) {
        const struct damage_undo *undo = &damage_undos[i];
        unsigned when = undo->when & (DAMAGE_WHEN_WHOLE | DAMAGE_WHEN_LARGE);

        if ((undo->when & DAMAGE_WHEN_SIMPLE && body->targets->canon == REC_DKIM_RELAXED) ||
            (when != 0 && when != round) || (when == 0 && round == DAMAGE_WHEN_WHOLE))
            continue;
        body->runs[body->run_count++] =
            (struct damage_run){.undo = undo,
                                .param = undo->param != 0 ? undo->param : body->longest,
                                .out = &body->out};
    }
}

/* base_feed - the body as it is, up to `end` of the window */
static void base_feed(struct damage_body *body, size_t end)
{
    auth_dkim_body_add(&body->base.body, span_make(body->bytes + body->fed, end - body->fed));
    body->fed = end;
}

/* run_may_begin - is there enough to hash for the rest of the body? It is set aside at once, so
 * that no two hypotheses starve each other */
static bool run_may_begin(struct damage_body *body)
{
    uint64_t seen = body->dropped + body->scanned;
    uint64_t left = body->work->message->size > seen ? body->work->message->size - seen : 0;
    uint64_t cost = left + left * LINE_COST / body->line_average;

    return body->work->octets_left > RESERVE + cost && damage_spend(body->work, cost);
}

/* other_canon - the one that c= does not name */
static enum rec_dkim_canon other_canon(enum rec_dkim_canon canon)
{
    return canon == REC_DKIM_SIMPLE ? REC_DKIM_RELAXED : REC_DKIM_SIMPLE;
}

/* run_begin - the first line that the hypothesis changes: from here on it hashes itself */
static void run_begin(struct damage_body *body, struct damage_run *run,
                      const struct damage_line *line)
{
    struct span old = span_trim(span_sub(sbuf_span(&body->out), 0, OLD_KEPT));

    run->is_dead = !run_may_begin(body);
    if (run->is_dead)
        return;
    base_feed(body, body->scanned);
    damage_state_copy(body->work, &run->state, &body->base);
    if (run->undo->when & DAMAGE_WHEN_CANON)
        run->state.body.canon = other_canon(run->state.body.canon);
    run->line = damage_line_of_file(body, line->number);
    run->old = arena_span(body->work->scratch, old);
}

/* run_line - one hypothesis, one line */
static void run_line(struct damage_body *body, struct damage_run *run,
                     const struct damage_line *line)
{
    bool is_begun = run->state.sink != NULL;
    bool is_changed = false;

    if (run->is_dead || (!is_begun && !(line->marks & run->undo->marks)))
        return;
    body->out.len = 0;
    is_changed = run->undo->rewrite(run, line);
    if (!is_begun && !is_changed)
        return;
    if (!is_begun)
        run_begin(body, run, line);
    run->changed += is_changed;
    if (run->is_dead)
        return;
    if (!is_changed) {
        body->out.len = 0;
        sbuf_add_span(&body->out, line->text);
        sbuf_add_span(&body->out, line->end);
    }
    auth_dkim_body_add(&run->state.body, sbuf_span(&body->out));
}

/* run_text - what happened, and where */
static const char *run_text(const struct damage_body *body, const struct damage_run *run)
{
    struct arena *arena = body->work->arena;
    const char *what = run->undo->what;

    if (strstr(what, "%zu") != NULL)
        what = run->param == 0
                   ? what
                   : arena_printf(arena, "%.*s%zu", (int)(strlen(what) - 3), what, run->param);
    if (run->undo->when & DAMAGE_WHEN_CANON)
        return what;
    if (run->changed <= 1)
        return arena_printf(arena, "%s (line %d)", what, run->line);
    return arena_printf(arena, "%s (line %d and %zu more)", what, run->line, run->changed - 1);
}

/* run_is_at_end - only lines behind the last text were changed: they held blanks */
static bool run_is_at_end(const struct damage_body *body, const struct damage_run *run)
{
    return run->undo->kind == AUTH_DAMAGE_TRAILING_BLANKS &&
           run->line > damage_line_of_file(body, body->last_text);
}

/* runs_finish - the body ends: which hypothesis has a hash that was signed */
static void runs_finish(struct damage_body *body)
{
    const struct damage_line after = {.is_after = true, .mime = &body->mime};

    for (size_t i = 0; i < body->run_count && body->left > 0; i++) {
        struct damage_run *run = &body->runs[i];
        struct auth_damage damage = {.kind = run->undo->kind,
                                     .part = AUTH_DAMAGE_IN_BODY,
                                     .line = run->line,
                                     .proof = "undone, the body has the hash bh="};

        if (run->state.sink == NULL || run->is_dead)
            continue;
        if (run->undo->rewrite == damage_redo_base64)
            run_line(body, run, &after);
        damage.text = run_text(body, run);
        if (run_is_at_end(body, run)) {
            damage.kind = AUTH_DAMAGE_TRAILING_LINES;
            damage.text = arena_printf(body->work->arena,
                                       "%zu lines of blanks were added at the end (line %d)",
                                       run->changed, run->line);
        } else if (run->changed == 1 && run->old.len > 0) {
            damage.old = damage_quote(body->work->arena, run->old);
        }
        damage_state_try(body, &run->state, &damage);
    }
}

/* ---- lines ---- */

/* body_move - where the window will start next */
static void body_move(struct damage_body *body)
{
    uint64_t at = body->dropped + body->scanned;

    if (body->is_kept || at - body->middle_at < HALF)
        return;
    base_feed(body, body->scanned);
    damage_state_copy(body->work, &body->start, &body->middle);
    body->start_line = body->middle_line;
    size_t drop = (size_t)(body->middle_at - body->dropped);

    damage_state_copy(body->work, &body->middle, &body->base);
    body->middle_at = at;
    body->middle_line = body->line;
    if (drop == 0)
        return;
    memmove(body->bytes, body->bytes + drop, body->len - drop);
    body->len -= drop;
    body->scanned -= drop;
    body->fed -= drop;
    body->dropped += drop;
}

/* body_lines - go through the lines that are there; the last waits for what follows it */
static void body_lines(struct damage_body *body, bool is_whole)
{
    struct damage_line line = {0};
    struct damage_line next = {0};

    while (body->scanned < body->len && damage_line_end(body, body->scanned, is_whole, &line)) {
        size_t end = body->scanned + line.text.len + line.end.len;

        if (end < body->len ? !damage_line_end(body, end, is_whole, &next) : !is_whole)
            return;
        line.next = end < body->len ? next.text : (struct span){NULL, 0};
        line.marks = damage_line_marks(line.text);
        line.number = body->line;
        line.mime = &body->mime;
        damage_mime_next(&body->mime, line.text);
        if (span_trim(line.text).len > 0)
            body->last_text = line.number;
        if (line.text.len > body->longest)
            body->longest = line.text.len;
        for (size_t i = 0; i < body->run_count; i++)
            run_line(body, &body->runs[i], &line);
        body->scanned = end;
        body->line += line.end.len > 0;
        body_move(body);
    }
}

/* body_average - octets of a line, by the first that are read */
static void body_average(struct damage_body *body)
{
    size_t lines = 1;

    if (body->line_average > 0)
        return;
    for (size_t i = 0; i < body->len; i++)
        lines += body->bytes[i] == '\n';
    body->line_average = body->len / lines + 1;
}

/* body_read - the first round, over the stream; false if it broke off */
static bool body_read(struct damage_body *body)
{
    struct span chunk = {NULL, 0};

    mail_body_rewind(body->work->message);
    while (mail_body_next(body->work->message, &chunk))
        while (chunk.len > 0) {
            struct span slice = span_sub(chunk, 0, body->size - body->len);

            slice = span_sub(slice, 0, SLICE);
            memcpy(body->bytes + body->len, slice.at, slice.len);
            body->len += slice.len;
            chunk = span_from(chunk, slice.len);
            body_average(body);
            body_lines(body, false);
        }
    body_lines(body, true);
    return mail_body_failed(body->work->message) == NULL;
}

/* body_again - the second round, over the window */
static void body_again(struct damage_body *body)
{
    struct damage_state empty = {0};

    damage_state_begin(body, &empty);
    damage_state_copy(body->work, &body->base, &empty);
    body->scanned = body->fed = 0;
    body->line = 0;
    body->is_kept = true;
    damage_mime_start(&body->mime, body->work->message);
    runs_open(body, DAMAGE_WHEN_WHOLE);
    body_lines(body, true);
    runs_finish(body);
    body->run_count = 0;
}

/* body_open - buffers and the states of an empty body */
static void body_open(struct damage_body *body)
{
    struct arena *scratch = body->work->scratch;
    const struct mail_message *message = body->work->message;
    size_t most = LIMIT_DAMAGE_WINDOW + 2 * LIMIT_DAMAGE_LINE + SLICE;

    body->is_found = arena_array_of(scratch, bool, body->targets->count);
    body->left = body->targets->count;
    body->size = message->size < most / 2 ? 2 * message->size + 2 : most;
    body->bytes = arena_alloc(scratch, body->size);
    body->out = sbuf_start(scratch);
    damage_state_begin(body, &body->base);
    damage_state_copy(body->work, &body->start, &body->base);
    damage_state_copy(body->work, &body->middle, &body->base);
    damage_mime_start(&body->mime, message);
}

/* body_is_empty_hash - bh= is the hash of a body that the signer did not see */
static void body_is_empty_hash(struct damage_body *body)
{
    const struct auth_damage damage = {
        .kind = AUTH_DAMAGE_EMPTY_BODY_HASH,
        .part = AUTH_DAMAGE_IN_BODY,
        .text = "bh= is the hash of an empty body: what the signer hashed was empty",
        .proof = "the hash of an empty body is bh="};

    for (int i = 0; i < 2 && body->left > 0; i++) {
        struct damage_state state = {0};

        damage_state_begin(body, &state);
        state.body.canon = i == 0 ? body->targets->canon : other_canon(body->targets->canon);
        damage_state_try(body, &state, &damage);
    }
}

void damage_search_body(struct damage_work *work, const struct damage_targets *targets)
{
    struct damage_body body = {.work = work, .targets = targets};
    struct damage_places places = {.body = &body};
    bool is_read = false;

    body_open(&body);
    body_is_empty_hash(&body);
    if (body.left > 0) {
        runs_open(&body, work->message->size > LIMIT_DAMAGE_WINDOW ? DAMAGE_WHEN_LARGE : 0);
        is_read = body_read(&body);
        if (is_read)
            runs_finish(&body);
        body.run_count = 0;
    }
    if (is_read && body.left > 0 && damage_places_open(&places, &body)) {
        damage_search_ends(&places);
        if (body.left > 0)
            damage_search_parts(&places);
        if (body.left > 0 && body.dropped == 0 && body.line_average >= AGAIN_MIN)
            body_again(&body);
        if (body.left > 0)
            damage_search_lines(&places);
    }
}
