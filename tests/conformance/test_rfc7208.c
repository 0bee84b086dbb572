/*
 * SPF against our own cases in testdata/conformance, one YAML document per class of the
 * published RFC 7208 suite, and against that suite where it is found. Each document is one
 * cmocka test that names every case it fails.
 *
 * Conventions of the suite: a record of type SPF stands for a TXT record, unless its name
 * lists TXT itself ("TXT: NONE" lists it without a record); "TIMEOUT" fails every type that
 * the name does not list; several results may be right; the explanation "DEFAULT" means that
 * the domain gives none.
 */
#include <stdlib.h>
#include <yaml.h>

#include "auth/auth_spf.h"
#include "base/sbuf.h"
#include "unit.h"
#include "world.h"

#define SUITE          SHARED_DIR "/conformance/rfc7208-tests.yml"
#define SUITE_VARIABLE "RFC7208_SUITE" /* names the file where it is elsewhere */
#define OWN_CASES      TESTDATA_DIR "/conformance/rfc7208.yml"
#define CLASSES        16 /* of the suite; each has a document of our own */
#define SCENARIOS_MAX  48

static unsigned total;
static unsigned passed;

struct scenario {
    yaml_document_t document;
    char *name;
};

static struct scenario scenarios[SCENARIOS_MAX];
static size_t scenario_count;

/* text_of - a scalar's octets */
static struct span text_of(const yaml_node_t *node)
{
    if (node == NULL || node->type != YAML_SCALAR_NODE)
        return span_make(NULL, 0);
    return span_make((const char *)node->data.scalar.value, node->data.scalar.length);
}

/* get - the value of a key of a mapping; NULL if there is none */
static yaml_node_t *get(yaml_document_t *document, const yaml_node_t *map, const char *key)
{
    if (map == NULL || map->type != YAML_MAPPING_NODE)
        return NULL;
    for (yaml_node_pair_t *pair = map->data.mapping.pairs.start;
         pair < map->data.mapping.pairs.top; pair++)
        if (span_equal_text(text_of(yaml_document_get_node(document, pair->key)), key))
            return yaml_document_get_node(document, pair->value);
    return NULL;
}

/* element - the n-th element of a sequence; a scalar is a sequence of itself */
static yaml_node_t *element(yaml_document_t *document, yaml_node_t *node, size_t n)
{
    if (node->type == YAML_SCALAR_NODE)
        return n == 0 ? node : NULL;
    if (node->type != YAML_SEQUENCE_NODE ||
        n >= (size_t)(node->data.sequence.items.top - node->data.sequence.items.start))
        return NULL;
    return yaml_document_get_node(document, node->data.sequence.items.start[n]);
}

/* add_name - a name in presentation form; a final dot makes no difference */
static void add_name(struct sbuf *world, struct span name)
{
    if (name.len == 0)
        sbuf_add(world, ".");
    for (size_t i = 0; i < name.len; i++) {
        if (ascii_is_alnum(name.at[i]) || strchr(".-_", name.at[i]) != NULL)
            sbuf_add_octet(world, name.at[i]);
        else
            sbuf_addf(world, "\\%03u", (unsigned)(unsigned char)name.at[i]);
    }
}

/* add_strings - the character-strings of a TXT record */
static void add_strings(struct sbuf *world, yaml_document_t *document, yaml_node_t *value)
{
    if (element(document, value, 0) == NULL)
        sbuf_add(world, " \"\"");
    for (size_t n = 0; element(document, value, n) != NULL; n++) {
        struct span text = text_of(element(document, value, n));

        sbuf_add(world, " \"");
        for (size_t i = 0; i < text.len; i++)
            sbuf_addf(world, "\\%03u", (unsigned)(unsigned char)text.at[i]);
        sbuf_add(world, "\"");
    }
}

/* add_record - one line of the world for one record of the suite */
static void add_record(struct sbuf *world, struct span name, const char *type,
                       struct scenario *scenario, yaml_node_t *value)
{
    yaml_document_t *document = &scenario->document;

