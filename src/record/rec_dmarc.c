/*
 * The tag list is cut by rec_tags; here every tag of the table is read once (the first of
 * duplicates counts), what is wrong is noted, and at the end the defaults and the rule of
 * RFC 9989, 4.10.1 about unusable policies are applied.
 */
#include "record/rec_dmarc.h"

#include "base/escape.h"
#include "base/suggest.h"
#include "record/rec_dmarc_private.h"
#include "record/rec_tags.h"

#define SHOWN       60  /* octets of a word quoted in a fault */
#define PERCENT_MAX 100 /* RFC 7489, 6.3 */

typedef void tag_read_fn(struct rec_dmarc_reader *reader, struct span value);

struct tag_rule {
    const char *name;
    tag_read_fn *read;
};

static const char *const tag_names[] = {"adkim", "aspf", "np",  "psd", "rua", "ruf",
                                        "sp",    "fo",   "pct", "rf",  "ri",  NULL};

/* dmarc_note - a fault at the tag that is read */
static void dmarc_note(struct rec_dmarc_reader *reader, int kind, struct span part,
                       const char *text)
{
    size_t at = reader->tag == NULL ? 0 : reader->tag->at;
    struct fault fault = {.kind = kind, .at = at, .part = part, .text = text};

    reader->tail = &fault_add(reader->arena, reader->tail, fault)->next;
}

/* dmarc_guess - the word of the list that is nearest; NULL: none is within one edit, or two of
 * a longer word */
static const char *dmarc_guess(struct span written, const char *const *words)
{
    const char *best = NULL;
    size_t nearest = written.len < 4 ? 2 : 3;

    for (; *words != NULL && written.len > 1; words++) {
        size_t edits = suggest_distance(written, span_of(*words), nearest - 1);

        if (edits < nearest) {
            best = *words;
            nearest = edits;
        }
    }
    return best;
}

/* dmarc_shown - a written word, fit for a fault */
static const char *dmarc_shown(struct rec_dmarc_reader *reader, struct span word)
{
    return escape_to_text(reader->arena, word, SHOWN);
}

/* dmarc_note_value - the tag holds a word that it does not know */
static void dmarc_note_value(struct rec_dmarc_reader *reader, struct span value, int kind,
                             const char *advice)
{
    dmarc_note(reader, kind, value,
               arena_printf(reader->arena, "%s=%s: %s", dmarc_shown(reader, reader->tag->name),
                            dmarc_shown(reader, value), advice));
}

/* read_policy - the value of p, sp or np; false, and noted, if it is not a known word */
static bool read_policy(struct rec_dmarc_reader *reader, struct span value,
                        enum rec_dmarc_policy *policy_out)
{
    const char *meant = NULL;

    for (int i = 0; rec_dmarc_policies[i] != NULL; i++)
        if (span_equal_nocase(value, rec_dmarc_policies[i])) {
            *policy_out = (enum rec_dmarc_policy)i;
            return true;
        }
    meant = dmarc_guess(value, rec_dmarc_policies);
    dmarc_note_value(reader, value, REC_DMARC_FAULT_POLICY,
                     meant == NULL ? "a policy is none, quarantine or reject"
                                   : arena_printf(reader->arena, "did you mean %s", meant));
    return false;
}

static void read_p(struct rec_dmarc_reader *reader, struct span value)
{
    reader->record->has_policy = read_policy(reader, value, &reader->record->policy);
    reader->has_bad_p_or_sp = reader->has_bad_p_or_sp || !reader->record->has_policy;
}

static void read_sp(struct rec_dmarc_reader *reader, struct span value)
{
    reader->record->has_sub_policy = read_policy(reader, value, &reader->record->sub_policy);
    reader->has_bad_p_or_sp = reader->has_bad_p_or_sp || !reader->record->has_sub_policy;
}

static void read_np(struct rec_dmarc_reader *reader, struct span value)
{
    reader->record->has_np_policy = read_policy(reader, value, &reader->record->np_policy);
    reader->has_bad_np = !reader->record->has_np_policy;
}

