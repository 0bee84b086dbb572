/*
 * NAME
 *     app_record - what "mailassay record" makes, from words or from answers
 * DESCRIPTION
 *     A struct app_making is passed from one function to the next: the command line or the
 *     questions on a terminal fill in type, domain and words; the type makes
 *     text (and a key pair, or a policy) of them; and what our own check would
 *     complain about is refused.
 * OWNERSHIP
 *     In the arena of the run.
 * ERRORS
 *     Return false and fill `why`; is_undetermined says that DNS did not answer.
 */
#ifndef APP_RECORD_H
#define APP_RECORD_H

#include "app/app_run.h"
#include "base/arena.h"
#include "base/dns_name.h"
#include "base/err.h"
#include "base/sbuf.h"
#include "base/span.h"
#include "model/dns_answer.h"

struct app_record_type;

struct app_making {
    struct app *app;
    const struct app_record_type *type;
    const struct dns_name *domain;
    const char *const *words;
    size_t word_count;
    /* made of them */
    const struct dns_name *owner;
    struct sbuf text;
    const char *private_pem; /* NULL: none was made */
    const char *policy;      /* of MTA-STS, as it is to be served; NULL */
    const char *policy_url;
    const struct dns_answer *mx; /* asked once; NULL: not asked */
    int64_t now;                 /* 0: not known yet */
    bool is_undetermined;
};

struct app_record_question;

struct app_record_type {
    const char *name;
    bool (*make)(struct app_making *making, struct err *why);
    const struct app_record_question *questions;
};

/* NULL: no such type */
const struct app_record_type *app_record_type_find(struct span name);

/* "spf, dkim and dmarc", for sentences */
const char *app_record_types(struct arena *arena);

/* each makes the text from the words; those that were made before are forgotten */
bool app_record_make_spf(struct app_making *making, struct err *why);
bool app_record_make_tags(struct app_making *making, struct err *why);
bool app_record_make_dkim(struct app_making *making, struct err *why);
bool app_record_make_sts(struct app_making *making, struct err *why);

/* set the owner: labels below the domain */
bool app_record_place(struct app_making *making, const char *labels, struct err *why);

/* what is made, cut into strings; NULL and `why`: too long, or our check has a complaint */
const struct dns_rr *app_record_judge(const struct app_making *making, struct err *why);

/* is something left to ask, and a terminal to ask on */
bool app_record_can_ask(const struct app *app);

/* ask on the terminal for all that is missing; `why` stays empty when there is no more input */
bool app_record_ask(struct app_making *making, struct err *why);

#endif
