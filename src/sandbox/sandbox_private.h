/*
 * NAME
 *     sandbox_private - the parts of a session
 * DESCRIPTION
 *     Private to sandbox/: sandbox_session.c reads lines and sends replies, the functions
 *     behind the verbs are in sandbox_do_*.c.
 * OWNERSHIP
 *     See sandbox_session.h.
 * ERRORS
 *     None: a command is answered, whatever it is.
 */
#ifndef SANDBOX_PRIVATE_H
#define SANDBOX_PRIVATE_H

#include "base/limits_serve.h"
#include "base/span.h"
#include "sandbox/sandbox_command.h"
#include "sandbox/sandbox_data.h"
#include "sandbox/sandbox_fault.h"
#include "sandbox/sandbox_session.h"
#include "smtp/smtp_auth_server.h"

/* what the next octets are */
enum sandbox_phase { PHASE_COMMAND, PHASE_DATA, PHASE_CHUNK, PHASE_AUTH, PHASE_WAIT };

struct sandbox_session {
    struct arena *arena;   /* of the session */
    struct arena *at_hand; /* of the message */
    struct arena *scratch; /* of the command */
    const struct sandbox_rules *rules;
    const struct sandbox_hooks *hooks;
    struct sandbox_peer peer;
    struct sandbox_session_facts facts;
    struct sandbox_message message;
    struct sandbox_data data;
    struct smtp_auth_server auth;
    enum sandbox_phase phase;
    enum sandbox_want want;
    uint64_t chunk_left; /* octets of the BDAT chunk that are to come */
    bool is_last_chunk;
    bool is_dropped_chunk; /* its BDAT was refused: RFC 3030, 2 */
    bool has_to_wait;      /* the last command is one that nothing may be sent behind */
    bool is_stored;        /* the hooks have a place for the message */
    bool is_full;          /* the place is full, or the message too large: octets are dropped */
    bool is_too_large;
    bool has_quit;
    bool is_skipping; /* the rest of a line that was too long */
    uint64_t progress;
    unsigned delay_ms; /* before the replies are sent; nothing more is taken meanwhile */
    unsigned errors;
    unsigned commands;
    unsigned helos; /* names are kept for the session: a client has a few */
    size_t out_len;
    char out[LIMIT_SANDBOX_REPLY_BYTES];
};

/* one reply; lines of the text are parted by "\n", `enhanced` NULL: none */
void sandbox_reply(struct sandbox_session *session, unsigned code, const char *enhanced,
                   const char *text);
/* the same for what the client did wrong */
void sandbox_refuse(struct sandbox_session *session, unsigned code, const char *enhanced,
                    const char *text);

/* trouble that the script asks for at a stage before MAIL; false: none */
bool sandbox_fault_stands_at(struct sandbox_session *session, enum sandbox_stage stage);
/* trouble on purpose at this stage; false: none, or the reply only comes late */
bool sandbox_fault_meets(struct sandbox_session *session, const char *path,
                         enum sandbox_stage stage);
/* the same for any recipient of the message */
bool sandbox_fault_meets_any(struct sandbox_session *session, enum sandbox_stage stage);
/* all recipients of the message got this reply */
void sandbox_tries_made(struct sandbox_session *session, unsigned code);

/* forget the message at hand */
void sandbox_forget(struct sandbox_session *session);
/* the session begins again, as after STARTTLS: RFC 3207, 4.2 */
void sandbox_begin_anew(struct sandbox_session *session);

/* one parameter of MAIL or RCPT, checked; false: it was refused */
bool sandbox_parameters_check(struct sandbox_session *session,
                              const struct sandbox_command *command);

/* octets of the message: after DATA, or of a chunk; returns how many were taken */
size_t sandbox_message_feed(struct sandbox_session *session, struct span bytes);
/* BDAT is refused: the octets that it announced come all the same, and are dropped */
void sandbox_chunk_drop(struct sandbox_session *session, struct span argument);

/* a response of the client to 334 */
void sandbox_auth_line(struct sandbox_session *session, struct span line);

typedef void sandbox_do_fn(struct sandbox_session *session,
                           const struct sandbox_command *command);

#define VERB(id, name, argument, when, help) sandbox_do_fn sandbox_do_##id;
#include "sandbox/sandbox_verb.def"

#endif
