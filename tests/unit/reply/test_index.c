/* The index leaves out no phrase and no sign that the plain search finds: every line of the
 * samples is asked for every one of them. */
#include "base/file.h"
#include "base/limits.h"
#include "reply/reply_class.h"
#include "reply/reply_index.h"
#include "reply/reply_phrase.h"
#include "unit_arena.h"

#include <glob.h>

/* what was compared */
struct tally {
    size_t lines;
    size_t found;      /* by the plain search */
    size_t candidates; /* that the index named */
};

/* is_candidate - the owner is in the set */
static bool is_candidate(const struct reply_candidates *set, size_t owner)
{
    return reply_candidates_next(set, owner) == owner;
}

/* compare_line - every phrase and sign by itself, and the index */
static void compare_line(struct span line, struct tally *tally)
{
    struct span text = reply_text_clean(arena, line);
    struct span folded = reply_text_fold(arena, text);
    struct reply_candidates set = reply_index_find(arena, text, folded);
    struct reply_match match;

    tally->lines++;
    for (size_t i = 0; i < reply_phrase_count; i++)
        if (reply_phrase_find(reply_phrases[i].text,
                              reply_phrases[i].kind == REPLY_BY_MARK ? text : folded, &match)) {
            tally->found++;
            assert_true(is_candidate(&set, i));
        }
    for (size_t i = 0; i < reply_speaker_count; i++)
        for (const char *const *sign = reply_speakers[i].signs; *sign != NULL; sign++)
            if (reply_phrase_find(*sign, folded, &match)) {
                tally->found++;
                assert_true(is_candidate(&set, reply_phrase_count + i));
            }
    for (size_t owner = reply_candidates_next(&set, 0); owner < set.count;
         owner = reply_candidates_next(&set, owner + 1))
        tally->candidates++;
}

/* compare_files - every line of them */
static void compare_files(const char *pattern, struct tally *tally)
{
    glob_t files;

    assert_int_equal(glob(pattern, 0, NULL, &files), 0);
    for (size_t i = 0; i < files.gl_pathc; i++) {
        struct span rest = {0};
        struct err why = {0};

        assert_true(file_load(arena, files.gl_pathv[i], LIMIT_POLICY_BYTES, &rest, &why));
        while (rest.len > 0)
            compare_line(span_cut(&rest, '\n'), tally);
    }
    globfree(&files);
}

static void no_match_is_left_out(void **state)
{
    struct tally tally = {0};

    (void)state;
    compare_files(TESTDATA_DIR "/codes/*", &tally);
    compare_files(TESTDATA_DIR "/explain/*.*", &tally);
    assert_true(tally.lines > 1000 && tally.found > 500);
    /* and it is worth its while: a few of a thousand are tried */
    assert_true(tally.candidates < tally.lines * 50);
}

/* every phrase with its stars and facts filled in is found again */
static void every_phrase_is_indexed(void **state)
{
    (void)state;
    for (size_t i = 0; i < reply_phrase_count; i++) {
        struct span text = span_of(reply_phrases[i].text);
        struct reply_candidates set =
            reply_index_find(arena, text, reply_text_fold(arena, text));

        assert_true(is_candidate(&set, i));
    }
}

static void short_texts_have_no_candidates(void **state)
{
    (void)state;
    for (size_t len = 0; len < REPLY_GRAM; len++) {
        struct span text = span_sub(span_of("spf"), 0, len);
        struct reply_candidates set = reply_index_find(arena, text, text);

        assert_int_equal(reply_candidates_next(&set, 0), set.count);
    }
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_match_is_left_out),
        cmocka_unit_test(every_phrase_is_indexed),
        cmocka_unit_test(short_texts_have_no_candidates),
    };

    return cmocka_run_group_tests(tests, open_arena, close_arena);
}
