/* Fields, parameters, reply codes, addresses and dates, read leniently. */
#include <string.h>

#include "base/clock.h"
#include "base/limits_bounce.h"
#include "base/sbuf.h"
#include "bounce/bounce_private.h"

/* ---- fields ---- */

/* field_name_len - octets of a field name before a colon; 0: not a field */
static size_t field_name_len(struct span line)
{
    size_t len = 0;

    while (len < line.len && ascii_is_visible(line.at[len]) && line.at[len] != ':')
        len++;
    if (len == 0 || len > LIMIT_FIELD_NAME || len == line.len || line.at[len] != ':')
        return 0;
    return len;
}

/* field_line_at - one line, without its end; moves `*at` behind it */
static struct span field_line_at(struct span bytes, size_t *at)
{
    struct span rest = span_from(bytes, *at);
    struct span line = span_cut(&rest, '\n');

    *at += line.len + (*at + line.len < bytes.len ? 1 : 0);
    if (line.len > 0 && line.at[line.len - 1] == '\r')
        line.len--;
    return line;
}

/* field_is_mbox - the "From " line of an mbox, also quoted */
static bool field_is_mbox(struct span line)
{
    return span_starts_with(line, "From ") || span_starts_with(line, ">From ");
}

/* field_add - the field that was being read, if one was */
static void field_add(struct arena *arena, struct bounce_fields *fields, struct span *name,
                      const struct sbuf *value)
{
    struct bounce_field field = {*name, span_trim(sbuf_span(value))};

    if (name->len > 0)
        arena_append(arena, fields->list, fields->count, field);
    name->len = 0;
}

struct bounce_fields bounce_fields_read(struct arena *arena, struct span bytes)
{
    struct bounce_fields fields = {0};
    struct sbuf value = sbuf_start(arena);
    struct span name = {0};
    size_t at = 0;

    while (at < bytes.len && fields.count < LIMIT_BOUNCE_FIELDS) {
        size_t start = at;
        struct span line = field_line_at(bytes, &at);
        bool is_folded = line.len > 0 && ascii_is_blank(line.at[0]);
        size_t len = field_name_len(line);

        if (is_folded && name.len > 0) {
            sbuf_add_octet(&value, ' ');
            sbuf_add_span(&value, span_trim(line));
            continue;
        }
        field_add(arena, &fields, &name, &value);
        if (len == 0 && start == 0 && field_is_mbox(line))
            continue;
        if (len == 0) {
            fields.used = line.len == 0 ? at : start;
            return fields;
        }
        name = span_sub(line, 0, len);
        value = sbuf_start(arena);
        sbuf_add_span(&value, span_trim(span_from(line, len + 1)));
    }
    if (fields.count < LIMIT_BOUNCE_FIELDS)
        field_add(arena, &fields, &name, &value);
    fields.used = at;
    return fields;
}

struct span bounce_fields_find(const struct bounce_fields *fields, const char *name)
{
    for (size_t i = 0; i < fields->count; i++)
        if (span_equal_nocase(fields->list[i].name, name))
            return fields->list[i].value;
    return span_of(NULL);
}

bool bounce_fields_has(const struct bounce_fields *fields, const char *name)
{
    for (size_t i = 0; i < fields->count; i++)
        if (span_equal_nocase(fields->list[i].name, name))
            return true;
    return false;
}

bool bounce_code_at(struct span line)
{
    return line.len > 3 && (line.at[0] == '4' || line.at[0] == '5') &&
           ascii_is_digit(line.at[1]) && ascii_is_digit(line.at[2]) &&
           (line.at[3] == ' ' || line.at[3] == '-');
}

/* ---- addresses ---- */

/* is_address_octet - of a local part without quotes */
static bool is_address_octet(char octet)
{
    return ascii_is_alnum(octet) || (unsigned char)octet >= 128 ||
           (octet != '\0' && strchr(".!#$%&'*+/=?^_`{|}~-", octet) != NULL);
}

/* local_len - octets of a local part, a quoted string included; 0: none */
static size_t local_len(struct span text)
{
    size_t len = 0;

    if (text.len > 0 && text.at[0] == '"') {
        len = span_quoted_length(text);
        return len < text.len && text.at[len] == '@' ? len : 0;
    }
    while (len < text.len && is_address_octet(text.at[len]))
        len++;
    return len;
}

/* plain_address_len - octets of "a@b"; 0: none */
static size_t plain_address_len(struct span text)
{
    size_t at = local_len(text);
    size_t end = at + 1;

    if (at == 0 || at >= text.len || text.at[at] != '@')
        return 0;
    if (end < text.len && text.at[end] == '[') {
        ptrdiff_t close = span_find(span_from(text, end), ']');

        return close < 0 ? 0 : end + (size_t)close + 1;
    }
    while (end < text.len &&
           (ascii_is_alnum(text.at[end]) || text.at[end] == '-' || text.at[end] == '.' ||
            text.at[end] == '_' || (unsigned char)text.at[end] >= 128))
        end++;
    while (end > at + 1 && (text.at[end - 1] == '.' || text.at[end - 1] == '-'))
        end--;
    return end > at + 1 ? end : 0;
}

