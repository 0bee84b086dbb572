/*
 * NAME
 *     remedy - which edits of the zone cure a finding, proved
 * DESCRIPTION
 *     remedy_find() proposes edits for the findings of a report and proves
 *     each: the edits are laid over the known world, facts are gathered and
 *     checked again, and only what makes the finding go without a new error or
 *     warning becomes a remedy. Where a person must know something that DNS
 *     does not tell, the remedy has a condition, and there may be several
 *     to choose from.
 *
 *     A fault can hide others: a malformed record has no other findings. What
 *     its remedy would bare is cured in the same go, or there is no remedy.
 *
 *     Counting findings is not enough: a proof also compares what the records
 *     mean before and after, and what broken ones were meant to mean. What is
 *     lost makes a condition.
 *
 *     A proof asks nobody: where it would need an answer that the ledger does
 *     not hold, there is no proof and no remedy. So a replay says the same.
 *     Only records at or below the domain of the subject are edited.
 *
 *     remedy_plan() composes: it cures one finding after the other, each in the
 *     world that the ones before it made, as long as nothing has to be decided.
 *     Records that are published together are one step. What is left then has the
 *     remedies between which a person must choose, proved in the world that the
 *     steps make, so that no record of the plan contradicts another.
 * OWNERSHIP
 *     In the arena, which must be that of the facts.
 * ERRORS
 *     None. A finding without a remedy has none that could be proved.
 * BUGS
 *     The libraries take no part in proofs: findings about them are neither
 *     cleared nor introduced.
 */
#ifndef REMEDY_H
#define REMEDY_H

#include "check/check.h"

struct dns_rr_head;

enum remedy_action { REMEDY_ADD, REMEDY_REPLACE, REMEDY_REMOVE };

struct remedy_edit {
    enum remedy_action action;
    const struct dns_rr *rr;  /* what to add, or to remove */
    const struct dns_rr *old; /* REMEDY_REPLACE: what `rr` takes the place of */
    struct remedy_edit *next;
};

/* one thing that a remedy keeps or loses */
struct remedy_effect {
    const char *kind; /* "spf_addresses_lost" and the like of compare/compare.def; "spf_term",
                       * "dkim_key", "dmarc_policy", "dmarc_reports" */
    const char *text; /* in words, safe to show */
};

struct remedy_proof {
    const struct finding **cleared; /* of the findings as they are */
    size_t cleared_count;
    const struct finding **introduced; /* errors and warnings that would be new */
    size_t introduced_count;
    /* what the edited records say before and after, and what they said or were meant to say
     * and do not after. A remedy that loses anything has a condition. */
    struct remedy_effect *kept;
    size_t kept_count;
    struct remedy_effect *lost;
    size_t lost_count;
    /* DMARC for the message, in the world as it is and then; NULL without one */
    const struct auth_dmarc_verdict *before;
    const struct auth_dmarc_verdict *after;
    /* all facts of the world that the edits make, for whoever wants to compute more */
    const struct facts *supposed;
};

struct remedy {
    const char *summary;   /* one clause: what the edits do */
    const char *condition; /* "if ..."; NULL: nothing has to be known */
    const char *price;     /* what it costs later; NULL: nothing */
    struct remedy_edit *edits;
    struct remedy_proof proof;
    const struct remedy *next; /* another choice */
};

/* all records of a name and type, before and after */
struct remedy_rrset {
    const struct dns_name *name;
    enum dns_type type;
    const struct dns_rr **before;
    size_t before_count;
    const struct dns_rr **after;
    size_t after_count;
    struct remedy_rrset *next;
};

const char *remedy_action_to_text(enum remedy_action action);

/* is there a proposer for the finding; a remedy may come from another finding all the same */
bool remedy_is_proposed(enum finding_id row);

/* why no edit of the zone cures a finding, or why there are cases that none does; NULL: some
 * may, or nobody wrote it down */
const char *remedy_none_because(enum finding_id row);

/* the same for a finding at hand, after remedy_find(); NULL: it has a remedy, is no trouble, or
 * could not be determined */
const char *remedy_none_for(struct arena *arena, const struct facts *facts,
                            const struct finding *finding);

/* a TXT record, its text cut into strings; NULL: too long for a record */
const struct dns_rr *remedy_text_rr(struct arena *arena, const struct dns_rr_head *head,
                                    struct span text);

/* the value of a record in presentation form: what follows the type */
const char *remedy_value(const struct dns_rr *rr);

/* set proof from two lists of findings: what is gone, and which errors and warnings are new */
void remedy_compare(struct arena *arena, const struct finding *before,
                    const struct finding *after, struct remedy_proof *proof_out);

/* set finding->remedy wherever there is one */
void remedy_find(struct arena *arena, const struct facts *facts, struct finding *findings);

struct remedy_plan {
    const struct remedy *fix;   /* the fewest edits that clear all that needs no choice; its
                                  * proof speaks of `findings`. No edits: nothing to do */
    const struct remedy *steps; /* the same edits by what belongs together, the most severe
                                  * first; their proofs know the ids of what is cleared only */
    const struct facts *facts;  /* in the world that the steps make */
    const struct finding *rest; /* what is found there, with remedies */
};

/* `findings` have their remedies already; nothing is done about those that are excused */
const struct remedy_plan *remedy_plan(struct arena *arena, const struct facts *facts,
                                      struct finding *findings);

/* the step that clears the finding, counted from 1; 0: none does */
size_t remedy_plan_step(const struct remedy_plan *plan, const struct finding *finding);

/* the same finding in the world that the steps make; NULL: it is gone */
const struct finding *remedy_plan_rest(const struct remedy_plan *plan,
                                       const struct finding *finding);

/* the sets that the edits touch, whole; for consoles that take sets. NULL: an edit does not
 * fit the world */
struct remedy_rrset *remedy_rrsets(struct arena *arena, const struct facts *facts,
                                   const struct remedy_edit *edits);

#endif
