/*
 * NAME
 *     engine_question - what a child receives
 * DESCRIPTION
 *     Private to engine/. Writes the first frame: the time, the answers that the library may
 *     ask for, and what it is to judge.
 * OWNERSHIP
 *     Payloads live in the arena.
 * ERRORS
 *     None; the payload may exceed LIMIT_CHILD_QUESTION_BYTES, which the caller checks.
 */
#ifndef ENGINE_QUESTION_H
#define ENGINE_QUESTION_H

#include "auth/auth_spf.h"
#include "base/arena.h"
#include "base/span.h"
#include "engine/engine.h"
#include "engine/engine_answers.h"
#include "model/mail_message.h"

struct span engine_question_spf(struct arena *arena, const struct ledger *ledger,
                                const struct auth_spf_input *inputs, size_t count);
struct span engine_question_dkim(struct arena *arena, const struct ledger *ledger,
                                 const struct mail_message *message, int64_t now);
struct span engine_question_dmarc(struct arena *arena, const struct engine_dmarc *dmarc,
                                  int64_t now);
/* a DMARC record of a domain, alone */
struct span engine_question_policy(struct arena *arena, const char *domain, const char *record,
                                   int64_t now);

#endif
