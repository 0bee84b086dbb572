/*
 * What libcyaml needs around a schema. Its memory comes from the arena, so there is nothing to
 * give back. Of what it says about a mistake the first line and the first place are kept.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/escape.h"
#include "base/limits.h"
#include "policy/policy.h"
#include "policy/policy_yaml.h"

#define LINE_SIZE      512 /* of one line of what libcyaml says */
#define SECONDS_OF_DAY 86400
#define MONTH_LENGTH   7 /* of "2024-02" */

struct complaint {
    const struct cyaml_schema_value *schema;
    char text[LINE_SIZE];  /* the first line */
    char place[LINE_SIZE]; /* the first place */
};

/* yaml_listen - libcyaml speaks: "Load: what", "Load: Backtrace:", "  in ... (line: 4, ...)" */
static void yaml_listen(cyaml_log_t level, void *ctx, const char *format, va_list args)
    __attribute__((format(printf, 3, 0)));
static void yaml_listen(cyaml_log_t level, void *ctx, const char *format, va_list args)
{
    struct complaint *complaint = ctx;
    char line[LINE_SIZE] = "";

    (void)level;
    vsnprintf(line, sizeof(line), format, args);
    line[strcspn(line, "\n")] = '\0';
    if (strncmp(line, "  in ", 5) == 0 && complaint->place[0] == '\0')
        memcpy(complaint->place, line, sizeof(line));
    else if (strstr(line, "Backtrace") == NULL && complaint->text[0] == '\0')
        memcpy(complaint->text, line, sizeof(line));
}

/* what stands before each piece of memory: how long it may get, keeping the alignment */
union piece {
    size_t room;
    max_align_t align;
};

/* yaml_remember - memory of the arena for libcyaml; nothing is ever given back. Lists grow
 * entry by entry, so each piece gets room for twice what is asked for. */
static void *yaml_remember(void *ctx, void *old, size_t size)
{
    union piece *before = old != NULL ? (union piece *)old - 1 : NULL;
    union piece *piece = NULL;

    if (size == 0)
        return NULL;
    if (before != NULL && size <= before->room)
        return old;
    piece = arena_alloc(ctx, sizeof(*piece) + 2 * size);
    piece->room = 2 * size;
    if (before != NULL)
        memcpy(piece + 1, old, before->room);
    return piece + 1;
}

/* said_line - the number in "(line: 4, column: 6)"; 1 without one */
static int said_line(const char *place)
{
    const char *at = strstr(place, "(line: ");
    struct span rest = at != NULL ? span_of(at + strlen("(line: ")) : (struct span){NULL, 0};
    uint64_t line = 1;

    span_to_number(span_cut(&rest, ','), INT32_MAX, &line);
    return (int)line;
}

/* true_line - libcyaml has the line of what it read last; a key that is wrong comes after it */
static int true_line(const struct policy_marks *marks, const struct complaint *complaint)
{
    static const char *const after[] = {"Load: Unexpected key: ",
                                        "Load: Mapping field already seen: "};
    int line = said_line(complaint->place);

    for (size_t i = 0; i < sizeof(after) / sizeof(after[0]); i++)
        if (strncmp(complaint->text, after[i], strlen(after[i])) == 0) {
            int found = policy_marks_key(marks, complaint->text + strlen(after[i]),
                                         line + (i > 0 ? 1 : 0));

            return found > 0 ? found : line;
        }
    return line;
}

/* yaml_words_of - "high, medium, low", of the first key of this name with a closed list;
 * NULL */
static const char *yaml_words_of(struct arena *arena, const struct cyaml_schema_value *value,
                                 struct span key)
{
    const char *words = NULL;

    if (value->type == CYAML_SEQUENCE)
        return yaml_words_of(arena, value->sequence.entry, key);
    if (value->type != CYAML_MAPPING)
        return NULL;
    for (const struct cyaml_schema_field *field = value->mapping.fields;
         field->key != NULL && words == NULL; field++)
        if (field->value.type == CYAML_ENUM && span_equal(key, span_of(field->key)))
            for (uint32_t i = 0; i < field->value.enumeration.count; i++)
                words = arena_printf(arena, "%s%s%s", words != NULL ? words : "",
                                     words != NULL ? ", " : "",
                                     field->value.enumeration.strings[i].str);
        else
            words = yaml_words_of(arena, &field->value, key);
    return words;
}

/* yaml_form_of - what a value of YAML is to who writes one */
static const char *yaml_form_of(struct span name)
{
    if (span_starts_with(name, "SEQUENCE"))
        return "a list";
    return span_starts_with(name, "MAPPING") ? "keys with values" : "one value";
}

/* is_said - libcyaml said this; what stands behind it goes to `*rest` */
static bool is_said(struct span said, const char *words, struct span *rest)
{
    if (!span_starts_with(said, words))
        return false;
    *rest = span_from(said, strlen(words));
    return true;
}

