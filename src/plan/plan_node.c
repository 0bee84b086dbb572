/*
 * JSON is read by jansson, which keeps no lines: in valid JSON the n-th "{" outside a string
 * begins the n-th object, so their lines are kept separately, and a value has the line of
 * the object that holds it. YAML is read from libyaml's events, which have marks.
 */
#include "plan/plan_node.h"

#include <jansson.h>
#include <string.h>
#include <yaml.h>

#include "base/escape.h"
#include "base/limits.h"

/* ---- looking ---- */

bool plan_is_map(const struct plan_node *node)
{
    return node != NULL && node->kind == PLAN_NODE_MAP;
}

bool plan_is_list(const struct plan_node *node)
{
    return node != NULL && node->kind == PLAN_NODE_LIST;
}

const struct plan_node *plan_get(const struct plan_node *map, const char *key)
{
    if (!plan_is_map(map))
        return NULL;
    for (const struct plan_node *node = map->first; node != NULL; node = node->next)
        if (strcmp(node->key, key) == 0)
            return node->kind == PLAN_NODE_NULL ? NULL : node;
    return NULL;
}

const struct plan_node *plan_items(const struct plan_node *map, const char *key)
{
    const struct plan_node *list = plan_get(map, key);

    return plan_is_list(list) ? list->first : NULL;
}

const char *plan_text_of(const struct plan_node *node)
{
    return node != NULL && node->kind == PLAN_NODE_TEXT ? node->text : NULL;
}

const char *plan_text(const struct plan_node *map, const char *key)
{
    return plan_text_of(plan_get(map, key));
}

uint32_t plan_number(const struct plan_node *map, const char *key, uint32_t most,
                     uint32_t otherwise)
{
    const char *text = plan_text(map, key);
    uint64_t number = 0;

    if (text == NULL || !span_to_number(span_of(text), most, &number))
        return otherwise;
    return (uint32_t)number;
}

bool plan_is_true(const struct plan_node *map, const char *key)
{
    const struct plan_node *node = plan_get(map, key);

    return node != NULL && (node->is_true || strcmp(node->text, "true") == 0);
}

/* ---- making ---- */

/* a tree under way */
struct node_maker {
    struct arena *arena;
    const char *path;
    struct err *why;
    int *lines; /* JSON: of the objects, in their order */
    size_t line_count;
    size_t next_line;
};

/* node_make - an empty one */
static struct plan_node *node_make(struct node_maker *maker, enum plan_node_kind kind, int line)
{
    struct plan_node *node = arena_new_of(maker->arena, struct plan_node);

    *node = (struct plan_node){.kind = kind, .text = "", .line = line};
    return node;
}

/* node_refuse - always false */
static bool node_refuse(struct node_maker *maker, int line, const char *what)
{
    err_set(maker->why, "%s:%d: %s", maker->path, line, what);
    return false;
}

/* ---- JSON ---- */

/* json_find_lines - of every "{" that is not in a string */
static void json_find_lines(struct node_maker *maker, struct span bytes)
{
    bool is_string = false;
    int line = 1;

    for (size_t i = 0; i < bytes.len; i++) {
        char octet = bytes.at[i];

        if (octet == '\n')
            line++;
        else if (is_string && octet == '\\')
            i++;
        else if (octet == '"')
            is_string = !is_string;
        else if (octet == '{' && !is_string)
            arena_append(maker->arena, maker->lines, maker->line_count, line);
    }
}

static struct plan_node *json_make(struct node_maker *maker, json_t *value, int line,
                                   unsigned depth);

/* json_make_map - an object, its members in their order */
static struct plan_node *json_make_map(struct node_maker *maker, json_t *value, unsigned depth)
{
    int line = maker->next_line < maker->line_count ? maker->lines[maker->next_line] : 1;
    struct plan_node *map = node_make(maker, PLAN_NODE_MAP, line);
    struct plan_node **link = &map->first;
    const char *key = NULL;
    json_t *member = NULL;

    maker->next_line++;
    json_object_foreach(value, key, member)
    {
        *link = json_make(maker, member, line, depth + 1);
        if (*link == NULL)
            return NULL;
        (*link)->key = arena_strdup(maker->arena, key);
        link = &(*link)->next;
    }
    return map;
}

/* json_make_list - an array */
static struct plan_node *json_make_list(struct node_maker *maker, json_t *value, int line,
                                        unsigned depth)
{
    struct plan_node *list = node_make(maker, PLAN_NODE_LIST, line);
    struct plan_node **link = &list->first;
    size_t index = 0;
    json_t *member = NULL;

    json_array_foreach(value, index, member)
    {
        *link = json_make(maker, member, line, depth + 1);
        if (*link == NULL)
            return NULL;
        link = &(*link)->next;
    }
    return list;
}

