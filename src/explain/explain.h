/*
 * NAME
 *     explain - a refusal put into words: who, why, whether it is still so, who has to act
 * DESCRIPTION
 *     explain_one() takes what a bounce says of a recipient (bounce/bounce.h) and, where there
 *     is one, the report of a check made now with the client that the receiver saw. It says
 *     whether both agree, what the bounce leaves open, and what to do.
 *
 *     Only causes that a check can see have a judgement: explain_is_checked(). For all others
 *     `still` is EXPLAIN_UNKNOWN.
 * OWNERSHIP
 *     In the arena. Texts from outside are unchanged: escape them before they are
 *     shown. Sentences are safe to show.
 * ERRORS
 *     None.
 */
#ifndef EXPLAIN_H
#define EXPLAIN_H

#include "bounce/bounce.h"
#include "report/report.h"
#include "report/report_issue.h"

enum explain_still { EXPLAIN_UNKNOWN, EXPLAIN_YES, EXPLAIN_NO, EXPLAIN_NEVER };
const char *explain_still_to_text(enum explain_still still); /* "yes" */

/* what the receiver, or the message that came back, names; NULL: not named */
struct explain_facts {
    const char *ip; /* the client that the receiver saw, an address */
    const char *ip_origin;
    const char *helo;
    const char *mail_from; /* without <> */
    const char *from;      /* the address of From */
    const char *domain;    /* that the check is about */
    const char *selector;
    const char *spf; /* results as the receiver wrote them */
    const char *dkim;
    const char *dmarc;
};

struct explain_step {
    const char *text;
    const struct remedy *remedy; /* records to publish, proved; NULL */
};

struct explain_one {
    const struct bounce_recipient *said;
    const char *receiver; /* title, or the name of its host or domain; NULL: not known */
    struct explain_facts facts;
    enum reply_finality finality;
    enum reply_move move;
    const struct report *now; /* NULL: not checked */
    const char *now_text;     /* what we see now, in a line; NULL */
    enum explain_still still;
    const char *reason; /* of `still`; NULL */
    const char *gap;    /* what the bounce leaves out; NULL: nothing that matters */
    struct explain_step *steps;
    size_t step_count;
    const char *customer;
    bool is_known; /* the cause is known */
};

/* one line of the table of a mailbox or log */
struct explain_row {
    const char *cause;
    const char *receiver; /* "": not known */
    size_t count;
    size_t final_count;
    const char *example; /* a recipient */
    const char *text;    /* what was said about it */
};

/* all that one input holds */
struct explain {
    enum bounce_kind kind;
    const char *form;
    int64_t now;
    const struct explain_one **list;
    size_t count;
    const struct explain_row *rows; /* of a mailbox or log; by count */
    size_t row_count;
    size_t total; /* recipients of all rows */
    const char **faults;
    size_t fault_count;
    const char *feedback;               /* Feedback-Type; NULL */
    const struct report_issues *issues; /* what formats for CI show */
};

/* a check can show whether this is still so */
bool explain_is_checked(enum reply_cause_id cause);

/* its title, else its host, else the domain of the recipient; NULL: not known */
const char *explain_receiver_of(const struct bounce_recipient *said);

/* what is known without a check; `bounce` is where it came from */
struct explain_facts explain_facts_of(struct arena *arena, const struct bounce *bounce,
                                      const struct bounce_recipient *said);

/* `now` NULL: not checked */
struct explain_one *explain_one(struct arena *arena, const struct bounce *bounce,
                                const struct bounce_recipient *said, const struct report *now);

/* "Gmail refused mail from a@b to c@d: the mailbox is full"; "550 5.7.26, final" */
const char *explain_headline(struct arena *arena, const struct explain_one *one);
const char *explain_codes(struct arena *arena, const struct explain_one *one);

/* exit statuses: not ours or cured, still so, not known */
enum { EXPLAIN_FINE = 0, EXPLAIN_STILL_SO = 1, EXPLAIN_NOT_KNOWN = 3 };

/* of one answer, of all that a row of the table counts, and of everything */
int explain_status(const struct explain_one *one);
int explain_status_of_row(const struct explain *explain, const struct explain_row *row);
int explain_status_of_all(const struct explain *explain);

#endif
