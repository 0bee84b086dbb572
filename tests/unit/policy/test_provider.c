/* Files of providers: what is read, and every mistake with its line. */
#include <string.h>

#include "unit_arena.h"

#include "policy/policy_provider.h"

#define HEAD "as-of: 2026-11-25\nproviders:\n"
#define REST                              \
    "    sources:\n"                      \
    "      - url: https://hub.example/\n" \
    "        read: 2026-11-25\n"
#define HUB "  - name: hub\n    title: Hub\n    kind: mailbox\n    confidence: high\n"

static void what_a_file_says_is_kept(void **state)
{
    static const char text[] =
        HEAD HUB "    mx: [hub.example, mx.hub.example]\n"
                 "    headers: [X-Hub, \"Sender: owner-*\"]\n"
                 "    list: stop it\n" REST "  - name: other\n    title: Other\n"
                 "    kind: mailing list\n    confidence: low\n"
                 "    spf: [_spf.hub.example]\n" REST;
    struct err why = {0};
    const struct policy_provider_file *file =
        policy_providers_parse(arena, "own.yaml", span_of(text), &why);
    const struct provider *hub = NULL;

    (void)state;
    if (file == NULL)
        fail_msg("%s", why.text);
    assert_int_equal(file->set.count, 2);
    assert_string_equal(file->as_of, "2026-11-25");
    hub = provider_find(&file->set, "hub");
    assert_int_equal(hub->kind, PROVIDER_MAILBOX);
    assert_int_equal(hub->confidence, PROVIDER_HIGH);
    assert_int_equal(hub->lists[PROVIDER_BY_MX].count, 2);
    assert_string_equal(hub->lists[PROVIDER_BY_HEADER].names[1], "Sender: owner-*");
    assert_string_equal(hub->steps[PROVIDER_TO_LIST], "stop it");
    assert_null(hub->steps[PROVIDER_TO_SIGN]);
    assert_string_equal(hub->sources[0].read, "2026-11-25");
    assert_ptr_equal(provider_of_spf_include(&file->set, "_spf.hub.example"),
                     provider_find(&file->set, "other"));
}

/* the first mistake of each, and how many there are */
static const struct mistake {
    const char *text;
    const char *why;
    size_t count;
} mistakes[] = {
    {"as-of: today\nproviders:\n" HUB "    mx: [hub.example]\n" REST, "own.yaml:1: as-of ", 1},
    {HEAD HUB REST, "own.yaml:3: name \"hub\" cannot be recognised", 1},
    {HEAD HUB "    selectors: [s1]\n" REST, "own.yaml:3: name \"hub\" cannot be", 1},
    {HEAD HUB "    mx: [Hub.example, hub..example, hub.example.]\n" REST,
     "own.yaml:7: mx \"Hub.example\" is not a DNS name", 3},
    {HEAD HUB "    headers: [\"a b\", \":x\", \"X-Hub: \"]\n" REST,
     "own.yaml:7: headers \"a b\" is not a header field", 3},
    {HEAD HUB "    mx: [hub.example]\n    sources:\n      - url: https://hub.example/\n"
              "        read: 2026-02-30\n",
     "own.yaml:10: sources[0].read \"2026-02-30\" is not a date", 1},
    {HEAD HUB "    mx: [hub.example]\n" REST HUB "    mx: [hub.example]\n" REST,
     "own.yaml:11: name \"hub\" is there twice", 1},
    {HEAD "  - name: Hub One\n    title: Hub\n    kind: mailbox\n    confidence: high\n"
          "    mx: [hub.example]\n" REST,
     "own.yaml:3: name \"Hub One\" has characters other than", 1},
    {HEAD HUB "    mailx: [hub.example]\n" REST, "own.yaml:7: ", 1},
    {HEAD "  - name: hub\n    title: Hub\n    kind: nobody\n    confidence: high\n"
          "    mx: [hub.example]\n" REST,
     "own.yaml:5: ", 1},
    {HEAD HUB "    mx: [hub.example]\n    mx: [hub.example]\n" REST, "own.yaml:", 1},
    {HEAD HUB "    mx: [hub.example]\n", "own.yaml:", 1},
    {"as-of: 2026-11-25\nproviders: []\n", "own.yaml:", 1},
    {"as-of: [\n", "own.yaml:", 1},
    {"", "own.yaml:", 1},
};

static void every_mistake_has_its_line(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(mistakes); i++) {
        struct err why = {0};
        struct span rest = {NULL, 0};
        size_t lines = 0;

        if (policy_providers_parse(arena, "own.yaml", span_of(mistakes[i].text), &why) != NULL)
            fail_msg("mistake %zu is read", i);
        if (strncmp(why.text, mistakes[i].why, strlen(mistakes[i].why)) != 0)
            fail_msg("mistake %zu: %s", i, why.text);
        for (rest = span_of(why.text); rest.len > 0; lines++)
            span_cut(&rest, '\n');
        if (lines != mistakes[i].count)
            fail_msg("mistake %zu: %zu lines: %s", i, lines, why.text);
    }
}

static void all_that_is_built_in_has_sources(void **state)
{
    (void)state;
    assert_true(policy_providers.count >= 40);
    for (size_t i = 0; i < policy_providers.count; i++) {
        const struct provider *provider = &policy_providers.list[i];

        assert_true(provider->source_count > 0);
        assert_ptr_equal(provider_find(&policy_providers, provider->name), provider);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_a_file_says_is_kept),
        cmocka_unit_test(every_mistake_has_its_line),
        cmocka_unit_test(all_that_is_built_in_has_sources),
    };

    return cmocka_run_group_tests(tests, open_arena, close_arena);
}
