/*
 * NAME
 *     dns_snapshot - a ledger written out
 * DESCRIPTION
 *     JSON Lines: a header, then one object per question in asking order.
 *     Beyond the keys of the contract a line may carry "detail" (why a
 *     question failed) and "places" (file and line of zone records), so that
 *     a report made from the snapshot equals the first one byte for byte.
 *     Reading is the source "snapshot:FILE".
 * OWNERSHIP
 *     The arena is for scratch; nothing is handed out.
 * ERRORS
 *     Returns false and fills `why`.
 */
#ifndef DNS_SNAPSHOT_H
#define DNS_SNAPSHOT_H

#include "dns/dns_ledger.h"

#define DNS_SNAPSHOT_VERSION 1

bool dns_snapshot_save(const struct dns_ledger *ledger, struct arena *arena, const char *path,
                       int64_t taken, struct err *why);

#endif
