/*
 * How a field was laid out: folding, blanks, the case of its name. Relaxed canonicalization
 * sees of that only blanks that came or went inside the value; what it does not see changes
 * nothing and is left out when it is added.
 */
#include "auth/auth_damage_header.h"
#include "base/arena.h"

#define LONG_MIN 900 /* a line of this length was broken for being too long */
#define FOLDS    40  /* places of one field at which it may have been folded */
#define GAPS     60  /* blanks of one field that may have been put in or taken out */

/* what the sources of one field share */
struct layout {
    struct damage_head *head;
    size_t piece;
    struct span name;
    struct span value;
    struct sbuf text;
};

/* layout_add - the text as the value */
static void layout_add(struct layout *layout, enum auth_damage_kind kind, unsigned rank,
                       size_t column)
{
    damage_guess_add(layout->head, (struct damage_guess){.kind = kind,
                                                         .rank = rank,
                                                         .piece = layout->piece,
                                                         .value = sbuf_span(&layout->text),
                                                         .column = column});
}

/* layout_is_fold - CRLF and a blank */
static bool layout_is_fold(struct span value, size_t at)
{
    return at + 2 < value.len && value.at[at] == '\r' && value.at[at + 1] == '\n' &&
           ascii_is_blank(value.at[at + 2]);
}

/* layout_cut - the value without `len` octets at `at`, and with `text` there */
static void layout_cut(struct layout *layout, size_t at, size_t len, const char *text)
{
    layout->text.len = 0;
    sbuf_add_span(&layout->text, span_sub(layout->value, 0, at));
    sbuf_add(&layout->text, text);
    sbuf_add_span(&layout->text, span_from(layout->value, at + len));
}

/* layout_refold - each fold becomes `fold`, but for those whose line is shorter than `least` */
static void layout_refold(struct layout *layout, const char *fold, size_t least)
{
    size_t column = layout->name.len + 1;

    layout->text.len = 0;
    for (size_t i = 0; i < layout->value.len; i++, column++) {
        if (!layout_is_fold(layout->value, i)) {
            sbuf_add_octet(&layout->text, layout->value.at[i]);
            continue;
        }
        if (column >= least) {
            sbuf_add(&layout->text, fold);
            i += 2;
        } else {
            sbuf_add_octet(&layout->text, '\r');
            sbuf_add_octet(&layout->text, '\n');
            i++;
        }
        column = 0;
    }
}

/* layout_long - octets of the first line that is long */
static size_t layout_long(const struct layout *layout)
{
    size_t column = layout->name.len + 1;

    for (size_t i = 0; i < layout->value.len; i++, column++)
        if (layout_is_fold(layout->value, i)) {
            if (column >= LONG_MIN)
                return column;
            column = 0;
            i++;
        }
    return LONG_MIN;
}

/* guess_breaks - a line was broken inside a word, or at a place without a blank */
static void guess_breaks(struct layout *layout)
{
    size_t column = layout->name.len + 1;
    size_t folds = 0;

    layout_refold(layout, "", LONG_MIN);
    layout_add(layout, AUTH_DAMAGE_HEADER_LINE_BROKEN, 0, layout_long(layout));
    for (size_t i = 0; i < layout->value.len && folds < FOLDS; i++, column++) {
        bool is_long = column >= LONG_MIN;

        if (!layout_is_fold(layout->value, i))
            continue;
        folds++;
        layout_cut(layout, i, 3, "");
        layout_add(layout, is_long ? AUTH_DAMAGE_HEADER_LINE_BROKEN : AUTH_DAMAGE_HEADER_FOLDED,
                   is_long ? 0 : 3, column);
        column = 0;
        i += 1;
    }
    layout_refold(layout, "", 0);
    layout_add(layout, AUTH_DAMAGE_HEADER_FOLDED, 3, 0);
}

/* guess_folds - the field was folded, or folded in another way (simple) */
static void guess_folds(struct layout *layout)
{
    size_t folds = 0;

    layout_refold(layout, " ", 0);
    layout_add(layout, AUTH_DAMAGE_HEADER_FOLDED, 0, 0);
    layout_refold(layout, "\r\n ", 0);
    layout_add(layout, AUTH_DAMAGE_HEADER_FOLDED, 2, 0);
    layout_refold(layout, "\r\n\t", 0);
    layout_add(layout, AUTH_DAMAGE_HEADER_FOLDED, 2, 0);
    layout_refold(layout, "\r\n        ", 0);
    layout_add(layout, AUTH_DAMAGE_HEADER_FOLDED, 3, 0);
    for (size_t i = 0; i < layout->value.len && folds < FOLDS; i++) {
        if (!layout_is_fold(layout->value, i))
            continue;
        folds++;
        layout_cut(layout, i, 2, "");
        layout_add(layout, AUTH_DAMAGE_HEADER_FOLDED, 2, 0);
        layout_cut(layout, i, 3, " ");
        layout_add(layout, AUTH_DAMAGE_HEADER_FOLDED, 2, 0);
    }
}

