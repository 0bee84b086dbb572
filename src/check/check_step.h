/*
 * NAME
 *     check_step - what to do at a provider, for what no DNS record cures
 * DESCRIPTION
 *     Some findings are cured at the source only: whoever sends has to sign, or to
 *     use another MAIL FROM; a mailing list has to stop changing what it passes on.
 *     Where the provider can be recognised, its own step is at hand.
 * OWNERSHIP
 *     In the arena.
 * ERRORS
 *     NULL when nobody is recognised, or no source says what to do there.
 */
#ifndef CHECK_STEP_H
#define CHECK_STEP_H

#include "model/facts.h"
#include "model/finding.h"

const struct finding_step *check_steps(struct arena *arena, const struct facts *facts,
                                       const struct finding *finding);

#endif
