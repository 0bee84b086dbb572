/*
 * NAME
 *     remedy - which edits of the zone cure a finding, proved
 * DESCRIPTION
 *     remedy_find() proposes edits for the findings of a report and proves
 *     each: the edits are laid over the known world, facts are gathered and
 *     checked again, and only what makes the finding go without a new error or
 *     warning becomes a remedy. Where a person must know something that DNS
 *     does not show, the remedy has a condition, and there may be several
 *     to choose from.
 *
 *     A fault can hide others: a malformed record has no other findings. What
 *     its remedy would reveal is cured by the same remedy, or there is none.
 *
 *     Counting findings is not enough: a proof also compares what the records
 *     mean before and after, and what broken ones were intended to mean. A loss
 *     becomes a condition.
 *
 *     Where the libraries are asked, they read each record that a remedy publishes. One that
 *     a library reads otherwise than the standard makes the remedy conditional.
 *
 *     A proof sends no queries: where it would need an answer that the ledger
 *     does not hold, there is no proof and no remedy. So a replay from a snapshot
 *     gives the same.
 *     Only records at or below the domain of the subject are edited.
 *
 *     remedy_plan() combines remedies: it cures one finding after the other, each
 *     after the edits of those before it, as long as there is no choice to make.
 *     Records that are published together are one step. The findings that are left
 *     have the remedies between which a person must choose, proved after these
 *     steps, so that no record of the plan contradicts another.
 * OWNERSHIP
 *     In the arena, which must be that of the facts.
 * ERRORS
 *     None. A finding without a remedy has none that could be proved.
 * BUGS
 *     Findings about the libraries are neither cleared nor introduced by a proof.
 */
#ifndef REMEDY_H
#define REMEDY_H

#include "base/arena.h"
#include "base/span.h"
#include "model/finding.h"
#include "model/finding_id.h"
#include "model/remedy.h"

struct dns_rr_head;
struct facts;

/* is there a proposer for the finding; a remedy may come from another finding all the same */
bool remedy_is_proposed(enum finding_id row);

/* why no edit of the zone cures a finding, or why there are cases that none does; NULL: some
 * may, or nobody wrote it down */
const char *remedy_none_because(enum finding_id row);

/* sets no_remedy of each, after remedy_find(); NULL: it has a remedy, is not trouble, or could
 * not be determined */
void remedy_note_none(struct arena *arena, const struct facts *facts, struct finding *findings);

/* a TXT record, its text cut into strings; NULL: too long for a record */
const struct dns_rr *remedy_text_rr(struct arena *arena, const struct dns_rr_head *head,
                                    struct span text);

/* set proof from two lists of findings: what is gone, and which errors and warnings are new */
void remedy_compare(struct arena *arena, const struct finding *before,
                    const struct finding *after, struct remedy_proof *proof_out);

/* set finding->remedy wherever there is one */
void remedy_find(struct arena *arena, const struct facts *facts, struct finding *findings);

/* `findings` have their remedies already; nothing is done about those that are dismissed */
const struct remedy_plan *remedy_plan(struct arena *arena, const struct facts *facts,
                                      struct finding *findings);

/* the sets that the edits touch, whole; for consoles that take sets. NULL: an edit does not
 * fit the world */
struct remedy_rrset *remedy_rrsets(struct arena *arena, const struct facts *facts,
                                   const struct remedy_edit *edits);

#endif
