/* The schema of a policy file: keys, types and closed lists of words. */
#include "policy/policy_schema.h"
#include "policy/policy_yaml.h"

#define CITED(type)                                                                      \
    CYAML_FIELD_SEQUENCE_COUNT("source", CYAML_FLAG_POINTER, type, source, source_count, \
                               &citation, 1, CYAML_UNLIMITED)

static const cyaml_strval_t kinds[] = {{"receiver", POLICY_RECEIVER},
                                       {"rule book", POLICY_RULE_BOOK}};
static const cyaml_strval_t whos[] = {{"everybody", WRITTEN_EVERYBODY}, {"bulk", WRITTEN_BULK}};
static const cyaml_strval_t dispositions[] = {{"accept", POLICY_ACCEPT},
                                              {"junk", POLICY_JUNK},
                                              {"defer", POLICY_DEFER},
                                              {"reject", POLICY_REJECT}};
static const cyaml_strval_t steps[] = {
    {"dot", POLICY_AT_DOT},      {"connect", POLICY_AT_CONNECT}, {"ehlo", POLICY_AT_EHLO},
    {"mail", POLICY_AT_MAIL},    {"rcpt", POLICY_AT_RCPT},       {"data", POLICY_AT_DATA},
    {"header", POLICY_AT_HEADER}};
static const cyaml_strval_t confidences[] = {
    {"high", POLICY_HIGH}, {"medium", POLICY_MEDIUM}, {"low", POLICY_LOW}};

static const cyaml_schema_value_t citation = {
    CYAML_VALUE_STRING(CYAML_FLAG_POINTER, char, 1, CYAML_UNLIMITED)};

static const cyaml_schema_field_t source_fields[] = {
    POLICY_YAML_TEXT("id", struct written_source, id),
    POLICY_YAML_TEXT("title", struct written_source, title),
    POLICY_YAML_TEXT_IF_ANY("url", struct written_source, url),
    POLICY_YAML_TEXT_IF_ANY("read", struct written_source, read), CYAML_FIELD_END};

static const cyaml_schema_field_t rule_fields[] = {
    POLICY_YAML_TEXT("id", struct written_rule, id),
    POLICY_YAML_TEXT("says", struct written_rule, says),
    POLICY_YAML_WORD("who", CYAML_FLAG_OPTIONAL, struct written_rule, who, whos),
    POLICY_YAML_TEXT_IF_ANY("since", struct written_rule, since),
    POLICY_YAML_TEXT_IF_ANY("until", struct written_rule, until),
    POLICY_YAML_TEXT("when", struct written_rule, when),
    POLICY_YAML_WORD("disposition", CYAML_FLAG_DEFAULT, struct written_rule, disposition,
                     dispositions),
    POLICY_YAML_WORD("at", CYAML_FLAG_OPTIONAL, struct written_rule, at, steps),
    POLICY_YAML_TEXT_IF_ANY("code", struct written_rule, code),
    POLICY_YAML_TEXT_IF_ANY("enhanced", struct written_rule, enhanced),
    POLICY_YAML_TEXT_IF_ANY("reply", struct written_rule, reply),
    CITED(struct written_rule),
    POLICY_YAML_WORD("confidence", CYAML_FLAG_DEFAULT, struct written_rule, confidence,
                     confidences),
    POLICY_YAML_TEXT_IF_ANY("note", struct written_rule, note),
    CYAML_FIELD_END};

static const cyaml_schema_field_t advice_fields[] = {
    POLICY_YAML_TEXT("id", struct written_advice, id),
    POLICY_YAML_TEXT("says", struct written_advice, says),
    POLICY_YAML_TEXT_IF_ANY("since", struct written_advice, since),
    CITED(struct written_advice),
    POLICY_YAML_WORD("confidence", CYAML_FLAG_DEFAULT, struct written_advice, confidence,
                     confidences),
    CYAML_FIELD_END};

static const cyaml_schema_value_t source_value = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct written_source, source_fields)};
static const cyaml_schema_value_t rule_value = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct written_rule, rule_fields)};
static const cyaml_schema_value_t advice_value = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct written_advice, advice_fields)};

static const cyaml_schema_field_t policy_fields[] = {
    POLICY_YAML_TEXT("name", struct written_policy, name),
    POLICY_YAML_TEXT("title", struct written_policy, title),
    POLICY_YAML_WORD("kind", CYAML_FLAG_DEFAULT, struct written_policy, kind, kinds),
    POLICY_YAML_TEXT("as-of", struct written_policy, as_of),
    POLICY_YAML_TEXT("about", struct written_policy, about),
    CYAML_FIELD_SEQUENCE("sources", CYAML_FLAG_POINTER, struct written_policy, sources,
                         &source_value, 1, CYAML_UNLIMITED),
    CYAML_FIELD_SEQUENCE("rules", CYAML_FLAG_POINTER, struct written_policy, rules, &rule_value,
                         1, CYAML_UNLIMITED),
    CYAML_FIELD_SEQUENCE("advice", CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL,
                         struct written_policy, advice, &advice_value, 1, CYAML_UNLIMITED),
    CYAML_FIELD_END};

static const cyaml_schema_value_t policy_value = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_POINTER, struct written_policy, policy_fields)};

struct written_policy *policy_schema_read(struct arena *arena, const struct policy_file *file,
                                          struct err *why)
{
    return policy_yaml_read(arena, file, &policy_value, why);
}
