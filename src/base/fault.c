#include "base/fault.h"

struct fault *fault_add(struct arena *arena, struct fault **faults, struct fault fault)
{
    struct fault *copy = arena_new_of(arena, struct fault);

    *copy = fault;
    while (*faults != NULL)
        faults = &(*faults)->next;
    *faults = copy;
    return copy;
}

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