size_t bounce_address_at(struct span text, struct span *address_out)
{
    char open = text.len > 0 ? text.at[0] : '\0';
    struct span inner = span_from(text, 1);
    size_t len = 0;

    if (open == '<' || open == '"' || open == '\'') {
        char close = open == '<' ? '>' : open;

        if (open == '<' && inner.len > 0 && inner.at[0] == ' ')
            inner = span_trim(inner);
        len = plain_address_len(inner);
        if (len > 0 && len < inner.len && inner.at[len] == close) {
            *address_out = span_sub(inner, 0, len);
            return (size_t)(inner.at - text.at) + len + 1;
        }
        if (open == '<')
            return 0;
    }
    len = plain_address_len(text);
    *address_out = span_sub(text, 0, len);
    return len;
}

size_t bounce_address_next(struct span list, size_t at, struct span *address_out)
{
    for (; at < list.len; at++) {
        bool is_start = at == 0 || strchr(" \t<\",;", list.at[at - 1]) != NULL;
        size_t len = is_start ? bounce_address_at(span_from(list, at), address_out) : 0;

        if (len > 0)
            return at + len;
    }
    return 0;
}

struct span bounce_typed_address(struct span value)
{
    struct span rest = value;
    struct span address = {0};
    struct span before = span_cut(&rest, ';');

    rest = span_trim(rest.at != NULL ? rest : before);
    if (bounce_address_at(rest, &address) > 0)
        return address;
    /* "Name <a@b>" */
    for (size_t at = 0; at < rest.len; at++)
        if (rest.at[at] == '<' && bounce_address_at(span_from(rest, at), &address) > 0)
            return address;
    /* a local user */
    if (rest.len > 1 && rest.at[0] == '<' && rest.at[rest.len - 1] == '>')
        rest = span_sub(rest, 1, rest.len - 2);
    return rest;
}

/* ---- dates ---- */

/* date_number - digits in front, or 0; returns the rest */
static struct span date_number(struct span text, int64_t *number_out)
{
    size_t len = 0;
    uint64_t number = 0;

    while (len < text.len && len < 9 && ascii_is_digit(text.at[len]))
        len++;
    if (!span_to_number(span_sub(text, 0, len), 999999999, &number))
        number = 0;
    *number_out = (int64_t)number;
    return span_from(text, len);
}

/* date_month - from 1; 0: no month */
static int date_month(struct span word)
{
    static const char names[] = "janfebmaraprmayjunjulaugsepoctnovdec";
    char low[4] = "";

    if (word.len < 3)
        return 0;
    for (int i = 0; i < 3; i++)
        low[i] = ascii_to_lower(word.at[i]);
    for (int month = 0; month < 12; month++)
        if (memcmp(names + 3 * month, low, 3) == 0)
            return month + 1;
    return 0;
}

/* date_zone - seconds east of Greenwich: "+0900", "GMT" and other names are 0 */
static int64_t date_zone(struct span text)
{
    int64_t number = 0;
    bool is_west = text.len > 0 && text.at[0] == '-';

    if (text.len < 5 || (text.at[0] != '+' && !is_west))
        return 0;
    date_number(span_sub(text, 1, 4), &number);
    number = (number / 100 * 60 + number % 100) * 60;
    return is_west ? -number : number;
}

/* date_time - "23:34:45" or "23:34"; false: neither */
static bool date_time(struct span text, int64_t *seconds_out)
{
    int64_t part = 0;

    *seconds_out = 0;
    for (int64_t unit = 3600; unit > 0; unit /= 60) {
        struct span rest = date_number(text, &part);

        if (rest.len == text.len)
            return false;
        *seconds_out += part * unit;
        if (rest.len == 0 || rest.at[0] != ':')
            return unit < 3600;
        text = span_from(rest, 1);
    }
    return true;
}

bool bounce_date(struct span text, int64_t *seconds_out)
{
    struct span rest = span_trim(text);
    ptrdiff_t comma = span_find(span_sub(rest, 0, 12), ',');
    int64_t day = 0;
    int64_t year = 0;
    int64_t seconds = 0;
    int month = 0;
    struct span word = {0};

    if (clock_parse(rest, seconds_out))
        return true;
    if (comma >= 0)
        rest = span_trim(span_from(rest, (size_t)comma + 1));
    rest = span_trim(date_number(rest, &day));
    month = date_month(rest);
    span_cut(&rest, ' ');
    rest = span_trim(date_number(span_trim(rest), &year));
    word = span_cut(&rest, ' ');
    if (day < 1 || day > 31 || month == 0 || year < 1970 || year > 9999 ||
        !date_time(word, &seconds))
        return false;
    *seconds_out =
        clock_days(year, month, (int)day) * 86400 + seconds - date_zone(span_trim(rest));
    return true;
}
