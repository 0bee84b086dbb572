/* The strongest evidence decides. */
#include "reply/reply_class.h"

#include "base/span.h"
#include "model/reply_phrase.h"
#include "reply/reply_index.h"
#include "reply/reply_phrase.h"

/* what is known while a reply is classified */
struct sorter {
    struct arena *arena;
    struct span text;   /* for marks: with its case */
    struct span folded; /* for phrases and words */
    struct reply_candidates candidates;
    struct reply_class *out;
    size_t weight;                  /* of the best phrase so far */
    struct span facts[REPLY_FACTS]; /* that any phrase found */
    bool has_expired;               /* the queue gave up, for any cause */
};

/* ---- who wrote it ---- */

/* ends_with_label - the name is the suffix, or below it */
static bool ends_with_label(struct span name, const char *suffix)
{
    size_t len = strlen(suffix);

    return span_ends_with_nocase(name, suffix) &&
           (name.len == len || name.at[name.len - len - 1] == '.');
}

/* speaker_by_host - whose host it is */
static const struct reply_speaker *speaker_by_host(const char *host)
{
    for (size_t i = 0; host != NULL && i < reply_speaker_count; i++)
        for (const char *const *end = reply_speakers[i].hosts; *end != NULL; end++)
            if (ends_with_label(span_of(host), *end))
                return &reply_speakers[i];
    return NULL;
}

/* speaker_by_sign - by words that only one writes */
static const struct reply_speaker *speaker_by_sign(const struct sorter *in)
{
    const struct reply_candidates *set = &in->candidates;
    struct reply_match match;

    for (size_t owner = reply_candidates_next(set, reply_phrase_count); owner < set->count;
         owner = reply_candidates_next(set, owner + 1)) {
        const struct reply_speaker *speaker = &reply_speakers[owner - reply_phrase_count];

        for (const char *const *sign = speaker->signs; *sign != NULL; sign++)
            if (reply_phrase_find(*sign, in->folded, &match))
                return speaker;
    }
    return NULL;
}

/* ---- phrases, marks, words ---- */

/* class_of_code - the first digit; a class may be all that is known */
static unsigned class_of_code(const struct reply_input *input)
{
    return input->code >= 100 ? input->code / 100 : input->code;
}

/* phrase_applies - code and step are those that the phrase is bound to */
static bool phrase_applies(const struct sorter *in, const struct reply_phrase *phrase)
{
    const struct reply_input *input = &in->out->input;

    if (phrase->step != REPLY_STEP_UNKNOWN && input->step != REPLY_STEP_UNKNOWN &&
        phrase->step != input->step)
        return false;
    if (phrase->enhanced != NULL &&
        !reply_code_matches_enhanced(
            arena_printf(in->arena, "%u.%s", input->enhanced.kind, phrase->enhanced),
            &input->enhanced))
        return false;
    if (phrase->reply == 0)
        return true;
    return phrase->reply == (phrase->reply < 10 ? class_of_code(input) : input->code);
}

/* binding_of - 2: bound to a code or step of the reply, which says more than the words alone;
 * 1: not bound; 0: bound to a step, and that of the reply is unknown */
static int binding_of(const struct sorter *in, const struct reply_phrase *phrase)
{
    if (phrase->step != REPLY_STEP_UNKNOWN && in->out->input.step == REPLY_STEP_UNKNOWN)
        return 0;
    return phrase->reply != 0 || phrase->enhanced != NULL || phrase->step != REPLY_STEP_UNKNOWN
               ? 2
               : 1;
}

/* class_beats - the phrase found says more than the best so far */
static bool class_beats(const struct sorter *in, const struct reply_phrase *phrase,
                        size_t weight)
{
    const struct reply_class *out = in->out;

    if (out->phrase == NULL || phrase->kind != out->phrase->kind)
        return out->phrase == NULL || phrase->kind > out->phrase->kind;
    if (phrase->kind == REPLY_BY_WORD)
        return false; /* the first of the file */
    /* that a queue gave up does not say why */
    if ((phrase->cause == REPLY_CAUSE_EXPIRED) != (out->phrase->cause == REPLY_CAUSE_EXPIRED))
        return out->phrase->cause == REPLY_CAUSE_EXPIRED;
    if (weight != in->weight)
        return weight > in->weight;
    if (binding_of(in, phrase) != binding_of(in, out->phrase))
        return binding_of(in, phrase) > binding_of(in, out->phrase);
    return phrase->speaker != NULL && phrase->speaker == out->receiver &&
           out->phrase->speaker != out->receiver;
}

