/* Lines that lie in one piece are not copied; of others only the start. */
#include <string.h>

#include "base/arena.h"
#include "base/limits.h"
#include "mail/mail_lines.h"

struct mail_lines mail_lines_at(struct mail_body *body, uint64_t at, int number)
{
    return (struct mail_lines){.body = body, .next = at, .number = number - 1};
}

/* lines_hold - have octets from `at` on in memory; empty at the end */
static struct span lines_hold(struct mail_lines *lines, uint64_t at)
{
    uint64_t end = lines->held_at + lines->held.len;

    if (lines->held.at == NULL || at < lines->held_at || at >= end) {
        lines->held = mail_body_piece(lines->body, at);
        lines->held_at = at;
    }
    return span_from(lines->held, (size_t)(at - lines->held_at));
}

/* lines_keep - the start of a line; copied where it goes over the edge of what is held */
static void lines_keep(struct mail_lines *lines, struct span piece)
{
    size_t room = LIMIT_LINE_LOOK_BYTES - lines->text.len;

    if (piece.len > room)
        piece.len = room;
    if (lines->text.len == 0) {
        lines->text = arena_span(lines->body->arena, piece);
    } else if (piece.len > 0) {
        char *joined = arena_alloc(lines->body->arena, lines->text.len + piece.len);

        memcpy(joined, lines->text.at, lines->text.len);
        memcpy(joined + lines->text.len, piece.at, piece.len);
        lines->text = span_make(joined, lines->text.len + piece.len);
    }
}

bool mail_lines_next(struct mail_lines *lines)
{
    struct span piece = {NULL, 0};
    const char *lf = NULL;

    lines->at = lines->next;
    lines->text = (struct span){"", 0};
    while (lf == NULL && (piece = lines_hold(lines, lines->next)).len > 0) {
        lf = memchr(piece.at, '\n', piece.len);
        size_t len = lf == NULL ? piece.len : (size_t)(lf - piece.at);

        if (lf != NULL && lines->text.len == 0)
            lines->text =
                span_sub(piece, 0, len < LIMIT_LINE_LOOK_BYTES ? len : LIMIT_LINE_LOOK_BYTES);
        else
            lines_keep(lines, span_sub(piece, 0, len));
        lines->next += len + (lf != NULL);
    }
    if (lines->text.len > 0 && lines->text.at[lines->text.len - 1] == '\r')
        lines->text.len--;
    lines->number++;
    return lines->next > lines->at;
}
