#include "base/fault.h"

const struct fault *fault_find(const struct fault *faults, int kind)
{
    while (faults != NULL && faults->kind != kind)
        faults = faults->next;
    return faults;
}

const struct fault *fault_fatal(const struct fault *faults)
{
    while (faults != NULL && !faults->is_fatal)
        faults = faults->next;
    return faults;
}
