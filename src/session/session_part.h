/*
 * NAME
 *     session_part - the parts of the session
 * DESCRIPTION
 *     Private to the room: where the session takes place, what a server checks in each
 *     step, and the transcripts of the receivers of the report.
 * OWNERSHIP
 *     In the arena.
 * ERRORS
 *     None.
 */
#ifndef SESSION_PART_H
#define SESSION_PART_H

#include "base/arena.h"
#include "base/dns_name.h"
#include "model/dns_answer.h"
#include "model/facts.h"
#include "model/policy.h"
#include "model/report.h"
#include "model/session.h"
#include "model/smtp_dialogue.h"
#include "model/spf_verdict.h"
#include "model/subject.h"
#include "session/session.h"

/* the same for all transcripts */
struct session_setting {
    const struct report *report;
    const struct smtp_port *port;
    enum smtp_tls_mode tls; /* never auto */
    uint64_t size_limit;    /* SIZE of its EHLO; 0: not known */
    bool is_first;          /* of the transcripts: it has what is not repeated */
};

typedef void session_note_fn(struct arena *arena, const struct session_setting *setting,
                             struct session_step *step);

/* ---- who connects: session_client.c ---- */

session_note_fn session_note_connect, session_note_helo;

/* verdict and reason of one identity */
void session_note_spf(struct arena *arena, const struct facts *facts, struct session_step *step,
                      enum auth_spf_identity identity);

/* NULL: not queried */
const struct dns_answer *session_find(const struct facts *facts, const struct dns_name *name,
                                      enum dns_type type);
/* the query was answered, one way or the other */
bool session_is_known(const struct dns_answer *answer);

/* ---- from whom and to whom: session_path.c ---- */

session_note_fn session_note_sender, session_note_recipient;

/* where the address comes from; false: not known */
bool session_note_origin(struct arena *arena, const struct subject *subject,
                         struct session_step *step);
/* the path itself: quoting, length, VERP; then where bounces to it would go */
void session_note_return(struct arena *arena, const struct facts *facts,
                         struct session_step *step);
/* SIZE, and the server's limit (RFC 1870) */
void session_note_size(struct arena *arena, const struct session_setting *setting,
                       struct session_step *step);
/* the message is larger than the server's limit */
bool session_is_too_large(const struct session_setting *setting);

/* ---- the way: session_tls.c ---- */

/* what MTA-STS and DANE of the recipient require */
session_note_fn session_note_starttls;

/* ---- the message: session_message.c ---- */

session_note_fn session_note_content, session_note_decision;

/* header fields alone */
void session_note_header(struct arena *arena, const struct report *report,
                         struct session_step *step);

/* DMARC fails, and the policy of the author domain is reject */
bool session_is_refused(const struct facts *facts);

/* ---- submission: session_submission.c ---- */

session_note_fn session_note_user_connect, session_note_user_helo, session_note_user_starttls,
    session_note_user_auth, session_note_user_sender, session_note_user_recipient,
    session_note_user_content, session_note_user_decision;

/* ---- what else a client does: session_rules.c ---- */

/* at the step; SMTP_STATES: where the receiver decides */
void session_note_rules(struct arena *arena, const struct session_setting *setting,
                        enum smtp_state state, struct session_step *step);

/* ---- who replies what: session_receivers.c ---- */

struct session_transcript {
    enum smtp_state ends_at; /* where its receivers reply by their own rules */
    bool is_closed;          /* with 421: the server closes the connection */
    const struct policy_outcome **outcomes;
    size_t outcome_count;
    const char *server; /* without receivers: the reply there; NULL: the usual one */
    const char *why;    /* NULL */
    struct session_transcript *next;
};

/* the longest first; never NULL */
struct session_transcript *session_transcripts(struct arena *arena,
                                               const struct session_setting *setting);

/* the place of a state in the session, from 0 */
unsigned session_place(enum smtp_state state);

/* the replies of the transcript's receivers, at the step where they are given */
void session_replies(struct arena *arena, const struct session_setting *setting,
                     const struct session_transcript *transcript, struct session_step *step);

/* whose transcript it is */
void session_receivers(struct arena *arena, const struct session_transcript *transcript,
                       struct session_step *step);

/* "Gmail; Yahoo: refused at MAIL FROM" */
const char *session_heading(struct arena *arena, const struct session_transcript *transcript);

#endif
