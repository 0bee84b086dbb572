/* Line by line; what a key means is a row of a table. Missing keys are reported last. */
#include "record/rec_mta_sts_policy.h"

#include "base/err.h"
#include "base/escape.h"
#include "record/rec_versioned.h"

#define SHOWN_MAX  60
#define AGE_DIGITS 10 /* RFC 8461, 3.2 */

struct reading {
    struct arena *arena;
    struct span text;
    struct rec_mta_sts_policy *policy;
    struct rec_mta_sts_mx **mx_tail;
    struct fault **tail;
    int line;
    unsigned seen; /* bits by row of the table */
};

typedef void take_fn(struct reading *reading, struct span value);

/* mta_sts_policy_note - one departure, at `part` */
static struct fault *mta_sts_policy_note(struct reading *reading, int kind, struct span part,
                                         const char *text)
{
    size_t at = part.at != NULL ? (size_t)(part.at - reading->text.at) : reading->text.len;
    struct fault *fault =
        fault_add(reading->arena, reading->tail,
                  (struct fault){.kind = kind, .at = at, .part = part, .text = text});

    reading->tail = &fault->next;
    return fault;
}

/* mta_sts_policy_note_value - a value that makes no sense */
static struct fault *mta_sts_policy_note_value(struct reading *reading, int kind,
                                               struct span value, const char *what)
{
    return mta_sts_policy_note(
        reading, kind, value,
        arena_printf(reading->arena, "line %d: \"%s\": %s", reading->line,
                     escape_to_text(reading->arena, value, SHOWN_MAX), what));
}

/* ---- the keys ---- */

static void mta_sts_policy_take_version(struct reading *reading, struct span value)
{
    if (!span_equal_text(value, "STSv1"))
        mta_sts_policy_note_value(reading, REC_STS_POLICY_VERSION, value,
                                  "the version is exactly STSv1")
            ->is_fatal = true;
}

static void take_mode(struct reading *reading, struct span value)
{
    for (int mode = REC_STS_NONE; mode <= REC_STS_ENFORCE; mode++)
        if (span_equal_text(value, rec_mta_sts_mode_to_text(mode))) {
            reading->policy->mode = (enum rec_mta_sts_mode)mode;
            return;
        }
    mta_sts_policy_note_value(reading, REC_STS_POLICY_MODE, value,
                              "a mode is enforce, testing or none")
        ->is_fatal = true;
}

static void take_max_age(struct reading *reading, struct span value)
{
    uint64_t seconds = 0;

    if (value.len > AGE_DIGITS || !span_to_number(value, REC_STS_MAX_AGE_MAX, &seconds)) {
        mta_sts_policy_note_value(
            reading, REC_STS_POLICY_MAX_AGE, value,
            "max_age is a number of seconds up to 31557600, which is one year")
            ->is_fatal = true;
        return;
    }
    reading->policy->has_max_age = true;
    reading->policy->max_age = (uint32_t)seconds;
}

/* mta_sts_policy_is_domain - letters, digits and hyphens, which no label begins or ends with
 * (RFC 8461, 3.2; RFC 5321, 4.1.2) */
static bool mta_sts_policy_is_domain(struct span domain)
{
    while (domain.at != NULL) {
        struct span label = span_cut(&domain, '.');

        if (label.len == 0 || label.at[0] == '-' || label.at[label.len - 1] == '-')
            return false;
        for (size_t i = 0; i < label.len; i++)
            if (!ascii_is_alnum(label.at[i]) && label.at[i] != '-')
                return false;
    }
    return true;
}

/* take_mx - a host name, or one below which any single label may appear */
static void take_mx(struct reading *reading, struct span value)
{
    struct rec_mta_sts_policy *policy = reading->policy;
    bool is_wildcard = span_starts_with(value, "*.");
    struct span domain = is_wildcard ? span_from(value, 2) : value;
    struct err why = {0};
    const struct dns_name *name = NULL;
    struct rec_mta_sts_mx *mx = NULL;

    if (mta_sts_policy_is_domain(domain))
        name = dns_name_parse(reading->arena, domain, &why);
    if (name == NULL) {
        mta_sts_policy_note_value(
            reading, REC_STS_POLICY_MX, value,
            "an mx is a host name of letters, digits and hyphens, without a final dot; \"*\" "
            "may be its whole first label only");
        return;
    }
    mx = arena_new_of(reading->arena, struct rec_mta_sts_mx);
    *mx = (struct rec_mta_sts_mx){value, name, is_wildcard, NULL};
    *reading->mx_tail = mx;
    reading->mx_tail = &mx->next;
    policy->mx_count++;
}

