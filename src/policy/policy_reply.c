/* The schema checks the form; here patterns, causes, speakers and sources get their meaning. */
#include "policy/policy_reply.h"

#include <string.h>

#include "base/escape.h"
#include "base/limits.h"
#include "base/span.h"
#include "model/reply.h"
#include "model/reply_cause.h"
#include "policy/policy_schema.h"
#include "reply/reply.h"

/* ---- as it is written ---- */

struct written_speaker {
    const char *id;
    const char *title;
    enum written_kind { WRITTEN_RECEIVER, WRITTEN_SOFTWARE } kind;
    const char **hosts;
    size_t hosts_count;
    const char **signs;
    size_t signs_count;
};

/* REPLY_LOW is 0, so a word that is left out needs a value of its own */
enum written_sure { WRITTEN_AS_USUAL, WRITTEN_LOW, WRITTEN_MEDIUM, WRITTEN_HIGH };

struct written_phrase {
    const char *text;
    const char *mark;
    const char *word;
    const char *cause;
    const char *who;
    const char *from;
    const char *code;
    const char *enhanced;
    enum reply_step step;
    enum written_sure sure;
    const char *means;
    const char *todo;
};

struct written_file {
    const char *as_of;
    struct written_source *sources;
    size_t sources_count;
    struct written_speaker *speakers;
    size_t speakers_count;
    struct written_phrase *phrases;
    size_t phrases_count;
};

static const struct policy_yaml_word kinds[] = {
    {"receiver", WRITTEN_RECEIVER}, {"software", WRITTEN_SOFTWARE}, {NULL, 0}};
static const struct policy_yaml_word steps[] = {{"greeting", REPLY_STEP_GREETING},
                                                {"ehlo", REPLY_STEP_EHLO},
                                                {"starttls", REPLY_STEP_STARTTLS},
                                                {"auth", REPLY_STEP_AUTH},
                                                {"mail", REPLY_STEP_MAIL},
                                                {"rcpt", REPLY_STEP_RCPT},
                                                {"data", REPLY_STEP_DATA},
                                                {"dot", REPLY_STEP_DOT},
                                                {NULL, 0}};
static const struct policy_yaml_word sures[] = {
    {"low", WRITTEN_LOW}, {"medium", WRITTEN_MEDIUM}, {"high", WRITTEN_HIGH}, {NULL, 0}};

static const struct policy_yaml_key source_keys[] = {
    POLICY_KEY_TEXT("id", struct written_source, id),
    POLICY_KEY_TEXT("title", struct written_source, title),
    POLICY_KEY_TEXT_IF_ANY("url", struct written_source, url),
    POLICY_KEY_TEXT("read", struct written_source, read),
    POLICY_KEY_END,
};
static const struct policy_yaml_key speaker_keys[] = {
    POLICY_KEY_TEXT("id", struct written_speaker, id),
    POLICY_KEY_TEXT("title", struct written_speaker, title),
    POLICY_KEY_WORD("kind", struct written_speaker, kind, kinds),
    POLICY_KEY_TEXTS_IF_ANY("hosts", struct written_speaker, hosts),
    POLICY_KEY_TEXTS_IF_ANY("signs", struct written_speaker, signs),
    POLICY_KEY_END,
};
static const struct policy_yaml_key phrase_keys[] = {
    POLICY_KEY_TEXT_IF_ANY("text", struct written_phrase, text),
    POLICY_KEY_TEXT_IF_ANY("mark", struct written_phrase, mark),
    POLICY_KEY_TEXT_IF_ANY("word", struct written_phrase, word),
    POLICY_KEY_TEXT("cause", struct written_phrase, cause),
    POLICY_KEY_TEXT_IF_ANY("who", struct written_phrase, who),
    POLICY_KEY_TEXT("from", struct written_phrase, from),
    POLICY_KEY_TEXT_IF_ANY("code", struct written_phrase, code),
    POLICY_KEY_TEXT_IF_ANY("enhanced", struct written_phrase, enhanced),
    POLICY_KEY_WORD_IF_ANY("step", struct written_phrase, step, steps),
    POLICY_KEY_WORD_IF_ANY("sure", struct written_phrase, sure, sures),
    POLICY_KEY_TEXT_IF_ANY("means", struct written_phrase, means),
    POLICY_KEY_TEXT_IF_ANY("todo", struct written_phrase, todo),
    POLICY_KEY_END,
};

static const struct policy_yaml_schema source_schema =
    POLICY_SCHEMA(written_source, source_keys);
static const struct policy_yaml_schema speaker_schema =
    POLICY_SCHEMA(written_speaker, speaker_keys);
static const struct policy_yaml_schema phrase_schema =
    POLICY_SCHEMA(written_phrase, phrase_keys);
static const struct policy_yaml_key file_keys[] = {
    POLICY_KEY_TEXT("as-of", struct written_file, as_of),
    POLICY_KEY_ENTRIES("sources", struct written_file, sources, &source_schema),
    POLICY_KEY_ENTRIES("speakers", struct written_file, speakers, &speaker_schema),
    POLICY_KEY_ENTRIES("phrases", struct written_file, phrases, &phrase_schema),
    POLICY_KEY_END,
};
static const struct policy_yaml_schema file_schema = POLICY_SCHEMA(written_file, file_keys);

