/* The tree of libyaml is walked once: three lists of mappings, each with its own keys. */
#include "policy/policy_reply.h"

#include <yaml.h>

#include "base/escape.h"
#include "base/limits.h"
#include "base/sbuf.h"
#include "reply/reply.h"

struct reader {
    struct arena *arena;
    const char *path;
    yaml_document_t *document;
    struct sbuf mistakes;
    struct policy_reply_file *file;
};

/* ---- nodes ---- */

/* reply_mistake - one more line about a node */
static void reply_mistake(struct reader *in, const yaml_node_t *node, const char *what)
{
    sbuf_addf(&in->mistakes, "%s%s:%zu: %s", in->mistakes.len > 0 ? "\n" : "", in->path,
              node->start_mark.line + 1, what);
}

/* node_text - the text of a scalar; NULL: it is something else */
static const char *node_text(struct reader *in, const yaml_node_t *node)
{
    if (node == NULL || node->type != YAML_SCALAR_NODE)
        return NULL;
    return arena_strdup_span(
        in->arena, span_make((const char *)node->data.scalar.value, node->data.scalar.length));
}

/* node_value - the value of a key of a mapping; NULL: it has none */
static yaml_node_t *node_value(struct reader *in, const yaml_node_t *mapping, const char *key)
{
    const yaml_node_pair_t *pair = NULL;

    if (mapping == NULL || mapping->type != YAML_MAPPING_NODE)
        return NULL;
    for (pair = mapping->data.mapping.pairs.start; pair < mapping->data.mapping.pairs.top;
         pair++) {
        const char *name = node_text(in, yaml_document_get_node(in->document, pair->key));

        if (name != NULL && strcmp(name, key) == 0)
            return yaml_document_get_node(in->document, pair->value);
    }
    return NULL;
}

/* check_keys - a mapping with no other keys than these, " " between, and each once */
static bool check_keys(struct reader *in, const yaml_node_t *mapping, const char *keys)
{
    const yaml_node_pair_t *pair = NULL;

    if (mapping->type != YAML_MAPPING_NODE) {
        reply_mistake(in, mapping, "expected a mapping of keys and values");
        return false;
    }
    for (pair = mapping->data.mapping.pairs.start; pair < mapping->data.mapping.pairs.top;
         pair++) {
        const yaml_node_t *node = yaml_document_get_node(in->document, pair->key);
        const char *name = node_text(in, node);
        struct span rest = span_of(keys);
        bool is_known = false;

        while (rest.len > 0 && name != NULL && !is_known)
            is_known = span_equal_text(span_cut(&rest, ' '), name);
        if (!is_known)
            reply_mistake(in, node,
                          arena_printf(in->arena, "unknown key; expected one of: %s", keys));
        else if (node_value(in, mapping, name) !=
                 yaml_document_get_node(in->document, pair->value))
            reply_mistake(in, node, "this key is given twice");
    }
    return true;
}

/* text_of - the text of a key; NULL where it is missing, which is a mistake if it is needed */
static const char *text_of(struct reader *in, const yaml_node_t *mapping, const char *key,
                           bool is_needed)
{
    const yaml_node_t *node = node_value(in, mapping, key);
    const char *text = node_text(in, node);

    if (node == NULL && is_needed)
        reply_mistake(in, mapping, arena_printf(in->arena, "the key \"%s\" is missing", key));
    if (node != NULL && (text == NULL || text[0] == '\0'))
        reply_mistake(in, node, arena_printf(in->arena, "\"%s\" must be a text", key));
    return text;
}

/* bad_value - a mistake about a value that is quoted */
static void bad_value(struct reader *in, const yaml_node_t *mapping, const char *key,
                      const char *expected)
{
    const yaml_node_t *node = node_value(in, mapping, key);
    const char *text = node_text(in, node);

    reply_mistake(in, node != NULL ? node : mapping,
                  arena_printf(in->arena, "invalid value \"%s\" for \"%s\": expected %s",
                               escape_to_text(in->arena, span_of(text), LIMIT_SHOWN_BYTES), key,
                               expected));
}

