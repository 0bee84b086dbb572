/*
 * NAME
 *     compare - the differences of two worlds
 * DESCRIPTION
 *     compare_facts() takes the facts of one domain in two worlds, as it is
 *     and as it would be, and lists what is lost, what is gained and what the
 *     change puts at risk. It does not check records: a broken record is one
 *     that no longer does what it did. gate, diff, --spf-add and the proof of
 *     remedies all use this function, so that "lost" means one thing.
 *
 *     SPF is compared as sets of addresses that receivers let pass, with the
 *     limits of RFC 7208, 4.6.4 applied; DKIM keys by their content; DMARC by
 *     strength and by report addresses; MX, TLSA and the neighbouring TXT
 *     records as sets. Order, TTL, letter case and the cutting of strings
 *     therefore never count.
 *
 *     What has an answer in one world only is undetermined. What no source of
 *     the old world knows cannot be lost, and is not reported.
 * OWNERSHIP
 *     In the arena; answers, records and providers are those of the facts.
 * ERRORS
 *     None. Facts without an audit (no domain) compare as equal.
 * STANDARDS
 *     RFC 7208, 4.6.4; RFC 6376, 3.6.1; RFC 9989, 4.7; RFC 8461, 4.1; RFC 6698, 2.1
 * BUGS
 *     A term whose addresses cannot be listed (exists, ptr, macros) is
 *     compared by its text. An alias with an unknown target counts as
 *     unknown before, so its loss is not reported, except that of a DKIM key. Whether
 *     a TLSA record matches the certificate of the host is not checked: a set
 *     that shares no record with the one before is taken not to match.
 */
#ifndef COMPARE_H
#define COMPARE_H

#include "base/arena.h"
#include "model/compare.h"
#include "model/facts.h"

const struct compare *compare_facts(struct arena *arena, const struct facts *before,
                                    const struct facts *after);

/* The world's owners make the change that is the cause: it is where they make it. */
void compare_mark_cause(struct compare_change *change);

#endif
