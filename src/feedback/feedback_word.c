/* Tables of words. */
#include "base/limits_reports.h"
#include "feedback/feedback_word.h"

#define TIME_END 253402300800 /* the year 10000 */

struct word {
    const char *text;
    unsigned value;
};

static const struct word spf_words[] = {
#define SPF_RESULT(id, word) {word, SPF_##id},
#include "model/result.def"
    /* words of earlier drafts of SPF, which some reporters use */
    {"hardfail", SPF_FAIL},
    {"unknown", SPF_PERMERROR},
    {"error", SPF_TEMPERROR},
};

static const struct word dkim_words[] = {
#define DKIM_RESULT(id, word) {word, DKIM_##id},
#include "model/result.def"
    {"invalid", DKIM_PERMERROR},
    {"hardfail", DKIM_FAIL},
};

static const struct word dispositions[] = {
    {"none", FEEDBACK_NONE},
    {"pass", FEEDBACK_PASS},
    {"quarantine", FEEDBACK_QUARANTINE},
    {"reject", FEEDBACK_REJECT},
};

static const struct word reasons[] = {
    {"forwarded", FEEDBACK_FORWARDED},
    {"sampled_out", FEEDBACK_SAMPLED_OUT},
    {"trusted_forwarder", FEEDBACK_TRUSTED_FORWARDER},
    {"mailing_list", FEEDBACK_MAILING_LIST},
    {"local_policy", FEEDBACK_LOCAL_POLICY},
    {"policy_test_mode", FEEDBACK_TEST_MODE},
    {"other", FEEDBACK_OTHER},
    {"arc", FEEDBACK_ARC},
};

/* word_find - the value of the word; false: none of them */
static bool word_find(const struct word *words, size_t count, struct span text,
                      unsigned *value_out)
{
    for (size_t i = 0; i < count; i++)
        if (span_equal_nocase(text, words[i].text)) {
            *value_out = words[i].value;
            return true;
        }
    return false;
}

#define WORDS(words) words, COUNT_OF(words)

bool feedback_word_spf(struct span text, enum spf_result *result_out)
{
    unsigned value = SPF_NONE;
    bool is_known = word_find(WORDS(spf_words), text, &value);

    *result_out = (enum spf_result)value;
    return is_known;
}

bool feedback_word_dkim(struct span text, enum dkim_result *result_out)
{
    unsigned value = DKIM_NONE;
    bool is_known = word_find(WORDS(dkim_words), text, &value);

    *result_out = (enum dkim_result)value;
    return is_known;
}

bool feedback_word_disposition(struct span text, enum feedback_disposition *disposition_out)
{
    unsigned value = FEEDBACK_UNKNOWN;
    bool is_known = word_find(WORDS(dispositions), text, &value);

    *disposition_out = (enum feedback_disposition)value;
    return is_known;
}

bool feedback_word_reason(struct span text, unsigned *bit_out)
{
    *bit_out = 0;
    return word_find(WORDS(reasons), text, bit_out);
}

const char *feedback_reason_to_text(enum feedback_reason reason)
{
    for (size_t i = 0; i < COUNT_OF(reasons); i++)
        if (reasons[i].value == reason)
            return reasons[i].text;
    return "unknown";
}

bool feedback_word_time(struct span text, int64_t *seconds_out)
{
    struct span rest = text;
    struct span whole = span_cut(&rest, '.'); /* some reporters add ".0" */
    uint64_t number = 0;

    for (size_t i = 0; i < rest.len; i++)
        if (!ascii_is_digit(rest.at[i]))
            return false;
    if (!span_to_number(whole, TIME_END - 1, &number))
        return false;
    *seconds_out = (int64_t)number;
    return true;
}

bool feedback_word_count(struct span text, uint64_t *count_out)
{
    return span_to_number(text, LIMIT_FEEDBACK_COUNT, count_out) && *count_out > 0;
}