/* keep_facts - fill in unknown ones */
static void keep_facts(struct span *facts, const struct span *found)
{
    for (int fact = 0; fact < REPLY_FACTS; fact++)
        if (facts[fact].len == 0)
            facts[fact] = found[fact];
}

/* try_phrase - keep it if it is in the text and says more */
static void try_phrase(struct sorter *in, const struct reply_phrase *phrase)
{
    struct reply_match match;
    struct span text = phrase->kind == REPLY_BY_MARK ? in->text : in->folded;

    if (in->out->phrase != NULL && phrase->kind < in->out->phrase->kind)
        return;
    if (!phrase_applies(in, phrase) || !reply_phrase_find(phrase->text, text, &match))
        return;
    keep_facts(in->facts, match.facts);
    in->has_expired |= phrase->cause == REPLY_CAUSE_EXPIRED;
    if (!class_beats(in, phrase, match.weight))
        return;
    in->out->phrase = phrase;
    in->weight = match.weight;
    for (int fact = 0; fact < REPLY_FACTS; fact++)
        in->out->facts[fact] = match.facts[fact];
}

/* by_phrases - the phrase, mark or word that says most */
static bool by_phrases(struct sorter *in)
{
    struct reply_class *out = in->out;

    for (size_t i = reply_candidates_next(&in->candidates, 0); i < reply_phrase_count;
         i = reply_candidates_next(&in->candidates, i + 1))
        try_phrase(in, &reply_phrases[i]);
    if (out->phrase == NULL)
        return false;
    keep_facts(out->facts, in->facts);
    out->evidence = out->phrase->kind;
    out->cause_id = out->phrase->cause;
    out->means = out->phrase->means;
    out->todo = out->phrase->todo;
    out->confidence = out->phrase->confidence;
    return true;
}

/* ---- codes ---- */

/* is_of - the row is by this receiver */
static bool is_of(const struct reply_code *row, const struct reply_speaker *receiver)
{
    return receiver != NULL && strcmp(row->who, receiver->title) == 0;
}

/* is_anybody - the row is by a standard, or by software that many run */
static bool is_anybody(const struct reply_code *row)
{
    return strcmp(row->who, "standard") == 0 || strcmp(row->who, "common") == 0 ||
           strcmp(row->who, "Postfix") == 0;
}

/* code_points_of - how well a row fits: receivers before others, two codes before one. A row
 * with both also fits by its reply code where the enhanced one is missing or unknown */
static unsigned code_points_of(const struct reply_code *row, const struct reply_class *class)
{
    const struct reply_input *input = &class->input;
    bool has_reply = row->reply == input->code && input->code != 0;
    bool has_enhanced = row->enhanced != NULL && input->enhanced.kind != 0 &&
                        reply_code_matches_enhanced(row->enhanced, &input->enhanced);
    bool is_receiver = false;

    if (row->mark != NULL || (!has_reply && !has_enhanced))
        return 0;
    is_receiver = is_of(row, class->receiver);
    if (class->receiver != NULL && !is_receiver && !is_anybody(row))
        return 0;
    if (has_enhanced && (has_reply || row->reply == 0))
        return is_receiver ? 7 : 5;
    /* a detail of 0 says nothing by itself (RFC 3463, 3.1): "530 5.7.0" is not "554 5.7.0" */
    if (has_enhanced && (input->code == 0 || (row->reply / 100 == input->code / 100 &&
                                              input->enhanced.detail != 0)))
        return is_receiver ? 6 : 4;
    if (!has_reply)
        return 0;
    return row->enhanced == NULL ? (is_receiver ? 3 : 2) : is_anybody(row) ? 1 : 0;
}

/* take_row - the row decides */
static void take_row(struct reply_class *out, const struct reply_code *row)
{
    bool is_sure = is_of(row, out->receiver) || strcmp(row->who, "standard") == 0;
    bool has_enhanced = row->enhanced != NULL &&
                        reply_code_matches_enhanced(row->enhanced, &out->input.enhanced);

    out->row = row;
    out->evidence = has_enhanced ? REPLY_BY_ENHANCED : REPLY_BY_CODE;
    out->cause_id = row->about;
    out->means = row->meaning;
    out->because = row->cause;
    out->todo = row->remedy;
    out->confidence = row->enhanced != NULL ? (is_sure ? REPLY_MEDIUM : REPLY_LOW) : REPLY_LOW;
}

/* by_codes - the row that fits both codes best */
static bool by_codes(struct reply_class *out)
{
    const struct reply_code *best = NULL;
    unsigned most = 0;

    for (size_t i = 0; i < reply_code_count(); i++) {
        unsigned points = code_points_of(reply_code_get(i), out);

        if (points > most) {
            most = points;
            best = reply_code_get(i);
        }
    }
    /* the subject of an unknown enhanced code says more than a general reply code */
    if (best == NULL ||
        (most <= 3 && best->about == REPLY_CAUSE_UNKNOWN && out->input.enhanced.kind >= 4))
        return false;
    take_row(out, best);
    return true;
}

