/* How lines looked before: one function for each way to damage them, one row for each guess. */
#include "auth/auth_damage_body.h"

#define BLOCK          32  /* octets looked at at once; the compiler makes vectors of it */
#define LONG_MIN       200 /* nobody wraps text at this length; programs that break lines do */
#define FLOWED_MIN     60  /* a soft-broken line is at least this long */
#define TAB_STOP       8
#define TAB_STOP_SHORT 4

/* line_class_marks - what is anywhere in the text */
static unsigned line_class_marks(struct span text)
{
    unsigned char tab = 0;
    unsigned char high = 0;
    unsigned char bare = 0;
    unsigned char blanks = 0;
    size_t i = 0;

    for (; i + BLOCK < text.len; i += BLOCK)
        for (size_t k = i; k < i + BLOCK; k++) {
            tab |= text.at[k] == '\t';
            bare |= (unsigned char)((text.at[k] == '\r') | (text.at[k] == '\n'));
            blanks |= (unsigned char)((text.at[k] == ' ') & (text.at[k + 1] == ' '));
            high |= (unsigned char)text.at[k];
        }
    for (; i < text.len; i++) {
        tab |= text.at[i] == '\t';
        bare |= (unsigned char)((text.at[i] == '\r') | (text.at[i] == '\n'));
        blanks |= i + 1 < text.len && text.at[i] == ' ' && text.at[i + 1] == ' ';
        high |= (unsigned char)text.at[i];
    }
    return (tab ? DAMAGE_MARK_TAB : 0U) | (bare ? DAMAGE_MARK_BARE : 0U) |
           (blanks ? DAMAGE_MARK_BLANKS : 0U) | (high > 127 ? DAMAGE_MARK_8BIT : 0U);
}

unsigned damage_line_marks(struct span text)
{
    unsigned marks = DAMAGE_MARK_ANY | line_class_marks(text);

    if (text.len == 0)
        return marks;
    if (ascii_is_blank(text.at[text.len - 1]))
        marks |= DAMAGE_MARK_TRAILING;
    if (text.at[0] == '.')
        marks |= DAMAGE_MARK_DOT;
    if (text.at[0] == '>' || span_starts_with(text, "From "))
        marks |= DAMAGE_MARK_FROM;
    if (text.len >= LONG_MIN)
        marks |= DAMAGE_MARK_LONG;
    if (span_starts_with(text, "--"))
        marks |= DAMAGE_MARK_DASHES;
    return marks;
}

/* line_put - text and the end of the line */
static bool line_put(struct damage_run *run, const struct damage_line *line, struct span text)
{
    sbuf_add_span(run->out, text);
    sbuf_add_span(run->out, line->end);
    return true;
}

/* undo_trailing_blanks - blanks at the end were added */
static bool undo_trailing_blanks(struct damage_run *run, const struct damage_line *line)
{
    struct span text = line->text;

    if (!(line->marks & DAMAGE_MARK_TRAILING))
        return false;
    while (text.len > 0 && ascii_is_blank(text.at[text.len - 1]))
        text.len--;
    return line_put(run, line, text);
}

/* undo_one_trailing - one blank at the end was added */
static bool undo_one_trailing(struct damage_run *run, const struct damage_line *line)
{
    if (!(line->marks & DAMAGE_MARK_TRAILING))
        return false;
    return line_put(run, line, span_sub(line->text, 0, line->text.len - 1));
}

/* undo_lost_dash_blank - "-- ", which begins a signature of an author, lost its blank */
static bool undo_lost_dash_blank(struct damage_run *run, const struct damage_line *line)
{
    if (!span_equal_text(line->text, "--"))
        return false;
    return line_put(run, line, span_of("-- "));
}

/* undo_lost_flow - lines of format=flowed lost the blank that says they go on */
static bool undo_lost_flow(struct damage_run *run, const struct damage_line *line)
{
    if (span_equal_text(line->text, "--"))
        return line_put(run, line, span_of("-- "));
    if (line->text.len < FLOWED_MIN || line->next.len == 0)
        return false;
    sbuf_add_span(run->out, line->text);
    return line_put(run, line, span_of(" "));
}

