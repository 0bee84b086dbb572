/* Values of facts. */
#include "policy/policy_fact.h"

struct policy_value policy_value_truth(bool truth)
{
    return (struct policy_value){.is_known = true, .truth = truth};
}

struct policy_value policy_value_number(int64_t number)
{
    return (struct policy_value){.is_known = true, .number = number};
}

struct policy_value policy_value_text(const char *text)
{
    return (struct policy_value){.is_known = true, .text = text};
}

struct policy_value policy_value_unknown(const char *reason)
{
    return (struct policy_value){.reason = reason};
}