/* reply_list_of - the entries of a list, in an array that ends in NULL; empty where it is
 * missing */
static const char **reply_list_of(struct reader *in, const yaml_node_t *mapping,
                                  const char *key)
{
    const yaml_node_t *list = node_value(in, mapping, key);
    const char **texts = arena_array_of(in->arena, const char *, 1);
    size_t count = 0;

    if (list != NULL && list->type != YAML_SEQUENCE_NODE)
        reply_mistake(in, list, arena_printf(in->arena, "\"%s\" must be a list", key));
    else if (list != NULL)
        for (const yaml_node_item_t *item = list->data.sequence.items.start;
             item < list->data.sequence.items.top; item++) {
            const char *text = node_text(in, yaml_document_get_node(in->document, *item));

            arena_append(in->arena, texts, count, text != NULL ? text : "");
        }
    arena_append(in->arena, texts, count, NULL);
    return texts;
}

/* ---- the three kinds of entry ---- */

/* is_day - 2026-11-29 */
static bool is_day(const char *text)
{
    static const char form[] = "0000-00-00";

    for (size_t i = 0; i < sizeof(form); i++)
        if (form[i] == '0' ? !ascii_is_digit(text[i]) : text[i] != form[i])
            return false;
    return true;
}

/* take_source - where a text was read, and when */
static void take_source(struct reader *in, const yaml_node_t *node)
{
    struct policy_reply_file *file = in->file;
    struct reply_source source = {0};

    if (!check_keys(in, node, "id title url read"))
        return;
    source.id = text_of(in, node, "id", true);
    source.title = text_of(in, node, "title", true);
    source.url = text_of(in, node, "url", false);
    source.read = text_of(in, node, "read", true);
    if (source.read != NULL && !is_day(source.read))
        bad_value(in, node, "read", "a day like 2026-11-29");
    arena_append(in->arena, file->sources, file->source_count, source);
}

/* take_speaker - who writes, and how to recognise it */
static void take_speaker(struct reader *in, const yaml_node_t *node)
{
    struct policy_reply_file *file = in->file;
    struct reply_speaker speaker = {0};
    const char *kind = NULL;

    if (!check_keys(in, node, "id title kind hosts signs"))
        return;
    speaker.id = text_of(in, node, "id", true);
    speaker.title = text_of(in, node, "title", true);
    kind = text_of(in, node, "kind", true);
    speaker.is_receiver = kind != NULL && strcmp(kind, "receiver") == 0;
    if (kind != NULL && !speaker.is_receiver && strcmp(kind, "software") != 0)
        bad_value(in, node, "kind", "receiver or software");
    speaker.hosts = reply_list_of(in, node, "hosts");
    speaker.signs = reply_list_of(in, node, "signs");
    arena_append(in->arena, file->speakers, file->speaker_count, speaker);
}

/* find_speaker, find_source - by id; NULL: nobody listed it */
static const struct reply_speaker *find_speaker(const struct reader *in, const char *id)
{
    for (size_t i = 0; i < in->file->speaker_count; i++)
        if (in->file->speakers[i].id != NULL && strcmp(in->file->speakers[i].id, id) == 0)
            return &in->file->speakers[i];
    return NULL;
}

static const struct reply_source *reply_find_source(const struct reader *in, const char *id)
{
    for (size_t i = 0; i < in->file->source_count; i++)
        if (in->file->sources[i].id != NULL && strcmp(in->file->sources[i].id, id) == 0)
            return &in->file->sources[i];
    return NULL;
}

/* reply_find_word - the number of a word in a list with blanks between; -1: it is not there */
static int reply_find_word(const char *word, const char *list)
{
    struct span rest = span_of(list);

    for (int number = 0; rest.len > 0; number++)
        if (span_equal_text(span_cut(&rest, ' '), word))
            return number;
    return -1;
}

