/* The way about a comparison. */
#include "model/gate.h"

bool report_gate_is_same(const struct report_gate *gate)
{
    return gate->losses == NULL && gate->added == NULL && gate->gone == NULL &&
           gate->gains == NULL && gate->switches == NULL && gate->dismissed == 0;
}

const struct policy_outcome *report_switch_subject(const struct report_switch *one)
{
    return one->after->is_for_bulk == one->after->is_for_others ? one->before : one->after;
}
