/*
 * NAME
 *     check_engine_cause - why a library's verdict is not the standard's
 * DESCRIPTION
 *     Private to check/. Each row of check_engine_cause.def is one known
 *     difference. Its function looks at one case for it: a verdict that
 *     differs, or the domain's published records alone. It holds only if the
 *     cause is in the record or the message and can lead to just this pair of
 *     verdicts. A cause that is certain for any message is also reported from
 *     the records alone, as a notice. A verdict that no cause explains is
 *     reported as such.
 * OWNERSHIP
 *     Text lives in the emitter's arena.
 * ERRORS
 *     None.
 */
#ifndef CHECK_ENGINE_CAUSE_H
#define CHECK_ENGINE_CAUSE_H

#include "base/dns_name.h"
#include "check/check_emit.h"
#include "model/dkim_verdict.h"
#include "model/dns_answer.h"
#include "model/engine_verdict.h"
#include "model/facts.h"
#include "model/finding.h"
#include "model/rec_spf.h"
#include "model/spf_verdict.h"

struct engine_case {
    struct emitter *out; /* for places and its arena */
    const struct facts *facts;
    const struct engine_verdict *verdict; /* NULL: what is published, whatever the message */
    const char *ours;                     /* the standard's word; NULL without a verdict */

    /* filled in by a cause that holds */
    struct finding_where where;
    const char *cause; /* one clause, safe to show */
};

/* the case is about these words; NULL is any word, and without a verdict all is possible */
bool check_case_is(const struct engine_case *one, const char *ours, const char *theirs);

/* the place and the clause; returns true */
bool check_case_holds(struct engine_case *one, struct finding_where where, const char *cause);

/* the signature that "dkim.N" is about; NULL: none */
const struct auth_dkim_verdict *check_engine_signature(const struct facts *facts,
                                                       const char *about);

/* ---- records that libspf2 reads: check_engine_spf.c ---- */

struct engine_spf_record {
    const struct dns_name *name;
    const struct dns_answer *answer;
    const struct dns_rr *rr;
    const struct rec_spf *record;
};

/* what libspf2's verdict is about, as the standard judged it; NULL: nothing */
const struct auth_spf_verdict *check_engine_identity(const struct engine_case *one);

/* a predicate over one term of a record; sets the clause if it holds */
typedef bool check_spf_term_fn(struct engine_case *one, const struct engine_spf_record *at,
                               const struct rec_spf_term *term);

/* the first term of all records of the case for which it holds; sets the place */
bool check_case_find_term(struct engine_case *one, check_spf_term_fn *holds);

/* ---- one function a row ---- */

#define CAUSE(id, library, is_certain) bool check_cause_##id(struct engine_case *one);
#include "check/check_engine_cause.def"

#endif
