/* What a field may have been, as canonical octets. */
#include "auth/auth_damage_header.h"
#include "auth/auth_dkim_canon.h"
#include "base/arena.h"
#include "base/limits.h"

struct span damage_canonical(struct damage_head *head, const struct mail_header *header)
{
    head->canonical.len = 0;
    auth_dkim_header_add(head->sink, head->canon, header);
    return arena_span(head->work->scratch, sbuf_span(&head->canonical));
}

struct mail_header damage_field(struct damage_head *head, struct span name, struct span value)
{
    struct sbuf raw = sbuf_start(head->work->scratch);
    struct mail_header field = {0};

    sbuf_add_span(&raw, name);
    sbuf_add_octet(&raw, ':');
    sbuf_add_span(&raw, value);
    sbuf_add(&raw, "\r\n");
    field.raw = sbuf_span(&raw);
    field.name = span_trim(span_sub(field.raw, 0, name.len));
    field.value = span_sub(field.raw, name.len + 1, value.len);
    return field;
}

void damage_title(struct span name, char *out)
{
    for (size_t i = 0; i < name.len; i++) {
        char low = ascii_to_lower(name.at[i]);
        bool is_first = i == 0 || name.at[i - 1] == '-';

        out[i] = is_first && ascii_is_alpha(low) ? (char)(low - 'a' + 'A') : low;
    }
}

struct span damage_usual_name(struct damage_head *head, struct span name)
{
    static const char *const usual[] = {"MIME-Version", "Message-ID", "Content-ID", "List-ID"};
    char *title = arena_alloc(head->work->scratch, name.len);

    for (size_t i = 0; i < COUNT_OF(usual); i++)
        if (span_equal_nocase(name, usual[i]))
            return span_of(usual[i]);
    damage_title(name, title);
    return span_make(title, name.len);
}

/* edit_is_known - the same was guessed before */
static bool edit_is_known(const struct damage_head *head, const struct damage_edit *edit)
{
    size_t at = head->pieces[edit->changes[0].piece].last_edit;

    for (; at > 0; at = head->edits[at - 1].edit_before)
        if (span_equal(head->edits[at - 1].changes[0].canonical, edit->changes[0].canonical))
            return true;
    return false;
}

void damage_edit_add(struct damage_head *head, struct damage_edit edit)
{
    struct damage_piece *piece = &head->pieces[edit.changes[0].piece];
    bool is_alone = edit.change_count == 1;
    bool changes = false;

    for (size_t i = 0; i < edit.change_count; i++)
        changes = changes || !span_equal(edit.changes[i].canonical,
                                         head->pieces[edit.changes[i].piece].canonical);
    if (!changes || head->edit_count == LIMIT_DAMAGE_EDITS ||
        (is_alone && edit_is_known(head, &edit)))
        return;
    if (is_alone)
        edit.edit_before = piece->last_edit;
    arena_append(head->work->scratch, head->edits, head->edit_count, edit);
    if (is_alone)
        piece->last_edit = head->edit_count;
}

/* has_same_words - do both differ in blanks at most, folding included */
static bool has_same_words(struct span a, struct span b)
{
    size_t i = 0;
    size_t k = 0;

    for (;;) {
        while (i < a.len && ascii_is_space(a.at[i]))
            i++;
        while (k < b.len && ascii_is_space(b.at[k]))
            k++;
        if (i == a.len || k == b.len)
            return i == a.len && k == b.len;
        if (a.at[i++] != b.at[k++])
            return false;
    }
}

/* guess_kind - what was guessed as another value may differ in blanks alone */
static enum auth_damage_kind guess_kind(const struct damage_piece *piece,
                                        const struct damage_guess *guess)
{
    bool is_folded = span_find(guess->value, '\n') >= 0;
    bool was_folded = false;

    if (guess->kind != AUTH_DAMAGE_FIELD_REWRITTEN || piece->header == NULL ||
        !has_same_words(guess->value, piece->header->value))
        return guess->kind;
    was_folded = span_find(piece->header->value, '\n') >= 0;
    if (is_folded == was_folded)
        return AUTH_DAMAGE_HEADER_BLANKS;
    return was_folded ? AUTH_DAMAGE_HEADER_FOLDED : AUTH_DAMAGE_HEADER_UNFOLDED;
}

/* guess_lost - a field that is gone: simple canonicalization sees how its name was written */
static void guess_lost(struct damage_head *head, struct damage_guess guess)
{
    struct span usual = damage_usual_name(head, head->pieces[guess.piece].name);

    guess.name = usual;
    damage_guess_add(head, guess);
    if (head->canon == REC_DKIM_RELAXED || span_equal(usual, head->pieces[guess.piece].name))
        return;
    guess.name = head->pieces[guess.piece].name;
    damage_guess_add(head, guess);
}

void damage_guess_add(struct damage_head *head, struct damage_guess guess)
{
    const struct damage_piece *piece = &head->pieces[guess.piece];
    struct damage_edit edit = {.guess = guess, .change_count = 1, .header = piece->header};
    struct span name = guess.name;
    struct mail_header field = {0};

    if (name.len == 0 && piece->header == NULL) {
        guess_lost(head, guess);
        return;
    }
    if (name.len == 0)
        name = span_sub(piece->header->raw, 0,
                        (size_t)(piece->header->value.at - 1 - piece->header->raw.at));
    edit.guess.value = arena_span(head->work->scratch, guess.value);
    edit.guess.kind = guess_kind(piece, &guess);
    if (edit.guess.kind != guess.kind)
        edit.guess.put_in.len = 0;
    field = damage_field(head, name, edit.guess.value);
    edit.changes = arena_new_of(head->work->scratch, struct damage_change);
    edit.changes[0] = (struct damage_change){guess.piece, damage_canonical(head, &field)};
    damage_edit_add(head, edit);
}
