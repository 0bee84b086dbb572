/* The schema of a policy file: keys, forms and closed lists of words. */
#include "policy/policy_schema.h"
#include "base/err.h"
#include "base/span.h"

static const struct policy_yaml_word kinds[] = {
    {"receiver", POLICY_RECEIVER}, {"rule book", POLICY_RULE_BOOK}, {NULL, 0}};
static const struct policy_yaml_word whos[] = {
    {"everybody", WRITTEN_EVERYBODY}, {"bulk", WRITTEN_BULK}, {NULL, 0}};
static const struct policy_yaml_word dispositions[] = {{"accept", POLICY_ACCEPT},
                                                       {"junk", POLICY_JUNK},
                                                       {"defer", POLICY_DEFER},
                                                       {"reject", POLICY_REJECT},
                                                       {NULL, 0}};
static const struct policy_yaml_word steps[] = {
    {"dot", POLICY_AT_DOT},       {"connect", POLICY_AT_CONNECT},
    {"ehlo", POLICY_AT_EHLO},     {"mail", POLICY_AT_MAIL},
    {"rcpt", POLICY_AT_RCPT},     {"data", POLICY_AT_DATA},
    {"header", POLICY_AT_HEADER}, {NULL, 0}};
static const struct policy_yaml_word confidences[] = {
    {"high", POLICY_HIGH}, {"medium", POLICY_MEDIUM}, {"low", POLICY_LOW}, {NULL, 0}};

static const struct policy_yaml_word standards[] = {{"either", POLICY_EITHER_STANDARD},
                                                    {"rfc9989", POLICY_RFC9989},
                                                    {"rfc7489", POLICY_RFC7489},
                                                    {NULL, 0}};
static const struct policy_yaml_word severities[] = {{"by disposition", WRITTEN_BY_DISPOSITION},
                                                     {"error", WRITTEN_ERROR},
                                                     {"warning", WRITTEN_WARNING},
                                                     {"notice", WRITTEN_NOTICE},
                                                     {NULL, 0}};

static const struct policy_yaml_key source_keys[] = {
    POLICY_KEY_TEXT("id", struct written_source, id),
    POLICY_KEY_TEXT("title", struct written_source, title),
    POLICY_KEY_TEXT_IF_ANY("url", struct written_source, url),
    POLICY_KEY_TEXT_IF_ANY("read", struct written_source, read),
    POLICY_KEY_END,
};

static const struct policy_yaml_key rule_keys[] = {
    POLICY_KEY_TEXT("id", struct written_rule, id),
    POLICY_KEY_TEXT("says", struct written_rule, says),
    POLICY_KEY_WORD_IF_ANY("who", struct written_rule, who, whos),
    POLICY_KEY_TEXT_IF_ANY("since", struct written_rule, since),
    POLICY_KEY_TEXT_IF_ANY("until", struct written_rule, until),
    POLICY_KEY_TEXT_IF_ANY("applies", struct written_rule, applies),
    POLICY_KEY_TEXT("when", struct written_rule, when),
    POLICY_KEY_WORD("disposition", struct written_rule, disposition, dispositions),
    POLICY_KEY_WORD_IF_ANY("at", struct written_rule, at, steps),
    POLICY_KEY_TEXT_IF_ANY("code", struct written_rule, code),
    POLICY_KEY_TEXT_IF_ANY("enhanced", struct written_rule, enhanced),
    POLICY_KEY_TEXT_IF_ANY("reply", struct written_rule, reply),
    POLICY_KEY_TEXTS("source", struct written_rule, source),
    POLICY_KEY_WORD("confidence", struct written_rule, confidence, confidences),
    POLICY_KEY_TEXT_IF_ANY("asks", struct written_rule, asks),
    POLICY_KEY_WORD_IF_ANY("severity", struct written_rule, severity, severities),
    POLICY_KEY_TEXTS_IF_ANY("publish", struct written_rule, publish),
    POLICY_KEY_TEXT_IF_ANY("note", struct written_rule, note),
    POLICY_KEY_END,
};

static const struct policy_yaml_key advice_keys[] = {
    POLICY_KEY_TEXT("id", struct written_advice, id),
    POLICY_KEY_TEXT("says", struct written_advice, says),
    POLICY_KEY_TEXT_IF_ANY("since", struct written_advice, since),
    POLICY_KEY_TEXTS("source", struct written_advice, source),
    POLICY_KEY_WORD("confidence", struct written_advice, confidence, confidences),
    POLICY_KEY_END,
};

static const struct policy_yaml_schema source_schema =
    POLICY_SCHEMA(written_source, source_keys);
static const struct policy_yaml_schema rule_schema = POLICY_SCHEMA(written_rule, rule_keys);
static const struct policy_yaml_schema advice_schema =
    POLICY_SCHEMA(written_advice, advice_keys);

static const struct policy_yaml_key policy_keys[] = {
    POLICY_KEY_TEXT("name", struct written_policy, name),
    POLICY_KEY_TEXT("title", struct written_policy, title),
    POLICY_KEY_WORD("kind", struct written_policy, kind, kinds),
    POLICY_KEY_TEXT("as-of", struct written_policy, as_of),
    POLICY_KEY_TEXT("about", struct written_policy, about),
    POLICY_KEY_WORD_IF_ANY("dmarc", struct written_policy, standard, standards),
    POLICY_KEY_TEXTS_IF_ANY("domains", struct written_policy, domains),
    POLICY_KEY_ENTRIES("sources", struct written_policy, sources, &source_schema),
    POLICY_KEY_ENTRIES("rules", struct written_policy, rules, &rule_schema),
    POLICY_KEY_ENTRIES_IF_ANY("advice", struct written_policy, advice, &advice_schema),
    POLICY_KEY_END,
};

const struct policy_yaml_schema policy_schema = POLICY_SCHEMA(written_policy, policy_keys);

struct written_policy *policy_schema_read(struct policy_file *file, struct span text,
                                          struct err *why)
{
    return policy_yaml_read(file, text, &policy_schema, why);
}