/* what the subject of an enhanced code is about: RFC 3463, 3.1 to 3.8 */
static const enum reply_cause_id subject_causes[][2] = {
    /* temporary, permanent */
    {REPLY_CAUSE_THEIR_FAULT, REPLY_CAUSE_UNKNOWN},
    {REPLY_CAUSE_RECIPIENT_UNVERIFIED, REPLY_CAUSE_RECIPIENT_UNKNOWN},
    {REPLY_CAUSE_RECIPIENT_UNAVAILABLE, REPLY_CAUSE_RECIPIENT_DISABLED},
    {REPLY_CAUSE_THEIR_FAULT, REPLY_CAUSE_THEIR_FAULT},
    {REPLY_CAUSE_TIMEOUT, REPLY_CAUSE_DNS},
    {REPLY_CAUSE_PROTOCOL, REPLY_CAUSE_SYNTAX},
    {REPLY_CAUSE_MALFORMED, REPLY_CAUSE_MALFORMED},
    {REPLY_CAUSE_POLICY, REPLY_CAUSE_POLICY},
};

#define SUBJECTS COUNT_OF(subject_causes)

/* class_of - of the reply code, else of the enhanced one */
static unsigned class_of(const struct reply_input *input)
{
    return input->code != 0 ? class_of_code(input) : input->enhanced.kind;
}

/* by_class - by the first digits */
static void by_class(struct reply_class *out)
{
    const struct reply_input *input = &out->input;
    unsigned kind = class_of(input);

    if (kind == 0) {
        out->cause_id = REPLY_CAUSE_UNKNOWN;
        return;
    }
    out->evidence = REPLY_BY_CLASS;
    out->cause_id = kind == 2   ? REPLY_CAUSE_ACCEPTED
                    : kind == 3 ? REPLY_CAUSE_GO_ON
                                : REPLY_CAUSE_UNKNOWN;
    if ((kind == 4 || kind == 5) && input->enhanced.kind != 0 &&
        input->enhanced.subject < SUBJECTS)
        out->cause_id = subject_causes[input->enhanced.subject][kind - 4];
    else if (kind == 4)
        out->cause_id = REPLY_CAUSE_THEIR_FAULT;
}

/* ---- all together ---- */

/* finality_of - by the class */
static enum reply_finality finality_of(const struct reply_class *class)
{
    unsigned kind = class_of(&class->input);

    return kind == 4   ? REPLY_RETRY
           : kind == 5 ? REPLY_FINAL
           : kind != 0 ? REPLY_NO_FAILURE
                       : REPLY_FINAL_UNKNOWN;
}

/* is_failure - codes of class 2 and 3 are not refusals, whatever their text says */
static bool is_failure(const struct reply_input *input)
{
    return class_of_code(input) != 2 && class_of_code(input) != 3;
}

struct reply_class *reply_classify(struct arena *arena, const struct reply_input *input)
{
    struct reply_class *out = arena_new_of(arena, struct reply_class);
    struct sorter in = {.arena = arena, .text = input->text, .out = out};
    const struct reply_speaker *speaker = NULL;

    *out = (struct reply_class){.input = *input, .because = ""};
    in.folded = reply_text_fold(arena, input->text);
    in.candidates = reply_index_find(arena, in.text, in.folded);
    speaker = speaker_by_host(input->host);
    if (speaker == NULL)
        speaker = speaker_by_sign(&in);
    if (speaker != NULL && speaker->is_receiver)
        out->receiver = speaker;
    else
        out->software = speaker;
    if ((!is_failure(input) || !by_phrases(&in)) && !by_codes(out))
        by_class(out);
    if (out->phrase != NULL && out->phrase->speaker != NULL) {
        const struct reply_speaker *writer = out->phrase->speaker;

        if (writer->is_receiver && out->receiver == NULL)
            out->receiver = writer;
        else if (!writer->is_receiver)
            out->software = writer;
    }
    out->cause = reply_cause_get(out->cause_id);
    out->means = out->means != NULL ? out->means : out->cause->means;
    out->todo = out->todo != NULL ? out->todo : out->cause->todo;
    out->move = out->cause->move;
    in.has_expired |= out->cause_id == REPLY_CAUSE_EXPIRED;
    out->finality = in.has_expired ? REPLY_FINAL : finality_of(out);
    reply_facts_find(in.folded, out->facts);
    return out;
}
