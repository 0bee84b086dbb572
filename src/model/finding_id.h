/*
 * NAME
 *     finding_id - the ids of the catalogue, so that the compiler knows them
 * DESCRIPTION
 *     One enumerator per row of finding_table.def, in its order: ID_ and the id as it is
 *     printed. A misspelt id does not compile.
 * OWNERSHIP
 *     None.
 * ERRORS
 *     None.
 */
#ifndef FINDING_ID_H
#define FINDING_ID_H

enum finding_id {
#define CHECK(id, severity, cite, text, hint) ID_##id,
#include "model/finding_table.def"
    FINDING_IDS /* their number */
};

#endif
