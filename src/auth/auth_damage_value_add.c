/* Guesses of what a field said, added to those of its header section. */
#include "auth/auth_damage_value.h"
#include "base/sbuf.h"

void damage_value_add(const struct damage_value *value, unsigned rank, struct span text)
{
    struct sbuf whole = sbuf_start(value->head->work->scratch);

    sbuf_add_span(&whole, value->blank);
    sbuf_add_span(&whole, text);
    damage_guess_add(value->head, (struct damage_guess){.kind = value->kind,
                                                        .rank = rank,
                                                        .piece = value->piece,
                                                        .value = sbuf_span(&whole)});
}

void damage_value_add_text(const struct damage_value *value, unsigned rank, const char *text)
{
    damage_value_add(value, rank, span_of(text));
}

void damage_value_cut(const struct damage_value *value, unsigned rank, size_t at, size_t len)
{
    struct sbuf whole = sbuf_start(value->head->work->scratch);

    sbuf_add_span(&whole, value->blank);
    sbuf_add_span(&whole, span_sub(value->text, 0, at));
    sbuf_add_span(&whole, span_from(value->text, at + len));
    damage_guess_add(value->head,
                     (struct damage_guess){.kind = value->kind,
                                           .rank = rank,
                                           .piece = value->piece,
                                           .value = sbuf_span(&whole),
                                           .put_in = span_sub(value->text, at, len)});
}

size_t damage_skip_space(struct span text, size_t at)
{
    while (at < text.len && ascii_is_space(text.at[at]))
        at++;
    return at;
}

size_t damage_skip_word(struct span text, size_t at)
{
    while (at < text.len && !ascii_is_space(text.at[at]))
        at++;
    return at;
}
