/*
 * NAME
 *     explain - a refusal put into words
 * DESCRIPTION
 *     Filled in by explain/explain.h and explain/explain_stated.h.
 * OWNERSHIP
 *     In the arena. Sentences are safe to show, texts from outside are not.
 * ERRORS
 *     None.
 */
#ifndef MODEL_EXPLAIN_H
#define MODEL_EXPLAIN_H

#include "model/bounce.h"
#include "model/remedy.h"
#include "model/reply_cause.h"
#include "model/reply_class.h"
#include "model/report.h"

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
    const char *reason;  /* of `still`; NULL */
    const char *gap;     /* what the bounce leaves out; NULL: nothing that matters */
    const char *failure; /* "DMARC": what a report says that failed (RFC 6591); NULL: none */
    struct explain_step *steps;
    size_t step_count;
    const char *headline; /* "Gmail refused mail from a@b to c@d: the mailbox is full" */
    const char *codes;    /* "550 5.7.26, final"; "" */
    const char *customer;
    bool is_known;      /* the cause is known */
    bool is_unanswered; /* the sending server gave up by itself: no server refused anything */
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

struct explain_stated {
    const char *field; /* "Authentication-Results" */
    int line;
    const char *server; /* "": not named */
    const char *method; /* "spf", "dkim", "dmarc", "client", "compauth" */
    const char *result;
    const char *about; /* properties as written; "" */
    const char *ours;  /* NULL: not judged here */
    bool is_same;
    const char *why; /* of a difference, or what the result means; NULL */
};

#endif
