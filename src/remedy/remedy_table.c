/* Who proposes: the rows of remedy_table.def as functions. */
#include "model/finding_id.h"
#include "remedy/remedy_private.h"

static remedy_propose_fn *const proposers[FINDING_IDS] = {
#define REMEDY(id, propose) [ID_##id] = remedy_##propose,
#include "remedy/remedy_table.def"
};

bool remedy_is_proposed(enum finding_id row)
{
    return proposers[row] != NULL;
}

void remedy_propose(struct remedy_maker *maker)
{
    if (proposers[maker->finding->row] != NULL)
        proposers[maker->finding->row](maker);
}
