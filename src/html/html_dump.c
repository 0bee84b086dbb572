/* What json_dump_callback() writes, octet by octet the same, straight into a buffer: jansson
 * keeps a table of the values above each one, to find circles, and reports have none. */
#include "html/html_dump.h"

#include <string.h>

#include "base/sbuf.h"
#include "base/span.h"

#define REAL_BYTES 64 /* digits of a number with a fraction, and an exponent */

/* what is written, and how deep it is */
struct dump {
    struct sbuf *out;
    size_t indent; /* blanks a level; 0: compact */
    size_t depth;
    bool is_embedded; /* in a page */
};

/* dump_line_break - a new line at this depth, unless it is compact */
static void dump_line_break(const struct dump *dump)
{
    static const char blanks[] = "                                ";
    size_t left = dump->indent * dump->depth;

    if (dump->indent == 0)
        return;
    sbuf_add_octet(dump->out, '\n');
    while (left > 0) {
        size_t some = left < sizeof(blanks) - 1 ? left : sizeof(blanks) - 1;

        sbuf_add_span(dump->out, span_make(blanks, some));
        left -= some;
    }
}

/* dump_escape - an octet that cannot be in a string (RFC 8259, 7) */
static void dump_escape(struct sbuf *out, char octet)
{
    static const char named[] = "\"\\\b\f\n\r\t";
    static const char letters[] = "\"\\bfnrt";
    const char *at = octet == '\0' ? NULL : strchr(named, octet);

    if (at == NULL) {
        sbuf_addf(out, "\\u%04X", (unsigned)(unsigned char)octet);
        return;
    }
    sbuf_add_octet(out, '\\');
    sbuf_add_octet(out, letters[at - named]);
}

/* dump_string - in quotes; jansson has seen that it is UTF-8 */
static void dump_string(const struct dump *dump, struct span text)
{
    static const uint8_t marks[UINT8_MAX + 1] = {
        ['"'] = 1, ['\\'] = 1, ['<'] = 2, ['>'] = 2, ['&'] = 2};
    const uint8_t unwanted = dump->is_embedded ? 1 | 2 : 1;
    struct sbuf *out = dump->out;
    size_t from = 0;

    sbuf_add_octet(out, '"');
    for (size_t at = 0; at < text.len; at++) {
        char octet = text.at[at];

        if ((unsigned char)octet >= ' ' && (marks[(unsigned char)octet] & unwanted) == 0)
            continue;
        sbuf_add_span(out, span_sub(text, from, at - from));
        dump_escape(out, octet);
        from = at + 1;
    }
    sbuf_add_span(out, span_from(text, from));
    sbuf_add_octet(out, '"');
}

/* dump_integer - in decimal */
static void dump_integer(struct sbuf *out, json_int_t number)
{
    char digits[24];
    size_t at = sizeof(digits);
    unsigned long long rest =
        number < 0 ? 0ULL - (unsigned long long)number : (unsigned long long)number;

    do
        digits[--at] = (char)('0' + rest % 10);
    while ((rest /= 10) > 0);
    if (number < 0)
        digits[--at] = '-';
    sbuf_add_span(out, span_make(digits + at, sizeof(digits) - at));
}

/* dump_real - as jansson writes it */
static void dump_real(struct sbuf *out, const json_t *value)
{
    char digits[REAL_BYTES];
    size_t len = json_dumpb(value, digits, sizeof(digits), JSON_ENCODE_ANY);

    sbuf_add_span(out, span_make(digits, len <= sizeof(digits) ? len : 0));
}

static void dump_value(struct dump *dump, json_t *value);

/* dump_array - in its order */
static void dump_array(struct dump *dump, const json_t *array)
{
    size_t count = json_array_size(array);

    sbuf_add_octet(dump->out, '[');
    dump->depth++;
    for (size_t i = 0; i < count; i++) {
        if (i > 0)
            sbuf_add_octet(dump->out, ',');
        dump_line_break(dump);
        dump_value(dump, json_array_get(array, i));
    }
    dump->depth--;
    if (count > 0)
        dump_line_break(dump);
    sbuf_add_octet(dump->out, ']');
}

/* dump_object - in the order in which keys were set */
static void dump_object(struct dump *dump, json_t *object)
{
    bool is_first = true;

    sbuf_add_octet(dump->out, '{');
    dump->depth++;
    for (void *at = json_object_iter(object); at != NULL;
         at = json_object_iter_next(object, at)) {
        if (!is_first)
            sbuf_add_octet(dump->out, ',');
        is_first = false;
        dump_line_break(dump);
        dump_string(dump, span_of(json_object_iter_key(at)));
        sbuf_add(dump->out, dump->indent > 0 ? ": " : ":");
        dump_value(dump, json_object_iter_value(at));
    }
    dump->depth--;
    if (!is_first)
        dump_line_break(dump);
    sbuf_add_octet(dump->out, '}');
}

/* dump_value - of any kind */
static void dump_value(struct dump *dump, json_t *value)
{
    if (json_is_object(value))
        dump_object(dump, value);
    else if (json_is_array(value))
        dump_array(dump, value);
    else if (json_is_string(value))
        dump_string(dump, span_make(json_string_value(value), json_string_length(value)));
    else if (json_is_integer(value))
        dump_integer(dump->out, json_integer_value(value));
    else if (json_is_real(value))
        dump_real(dump->out, value);
    else
        sbuf_add(dump->out, json_is_null(value)   ? "null"
                            : json_is_true(value) ? "true"
                                                  : "false");
}

void html_dump(json_t *value, size_t indent, struct sbuf *out)
{
    struct dump dump = {.out = out, .indent = indent};

    dump_value(&dump, value);
}

void html_dump_embedded(json_t *value, struct sbuf *out)
{
    struct dump dump = {.out = out, .is_embedded = true};

    dump_value(&dump, value);
}
