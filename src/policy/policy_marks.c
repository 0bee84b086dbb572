/* A document of libyaml, walked once; only lines are kept. */
#include <string.h>

#include <yaml.h>

#include "base/escape.h"
#include "base/limits.h"
#include "policy/policy_marks.h"

struct mark {
    struct policy_place place;
    int line;
};

struct policy_marks {
    struct arena *arena;
    struct mark *marks;
    size_t count;
};

/* marks_add - remember a value's line; libyaml counts from 0 */
static void marks_add(struct policy_marks *marks, struct policy_place place,
                      const yaml_node_t *node)
{
    const struct mark mark = {place, (int)node->start_mark.line + 1};

    arena_append(marks->arena, marks->marks, marks->count, mark);
}

/* marks_text_of - of a scalar; "" for anything else */
static const char *marks_text_of(struct arena *arena, const yaml_node_t *node)
{
    if (node == NULL || node->type != YAML_SCALAR_NODE)
        return "";
    return arena_strdup_span(
        arena, span_make((const char *)node->data.scalar.value, node->data.scalar.length));
}

/* walk_inner - the values of the entries of a list in an entry; anything else has none */
static void walk_inner(struct policy_marks *marks, yaml_document_t *document,
                       const yaml_node_t *list, struct policy_place place)
{
    const char *name = place.key;
    const yaml_node_item_t *first = NULL;

    if (list->type != YAML_SEQUENCE_NODE)
        return;
    first = list->data.sequence.items.start;
    for (size_t i = 0; first + i < list->data.sequence.items.top; i++) {
        const yaml_node_t *node = yaml_document_get_node(document, first[i]);
        const yaml_node_pair_t *pair = NULL;

        if (node == NULL || node->type != YAML_MAPPING_NODE)
            continue;
        for (pair = node->data.mapping.pairs.start; pair < node->data.mapping.pairs.top;
             pair++) {
            const yaml_node_t *key = yaml_document_get_node(document, pair->key);
            const yaml_node_t *value = yaml_document_get_node(document, pair->value);

            place.key = arena_printf(marks->arena, "%s[%zu].%s", name, i,
                                     marks_text_of(marks->arena, key));
            if (value != NULL)
                marks_add(marks, place, value);
        }
    }
}

/* walk_mapping - every value of one mapping */
static void walk_mapping(struct policy_marks *marks, yaml_document_t *document,
                         const yaml_node_t *mapping, const struct policy_place *above)
{
    const yaml_node_pair_t *pair = mapping->data.mapping.pairs.start;

    for (; pair < mapping->data.mapping.pairs.top; pair++) {
        const yaml_node_t *key = yaml_document_get_node(document, pair->key);
        const yaml_node_t *value = yaml_document_get_node(document, pair->value);
        struct policy_place place = *above;

        place.key = marks_text_of(marks->arena, key);
        if (value == NULL)
            continue;
        marks_add(marks, place, value);
        if (place.list != NULL)
            walk_inner(marks, document, value, place);
    }
}

/* walk_list - every entry of one list at the top level, and its values */
static void walk_list(struct policy_marks *marks, yaml_document_t *document,
                      const yaml_node_t *list, const char *name)
{
    const yaml_node_item_t *item = list->data.sequence.items.start;
    struct policy_place place = {.list = name};

    for (; item < list->data.sequence.items.top; item++, place.index++) {
        const yaml_node_t *node = yaml_document_get_node(document, *item);

        if (node == NULL)
            continue;
        marks_add(marks, place, node);
        if (node->type == YAML_MAPPING_NODE)
            walk_mapping(marks, document, node, &place);
    }
}

/* marks_walk - the top level and the lists in it */
static void marks_walk(struct policy_marks *marks, yaml_document_t *document)
{
    const yaml_node_t *root = yaml_document_get_root_node(document);
    const struct policy_place top = {NULL, 0, NULL};

    if (root == NULL || root->type != YAML_MAPPING_NODE)
        return;
    walk_mapping(marks, document, root, &top);
    for (const yaml_node_pair_t *pair = root->data.mapping.pairs.start;
         pair < root->data.mapping.pairs.top; pair++) {
        const yaml_node_t *value = yaml_document_get_node(document, pair->value);

        if (value != NULL && value->type == YAML_SEQUENCE_NODE)
            walk_list(marks, document, value,
                      marks_text_of(marks->arena, yaml_document_get_node(document, pair->key)));
    }
}

