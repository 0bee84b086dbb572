/*
 * NAME
 *     auth_arc - the Authenticated Received Chain, by the standard
 * DESCRIPTION
 *     Two steps, as for DKIM, whose code hashes and verifies here too.
 *     auth_arc_prepare() collects the ARC sets, judges the structure of the
 *     chain and hashes, in one pass over the body for the DKIM signatures and
 *     the message signatures of the chain. auth_arc_judge() gets the keys from
 *     the ledger and verifies; it is repeated while answers are pending.
 *
 *     The structure is judged in the order of RFC 8617, 5.2, and where it is
 *     broken nothing is asked and nothing verified. Otherwise every signature
 *     of the chain is verified, to show who vouched for what: an older message
 *     signature that fails only moves oldest-pass (5.2, step 5).
 *
 *     Decided where the standard leaves room: an ARC field whose instance
 *     cannot be read breaks the chain. A seal that says cv=fail breaks it
 *     whether its signature verifies or not.
 * OWNERSHIP
 *     Everything lives in the arena.
 * ERRORS
 *     RFC 8617, 5.2.1 makes a DNS failure a failure of the chain. A report
 *     must not claim what could not be queried: such a chain is undetermined,
 *     unless something else breaks it anyway.
 * STANDARDS
 *     RFC 8617, 4 and 5.2; RFC 8463; RFC 8601, 2.7
 */
#ifndef AUTH_ARC_H
#define AUTH_ARC_H

#include "auth/auth_dkim.h"
#include "base/arena.h"
#include "ledger/ledger.h"
#include "model/arc_verdict.h"
#include "model/dkim_verdict.h"
#include "model/mail_message.h"

/* the chain, and in `*dkim_out` what auth_dkim_prepare() gives for the same message */
struct auth_arc_prepared *auth_arc_prepare(struct arena *arena, struct mail_message *message,
                                           struct auth_dkim_prepared **dkim_out);

const struct auth_arc_verdict *auth_arc_judge(struct arena *arena, struct ledger *ledger,
                                              const struct auth_arc_prepared *prepared,
                                              int64_t now);

#endif
