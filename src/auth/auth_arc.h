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
 *     must not claim what could not be asked: such a chain is undetermined,
 *     unless something else breaks it anyway.
 * STANDARDS
 *     RFC 8617, 4 and 5.2; RFC 8463; RFC 8601, 2.7
 */
#ifndef AUTH_ARC_H
#define AUTH_ARC_H

#include "auth/auth_dkim.h"
#include "mail/mail_trace.h"
#include "record/rec_arc.h"

enum auth_arc_part {
    AUTH_ARC_RESULTS,           /* ARC-Authentication-Results */
    AUTH_ARC_MESSAGE_SIGNATURE, /* ARC-Message-Signature */
    AUTH_ARC_SEAL,              /* ARC-Seal */
    AUTH_ARC_PARTS
};

struct auth_arc_set {
    unsigned instance;
    const struct mail_header *fields[AUTH_ARC_PARTS]; /* NULL: missing */
    struct mail_arc_results results;
    struct rec_dkim_signature message_signature; /* all zero when missing */
    struct rec_dkim_signature seal;
    enum rec_arc_cv cv;
};

struct auth_arc_prepared {
    struct auth_arc_set *sets; /* by instance; those of which a field is there */
    size_t count;
    const char *fault;       /* the first fault of the structure, safe to show; NULL: sound */
    unsigned fault_instance; /* which instance it is about; 0: none */
    /* of a sound chain: message signature and seal of each set; empty otherwise */
    struct auth_dkim_prepared *signatures;
};

struct auth_arc_instance {
    const struct auth_arc_set *set;
    const struct auth_dkim_verdict *message_signature; /* NULL: not verified */
    const struct auth_dkim_verdict *seal;              /* NULL: not verified */
};

struct auth_arc_verdict {
    bool is_pending;
    bool is_undetermined; /* then `result` says nothing */
    enum arc_result result;
    const char *reason;       /* one clause, safe to show; never NULL */
    unsigned failed_instance; /* where the chain breaks, or cannot be told; 0: nowhere */
    /* the oldest instance whose message signature and all newer ones verify, 0: all do */
    unsigned oldest_pass;
    bool has_oldest_pass; /* false: nothing was verified, or not all could be */
    const struct auth_arc_instance *instances; /* as prepared->sets */
    size_t count;
};

/* the chain, and in `*dkim_out` what auth_dkim_prepare() gives for the same message */
struct auth_arc_prepared *auth_arc_prepare(struct arena *arena, struct mail_message *message,
                                           struct auth_dkim_prepared **dkim_out);

const struct auth_arc_verdict *auth_arc_judge(struct arena *arena, struct ledger *ledger,
                                              const struct auth_arc_prepared *prepared,
                                              int64_t now);

/* "ARC-Seal" */
const char *auth_arc_part_to_text(enum auth_arc_part part);

#endif
