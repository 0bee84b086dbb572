/*
 * A message or an mbox, line by line: boundaries separate the parts, which are decoded and
 * passed on. A line that is longer than LINE_SIZE comes in pieces.
 */
#include <string.h>

#include "base/arena.h"
#include "feedback/feedback_private.h"
#include "base/limits_reports.h"
#include "base/mime.h"
#include "feedback/feedback_mime.h"

#define LINE_SIZE    8192
#define BOUNDARY_MAX 70 /* RFC 2046, 5.1.1 */

enum mail_place { MAIL_HEADER, MAIL_BETWEEN, MAIL_BODY };

struct boundary {
    char text[BOUNDARY_MAX];
    size_t len;
};

struct mail_state {
    struct feedback_part *part;
    char line[LINE_SIZE];
    size_t len;
    bool is_going_on; /* the line is the rest of a longer one */
    bool was_blank;
    bool is_mbox;
    size_t number; /* of the message, from 1 */
    enum mail_place place;
    struct feedback_mime mime; /* of the part whose header is read, then body */
    struct boundary boundaries[LIMIT_FEEDBACK_MIME_DEPTH];
    size_t depth;
    struct feedback_part *inside; /* that the body is passed to; NULL: none */
    size_t found;                 /* before this message */
    struct mail_state *next;      /* free ones */
};

/* mail_take_state - one that is free, or a new one */
static struct mail_state *mail_take_state(struct feedback_part *part)
{
    struct feedback_reading *reading = part->set->reading;
    struct mail_state *state = reading->free_mail;

    if (state != NULL)
        reading->free_mail = state->next;
    else
        state = arena_new_of(part->set->arena, struct mail_state);
    state->part = part;
    state->len = state->number = 0;
    state->is_going_on = state->was_blank = state->is_mbox = false;
    return state;
}

/* mail_is_field - "Name:" */
static bool mail_is_field(struct span line)
{
    ptrdiff_t colon = span_find(line, ':');

    for (ptrdiff_t i = 0; i < colon; i++)
        if (!ascii_is_alnum(line.at[i]) && line.at[i] != '-')
            return false;
    return colon > 0;
}

/* mail_is_it - a field or a separator in the first line, or in the second one where the first
 * is a number, as Apple Mail (.emlx) has it */
static bool mail_is_it(struct span head)
{
    struct span line = {0};
    uint64_t number = 0;

    head = feedback_without_mark(head);
    while (head.len > 0 && (head.at[0] == '\n' || head.at[0] == '\r'))
        head = span_from(head, 1);
    line = span_trim(span_cut(&head, '\n'));
    if (span_to_number(line, UINT64_MAX / 2, &number))
        line = span_trim(span_cut(&head, '\n'));
    return mime_is_separator(line) || mail_is_field(line);
}

/* mail_start_message - its header begins */
static void mail_start_message(struct mail_state *state)
{
    state->place = MAIL_HEADER;
    state->mime = feedback_mime_none();
    state->depth = 0;
    state->inside = NULL;
    state->number++;
    state->found = state->part->set->reading->found;
    if (!state->part->is_attachment)
        state->part->set->messages++;
}

/* mail_end_part - the part that the body was passed to ends */
static void mail_end_part(struct mail_state *state, bool is_cut)
{
    char rest[FEEDBACK_MIME_REST];

    if (state->inside == NULL)
        return;
    feedback_part_feed(state->inside, feedback_mime_rest(&state->mime, rest));
    state->inside->is_cut = is_cut;
    feedback_part_end(state->inside);
    state->inside = NULL;
}

/* mail_end_message - one without a report is noted */
static void mail_end_message(struct mail_state *state)
{
    mail_end_part(state, state->part->is_cut);
    if (state->found == state->part->set->reading->found && !state->part->is_attachment)
        state->part->set->reading->without++;
}

/* mail_boundary - which of the boundaries the line is, from 1; 0: none */
static size_t mail_boundary(const struct mail_state *state, struct span line, bool *is_last_out)
{
    for (size_t i = state->depth; i > 0; i--) {
        const struct boundary *one = &state->boundaries[i - 1];

        if (mime_is_boundary(line, span_make(one->text, one->len), is_last_out))
            return i;
    }
    return 0;
}

/* mail_place_of - what sentences call the part that begins */
static const char *mail_place_of(const struct mail_state *state)
{
    struct arena *arena = state->part->set->arena;

    if (!state->is_mbox)
        return state->part->place;
    return arena_printf(arena, "%s, message %zu", state->part->place, state->number);
}