    add_name(world, name);
    sbuf_addf(world, " %s ", type);
    if (strcmp(type, "TXT") == 0) {
        add_strings(world, document, value);
    } else if (strcmp(type, "MX") == 0) {
        sbuf_add_span(world, text_of(element(document, value, 0)));
        sbuf_add(world, " ");
        add_name(world, text_of(element(document, value, 1)));
    } else if (strcmp(type, "A") == 0 || strcmp(type, "AAAA") == 0) {
        sbuf_add_span(world, text_of(value));
    } else {
        add_name(world, text_of(value));
    }
    sbuf_add(world, "\n");
}

/* lists_type - does the suite list a record of this type for the name */
static bool lists_type(struct scenario *scenario, yaml_node_t *records, const char *type)
{
    yaml_node_t *record = NULL;

    for (size_t n = 0; (record = element(&scenario->document, records, n)) != NULL; n++)
        if (get(&scenario->document, record, type) != NULL)
            return true;
    return false;
}

/* add_node - all that the suite says about one name */
static void add_node(struct sbuf *world, struct scenario *scenario, struct span name,
                     yaml_node_t *records)
{
    static const char *const types[] = {"TXT", "A", "AAAA", "MX", "PTR", "CNAME"};
    bool spf_is_txt = !lists_type(scenario, records, "TXT");
    bool has_timeout = false;
    bool is_added[COUNT_OF(types)] = {false};
    yaml_node_t *record = NULL;

    for (size_t n = 0; (record = element(&scenario->document, records, n)) != NULL; n++) {
        has_timeout = has_timeout || span_equal_text(text_of(record), "TIMEOUT");
        for (size_t i = 0; i < COUNT_OF(types); i++) {
            yaml_node_t *value = get(&scenario->document, record, types[i]);

            if (value == NULL && i == 0 && spf_is_txt)
                value = get(&scenario->document, record, "SPF");
            if (value == NULL || span_equal_text(text_of(value), "NONE"))
                continue;
            add_record(world, name, types[i], scenario, value);
            is_added[i] = true;
        }
    }
    for (size_t i = 0; has_timeout && i < COUNT_OF(types) - 1; i++) {
        if (is_added[i])
            continue;
        add_name(world, name);
        sbuf_addf(world, " %s !TIMEOUT\n", types[i]);
    }
}

/* world_of - the zone data of a scenario as a world */
static const char *world_of(struct arena *arena, struct scenario *scenario)
{
    yaml_document_t *document = &scenario->document;
    yaml_node_t *zone = get(document, yaml_document_get_root_node(document), "zonedata");
    struct sbuf world = sbuf_start(arena);

    if (zone == NULL)
        return "";
    for (yaml_node_pair_t *pair = zone->data.mapping.pairs.start;
         pair < zone->data.mapping.pairs.top; pair++)
        add_node(&world, scenario, text_of(yaml_document_get_node(document, pair->key)),
                 yaml_document_get_node(document, pair->value));
    return sbuf_text(&world);
}

struct run {
    struct arena *arena;
    struct ledger *ledger;
    struct auth_spf_input input;
    const struct auth_spf_verdict *verdict;
};

static bool check_once(void *ctx)
{
    struct run *run = ctx;

    run->verdict = auth_spf_check(run->arena, run->ledger, &run->input);
    return !run->verdict->is_pending;
}

/* is_among - is the result one of those the suite allows */
static bool is_among(yaml_document_t *document, yaml_node_t *results, const char *word)
{
    yaml_node_t *result = NULL;

    for (size_t n = 0; (result = element(document, results, n)) != NULL; n++)
        if (span_equal_text(text_of(result), word))
            return true;
    return false;
}

/* is_explained - is the explanation what the suite wants, octet for octet */
static bool is_explained(const yaml_node_t *wanted, const char *explanation)
{
    if (wanted == NULL)
        return true;
    if (span_equal_text(text_of(wanted), "DEFAULT"))
        return explanation == NULL;
    return explanation != NULL && span_equal_text(text_of(wanted), explanation);
}

