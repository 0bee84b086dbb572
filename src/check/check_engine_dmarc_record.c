/* What libopendmarc makes of a DMARC record otherwise than RFC 9989. */
#include <string.h>

#include "base/arena.h"
#include "base/escape.h"
#include "base/limits.h"
#include "base/span.h"
#include "check/check_engine_cause.h"
#include "model/dmarc_verdict.h"
#include "model/rec_dmarc.h"
#include "model/rec_tags.h"

#define REPORT_BYTES_MAX 511 /* octets of rua= that libopendmarc returns */
#define URI_BYTES_MAX    255 /* octets of one URI; a longer one refuses the record */
#define PERCENT_DIGITS   9   /* of a number whose value is certain */

/* engine_dmarc_record_policy_of - what the case is about: the message's author, or the
 * domain of the audit */
static const struct auth_dmarc_policy *
engine_dmarc_record_policy_of(const struct engine_case *one)
{
    if (one->verdict == NULL)
        return one->facts->domain.dmarc;
    return one->facts->message.dmarc != NULL ? one->facts->message.dmarc->policy : NULL;
}

/* step_of - whose record applies; NULL: none */
static const struct auth_dmarc_step *step_of(const struct engine_case *one)
{
    const struct auth_dmarc_policy *policy = engine_dmarc_record_policy_of(one);

    return policy != NULL && policy->step != NULL && policy->step->record != NULL ? policy->step
                                                                                  : NULL;
}

/* engine_dmarc_record_holds - at a tag of the record, or at the record */
static bool engine_dmarc_record_holds(struct engine_case *one, const struct rec_tag *tag,
                                      const char *cause)
{
    const struct auth_dmarc_step *step = step_of(one);
    struct finding_where where = where_rr(one->out, step->answer, step->rr);

    if (tag != NULL)
        where.term = escape_to_text(one->out->arena, tag->name, LIMIT_SHOWN_BYTES);
    return check_case_holds(one, where, cause);
}

/* holds_for - the clause is the tag as written */
static bool holds_for(struct engine_case *one, const struct rec_tag *tag)
{
    return engine_dmarc_record_holds(
        one, tag,
        arena_printf(one->out->arena, "%s=%s",
                     escape_to_text(one->out->arena, tag->name, LIMIT_SHOWN_BYTES),
                     escape_to_text(one->out->arena, tag->value, LIMIT_SHOWN_BYTES)));
}

/* is_named - tag names are read without regard to case */
static bool is_named(const struct rec_tag *tag, const char *name)
{
    return span_equal_nocase(tag->name, name);
}

/* engine_dmarc_record_find_named - the first such tag from `tag` on; NULL: none */
static const struct rec_tag *engine_dmarc_record_find_named(const struct rec_tag *tag,
                                                            const char *name)
{
    while (tag != NULL && !is_named(tag, name))
        tag = tag->next;
    return tag;
}

/* ---- values that make libopendmarc refuse the record ---- */

/* engine_dmarc_record_is_number - digits only, few enough to be sure of the value */
static bool engine_dmarc_record_is_number(struct span value, uint64_t *number_out)
{
    return value.len <= PERCENT_DIGITS && span_to_number(value, UINT32_MAX, number_out);
}

static bool refuses_percent(struct span value)
{
    uint64_t percent = 0;

    if (span_starts_with(value, "-"))
        return engine_dmarc_record_is_number(span_from(value, 1), &percent) && percent > 0;
    return engine_dmarc_record_is_number(value, &percent) && percent > 100;
}

static bool refuses_interval(struct span value)
{
    for (size_t i = 0; i < value.len; i++)
        if (!ascii_is_digit(value.at[i]))
            return true;
    return false;
}

/* refuses_format - rf= was a list in RFC 7489; libopendmarc knows two words, cut or not */
static bool refuses_format(struct span value)
{
    return value.len > 0 && strncasecmp("afrf", value.at, value.len) != 0 &&
           strncasecmp("iodef", value.at, value.len) != 0;
}

/* begins_in - the value begins with one of the letters, or is empty */
static bool begins_in(struct span value, const char *letters)
{
    return value.len == 0 || strchr(letters, ascii_to_lower(value.at[0])) != NULL;
}

static bool refuses_mode(struct span value)
{
    return !begins_in(value, "rs");
}