/* read_flag - a value of one letter; true if it is `yes`, noted if it is neither */
static bool read_flag(struct rec_dmarc_reader *reader, struct span value, char yes, char no)
{
    char letter = value.len == 1 ? ascii_to_lower(value.at[0]) : '\0';

    if (letter != yes && letter != no)
        dmarc_note_value(reader, value, REC_DMARC_FAULT_VALUE,
                         arena_printf(reader->arena, "only %c and %c are known; %c is assumed",
                                      no, yes, no));
    return letter == yes;
}

static void read_adkim(struct rec_dmarc_reader *reader, struct span value)
{
    reader->record->adkim_strict = read_flag(reader, value, 's', 'r');
}

static void read_aspf(struct rec_dmarc_reader *reader, struct span value)
{
    reader->record->aspf_strict = read_flag(reader, value, 's', 'r');
}

static void read_t(struct rec_dmarc_reader *reader, struct span value)
{
    reader->record->is_testing = read_flag(reader, value, 'y', 'n');
}

static void read_psd(struct rec_dmarc_reader *reader, struct span value)
{
    if (span_equal_nocase(value, "y"))
        reader->record->psd = REC_DMARC_PSD_Y;
    else if (span_equal_nocase(value, "n"))
        reader->record->psd = REC_DMARC_PSD_N;
    else if (!span_equal_nocase(value, "u"))
        dmarc_note_value(reader, value, REC_DMARC_FAULT_VALUE,
                         "only y, n and u are known; u is assumed");
}

bool rec_dmarc_is_fo(struct span value)
{
    unsigned numbers = 0;
    unsigned d_count = 0;
    unsigned s_count = 0;
    bool is_bad = false;

    while (value.at != NULL) {
        struct span option = span_trim(span_cut(&value, ':'));
        char letter = option.len == 1 ? ascii_to_lower(option.at[0]) : '\0';

        numbers += letter == '0' || letter == '1';
        d_count += letter == 'd';
        s_count += letter == 's';
        is_bad = is_bad || letter == '\0' || span_find(span_of("01ds"), letter) < 0;
    }
    return !is_bad && numbers <= 1 && d_count <= 1 && s_count <= 1;
}

static void read_fo(struct rec_dmarc_reader *reader, struct span value)
{
    if (!rec_dmarc_is_fo(value))
        dmarc_note_value(
            reader, value, REC_DMARC_FAULT_VALUE,
            "0 or 1, d and s are known, each once and separated by \":\"; 0 is assumed");
}

static void dmarc_read_rua(struct rec_dmarc_reader *reader, struct span value)
{
    (void)value;
    reader->record->rua = rec_dmarc_uri_list(reader, &reader->has_usable_rua);
}

static void read_ruf(struct rec_dmarc_reader *reader, struct span value)
{
    bool is_usable = false;

    (void)value;
    reader->record->ruf = rec_dmarc_uri_list(reader, &is_usable);
}

/* read_pct - kept for readers of RFC 7489 */
static void read_pct(struct rec_dmarc_reader *reader, struct span value)
{
    uint64_t number = 0;
    bool is_number = span_to_number(value, PERCENT_MAX, &number);

    reader->record->has_percent = is_number;
    reader->record->percent = is_number ? (unsigned)number : PERCENT_MAX;
    dmarc_note_value(reader, value, REC_DMARC_FAULT_REMOVED,
                     is_number
                         ? "RFC 9989 removed pct, it is ignored; t=y asks for testing"
                         : "RFC 9989 removed pct, and this is not a number from 0 to 100");
}

static void read_removed(struct rec_dmarc_reader *reader, struct span value)
{
    dmarc_note_value(reader, value, REC_DMARC_FAULT_REMOVED,
                     "RFC 9989 removed this tag; it is ignored");
}

/* read_v - the version was judged before; a second place for it is none */
static void read_v(struct rec_dmarc_reader *reader, struct span value)
{
    (void)reader;
    (void)value;
}

static const struct tag_rule rules[] = {
    {"v", read_v},         {"p", read_p},        {"sp", read_sp},         {"np", read_np},
    {"adkim", read_adkim}, {"aspf", read_aspf},  {"rua", dmarc_read_rua}, {"ruf", read_ruf},
    {"t", read_t},         {"psd", read_psd},    {"fo", read_fo},         {"pct", read_pct},
    {"rf", read_removed},  {"ri", read_removed},
};
#define RULE_COUNT COUNT_OF(rules)

