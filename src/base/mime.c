/* No state: a field is cut at each ";" that is not quoted. */
#include "base/mime.h"

/* parameter_cut - up to the next ";" outside quotes; `rest` begins behind it */
static struct span parameter_cut(struct span *rest)
{
    struct span all = *rest;
    size_t len = 0;

    while (len < all.len && all.at[len] != ';') {
        size_t quoted = 1;

        if (all.at[len] == '"')
            quoted = span_quoted_length(span_from(all, len));
        len = quoted == 0 ? all.len : len + quoted;
    }
    *rest = span_from(all, len + 1);
    return span_sub(all, 0, len);
}

/* parameter_value - without quotes, or without a comment at the end */
static struct span parameter_value(struct span text)
{
    size_t quoted = 0;
    ptrdiff_t comment = -1;

    if (span_starts_with(text, "\"")) {
        quoted = span_quoted_length(text);
        return quoted == 0 ? span_from(text, 1) : span_sub(text, 1, quoted - 2);
    }
    if (span_ends_with_nocase(text, ")"))
        comment = span_find_last(text, '(');
    return comment < 0 ? text : span_trim(span_sub(text, 0, (size_t)comment));
}

struct span mime_parameter(struct span field, const char *name)
{
    while (field.len > 0) {
        struct span value = parameter_cut(&field);
        struct span key = span_trim(span_cut(&value, '='));

        if (value.at != NULL && span_equal_nocase(key, name))
            return parameter_value(span_trim(value));
    }
    return span_of(NULL);
}

bool mime_is_boundary(struct span line, struct span boundary, bool *is_last_out)
{
    struct span rest = span_from(line, 2);

    if (!span_starts_with(line, "--") || !span_equal(span_sub(rest, 0, boundary.len), boundary))
        return false;
    rest = span_trim(span_from(rest, boundary.len));
    *is_last_out = span_equal_text(rest, "--");
    return rest.len == 0 || *is_last_out;
}

bool mime_is_separator(struct span line)
{
    if (!span_starts_with(line, "From "))
        return false;
    for (size_t i = 1; i + 2 < line.len; i++)
        if (line.at[i] == ':' && ascii_is_digit(line.at[i - 1]) &&
            ascii_is_digit(line.at[i + 1]) && ascii_is_digit(line.at[i + 2]))
            return true;
    return false;
}
