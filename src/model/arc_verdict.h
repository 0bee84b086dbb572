/*
 * NAME
 *     arc_verdict - the ARC sets of a message, and what the chain is worth
 * DESCRIPTION
 *     Filled in by auth/auth_arc.h.
 * OWNERSHIP
 *     In the arena of who fills them in.
 * ERRORS
 *     None.
 * STANDARDS
 *     RFC 8617
 */
#ifndef ARC_VERDICT_H
#define ARC_VERDICT_H

#include "model/dkim_verdict.h"
#include "model/mail_message.h"
#include "model/mail_trace.h"
#include "model/rec_arc.h"
#include "model/rec_dkim.h"
#include "model/result.h"

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
    unsigned failed_instance; /* where the chain breaks, or is not known; 0: nowhere */
    /* the oldest instance whose message signature and all newer ones verify, 0: all do */
    unsigned oldest_pass;
    bool has_oldest_pass; /* false: nothing was verified, or not all could be */
    const struct auth_arc_instance *instances; /* as prepared->sets */
    size_t count;
};

/* "ARC-Seal" */
const char *auth_arc_part_to_text(enum auth_arc_part part);

#endif
