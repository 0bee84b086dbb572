/*
 * NAME
 *     check_step - what to do at a provider where no DNS record helps
 * DESCRIPTION
 *     Private to check/. Some findings can only be cured by the sender, who has to
 *     sign or to use another MAIL FROM, or by a mailing list, which has to stop
 *     changing messages. Where the provider is recognised, its own step is shown.
 * OWNERSHIP
 *     In the arena.
 * ERRORS
 *     NULL when no provider is recognised, or no source says what to do there.
 */
#ifndef CHECK_STEP_H
#define CHECK_STEP_H

#include "model/facts.h"
#include "model/finding.h"

const struct finding_step *check_steps(struct arena *arena, const struct facts *facts,
                                       const struct finding *finding);

#endif
