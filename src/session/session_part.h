/*
 * NAME
 *     session_part - the parts of the session
 * DESCRIPTION
 *     Private to session_of*.c: where the session takes place, what a server looks
 *     at in each step, and the transcripts that a session takes with the receivers of
 *     the report.
 * OWNERSHIP
 *     In the arena.
 * ERRORS
 *     None.
 */
#ifndef SESSION_PART_H
#define SESSION_PART_H

#include "base/arena.h"
#include "dns/dns_answer.h"
#include "dns/dns_name.h"
#include "model/facts.h"
#include "model/policy.h"
#include "model/report.h"
#include "model/session.h"
#include "session/session.h"
#include "model/smtp_dialogue.h"
#include "model/spf_verdict.h"
#include "model/subject.h"

/* the same for all transcripts */
struct session_setting {
    const struct report *report;
    const struct smtp_port *port;
    enum smtp_tls_mode tls; /* never auto */
    uint64_t size_limit;    /* SIZE of its EHLO; 0: not known */
    bool is_first;          /* of the transcripts: what is said once is there */
};

typedef void session_note_fn(struct arena *arena, const struct session_setting *setting,
                             struct session_step *step);

/* ---- who connects: session_client.c ---- */

session_note_fn session_note_connect, session_note_helo;

/* verdict and reason of one identity; says so if it was not judged */
void session_note_spf(struct arena *arena, const struct facts *facts, struct session_step *step,
                      enum auth_spf_identity identity);

/* the answer to a question that was asked; NULL */
const struct dns_answer *session_find(const struct facts *facts, const struct dns_name *name,
                                      enum dns_type type);
/* the question was answered, one way or the other */
bool session_is_known(const struct dns_answer *answer);

/* ---- from whom and to whom: session_path.c ---- */

session_note_fn session_note_sender, session_note_recipient;

/* where the address comes from; false if it is not known, or none: that is said then */
bool session_note_origin(struct arena *arena, const struct subject *subject,
                         struct session_step *step);
/* the path itself: quoting, length, VERP; then where bounces to it would go */
void session_note_return(struct arena *arena, const struct facts *facts,
                         struct session_step *step);
/* SIZE, and what a server says to it (RFC 1870) */
void session_note_size(struct arena *arena, const struct session_setting *setting,
                       struct session_step *step);
/* the message is larger than the server says that it takes */
bool session_is_too_large(const struct session_setting *setting);

/* ---- the way: session_tls.c ---- */

/* what MTA-STS and DANE of the recipient demand */
session_note_fn session_note_starttls;

/* ---- the message: session_message.c ---- */

session_note_fn session_note_content, session_note_decision;

/* header fields alone */
void session_note_header(struct arena *arena, const struct report *report,
                         struct session_step *step);

/* the policy of the author domain says reject, and DMARC fails */
bool session_is_refused(const struct facts *facts);

/* ---- submission: session_submission.c ---- */

session_note_fn session_note_user_connect, session_note_user_helo, session_note_user_starttls,
    session_note_user_auth, session_note_user_sender, session_note_user_recipient,
    session_note_user_content, session_note_user_decision;

/* ---- what else a client does: session_rules.c ---- */

/* at the step; SMTP_STATES: where the receiver decides */
void session_note_rules(struct arena *arena, const struct session_setting *setting,
                        enum smtp_state state, struct session_step *step);

/* ---- who hears what: session_receivers.c ---- */

/* one transcript of the session, and whose it is */
struct session_transcript {
    enum smtp_state ends_at; /* where its receivers speak for themselves */
    bool is_closed;          /* with 421: the server closes the connection */
    const struct policy_outcome **outcomes;
    size_t outcome_count;
    const char *server; /* without receivers: what is said there; NULL: what is due */
    const char *why;    /* and why; NULL */
    struct session_transcript *next;
};

/* the transcripts that receivers take, the longest first; never NULL */
struct session_transcript *session_transcripts(struct arena *arena,
                                               const struct session_setting *setting);

/* the place of a state on the way of the session, from 0 */
unsigned session_place(enum smtp_state state);

/* the replies of the transcript's receivers, at the step where they are given */
void session_replies(struct arena *arena, const struct session_setting *setting,
                     const struct session_transcript *transcript, struct session_step *step);

/* who takes the transcript */
void session_receivers(struct arena *arena, const struct session_transcript *transcript,
                       struct session_step *step);

/* "Gmail; Yahoo: refused at MAIL FROM" */
const char *session_heading(struct arena *arena, const struct session_transcript *transcript);

#endif
