/*
 * NAME
 *     finding - one thing worth reporting, as data
 * DESCRIPTION
 *     Row of the catalogue, place, named arguments. Text is made by
 *     renderers from the row's template and the arguments. The fingerprint
 *     is id + subject + key, never a line number, so that a baseline
 *     survives editing.
 * OWNERSHIP
 *     Lives in the subject's arena.
 * ERRORS
 *     None.
 */
#ifndef FINDING_H
#define FINDING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/finding_id.h"

struct arena;
struct dns_rr;
struct remedy;

enum severity { SEV_ERROR, SEV_WARNING, SEV_NOTICE, SEV_INFO };

enum finding_status {
    FINDING_FIRES,
    FINDING_UNDETERMINED /* a DNS answer that it needs is missing */
};

const char *severity_to_text(enum severity severity);
/* SEV_INFO for a word that is none; NULL: none */
enum severity severity_of_text(const char *word);
const char *finding_status_to_text(enum finding_status status);

/* where in the world the trouble is; NULL or 0 for what does not apply */
struct finding_where {
    const char *name; /* owner name, or header field name */
    const char *type; /* record type, or "header", "envelope" */
    const char *term; /* the term, tag or value; escaped */
    const char *file; /* zone or message file */
    int line;
    const struct dns_rr *rr; /* the record; NULL: several, or none */
    int column;        /* counted from 1; only where two worlds are compared, as the next */
    const char *world; /* "old" or "new" */
};

struct finding_arg {
    const char *key;
    const char *text; /* escaped; NULL when it is a number */
    int64_t number;
    struct finding_arg *next;
};

/* what to do at a provider, where no record of the domain cures it */
struct finding_step {
    const char *name;  /* of the provider: "sendgrid" */
    const char *title; /* "SendGrid" */
    const char *step;  /* "sign" */
    const char *text;  /* one sentence */
    struct finding_step *next;
};

struct finding {
    const char *id; /* "spf_lookup_limit", of the row */
    enum finding_id row;
    enum severity severity;
    enum finding_status status;
    struct finding_where where;
    struct finding_arg *args; /* in the order they were added */
    const char *key;          /* distinguishes several of one id; may be "" */
    const char *fingerprint;
    const struct finding_step *steps; /* NULL: none is known */
    const struct remedy
        *remedy;           /* see remedy/remedy.h; NULL: DNS does not cure it, or unknown */
    const char *no_remedy; /* why DNS does not cure it, as far as that is known; NULL */
    size_t unproved;       /* ways to cure it that a bound of the run left untried */
    size_t more;           /* further ones of the same row that were left out after it */
    bool is_dismissed;     /* somebody knows about it and leaves it as it is */
    struct finding *next;
};

/* the text of a named argument; NULL: it has none */
const char *finding_text_of(const struct finding *finding, const char *key);

struct check_row {
    enum finding_id number;
    const char *id;
    enum severity severity;
    const char *standards; /* "RFC 7208, 4.6.4; RFC 8301, 3.2" */
    /* template: {name} is replaced by the argument, "(s)" by the plural of the number before */
    const char *text;
    const char *hint; /* template too */
};

/* what DNS can do about the findings of a row */
struct check_cure {
    bool is_proposed;         /* edits are looked for */
    const char *none_because; /* why there are none, or may be none; NULL */
};

/* the catalogue, or one row of it, with the cures of all rows */
struct check_catalogue {
    const struct check_row *only; /* NULL: all rows */
    struct check_cure cures[FINDING_IDS];
};

size_t check_row_count(void);
const struct check_row *check_row_get(size_t row);
const struct check_row *check_row_find(const char *id); /* NULL: no such id */

/* what to try instead of an id that is not in the catalogue: "; did you mean ID?" */
const char *check_id_hint(struct arena *arena, const char *id);

/* the row's text or hint with the finding's arguments filled in; one line, safe to show. The
 * text says what was meant, too, where that is known; the clause only what is wrong. */
const char *check_clause(struct arena *arena, const struct finding *finding);
const char *check_text(struct arena *arena, const struct finding *finding);
const char *check_hint(struct arena *arena, const struct finding *finding);

#endif
