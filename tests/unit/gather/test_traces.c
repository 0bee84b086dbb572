/* Every trace of testdata/traces/ gives the client that its first line says, with the providers
 * that are built in. */
#include <glob.h>

#include "unit.h"

#include "base/file.h"
#include "base/limits.h"
#include "mail/mail_message.h"
#include "mail/mail_trace.h"
#include "policy/policy_provider.h"

#define TRACES_MIN 60 /* fewer were not found: the folder moved */

struct answer {
    const char *file;
    struct span name;
    struct span kind;
    struct span client;
    struct span field;
    bool is_guessed;
    bool is_relay;
};

/* next_word - up to a blank; the rest begins with the next word */
static struct span next_word(struct span *rest)
{
    struct span word = span_cut(rest, ' ');

    *rest = span_trim(*rest);
    return word;
}

/* read_answer - "NAME | KIND CLIENT FIELD | more" */
static struct answer read_answer(const char *file, struct span line)
{
    struct answer answer = {.file = file};
    struct span rest = line;
    struct span middle = {NULL, 0};

    answer.name = span_trim(span_cut(&rest, '|'));
    middle = span_trim(span_cut(&rest, '|'));
    answer.kind = next_word(&middle);
    answer.client = next_word(&middle);
    answer.field = next_word(&middle);
    rest = span_trim(rest);
    while (rest.len > 0) {
        struct span word = next_word(&rest);

        answer.is_guessed |= span_equal_text(word, "guessed");
        answer.is_relay |= span_equal_text(word, "relay");
    }
    return answer;
}

/* trace_answer - what the program says, in the words of the line */
static const char *trace_answer(struct arena *arena, const struct mail_envelope *envelope)
{
    const struct mail_client *hop = &envelope->hop;

    return arena_printf(
        arena, "%s %s %s guessed=%d relay=%d", mail_client_kind_to_text(hop->kind),
        envelope->client.family == IP_NONE ? "-" : ip_to_text(arena, &envelope->client),
        hop->hop == NULL ? "-" : arena_printf(arena, "%zu", hop->index + 1), hop->is_guessed,
        hop->relay != NULL);
}

/* try_trace - one trace; true: right */
static bool try_trace(struct arena *arena, const struct answer *answer, struct span header)
{
    struct mail_message *message = mail_message_parse(
        arena, span_of(arena_printf(arena, "%.*s\nbody\n", SPAN_ARG(header))));
    const struct mail_trace *trace = mail_trace_parse(arena, message, &policy_providers);
    const char *got = trace_answer(arena, &trace->envelope);
    const char *wanted =
        arena_printf(arena, "%.*s %.*s %.*s guessed=%d relay=%d", SPAN_ARG(answer->kind),
                     SPAN_ARG(answer->client), SPAN_ARG(answer->field), answer->is_guessed,
                     answer->is_relay);

    assert_true(trace->envelope.note != NULL && trace->envelope.note[0] != '\0');
    if (strcmp(got, wanted) == 0)
        return true;
    fprintf(stderr, "%s: %.*s\n  wanted %s\n  got    %s\n  %s\n", answer->file,
            SPAN_ARG(answer->name), wanted, got, trace->envelope.note);
    return false;
}

/* try_file - all traces of a file; counts them and those that are wrong */
static void try_file(const char *path, size_t *count, size_t *wrong)
{
    struct arena *arena = arena_open();
    struct err why = {0};
    struct span text = {NULL, 0};

    if (!file_load(arena, path, LIMIT_HEADER_BYTES, &text, &why))
        fail_msg("%s", why.text);
    while (text.len > 0) {
        struct span line = span_cut(&text, '\n');
        struct span header = span_sub(text, 0, 0);
        struct answer answer = read_answer(path, span_from(line, 3));

        assert_true(span_starts_with(line, "== "));
        while (text.len > 0 && !span_starts_with(text, "== ")) {
            ptrdiff_t end = span_find(text, '\n');

            header.len += (size_t)end + 1;
            text = span_from(text, (size_t)end + 1);
        }
        *wrong += !try_trace(arena, &answer, header);
        ++*count;
    }
    arena_close(arena);
}

static void every_trace_gives_its_client(void **state)
{
    glob_t files = {0};
    size_t count = 0;
    size_t wrong = 0;

    (void)state;
    assert_int_equal(glob(TESTDATA_DIR "/traces/*.txt", 0, NULL, &files), 0);
    for (size_t i = 0; i < files.gl_pathc; i++)
        try_file(files.gl_pathv[i], &count, &wrong);
    globfree(&files);
    assert_true(count >= TRACES_MIN);
    assert_int_equal(wrong, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(every_trace_gives_its_client)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