/* undo_other_canon - the line is as it is: the canonicalization is another */
static bool undo_other_canon(struct damage_run *run, const struct damage_line *line)
{
    if (!(line->marks & (DAMAGE_MARK_TAB | DAMAGE_MARK_BLANKS | DAMAGE_MARK_TRAILING)))
        return false;
    return line_put(run, line, line->text);
}

/* undo_expanded - runs of blanks that end at a tab stop were tabs */
static bool undo_expanded(struct damage_run *run, const struct damage_line *line)
{
    size_t stop = run->param;
    size_t column = 0;
    size_t blanks = 0;
    bool is_changed = false;

    for (size_t i = 0; i < line->text.len; i++) {
        char octet = line->text.at[i];

        if (octet != ' ') {
            for (; blanks > 0; blanks--)
                sbuf_add_octet(run->out, ' ');
            sbuf_add_octet(run->out, octet);
            column++;
            continue;
        }
        blanks++;
        column++;
        if (column % stop == 0 && blanks > 1) {
            sbuf_add_octet(run->out, '\t');
            is_changed = true;
            blanks = 0;
        }
    }
    for (; blanks > 0; blanks--)
        sbuf_add_octet(run->out, ' ');
    sbuf_add_span(run->out, line->end);
    return is_changed;
}

/* undo_fixed_blanks - each run of so many blanks was a tab */
static bool undo_fixed_blanks(struct damage_run *run, const struct damage_line *line)
{
    struct span text = line->text;
    bool is_changed = false;

    for (size_t i = 0; i < text.len;) {
        size_t blanks = 0;

        while (blanks < run->param && i + blanks < text.len && text.at[i + blanks] == ' ')
            blanks++;
        if (blanks == run->param) {
            sbuf_add_octet(run->out, '\t');
            is_changed = true;
            i += blanks;
        } else {
            sbuf_add_octet(run->out, text.at[i++]);
        }
    }
    sbuf_add_span(run->out, line->end);
    return is_changed;
}

/* undo_indent - blanks at the start of a line were tabs, one for each `param` */
static bool undo_indent(struct damage_run *run, const struct damage_line *line)
{
    size_t at = 0;

    while (at + run->param <= line->text.len && line->text.at[at] == ' ') {
        size_t blanks = 0;

        while (blanks < run->param && line->text.at[at + blanks] == ' ')
            blanks++;
        if (blanks < run->param)
            break;
        sbuf_add_octet(run->out, '\t');
        at += blanks;
    }
    return at > 0 && line_put(run, line, span_from(line->text, at));
}

/* undo_tabs - tabs were blanks: `param` of them each; over 100: up to the stop `param` - 100 */
static bool undo_tabs(struct damage_run *run, const struct damage_line *line)
{
    size_t column = 0;
    bool is_changed = false;

    for (size_t i = 0; i < line->text.len; i++) {
        size_t blanks = run->param;

        if (line->text.at[i] != '\t') {
            sbuf_add_octet(run->out, line->text.at[i]);
            column++;
            continue;
        }
        if (blanks > 100)
            blanks = blanks - 100 - column % (blanks - 100);
        column += blanks;
        for (; blanks > 0; blanks--)
            sbuf_add_octet(run->out, ' ');
        is_changed = true;
    }
    sbuf_add_span(run->out, line->end);
    return is_changed;
}

/* undo_lone - `param` alone, CR or LF, was CRLF */
static bool undo_lone(struct damage_run *run, const struct damage_line *line)
{
    bool is_changed = false;

    for (size_t i = 0; i < line->text.len; i++) {
        bool is_lone = line->text.at[i] == (char)run->param;

        if (is_lone)
            sbuf_add(run->out, "\r\n");
        else
            sbuf_add_octet(run->out, line->text.at[i]);
        is_changed = is_changed || is_lone;
    }
    sbuf_add_span(run->out, line->end);
    return is_changed;
}

