/*
 * NAME
 *     auth_spf_private - what the files of the SPF judge share
 * DESCRIPTION
 *     Private to auth/. One evaluation is a chain of frames, one for each
 *     check_host() under way: the first for the identity, further ones for
 *     include and redirect. An error or a missing answer anywhere ends the
 *     whole evaluation (RFC 7208, 5.2): it is noted by auth_spf_stop_...(),
 *     and everything unwinds when `is_stopped` is set.
 * OWNERSHIP
 *     In the arena of the evaluation.
 * ERRORS
 *     See `is_stopped`.
 * STANDARDS
 *     RFC 7208, 4 to 7
 */
#ifndef AUTH_SPF_PRIVATE_H
#define AUTH_SPF_PRIVATE_H

#include "auth/auth_spf.h"
#include "base/arena.h"
#include "base/dns_name.h"
#include "base/span.h"
#include "ledger/ledger.h"
#include "model/dns_answer.h"
#include "model/rec_spf.h"
#include "model/result.h"
#include "model/spf_verdict.h"

struct auth_spf_frame {
    const struct auth_spf_frame *above; /* who includes or redirects here; NULL: the first */
    const struct rec_spf_term *via;     /* by this term of its record */
    const struct dns_name *name;        /* <domain>; NULL: cannot be a name */
    struct span domain;                 /* the same as octets, for %{d} and sentences */
    const struct rec_spf *record;       /* NULL until it is found */
    bool is_included;                   /* below an include: exp= means nothing */
};

struct auth_spf_eval {
    struct arena *arena;
    struct ledger *ledger;
    const struct auth_spf_input *input;
    struct auth_spf_verdict *verdict;

    struct span sender;             /* %{s} */
    struct span local;              /* %{l} */
    struct span sender_domain;      /* %{o} */
    struct span helo;               /* %{h} */
    struct span dotted;             /* %{i}, once it was needed */
    const struct dns_name *reverse; /* where the PTR records of the client are */

    const struct auth_spf_frame *decided_in; /* whose record decided; NULL: none did */
    const struct rec_spf_term *decided_by;   /* NULL: no term matched */

    bool is_shortened;  /* the name made last lost labels: RFC 7208, 7.3 */
    bool is_explaining; /* the result is known, exp= is being followed */
    bool is_stopped;
    bool is_pending;              /* stopped because an answer is missing */
    enum spf_result stopped_with; /* otherwise: temperror or permerror */
};

/* a name made from a term; `name` NULL: the term cannot match (RFC 7208, 4.8) */
struct auth_spf_target {
    const struct dns_name *name;
    struct span octets;
};

/* ---- auth_spf_eval.c ---- */

/* check_host() for the frame (RFC 7208, 4) */
enum spf_result auth_spf_check_host(struct auth_spf_eval *eval, struct auth_spf_frame *frame);

/* the record of an OK answer with exactly one, parsed once; NULL otherwise */
const struct rec_spf *auth_spf_record_of(struct auth_spf_eval *eval,
                                         const struct dns_answer *answer);

/* a frame below `above` for the target of its term */
struct auth_spf_frame *auth_spf_frame_below(struct auth_spf_eval *eval,
                                            const struct auth_spf_frame *above,
                                            const struct rec_spf_term *via,
                                            const struct auth_spf_target *target);

/* which term of which record the result comes from */
void auth_spf_decide(struct auth_spf_eval *eval, const struct auth_spf_frame *frame,
                     const struct rec_spf_term *term);

/* end the evaluation */
void auth_spf_stop_pending(struct auth_spf_eval *eval);
void auth_spf_stop_temperror(struct auth_spf_eval *eval, const struct auth_spf_frame *frame,
                             const struct rec_spf_term *term, const struct dns_answer *answer);
void auth_spf_stop_permerror(struct auth_spf_eval *eval, const struct auth_spf_frame *frame,
                             const struct rec_spf_term *term, const char *reason);

/* a term for a sentence */
const char *auth_spf_term_shown(struct arena *arena, const struct rec_spf_term *term);

/* ---- auth_spf_match.c ---- */

/* a, mx, ptr, exists, ip4 or ip6: does it match; meaningless when the evaluation stopped */
bool auth_spf_matches(struct auth_spf_eval *eval, const struct auth_spf_frame *frame,
                      const struct rec_spf_term *term);

/* count one term that costs a lookup; stops the evaluation above the limit */
void auth_spf_count_lookup(struct auth_spf_eval *eval, const struct auth_spf_frame *frame,
                           const struct rec_spf_term *term);

/* A or AAAA, by the family of the client */
enum dns_type auth_spf_address_type(const struct auth_spf_eval *eval);

/* is the client among these addresses */
bool auth_spf_has_client(const struct auth_spf_eval *eval, const struct dns_answer *answer,
                         unsigned prefix);

/* ---- auth_spf_macro.c ---- */

/* the name that the term means, its macros expanded and cut to DNS_NAME_MAX from the left
 * (RFC 7208, 7.3); may stop the evaluation for %{p} */
struct auth_spf_target auth_spf_target_of(struct auth_spf_eval *eval,
                                          const struct auth_spf_frame *frame,
                                          const struct rec_spf_term *term);

/* the same for a term that is evaluated, not only queried: the verdict says what was cut */
struct auth_spf_target auth_spf_target_used(struct auth_spf_eval *eval,
                                            const struct auth_spf_frame *frame,
                                            const struct rec_spf_term *term);

/* the text of an explanation, expanded; NULL if it is not one (RFC 7208, 6.2) */
const char *auth_spf_expand_text(struct auth_spf_eval *eval, const struct auth_spf_frame *frame,
                                 struct span text);

/* ---- auth_spf_ptr.c ---- */

/* %{p}: the validated name of the client (RFC 7208, 7.3), "unknown" if there is none. What
 * could not be queried stops the evaluation, unless the result is already known. */
struct span auth_spf_client_name(struct auth_spf_eval *eval,
                                 const struct auth_spf_frame *frame);

/* the mechanism ptr (RFC 7208, 5.5) */
bool auth_spf_ptr_matches(struct auth_spf_eval *eval, const struct auth_spf_frame *frame,
                          const struct rec_spf_term *term, const struct dns_name *target);

/* ---- auth_spf_ahead.c ---- */

/* ask for everything that a client matching nothing would need and that can be queried now */
void auth_spf_ask_ahead(struct auth_spf_eval *eval, struct auth_spf_frame *first);

/* count a lookup if it is void; stops the evaluation above the limit (RFC 7208, 4.6.4). Each
 * lookup for a, exists, mx and its hosts, ptr and its names counts, and those for the macro p
 * (`term` is NULL then) */
void auth_spf_count_void(struct auth_spf_eval *eval, const struct auth_spf_frame *frame,
                         const struct rec_spf_term *term, const struct dns_answer *answer);

#endif
