/*
 * Two passes of libyaml: over the events, to refuse what nests without bound or multiplies by
 * aliases before anything is built of it; then over the document, by the schema.
 */
#include <string.h>

#include <yaml.h>

#include "base/escape.h"
#include "base/limits.h"
#include "base/must.h"
#include "policy/policy_yaml.h"

#define SEEN_BITS 64 /* keys of one schema: bits that remember which were seen */

struct yaml_reader {
    struct policy_file *file;
    yaml_document_t document;
};

/* ---- lines and mistakes ---- */

struct policy_file policy_file_start(struct arena *arena, const char *path)
{
    return (struct policy_file){.arena = arena, .path = path, .mistakes = sbuf_start(arena)};
}

/* is_same_place - both keys may be NULL */
static bool is_same_place(const struct policy_place *a, const struct policy_place *b)
{
    if ((a->list == NULL) != (b->list == NULL) || (a->key == NULL) != (b->key == NULL))
        return false;
    return (a->list == NULL || strcmp(a->list, b->list) == 0) && a->index == b->index &&
           (a->key == NULL || strcmp(a->key, b->key) == 0);
}

int policy_file_line(const struct policy_file *file, const struct policy_place *place)
{
    const struct policy_place entry = {place->list, place->index, NULL};

    for (size_t i = 0; i < file->line_count; i++)
        if (is_same_place(&file->lines[i].place, place))
            return file->lines[i].line;
    return place->key != NULL && place->list != NULL ? policy_file_line(file, &entry) : 1;
}

/* mistake_at - "FILE:LINE: sentence" */
static void mistake_at(struct policy_file *file, size_t line, const char *sentence)
{
    if (file->mistakes.len > ERR_TEXT_SIZE)
        return; /* no more would be shown */
    sbuf_addf(&file->mistakes, "%s%s:%zu: %s", file->mistakes.len > 0 ? "\n" : "", file->path,
              line, sentence);
}

void policy_mistake(struct policy_file *file, struct policy_place place, const char *sentence)
{
    mistake_at(file, (size_t)policy_file_line(file, &place), sentence);
}

bool policy_file_is_fine(const struct policy_file *file, struct err *why)
{
    struct sbuf mistakes = file->mistakes;

    if (mistakes.len == 0)
        return true;
    err_set(why, "%s", sbuf_text(&mistakes));
    return false;
}

/* node_mistake - about a node; libyaml counts lines from 0 */
static void node_mistake(struct policy_file *file, const yaml_node_t *node,
                         const char *sentence)
{
    mistake_at(file, node->start_mark.line + 1, sentence);
}

/* remember_line - the line of the value of a place */
static void remember_line(struct policy_file *file, struct policy_place place,
                          const yaml_node_t *node)
{
    const struct policy_line line = {place, (int)node->start_mark.line + 1};

    arena_append(file->arena, file->lines, file->line_count, line);
}

/* place_of_key - of a key in the mapping that is at `place` */
static struct policy_place place_of_key(struct arena *arena, struct policy_place place,
                                        const char *name)
{
    place.key = place.key == NULL ? name : arena_printf(arena, "%s.%s", place.key, name);
    return place;
}

/* place_of_entry - of an entry of the list that is at `place` */
static struct policy_place place_of_entry(struct arena *arena, struct policy_place place,
                                          size_t index)
{
    if (place.list == NULL)
        return (struct policy_place){place.key, index, NULL};
    place.key = arena_printf(arena, "%s[%zu]", place.key, index);
    return place;
}

/* ---- values ---- */

/* form_name - what a node is to who writes one */
static const char *form_name(yaml_node_type_t type)
{
    if (type == YAML_SEQUENCE_NODE)
        return "a list";
    return type == YAML_MAPPING_NODE ? "keys with values" : "one value";
}

/* has_form - the node is of this type, or a mistake says so; `what` names it */
static bool has_form(struct policy_file *file, const yaml_node_t *node, yaml_node_type_t type,
                     const char *what)
{
    if (node->type == type)
        return true;
    node_mistake(file, node,
                 arena_printf(file->arena, "%s must be %s, not %s", what, form_name(type),
                              form_name(node->type)));
    return false;
}

