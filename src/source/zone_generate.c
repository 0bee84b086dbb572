/* The words after the range are written once for each number, and the lines that result are
 * read like any others. */
#include "source/zone_generate.h"

#include "base/limits.h"
#include "base/sbuf.h"

#define LARGEST 2147483647U /* number that name servers take */
#define WIDEST  255         /* number of digits: more than a name can hold */

struct range {
    uint64_t first;
    uint64_t last;
    uint64_t step;
};

/* one "$" being written */
struct generate_number {
    int64_t value;
    uint64_t width;
    char base;
};

/* parse_range - "1-9" or "1-9/2" */
static bool parse_range(struct span text, struct range *out)
{
    struct span bounds = span_cut(&text, '/');
    struct span first = span_cut(&bounds, '-');

    out->step = 1;
    return span_to_number(first, LARGEST, &out->first) &&
           span_to_number(bounds, LARGEST, &out->last) && out->first <= out->last &&
           (text.at == NULL || (span_to_number(text, LARGEST, &out->step) && out->step > 0));
}

/* add_number - in its base, with leading zeros */
static void add_number(struct sbuf *out, const struct generate_number *number)
{
    int width = (int)number->width;
    unsigned long long value = (unsigned long long)number->value;

    switch (number->base) {
    case 'o':
        sbuf_addf(out, "%0*llo", width, value);
        return;
    case 'x':
        sbuf_addf(out, "%0*llx", width, value);
        return;
    case 'X':
        sbuf_addf(out, "%0*llX", width, value);
        return;
    }
    sbuf_addf(out, "%0*llu", width, value);
}

/* generate_parse_modifier - "{OFFSET,WIDTH,BASE}" behind a "$", off `rest`; false if it is
 * malformed */
static bool generate_parse_modifier(struct span *rest, struct generate_number *number)
{
    struct span text = {0};
    struct span offset = {0};
    struct span width = {0};
    uint64_t value = 0;
    bool is_negative = false;

    if (!span_starts_with(*rest, "{"))
        return true;
    if (span_find(*rest, '}') < 0)
        return false;
    *rest = span_from(*rest, 1);
    text = span_cut(rest, '}');
    offset = span_cut(&text, ',');
    is_negative = span_starts_with(offset, "-");
    if (!span_to_number(span_from(offset, is_negative ? 1 : 0), LARGEST, &value))
        return false;
    number->value += is_negative ? -(int64_t)value : (int64_t)value;
    if (text.at == NULL)
        return number->value >= 0;
    width = span_cut(&text, ',');
    if (!span_to_number(width, WIDEST, &number->width))
        return false;
    if (text.len == 1)
        number->base = text.at[0];
    return number->value >= 0 && (text.at == NULL || text.len == 1) &&
           (number->base == 'd' || number->base == 'o' || number->base == 'x' ||
            number->base == 'X');
}

/* add_generated - a word with its numbers; false if one is malformed */
static bool add_generated(struct sbuf *out, struct span word, int64_t value)
{
    while (word.len > 0) {
        struct generate_number number = {.value = value, .base = 'd'};
        char octet = word.at[0];

        word = span_from(word, 1);
        if (octet == '\\' && word.len > 0) {
            if (word.at[0] != '$')
                sbuf_add_octet(out, octet);
            sbuf_add_octet(out, word.at[0]);
            word = span_from(word, 1);
        } else if (octet != '$') {
            sbuf_add_octet(out, octet);
        } else if (span_starts_with(word, "$")) {
            sbuf_add_octet(out, octet);
            word = span_from(word, 1);
        } else {
            if (!generate_parse_modifier(&word, &number))
                return false;
            add_number(out, &number);
        }
    }
    return true;
}

/* add_record - one line, for one number */
static bool add_record(struct sbuf *out, const struct zone_entry *entry, int64_t value)
{
    for (size_t i = 2; i < entry->count; i++) {
        const char *quote = entry->words[i].is_quoted ? "\"" : "";

        sbuf_addf(out, "%s%s", i > 2 ? " " : "", quote);
        if (!add_generated(out, entry->words[i].text, value))
            return false;
        sbuf_add(out, quote);
    }
    sbuf_add_octet(out, '\n');
    return true;
}

bool zone_generate(struct zone *zone, struct arena *arena, const struct zone_entry *entry,
                   struct span *lines_out)
{
    struct sbuf out = sbuf_start(arena);
    struct range range = {0};

    if (entry->count < 5 || !parse_range(entry->words[1].text, &range))
        return zone_fault_add(
            zone, entry->line,
            "$GENERATE takes a range as \"1-9\" or \"1-9/2\", an owner, a type and "
            "data; correct it");
    if ((range.last - range.first) / range.step + 1 >
        LIMIT_GENERATED_RECORDS - zone->generated_records)
        return zone_fault_add(zone, entry->line, "$GENERATE makes more than %d records",
                              LIMIT_GENERATED_RECORDS);
    zone->generated_records += (range.last - range.first) / range.step + 1;
    for (uint64_t value = range.first; value <= range.last; value += range.step)
        if (!add_record(&out, entry, (int64_t)value))
            return zone_fault_add(
                zone, entry->line,
                "$GENERATE: \"${OFFSET,WIDTH,BASE}\" is malformed; BASE is d, o, x "
                "or X, and no number is below 0");
    *lines_out = sbuf_span(&out);
    return true;
}