/* marks_explain - what libyaml says, with the line */
static void marks_explain(const yaml_parser_t *parser, const char *path, struct err *why)
{
    const char *problem = parser->problem != NULL ? parser->problem : "cannot be read";
    size_t line = parser->problem_mark.line + 1;

    /* errors of the encoding have an offset only */
    if (parser->error == YAML_READER_ERROR)
        err_set(why, "%s: octet %zu: %s", path, parser->problem_offset, problem);
    else
        err_set(why, "%s:%zu: not YAML: %s%s%s", path, line, problem,
                parser->context != NULL ? " " : "",
                parser->context != NULL ? parser->context : "");
}

/* marks_start - libyaml at the beginning of the text */
static bool marks_start(yaml_parser_t *parser, const char *path, struct span text,
                        struct err *why)
{
    if (!yaml_parser_initialize(parser)) {
        err_set_kind(why, ERR_INTERNAL, "%s: libyaml has no memory", path);
        return false;
    }
    yaml_parser_set_input_string(parser, (const unsigned char *)text.at, text.len);
    return true;
}

/* depth_of - how an event changes the depth */
static int depth_of(const yaml_event_t *event)
{
    if (event->type == YAML_SEQUENCE_START_EVENT || event->type == YAML_MAPPING_START_EVENT)
        return 1;
    if (event->type == YAML_SEQUENCE_END_EVENT || event->type == YAML_MAPPING_END_EVENT)
        return -1;
    return 0;
}

/* is_shallow - the whole text is YAML, and not nested beyond what a policy needs */
static bool is_shallow(const char *path, struct span text, struct err *why)
{
    yaml_parser_t parser;
    bool is_fine = false;
    bool is_over = false;
    int depth = 0;

    if (!marks_start(&parser, path, text, why))
        return false;
    while (!is_over) {
        yaml_event_t event;

        if (!yaml_parser_parse(&parser, &event)) {
            marks_explain(&parser, path, why);
            break;
        }
        depth += depth_of(&event);
        is_fine = event.type == YAML_STREAM_END_EVENT;
        is_over = is_fine || depth > LIMIT_YAML_DEPTH;
        if (depth > LIMIT_YAML_DEPTH)
            err_set(why, "%s:%zu: nested more than %d deep", path, event.start_mark.line + 1,
                    LIMIT_YAML_DEPTH);
        yaml_event_delete(&event);
    }
    yaml_parser_delete(&parser);
    return is_fine;
}

struct policy_marks *policy_marks_read(struct arena *arena, const char *path, struct span text,
                                       struct err *why)
{
    struct policy_marks *marks = arena_new_of(arena, struct policy_marks);
    struct policy_marks *result = NULL;
    yaml_parser_t parser;
    yaml_document_t document;

    marks->arena = arena;
    if (!is_shallow(path, text, why) || !marks_start(&parser, path, text, why))
        return NULL;
    if (yaml_parser_load(&parser, &document)) {
        marks_walk(marks, &document);
        yaml_document_delete(&document);
        result = marks;
    } else {
        marks_explain(&parser, path, why);
    }
    yaml_parser_delete(&parser);
    return result;
}

/* is_at - the same place; both keys may be NULL */
static bool is_at(const struct mark *mark, const struct policy_place *place)
{
    const char *list = mark->place.list;
    const char *key = mark->place.key;

    if ((list == NULL) != (place->list == NULL) || (key == NULL) != (place->key == NULL))
        return false;
    return (list == NULL || strcmp(list, place->list) == 0) &&
           mark->place.index == place->index && (key == NULL || strcmp(key, place->key) == 0);
}

int policy_marks_line(const struct policy_marks *marks, const struct policy_place *place)
{
    const struct policy_place entry = {place->list, place->index, NULL};

    for (size_t i = 0; i < marks->count; i++)
        if (is_at(&marks->marks[i], place))
            return marks->marks[i].line;
    return place->key != NULL && place->list != NULL ? policy_marks_line(marks, &entry) : 1;
}

int policy_marks_key(const struct policy_marks *marks, const char *key, int from)
{
    int first = 0;

    for (size_t i = 0; i < marks->count; i++) {
        const struct mark *mark = &marks->marks[i];

        if (mark->place.key != NULL && strcmp(mark->place.key, key) == 0 &&
            mark->line >= from && (first == 0 || mark->line < first))
            first = mark->line;
    }
    return first;
}
