/*
 * NAME
 *     policy_fact - the vocabulary of conditions, and what is known
 * DESCRIPTION
 *     Each word is a row of policy_fact.def: its type, the values it can have,
 *     a phrase for people, the findings that explain it, and an accessor that
 *     looks it up in the facts. A value is known, or unknown for a reason.
 *     policy_known_of() looks up all words at once; tests set them by hand.
 * OWNERSHIP
 *     Texts live in the arena and are safe to show.
 * ERRORS
 *     policy_known_set() returns false for an unknown word or a value that the
 *     word cannot have.
 */
#ifndef POLICY_FACT_H
#define POLICY_FACT_H

#include "base/arena.h"
#include "base/dns_name.h"
#include "base/span.h"
#include "model/dns_answer.h"
#include "model/facts.h"

enum policy_fact {
#define FACT(id, word, type, values, phrase, findings) POLICY_FACT_##id,
#include "policy/policy_fact.def"
    POLICY_FACT_COUNT
};

enum policy_type {
    POLICY_TYPE_TRUTH,
    POLICY_TYPE_WORD, /* one of a closed list */
    POLICY_TYPE_NUMBER,
    POLICY_TYPE_TEXT, /* compared without regard to case */
    POLICY_TYPE_LIST  /* texts, with a blank between */
};

struct policy_value {
    bool is_known;
    bool truth;
    int64_t number;
    const char *text;   /* word, text or list */
    const char *reason; /* why it is not known: one clause */
};

struct policy_known {
    struct policy_value values[POLICY_FACT_COUNT];
    const char *standard; /* of DMARC, by which they are so: "RFC 7489"; NULL: RFC 9989 */
    /* the words once more as a receiver sees them that goes by RFC 7489, where they differ:
     * for the mail that its policy is asked for, and (pct=) for the rest; NULL: no more */
    const struct policy_known *older;
};

struct policy_fact_row {
    const char *word;
    enum policy_type type;
    const char *values;   /* of a word, with blanks between; NULL */
    const char *phrase;   /* "whether DKIM passes": goes before "is not known" */
    const char *findings; /* ids that explain it, with blanks between */
};

const struct policy_fact_row *policy_fact_row(enum policy_fact fact);

/* false: no such word */
bool policy_fact_find(struct span word, enum policy_fact *fact_out);

/* `word` is in `list`, which has blanks between */
bool policy_list_has(const char *list, struct span word);

/* what accessors are given and give */
struct policy_lookup {
    struct arena *arena;
    const struct facts *facts;
};

struct policy_value policy_value_truth(bool truth);
struct policy_value policy_value_number(int64_t number);
struct policy_value policy_value_text(const char *text);
struct policy_value policy_value_unknown(const char *reason);
/* "found", "missing" or "failing", from whatever the ledger holds about the name; `name` NULL:
 * unknown */
struct policy_value policy_value_dns(const struct policy_lookup *in,
                                     const struct dns_name *name);
/* whether the session of the trace fields used TLS */
struct policy_value policy_trace_tls(const struct policy_lookup *in);

#define FACT(id, word, type, values, phrase, findings) \
    struct policy_value policy_fact_##id(const struct policy_lookup *in);
#include "policy/policy_fact.def"

/* all words, from the facts of a subject */
struct policy_known *policy_known_of(struct arena *arena, const struct facts *facts);

/* what differs by RFC 7489, behind `known`; NULL: nothing (policy_fact_older.c) */
const struct policy_known *policy_known_older(struct arena *arena, const struct facts *facts,
                                              const struct policy_known *known);

/* nothing is known, for this reason */
struct policy_known *policy_known_nothing(struct arena *arena, const char *reason);

/* "yes", "no", a word, a number, a text; "?" makes it unknown */
bool policy_known_set(struct policy_known *known, struct span word, const char *value);

/* the value as in a reply: "Pass" and "Fail" for truths; NULL: not known */
const char *policy_value_to_text(struct arena *arena, const struct policy_known *known,
                                 enum policy_fact fact);

#endif