static bool refuses_options(struct span value)
{
    return !begins_in(value, "01ds");
}

/* refuses_list - an empty entry with one behind it, or an entry that is too long */
static bool refuses_list(struct span value)
{
    while (value.len > 0) {
        struct span entry = span_trim(span_cut(&value, ','));

        if ((entry.len == 0 && value.len > 0) || entry.len > URI_BYTES_MAX)
            return true;
    }
    return false;
}

static const struct {
    const char *tag;
    bool (*refuses)(struct span value);
    bool is_once; /* a second one is refused, too */
} refusals[] = {
    {"pct", refuses_percent, false}, {"ri", refuses_interval, false},
    {"rf", refuses_format, false},   {"adkim", refuses_mode, false},
    {"aspf", refuses_mode, false},   {"fo", refuses_options, false},
    {"rua", refuses_list, true},     {"ruf", refuses_list, true},
};

/* engine_dmarc_record_is_refused - this tag makes libopendmarc drop the whole record */
static bool engine_dmarc_record_is_refused(const struct rec_tags *tags,
                                           const struct rec_tag *tag)
{
    for (size_t i = 0; i < COUNT_OF(refusals); i++)
        if (is_named(tag, refusals[i].tag))
            return refusals[i].refuses(tag->value) ||
                   (refusals[i].is_once &&
                    engine_dmarc_record_find_named(tags->first, refusals[i].tag) != tag);
    return false;
}

/* check_cause_dmarc_tag_refused - a fault in an optional tag costs the record */
bool check_cause_dmarc_tag_refused(struct engine_case *one)
{
    const struct auth_dmarc_step *step = step_of(one);

    if (step == NULL || !check_case_is(one, NULL, "permerror"))
        return false;
    for (const struct rec_tag *tag = step->record->tags.first; tag != NULL; tag = tag->next)
        if (engine_dmarc_record_is_refused(&step->record->tags, tag))
            return holds_for(one, tag);
    return false;
}

/* ---- the policy ---- */

/* check_cause_dmarc_policy_absent - no p= is not a record for libopendmarc */
bool check_cause_dmarc_policy_absent(struct engine_case *one)
{
    const struct auth_dmarc_step *step = step_of(one);

    return step != NULL && check_case_is(one, NULL, "permerror") &&
           engine_dmarc_record_find_named(step->record->tags.first, "p") == NULL &&
           engine_dmarc_record_holds(one, NULL, "p= is absent");
}

static const char *const policy_words[] = {"none", "quarantine", "reject"};

/* is_beginning - libopendmarc takes blanks out and compares as far as the value goes */
static bool is_beginning(struct span value, const char *word)
{
    size_t at = 0;

    for (size_t i = 0; i < value.len; i++)
        if (!ascii_is_blank(value.at[i]) && ascii_to_lower(value.at[i]) != word[at++])
            return false;
    return at > 0;
}

/* policy_word_of - what libopendmarc reads in p= or sp=; NULL: nothing */
static const char *policy_word_of(struct span value)
{
    for (size_t i = 0; i < COUNT_OF(policy_words); i++)
        if (is_beginning(value, policy_words[i]))
            return policy_words[i];
    return NULL;
}

/* check_cause_dmarc_policy_refused - p= or sp= with a word that nobody knows */
bool check_cause_dmarc_policy_refused(struct engine_case *one)
{
    const struct auth_dmarc_step *step = step_of(one);

    if (step == NULL || !check_case_is(one, NULL, "permerror"))
        return false;
    for (const struct rec_tag *tag = step->record->tags.first; tag != NULL; tag = tag->next)
        if ((is_named(tag, "p") || is_named(tag, "sp")) && policy_word_of(tag->value) == NULL)
            return holds_for(one, tag);
    return false;
}

/* is_cut_policy - p= or sp= that only libopendmarc understands */
static bool is_cut_policy(const struct rec_tag *tag)
{
    const char *word =
        is_named(tag, "p") || is_named(tag, "sp") ? policy_word_of(tag->value) : NULL;

    return word != NULL && !span_equal_nocase(tag->value, word);
}

/* is_long_strict - "adkim=strict", which is not the standard's "s" */
static bool is_long_strict(const struct rec_tag *tag)
{
    return (is_named(tag, "adkim") || is_named(tag, "aspf")) && tag->value.len > 1 &&
           begins_in(tag->value, "s");
}

