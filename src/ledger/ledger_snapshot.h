/*
 * NAME
 *     ledger_snapshot - a ledger written out
 * DESCRIPTION
 *     JSON Lines: a header, then one object per query in the order of the run.
 *     Beyond the keys of the contract a line may carry "detail" (why a
 *     query failed) and "places" (file and line of zone records), so that
 *     a report made from the snapshot equals the first one byte for byte; "signatures"
 *     and "denial" where DNSSEC records were requested, and "unchecked" with what a validating
 *     resolver withholds.
 *     Queries that have no answer yet, or got none because no source speaks
 *     for them or a limit was reached, are not written.
 *
 *     Reading is the source "snapshot:FILE". It speaks for the names that it
 *     holds any answer about and for names at or below a closed one; what it
 *     does not hold is DNS_UNKNOWN there, or absent if closed. All other
 *     names it leaves to the sources below it.
 * OWNERSHIP
 *     The arena is for scratch only.
 * ERRORS
 *     Returns false and fills `why`.
 */
#ifndef LEDGER_SNAPSHOT_H
#define LEDGER_SNAPSHOT_H

#include "base/arena.h"
#include "base/err.h"
#include "ledger/ledger.h"

bool ledger_save(const struct ledger *ledger, struct arena *arena, const char *path,
                 int64_t taken, struct err *why);

#endif