/* note_unknown - a tag nobody knows, with the one probably meant */
static void note_unknown(struct rec_dmarc_reader *reader, struct span name)
{
    const char *written = dmarc_shown(reader, name);
    const char *meant = dmarc_guess(name, tag_names);

    for (size_t i = 0; i < name.len; i++)
        if (!ascii_is_alnum(name.at[i]) && name.at[i] != '_')
            return; /* the tag list has this as a fault of its own */
    if (name.len == 0)
        return;
    if (span_equal_nocase(name, "policy"))
        meant = "p";
    dmarc_note(reader, REC_DMARC_FAULT_UNKNOWN, name,
               meant == NULL
                   ? arena_printf(reader->arena, "unknown tag %s, ignored", written)
                   : arena_printf(reader->arena, "unknown tag %s, ignored; did you mean %s",
                                  written, meant));
}

/* read_tags - every tag of the list, the first of each name */
static void read_tags(struct rec_dmarc_reader *reader)
{
    bool was_read[RULE_COUNT] = {false};

    for (const struct rec_tag *tag = reader->record->tags.first; tag != NULL; tag = tag->next) {
        size_t i = 0;

        reader->tag = tag;
        while (i < RULE_COUNT && !span_equal_nocase(tag->name, rules[i].name))
            i++;
        if (i == RULE_COUNT) {
            note_unknown(reader, tag->name);
            continue;
        }
        if (was_read[i])
            continue;
        was_read[i] = true;
        if (!span_equal_text(tag->name, rules[i].name))
            dmarc_note(reader, REC_DMARC_FAULT_TAGS, tag->name,
                       arena_printf(reader->arena,
                                    "write %s in lower case: readers that "
                                    "go by RFC 6376 do not know %s",
                                    rules[i].name, dmarc_shown(reader, tag->name)));
        rules[i].read(reader, tag->value);
    }
    reader->tag = NULL;
}

/* why_no_version - what keeps the text from being a record */
static const char *why_no_version(struct rec_dmarc_reader *reader, struct span text)
{
    const struct rec_tag *version = NULL;

    for (version = reader->record->tags.first; version != NULL; version = version->next)
        if (span_equal_nocase(version->name, "v"))
            break;
    if (text.len == 0)
        return "the record is empty";
    if (version == NULL)
        return "does not begin with v=DMARC1";
    if (version != reader->record->tags.first)
        return "v=DMARC1 must be the first tag";
    if (span_equal_text(version->value, "DMARC1"))
        return "nothing is allowed before v=DMARC1, not even a blank";
    if (span_equal_nocase(version->value, "DMARC1"))
        return arena_printf(reader->arena, "v=%s: the version is written DMARC1, in capitals",
                            dmarc_shown(reader, version->value));
    if (span_starts_with_nocase(version->value, "DMARC1"))
        return arena_printf(reader->arena, "v=%s: after DMARC1 a \";\" must follow",
                            dmarc_shown(reader, version->value));
    return arena_printf(reader->arena, "v=%s: the version is DMARC1",
                        dmarc_shown(reader, version->value));
}

/* improve_fault - say more about a fault of the list where the cause is known */
static void improve_fault(struct rec_dmarc_reader *reader, struct fault *fault)
{
    struct span part = span_trim(fault->part);
    const char *meant = NULL;

    if (fault->kind == REC_TAG_NO_EQUALS && span_starts_with_nocase(part, "mailto:"))
        fault->text = "several addresses of one tag are separated by \",\", not by \";\"";
    if (fault->kind == REC_TAG_NAME) {
        meant = dmarc_guess(span_trim(span_cut(&part, '=')), tag_names);
        if (meant != NULL)
            fault->text =
                arena_printf(reader->arena, "%s; did you mean %s", fault->text, meant);
    }
    if (fault->kind == REC_TAG_DUPLICATE)
        fault->text = arena_printf(reader->arena,
                                   "%s; here the first one counts, others differ", fault->text);
    fault->is_fatal = false; /* RFC 9989, 4.8: what is wrong is ignored, the rest stays */
}