/* quoted_key - the name of a key, for a sentence */
static const char *quoted_key(struct arena *arena, const char *name)
{
    return arena_printf(arena, "\"%s\"", name);
}

/* scalar_span - the octets of one value */
static struct span scalar_span(const yaml_node_t *node)
{
    return span_make((const char *)node->data.scalar.value, node->data.scalar.length);
}

/* yaml_read_text - of a scalar that is not empty; NULL after a mistake */
static const char *yaml_read_text(struct policy_file *file, const yaml_node_t *node,
                                  const char *what)
{
    if (!has_form(file, node, YAML_SCALAR_NODE, what))
        return NULL;
    if (scalar_span(node).len > 0 &&
        memchr(node->data.scalar.value, '\0', node->data.scalar.length) == NULL)
        return arena_strdup_span(file->arena, scalar_span(node));
    node_mistake(file, node,
                 arena_printf(file->arena, "%s is empty%s", what,
                              scalar_span(node).len > 0 ? " or holds a NUL" : ""));
    return NULL;
}

/* word_list - "high, medium or low" */
static const char *word_list(struct arena *arena, const struct policy_yaml_word *words)
{
    struct sbuf list = sbuf_start(arena);

    for (; words->text != NULL; words++)
        sbuf_add_item(&list, words[1].text == NULL ? " or " : ", ", words->text);
    return sbuf_text(&list);
}

/* read_word - a word of a closed list */
static void read_word(struct policy_file *file, const yaml_node_t *node,
                      const struct policy_yaml_key *key, void *member)
{
    const char *text = yaml_read_text(file, node, quoted_key(file->arena, key->name));

    if (text == NULL)
        return;
    for (const struct policy_yaml_word *word = key->words; word->text != NULL; word++)
        if (strcmp(word->text, text) == 0) {
            memcpy(member, &word->value, sizeof(word->value));
            return;
        }
    node_mistake(file, node,
                 arena_printf(file->arena, "invalid value \"%s\" for \"%s\": expected %s",
                              escape_to_text(file->arena, span_of(text), LIMIT_SHOWN_BYTES),
                              key->name, word_list(file->arena, key->words)));
}

/* count_items - of a list that has some; 0 after a mistake */
static size_t count_items(struct policy_file *file, const yaml_node_t *node, const char *name)
{
    size_t count = 0;

    if (!has_form(file, node, YAML_SEQUENCE_NODE, quoted_key(file->arena, name)))
        return 0;
    count = (size_t)(node->data.sequence.items.top - node->data.sequence.items.start);
    if (count == 0)
        node_mistake(file, node, arena_printf(file->arena, "the list \"%s\" is empty", name));
    return count;
}

/* list_item - an entry of a list */
static const yaml_node_t *list_item(struct yaml_reader *in, const yaml_node_t *list,
                                    size_t index)
{
    return yaml_document_get_node(&in->document, list->data.sequence.items.start[index]);
}

/* read_texts - a list of texts */
static size_t read_texts(struct yaml_reader *in, const yaml_node_t *list, const char *name,
                         const char ***texts_out)
{
    size_t count = count_items(in->file, list, name);

    *texts_out = arena_array_of(in->file->arena, const char *, count);
    for (size_t i = 0; i < count; i++) {
        const char *what = arena_printf(in->file->arena, "an entry of \"%s\"", name);

        (*texts_out)[i] = yaml_read_text(in->file, list_item(in, list, i), what);
    }
    return count;
}

/* ---- mappings ---- */

/* what a mapping is read into, and its place */
struct yaml_target {
    const struct policy_yaml_schema *schema;
    struct policy_place place;
    char *into;
};

static void read_mapping(struct yaml_reader *in, const yaml_node_t *node,
                         const struct yaml_target *target);