/* json_make - any value */
static struct plan_node *json_make(struct node_maker *maker, json_t *value, int line,
                                   unsigned depth)
{
    struct plan_node *node = NULL;

    if (depth > LIMIT_PLAN_DEPTH) {
        node_refuse(maker, line, "nested too deeply");
        return NULL;
    }
    if (json_is_object(value))
        return json_make_map(maker, value, depth);
    if (json_is_array(value))
        return json_make_list(maker, value, line, depth);
    node = node_make(maker, json_is_null(value) ? PLAN_NODE_NULL : PLAN_NODE_TEXT, line);
    node->is_true = json_is_true(value);
    if (json_is_string(value))
        node->text = arena_strdup(maker->arena, json_string_value(value));
    else if (json_is_integer(value))
        node->text =
            arena_printf(maker->arena, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
    else if (json_is_boolean(value))
        node->text = json_is_true(value) ? "true" : "false";
    return node;
}

/* json_is_followed - a value is whole, and another one begins behind it */
static bool json_is_followed(struct span bytes)
{
    json_error_t error = {0};
    json_t *first = json_loadb(bytes.at, bytes.len, JSON_DISABLE_EOF_CHECK, &error);
    struct span rest = {0};

    if (first == NULL)
        return false;
    json_decref(first);
    rest = span_trim(span_from(bytes, (size_t)error.position));
    return rest.len > 0 && (rest.at[0] == '{' || rest.at[0] == '[');
}

struct plan_node *plan_json_read(struct arena *arena, const char *path, struct span bytes,
                                 struct err *why)
{
    struct node_maker maker = {.arena = arena, .path = path, .why = why};
    json_error_t error = {0};
    json_t *root = json_loadb(bytes.at, bytes.len, JSON_REJECT_DUPLICATES, &error);
    struct plan_node *node = NULL;

    if (root == NULL && json_is_followed(bytes)) {
        err_set(why,
                "%s: several JSON values one after the other; give one, or put pages into one "
                "list (jq -s .)",
                path);
        return NULL;
    }
    if (root == NULL) {
        /* the text of the error may quote the file, which may hold secrets */
        err_set(why, "%s:%d: not JSON: broken at column %d", path, error.line, error.column);
        return NULL;
    }
    json_find_lines(&maker, bytes);
    node = json_make(&maker, root, 1, 0);
    json_decref(root);
    return node;
}

/* ---- YAML ---- */

/* a file of YAML under way */
struct yaml_reader {
    struct node_maker maker;
    yaml_parser_t parser;
    yaml_event_t event;
};

/* yaml_line - of the event at hand */
static int yaml_line(const struct yaml_reader *in)
{
    return (int)in->event.start_mark.line + 1;
}

/* yaml_next - the next event in place of the one at hand */
static bool yaml_next(struct yaml_reader *in)
{
    yaml_event_delete(&in->event);
    if (yaml_parser_parse(&in->parser, &in->event))
        return true;
    return node_refuse(&in->maker, (int)in->parser.problem_mark.line + 1,
                       in->parser.problem != NULL
                           ? arena_printf(in->maker.arena, "not YAML: %s", in->parser.problem)
                           : "not YAML");
}

/* yaml_scalar - text, or null where it says so without quotes */
static struct plan_node *yaml_scalar(struct yaml_reader *in)
{
    const struct span value =
        span_make((const char *)in->event.data.scalar.value, in->event.data.scalar.length);
    bool is_plain = in->event.data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
    bool is_null = is_plain && (value.len == 0 || span_equal_text(value, "~") ||
                                span_equal_nocase(value, "null"));
    struct plan_node *node =
        node_make(&in->maker, is_null ? PLAN_NODE_NULL : PLAN_NODE_TEXT, yaml_line(in));

    if (span_find(value, '\0') >= 0) {
        node_refuse(&in->maker, yaml_line(in), "a value holds a NUL");
        return NULL;
    }
    node->text = arena_strdup_span(in->maker.arena, value);
    node->is_true = is_plain && span_equal_nocase(value, "true");
    return node;
}

static struct plan_node *yaml_make(struct yaml_reader *in, unsigned depth);

/* yaml_key - a key of a map; false: it is not text, or there is another of its name */
static bool yaml_key(struct yaml_reader *in, const struct plan_node *map, const char **key_out)
{
    if (in->event.type != YAML_SCALAR_EVENT)
        return node_refuse(&in->maker, yaml_line(in), "a key that is not text");
    *key_out =
        arena_strdup_span(in->maker.arena, span_make((const char *)in->event.data.scalar.value,
                                                     in->event.data.scalar.length));
    for (const struct plan_node *one = map->first; one != NULL; one = one->next)
        if (strcmp(one->key, *key_out) == 0)
            return node_refuse(&in->maker, yaml_line(in),
                               arena_printf(in->maker.arena, "duplicate key \"%s\"",
                                            escape_to_text(in->maker.arena, span_of(*key_out),
                                                           LIMIT_SHOWN_BYTES)));
    return yaml_next(in);
}

/* yaml_members - of a map or list, up to its end */
static bool yaml_members(struct yaml_reader *in, struct plan_node *node, unsigned depth)
{
    struct plan_node **link = &node->first;
    bool is_map = node->kind == PLAN_NODE_MAP;
    size_t count = 0;

    if (!yaml_next(in))
        return false;
    while (in->event.type != YAML_MAPPING_END_EVENT &&
           in->event.type != YAML_SEQUENCE_END_EVENT) {
        const char *key = NULL;
        struct plan_node *member = NULL;

        if (is_map && ++count > LIMIT_PLAN_KEYS)
            return node_refuse(&in->maker, yaml_line(in), "too many keys in one map");
        if (is_map && !yaml_key(in, node, &key))
            return false;
        member = yaml_make(in, depth + 1);
        if (member == NULL)
            return false;
        member->key = key;
        *link = member;
        link = &member->next;
        if (!yaml_next(in))
            return false;
    }
    return true;
}

/* yaml_tag - of the event at hand; NULL: it has none */
static const char *yaml_tag(const struct yaml_reader *in)
{
    if (in->event.type == YAML_SCALAR_EVENT)
        return (const char *)in->event.data.scalar.tag;
    if (in->event.type == YAML_SEQUENCE_START_EVENT)
        return (const char *)in->event.data.sequence_start.tag;
    if (in->event.type == YAML_MAPPING_START_EVENT)
        return (const char *)in->event.data.mapping_start.tag;
    return NULL;
}

/* yaml_make - the value whose first event is at hand */
static struct plan_node *yaml_make(struct yaml_reader *in, unsigned depth)
{
    static const char own_tags[] = "tag:yaml.org,2002:"; /* !!str and the like */
    const char *tag = yaml_tag(in);
    struct plan_node *node = NULL;

    if (depth > LIMIT_PLAN_DEPTH) {
        node_refuse(&in->maker, yaml_line(in), "nested too deeply");
        return NULL;
    }
    if (tag != NULL && strcmp(tag, "!") != 0 && !span_starts_with(span_of(tag), own_tags)) {
        node_refuse(
            &in->maker, yaml_line(in),
            arena_printf(in->maker.arena, "the tag %s is not followed: write the value itself",
                         escape_to_text(in->maker.arena, span_of(tag), LIMIT_SHOWN_BYTES)));
        return NULL;
    }
    if (in->event.type == YAML_SCALAR_EVENT)
        return yaml_scalar(in);
    if (in->event.type == YAML_ALIAS_EVENT) {
        node_refuse(&in->maker, yaml_line(in),
                    "an alias (*name) is not allowed: write the value");
        return NULL;
    }
    node = node_make(
        &in->maker, in->event.type == YAML_MAPPING_START_EVENT ? PLAN_NODE_MAP : PLAN_NODE_LIST,
        yaml_line(in));
    return yaml_members(in, node, depth) ? node : NULL;
}

/* yaml_documents - all of them */
static bool yaml_documents(struct yaml_reader *in, struct plan_node *list)
{
    struct plan_node **link = &list->first;

    if (!yaml_next(in)) /* the stream begins */
        return false;
    for (;;) {
        if (!yaml_next(in))
            return false;
        if (in->event.type == YAML_STREAM_END_EVENT)
            return true;
        if (!yaml_next(in)) /* behind the beginning of the document */
            return false;
        *link = yaml_make(in, 0);
        if (*link == NULL || !yaml_next(in)) /* the document ends */
            return false;
        link = &(*link)->next;
    }
}

struct plan_node *plan_yaml_read(struct arena *arena, const char *path, struct span bytes,
                                 struct err *why)
{
    struct yaml_reader in = {.maker = {.arena = arena, .path = path, .why = why}};
    struct plan_node *list = node_make(&in.maker, PLAN_NODE_LIST, 1);
    bool is_fine = false;

    if (!yaml_parser_initialize(&in.parser)) {
        err_set_kind(why, ERR_INTERNAL, "no memory to read YAML");
        return NULL;
    }
    yaml_parser_set_input_string(&in.parser, (const unsigned char *)bytes.at, bytes.len);
    is_fine = yaml_documents(&in, list);
    yaml_event_delete(&in.event);
    yaml_parser_delete(&in.parser);
    return is_fine ? list : NULL;
}
