/* Who proposes: the rows of remedy_table.def as functions. */
#include "model/finding_id.h"
#include "remedy/remedy_private.h"

static remedy_propose_fn *const proposers[FINDING_IDS] = {
#define REMEDY(id, propose)            [ID_##id] = remedy_##propose,
#define REMEDY_OR(id, propose, reason) [ID_##id] = remedy_##propose,
#define NO_REMEDY(id, reason)
#define NO_REMEDIES(prefix, reason)
#include "remedy/remedy_table.def"
#undef NO_REMEDIES
#undef NO_REMEDY
#undef REMEDY_OR
#undef REMEDY
};

void remedy_propose(struct remedy_maker *maker)
{
    if (proposers[maker->finding->row] != NULL)
        proposers[maker->finding->row](maker);
}
