/*
 * From a file as written to a policy that can be judged by. The schema has checked the form;
 * here words, dates, citations and codes get their meaning, and every mistake is collected,
 * each with its line.
 */
#include <stdarg.h>
#include <string.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/escape.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/span.h"
#include "model/finding.h"
#include "policy/policy_expression.h"
#include "policy/policy_fact.h"
#include "policy/policy_schema.h"

#define CODE_DIGITS  3 /* of a reply: RFC 5321, 4.2 */
#define STATUS_PARTS 3 /* of an enhanced code: RFC 3463, 2 */

struct loader {
    struct arena *arena;
    struct policy_file file;
    const struct written_policy *written;
    struct policy *policy;
};

/* load_complain - a mistake about a value */
__attribute__((format(printf, 3, 4))) static void
load_complain(struct loader *in, struct policy_place place, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    policy_mistake(&in->file, place, arena_vprintf(in->arena, format, args));
    va_end(args);
}

/* load_shown - what the file says, fit for a sentence */
static const char *load_shown(const struct loader *in, const char *text)
{
    return escape_to_text(in->arena, span_of(text), LIMIT_SHOWN_BYTES);
}

/* ---- dates ---- */

/* take_day - a date, or a mistake; `text` NULL is fine */
static int64_t take_day(struct loader *in, struct policy_place place, const char *text)
{
    int64_t day = 0;

    if (text != NULL && !policy_day_parse(span_of(text), &day))
        load_complain(in, place, "%s \"%s\" is not a date like 2024-02-01 or 2024-02",
                      place.key, load_shown(in, text));
    return day;
}

/* take_dates - from when to when a rule holds */
static struct policy_dates take_dates(struct loader *in, size_t index,
                                      const struct written_rule *rule)
{
    const struct policy_place since = {"rules", index, "since"};
    const struct policy_place until = {"rules", index, "until"};
    const struct policy_dates dates = {
        .since = rule->since,
        .until = rule->until,
        .since_day = take_day(in, since, rule->since),
        .until_day = take_day(in, until, rule->until),
    };

    if (rule->since != NULL && rule->until != NULL && dates.until_day <= dates.since_day)
        load_complain(in, until, "until %s is not after since %s", load_shown(in, rule->until),
                      load_shown(in, rule->since));
    return dates;
}

/* ---- names and citations ---- */

/* check_name - names and ids are lower case letters, digits, dots and dashes */
static void check_name(struct loader *in, struct policy_place place, const char *text)
{
    bool is_source = place.list != NULL && strcmp(place.list, "sources") == 0;

    for (const char *at = text; *at != '\0'; at++)
        if (!(ascii_is_alnum(*at) && (is_source || *at == ascii_to_lower(*at))) && *at != '-' &&
            *at != '.') {
            load_complain(
                in, place,
                "%s \"%s\" has characters other than letters, digits, dots and dashes",
                place.key, load_shown(in, text));
            return;
        }
}

/* load_find_source - by id; NULL: none */
static const struct policy_source *load_find_source(const struct policy *policy, const char *id)
{
    for (size_t i = 0; i < policy->source_count; i++)
        if (strcmp(policy->sources[i].id, id) == 0)
            return &policy->sources[i];
    return NULL;
}

struct cited {
    const char *const *ids;
    size_t count;
    const struct policy_source **sources;
    size_t source_count;
};

/* take_citations - the sources that a rule names */
static void take_citations(struct loader *in, struct policy_place place, struct cited *cited)
{
    for (size_t i = 0; i < cited->count; i++) {
        const struct policy_source *source = load_find_source(in->policy, cited->ids[i]);

        if (source == NULL)
            load_complain(in, place, "source \"%s\" is not in the list of sources",
                          load_shown(in, cited->ids[i]));
        else
            arena_append(in->arena, cited->sources, cited->source_count, source);
    }
}