/* passes - run one test of the suite */
static bool passes(struct scenario *scenario, struct span name, yaml_node_t *test)
{
    yaml_document_t *document = &scenario->document;
    struct arena *arena = arena_open();
    struct source *source = world_source(arena, world_of(arena, scenario));
    struct run run = {.arena = arena, .ledger = ledger_open(arena)};
    const char *word = NULL;
    bool is_right = false;

    run.input.helo = arena_strdup_span(arena, text_of(get(document, test, "helo")));
    run.input.mail_from = arena_strdup_span(arena, text_of(get(document, test, "mailfrom")));
    assert_true(ip_parse(text_of(get(document, test, "host")), &run.input.client));
    world_run(run.ledger, source, check_once, &run);
    word = spf_result_to_text(run.verdict->result);
    is_right = is_among(document, get(document, test, "result"), word) &&
               is_explained(get(document, test, "explanation"), run.verdict->explanation);
    if (!is_right)
        print_error("%.*s: got %s (%s), explanation %s\n", SPAN_ARG(name), word,
                    run.verdict->reason,
                    run.verdict->explanation == NULL ? "none" : run.verdict->explanation);
    arena_close(arena);
    return is_right;
}

/* run_scenario - every test of one document */
static void run_scenario(void **state)
{
    struct scenario *scenario = *state;
    yaml_document_t *document = &scenario->document;
    yaml_node_t *tests = get(document, yaml_document_get_root_node(document), "tests");
    unsigned failed = 0;

    assert_non_null(tests);
    for (yaml_node_pair_t *pair = tests->data.mapping.pairs.start;
         pair < tests->data.mapping.pairs.top; pair++) {
        bool is_right = passes(scenario, text_of(yaml_document_get_node(document, pair->key)),
                               yaml_document_get_node(document, pair->value));

        total++;
        passed += is_right;
        failed += !is_right;
    }
    assert_int_equal(failed, 0);
}

/* load_scenarios - all documents of a file, up to one that is empty; false if there is no file */
static bool load_scenarios(const char *path)
{
    FILE *file = fopen(path, "r");
    yaml_parser_t parser;

    if (file == NULL)
        return false;
    yaml_parser_initialize(&parser);
    yaml_parser_set_input_file(&parser, file);
    while (scenario_count < SCENARIOS_MAX) {
        struct scenario *scenario = &scenarios[scenario_count];
        yaml_node_t *root = NULL;
        struct span description;

        if (!yaml_parser_load(&parser, &scenario->document))
            break;
        root = yaml_document_get_root_node(&scenario->document);
        if (root == NULL) {
            yaml_document_delete(&scenario->document);
            break;
        }
        description = text_of(get(&scenario->document, root, "description"));
        scenario->name = strndup(description.at, description.len);
        scenario_count++;
    }
    yaml_parser_delete(&parser);
    fclose(file);
    return true;
}

int main(void)
{
    struct CMUnitTest tests[SCENARIOS_MAX] = {{0}};
    const char *suite = getenv(SUITE_VARIABLE) != NULL ? getenv(SUITE_VARIABLE) : SUITE;
    int failed = 0;

    if (!load_scenarios(OWN_CASES) || scenario_count != CLASSES) {
        printf("%s: expected %d documents, found %zu\n", OWN_CASES, CLASSES, scenario_count);
        return 1;
    }
    if (!load_scenarios(suite))
        printf("skipped: the published RFC 7208 suite is not at %s; set " SUITE_VARIABLE
               " to its path\n",
               suite);
    for (size_t i = 0; i < scenario_count; i++)
        tests[i] = (struct CMUnitTest){.name = scenarios[i].name,
                                       .test_func = run_scenario,
                                       .initial_state = &scenarios[i]};
    failed = _cmocka_run_group_tests("rfc7208", tests, scenario_count, NULL, NULL);
    printf("%u of %u cases passed\n", passed, total);
    for (size_t i = 0; i < scenario_count; i++) {
        yaml_document_delete(&scenarios[i].document);
        free(scenarios[i].name);
    }
    return failed > 0 || total == 0;
}
