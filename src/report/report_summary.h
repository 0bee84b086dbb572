/*
 * NAME
 *     report_summary - the answers at the top of a report
 * DESCRIPTION
 *     Two questions, each with one word: can others send as the domain
 *     (forgery), and is its own mail authenticated (own mail). With a message the
 *     second is about that message, by the verdicts and the receivers of the
 *     report; without one it is about what is published. The third, unmet requirements of
 *     receivers, is answered in lines.
 *
 *     The headline is the worst of these in a word and a clause. --ignore and a baseline
 *     do not change it. It is PASS only where none of the three answers needs action.
 * OWNERSHIP
 *     In the arena.
 * ERRORS
 *     None: there is a word for unknown.
 * STANDARDS
 *     RFC 7208; RFC 9989
 * BUGS
 *     A domain without mail is "ready" as soon as its SPF record can be used.
 */
#ifndef REPORT_SUMMARY_H
#define REPORT_SUMMARY_H

#include "report/report.h"

enum report_forgery {
    REPORT_FORGERY_CLOSED, /* refused everywhere, as any name */
    REPORT_FORGERY_PARTLY, /* put into junk, or there is a hole */
    REPORT_FORGERY_OPEN,
    REPORT_FORGERY_UNKNOWN
};

enum report_own_mail {
    REPORT_OWN_MAIL_BELIEVED, /* these with a message */
    REPORT_OWN_MAIL_JUNKED,
    REPORT_OWN_MAIL_REFUSED,
    REPORT_OWN_MAIL_READY, /* these without one */
    REPORT_OWN_MAIL_MISSING,
    REPORT_OWN_MAIL_BROKEN, /* these in both cases */
    REPORT_OWN_MAIL_UNKNOWN
};

enum report_tone { REPORT_TONE_GOOD, REPORT_TONE_DOUBT, REPORT_TONE_BAD };

struct report_summary {
    enum report_forgery forgery;
    enum report_own_mail own_mail;
    enum report_tone tone;
    const char *word;           /* "NOT PROTECTED" */
    const char *clause;         /* "anyone can send as example.com: no DMARC record" */
    const char *const *reasons; /* ids of findings behind the two answers, each once */
    size_t reason_count;
    const char *const *receivers; /* a line for each that does not accept, else one for all */
    size_t receiver_count;
};

const char *report_forgery_to_text(enum report_forgery forgery);    /* "closed" */
const char *report_own_mail_to_text(enum report_own_mail own_mail); /* "ready" */

/* "NOT PROTECTED: anyone can send as example.com: no DMARC record" */
const char *report_headline(struct arena *arena, const struct report_summary *summary);

/* of a report whose findings, receivers and result are there; NULL without an audit */
const struct report_summary *report_summary_of(struct arena *arena,
                                               const struct report *report);

#endif
