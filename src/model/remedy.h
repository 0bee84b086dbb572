/*
 * NAME
 *     remedy - edits of the zone that cure a finding, and their proof
 * DESCRIPTION
 *     Filled in by remedy/remedy.h.
 * OWNERSHIP
 *     In the arena of who fills them in.
 * ERRORS
 *     None.
 */
#ifndef MODEL_REMEDY_H
#define MODEL_REMEDY_H

#include "base/arena.h"
#include "base/dns_name.h"
#include "model/dns_answer.h"
#include "model/finding.h"
#include "model/record_reading.h"

struct auth_dmarc_verdict;
struct facts;

enum remedy_action { REMEDY_ADD, REMEDY_REPLACE, REMEDY_REMOVE };

struct remedy_edit {
    enum remedy_action action;
    const struct dns_rr *rr;  /* what to add, or to remove */
    const struct dns_rr *old; /* REMEDY_REPLACE: what `rr` takes the place of */
    struct remedy_edit *next;
};

/* one thing that a remedy keeps or loses */
struct remedy_effect {
    const char *kind; /* "spf_addresses_lost" and the like of model/compare.def; "spf_term",
                       * "dkim_key", "dmarc_policy", "dmarc_reports" */
    const char *text; /* in words, safe to show */
};

struct remedy_proof {
    const struct finding **cleared; /* of the findings as they are */
    size_t cleared_count;
    const struct finding **introduced; /* errors and warnings that would be new */
    size_t introduced_count;
    /* errors and warnings that are new and no worse than what goes: a policy that was asked
     * for, a fault that a graver one hid */
    const struct finding **left;
    size_t left_count;
    /* what the edited records say before and after, and what they said or were meant to say
     * and do not after. A remedy that loses anything has a condition. */
    struct remedy_effect *kept;
    size_t kept_count;
    struct remedy_effect *lost;
    size_t lost_count;
    /* what the libraries make of the records that the remedy publishes. A remedy whose record
     * one of them reads otherwise has a condition. */
    const struct record_reading **readings;
    size_t reading_count;
    /* DMARC for the message, in the world as it is and then; NULL without one */
    const struct auth_dmarc_verdict *before;
    const struct auth_dmarc_verdict *after;
    /* all facts of the world that the edits make, for whoever wants to compute more */
    const struct facts *facts_after;
};

struct remedy {
    const char *summary;   /* one clause: what the edits do */
    const char *condition; /* "if ..."; NULL: nothing has to be known */
    const char *price;     /* what it costs later; NULL: nothing */
    bool waits; /* for a key that its owner has to publish: it is still missing then */
    struct remedy_edit *edits;
    const struct remedy_rrset *sets; /* that the edits touch, whole */
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

struct remedy_plan {
    const struct remedy *fix;   /* the fewest edits that clear all that needs no choice; its
                                  * proof speaks of `findings`. No edits: nothing to do */
    const struct remedy *steps; /* the same edits by what belongs together, the most severe
                                  * first; their proofs know the ids of what is cleared only */
    const struct facts *facts;  /* in the world that the steps make */
    const struct finding *rest; /* what is found there, with remedies */
};

/* what is gone, once for each id, without what another finding about the same record takes the
 * place of */
const struct finding **remedy_gone(struct arena *arena, const struct remedy_proof *proof,
                                   size_t *count_out);

const char *remedy_action_to_text(enum remedy_action action);

/* the value of a record in presentation form: what follows the type */
const char *remedy_value(const struct dns_rr *rr);

/* the same finding in the world that the steps make; NULL: it is gone */
const struct finding *remedy_plan_rest(const struct remedy_plan *plan,
                                       const struct finding *finding);

#endif