static const struct {
    const char *key;
    bool is_repeatable;
    take_fn *take;
} keys[] = {
    {"version", false, mta_sts_policy_take_version},
    {"mode", false, take_mode},
    {"max_age", false, take_max_age},
    {"mx", true, take_mx},
};

#define KEY_COUNT COUNT_OF(keys)

/* ---- lines ---- */

/* mta_sts_policy_is_value - of an extension: visible ASCII, blanks inside, UTF-8 */
static bool mta_sts_policy_is_value(struct span value)
{
    uint32_t code = 0;
    size_t i = 0;

    while (i < value.len) {
        size_t step = ascii_is_visible(value.at[i]) || value.at[i] == ' ' ? 1 : 0;

        if ((unsigned char)value.at[i] >= 0x80)
            step = utf8_next(span_from(value, i), &code);
        if (step == 0)
            return false;
        i += step;
    }
    return value.len > 0;
}

/* mta_sts_policy_read_line - "key: value"; blanks after it do not count */
static void mta_sts_policy_read_line(struct reading *reading, struct span line)
{
    struct span rest = line;
    struct span key = span_cut(&rest, ':');
    bool is_known = false;

    if (key.len == line.len || !rec_is_field_name(key)) {
        mta_sts_policy_note_value(reading, REC_STS_POLICY_LINE, line, "no \"key: value\"");
        return;
    }
    for (size_t i = 0; i < KEY_COUNT; i++) {
        if (!span_equal_text(key, keys[i].key))
            continue;
        if (!keys[i].is_repeatable && (reading->seen & 1U << i) != 0)
            mta_sts_policy_note_value(reading, REC_STS_POLICY_DUPLICATE, line,
                                      "appears twice; only the first counts");
        else
            keys[i].take(reading, span_trim(rest));
        reading->seen |= 1U << i;
        is_known = true;
    }
    if (!is_known && !mta_sts_policy_is_value(span_trim(rest)))
        mta_sts_policy_note_value(reading, REC_STS_POLICY_LINE, line,
                                  "a value has at least one octet and no control characters");
}

/* note_missing - what a policy must say and this one does not */
static void note_missing(struct reading *reading)
{
    static const struct {
        int kind;
        const char *text;
    } missing[KEY_COUNT] = {
        {REC_STS_POLICY_NO_VERSION, "\"version: STSv1\" is missing"},
        {REC_STS_POLICY_NO_MODE, "\"mode: \" is missing"},
        {REC_STS_POLICY_NO_MAX_AGE, "\"max_age: \" is missing"},
    };
    const struct span end = {reading->text.at + reading->text.len, 0};

    for (size_t i = 0; i < KEY_COUNT && missing[i].text != NULL; i++)
        if ((reading->seen & 1U << i) == 0)
            mta_sts_policy_note(reading, missing[i].kind, end, missing[i].text)->is_fatal =
                true;
    if (reading->policy->mx == NULL && reading->policy->mode > REC_STS_NONE)
        mta_sts_policy_note(reading, REC_STS_POLICY_NO_MX, end, "no mx: names a mail host")
            ->is_fatal = true;
}

void rec_mta_sts_policy_parse(struct arena *arena, struct span text,
                              struct rec_mta_sts_policy *policy_out)
{
    struct reading reading = {.arena = arena, .policy = policy_out};
    struct span rest;

    *policy_out = (struct rec_mta_sts_policy){.mode = REC_STS_UNSAID};
    reading.text = text.at != NULL ? text : span_of("");
    reading.tail = &policy_out->faults;
    reading.mx_tail = &policy_out->mx;
    rest = reading.text;
    while (rest.len > 0) {
        struct span line = span_cut(&rest, '\n');

        reading.line++;
        if (span_trim(line).len == 0)
            continue;
        if (ascii_is_blank(line.at[0]))
            mta_sts_policy_note_value(&reading, REC_STS_POLICY_LINE, line,
                                      "begins with a blank");
        mta_sts_policy_read_line(&reading, span_trim(line)); /* CR, and blanks at the end */
    }
    note_missing(&reading);
    for (const struct fault *fault = policy_out->faults; fault != NULL; fault = fault->next)
        policy_out->is_fatal = policy_out->is_fatal || fault->is_fatal;
}
