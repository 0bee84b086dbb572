/* What the end of the body that was kept can show about one line: that it alone was changed. */
#include "auth/auth_damage_line.h"
#include "auth/auth_damage_place.h"
#include "auth/auth_damage_private.h"
#include "auth/auth_dkim_canon.h"
#include "base/arena.h"
#include "base/sbuf.h"

/* a line as it may have been, and octets of the next line that were put in */
struct place_edit {
    struct sbuf text;
    size_t skipped;
};

/* edit_put - another text of the line, and its end */
static bool edit_put(struct place_edit *edit, const struct damage_line *line, struct span text)
{
    sbuf_add_span(&edit->text, text);
    sbuf_add_span(&edit->text, line->end);
    return true;
}

/* line_joined - the line and the next were one, with `variant` between them */
static bool line_joined(const struct damage_line *line, size_t variant, struct place_edit *edit)
{
    if (line->end.len == 0 || line->next.at == NULL || line->text.len == 0 || variant > 2)
        return false;
    sbuf_add_span(&edit->text, line->text);
    if (variant == 1)
        sbuf_add_octet(&edit->text, ' ');
    if (variant == 2)
        edit->skipped = line->next.len > 0 && ascii_is_blank(line->next.at[0]);
    return true;
}

/* line_dotted - a dot was lost */
static bool line_dotted(const struct damage_line *line, size_t variant, struct place_edit *edit)
{
    if (variant > 0)
        return false;
    sbuf_add_octet(&edit->text, '.');
    return edit_put(edit, line, line->text);
}

/* line_undotted - of this line alone the first dot was put in */
static bool line_undotted(const struct damage_line *line, size_t variant,
                          struct place_edit *edit)
{
    return variant == 0 && line->marks & DAMAGE_MARK_DOT &&
           edit_put(edit, line, span_from(line->text, 1));
}

/* line_unquoted - of this line alone the ">" was put in */
static bool line_unquoted(const struct damage_line *line, size_t variant,
                          struct place_edit *edit)
{
    return variant == 0 && span_starts_with(line->text, ">From ") &&
           edit_put(edit, line, span_from(line->text, 1));
}

/* line_ended_in_lf - the CR was put in */
static bool line_ended_in_lf(const struct damage_line *line, size_t variant,
                             struct place_edit *edit)
{
    if (variant > 0 || line->end.len == 0)
        return false;
    sbuf_add_span(&edit->text, line->text);
    sbuf_add_octet(&edit->text, '\n');
    return true;
}

/* line_trailing - a blank at the end was taken away */
static bool line_trailing(const struct damage_line *line, size_t variant,
                          struct place_edit *edit)
{
    static const char *const blanks[] = {" ", "\t", "  "};

    if (variant >= COUNT_OF(blanks) || line->text.len == 0)
        return false;
    sbuf_add_span(&edit->text, line->text);
    return edit_put(edit, line, span_of(blanks[variant]));
}

/* line_stripped - blanks at the end of this line alone were put in */
static bool line_stripped(const struct damage_line *line, size_t variant,
                          struct place_edit *edit)
{
    size_t len = line->text.len;

    while (len > 0 && ascii_is_blank(line->text.at[len - 1]))
        len--;
    return line->text.len - len > variant &&
           edit_put(edit, line, span_sub(line->text, 0, len + variant));
}

/* line_tabbed - one run of blanks was a tab */
static bool line_tabbed(const struct damage_line *line, size_t variant, struct place_edit *edit)
{
    struct span text = line->text;
    size_t run = 0;

    for (size_t i = 0; i < text.len; i++) {
        size_t end = i;

        while (end < text.len && text.at[end] == ' ')
            end++;
        if (end == i)
            continue;
        if (run++ == variant) {
            sbuf_add_span(&edit->text, span_sub(text, 0, i));
            sbuf_add_octet(&edit->text, '\t');
            return edit_put(edit, line, span_from(text, end));
        }
        i = end;
    }
    return false;
}

static const struct place_row {
    enum auth_damage_kind kind;
    bool is_simple_only;
    bool (*edit)(const struct damage_line *line, size_t variant, struct place_edit *edit);
    const char *what;
} place_rows[] = {
    {AUTH_DAMAGE_LINE_WRAPPED, false, line_joined, "a line was broken"},
    {AUTH_DAMAGE_DOT_STUFFED, false, line_undotted, "a dot was put in front"},
    {AUTH_DAMAGE_FROM_QUOTED, false, line_unquoted, "\">\" was put in front"},
    {AUTH_DAMAGE_DOT_UNSTUFFED, false, line_dotted, "the leading dot was removed"},
    {AUTH_DAMAGE_TRAILING_BLANKS, true, line_stripped, "blanks were added at the end"},
    {AUTH_DAMAGE_TRAILING_BLANKS, true, line_trailing, "blanks at the end were removed"},
    {AUTH_DAMAGE_BARE_LF_ADDED_CR, false, line_ended_in_lf, "an LF alone became CRLF"},
    {AUTH_DAMAGE_TABS_CONVERTED, true, line_tabbed, "a tab became blanks"},
};