/* undo_second_cr - CR CR LF was CRLF */
static bool undo_second_cr(struct damage_run *run, const struct damage_line *line)
{
    struct span text = line->text;

    if (text.len == 0 || text.at[text.len - 1] != '\r')
        return false;
    while (text.len > 0 && text.at[text.len - 1] == '\r')
        text.len--;
    return line_put(run, line, text);
}

/* undo_added_cr - every line ended in LF alone */
static bool undo_added_cr(struct damage_run *run, const struct damage_line *line)
{
    if (line->end.len == 0)
        return false;
    sbuf_add_span(run->out, line->text);
    sbuf_add_octet(run->out, '\n');
    return true;
}

/* undo_stuffed - a dot too many */
static bool undo_stuffed(struct damage_run *run, const struct damage_line *line)
{
    return span_starts_with(line->text, "..") && line_put(run, line, span_from(line->text, 1));
}

/* undo_unstuffed - a dot too few */
static bool undo_unstuffed(struct damage_run *run, const struct damage_line *line)
{
    if (!span_starts_with(line->text, "."))
        return false;
    sbuf_add_octet(run->out, '.');
    return line_put(run, line, line->text);
}

/* is_quoted_from - "From " behind so many ">" */
static bool is_quoted_from(struct span text, size_t least, size_t most)
{
    size_t marks = 0;

    while (marks < text.len && text.at[marks] == '>')
        marks++;
    return marks >= least && marks <= most && span_starts_with(span_from(text, marks), "From ");
}

/* undo_quoted - ">From " was "From "; with `param` over 1 also ">>From " one mark less */
static bool undo_quoted(struct damage_run *run, const struct damage_line *line)
{
    return is_quoted_from(line->text, 1, run->param) &&
           line_put(run, line, span_from(line->text, 1));
}

/* undo_unquoted - a mark was taken away */
static bool undo_unquoted(struct damage_run *run, const struct damage_line *line)
{
    if (!is_quoted_from(line->text, 0, run->param))
        return false;
    sbuf_add_octet(run->out, '>');
    return line_put(run, line, line->text);
}

/* undo_broken - a line of exactly `param` octets was broken there */
static bool undo_broken(struct damage_run *run, const struct damage_line *line)
{
    if (line->text.len != run->param || line->next.len == 0 || line->end.len == 0)
        return false;
    sbuf_add_span(run->out, line->text);
    return true;
}

/* undo_broken_blank - the same with a blank put in front of the rest */
static bool undo_broken_blank(struct damage_run *run, const struct damage_line *line)
{
    bool was_joined = run->carry.is_joined;
    struct span text = was_joined ? span_from(line->text, 1) : line->text;

    run->carry.is_joined = line->text.len == run->param && line->end.len > 0 &&
                           line->next.len > 0 && ascii_is_blank(line->next.at[0]);
    sbuf_add_span(run->out, text);
    if (!run->carry.is_joined)
        sbuf_add_span(run->out, line->end);
    return was_joined || run->carry.is_joined;
}

/* undo_exclaimed - Sendmail breaks lines with "!", and a blank in front of the rest */
static bool undo_exclaimed(struct damage_run *run, const struct damage_line *line)
{
    bool was_joined = run->carry.is_joined;
    struct span text = line->text;

    if (was_joined && text.len > 0 && text.at[0] == ' ')
        text = span_from(text, 1);
    run->carry.is_joined = line->text.len >= LONG_MIN && line->end.len > 0 &&
                           line->text.at[line->text.len - 1] == '!';
    if (run->carry.is_joined)
        text.len--;
    sbuf_add_span(run->out, text);
    if (!run->carry.is_joined)
        sbuf_add_span(run->out, line->end);
    return was_joined || run->carry.is_joined;
}