/* read_entries - a list of mappings */
static size_t read_entries(struct yaml_reader *in, const yaml_node_t *list,
                           const struct policy_yaml_key *key, struct yaml_target list_target)
{
    struct arena *arena = in->file->arena;
    size_t count = count_items(in->file, list, key->name);
    size_t size = key->entry->size;
    const char *what = arena_printf(arena, "an entry of \"%s\"", key->name);
    char *entries = arena_alloc(arena, (count > 0 ? count : 1) * size);

    memcpy(list_target.into, &entries, sizeof(entries));
    for (size_t i = 0; i < count; i++) {
        const yaml_node_t *node = list_item(in, list, i);
        const struct yaml_target target = {
            key->entry, place_of_entry(arena, list_target.place, i), entries + i * size};

        remember_line(in->file, target.place, node);
        if (has_form(in->file, node, YAML_MAPPING_NODE, what))
            read_mapping(in, node, &target);
    }
    return count;
}

/* yaml_read_value - what follows a key of the mapping that is read into `target` */
static void yaml_read_value(struct yaml_reader *in, const yaml_node_t *node,
                            const struct policy_yaml_key *key, const struct yaml_target *target)
{
    struct policy_file *file = in->file;
    const struct yaml_target member = {key->entry,
                                       place_of_key(file->arena, target->place, key->name),
                                       target->into + key->offset};
    size_t count = 0;

    remember_line(file, member.place, node);
    switch (key->form) {
    case POLICY_FORM_TEXT:
        *(const char **)(void *)member.into =
            yaml_read_text(file, node, quoted_key(file->arena, key->name));
        return;
    case POLICY_FORM_WORD:
        read_word(file, node, key, member.into);
        return;
    case POLICY_FORM_TEXTS:
        count = read_texts(in, node, key->name, (const char ***)(void *)member.into);
        break;
    case POLICY_FORM_ENTRIES:
        count = read_entries(in, node, key, member);
        break;
    }
    memcpy(target->into + key->count_offset, &count, sizeof(count));
}

/* yaml_find_key - its index in the schema; -1 after a mistake */
static int yaml_find_key(struct yaml_reader *in, const yaml_node_t *node,
                         const struct policy_yaml_schema *schema)
{
    struct arena *arena = in->file->arena;
    struct sbuf known = sbuf_start(arena);
    const char *name = yaml_read_text(in->file, node, "a key");

    if (name == NULL)
        return -1;
    for (int i = 0; schema->keys[i].name != NULL; i++) {
        if (strcmp(schema->keys[i].name, name) == 0)
            return i;
        sbuf_add_item(&known, ", ", schema->keys[i].name);
    }
    node_mistake(in->file, node,
                 arena_printf(arena, "unknown key \"%s\": expected one of %s",
                              escape_to_text(arena, span_of(name), LIMIT_SHOWN_BYTES),
                              sbuf_text(&known)));
    return -1;
}

/* report_missing - keys that have to be there and are not */
static void report_missing(struct yaml_reader *in, const yaml_node_t *node,
                           const struct policy_yaml_schema *schema, uint64_t seen)
{
    for (size_t i = 0; schema->keys[i].name != NULL; i++)
        if (!schema->keys[i].is_optional && (seen & (UINT64_C(1) << i)) == 0)
            node_mistake(
                in->file, node,
                arena_printf(in->file->arena, "\"%s\" is missing", schema->keys[i].name));
}

/* read_mapping - every key of one mapping */
static void read_mapping(struct yaml_reader *in, const yaml_node_t *node,
                         const struct yaml_target *target)
{
    const struct policy_yaml_schema *schema = target->schema;
    const yaml_node_pair_t *pair = node->data.mapping.pairs.start;
    uint64_t seen = 0;

    for (; pair < node->data.mapping.pairs.top; pair++) {
        const yaml_node_t *name = yaml_document_get_node(&in->document, pair->key);
        int index = yaml_find_key(in, name, schema);
        uint64_t bit = 0;

        if (index < 0)
            continue;
        must(index < SEEN_BITS);
        bit = UINT64_C(1) << index;
        if ((seen & bit) != 0)
            node_mistake(in->file, name,
                         arena_printf(in->file->arena, "\"%s\" is given twice",
                                      schema->keys[index].name));
        else
            yaml_read_value(in, yaml_document_get_node(&in->document, pair->value),
                            &schema->keys[index], target);
        seen |= bit;
    }
    report_missing(in, node, schema, seen);
}

/* ---- the text ---- */

/* explain_parser - what libyaml says, with the line */
static void explain_parser(const yaml_parser_t *parser, const char *path, struct err *why)
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

