/*
 * NAME
 *     engine_standby - children that answer many questions
 * DESCRIPTION
 *     For records that are not published yet: many small questions about one
 *     domain, each cheaper to answer than to start a child for. One child,
 *     started and confined at the first one, answers them all; if a question
 *     harms it, only other questions of this kind are affected, because
 *     engine_judge() never uses it.
 *
 *     A child that dies or hangs is replaced, LIMIT_STANDBY_CHILDREN times; after
 *     that the library is not asked any more.
 * OWNERSHIP
 *     engine_standby_open() gives a handle in the arena; close it before engine_judge()
 *     is called again, so that its children do not take the places of others.
 *     Verdicts live in the same arena.
 * ERRORS
 *     NULL: no answer, because the ledger lacks a name, the library is not built in, or too
 *     many children were lost. A verdict with is_lost: the library ended or hung on this
 *     question.
 */
#ifndef ENGINE_STANDBY_H
#define ENGINE_STANDBY_H

#include "auth/auth_spf.h"
#include "base/arena.h"
#include "engine/engine.h"
#include "ledger/ledger.h"
#include "model/engine_verdict.h"
#include "model/mail_message.h"

/* the detail of a DMARC record's verdict: p, sp, adkim, aspf, and how many addresses rua has */
#define ENGINE_POLICY_TEXT "p=%s, sp=%s, adkim=%s, aspf=%s, %zu addresses in rua"

struct engine_standby;

struct engine_standby *engine_standby_open(struct engine *engine, struct arena *arena);
void engine_standby_close(struct engine_standby *standby); /* accepts NULL */

/* one verdict for each envelope; no name is noted as wanted */
const struct engine_verdict *engine_standby_spf(struct engine_standby *standby,
                                                const struct ledger *ledger,
                                                const struct auth_spf_input *inputs,
                                                size_t count);

/* the only signature of a message without a body */
const struct engine_verdict *engine_standby_dkim(struct engine_standby *standby,
                                                 const struct ledger *ledger,
                                                 const struct mail_message *message,
                                                 int64_t now);

/* a DMARC record of the domain, alone: "fail" with ENGINE_POLICY_TEXT, or what is wrong */
const struct engine_verdict *engine_standby_dmarc(struct engine_standby *standby,
                                                  const char *domain, const char *record,
                                                  int64_t now);

#endif
