/*
 * NAME
 *     policy - receivers and rule books as data, and what they would do
 * DESCRIPTION
 *     A policy is one YAML file (policies/README.md describes the format): sources,
 *     and rules in order, of which the first whose condition holds decides.
 *     Conditions are three-valued expressions over the words of policy_fact.def.
 *     The files of policies/ are built in; a user's own is read from disk.
 *
 *     policy_judge() walks the rules. One whose condition is not known does
 *     not decide, and is remembered: when the rule that decides would do
 *     something else, the outcome is "unknown" with the words that are not
 *     known, and what would happen otherwise is given, too. When all rules
 *     that may decide do the same, that is certain, and only what they differ in
 *     (code, reply) is left out.
 *
 *     A receiver is evaluated by RFC 9989 and, where the words about DMARC differ, by
 *     RFC 7489, unless its file says which it follows (`dmarc`). Where both do the
 *     same that is certain; else the outcome is unknown and says what each would do.
 *
 *     Every rule of a rule book that applies is evaluated: met, not met, or not known.
 * OWNERSHIP
 *     Policies and outcomes live in the arena.
 * ERRORS
 *     policy_load(), policy_parse() and policy_open() return NULL and fill
 *     `why`, "FILE:LINE: sentence" for every mistake in a file.
 * BUGS
 *     What a live probe finds is known only where one was made: words about mail
 *     servers are unknown in every other report. Without a message the words about
 *     DMARC are those of RFC 9989 alone.
 */
#ifndef POLICY_H
#define POLICY_H

#include "base/err.h"
#include "model/finding.h"
#include "policy/policy_expression.h"

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

/* ---- files ---- */

/* `path` is for messages */
const struct policy *policy_parse(struct arena *arena, const char *path, struct span text,
                                  struct err *why);
const struct policy *policy_load(struct arena *arena, const char *path, struct err *why);

/* "2024-02-01", "2024-02" (its first day): days since 1970-01-01; false for anything else */
bool policy_day_parse(struct span text, int64_t *day_out);

/* the {words} of a reply replaced by what is known, "[word]" where it is not; safe to show.
 * `bad_out` (may be NULL) gets the first {word} that is none, else {NULL, 0} */
const char *policy_reply(struct arena *arena, const char *reply,
                         const struct policy_known *known, struct span *bad_out);

/* when the newest of the rule's sources was read: the day, and as written in `read_out` (may be
 * NULL). A source without a date counts as read when the facts of the file were looked up */
int64_t policy_rule_read_day(const struct policy *policy, const struct policy_rule *rule,
                             const char **read_out);

/* a rule whose sources were all read longer ago may have changed without anybody noticing */
#define POLICY_STALE_DAYS 365

/* every {word} of it is known */
bool policy_reply_is_known(const char *reply, const struct policy_known *known);

/* ---- what is built in ---- */

size_t policy_builtin_count(void);
const char *policy_builtin_name(size_t index);
/* judged unless something else is asked for, in this order; NULL: no more */
const char *policy_default_name(struct arena *arena, size_t index);
bool policy_is_default(const char *name);

/* a built-in policy by name, or a file: a text with "/" or ending in ".yaml" */
const struct policy *policy_open(struct arena *arena, const char *name, struct err *why);

/* ---- judging ---- */

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

struct policy_occasion {
    const struct policy_known *known;
    int64_t day;                    /* rules as they stood then */
    const struct finding *findings; /* may be NULL: then words alone explain */
};

struct policy_outcome policy_judge(struct arena *arena, const struct policy *policy,
                                   const struct policy_occasion *occasion);

const char *policy_state_to_text(enum policy_state state); /* "not met" */

/* some rule wants to know it */
bool policy_asks(const struct policy *policy, enum policy_fact fact);

/* the same for bulk senders and others, where nobody said which the sender is: one outcome if
 * it does not matter or is unknown, else two; returns how many */
size_t policy_judge_both(struct arena *arena, const struct policy *policy,
                         const struct policy_occasion *occasion,
                         struct policy_outcome outcomes_out[2]);

/* "Outlook.com, bulk mail" */
const char *policy_outcome_label(struct arena *arena, const struct policy_outcome *outcome);
/* "would reject 550 5.7.515: DKIM does not pass" */
const char *policy_outcome_deed(struct arena *arena, const struct policy_outcome *outcome);
/* both, with ": " between */
const char *policy_outcome_text(struct arena *arena, const struct policy_outcome *outcome);

#endif
