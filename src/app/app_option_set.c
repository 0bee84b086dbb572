/* One function for each type of option: is the value fine, and where does it go. */
#include <string.h>

#include "app/app_options.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/escape.h"
#include "base/file.h"
#include "base/ip.h"
#include "base/sbuf.h"
#include "base/span.h"
#include "base/suggest.h"

#define MS_PER_SECOND 1000

/* an option and the value that it gets */
struct setting {
    struct app_options *options;
    const struct app_option *option;
    const char *text;
    void *target;
};

const char *app_option_unlisted(const struct app_options *options, const char *text,
                                const char *list)
{
    return arena_printf(options->arena, "%s: not %s%s", escape_shown(options->arena, text),
                        list, suggest_among(options->arena, text, list));
}

/* refuse_value - "--NAME VALUE: not ..." */
static bool refuse_value(const struct setting *in, const char *expected, struct err *why)
{
    err_set_kind(why, ERR_USAGE, "--%s %s: not %s", in->option->name,
                 in->text[0] != '\0' ? escape_shown(in->options->arena, in->text) : "\"\"",
                 expected);
    return false;
}

/* store_value - in a member of any size */
static void store_value(const struct setting *in, uint64_t number)
{
    if (in->option->type.size == sizeof(uint64_t))
        memcpy(in->target, &number, sizeof(number));
    else
        memcpy(in->target, &(uint32_t){(uint32_t)number}, sizeof(uint32_t));
}

/* store_switch - true */
static bool store_switch(const struct setting *in, struct err *why)
{
    (void)why;
    *(bool *)in->target = true;
    return true;
}

/* store_choice - once, or the same again */
static bool store_choice(const struct setting *in, struct err *why)
{
    const struct app_option_type *type = &in->option->type;
    uint32_t now = 0;

    memcpy(&now, in->target, sizeof(now));
    if (now != 0 && now != type->most) {
        err_set_kind(why, ERR_USAGE, "--%s and --%s contradict each other", in->option->name,
                     type->rival);
        return false;
    }
    store_value(in, type->most);
    return true;
}

/* store_text - not empty; some are one line, and some name a file that a library opens */
static bool store_text(const struct setting *in, struct err *why)
{
    enum app_option_kind kind = in->option->type.kind;

    *(const char **)in->target = in->text;
    if (kind == OPTION_TAKEN)
        file_take(in->text);
    if (in->text[0] != '\0' && (kind != OPTION_LINE || strpbrk(in->text, "\r\n") == NULL))
        return true;
    err_set_kind(why, ERR_USAGE, "--%s: the value is empty%s", in->option->name,
                 kind == OPTION_LINE ? ", or more than one line" : "");
    return false;
}

/* store_list - one more */
static bool store_list(const struct setting *in, struct err *why)
{
    struct app_list *list = in->target;

    if (in->text[0] == '\0')
        err_set_kind(why, ERR_USAGE, "--%s: the value is empty", in->option->name);
    else if (in->option->type.most > 0 && list->count >= in->option->type.most)
        err_set_kind(why, ERR_USAGE, "--%s: given more than %llu times", in->option->name,
                     (unsigned long long)in->option->type.most);
    else
        arena_append(in->options->arena, list->texts, list->count, in->text);
    return why->kind == ERR_NONE;
}

/* store_number - within its bounds */
static bool store_number(const struct setting *in, struct err *why)
{
    const struct app_option_type *type = &in->option->type;
    struct arena *arena = in->options->arena;
    uint64_t number = 0;

    if (span_to_number(span_of(in->text), type->most, &number) && number >= type->least) {
        store_value(in, number);
        return true;
    }
    if (type->most == INT64_MAX)
        return refuse_value(in, type->least > 0 ? "a number above 0" : "a number", why);
    return refuse_value(in,
                        arena_printf(arena, "a number from %llu to %llu",
                                     (unsigned long long)type->least,
                                     (unsigned long long)type->most),
                        why);
}