/* ---- what it means ---- */

struct reader {
    struct arena *arena;
    struct policy_file file;
    const struct written_file *written;
    struct policy_reply_file *out;
};

/* bad_value - a mistake about a value that is quoted */
static void bad_value(struct reader *in, struct policy_place place, const char *value,
                      const char *expected)
{
    policy_mistake(&in->file, place,
                   arena_printf(in->arena, "invalid value \"%s\" for \"%s\": expected %s",
                                escape_to_text(in->arena, span_of(value), LIMIT_SHOWN_BYTES),
                                place.key, expected));
}

/* phrase_place - a key of the phrase */
static struct policy_place phrase_place(size_t index, const char *key)
{
    return (struct policy_place){"phrases", index, key};
}

/* is_day - 2026-11-29 */
static bool is_day(const char *text)
{
    static const char form[] = "0000-00-00";

    for (size_t i = 0; i < sizeof(form); i++)
        if (form[i] == '0' ? !ascii_is_digit(text[i]) : text[i] != form[i])
            return false;
    return true;
}

/* reply_take_sources - where texts were read, and when */
static void reply_take_sources(struct reader *in)
{
    for (size_t i = 0; i < in->written->sources_count; i++) {
        const struct written_source *written = &in->written->sources[i];
        const struct reply_source source = {written->id, written->title, written->url,
                                            written->read};

        if (!is_day(written->read))
            bad_value(in, (struct policy_place){"sources", i, "read"}, written->read,
                      "a day like 2026-11-29");
        arena_append(in->arena, in->out->sources, in->out->source_count, source);
    }
}

/* ended_list - the texts in an array that ends in NULL */
static const char **ended_list(struct arena *arena, const char **texts, size_t count)
{
    const char **list = arena_array_of(arena, const char *, count + 1);

    for (size_t i = 0; i < count; i++)
        list[i] = texts[i];
    list[count] = NULL;
    return list;
}

/* reply_take_speakers - who writes, and how to recognise it */
static void reply_take_speakers(struct reader *in)
{
    for (size_t i = 0; i < in->written->speakers_count; i++) {
        const struct written_speaker *written = &in->written->speakers[i];
        const struct reply_speaker speaker = {
            written->id, written->title, written->kind == WRITTEN_RECEIVER,
            ended_list(in->arena, written->hosts, written->hosts_count),
            ended_list(in->arena, written->signs, written->signs_count)};

        arena_append(in->arena, in->out->speakers, in->out->speaker_count, speaker);
    }
}

/* find_speaker - by its id; NULL: nobody */
static const struct reply_speaker *find_speaker(const struct reader *in, const char *id)
{
    for (size_t i = 0; i < in->out->speaker_count; i++)
        if (strcmp(in->out->speakers[i].id, id) == 0)
            return &in->out->speakers[i];
    return NULL;
}

/* reply_find_source - by its id; NULL: none */
static const struct reply_source *reply_find_source(const struct reader *in, const char *id)
{
    for (size_t i = 0; i < in->out->source_count; i++)
        if (strcmp(in->out->sources[i].id, id) == 0)
            return &in->out->sources[i];
    return NULL;
}

/* reply_take_pattern - one of the three keys holds it; false after a mistake */
static bool reply_take_pattern(struct reader *in, size_t index, struct reply_phrase *phrase)
{
    const struct written_phrase *written = &in->written->phrases[index];
    const struct {
        const char *text;
        enum reply_evidence kind;
    } patterns[] = {{written->text, REPLY_BY_PHRASE},
                    {written->mark, REPLY_BY_MARK},
                    {written->word, REPLY_BY_WORD}};
    size_t count = 0;

    for (size_t i = 0; i < COUNT_OF(patterns); i++)
        if (patterns[i].text != NULL) {
            phrase->text = patterns[i].text;
            phrase->kind = patterns[i].kind;
            count++;
        }
    if (count == 0)
        policy_mistake(&in->file, phrase_place(index, NULL),
                       "the pattern is missing: give text, mark or word");
    else if (count > 1)
        policy_mistake(&in->file, phrase_place(index, NULL), "give one of text, mark and word");
    return count == 1;
}

/* check_facts_named - each name in braces is a fact */
static void check_facts_named(struct reader *in, size_t index, const char *text)
{
    struct span rest = span_of(text);

    span_cut(&rest, '{');
    while (rest.len > 0) {
        struct span name = span_cut(&rest, '}');
        int fact = 0;

        while (fact < REPLY_FACTS && !span_equal_text(name, reply_fact_to_text(fact)))
            fact++;
        if (fact == REPLY_FACTS)
            policy_mistake(&in->file, phrase_place(index, NULL),
                           "the name in braces is not a fact");
        span_cut(&rest, '{');
    }
}