/* undo_filled - lines were filled up to the column: the next word had no room */
static bool undo_filled(struct damage_run *run, const struct damage_line *line)
{
    struct span rest = line->next;
    struct span word = span_cut(&rest, ' ');

    if (word.len == 0 || line->text.len == 0 || line->end.len == 0 ||
        line->text.len > run->param || line->text.len + 1 + word.len <= run->param)
        return false;
    sbuf_add_span(run->out, line->text);
    sbuf_add_octet(run->out, ' ');
    return true;
}

/* undo_first_paragraphs - so many paragraphs were put in front */
static bool undo_first_paragraphs(struct damage_run *run, const struct damage_line *line)
{
    if (run->carry.paragraphs >= run->param)
        return false;
    if (line->text.len == 0)
        run->carry.paragraphs++;
    return true;
}

#define SIMPLE  DAMAGE_WHEN_SIMPLE
#define WHOLE   DAMAGE_WHEN_WHOLE
#define LARGE   DAMAGE_WHEN_LARGE
#define CANON   DAMAGE_WHEN_CANON
#define WRAPPED "lines were broken at column %zu"
#define FILLED  "lines were wrapped at column %zu"
#define TABBED  "tabs became blanks"
#define BLANKED "blanks became tabs"
#define RECODED "the text was converted to another character set"