/* take_kind - which of the three keys holds the pattern */
static void take_kind(struct reader *in, const yaml_node_t *node, struct reply_phrase *phrase)
{
    static const struct {
        const char *key;
        enum reply_evidence kind;
    } kinds[] = {{"text", REPLY_BY_PHRASE}, {"mark", REPLY_BY_MARK}, {"word", REPLY_BY_WORD}};

    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
        if (node_value(in, node, kinds[i].key) != NULL) {
            if (phrase->text != NULL)
                reply_mistake(in, node, "give one of text, mark and word");
            phrase->text = text_of(in, node, kinds[i].key, true);
            phrase->kind = kinds[i].kind;
        }
    if (phrase->text == NULL)
        reply_mistake(in, node, "the pattern is missing: give text, mark or word");
}

/* check_facts_named - each name in braces is a fact */
static void check_facts_named(struct reader *in, const yaml_node_t *node, const char *text)
{
    struct span rest = span_of(text);

    span_cut(&rest, '{');
    while (rest.len > 0) {
        struct span name = span_cut(&rest, '}');
        int fact = 0;

        while (fact < REPLY_FACTS && !span_equal_text(name, reply_fact_to_text(fact)))
            fact++;
        if (fact == REPLY_FACTS)
            reply_mistake(in, node, "the name in braces is not a fact");
        span_cut(&rest, '{');
    }
}

/* check_pattern - lower case, single blanks, known facts, and a literal to begin with */
static void check_pattern(struct reader *in, const yaml_node_t *node,
                          const struct reply_phrase *phrase)
{
    const char *text = phrase->text;
    bool is_bad = text[0] == '*' || text[0] == '{' || text[0] == ' ';

    for (size_t i = 0; text[i] != '\0'; i++)
        is_bad = is_bad || (unsigned char)text[i] < 32 ||
                 (text[i] == ' ' && text[i + 1] == ' ') ||
                 (phrase->kind != REPLY_BY_MARK && text[i] != ascii_to_lower(text[i]));
    if (is_bad)
        reply_mistake(in, node,
                      "a pattern is in lower case (but for marks), with single blanks, and "
                      "begins with a letter or sign");
    check_facts_named(in, node, text);
    for (size_t i = 0; i < in->file->phrase_count; i++)
        if (strcmp(in->file->phrases[i].text, text) == 0 &&
            in->file->phrases[i].reply == phrase->reply &&
            (in->file->phrases[i].enhanced == NULL) == (phrase->enhanced == NULL) &&
            in->file->phrases[i].step == phrase->step)
            reply_mistake(in, node, "this pattern is there twice");
}

/* take_bounds - code and step that the phrase is bound to */
static void take_bounds(struct reader *in, const yaml_node_t *node, struct reply_phrase *phrase)
{
    const char *code = text_of(in, node, "code", false);
    const char *step = text_of(in, node, "step", false);
    const char *sure = text_of(in, node, "sure", false);
    struct smtp_enhanced code5 = {0};
    uint64_t number = 0;
    int word = 0;

    if (code != NULL && (!span_to_number(span_of(code), 599, &number) ||
                         (number != 4 && number != 5 && number < 200)))
        bad_value(in, node, "code", "a reply code, or 4 or 5 for its class");
    phrase->reply = (unsigned)number;
    phrase->enhanced = text_of(in, node, "enhanced", false);
    if (phrase->enhanced != NULL &&
        !smtp_enhanced_parse(span_of(arena_printf(in->arena, "5.%s", phrase->enhanced)),
                             &code5))
        bad_value(in, node, "enhanced", "subject and detail, like 1.8");
    if (step != NULL) {
        word = reply_find_word(step, "unknown greeting ehlo starttls auth mail rcpt data dot");
        if (word <= 0)
            bad_value(in, node, "step",
                      "greeting, ehlo, starttls, auth, mail, rcpt, data or dot");
        phrase->step = word > 0 ? (enum reply_step)word : REPLY_STEP_UNKNOWN;
    }
    phrase->confidence = phrase->kind == REPLY_BY_WORD ? REPLY_MEDIUM : REPLY_HIGH;
    if (sure != NULL) {
        word = reply_find_word(sure, "low medium high");
        if (word < 0)
            bad_value(in, node, "sure", "low, medium or high");
        phrase->confidence = word >= 0 ? (enum reply_confidence)word : REPLY_LOW;
    }
}

