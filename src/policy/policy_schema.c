/*
 * libcyaml checks keys, types and closed lists of words. Its memory comes from the arena, so
 * there is nothing to give back. Of what it says about a mistake the first line and the first
 * place are kept.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cyaml/cyaml.h>

#include "base/escape.h"
#include "base/limits.h"
#include "policy/policy_schema.h"

#define LINE_SIZE 512 /* of one line of what libcyaml says */

/* ---- the schema ---- */

#define ONE_OF(key, flags, type, member, words)                              \
    CYAML_FIELD_ENUM(key, CYAML_FLAG_STRICT | (flags), type, member, words, \
                     sizeof(words) / sizeof((words)[0]))
#define TEXT(key, type, member) \
    CYAML_FIELD_STRING_PTR(key, CYAML_FLAG_POINTER, type, member, 1, CYAML_UNLIMITED)
#define TEXT_IF_ANY(key, type, member)                                                \
    CYAML_FIELD_STRING_PTR(key, CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL, type, member, 1, \
                           CYAML_UNLIMITED)
#define CITED(type)                                                                       \
    CYAML_FIELD_SEQUENCE_COUNT("source", CYAML_FLAG_POINTER, type, source, source_count,  \
                               &citation, 1, CYAML_UNLIMITED)

static const cyaml_strval_t kinds[] = {{"receiver", POLICY_RECEIVER},
                                       {"rule book", POLICY_RULE_BOOK}};
static const cyaml_strval_t whos[] = {{"everybody", WRITTEN_EVERYBODY}, {"bulk", WRITTEN_BULK}};
static const cyaml_strval_t dispositions[] = {{"accept", POLICY_ACCEPT},
                                              {"junk", POLICY_JUNK},
                                              {"defer", POLICY_DEFER},
                                              {"reject", POLICY_REJECT}};
static const cyaml_strval_t confidences[] = {
    {"high", POLICY_HIGH}, {"medium", POLICY_MEDIUM}, {"low", POLICY_LOW}};

static const cyaml_schema_value_t citation = {
    CYAML_VALUE_STRING(CYAML_FLAG_POINTER, char, 1, CYAML_UNLIMITED)};

static const cyaml_schema_field_t source_fields[] = {
    TEXT("id", struct written_source, id),
    TEXT("title", struct written_source, title),
    TEXT_IF_ANY("url", struct written_source, url),
    TEXT_IF_ANY("read", struct written_source, read),
    CYAML_FIELD_END};

static const cyaml_schema_field_t rule_fields[] = {
    TEXT("id", struct written_rule, id),
    TEXT("says", struct written_rule, says),
    ONE_OF("who", CYAML_FLAG_OPTIONAL, struct written_rule, who, whos),
    TEXT_IF_ANY("since", struct written_rule, since),
    TEXT_IF_ANY("until", struct written_rule, until),
    TEXT("when", struct written_rule, when),
    ONE_OF("disposition", CYAML_FLAG_DEFAULT, struct written_rule, disposition, dispositions),
    TEXT_IF_ANY("code", struct written_rule, code),
    TEXT_IF_ANY("enhanced", struct written_rule, enhanced),
    TEXT_IF_ANY("reply", struct written_rule, reply),
    CITED(struct written_rule),
    ONE_OF("confidence", CYAML_FLAG_DEFAULT, struct written_rule, confidence, confidences),
    TEXT_IF_ANY("note", struct written_rule, note),
    CYAML_FIELD_END};

static const cyaml_schema_field_t advice_fields[] = {
    TEXT("id", struct written_advice, id),
    TEXT("says", struct written_advice, says),
    TEXT_IF_ANY("since", struct written_advice, since),
    CITED(struct written_advice),
    ONE_OF("confidence", CYAML_FLAG_DEFAULT, struct written_advice, confidence, confidences),
    CYAML_FIELD_END};