/* mail_open_body - the header of a message or part has ended */
static void mail_open_body(struct mail_state *state)
{
    struct feedback_mime *mime = &state->mime;

    state->place = MAIL_BETWEEN;
    if (mime->kind == FEEDBACK_MIME_MULTIPART) {
        struct boundary *one = &state->boundaries[state->depth];

        if (state->depth >= LIMIT_FEEDBACK_MIME_DEPTH || mime->boundary_len == 0)
            return;
        one->len = mime->boundary_len;
        memcpy(one->text, mime->boundary, one->len);
        state->depth++;
    } else if (mime->kind == FEEDBACK_MIME_MESSAGE && mime->coding == FEEDBACK_MIME_AS_IS) {
        state->place = MAIL_HEADER;
        state->mime = feedback_mime_none();
    } else if (mime->kind != FEEDBACK_MIME_NEVER) {
        state->place = MAIL_BODY;
        state->inside = feedback_part_open(state->part, state->part->set, mail_place_of(state));
        state->inside->is_attachment = true;
        state->inside->is_quiet = mime->kind == FEEDBACK_MIME_TEXT;
        state->inside->is_typed = mime->kind == FEEDBACK_MIME_REPORT;
    }
}

/* mail_pass_boundary - to the next part, or out of the multipart */
static void mail_pass_boundary(struct mail_state *state, size_t level, bool is_last)
{
    mail_end_part(state, false);
    state->depth = is_last ? level - 1 : level;
    state->place = is_last ? MAIL_BETWEEN : MAIL_HEADER;
    state->mime = feedback_mime_none();
}

/* mail_line - one line, or a piece of it, without its end */
static void mail_line(struct mail_state *state, struct span line, bool is_whole)
{
    bool is_start = !state->is_going_on;
    bool is_last = false;
    size_t level = is_start ? mail_boundary(state, line, &is_last) : 0;

    if (is_start && state->is_mbox && state->was_blank && mime_is_separator(line)) {
        mail_end_message(state);
        mail_start_message(state);
        return;
    }
    state->was_blank = is_start && line.len == 0;
    if (level > 0)
        mail_pass_boundary(state, level, is_last);
    else if (state->place == MAIL_HEADER && is_start && line.len == 0) {
        feedback_mime_end(&state->mime);
        mail_open_body(state);
    } else if (state->place == MAIL_HEADER && is_start)
        feedback_mime_field(&state->mime, line);
    else if (state->place == MAIL_BODY && !state->inside->is_dead)
        feedback_mime_decode(&state->mime, state->inside, line, is_whole);
}

/* mail_flush_line - what is in the room for lines */
static void mail_flush_line(struct mail_state *state, bool is_whole)
{
    struct span line = span_make(state->line, state->len);

    if (is_whole && line.len > 0 && line.at[line.len - 1] == '\r')
        line.len--;
    state->len = 0;
    mail_line(state, line, is_whole);
    state->is_going_on = !is_whole;
}

static void mail_open(struct feedback_part *part)
{
    struct mail_state *state = mail_take_state(part);

    part->state = state;
    if (part->depth > LIMIT_FEEDBACK_MIME_DEPTH) {
        feedback_part_refuse(part, "is attached too deeply");
        return;
    }
    state->is_mbox = span_starts_with(span_make(part->head, part->head_len), "From ");
    mail_start_message(state);
}

static void mail_feed(struct feedback_part *part, struct span bytes)
{
    struct mail_state *state = part->state;

    while (bytes.len > 0) {
        const char *lf = memchr(bytes.at, '\n', bytes.len);
        size_t len = lf != NULL ? (size_t)(lf - bytes.at) : bytes.len;
        size_t taken = len < LINE_SIZE - state->len ? len : LINE_SIZE - state->len;

        memcpy(state->line + state->len, bytes.at, taken);
        state->len += taken;
        bytes = span_from(bytes, taken);
        if (lf != NULL && taken == len) {
            mail_flush_line(state, true);
            bytes = span_from(bytes, 1);
        } else if (state->len == LINE_SIZE) {
            mail_flush_line(state, false);
        }
    }
}

static void mail_end(struct feedback_part *part)
{
    struct mail_state *state = part->state;

    if (state->len > 0)
        mail_flush_line(state, true);
    if (state->number > 0)
        mail_end_message(state);
    state->next = part->set->reading->free_mail;
    part->set->reading->free_mail = state;
}

const struct feedback_reader feedback_mail = {"a message", mail_is_it, mail_open, mail_feed,
                                              mail_end};
