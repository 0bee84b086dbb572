/* Commas in an SPF record: between terms, and where dots and slashes belong. */
#include <string.h>

#include "base/sbuf.h"
#include "record/rec_meant_private.h"

bool rec_fixer_is_all(struct span word)
{
    return span_ends_with_nocase(word, "all") && word.len <= strlen("-all") &&
           (word.len == strlen("all") || strchr("+-~?", word.at[0]) != NULL);
}

/* dots_after - how many commas from `at` on part numbers or labels of one value: those of
 * "192,0,2,1", and that of "spf.example,net"; 0: they part terms */
static size_t dots_after(struct rec_fixer *fixer, struct span text, size_t at)
{
    struct span rest = span_from(text, at + 1);
    struct span label = span_cut(&rest, ' ');
    struct span digits = label;
    struct span before;
    uint64_t octet = 0;
    size_t from = at;

    while (from > 0 && text.at[from - 1] != ' ' && text.at[from - 1] != ',')
        from--;
    before = span_sub(text, from, at - from);
    if (span_find(before, ':') < 0)
        return 0;
    if (span_find(label, ',') > 0 && span_find(label, ':') < 0 && span_find(label, '.') < 0 &&
        span_find(before, '.') < 0 &&
        !rec_fixer_is_all(span_from(label, (size_t)span_find_last(label, ',') + 1))) {
        size_t marks = 1; /* "include:_spf,example,net" */

        for (size_t i = 0; i < label.len; i++)
            marks += label.at[i] == ',';
        if (!span_to_number(rec_fixer_before(label, ','), UINT32_MAX, &octet))
            return marks;
    }
    if (rec_fixer_is_name(rec_fixer_before(label, ',')) && span_find(before, '.') < 0)
        return 1; /* "include:_spf,example.net": no name ends at the comma */
    for (size_t i = 0; i < 3; i++) {
        struct span number = span_cut(&digits, ',');

        number = span_cut(&number, '/');
        if (!span_to_number(number, 255, &octet))
            break;
        if (i == 2)
            return 3;
    }
    label = span_cut(&label, ',');
    for (size_t i = 0; i < label.len; i++)
        if (!ascii_is_alpha(label.at[i]))
            return 0;
    return label.len > 1 && !rec_fixer_term_is_sound(fixer->arena, label) ? 1 : 0;
}

/* is_comma_for_slash - "ip4:192.0.2.0,24": a network and its length */
static bool is_comma_for_slash(struct span text, size_t at)
{
    struct span prefix = span_from(text, at + 1);
    uint64_t number = 0;

    prefix = rec_fixer_before(rec_fixer_before(prefix, ' '), ',');
    return at >= 2 && text.at[at - 1] == '0' && text.at[at - 2] == '.' &&
           span_to_number(prefix, 32, &number) && number >= 8;
}

struct span rec_fixer_dotted(struct rec_fixer *fixer, struct span text)
{
    struct sbuf out = sbuf_start(fixer->arena);
    size_t dots = 0;

    if (span_find(text, ',') < 0)
        return text;
    for (size_t i = 0; i < text.len; i++) {
        if (text.at[i] == ',' && dots == 0 && is_comma_for_slash(text, i)) {
            rec_fixer_note(fixer, REC_REPAIR_PREFIX, text, "/");
            sbuf_add_octet(&out, '/');
            continue;
        }
        if (text.at[i] == ',' && dots == 0) {
            dots = dots_after(fixer, text, i);
            if (dots > 0)
                rec_fixer_note(fixer, REC_REPAIR_SEPARATOR, text, ".");
        }
        sbuf_add_octet(&out, text.at[i] == ',' && dots > 0 ? '.' : text.at[i]);
        if (text.at[i] == ',' && dots > 0)
            dots--;
    }
    return sbuf_span(&out);
}