/* yaml_quote - with marks, fit for a sentence */
static const char *yaml_quote(struct arena *arena, struct span text)
{
    return arena_printf(arena, "\"%s\"", escape_to_text(arena, text, LIMIT_SHOWN_BYTES));
}

/* yaml_key_of - "code" of "  in mapping field 'code' (line: ..."; nothing at other places */
static struct span yaml_key_of(const struct complaint *complaint)
{
    struct span place = {0};

    if (!is_said(span_of(complaint->place), "  in mapping field '", &place))
        return place;
    return span_cut(&place, '\'');
}

/* yaml_sentence - our words for the mistakes that people make; libcyaml's own for the others */
static const char *yaml_sentence(struct arena *arena, const struct complaint *complaint)
{
    struct span said = span_of(complaint->text);
    struct span key = yaml_key_of(complaint);
    const char *whole = complaint->place[0] == '\0' ? "the file" : "an entry of the list";
    const char *name = key.len > 0 ? yaml_quote(arena, key) : whole;
    struct span rest = {0};

    is_said(said, "Load: ", &said);
    if (is_said(said, "Unexpected key: ", &rest))
        return arena_printf(arena, "%s is no key here", yaml_quote(arena, rest));
    if (is_said(said, "Mapping field already seen: ", &rest))
        return arena_printf(arena, "%s is there twice", yaml_quote(arena, rest));
    if (is_said(said, "Missing required mapping field: ", &rest))
        return arena_printf(arena, "%s is missing", yaml_quote(arena, rest));
    if (is_said(said, "Invalid ENUM value: ", &rest))
        return arena_printf(arena, "%s is never %s: it may be %s", name,
                            yaml_quote(arena, rest),
                            yaml_words_of(arena, complaint->schema, key));
    if (is_said(said, "Insufficient entries", &rest))
        return "the list is empty";
    if (is_said(said, "STRING length < 1", &rest))
        return arena_printf(arena, "%s is empty", name);
    if (is_said(said, "Expecting ", &rest)) {
        struct span wanted = span_cut(&rest, ',');

        return arena_printf(arena, "%s must be %s, not %s", name, yaml_form_of(wanted),
                            yaml_form_of(span_from(rest, strlen(" got event: "))));
    }
    return escape_to_text(arena, said, LIMIT_SHOWN_BYTES);
}

/* yaml_explain - "FILE:LINE: what" */
static void yaml_explain(struct arena *arena, const struct policy_file *file,
                         const struct complaint *complaint, struct err *why)
{
    err_set(why, "%s:%d: %s", file->path, true_line(file->marks, complaint),
            yaml_sentence(arena, complaint));
}

void *policy_yaml_read(struct arena *arena, const struct policy_file *file,
                       const struct cyaml_schema_value *schema, struct err *why)
{
    struct complaint complaint = {.schema = schema};
    const cyaml_config_t config = {
        .log_fn = yaml_listen,
        .log_ctx = &complaint,
        .log_level = CYAML_LOG_ERROR,
        .mem_fn = yaml_remember,
        .mem_ctx = arena,
        .flags = CYAML_CFG_NO_ALIAS,
    };
    cyaml_data_t *root = NULL;
    cyaml_err_t result = cyaml_load_data((const uint8_t *)file->text.at, file->text.len,
                                         &config, schema, &root, NULL);

    if (result == CYAML_OK && root != NULL)
        return root;
    if (result == CYAML_OK)
        snprintf(complaint.text, sizeof(complaint.text), "the file is empty");
    else if (complaint.text[0] == '\0')
        snprintf(complaint.text, sizeof(complaint.text), "%s", cyaml_strerror(result));
    yaml_explain(arena, file, &complaint, why);
    return NULL;
}

void policy_mistake(struct policy_mistakes *mistakes, struct policy_place place,
                    const char *sentence)
{
    const struct policy_file *file = mistakes->file;

    if (mistakes->text.len > ERR_TEXT_SIZE)
        return; /* no more would be shown */
    sbuf_addf(&mistakes->text, "%s%s:%d: %s", mistakes->text.len > 0 ? "\n" : "", file->path,
              policy_marks_line(file->marks, &place), sentence);
}

bool policy_yaml_is_name(const char *text)
{
    for (const char *at = text; *at != '\0'; at++)
        if (!(ascii_is_alnum(*at) && *at == ascii_to_lower(*at)) && *at != '-' && *at != '.')
            return false;
    return text[0] != '\0';
}

bool policy_day_parse(struct span text, int64_t *day_out)
{
    char whole[] = "0000-00-01";
    int64_t seconds = 0;

    if (text.len == MONTH_LENGTH)
        memcpy(whole, text.at, MONTH_LENGTH);
    else if (text.len == sizeof(whole) - 1)
        memcpy(whole, text.at, sizeof(whole) - 1);
    else
        return false;
    if (!clock_parse(span_of(whole), &seconds))
        return false;
    /* before 1970 days are negative: round towards the past */
    *day_out = (seconds - (seconds < 0 ? SECONDS_OF_DAY - 1 : 0)) / SECONDS_OF_DAY;
    return true;
}
