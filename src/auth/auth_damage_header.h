/*
 * NAME
 *     auth_damage_header - hypotheses about the signed header fields
 * DESCRIPTION
 *     Private to the room. The signed fields are pieces of canonical octets, the signature's
 *     own field the last. A hypothesis replaces one or more of them; the table of sources in
 *     auth_damage_header.c says who makes them. They are ranked, because with Ed25519 only
 *     few can be verified.
 * OWNERSHIP
 *     In the scratch arena of the search.
 * ERRORS
 *     A hypothesis that changes nothing is left out, and so are those beyond
 *     LIMIT_DAMAGE_EDITS.
 * STANDARDS
 *     RFC 6376, 3.4, 3.7 and 5.4.2
 */
#ifndef AUTH_DAMAGE_HEADER_H
#define AUTH_DAMAGE_HEADER_H

#include "auth/auth_damage_private.h"
#include "auth/auth_dkim_key.h"
#include "auth/auth_dkim_sink.h"
#include "base/sbuf.h"
#include "base/span.h"
#include "model/damage.h"
#include "model/dkim_verdict.h"
#include "model/mail_message.h"
#include "model/rec_dkim.h"

#define DAMAGE_RANKS       6 /* 0: the likeliest */
#define DAMAGE_RANK_PAIRED 1 /* up to this rank two hypotheses are tried together */

/* one signed field */
struct damage_piece {
    const struct mail_header *header; /* NULL: signed as absent (RFC 6376, 5.4.2) */
    struct span name;                 /* as h= has it */
    struct span canonical;
    size_t last_edit; /* of this piece alone, from 1; 0: none */
};

struct damage_change {
    size_t piece;
    struct span canonical; /* as it was signed */
};

/* what a field may have been */
struct damage_guess {
    enum auth_damage_kind kind;
    unsigned rank;
    size_t piece;
    struct span name; /* of the field; empty: as it is, or as h= has it */
    struct span value;
    size_t column;      /* of a line that was broken */
    struct span put_in; /* what was put into it; empty: shown is what it was */
};

struct damage_edit {
    struct damage_guess guess;
    struct damage_change *changes;
    size_t change_count;
    size_t edit_before;               /* of the same piece alone, from 1; 0: none */
    const struct mail_header *header; /* where; NULL: nowhere */
};

struct damage_head {
    struct damage_work *work;
    size_t index;
    const struct auth_dkim_signature *signature;
    enum rec_dkim_canon canon;
    struct auth_dkim_decoded *key;
    struct span signed_digest;   /* as the signature has it; empty: Ed25519 */
    struct damage_piece *pieces; /* `count` of them, then the signature field */
    size_t count;
    size_t input_len;        /* octets of the pieces */
    struct span own_removed; /* of the signature field: what is not hashed */
    struct damage_edit *edits;
    size_t edit_count;
    struct auth_dkim_sink *sink; /* makes canonical octets */
    struct sbuf canonical;
    struct auth_dkim_sink *hash;  /* of a hypothesis */
    struct auth_dkim_sink *empty; /* where it begins */
};

/* what can be compared: the hash that was signed, or the key itself; false if neither. Reports
 * another key */
bool damage_head_key(struct damage_head *head);

/* one hypothesis more */
void damage_guess_add(struct damage_head *head, struct damage_guess guess);
void damage_edit_add(struct damage_head *head, struct damage_edit edit);

/* canonical octets of a field */
struct span damage_canonical(struct damage_head *head, const struct mail_header *header);

/* a name with capitals at the start of its words; as many octets */
void damage_title(struct span name, char *title);
/* how a name that h= has in lower case is written by most */
struct span damage_usual_name(struct damage_head *head, struct span name);

/* a name and a value as a field; blanks may follow the name */
struct mail_header damage_field(struct damage_head *head, struct span name, struct span value);

/* the signature field with other text in front of the value of b=, and behind */
struct damage_own {
    struct span name;
    struct span before;
    struct span after;
};

/* sources: how a field is laid out, what it says, whether it is there, which fields of one
 * name there are, and the signature field itself */
void damage_guess_layout(struct damage_head *head, size_t piece);
void damage_guess_value(struct damage_head *head, size_t piece);
void damage_guess_removed(struct damage_head *head, size_t piece);
void damage_guess_sets(struct damage_head *head);
void damage_guess_own(struct damage_head *head);

#endif