/* is_there_twice - a phrase before it is the same */
static bool is_there_twice(const struct reader *in, const struct reply_phrase *phrase)
{
    for (size_t i = 0; i < in->out->phrase_count; i++) {
        const struct reply_phrase *other = &in->out->phrases[i];

        if (strcmp(other->text, phrase->text) == 0 && other->reply == phrase->reply &&
            (other->enhanced == NULL) == (phrase->enhanced == NULL) &&
            other->step == phrase->step)
            return true;
    }
    return false;
}

/* check_pattern - lower case, single blanks, known facts, and a literal to begin with */
static void check_pattern(struct reader *in, size_t index, const struct reply_phrase *phrase)
{
    const char *text = phrase->text;
    bool is_bad = text[0] == '*' || text[0] == '{' || text[0] == ' ';

    for (size_t i = 0; text[i] != '\0'; i++)
        is_bad = is_bad || (unsigned char)text[i] < 32 ||
                 (text[i] == ' ' && text[i + 1] == ' ') ||
                 (phrase->kind != REPLY_BY_MARK && text[i] != ascii_to_lower(text[i]));
    if (is_bad)
        policy_mistake(&in->file, phrase_place(index, NULL),
                       "a pattern is in lower case (but for marks), with single blanks, and "
                       "begins with a letter or sign");
    check_facts_named(in, index, text);
    if (is_there_twice(in, phrase))
        policy_mistake(&in->file, phrase_place(index, NULL), "this pattern is there twice");
}

/* reply_take_codes - the reply codes that the phrase is bound to */
static void reply_take_codes(struct reader *in, size_t index, struct reply_phrase *phrase)
{
    const struct written_phrase *written = &in->written->phrases[index];
    struct smtp_enhanced code = {0};
    uint64_t number = 0;

    if (written->code != NULL && (!span_to_number(span_of(written->code), 599, &number) ||
                                  (number != 4 && number != 5 && number < 200)))
        bad_value(in, phrase_place(index, "code"), written->code,
                  "a reply code, or 4 or 5 for its class");
    phrase->reply = (unsigned)number;
    phrase->enhanced = written->enhanced;
    if (written->enhanced != NULL &&
        !smtp_enhanced_parse(span_of(arena_printf(in->arena, "5.%s", written->enhanced)),
                             &code))
        bad_value(in, phrase_place(index, "enhanced"), written->enhanced,
                  "subject and detail, like 1.8");
}

/* confidence_of - as written, else by the kind of the pattern */
static enum reply_confidence confidence_of(const struct written_phrase *written,
                                           enum reply_evidence kind)
{
    switch (written->sure) {
    case WRITTEN_LOW:
        return REPLY_LOW;
    case WRITTEN_MEDIUM:
        return REPLY_MEDIUM;
    case WRITTEN_HIGH:
        return REPLY_HIGH;
    case WRITTEN_AS_USUAL:
        break;
    }
    return kind == REPLY_BY_WORD ? REPLY_MEDIUM : REPLY_HIGH;
}

/* reply_take_names - what the phrase refers to */
static void reply_take_names(struct reader *in, size_t index, struct reply_phrase *phrase)
{
    const struct written_phrase *written = &in->written->phrases[index];

    phrase->cause = reply_cause_find(span_of(written->cause));
    if (phrase->cause == REPLY_CAUSES)
        bad_value(in, phrase_place(index, "cause"), written->cause,
                  "the id of a row of reply_cause.def");
    if (written->who != NULL && (phrase->speaker = find_speaker(in, written->who)) == NULL)
        bad_value(in, phrase_place(index, "who"), written->who,
                  "the id of one of the speakers");
    if ((phrase->source = reply_find_source(in, written->from)) == NULL)
        bad_value(in, phrase_place(index, "from"), written->from,
                  "the id of one of the sources");
}

/* reply_take_phrases - each pattern and what it means */
static void reply_take_phrases(struct reader *in)
{
    for (size_t i = 0; i < in->written->phrases_count; i++) {
        const struct written_phrase *written = &in->written->phrases[i];
        struct reply_phrase phrase = {
            .step = written->step, .means = written->means, .todo = written->todo};

        if (!reply_take_pattern(in, i, &phrase))
            continue;
        phrase.confidence = confidence_of(written, phrase.kind);
        reply_take_codes(in, i, &phrase);
        check_pattern(in, i, &phrase);
        reply_take_names(in, i, &phrase);
        arena_append(in->arena, in->out->phrases, in->out->phrase_count, phrase);
    }
}

const struct policy_reply_file *policy_reply_parse(struct arena *arena, const char *path,
                                                   struct span text, struct err *why)
{
    struct reader in = {.arena = arena, .file = policy_file_start(arena, path)};

    in.out = arena_new_of(arena, struct policy_reply_file);
    in.written = policy_yaml_read(&in.file, text, &file_schema, why);
    if (in.written == NULL)
        return NULL;
    in.out->as_of = in.written->as_of;
    if (!is_day(in.out->as_of))
        bad_value(&in, (struct policy_place){NULL, 0, "as-of"}, in.out->as_of,
                  "a day like 2026-11-29");
    reply_take_sources(&in);
    reply_take_speakers(&in);
    reply_take_phrases(&in);
    return policy_file_is_fine(&in.file, why) ? in.out : NULL;
}
