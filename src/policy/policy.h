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
#include "base/span.h"
#include "model/finding.h"
#include "model/policy.h"
#include "policy/policy_expression.h"
#include "policy/policy_fact.h"

/* ---- files ---- */

/* `path` is for messages */
const struct policy *policy_parse(struct arena *arena, const char *path, struct span text,
                                  struct err *why);
const struct policy *policy_load(struct arena *arena, const char *path, struct err *why);

/* "2024-02-01", "2024-02" (its first day): days since 1970-01-01; false for anything else */
bool policy_day_parse(struct span text, int64_t *day_out);

/* when the newest of the rule's sources was read: the day, and as written in `read_out` (may be
 * NULL). A source without a date counts as read when the facts of the file were looked up */
int64_t policy_rule_read_day(const struct policy *policy, const struct policy_rule *rule,
                             const char **read_out);

/* the {words} of a reply replaced by what is known, "[word]" where it is not; safe to show.
 * `bad_out` (may be NULL) gets the first {word} that is none, else {NULL, 0} */
const char *policy_reply(struct arena *arena, const char *reply,
                         const struct policy_known *known, struct span *bad_out);

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

struct policy_occasion {
    const struct policy_known *known;
    int64_t day;                    /* rules as they stood then */
    const struct finding *findings; /* may be NULL: then words alone explain */
};

struct policy_outcome policy_judge(struct arena *arena, const struct policy *policy,
                                   const struct policy_occasion *occasion);

/* some rule wants to know it */
bool policy_asks(const struct policy *policy, enum policy_fact fact);

/* the same for bulk senders and others, where nobody said which the sender is: one outcome if
 * it does not matter or is unknown, else two; returns how many */
size_t policy_judge_both(struct arena *arena, const struct policy *policy,
                         const struct policy_occasion *occasion,
                         struct policy_outcome outcomes_out[2]);

#endif
