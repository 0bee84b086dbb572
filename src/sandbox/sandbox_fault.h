/*
 * NAME
 *     sandbox_fault - errors on purpose, which can be repeated
 * DESCRIPTION
 *     A tag of an address requests one: "x+450@example.com" is deferred at RCPT,
 *     "x+data-554@example.com" refused at DATA, "x+dot-421@example.com" after the message;
 *     a tag of the sender counts at MAIL. A seed causes temporary errors, chosen by the
 *     address, the stage and the number of the try, so that equal runs get equal errors.
 * OWNERSHIP
 *     Nothing is kept; words are static.
 * ERRORS
 *     Total: what is not a fault is FAULT_NONE.
 */
#ifndef SANDBOX_FAULT_H
#define SANDBOX_FAULT_H

#include "base/span.h"

enum sandbox_stage {
    STAGE_CONNECT,
    STAGE_EHLO,
    STAGE_STARTTLS,
    STAGE_MAIL,
    STAGE_RCPT,
    STAGE_DATA,
    STAGE_DOT,
    STAGES
};

enum sandbox_fault_kind {
    FAULT_NONE,
    FAULT_REPLY,
    FAULT_GREYLIST, /* deferred once, and until a second is over */
    FAULT_SILENCE,  /* no reply */
    FAULT_CLOSE,    /* the connection ends without one */
    FAULT_TARPIT,   /* the reply comes late */
    FAULT_GARBAGE   /* STARTTLS is answered, and no handshake follows */
};

struct sandbox_fault {
    enum sandbox_fault_kind kind;
    unsigned code;
    unsigned delay_ms;
    const char *text; /* of the reply, with an enhanced code or without; NULL: the usual */
};

/* what the tags of an address ask for at this stage; those without a stage count at RCPT, in
 * the sender's address at MAIL */
struct sandbox_fault sandbox_fault_of_path(struct span path, enum sandbox_stage stage);

/* what chance asks for: `tries` were made before */
struct sandbox_fault sandbox_fault_of_seed(uint64_t seed, struct span path,
                                           enum sandbox_stage stage, uint64_t tries);

/* "450", "greylist"; FAULT_NONE: it is not one */
struct sandbox_fault sandbox_fault_of_word(struct span word);

/* false: it is not one */
bool sandbox_stage_of_text(struct span word, enum sandbox_stage *stage_out);

#endif
