/*
 * jansson reads the object and keeps no places, so the column of a key is looked up in the
 * text. The values are judged by the functions that judge the options of the same name.
 */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "app/app_subject.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/escape.h"
#include "base/span.h"
#include "base/suggest.h"

/* what one line is read with */
struct reader {
    struct app_options *options;
    struct arena *arena;
    struct span line;
    struct app_subject *subject;
};

/* ---- faults ---- */

/* subject_column_of - where the key of the outer object is, from 1 on */
static size_t subject_column_of(struct span line, const char *key)
{
    size_t depth = 0;
    size_t start = 0;
    bool is_inside = false; /* a string */

    for (size_t i = 0; i < line.len; i++) {
        if (is_inside && line.at[i] == '\\')
            i++;
        else if (line.at[i] == '"') {
            is_inside = !is_inside;
            if (is_inside)
                start = i + 1;
            else if (depth == 1 && span_equal_text(span_sub(line, start, i - start), key) &&
                     span_starts_with(span_trim(span_from(line, i + 1)), ":"))
                return start;
        } else if (!is_inside && (line.at[i] == '{' || line.at[i] == '[')) {
            depth++;
        } else if (!is_inside && (line.at[i] == '}' || line.at[i] == ']')) {
            depth--;
        }
    }
    return 1;
}

/* subject_add_fault - at a column; the text may hold untrusted text, escaped */
static void subject_add_fault(struct reader *in, size_t column, const char *key,
                              const char *text)
{
    struct render_line_fault fault = {.column = column, .text = arena_strdup(in->arena, text)};

    if (key != NULL)
        fault.key = escape_shown(in->arena, key);
    arena_append(in->arena, in->subject->faults, in->subject->fault_count, fault);
}

/* add_key_fault - about a key of the object */
static void add_key_fault(struct reader *in, const char *key, const char *text)
{
    subject_add_fault(in, subject_column_of(in->line, key), key, text);
}

/* ---- values ---- */

/* set_option - a value that an option has, too; its sentence names the option */
static void set_option(struct reader *in, const char *key, const json_t *value,
                       const char *name)
{
    const struct app_option *option = app_option_find(span_of(name));
    struct err why = {0};

    if (!json_is_string(value))
        add_key_fault(in, key, "is not a string");
    else if (!app_option_set(in->options, option,
                             arena_strdup(in->arena, json_string_value(value)), &why))
        add_key_fault(in, key, why.text);
    else if (in->options->unsendable != NULL)
        add_key_fault(in, key, in->options->unsendable);
    in->options->unsendable = NULL;
}

static void set_ip(struct reader *in, const char *key, const json_t *value)
{
    set_option(in, key, value, "ip");
}

static void set_helo(struct reader *in, const char *key, const json_t *value)
{
    set_option(in, key, value, "helo");
}

static void set_mail_from(struct reader *in, const char *key, const json_t *value)
{
    set_option(in, key, value, "mail-from");
}

static void set_rcpt(struct reader *in, const char *key, const json_t *value)
{
    set_option(in, key, value, "rcpt");
}

static void set_selectors(struct reader *in, const char *key, const json_t *value)
{
    size_t index = 0;
    const json_t *item = NULL;

    if (!json_is_array(value))
        add_key_fault(in, key, "is not an array of strings");
    json_array_foreach(value, index, item)
    {
        set_option(in, key, item, "selector");
    }
}

/* subject_set_id - carried over as it is */
static void subject_set_id(struct reader *in, const char *key, const json_t *value)
{
    char *text = NULL;

    if (!json_is_string(value) && !json_is_integer(value)) {
        add_key_fault(in, key, "is neither a string nor an integer");
        return;
    }
    text = json_dumps(value, JSON_ENCODE_ANY);
    in->subject->id = arena_strdup(in->arena, text);
    free(text);
}

static void subject_set_domain(struct reader *in, const char *key, const json_t *value)
{
    if (json_is_string(value))
        in->subject->domain = arena_strdup(in->arena, json_string_value(value));
    else
        add_key_fault(in, key, "is not a string");
}

/* set_message - a file; the list itself may be standard input */
static void set_message(struct reader *in, const char *key, const json_t *value)
{
    const char *path = json_string_value(value);

    if (path == NULL || path[0] == '\0' || strcmp(path, "-") == 0)
        add_key_fault(in, key, "is not the name of a file");
    else
        in->subject->message = arena_strdup(in->arena, path);
}

static const struct {
    const char *name;
    void (*set)(struct reader *in, const char *key, const json_t *value);
} keys[] = {
    {"id", subject_set_id},       {"domain", subject_set_domain}, {"ip", set_ip},
    {"helo", set_helo},           {"mail_from", set_mail_from},   {"rcpt", set_rcpt},
    {"selectors", set_selectors}, {"message", set_message},
};

#define KEYS COUNT_OF(keys)

/* refuse_key - with what was probably meant */
static void refuse_key(struct reader *in, const char *key)
{
    struct suggest suggest = suggest_start(key);

    for (size_t i = 0; i < KEYS; i++)
        suggest_offer(&suggest, keys[i].name);
    add_key_fault(
        in, key,
        arena_printf(in->arena, "no such key%s", suggest_hint(in->arena, &suggest, "")));
}

/* set_key - one key of the object */
static void set_key(struct reader *in, const char *key, const json_t *value)
{
    for (size_t i = 0; i < KEYS; i++)
        if (strcmp(keys[i].name, key) == 0) {
            if (!json_is_null(value))
                keys[i].set(in, key, value);
            return;
        }
    refuse_key(in, key);
}

/* ---- lines ---- */

/* parse_object - a line that begins with a brace */
static void parse_object(struct reader *in)
{
    json_error_t error = {0};
    json_t *root = json_loadb(in->line.at, in->line.len, JSON_REJECT_DUPLICATES, &error);
    const char *key = NULL;
    json_t *value = NULL;

    if (root == NULL) {
        subject_add_fault(in, error.column > 0 ? (size_t)error.column : 1, NULL,
                          arena_printf(in->arena, "not a JSON object: %s",
                                       escape_shown(in->arena, error.text)));
        return;
    }
    json_object_foreach(root, key, value)
    {
        set_key(in, key, value);
    }
    if (in->subject->domain == NULL && in->subject->fault_count == 0)
        subject_add_fault(in, 1, "domain", "is missing");
    json_decref(root);
}

void app_subject_parse(struct app_options *options, struct span line,
                       struct app_subject *subject_out)
{
    struct reader in = {options, options->arena, line, subject_out};
    struct span text = span_trim(line);

    *subject_out = (struct app_subject){.id = NULL};
    if (span_starts_with(text, "{"))
        parse_object(&in);
    else if (span_find(text, '\0') >= 0)
        subject_add_fault(&in, 1, NULL, "a NUL octet");
    else
        subject_out->domain = arena_strdup_span(in.arena, text);
}
