/* The part of the list of public suffixes: what is picked, and that verdicts are those of all. */
#include <string.h>
#include <unistd.h>

#include "engine_fixture.h"

#include "engine/engine_suffixes.h"

#define LIST_ROOM 512

/* domains of rules of every form, and where no rule is */
static const char *const domains[][2] = {
    {"a.example.com", "b.example.com"},
    {"a.example.co.uk", "b.example.co.uk"},
    {"a.co.uk", "b.co.uk"},
    {"a.b.ck", "c.b.ck"},
    {"a.www.ck", "b.www.ck"},
    {"a.city.kawasaki.jp", "b.city.kawasaki.jp"},
    {"a.x.kawasaki.jp", "b.x.kawasaki.jp"},
    {"a.example.test", "b.example.test"},
    {"a.b.c.example.org", "example.org"},
    {"a.github.io", "b.github.io"},
    {"example.com", "example.net"},
    {"a.example.xn--p1ai", "b.example.xn--p1ai"},
    {"com", "com"},
    {"A.Example.COM", "b.example.com"},
    {"a.example.com", "b.example.com."},
    {"a.example.com", "not a domain"},
    {"a.example.com", "[192.0.2.1]"},
    {"a.example.com", ""},
};

#define DOMAINS (sizeof(domains) / sizeof(domains[0]))

static struct engine *whole_engine;
static struct engine *fresh[DOMAINS]; /* one each, so that each loads a part of its own */

/* open_all - the whole one last: those that are opened later have what this process has */
static int open_all(void **state)
{
    struct err why = {.kind = ERR_NONE};

    if (open_engine(state) != 0)
        return 1;
    for (size_t i = 0; i < DOMAINS; i++)
        if ((fresh[i] = engine_open(&why)) == NULL)
            return 1;
    whole_engine = engine_open_to_share(&why);
    return whole_engine == NULL;
}

static int close_all(void **state)
{
    for (size_t i = 0; i < DOMAINS; i++)
        engine_close(fresh[i]);
    engine_close(whole_engine);
    return close_engine(state);
}

/* word - what libopendmarc says of a message from `author` whose SPF is of another domain */
static const char *word(struct engine *engine, struct arena *arena, const char *author,
                        const char *spf_domain)
{
    struct fixture fixture = fixture_open("");
    struct engine_dmarc dmarc = {.author = dns_name_from_text(fixture.arena, author),
                                 .record = "v=DMARC1; p=reject",
                                 .spf_domain = spf_domain,
                                 .spf_result = "pass"};
    struct engine_request request = {.dmarc = &dmarc, .now = NOW};
    const char *result = NULL;

    fixture.engine = engine;
    judge(&fixture, &request);
    assert_int_equal(fixture.count, 1);
    assert_false(fixture.verdicts[0].is_lost);
    result = arena_printf(arena, "%s: %s",
                          fixture.verdicts[0].result != NULL ? fixture.verdicts[0].result : "",
                          fixture.verdicts[0].detail);
    arena_close(fixture.arena);
    return result;
}

static void verdicts_are_those_of_the_whole_list(void **state)
{
    struct arena *arena = arena_open();

    (void)state;
    for (size_t i = 0; i < DOMAINS; i++) {
        const char *whole = word(whole_engine, arena, domains[i][0], domains[i][1]);

        assert_string_equal(word(fresh[i], arena, domains[i][0], domains[i][1]), whole);
        assert_string_equal(word(shared_engine, arena, domains[i][0], domains[i][1]), whole);
    }
    arena_close(arena);
}

static void labels_are_the_last_ones_of_all_domains(void **state)
{
    struct arena *arena = arena_open();
    struct engine_dmarc_dkim dkim[] = {{"a.example.net", "s", "pass"},
                                       {"b.example.COM.", "s", "pass"}};
    struct engine_dmarc dmarc = {.author = dns_name_from_text(arena, "example.com"),
                                 .spf_domain = "mail.example.org",
                                 .dkim = dkim,
                                 .dkim_count = 2};
    static const char *const not_plain[] = {"", ".", "xn--p1ai", "a.XN--p1ai", "a b", "a.b_c"};
    char labels[ENGINE_LABELS_ROOM];

    (void)state;
    engine_suffixes_labels(&dmarc, labels);
    assert_string_equal(labels, "com org net");
    for (size_t i = 0; i < sizeof(not_plain) / sizeof(not_plain[0]); i++) {
        dkim[1].domain = not_plain[i];
        engine_suffixes_labels(&dmarc, labels);
        assert_string_equal(labels, "");
    }
    dkim[1].domain = NULL;
    dmarc.spf_domain = NULL;
    engine_suffixes_labels(&dmarc, labels);
    assert_string_equal(labels, "com net");
    arena_close(arena);
}

static void sets_of_labels_are_joined_while_there_is_room(void **state)
{
    char held[ENGINE_LABELS_ROOM] = "com org";
    char label[16];

    (void)state;
    assert_true(engine_suffixes_are_in("org COM", held));
    assert_false(engine_suffixes_are_in("org co", held));
    assert_true(engine_suffixes_join(held, "net org"));
    assert_string_equal(held, "com org net");
    assert_false(engine_suffixes_join(held, "a;b"));
    for (int i = 0; i < ENGINE_LABELS_ROOM; i++) {
        snprintf(label, sizeof(label), "t%d", i);
        if (!engine_suffixes_join(held, label))
            break;
    }
    assert_true(strlen(held) < sizeof(held));
    assert_false(engine_suffixes_join(held, "toolong"));
}

/* picked - what is left of a list */
static void picked(const char *list, const char *labels, const char *wanted)
{
    char path[] = "/tmp/test-suffixes-XXXXXX";
    char text[LIST_ROOM] = "";
    int fd = mkstemp(path);

    assert_true(fd >= 0);
    assert_int_equal(write(fd, list, strlen(list)), strlen(list));
    close(fd);
    fd = engine_suffixes_pick(path, labels);
    unlink(path);
    assert_true(fd >= 0);
    assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
    assert_true(read(fd, text, sizeof(text) - 1) >= 0);
    close(fd);
    assert_string_equal(text, wanted);
}

static void rules_of_the_labels_are_picked(void **state)
{
    (void)state;
    picked("// com\n\ncom\nuk\nco.uk\n*.ck\n!www.ck\nnotcom\nCO.COM\n", "com ck",
           "com\n*.ck\n!www.ck\nCO.COM\n");
    picked("co.uk // not com\n  com  \r\nx.com", "com", "  com  \r\nx.com\n");
    picked("*\ncom\n", "org", "*\n");
    picked("com\n", "org", "");
    assert_int_equal(engine_suffixes_pick("/nonexistent/list", "com"), -1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(verdicts_are_those_of_the_whole_list),
        cmocka_unit_test(labels_are_the_last_ones_of_all_domains),
        cmocka_unit_test(sets_of_labels_are_joined_while_there_is_room),
        cmocka_unit_test(rules_of_the_labels_are_picked),
    };

    if (!library_runs(ENGINE_LIBOPENDMARC))
        return 77;
    return cmocka_run_group_tests(tests, open_all, close_all);
}