/* take_sources - the list at the top of the file */
static void take_sources(struct loader *in)
{
    size_t count = in->written->sources_count;
    struct policy_source *sources = arena_array_of(in->arena, struct policy_source, count);

    in->policy->sources = sources;
    for (size_t i = 0; i < count; i++) {
        const struct written_source *written = &in->written->sources[i];
        const struct policy_place id = {"sources", i, "id"};

        check_name(in, id, written->id);
        take_day(in, (struct policy_place){"sources", i, "read"}, written->read);
        if (load_find_source(in->policy, written->id) != NULL)
            load_complain(in, id, "there are two sources \"%s\"", load_shown(in, written->id));
        sources[i] =
            (struct policy_source){written->id, written->title, written->url, written->read};
        in->policy->source_count++;
    }
}

/* ---- codes ---- */

/* is_status_code - "5.7.26" (RFC 3463, 2) */
static bool is_status_code(struct span text)
{
    uint64_t number = 0;
    size_t parts = 0;

    while (text.at != NULL && parts <= STATUS_PARTS) {
        struct span part = span_cut(&text, '.');

        if (part.len > CODE_DIGITS || !span_to_number(part, 999, &number))
            return false;
        parts++;
    }
    return parts == STATUS_PARTS;
}

/* load_class_of - the first digit that the disposition wants; '\0': no reply at all */
static char load_class_of(enum policy_disposition disposition)
{
    switch (disposition) {
    case POLICY_DEFER:
        return '4';
    case POLICY_REJECT:
        return '5';
    case POLICY_ACCEPT:
    case POLICY_JUNK:
    case POLICY_UNKNOWN:
        break;
    }
    return '\0';
}

/* check_codes - code and enhanced code fit each other and the disposition */
static void check_codes(struct loader *in, size_t index, const struct written_rule *rule)
{
    const struct policy_place code = {"rules", index, "code"};
    const struct policy_place enhanced = {"rules", index, "enhanced"};
    char class = load_class_of(rule->disposition);
    uint64_t number = 0;

    if (class == '\0' && (rule->code != NULL || rule->enhanced != NULL))
        load_complain(in, rule->code != NULL ? code : enhanced,
                      "only defer and reject have a code");
    else if (rule->code != NULL &&
             (strlen(rule->code) != CODE_DIGITS || rule->code[0] != class ||
              !span_to_number(span_of(rule->code), 599, &number)))
        load_complain(in, code,
                      "code \"%s\" is not a three-digit reply code that begins with %c",
                      load_shown(in, rule->code), class);
    else if (rule->enhanced != NULL && (!is_status_code(span_of(rule->enhanced)) ||
                                        rule->enhanced[0] != class || rule->enhanced[1] != '.'))
        load_complain(in, enhanced, "enhanced \"%s\" is not a code like %c.7.1",
                      load_shown(in, rule->enhanced), class);
}

/* check_step - what is accepted or filed has been read to its end */
static void check_step(struct loader *in, size_t index, const struct written_rule *rule)
{
    if (rule->at != POLICY_AT_DOT && load_class_of(rule->disposition) == '\0')
        load_complain(in, (struct policy_place){"rules", index, "at"},
                      "only defer and reject come before the final dot");
}

/* check_words - the {words} of a reply or record are words of policies */
static void check_words(struct loader *in, struct policy_place place, const char *reply)
{
    struct span bad = {NULL, 0};

    if (reply == NULL)
        return;
    policy_reply(in->arena, reply, policy_known_nothing(in->arena, ""), &bad);
    if (bad.at != NULL)
        load_complain(in, place, "{%s} in the %s is not a policy word",
                      escape_to_text(in->arena, bad, LIMIT_SHOWN_BYTES),
                      strcmp(place.key, "reply") == 0 ? "reply" : "record");
}

/* ---- rules ---- */

/* take_condition - what must hold; `text` NULL is none */
static const struct policy_expression *
take_condition(struct loader *in, struct policy_place place, const char *text)
{
    struct err why = {0};
    const struct policy_expression *condition = NULL;

    if (text == NULL)
        return NULL;
    condition = policy_expression_parse(in->arena, span_of(text), &why);
    if (condition == NULL)
        load_complain(in, place, "%s", why.text);
    return condition;
}

