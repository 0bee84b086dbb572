/*
 * NAME
 *     check_emit - how a check says what it found
 * DESCRIPTION
 *     A check function gets the facts and an emitter. emit() opens one
 *     finding at a place; found_*() add its named arguments, which the row's
 *     text and hint refer to as {key}. {name}, {type} and {term} need no
 *     argument: they come from the place.
 *
 *     Two findings of one row are distinguished by their place, or by what
 *     found_key() sets when the place would change without the trouble
 *     changing.
 *
 *     A hostile record can give a row thousands of findings; after the first
 *     LIMIT_ROW_FINDINGS of them the row only counts: the last one says how many more.
 * OWNERSHIP
 *     Findings live in the emitter's arena. Text given to found_text() must
 *     be safe to show and live as long; found_span() copies and escapes.
 * ERRORS
 *     None.
 */
#ifndef CHECK_EMIT_H
#define CHECK_EMIT_H

#include "base/arena.h"
#include "base/dns_name.h"
#include "base/fault.h"
#include "base/sbuf.h"
#include "base/span.h"
#include "check/check.h"
#include "model/dkim_verdict.h"
#include "model/dns_answer.h"
#include "model/facts.h"
#include "model/finding.h"
#include "model/finding_id.h"
#include "model/mail_message.h"
#include "model/spf_verdict.h"

struct compare;

struct emitter {
    struct arena *arena;
    const struct facts *facts;
    const struct compare *compare; /* with the world before; NULL: none */
    enum finding_id row;           /* of the check that is running */
    size_t row_count;              /* findings of that row so far */
    struct finding **tail;
    struct finding *last; /* that was linked */
    struct found *unkept; /* stands for all that are only counted */
};

struct found {
    struct arena *arena;
    struct finding *finding;
    struct finding_arg **tail;
    bool is_counted_only; /* what is said of it is dropped */
};

/* for a row without a check of its own (OUTCOME in finding_table.def): what is emitted is
 * linked from `first` */
struct emitter check_emitter(struct arena *arena, const struct facts *facts,
                             enum finding_id row, struct finding **first);
/* both lists as one, the most severe first, `more` completed by steps and fingerprints */
struct finding *check_merge(const struct emitter *out, struct finding *findings,
                            struct finding *more);

struct found *emit(struct emitter *out, struct finding_where where);

/* the facts for a verdict are missing; `reason` becomes the argument "reason" */
struct found *emit_undetermined(struct emitter *out, struct finding_where where,
                                const char *reason);

/* more than one record: none counts */
void emit_several(struct emitter *out, const struct text_facts *text);
/* texts that look like a record, by a word that they hold, where none is valid */
void emit_meant(struct emitter *out, const struct text_facts *text, const char *word);

void found_number(struct found *found, const char *key, int64_t number);
void found_text(struct found *found, const char *key, const char *text); /* NULL: "" */
void found_span(struct found *found, const char *key, struct span bytes);
void found_name(struct found *found, const char *key, const struct dns_name *name);
void found_key(struct found *found, const char *key);
/* instead of the row's: what a file of the user, or its subject, gives it */
void found_severity(struct found *found, enum severity severity);

/* "part" and "fault", and a key of both: one place may have several faults */
void found_fault(struct found *found, const struct fault *fault);

/* "meant": what the record was meant to be, nothing where nobody knows: check_meant.c */
void found_meant(struct found *found, const struct meant_facts *facts);

/* the same for a part of it, or the whole record where the part alone has no repair */
void found_meant_part(struct found *found, const struct meant_facts *facts,
                      struct span written);

/* the same for an alias that was meant at the name; nothing where `target` is NULL */
void found_meant_alias(struct found *found, const struct dns_name *name,
                       const struct dns_name *target);

/* places */
struct finding_where where_name(struct emitter *out, const struct dns_name *name,
                                enum dns_type type);
/* a record of an answer is at the name that was queried, wherever a CNAME led */
struct finding_where where_rr(struct emitter *out, const struct dns_answer *answer,
                              const struct dns_rr *rr);
struct finding_where where_node(struct emitter *out, const struct auth_spf_node *node,
                                struct span term); /* the record of a node with one */
struct finding_where where_header(struct emitter *out, const struct mail_header *header);
struct finding_where where_from(struct emitter *out); /* the From field, about its domain */
struct finding_where where_signature(struct emitter *out,
                                     const struct auth_dkim_verdict *verdict);
struct finding_where where_line(struct emitter *out, int line); /* of the message */
struct finding_where where_envelope(const char *part, const char *value);

/* "a, b, c", and "and 4 more" when there are more than `max`; `add` returns nothing */
struct check_list {
    struct sbuf text;
    size_t count;
    size_t max;
};
struct check_list check_list_start(struct arena *arena, size_t max);
void check_list_add(struct check_list *list, const char *text);
const char *check_list_text(struct check_list *list);

/* one function a row of the table; CHECK_AS() defines one that is a call which rows share */
#define CHECK_AS(id, call)                                          \
    void check_##id(const struct facts *facts, struct emitter *out) \
    {                                                               \
        (void)facts;                                                \
        call;                                                       \
    }
#define CHECK(id, severity, cite, text, hint) \
    void check_##id(const struct facts *facts, struct emitter *out);
#define OUTCOME(id, severity, cite, text, hint)
#include "model/finding_table.def"

#endif