/* layout_fill - fold where a line would grow beyond `width` */
static void layout_fill(struct layout *layout, size_t width, const char *fold)
{
    size_t column = layout->name.len + 1;
    struct span value = layout->value;

    layout->text.len = 0;
    for (size_t i = 0; i < value.len; i++) {
        size_t word = i + 1;

        while (word < value.len && !ascii_is_blank(value.at[word]))
            word++;
        if (i > 0 && ascii_is_blank(value.at[i]) && column + word - i > width) {
            sbuf_add(&layout->text, fold);
            column = 1;
            continue;
        }
        sbuf_add_octet(&layout->text, value.at[i]);
        column++;
    }
}

/* layout_fold_after - fold behind each of these octets that a blank follows */
static void layout_fold_after(struct layout *layout, char octet, const char *fold)
{
    struct span value = layout->value;

    layout->text.len = 0;
    for (size_t i = 0; i < value.len; i++) {
        sbuf_add_octet(&layout->text, value.at[i]);
        if (value.at[i] == octet && i + 1 < value.len && value.at[i + 1] == ' ') {
            sbuf_add(&layout->text, fold);
            i++;
        }
    }
}

/* guess_unfolded - the field was folded and is in one line now (simple) */
static void guess_unfolded(struct layout *layout)
{
    static const char *const folds[] = {"\r\n ", "\r\n\t"};
    static const size_t widths[] = {78, 76, 72};
    bool is_list = span_find(layout->value, '@') >= 0;
    size_t places = 0;

    for (size_t k = 0; k < 2; k++) {
        layout_fold_after(layout, ',', folds[k]);
        layout_add(layout, AUTH_DAMAGE_HEADER_UNFOLDED, is_list ? 0 : 3, 0);
        layout_fold_after(layout, ';', folds[k]);
        layout_add(layout, AUTH_DAMAGE_HEADER_UNFOLDED, 1, 0);
        for (size_t i = 0; i < COUNT_OF(widths); i++) {
            layout_fill(layout, widths[i], folds[k]);
            layout_add(layout, AUTH_DAMAGE_HEADER_UNFOLDED, 1, 0);
        }
        layout_fold_after(layout, '>', folds[k]);
        layout_add(layout, AUTH_DAMAGE_HEADER_UNFOLDED, 2, 0);
    }
    for (size_t i = 0; i < layout->value.len && places < FOLDS; i++) {
        if (i == 0 || !ascii_is_blank(layout->value.at[i]))
            continue;
        places++;
        for (size_t k = 0; k < 2; k++) {
            layout_cut(layout, i, 1, folds[k]);
            layout_add(layout, AUTH_DAMAGE_HEADER_UNFOLDED,
                       is_list && layout->value.at[i - 1] == ',' ? 1 : 2 + (unsigned)k, 0);
        }
    }
}

/* layout_add_name - another spelling of the name */
static void layout_add_name(struct layout *layout, struct span name, enum auth_damage_kind kind,
                            unsigned rank)
{
    damage_guess_add(layout->head, (struct damage_guess){.kind = kind,
                                                         .rank = rank,
                                                         .piece = layout->piece,
                                                         .name = name,
                                                         .value = layout->value});
}

/* guess_case - the name in other letters (simple) */
static void guess_case(struct layout *layout)
{
    struct span name = layout->name;
    char *other = arena_alloc(layout->head->work->scratch, 3 * name.len);

    for (size_t i = 0; i < name.len; i++) {
        other[i] = ascii_to_lower(name.at[i]);
        other[name.len + i] =
            ascii_is_alpha(other[i]) ? (char)(other[i] - 'a' + 'A') : other[i];
    }
    damage_title(name, other + 2 * name.len);
    layout_add_name(layout, damage_usual_name(layout->head, name), AUTH_DAMAGE_HEADER_CASE, 0);
    layout_add_name(layout, layout->head->pieces[layout->piece].name, AUTH_DAMAGE_HEADER_CASE,
                    1);
    for (size_t i = 0; i < 3; i++)
        layout_add_name(layout, span_make(other + i * name.len, name.len),
                        AUTH_DAMAGE_HEADER_CASE, i == 2 ? 1 : 2);
}