/* merge_faults - two lists in the order of their places */
static struct fault *merge_faults(struct fault *a, struct fault *b)
{
    struct fault *first = NULL;
    struct fault **end = &first;

    while (a != NULL && b != NULL) {
        struct fault **from = b->at < a->at ? &b : &a;

        *end = *from;
        end = &(*from)->next;
        *from = (*from)->next;
    }
    *end = a != NULL ? a : b;
    return first;
}

/* apply_rfc7489_rule - RFC 7489, 6.6.3, step 6: the same rule without np */
static void apply_rfc7489_rule(struct rec_dmarc_reader *reader)
{
    struct rec_dmarc *record = reader->record;
    bool is_usable = record->has_policy && !reader->has_bad_p_or_sp;

    record->rfc7489_is_fatal = !record->is_record || (!is_usable && !reader->has_usable_rua);
    record->rfc7489_policy = is_usable ? record->policy : REC_DMARC_NONE;
    record->rfc7489_sub_policy =
        is_usable && record->has_sub_policy ? record->sub_policy : record->rfc7489_policy;
}

/* apply_policy_rule - RFC 9989, 4.10.1: without a valid p, or with an invalid sp or np, a
 * valid rua makes it p=none, nothing makes it no record */
static void apply_policy_rule(struct rec_dmarc_reader *reader)
{
    struct rec_dmarc *record = reader->record;

    if (record->has_policy && !reader->has_bad_p_or_sp && !reader->has_bad_np) {
        if (!record->has_sub_policy)
            record->sub_policy = record->policy;
        if (!record->has_np_policy)
            record->np_policy = record->sub_policy;
        return;
    }
    record->is_replaced_by_none = reader->has_usable_rua;
    record->is_fatal = !reader->has_usable_rua;
    record->policy = REC_DMARC_NONE;
    record->sub_policy = REC_DMARC_NONE;
    record->np_policy = REC_DMARC_NONE;
}

/* note_absent_policy - p= was not written at all */
static void note_absent_policy(struct rec_dmarc_reader *reader)
{
    for (const struct rec_tag *tag = reader->record->tags.first; tag != NULL; tag = tag->next)
        if (span_equal_nocase(tag->name, "p"))
            return;
    dmarc_note(reader, REC_DMARC_FAULT_NO_POLICY, (struct span){NULL, 0},
               reader->has_usable_rua
                   ? "no p= tag; with a rua= it is taken as p=none"
                   : "no p= tag and no usable rua=: receivers apply no DMARC");
}

void rec_dmarc_parse(struct arena *arena, struct span text, struct rec_dmarc *record_out)
{
    struct fault *own = NULL;
    struct rec_dmarc_reader reader = {.arena = arena, .record = record_out, .tail = &own};

    *record_out = (struct rec_dmarc){.percent = PERCENT_MAX};
    rec_tags_parse(arena, text, &record_out->tags);
    record_out->tags.text = text;
    record_out->is_record = rec_dmarc_is_record(text);
    for (struct fault *fault = record_out->tags.faults; fault != NULL; fault = fault->next)
        improve_fault(&reader, fault);
    if (!record_out->is_record) {
        dmarc_note(&reader, REC_DMARC_FAULT_VERSION, span_sub(text, 0, SHOWN),
                   why_no_version(&reader, text));
        own->is_fatal = true;
        record_out->is_fatal = true;
    }
    read_tags(&reader);
    if (record_out->is_record)
        note_absent_policy(&reader);
    apply_rfc7489_rule(&reader);
    apply_policy_rule(&reader);
    record_out->is_fatal = record_out->is_fatal || !record_out->is_record;
    for (struct fault *fault = own; fault != NULL && record_out->is_fatal; fault = fault->next)
        if (fault->kind == REC_DMARC_FAULT_POLICY || fault->kind == REC_DMARC_FAULT_NO_POLICY)
            fault->is_fatal = true;
    record_out->faults = merge_faults(record_out->tags.faults, own);
    record_out->tags.faults = NULL; /* they are in the merged list now */
}
