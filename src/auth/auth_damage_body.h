/*
 * NAME
 *     auth_damage_body - the pass over the body, and what is kept of it
 * DESCRIPTION
 *     Private to the room. The body is cut into lines; hypotheses of auth_damage_line.h
 *     rewrite them on the way, each from the first line on that it would change. Of the body
 *     the end is kept, with the state of the digest at its start, for auth_damage_place.c.
 * OWNERSHIP
 *     In the scratch arena of the search.
 * ERRORS
 *     A body that cannot be read to its end gives nothing.
 */
#ifndef AUTH_DAMAGE_BODY_H
#define AUTH_DAMAGE_BODY_H

#include "auth/auth_damage_line.h"
#include "auth/auth_damage_private.h"
#include "auth/auth_dkim_canon.h"
#include "base/span.h"
#include "model/damage.h"

/* beginning and ending a digest costs as much as hashing so many octets */
#define DAMAGE_TRY_COST 250

/* a digest of a body on its way */
struct damage_state {
    struct auth_dkim_body body;
    struct auth_dkim_sink *sink; /* NULL: not begun */
    struct auth_dkim_digest *digest;
};

/* a hypothesis on its way through the lines */
struct damage_run {
    const struct damage_undo *undo;
    size_t param;              /* undo->param, or the column that was found */
    struct damage_state state; /* not begun: nothing was changed yet */
    bool is_dead;              /* there was not enough left to hash for it */
    int line;                  /* of the file: the first that was changed */
    size_t changed;            /* lines */
    struct span old;           /* the first line as it was signed */
    struct damage_carry carry;
    struct sbuf *out; /* a line as rewritten */
};

struct damage_body {
    struct damage_work *work;
    const struct damage_targets *targets;
    bool *is_found; /* targets */
    size_t left;    /* targets without a damage */

    char *bytes; /* the window, and what was read behind it */
    size_t size;
    size_t len;
    size_t scanned;      /* up to here lines were cut */
    size_t fed;          /* up to here `base` is */
    size_t line;         /* number of the line at `scanned` */
    size_t line_average; /* octets of a line, about */
    size_t last_text;    /* number of the last line that is not blank */
    size_t longest;      /* octets of the longest line */
    uint64_t dropped;    /* octets in front of `bytes` */
    struct damage_mime mime;

    struct damage_state base;   /* the body as it is */
    struct damage_state start;  /* the same at the start of the window */
    struct damage_state middle; /* where the window will start next */
    uint64_t middle_at;
    size_t middle_line;
    size_t start_line; /* number of the first line of the window */
    bool is_kept;      /* the second round: the window does not move */

    struct damage_run *runs;
    size_t run_count;
    struct sbuf out; /* a line as rewritten */
};

void damage_state_copy(struct damage_work *work, struct damage_state *state,
                       const struct damage_state *from);
/* false if there is not enough left to hash */
bool damage_state_add(struct damage_work *work, struct damage_state *state, struct span octets);
/* of an empty body */
void damage_state_begin(const struct damage_body *body, struct damage_state *state);

/* the body ends here: is it what a target signed? Reports the damage, with those behind it, for
 * each that has none; `state` can be continued from another afterwards */
bool damage_state_try(struct damage_body *body, struct damage_state *state,
                      const struct auth_damage *damage);

/* where the line at `at` ends: its text and its end; false: not yet known */
bool damage_line_end(const struct damage_body *body, size_t at, bool is_whole,
                     struct damage_line *line);

/* the line at `at` of what was read to its end */
void damage_body_line(const struct damage_body *body, size_t at, struct damage_line *line_out);

/* number of a body line in the file */
int damage_line_of_file(const struct damage_body *body, size_t line);

#endif