/* take_phrase - one pattern and what it means */
static void take_phrase(struct reader *in, const yaml_node_t *node)
{
    struct policy_reply_file *file = in->file;
    struct reply_phrase phrase = {0};
    const char *cause = NULL;
    const char *who = NULL;
    const char *from = NULL;

    if (!check_keys(in, node,
                    "text mark word cause who from code enhanced step sure means todo"))
        return;
    take_kind(in, node, &phrase);
    take_bounds(in, node, &phrase);
    if (phrase.text == NULL)
        return;
    check_pattern(in, node, &phrase);
    cause = text_of(in, node, "cause", true);
    phrase.cause = cause != NULL ? reply_cause_find(span_of(cause)) : REPLY_CAUSE_UNKNOWN;
    if (phrase.cause == REPLY_CAUSES)
        bad_value(in, node, "cause", "the id of a row of reply_cause.def");
    who = text_of(in, node, "who", false);
    if (who != NULL && (phrase.speaker = find_speaker(in, who)) == NULL)
        bad_value(in, node, "who", "the id of one of the speakers");
    from = text_of(in, node, "from", true);
    if (from != NULL && (phrase.source = reply_find_source(in, from)) == NULL)
        bad_value(in, node, "from", "the id of one of the sources");
    phrase.means = text_of(in, node, "means", false);
    phrase.todo = text_of(in, node, "todo", false);
    arena_append(in->arena, file->phrases, file->phrase_count, phrase);
}

/* ---- the file ---- */

typedef void take_entry_fn(struct reader *in, const yaml_node_t *node);

/* reply_take_list - each entry of one list */
static void reply_take_list(struct reader *in, const yaml_node_t *root, const char *key,
                            take_entry_fn *take)
{
    const yaml_node_t *list = node_value(in, root, key);

    if (list == NULL || list->type != YAML_SEQUENCE_NODE) {
        reply_mistake(in, list != NULL ? list : root,
                      arena_printf(in->arena, "\"%s\" must be a list", key));
        return;
    }
    for (const yaml_node_item_t *item = list->data.sequence.items.start;
         item < list->data.sequence.items.top; item++)
        take(in, yaml_document_get_node(in->document, *item));
}

/* read_tree - the whole document */
static void read_tree(struct reader *in)
{
    const yaml_node_t *root = yaml_document_get_root_node(in->document);

    if (root == NULL) {
        sbuf_addf(&in->mistakes, "%s:1: the file is empty", in->path);
        return;
    }
    if (!check_keys(in, root, "as-of sources speakers phrases"))
        return;
    in->file->as_of = text_of(in, root, "as-of", true);
    if (in->file->as_of != NULL && !is_day(in->file->as_of))
        bad_value(in, root, "as-of", "a day like 2026-11-29");
    reply_take_list(in, root, "sources", take_source);
    reply_take_list(in, root, "speakers", take_speaker);
    reply_take_list(in, root, "phrases", take_phrase);
}

const struct policy_reply_file *policy_reply_parse(struct arena *arena, const char *path,
                                                   struct span text, struct err *why)
{
    struct policy_reply_file *file = arena_new_of(arena, struct policy_reply_file);
    struct reader in = {.arena = arena, .path = path, .mistakes = sbuf_start(arena)};
    yaml_parser_t parser;
    yaml_document_t document;

    in.file = file;
    if (!yaml_parser_initialize(&parser)) {
        err_set_kind(why, ERR_INTERNAL, "%s: libyaml has no memory", path);
        return NULL;
    }
    yaml_parser_set_input_string(&parser, (const unsigned char *)text.at, text.len);
    if (yaml_parser_load(&parser, &document)) {
        in.document = &document;
        read_tree(&in);
        yaml_document_delete(&document);
    } else {
        sbuf_addf(&in.mistakes, "%s:%zu: not YAML: %s", path, parser.problem_mark.line + 1,
                  parser.problem != NULL ? parser.problem : "cannot be read");
    }
    yaml_parser_delete(&parser);
    if (in.mistakes.len == 0)
        return file;
    err_set(why, "%s", sbuf_text(&in.mistakes));
    return NULL;
}
