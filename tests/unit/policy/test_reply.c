/* Files of phrases: what is read, and every mistake with its line. */
#include "policy/policy_reply.h"
#include "unit_arena.h"

#define HEAD                                               \
    "as-of: 2026-11-29\nsources:\n"                        \
    "  - {id: s, title: S, read: 2026-11-29}\nspeakers:\n" \
    "  - {id: hub, title: Hub, kind: receiver, hosts: [hub.example]}\nphrases:\n"

static void what_a_file_says_is_kept(void **state)
{
    static const char text[] =
        HEAD "  - {text: \"no mail from {ip} *today\", cause: banned, who: hub, from: s}\n"
             "  - {mark: ABC1, cause: rate, from: s, code: 4, step: mail, sure: low}\n"
             "  - {word: greylist, cause: greylisted, from: s, enhanced: \"7.1\"}\n";
    struct err why = {0};
    const struct policy_reply_file *file =
        policy_reply_parse(arena, "own.yaml", span_of(text), &why);

    (void)state;
    if (file == NULL)
        fail_msg("%s", why.text);
    assert_int_equal(file->phrase_count, 3);
    assert_string_equal(file->as_of, "2026-11-29");
    assert_ptr_equal(file->phrases[0].speaker, &file->speakers[0]);
    assert_int_equal(file->phrases[0].kind, REPLY_BY_PHRASE);
    assert_int_equal(file->phrases[0].cause, REPLY_CAUSE_BANNED);
    assert_int_equal(file->phrases[0].confidence, REPLY_HIGH);
    assert_int_equal(file->phrases[1].reply, 4);
    assert_int_equal(file->phrases[1].step, REPLY_STEP_MAIL);
    assert_int_equal(file->phrases[1].confidence, REPLY_LOW);
    assert_string_equal(file->phrases[2].enhanced, "7.1");
    assert_int_equal(file->phrases[2].confidence, REPLY_MEDIUM);
}

static void every_mistake_has_its_line(void **state)
{
    static const struct {
        const char *text;
        const char *why;
    } cases[] = {
        {"", "own.yaml:1: the file is empty"},
        {"as-of: [", "own.yaml:2: not YAML"},
        {"as-of: 2026\n", "own.yaml:1: \"sources\" is missing"},
        {HEAD "  - {text: x y, cause: banned}\n", "own.yaml:7: \"from\" is missing"},
        {HEAD "  - {text: x y, cause: nothing, from: s}\n",
         "own.yaml:7: invalid value \"nothing\" for \"cause\""},
        {HEAD "  - {text: x y, cause: banned, from: t}\n",
         "own.yaml:7: invalid value \"t\" for \"from\""},
        {HEAD "  - {text: x y, cause: banned, from: s, who: me}\n",
         "own.yaml:7: invalid value \"me\" for \"who\""},
        {HEAD "  - {text: X y, cause: banned, from: s}\n", "own.yaml:7: a pattern is in lower"},
        {HEAD "  - {text: x  y, cause: banned, from: s}\n",
         "own.yaml:7: a pattern is in lower"},
        {HEAD "  - {text: \"{ip} y\", cause: banned, from: s}\n",
         "own.yaml:7: a pattern is in"},
        {HEAD "  - {text: \"x {moon}\", cause: banned, from: s}\n",
         "own.yaml:7: the name in braces is not a fact"},
        {HEAD "  - {text: x, word: x, cause: banned, from: s}\n",
         "own.yaml:7: give one of text"},
        {HEAD "  - {cause: banned, from: s}\n", "own.yaml:7: the pattern is missing"},
        {HEAD "  - {text: x, cause: banned, from: s, code: 99}\n",
         "own.yaml:7: invalid value \"99\" for \"code\""},
        {HEAD "  - {text: x, cause: banned, from: s, enhanced: 7}\n",
         "own.yaml:7: invalid value \"7\" for \"enhanced\""},
        {HEAD "  - {text: x, cause: banned, from: s, step: noon}\n",
         "own.yaml:7: invalid value \"noon\" for \"step\""},
        {HEAD "  - {text: x, cause: banned, from: s, sure: yes}\n",
         "own.yaml:7: invalid value \"yes\" for \"sure\""},
        {HEAD "  - {text: x, cause: banned, from: s, cuase: y}\n",
         "own.yaml:7: unknown key \"cuase\""},
        {HEAD "  - {text: x, cause: banned, cause: rate, from: s}\n", "own.yaml:7: \"cause\""},
        {HEAD "  - {text: x, cause: banned, from: s}\n  - {text: x, cause: rate, from: s}\n",
         "own.yaml:8: this pattern is there twice"},
        {HEAD "  - just text\n", "own.yaml:7: an entry of \"phrases\" must be keys"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct err why = {0};

        if (policy_reply_parse(arena, "own.yaml", span_of(cases[i].text), &why) != NULL)
            fail_msg("taken: %s", cases[i].text);
        if (strncmp(why.text, cases[i].why, strlen(cases[i].why)) != 0)
            fail_msg("%s\nnot: %s", why.text, cases[i].why);
    }
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_a_file_says_is_kept),
        cmocka_unit_test(every_mistake_has_its_line),
    };

    return cmocka_run_group_tests(tests, open_arena, close_arena);
}