/* guess_edges - blanks at both ends of the value, and in front of the colon (simple) */
static void guess_edges(struct layout *layout)
{
    static const char *const leading[] = {" ", "", "\t", "  "};
    struct span value = layout->value;
    struct span rest = value;
    struct span name =
        span_of(arena_printf(layout->head->work->scratch, "%.*s ", SPAN_ARG(layout->name)));

    while (rest.len > 0 && ascii_is_blank(rest.at[0]))
        rest = span_from(rest, 1);
    for (size_t i = 0; i < COUNT_OF(leading); i++) {
        layout_cut(layout, 0, value.len - rest.len, leading[i]);
        layout_add(layout, AUTH_DAMAGE_HEADER_BLANKS, i == 0 ? 0 : 2, 0);
    }
    rest = value;
    while (rest.len > 0 && ascii_is_blank(rest.at[rest.len - 1]))
        rest.len--;
    layout_cut(layout, rest.len, value.len - rest.len, "");
    layout_add(layout, AUTH_DAMAGE_HEADER_BLANKS, 0, 0);
    layout_cut(layout, rest.len, value.len - rest.len, " ");
    layout_add(layout, AUTH_DAMAGE_HEADER_BLANKS, 2, 0);
    layout_add_name(layout, layout->name, AUTH_DAMAGE_HEADER_BLANKS, 0);
    layout_add_name(layout, name, AUTH_DAMAGE_HEADER_BLANKS, 2);
}

/* layout_collapse - runs of blanks become one, tabs a blank */
static void layout_collapse(struct layout *layout)
{
    struct span value = layout->value;

    layout->text.len = 0;
    for (size_t i = 0; i < value.len; i++)
        if (!ascii_is_blank(value.at[i]))
            sbuf_add_octet(&layout->text, value.at[i]);
        else if (i == 0 || !ascii_is_blank(value.at[i - 1]))
            sbuf_add_octet(&layout->text, ' ');
}

/* guess_runs - blanks inside the value that were others (simple) */
static void guess_runs(struct layout *layout)
{
    static const char *const others[] = {"  ", "\t"};
    size_t gaps = 0;

    layout_collapse(layout);
    layout_add(layout, AUTH_DAMAGE_HEADER_BLANKS, 1, 0);
    for (size_t i = 0; i < layout->value.len && gaps < GAPS; i++) {
        if (!ascii_is_blank(layout->value.at[i]))
            continue;
        gaps++;
        for (size_t k = 0; k < 2; k++) {
            layout_cut(layout, i, 1, others[k]);
            layout_add(layout, AUTH_DAMAGE_HEADER_BLANKS, 4, 0);
        }
        layout_cut(layout, i, 1, layout->value.at[i] == '\t' ? " " : "");
        layout_add(layout, AUTH_DAMAGE_HEADER_BLANKS, 4, 0);
    }
}

/* layout_commas - a blank behind each comma, or none */
static void layout_commas(struct layout *layout, bool has_blank)
{
    struct span value = layout->value;

    layout->text.len = 0;
    for (size_t i = 0; i < value.len; i++) {
        sbuf_add_octet(&layout->text, value.at[i]);
        if (value.at[i] != ',' && value.at[i] != ';')
            continue;
        while (i + 1 < value.len && value.at[i + 1] == ' ')
            i++;
        if (has_blank)
            sbuf_add_octet(&layout->text, ' ');
    }
}

/* guess_gaps - blanks between words that came or went: relaxed sees these, too */
static void guess_gaps(struct layout *layout)
{
    struct span value = layout->value;
    size_t gaps = 0;

    layout_commas(layout, true);
    layout_add(layout, AUTH_DAMAGE_HEADER_BLANKS, 0, 0);
    layout_commas(layout, false);
    layout_add(layout, AUTH_DAMAGE_HEADER_BLANKS, 2, 0);
    for (size_t i = 1; i + 1 < value.len && gaps < GAPS; i++) {
        if (ascii_is_blank(value.at[i])) {
            gaps++;
            layout_cut(layout, i, 1, "");
            layout_add(layout, AUTH_DAMAGE_HEADER_BLANKS, 4, 0);
        } else if (strchr(",;:>)\"", value.at[i]) != NULL && value.at[i] != '\0' &&
                   !ascii_is_space(value.at[i + 1])) {
            gaps++;
            layout_cut(layout, i + 1, 0, " ");
            layout_add(layout, AUTH_DAMAGE_HEADER_BLANKS, 3, 0);
        } else if (strchr("<(\"", value.at[i]) != NULL && value.at[i] != '\0' &&
                   !ascii_is_space(value.at[i - 1])) {
            gaps++;
            layout_cut(layout, i, 0, " ");
            layout_add(layout, AUTH_DAMAGE_HEADER_BLANKS, 3, 0);
        }
    }
}

void damage_guess_layout(struct damage_head *head, size_t piece)
{
    const struct mail_header *header = head->pieces[piece].header;
    struct layout layout = {
        .head = head,
        .piece = piece,
        .name = header->name,
        .value = header->value,
        .text = sbuf_start(head->work->scratch),
    };

    guess_breaks(&layout);
    if (head->canon == REC_DKIM_SIMPLE) {
        guess_folds(&layout);
        guess_case(&layout);
        guess_edges(&layout);
        guess_unfolded(&layout);
        guess_runs(&layout);
    }
    guess_gaps(&layout);
}