static const cyaml_schema_value_t source_value = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct written_source, source_fields)};
static const cyaml_schema_value_t rule_value = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct written_rule, rule_fields)};
static const cyaml_schema_value_t advice_value = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct written_advice, advice_fields)};

static const cyaml_schema_field_t policy_fields[] = {
    TEXT("name", struct written_policy, name),
    TEXT("title", struct written_policy, title),
    ONE_OF("kind", CYAML_FLAG_DEFAULT, struct written_policy, kind, kinds),
    TEXT("as-of", struct written_policy, as_of),
    TEXT("about", struct written_policy, about),
    CYAML_FIELD_SEQUENCE("sources", CYAML_FLAG_POINTER, struct written_policy, sources,
                         &source_value, 1, CYAML_UNLIMITED),
    CYAML_FIELD_SEQUENCE("rules", CYAML_FLAG_POINTER, struct written_policy, rules,
                         &rule_value, 1, CYAML_UNLIMITED),
    CYAML_FIELD_SEQUENCE("advice", CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL,
                         struct written_policy, advice, &advice_value, 1, CYAML_UNLIMITED),
    CYAML_FIELD_END};

static const cyaml_schema_value_t policy_value = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_POINTER, struct written_policy, policy_fields)};

/* ---- what libcyaml needs ---- */

struct complaint {
    char text[LINE_SIZE];  /* the first line */
    char place[LINE_SIZE]; /* the first place */
};

/* listen - libcyaml speaks: "Load: what", "Load: Backtrace:", "  in ... (line: 4, ...)" */
static void listen(cyaml_log_t level, void *ctx, const char *format, va_list args)
    __attribute__((format(printf, 3, 0)));
static void listen(cyaml_log_t level, void *ctx, const char *format, va_list args)
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

/* remember - memory of the arena for libcyaml; nothing is ever given back. Lists grow entry by
 * entry, so each piece gets room for twice what is asked for. */
static void *remember(void *ctx, void *old, size_t size)
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

/* explain - "FILE:LINE: what (where)" */
static void explain(struct arena *arena, const struct policy_file *file,
                    const struct complaint *complaint, struct err *why)
{
    const char *text = complaint->text;
    struct span place = span_trim(span_of(complaint->place));
    const char *end = strstr(complaint->place, " (line");

    if (strncmp(text, "Load: ", strlen("Load: ")) == 0)
        text += strlen("Load: ");
    if (end != NULL)
        place = span_trim(span_make(complaint->place, (size_t)(end - complaint->place)));
    err_set(why, "%s:%d: %s%s%s%s", file->path, true_line(file->marks, complaint),
            escape_to_text(arena, span_of(text), LIMIT_SHOWN_BYTES), place.len > 0 ? " (" : "",
            escape_to_text(arena, place, LIMIT_SHOWN_BYTES), place.len > 0 ? ")" : "");
}

struct written_policy *policy_schema_read(struct arena *arena, const struct policy_file *file,
                                          struct err *why)
{
    struct complaint complaint = {.text = ""};
    const cyaml_config_t config = {
        .log_fn = listen,
        .log_ctx = &complaint,
        .log_level = CYAML_LOG_ERROR,
        .mem_fn = remember,
        .mem_ctx = arena,
        .flags = CYAML_CFG_NO_ALIAS,
    };
    struct written_policy *policy = NULL;
    cyaml_err_t result = cyaml_load_data((const uint8_t *)file->text.at, file->text.len,
                                         &config, &policy_value, (cyaml_data_t **)&policy,
                                         NULL);

    if (result == CYAML_OK && policy != NULL)
        return policy;
    if (result == CYAML_OK)
        snprintf(complaint.text, sizeof(complaint.text), "the file is empty");
    else if (complaint.text[0] == '\0')
        snprintf(complaint.text, sizeof(complaint.text), "%s", cyaml_strerror(result));
    explain(arena, file, &complaint, why);
    return NULL;
}