/* check_kind - receivers reply, rule books ask */
static void check_kind(struct loader *in, size_t index, const struct written_rule *rule)
{
    const struct {
        const char *key;
        bool is_there;
        enum policy_kind kind;
    } keys[] = {
        {"who", rule->who == WRITTEN_BULK, POLICY_RECEIVER},
        {"code", rule->code != NULL, POLICY_RECEIVER},
        {"enhanced", rule->enhanced != NULL, POLICY_RECEIVER},
        {"reply", rule->reply != NULL, POLICY_RECEIVER},
        {"applies", rule->applies != NULL, POLICY_RULE_BOOK},
        {"asks", rule->asks != NULL, POLICY_RULE_BOOK},
        {"severity", rule->severity != WRITTEN_BY_DISPOSITION, POLICY_RULE_BOOK},
        {"publish", rule->publish_count > 0, POLICY_RULE_BOOK},
    };

    for (size_t i = 0; i < COUNT_OF(keys); i++)
        if (keys[i].is_there && keys[i].kind != in->policy->kind)
            load_complain(in, (struct policy_place){"rules", index, keys[i].key},
                          "only a rule of a %s has \"%s\"", policy_kind_to_text(keys[i].kind),
                          keys[i].key);
}

/* take_severity - of a rule of a rule book that is not met: as written, else what must be is
 * an error and what should be a warning */
static enum severity take_severity(const struct written_rule *rule)
{
    switch (rule->severity) {
    case WRITTEN_ERROR:
        return SEV_ERROR;
    case WRITTEN_WARNING:
        return SEV_WARNING;
    case WRITTEN_NOTICE:
        return SEV_NOTICE;
    case WRITTEN_BY_DISPOSITION:
        break;
    }
    return rule->disposition == POLICY_REJECT ? SEV_ERROR : SEV_WARNING;
}

/* take_when - the whole condition: to whom it applies, and what must not be */
static const struct policy_expression *take_when(struct loader *in, size_t index,
                                                 const struct written_rule *rule,
                                                 const struct policy_expression *applies)
{
    const struct policy_place place = {"rules", index, "when"};
    const struct policy_expression *when = take_condition(in, place, rule->when);

    if (when == NULL || applies == NULL)
        return when;
    return take_condition(in, (struct policy_place){"rules", index, "applies"},
                          arena_printf(in->arena, "(%s) and (%s)", rule->applies, rule->when));
}

/* check_id - an id that nothing before it in the list has */
static void check_id(struct loader *in, struct policy_place place, const char *id,
                     bool is_taken)
{
    check_name(in, place, id);
    if (is_taken)
        load_complain(in, place, "there are two with the id \"%s\"", load_shown(in, id));
}

/* has_rule - a rule of this id was taken already */
static bool has_rule(const struct policy *policy, const char *id)
{
    for (size_t i = 0; i < policy->rule_count; i++)
        if (strcmp(policy->rules[i].id, id) == 0)
            return true;
    return false;
}

/* take_rule - one rule */
static void take_rule(struct loader *in, size_t index)
{
    const struct written_rule *written = &in->written->rules[index];
    const struct policy_place whole = {"rules", index, NULL};
    struct cited cited = {.ids = written->source, .count = written->source_count};
    struct policy_rule *rule = &in->policy->rules[index];
    const struct policy_expression *applies =
        take_condition(in, (struct policy_place){"rules", index, "applies"}, written->applies);

    check_id(in, (struct policy_place){"rules", index, "id"}, written->id,
             has_rule(in->policy, written->id));
    check_codes(in, index, written);
    check_step(in, index, written);
    check_kind(in, index, written);
    check_words(in, (struct policy_place){"rules", index, "reply"}, written->reply);
    for (size_t i = 0; i < written->publish_count; i++)
        check_words(in, (struct policy_place){"rules", index, "publish"}, written->publish[i]);
    take_citations(in, (struct policy_place){"rules", index, "source"}, &cited);
    *rule = (struct policy_rule){
        .id = written->id,
        .says = written->says,
        .is_for_bulk = written->who == WRITTEN_BULK,
        .dates = take_dates(in, index, written),
        .when = written->when,
        .applies_text = written->applies,
        .applies = applies,
        .condition = take_when(in, index, written, applies),
        .disposition = written->disposition,
        .at = written->at,
        .code = written->code,
        .enhanced = written->enhanced,
        .reply = written->reply,
        .sources = cited.sources,
        .source_count = cited.source_count,
        .confidence = written->confidence,
        .note = written->note,
        .asks = written->asks,
        .severity = take_severity(written),
        .publish = written->publish,
        .publish_count = written->publish_count,
        .line = policy_file_line(&in->file, &whole),
    };
    rule->is_unconditional =
        rule->condition != NULL && policy_expression_is_always(rule->condition);
    rule->read_day = policy_rule_read_day(in->policy, rule, &rule->read);
    in->policy->rule_count++;
}