/* start_parser - libyaml at the beginning of the text */
static bool start_parser(yaml_parser_t *parser, const char *path, struct span text,
                         struct err *why)
{
    if (!yaml_parser_initialize(parser)) {
        err_set_kind(why, ERR_INTERNAL, "%s: libyaml has no memory", path);
        return false;
    }
    yaml_parser_set_input_string(parser, (const unsigned char *)text.at, text.len);
    return true;
}

struct yaml_shape { /* so far */
    int depth;
    unsigned documents;
};

/* shape_fault - why the text is not read on at this event; NULL: nothing wrong */
static const char *shape_fault(struct arena *arena, struct yaml_shape *shape,
                               const yaml_event_t *event)
{
    switch (event->type) {
    case YAML_SEQUENCE_START_EVENT:
    case YAML_MAPPING_START_EVENT:
        shape->depth++;
        break;
    case YAML_SEQUENCE_END_EVENT:
    case YAML_MAPPING_END_EVENT:
        shape->depth--;
        break;
    case YAML_DOCUMENT_START_EVENT:
        shape->documents++;
        break;
    case YAML_ALIAS_EVENT:
        return "an alias (*name) is not allowed: write the value";
    case YAML_NO_EVENT:
    case YAML_STREAM_START_EVENT:
    case YAML_STREAM_END_EVENT:
    case YAML_DOCUMENT_END_EVENT:
    case YAML_SCALAR_EVENT:
        break;
    }
    if (shape->depth > LIMIT_YAML_DEPTH)
        return arena_printf(arena, "nested more than %d deep", LIMIT_YAML_DEPTH);
    return shape->documents > 1 ? "a second document begins" : NULL;
}

/* has_shape - the whole text is YAML: one document without aliases that is not nested beyond
 * what a policy needs */
static bool has_shape(struct policy_file *file, struct span text, struct err *why)
{
    struct yaml_shape shape = {0};
    yaml_parser_t parser;
    bool is_over = false;
    bool is_fine = true;

    if (!start_parser(&parser, file->path, text, why))
        return false;
    while (is_fine && !is_over) {
        yaml_event_t event;
        const char *fault = NULL;

        is_fine = yaml_parser_parse(&parser, &event);
        if (!is_fine) {
            explain_parser(&parser, file->path, why);
            break;
        }
        is_over = event.type == YAML_STREAM_END_EVENT;
        fault = shape_fault(file->arena, &shape, &event);
        if (fault != NULL)
            err_set(why, "%s:%zu: %s", file->path, event.start_mark.line + 1, fault);
        is_fine = fault == NULL;
        yaml_event_delete(&event);
    }
    yaml_parser_delete(&parser);
    return is_fine;
}

/* read_document - the structure; mistakes are in the file */
static void *read_document(struct yaml_reader *in, const struct policy_yaml_schema *schema)
{
    const yaml_node_t *root = yaml_document_get_root_node(&in->document);
    char *result = arena_alloc(in->file->arena, schema->size);
    const struct yaml_target target = {schema, {NULL, 0, NULL}, result};

    if (root == NULL)
        mistake_at(in->file, 1, "the file is empty");
    else if (has_form(in->file, root, YAML_MAPPING_NODE, "the file"))
        read_mapping(in, root, &target);
    return result;
}

void *policy_yaml_read(struct policy_file *file, struct span text,
                       const struct policy_yaml_schema *schema, struct err *why)
{
    struct yaml_reader in = {.file = file};
    yaml_parser_t parser;
    void *result = NULL;

    if (!has_shape(file, text, why) || !start_parser(&parser, file->path, text, why))
        return NULL;
    if (yaml_parser_load(&parser, &in.document)) {
        result = read_document(&in, schema);
        yaml_document_delete(&in.document);
    } else {
        explain_parser(&parser, file->path, why);
    }
    yaml_parser_delete(&parser);
    return result != NULL && policy_file_is_fine(file, why) ? result : NULL;
}

bool policy_yaml_is_name(const char *text)
{
    for (const char *at = text; *at != '\0'; at++)
        if (!(ascii_is_alnum(*at) && *at == ascii_to_lower(*at)) && *at != '-' && *at != '.')
            return false;
    return text[0] != '\0';
}
