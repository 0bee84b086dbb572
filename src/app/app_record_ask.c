/*
 * One question a line, with what an empty answer means in brackets. An answer is tried at once:
 * the record of all that is known is made and judged, and a bad answer is asked for again.
 */
#include <string.h>
#include <unistd.h>

#include "app/app_record.h"
#include "app/app_record_questions.h"
#include "app/app_run.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/escape.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/must.h"
#include "base/sbuf.h"
#include "base/span.h"

/* is_choice - one of a list of words */
static bool is_choice(struct span answer, const char *choices)
{
    struct span rest = span_of(choices);

    while (rest.len > 0)
        if (span_equal(span_cut(&rest, ' '), answer))
            return true;
    return false;
}

/* record_ask_read_answer - a line without blanks around it; NULL: there is no more input. A
 * line that is too long is read to its end, and is not an answer */
static const char *record_ask_read_answer(struct arena *arena, bool *is_too_long_out)
{
    char *bytes = arena_alloc(arena, LIMIT_TYPED_BYTES);
    size_t len = 0;
    ptrdiff_t got = 1;
    char octet = '\0';

    while (octet != '\n' && (got = file_read(STDIN_FILENO, &octet, 1)) == 1)
        if (len++ < LIMIT_TYPED_BYTES)
            bytes[len - 1] = octet;
    if (got != 1 && len == 0)
        return NULL;
    *is_too_long_out = len > LIMIT_TYPED_BYTES;
    return *is_too_long_out ? "" : arena_strdup_span(arena, span_trim(span_make(bytes, len)));
}

/* fallback_of - with the domain behind a final "@" */
static const char *fallback_of(const struct app_making *making,
                               const struct app_record_question *question)
{
    const char *fallback = question->fallback;

    if (fallback == NULL || making->domain == NULL || fallback[strlen(fallback) - 1] != '@')
        return fallback;
    return arena_printf(making->app->arena, "%s%s", fallback, making->domain->text);
}

/* ---- words ---- */

/* try_words - would a record of these words be made */
static bool try_words(struct app_making *making, struct err *why)
{
    making->text = sbuf_start(making->app->arena);
    making->is_undetermined = false;
    must(making->type != NULL); /* it is the first question */
    return making->type->make(making, why) && app_record_judge(making, why) != NULL;
}

/* record_ask_add_words - those before, and those of the answer */
static void record_ask_add_words(struct app_making *making,
                                 const struct app_record_question *question, const char *answer)
{
    struct arena *arena = making->app->arena;
    struct span rest = span_of(answer);
    const char **words = arena_array_of(arena, const char *, making->word_count + rest.len + 1);
    size_t count = making->word_count;

    for (size_t i = 0; i < count; i++)
        words[i] = making->words[i];
    while (rest.len > 0) {
        struct span word = span_cut(&rest, ' ');

        if (word.len > 0)
            words[count++] =
                arena_printf(arena, "%s%s", question->key, arena_strdup_span(arena, word));
    }
    making->words = words;
    making->word_count = count;
}

/* record_ask_take_words - a choice is sound by itself, all else is tried */
static bool record_ask_take_words(struct app_making *making,
                                  const struct app_record_question *question,
                                  const char *answer, struct err *why)
{
    const struct app_making before = *making;

    if (question->nothing == NULL || strcmp(answer, question->nothing) != 0)
        record_ask_add_words(making, question, answer);
    if (question->choices != NULL || try_words(making, why))
        return true;
    making->words = before.words;
    making->word_count = before.word_count;
    return false;
}

/* ---- the questions ---- */

/* record_ask_take - an answer; false and `why`: it is a bad one */
static bool record_ask_take(struct app_making *making,
                            const struct app_record_question *question, const char *answer,
                            struct err *why)
{
    if (answer[0] == '\0')
        err_set_kind(why, ERR_USAGE, "an answer is required");
    else if (question->choices != NULL && !is_choice(span_of(answer), question->choices))
        err_set_kind(why, ERR_USAGE, "\"%s\" is not one of the choices",
                     escape_shown(making->app->arena, answer));
    else if (question->take != NULL)
        return question->take(making, answer, why);
    else
        return record_ask_take_words(making, question, answer, why);
    return false;
}

/* record_ask_say - on the terminal, at once; false if it is gone */
static bool record_ask_say(const struct app_making *making, const char *text,
                           const char *bracket, const char *end)
{
    struct err unused = {0};
    struct sbuf line = sbuf_start(making->app->arena);

    sbuf_add(&line, text);
    if (bracket != NULL)
        sbuf_addf(&line, " [%s]", bracket);
    sbuf_add(&line, end);
    return app_write("-", sbuf_span(&line), &unused);
}

/* ask_one - until the answer is a good one; false: there is no more input */
static bool ask_one(struct app_making *making, const struct app_record_question *question)
{
    const char *fallback = fallback_of(making, question);
    const char *answer = NULL;
    bool is_too_long = false;

    while (record_ask_say(making, question->text, fallback, ": ") &&
           (answer = record_ask_read_answer(making->app->arena, &is_too_long)) != NULL) {
        struct err why = {0};

        if (answer[0] == '\0' && fallback != NULL)
            answer = fallback;
        if (is_too_long)
            err_set_kind(&why, ERR_USAGE, "the answer is too long: at most %d octets",
                         LIMIT_TYPED_BYTES);
        else if (record_ask_take(making, question, answer, &why))
            return true;
        record_ask_say(making, "  ", NULL, arena_printf(making->app->arena, "%s\n", why.text));
    }
    return false;
}

/* record_ask_rest - those of the type, in order */
static bool record_ask_rest(struct app_making *making)
{
    const struct app_record_question *questions = NULL;

    must(making->type != NULL);
    questions = making->type->questions;
    while (questions->text != NULL && ask_one(making, questions))
        questions++;
    return questions->text == NULL;
}

/* record_ask_has_key - all that a DKIM key needs was given: there is nothing to ask */
static bool record_ask_has_key(const struct app *app)
{
    return app->line.argument_count == 2 && strcmp(app->line.arguments[0], "dkim") == 0 &&
           app->options.selectors.count > 0 && app->options.key != NULL;
}

bool app_record_can_ask(const struct app *app)
{
    return app->line.argument_count <= 2 && !record_ask_has_key(app) &&
           isatty(STDIN_FILENO) != 0 && isatty(STDOUT_FILENO) != 0;
}

bool app_record_ask(struct app_making *making, struct err *why)
{
    const struct app_record_question *first = app_record_questions_first;
    bool is_answered = (making->type != NULL || ask_one(making, &first[0])) &&
                       (making->domain != NULL || ask_one(making, &first[1])) &&
                       record_ask_rest(making);

    record_ask_say(making, "", NULL, "\n");
    making->text = sbuf_start(making->app->arena);
    making->is_undetermined = false;
    if (!is_answered)
        err_set_kind(why, ERR_USAGE, "no record made: the input ended");
    return is_answered;
}