/* check_last - something always decides, and only at the end */
static void check_last(struct loader *in)
{
    for (size_t i = 0; i < in->policy->rule_count; i++) {
        const struct policy_rule *rule = &in->policy->rules[i];
        const struct policy_place when = {"rules", i, "when"};
        bool is_last = i + 1 == in->policy->rule_count;
        bool is_always = rule->is_unconditional && !rule->is_for_bulk &&
                         rule->dates.since == NULL && rule->dates.until == NULL;

        if (is_last && rule->condition != NULL && !is_always)
            load_complain(in, when,
                          "the last rule must match everything: when: always, without who, "
                          "since and until");
        else if (!is_last && is_always)
            load_complain(in, when, "this rule always decides, so that none after it can");
    }
}

/* take_rules - all of them, in order */
static void take_rules(struct loader *in)
{
    size_t count = in->written->rules_count;

    in->policy->rules = arena_array_of(in->arena, struct policy_rule, count);
    for (size_t i = 0; i < count; i++)
        take_rule(in, i);
    check_last(in);
}

/* has_advice - a piece of advice of this id was taken already */
static bool has_advice(const struct policy *policy, const char *id)
{
    for (size_t i = 0; i < policy->advice_count; i++)
        if (strcmp(policy->advice[i].id, id) == 0)
            return true;
    return false;
}

/* take_advice - what no fact can show */
static void take_advice(struct loader *in)
{
    size_t count = in->written->advice_count;

    in->policy->advice = arena_array_of(in->arena, struct policy_advice, count);
    for (size_t i = 0; i < count; i++) {
        const struct written_advice *written = &in->written->advice[i];
        struct cited cited = {.ids = written->source, .count = written->source_count};

        check_id(in, (struct policy_place){"advice", i, "id"}, written->id,
                 has_advice(in->policy, written->id));
        take_day(in, (struct policy_place){"advice", i, "since"}, written->since);
        take_citations(in, (struct policy_place){"advice", i, "source"}, &cited);
        in->policy->advice[i] =
            (struct policy_advice){written->id,   written->says,      written->since,
                                   cited.sources, cited.source_count, written->confidence};
        in->policy->advice_count++;
    }
}

/* ---- files ---- */

const struct policy *policy_make(const struct policy_file *file,
                                 const struct written_policy *written, struct err *why)
{
    struct loader in = {.arena = file->arena, .file = *file, .written = written};

    in.policy = arena_new_of(in.arena, struct policy);
    *in.policy = (struct policy){
        .path = file->path,
        .name = written->name,
        .title = written->title,
        .is_default = policy_is_default(written->name),
        .kind = written->kind,
        .as_of = written->as_of,
        .about = written->about,
        .standard = written->standard,
        .domains = written->domains,
        .domain_count = written->domains_count,
    };
    check_name(&in, (struct policy_place){NULL, 0, "name"}, written->name);
    take_day(&in, (struct policy_place){NULL, 0, "as-of"}, written->as_of);
    take_sources(&in);
    take_rules(&in);
    take_advice(&in);
    return policy_file_is_fine(&in.file, why) ? in.policy : NULL;
}

const struct policy *policy_parse(struct arena *arena, const char *path, struct span text,
                                  struct err *why)
{
    const char *shown = escape_to_text(arena, span_of(path), LIMIT_SHOWN_BYTES);
    struct policy_file file = policy_file_start(arena, shown);
    const struct written_policy *written = policy_schema_read(&file, text, why);

    return written != NULL ? policy_make(&file, written, why) : NULL;
}

const struct policy *policy_load(struct arena *arena, const char *path, struct err *why)
{
    struct span text = {NULL, 0};

    if (!file_load_text(arena, path, LIMIT_POLICY_BYTES, &text, why))
        return NULL;
    return policy_parse(arena, path, text, why);
}