/* to_milliseconds - "3" or "0.5"; false: neither, or more decimals than `places` */
static bool to_milliseconds(const struct setting *in, uint64_t *ms_out)
{
    struct span rest = span_of(in->text);
    struct span whole = span_cut(&rest, '.');
    uint64_t decimals = 0;

    if (!span_to_number(whole, in->option->type.most, ms_out))
        return false;
    if (rest.at != NULL && (rest.len == 0 || rest.len > in->option->type.places ||
                            !span_to_number(rest, MS_PER_SECOND, &decimals)))
        return false;
    for (size_t digits = rest.len; rest.at != NULL && digits < 3; digits++)
        decimals *= 10;
    *ms_out = *ms_out * MS_PER_SECOND + decimals;
    return *ms_out >= in->option->type.least;
}

/* store_seconds - as milliseconds */
static bool store_seconds(const struct setting *in, struct err *why)
{
    const struct app_option_type *type = &in->option->type;
    struct arena *arena = in->options->arena;
    uint64_t ms = 0;

    if (to_milliseconds(in, &ms)) {
        store_value(in, ms);
        return true;
    }
    return refuse_value(
        in,
        arena_printf(arena, "a number of seconds%s up to %llu, with %s",
                     type->least > 0 ? " above 0 and" : "", (unsigned long long)type->most,
                     type->places == 1 ? "one decimal or none" : "at most three decimals"),
        why);
}

/* option_find_word - of the list; NULL: not in it */
static const struct app_option_word *option_find_word(const struct app_option_word *words,
                                                      struct span text)
{
    for (; words->text != NULL; words++)
        if (span_equal_text(text, words->text))
            return words;
    return NULL;
}

/* option_refuse_word - "--NAME WORD: not a, b or c" */
static bool option_refuse_word(const struct setting *in, const char *word, struct err *why)
{
    struct sbuf list = sbuf_start(in->options->arena);

    for (const struct app_option_word *at = in->option->type.words; at->text != NULL; at++)
        sbuf_addf(&list, "%s%s",
                  at == in->option->type.words ? ""
                  : at[1].text == NULL         ? " or "
                                               : ", ",
                  at->text);
    err_set_kind(why, ERR_USAGE, "--%s %s", in->option->name,
                 app_option_unlisted(in->options, word, sbuf_text(&list)));
    return false;
}

/* store_word - the value of the word */
static bool store_word(const struct setting *in, struct err *why)
{
    const struct app_option_word *word =
        option_find_word(in->option->type.words, span_of(in->text));

    if (word == NULL)
        return option_refuse_word(in, in->text, why);
    store_value(in, (uint64_t)word->value);
    return true;
}

/* store_words - the sum of the values */
static bool store_words(const struct setting *in, struct err *why)
{
    struct span rest = span_of(in->text);

    do {
        struct span one = span_cut(&rest, ',');
        const struct app_option_word *word = option_find_word(in->option->type.words, one);

        if (word == NULL)
            return option_refuse_word(in, arena_strdup_span(in->options->arena, one), why);
        *(unsigned *)in->target |= (unsigned)word->value;
    } while (rest.at != NULL);
    return true;
}

/* store_address - of either family */
static bool store_address(const struct setting *in, struct err *why)
{
    return ip_parse(span_of(in->text), in->target) ||
           refuse_value(in, "an IPv4 or IPv6 address", why);
}

/* store_call - what needs more than its type */
static bool store_call(const struct setting *in, struct err *why)
{
    return in->option->type.call(in->options, in->text, why);
}

bool app_option_set(struct app_options *options, const struct app_option *option,
                    const char *text, struct err *why)
{
    static bool (*const setters[])(const struct setting *in, struct err *why) = {
        [OPTION_SWITCH] = store_switch,   [OPTION_CHOICE] = store_choice,
        [OPTION_TEXT] = store_text,       [OPTION_LINE] = store_text,
        [OPTION_TAKEN] = store_text,      [OPTION_LIST] = store_list,
        [OPTION_NUMBER] = store_number,   [OPTION_SECONDS] = store_seconds,
        [OPTION_WORD] = store_word,       [OPTION_WORDS] = store_words,
        [OPTION_ADDRESS] = store_address, [OPTION_CALL] = store_call,
    };
    const struct app_option_type *type = &option->type;
    const struct setting in = {options, option, text, (char *)options + type->at};

    if (!setters[type->kind](&in, why))
        return false;
    if (type->given_at != 0)
        *(bool *)((char *)options + type->given_at) = true;
    return true;
}
