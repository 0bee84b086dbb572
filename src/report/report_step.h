/*
 * NAME
 *     report_step - what to do, in order of harm
 * DESCRIPTION
 *     The plan of remedies and what it leaves, as one list of steps: what makes
 *     receivers refuse the message at hand, what is broken for everybody, what
 *     lets others forge the domain, what receivers require of bulk senders, the rest; errors
 *     before warnings before notices inside each. All findings about one record are
 *     one step, and all keys of one provider.
 *
 *     A step has records to publish as they are, or findings with choices that a
 *     person must make, or both: first the records, then the choices.
 * OWNERSHIP
 *     In the arena.
 * ERRORS
 *     None.
 */
#ifndef REPORT_STEP_H
#define REPORT_STEP_H

#include "report/report.h"

enum report_harm {
    REPORT_HARM_MESSAGE, /* receivers refuse the message */
    REPORT_HARM_ALL,     /* broken for everybody */
    REPORT_HARM_FORGERY, /* the domain is open */
    REPORT_HARM_BULK,    /* asked of bulk senders */
    REPORT_HARM_HYGIENE
};

struct report_step {
    enum report_harm harm;
    enum severity severity;       /* the worst of its findings */
    const char *who;              /* "you, in DNS", "Mailchimp" */
    const char *text;             /* one clause: what to do */
    const struct remedy *publish; /* as they are; NULL */
    const struct finding **rest;  /* findings of report->plan->rest: choices and hints */
    size_t rest_count;
    const struct finding **about; /* all findings that it is there for */
    size_t about_count;
};

struct report_steps {
    struct report_step *list;
    size_t count;
};

const char *report_harm_to_text(enum report_harm harm); /* "forgery" */

/* the steps of report->plan; none without one */
struct report_steps report_steps_of(struct arena *arena, const struct report *report);

/* the step that is there because of the finding, counted from 1; 0: none */
size_t report_step_number(const struct report_steps *steps, const struct finding *finding);

#endif
