/*
 * NAME
 *     policy - receivers and rule books, and what they would do
 * DESCRIPTION
 *     Filled in by policy/policy.h: what a file says, and the outcome of judging a subject.
 * OWNERSHIP
 *     In the arena of who fills them in.
 * ERRORS
 *     None.
 */
#ifndef MODEL_POLICY_H
#define MODEL_POLICY_H

#include "model/finding.h"

struct arena;
struct policy_expression;

enum policy_kind { POLICY_RECEIVER, POLICY_RULE_BOOK };
enum policy_confidence { POLICY_HIGH, POLICY_MEDIUM, POLICY_LOW };

/* for a rule book accept means that it is met, reject that it is not */
enum policy_disposition {
    POLICY_ACCEPT,
    POLICY_JUNK,
    POLICY_DEFER,
    POLICY_REJECT,
    POLICY_UNKNOWN /* of outcomes only */
};

/* which standard of DMARC a receiver goes by; where no source says, both are judged */
enum policy_standard { POLICY_EITHER_STANDARD, POLICY_RFC9989, POLICY_RFC7489 };

/* where in the session it is reported */
enum policy_step {
    POLICY_AT_DOT, /* after the message: what is not written otherwise */
    POLICY_AT_CONNECT,
    POLICY_AT_EHLO,
    POLICY_AT_MAIL,
    POLICY_AT_RCPT,
    POLICY_AT_DATA,
    POLICY_AT_HEADER /* reported after the message: SMTP has no reply before that */
};

const char *policy_step_to_text(enum policy_step step);
const char *policy_kind_to_text(enum policy_kind kind);
const char *policy_confidence_to_text(enum policy_confidence confidence);
const char *policy_disposition_to_text(enum policy_disposition disposition);

struct policy_source {
    const char *id;
    const char *title;
    const char *url;  /* NULL: none */
    const char *read; /* the day the copy was read, as written; NULL: undated */
};

/* a stretch of days, counted since 1970-01-01 */
struct policy_dates {
    const char *since; /* as written; NULL: always */
    const char *until; /* NULL: still */
    int64_t since_day;
    int64_t until_day; /* the first day it is over */
};

struct policy_rule {
    const char *id;
    const char *says; /* what is so when it decides: "DKIM does not pass" */
    bool is_for_bulk; /* applies to bulk senders only */
    struct policy_dates dates;
    const char *when;         /* the condition as written */
    const char *applies_text; /* of a rule book: to whom, as written; NULL: everybody */
    const struct policy_expression *applies;
    const struct policy_expression *condition;
    bool is_unconditional; /* the condition holds whatever is known */
    enum policy_disposition disposition;
    enum policy_step at;  /* the step whose reply it is */
    const char *code;     /* "550"; NULL: none is known */
    const char *enhanced; /* "5.7.26"; NULL */
    const char *reply;    /* with {words}; NULL */
    const struct policy_source **sources;
    size_t source_count;
    enum policy_confidence confidence;
    const char *note; /* NULL */
    const char *asks; /* of a rule book: what it wants, "the DMARC policy is reject"; NULL */
    enum severity severity;     /* of a rule book: how much it weighs when it is not met */
    const char *const *publish; /* of a rule book: records that meet it, with {words} */
    size_t publish_count;
    int line;
    int64_t read_day; /* when the newest of its sources was read, since 1970-01-01 */
    const char *read; /* the same as written; NULL: not known */
};

/* what the sources ask for and no fact can show */
struct policy_advice {
    const char *id;
    const char *says;
    const char *since; /* as written; NULL */
    const struct policy_source **sources;
    size_t source_count;
    enum policy_confidence confidence;
};

struct policy {
    const char *path;  /* as in messages */
    const char *name;  /* "outlook.com" */
    const char *title; /* "Outlook.com" */
    bool is_default;   /* judged unless something else is asked for */
    enum policy_kind kind;
    const char *as_of; /* when its facts were looked up */
    const char *about; /* one sentence */
    enum policy_standard standard;
    const char *const *domains; /* whose mail it takes; none: not known */
    size_t domain_count;
    const struct policy_source *sources;
    size_t source_count;
    struct policy_rule *rules;
    size_t rule_count;
    struct policy_advice *advice;
    size_t advice_count;
};

/* what a receiver does by one standard of DMARC, where the standards lead to different ends */
struct policy_by_standard {
    const char *standard; /* "RFC 7489" */
    enum policy_disposition disposition;
    const struct policy_rule *rule; /* NULL when unknown */
};

/* a rule of a rule book */
enum policy_state { POLICY_MET, POLICY_UNMET, POLICY_UNDECIDED };

struct policy_item {
    const struct policy_rule *rule;
    enum policy_state state;
    const char *unknown;        /* "whether DKIM passes is not known (...)"; NULL */
    const char *const *publish; /* records that meet it, filled in; none where it is met */
    size_t publish_count;
    const char *const *because; /* finding ids, fact words, of one that is not met */
    size_t because_count;
};

struct policy_outcome {
    const struct policy *policy;
    /* who it is about; both false: whoever sends */
    bool is_for_bulk;
    bool is_for_others;
    bool is_only; /* it is alone: for whoever sends, or options say which the sender is */
    enum policy_disposition disposition;
    const struct policy_rule *rule; /* that decides; NULL when unknown */
    const char *code;               /* NULL: none, or not certain */
    const char *enhanced;
    const char *reply;          /* filled in */
    const char *const *because; /* finding ids, fact words */
    size_t because_count;
    const char *unknown; /* "whether DKIM passes is not known (...)"; NULL */
    /* when unknown: the rule that decides if no unknown one does; NULL: none */
    const struct policy_rule *otherwise;
    const struct policy_by_standard *standards; /* NULL: they lead to the same */
    size_t standard_count;
    const struct policy_item *items; /* of a rule book: every rule that asks for something */
    size_t item_count;
};

const char *policy_state_to_text(enum policy_state state); /* "not met" */

/* "Outlook.com, bulk mail" */
const char *policy_outcome_label(struct arena *arena, const struct policy_outcome *outcome);

/* "would reject 550 5.7.515: DKIM does not pass" */
const char *policy_outcome_action(struct arena *arena, const struct policy_outcome *outcome);

/* both, with ": " between */
const char *policy_outcome_text(struct arena *arena, const struct policy_outcome *outcome);

/* "would reject 550 5.7.26" */
const char *policy_end_to_text(struct arena *arena, const struct policy_by_standard *end);

#endif