/* check_cause_dmarc_word_cut - libopendmarc compares words as far as they are written */
bool check_cause_dmarc_word_cut(struct engine_case *one)
{
    const struct auth_dmarc_step *step = step_of(one);

    if (step == NULL)
        return false;
    for (const struct rec_tag *tag = step->record->tags.first; tag != NULL; tag = tag->next)
        if ((is_cut_policy(tag) && check_case_is(one, "fail", "fail")) ||
            (is_long_strict(tag) && check_case_is(one, "pass", "fail")))
            return holds_for(one, tag);
    return false;
}

/* check_cause_dmarc_policy_twice - of two p= libopendmarc takes the last */
bool check_cause_dmarc_policy_twice(struct engine_case *one)
{
    const struct auth_dmarc_step *step = step_of(one);
    const struct rec_tag *first = NULL;
    const struct rec_tag *other = NULL;

    if (step == NULL || !check_case_is(one, "fail", "fail"))
        return false;
    first = engine_dmarc_record_find_named(step->record->tags.first, "p");
    other = first != NULL ? engine_dmarc_record_find_named(first->next, "p") : NULL;
    return other != NULL &&
           engine_dmarc_record_holds(
               one, first,
               arena_printf(one->out->arena, "p=%s and p=%s",
                            escape_to_text(one->out->arena, first->value, LIMIT_SHOWN_BYTES),
                            escape_to_text(one->out->arena, other->value, LIMIT_SHOWN_BYTES)));
}

/* check_cause_dmarc_np_ignored - np= is unknown to libopendmarc: sp=, then p= decide. Without
 * a message that it concerns only a weaker np is worth a word: a stricter one costs nobody
 * anything where it is ignored. */
bool check_cause_dmarc_np_ignored(struct engine_case *one)
{
    const struct auth_dmarc_step *step = step_of(one);

    if (step == NULL || !check_case_is(one, "fail", "fail") || !step->record->has_np_policy ||
        step->record->np_policy == step->record->sub_policy ||
        (one->verdict == NULL && step->record->np_policy > step->record->sub_policy) ||
        (one->verdict != NULL && engine_dmarc_record_policy_of(one)->tag != AUTH_DMARC_TAG_NP))
        return false;
    return engine_dmarc_record_holds(
        one, engine_dmarc_record_find_named(step->record->tags.first, "np"),
        arena_printf(one->out->arena, "np=%s, and %s without it",
                     rec_dmarc_policy_to_text(step->record->np_policy),
                     rec_dmarc_policy_to_text(step->record->sub_policy)));
}

/* check_cause_dmarc_testing_ignored - t=y does not lower the policy */
bool check_cause_dmarc_testing_ignored(struct engine_case *one)
{
    const struct auth_dmarc_step *step = step_of(one);

    return step != NULL && check_case_is(one, "fail", "fail") &&
           engine_dmarc_record_policy_of(one)->is_lowered_by_testing &&
           engine_dmarc_record_holds(
               one, engine_dmarc_record_find_named(step->record->tags.first, "t"), "t=y");
}

/* ---- reports ---- */

/* check_cause_dmarc_rua_long - libopendmarc returns no report address at all */
bool check_cause_dmarc_rua_long(struct engine_case *one)
{
    const struct auth_dmarc_step *step = one->verdict == NULL ? step_of(one) : NULL;
    const struct rec_tag *tag =
        step != NULL ? engine_dmarc_record_find_named(step->record->tags.first, "rua") : NULL;

    return tag != NULL && tag->value.len > REPORT_BYTES_MAX &&
           engine_dmarc_record_holds(
               one, tag, arena_printf(one->out->arena, "%zu octets", tag->value.len));
}

/* check_cause_dmarc_rf_iodef - the word sets the mode of SPF to strict */
bool check_cause_dmarc_rf_iodef(struct engine_case *one)
{
    const struct auth_dmarc_step *step = step_of(one);
    const struct rec_tag *tag =
        step != NULL ? engine_dmarc_record_find_named(step->record->tags.first, "rf") : NULL;

    return tag != NULL && !step->record->aspf_strict && tag->value.len > 0 &&
           strncasecmp("iodef", tag->value.at, tag->value.len) == 0 &&
           check_case_is(one, "pass", "fail") &&
           engine_dmarc_record_holds(one, tag, "rf=iodef");
}