#define PLACE_ROWS COUNT_OF(place_rows)

/* line_report - the row is right about the line */
static void line_report(struct damage_places *places, const struct place_row *row, size_t at,
                        const struct place_edit *edit)
{
    struct arena *arena = places->body->work->arena;
    const struct damage_line *line = &places->lines[at];
    int number = damage_line_of_file(places->body, line->number);
    struct auth_damage damage = {.kind = row->kind,
                                 .part = AUTH_DAMAGE_IN_BODY,
                                 .line = number,
                                 .text = arena_printf(arena, "%s (line %d)", row->what, number),
                                 .proof = "undone, the body has the hash bh="};
    struct span rest = span_from(damage_places_octets(places, at + 1), edit->skipped);
    struct sbuf whole = sbuf_start(places->body->work->scratch);

    if (row->kind == AUTH_DAMAGE_LINE_WRAPPED) {
        damage.text = arena_printf(arena, "%s at column %zu (line %d)", row->what,
                                   line->text.len, number);
        sbuf_add_span(&whole, sbuf_span(&edit->text));
        sbuf_add_span(&whole, span_from(line->next, edit->skipped));
        damage.old = damage_quote(arena, sbuf_span(&whole));
    }
    damage_state_copy(places->body->work, &places->trial, &places->here);
    auth_dkim_body_add(&places->trial.body, sbuf_span(&edit->text));
    auth_dkim_body_add(&places->trial.body, rest);
    damage_state_try(places->body, &places->trial, &damage);
}

/* line_try - all variants of a row for one line; false: nothing is left to hash */
static bool line_try(struct damage_places *places, const struct place_row *row, size_t at)
{
    struct damage_work *work = places->body->work;
    struct place_edit edit = {.text = sbuf_start(work->scratch)};

    for (size_t variant = 0; places->body->left > 0; variant++) {
        struct span rest = damage_places_octets(places, at + 1);

        edit.text.len = 0;
        edit.skipped = 0;
        if (!row->edit(&places->lines[at], variant, &edit))
            return true;
        if (!damage_spend(work, DAMAGE_TRY_COST))
            return false;
        damage_state_copy(work, &places->trial, &places->here);
        if (!damage_state_add(work, &places->trial, sbuf_span(&edit.text)) ||
            !damage_state_add(work, &places->trial, span_from(rest, edit.skipped)))
            return false;
        if (damage_state_try(places->body, &places->trial, NULL))
            line_report(places, row, at, &edit);
    }
    return true;
}

/* line_first - where to begin so that a row stays within `octets` */
static size_t line_first(const struct damage_places *places, uint64_t octets)
{
    uint64_t spent = 0;
    size_t at = places->count;

    while (at > 0) {
        spent += DAMAGE_TRY_COST + damage_places_octets(places, at - 1).len;
        if (spent > octets)
            break;
        at--;
    }
    return at;
}

/* search_row - one row over all lines that there is room for */
static void search_row(struct damage_places *places, const struct place_row *row,
                       uint64_t octets)
{
    struct damage_work *work = places->body->work;
    size_t at = line_first(places, octets);
    struct span front = damage_places_octets(places, 0);

    front.len -= damage_places_octets(places, at).len;
    damage_state_copy(work, &places->here, &places->start);
    if (!damage_state_add(work, &places->here, front))
        return;
    for (; at < places->count && places->body->left > 0; at++) {
        struct span line = damage_places_octets(places, at);

        line.len -= damage_places_octets(places, at + 1).len;
        if (!line_try(places, row, at) || !damage_state_add(work, &places->here, line))
            return;
    }
}

void damage_search_lines(struct damage_places *places)
{
    struct damage_body *body = places->body;

    for (size_t i = 0; i < PLACE_ROWS && body->left > 0; i++) {
        uint64_t share = body->work->octets_left / (PLACE_ROWS - i);

        if (!place_rows[i].is_simple_only || body->targets->canon == REC_DKIM_SIMPLE)
            search_row(places, &place_rows[i], share);
    }
}