const struct damage_undo damage_undos[] = {
    {AUTH_DAMAGE_TRAILING_BLANKS, DAMAGE_MARK_TRAILING, undo_trailing_blanks, 0, SIMPLE,
     "blanks were added at the end of lines"},
    {AUTH_DAMAGE_TRAILING_BLANKS, DAMAGE_MARK_TRAILING, undo_one_trailing, 0, SIMPLE,
     "a blank was added at the end of lines"},
    {AUTH_DAMAGE_TRAILING_BLANKS, DAMAGE_MARK_DASHES, undo_lost_dash_blank, 0, SIMPLE,
     "the blank after \"--\" was removed"},
    {AUTH_DAMAGE_TRAILING_BLANKS, DAMAGE_MARK_ANY, undo_lost_flow, 0, SIMPLE,
     "the blanks at the end of flowed lines were removed"},
    {AUTH_DAMAGE_WRONG_CANONICALIZATION,
     DAMAGE_MARK_TAB | DAMAGE_MARK_BLANKS | DAMAGE_MARK_TRAILING, undo_other_canon, 0, CANON,
     "the signer hashed the body in another canonical form than c= says"},
    {AUTH_DAMAGE_TABS_CONVERTED, DAMAGE_MARK_BLANKS, undo_expanded, TAB_STOP, SIMPLE, TABBED},
    {AUTH_DAMAGE_TABS_CONVERTED, DAMAGE_MARK_BLANKS, undo_fixed_blanks, TAB_STOP, SIMPLE,
     TABBED},
    {AUTH_DAMAGE_TABS_CONVERTED, DAMAGE_MARK_BLANKS, undo_expanded, TAB_STOP_SHORT, SIMPLE,
     TABBED},
    {AUTH_DAMAGE_TABS_CONVERTED, DAMAGE_MARK_BLANKS, undo_fixed_blanks, TAB_STOP_SHORT, SIMPLE,
     TABBED},
    {AUTH_DAMAGE_TABS_CONVERTED, DAMAGE_MARK_BLANKS, undo_fixed_blanks, 2, SIMPLE, TABBED},
    {AUTH_DAMAGE_TABS_CONVERTED, DAMAGE_MARK_ANY, undo_indent, 1, SIMPLE, TABBED},
    {AUTH_DAMAGE_TABS_CONVERTED, DAMAGE_MARK_BLANKS, undo_indent, TAB_STOP, SIMPLE, TABBED},
    {AUTH_DAMAGE_TABS_CONVERTED, DAMAGE_MARK_BLANKS, undo_indent, TAB_STOP_SHORT, SIMPLE,
     TABBED},
    {AUTH_DAMAGE_TABS_CONVERTED, DAMAGE_MARK_TAB, undo_tabs, 100 + TAB_STOP, SIMPLE, BLANKED},
    {AUTH_DAMAGE_TABS_CONVERTED, DAMAGE_MARK_TAB, undo_tabs, 100 + TAB_STOP_SHORT, SIMPLE,
     BLANKED},
    {AUTH_DAMAGE_TABS_CONVERTED, DAMAGE_MARK_TAB, undo_tabs, TAB_STOP, SIMPLE, BLANKED},
    {AUTH_DAMAGE_TABS_CONVERTED, DAMAGE_MARK_TAB, undo_tabs, TAB_STOP_SHORT, SIMPLE, BLANKED},
    {AUTH_DAMAGE_TABS_CONVERTED, DAMAGE_MARK_TAB, undo_tabs, 1, SIMPLE, BLANKED},
    {AUTH_DAMAGE_LINE_ENDINGS, DAMAGE_MARK_BARE, undo_lone, '\n', 0,
     "line ends became LF alone"},
    {AUTH_DAMAGE_LINE_ENDINGS, DAMAGE_MARK_BARE, undo_second_cr, 0, 0,
     "line ends became CR CR LF"},
    {AUTH_DAMAGE_LINE_ENDINGS, DAMAGE_MARK_BARE, undo_lone, '\r', 0,
     "line ends became CR alone"},
    {AUTH_DAMAGE_DOT_STUFFED, DAMAGE_MARK_DOT, undo_stuffed, 0, 0,
     "a dot was added to lines that begin with one"},
    {AUTH_DAMAGE_DOT_UNSTUFFED, DAMAGE_MARK_DOT, undo_unstuffed, 0, 0,
     "a dot was taken from lines that begin with two"},
    {AUTH_DAMAGE_FROM_QUOTED, DAMAGE_MARK_FROM, undo_quoted, 1, 0,
     "\">\" was put in front of lines that begin with \"From \""},
    {AUTH_DAMAGE_FROM_QUOTED, DAMAGE_MARK_FROM, undo_quoted, SIZE_MAX, 0,
     "\">\" was put in front of lines that begin with \"From \""},
    {AUTH_DAMAGE_FROM_QUOTED, DAMAGE_MARK_FROM, undo_unquoted, 0, 0,
     "\">\" was taken away in front of \"From \""},
    {AUTH_DAMAGE_FROM_QUOTED, DAMAGE_MARK_FROM, undo_unquoted, SIZE_MAX, 0,
     "\">\" was taken away in front of \"From \""},
    {AUTH_DAMAGE_CHARSET_CONVERTED, DAMAGE_MARK_8BIT, damage_undo_from_utf8, DAMAGE_LATIN1, 0,
     RECODED},
    {AUTH_DAMAGE_CHARSET_CONVERTED, DAMAGE_MARK_8BIT, damage_undo_from_utf8,
     DAMAGE_WINDOWS_1252, 0, RECODED},
    {AUTH_DAMAGE_CHARSET_CONVERTED, DAMAGE_MARK_8BIT, damage_undo_from_utf8, DAMAGE_LATIN9, 0,
     RECODED},
    {AUTH_DAMAGE_CHARSET_CONVERTED, DAMAGE_MARK_8BIT, damage_undo_to_utf8, DAMAGE_LATIN1, 0,
     RECODED},
    {AUTH_DAMAGE_CHARSET_CONVERTED, DAMAGE_MARK_8BIT, damage_undo_to_utf8, DAMAGE_WINDOWS_1252,
     0, RECODED},
    {AUTH_DAMAGE_CHARSET_CONVERTED, DAMAGE_MARK_8BIT, damage_undo_to_utf8, DAMAGE_LATIN9, 0,
     RECODED},
    {AUTH_DAMAGE_LINE_WRAPPED, DAMAGE_MARK_LONG, undo_broken, 998, 0, WRAPPED},
    {AUTH_DAMAGE_LINE_WRAPPED, DAMAGE_MARK_LONG, undo_broken_blank, 998, 0, WRAPPED},
    {AUTH_DAMAGE_LINE_WRAPPED, DAMAGE_MARK_LONG, undo_broken, 990, 0, WRAPPED},
    {AUTH_DAMAGE_LINE_WRAPPED, DAMAGE_MARK_LONG, undo_broken, 1000, 0, WRAPPED},
    {AUTH_DAMAGE_LINE_WRAPPED, DAMAGE_MARK_LONG, undo_exclaimed, 0, 0,
     "long lines were broken with \"!\""},
    {AUTH_DAMAGE_LINE_WRAPPED, DAMAGE_MARK_ANY, undo_broken, 0, WHOLE, WRAPPED},
    {AUTH_DAMAGE_LINE_WRAPPED, DAMAGE_MARK_ANY, undo_broken_blank, 0, WHOLE, WRAPPED},
    {AUTH_DAMAGE_LINE_WRAPPED, DAMAGE_MARK_ANY, undo_filled, 0, WHOLE, FILLED},
    {AUTH_DAMAGE_LINE_WRAPPED, DAMAGE_MARK_ANY, undo_filled, 80, WHOLE, FILLED},
    {AUTH_DAMAGE_LINE_WRAPPED, DAMAGE_MARK_ANY, undo_filled, 78, WHOLE, FILLED},
    {AUTH_DAMAGE_LINE_WRAPPED, DAMAGE_MARK_ANY, undo_filled, 76, WHOLE, FILLED},
    {AUTH_DAMAGE_LINE_WRAPPED, DAMAGE_MARK_ANY, undo_filled, 72, WHOLE, FILLED},
    {AUTH_DAMAGE_TRANSFER_ENCODING_CHANGED, DAMAGE_MARK_ANY, damage_undo_qp, 0, 0,
     "the body was encoded as quoted-printable"},
    {AUTH_DAMAGE_TRANSFER_ENCODING_CHANGED, DAMAGE_MARK_ANY, damage_undo_qp, 1, 0,
     "the body was encoded as quoted-printable"},
    {AUTH_DAMAGE_TRANSFER_ENCODING_CHANGED, DAMAGE_MARK_ANY, damage_undo_base64, 0, 0,
     "the body was encoded as base64"},
    {AUTH_DAMAGE_TRANSFER_ENCODING_CHANGED, DAMAGE_MARK_ANY, damage_undo_base64, 1, 0,
     "the body was encoded as base64"},
    {AUTH_DAMAGE_TRANSFER_ENCODING_CHANGED, DAMAGE_MARK_ANY, damage_redo_qp, 76, WHOLE,
     "the body was decoded from quoted-printable"},
    {AUTH_DAMAGE_TRANSFER_ENCODING_CHANGED, DAMAGE_MARK_ANY, damage_redo_qp, 75, WHOLE,
     "the body was decoded from quoted-printable"},
    {AUTH_DAMAGE_TRANSFER_ENCODING_CHANGED, DAMAGE_MARK_ANY, damage_redo_base64, 76, WHOLE,
     "the body was decoded from base64"},
    {AUTH_DAMAGE_TRANSFER_ENCODING_CHANGED, DAMAGE_MARK_ANY, damage_redo_base64, 64, WHOLE,
     "the body was decoded from base64"},
    {AUTH_DAMAGE_BARE_LF_ADDED_CR, DAMAGE_MARK_ANY, undo_added_cr, 0, 0,
     "line ends that were LF alone became CRLF"},
    {AUTH_DAMAGE_BODY_PREPENDED, DAMAGE_MARK_ANY, undo_first_paragraphs, 1, LARGE,
     "a paragraph was put in front of the body"},
    {AUTH_DAMAGE_BODY_PREPENDED, DAMAGE_MARK_ANY, undo_first_paragraphs, 2, LARGE,
     "two paragraphs were put in front of the body"},
};

const size_t damage_undo_count = COUNT_OF(damage_undos);
