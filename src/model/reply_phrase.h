/*
 * NAME
 *     reply_phrase - one thing that servers write, and what it means
 * DESCRIPTION
 *     Rows of policies/replies.yaml; reply/reply_phrase.h has the tables and says what a
 *     pattern is.
 * OWNERSHIP
 *     Static.
 * ERRORS
 *     None.
 */
#ifndef MODEL_REPLY_PHRASE_H
#define MODEL_REPLY_PHRASE_H

#include "model/reply_cause.h"

enum reply_confidence { REPLY_LOW, REPLY_MEDIUM, REPLY_HIGH };

enum reply_evidence {
    REPLY_BY_NOTHING,
    REPLY_BY_CLASS,    /* the first digits only */
    REPLY_BY_CODE,     /* the reply code */
    REPLY_BY_ENHANCED, /* the enhanced code */
    REPLY_BY_WORD,
    REPLY_BY_MARK,
    REPLY_BY_PHRASE
};

/* where in the dialogue a reply came */
enum reply_step {
    REPLY_STEP_UNKNOWN,
    REPLY_STEP_GREETING,
    REPLY_STEP_EHLO,
    REPLY_STEP_STARTTLS,
    REPLY_STEP_AUTH,
    REPLY_STEP_MAIL,
    REPLY_STEP_RCPT,
    REPLY_STEP_DATA,
    REPLY_STEP_DOT
};

/* facts that a text may name */
enum reply_fact {
    REPLY_FACT_IP,
    REPLY_FACT_DOMAIN,
    REPLY_FACT_ADDRESS,
    REPLY_FACT_HELO,
    REPLY_FACT_LIST,
    REPLY_FACT_SELECTOR,
    REPLY_FACT_SPF,
    REPLY_FACT_DKIM,
    REPLY_FACT_DMARC,
    REPLY_FACT_LINK,
    REPLY_FACTS
};
const char *reply_fact_to_text(enum reply_fact fact); /* "ip" */

struct reply_source {
    const char *id;
    const char *title;
    const char *url;  /* NULL: not on the Internet */
    const char *read; /* "2026-11-29" */
};

/* who writes it: a receiver, or software that many run */
struct reply_speaker {
    const char *id;
    const char *title;
    bool is_receiver;
    const char *const *hosts; /* ends of host names; ends in NULL */
    const char *const *signs; /* phrases that give it away; ends in NULL */
};

struct reply_phrase {
    enum reply_evidence kind; /* PHRASE, MARK or WORD */
    const char *text;
    enum reply_cause_id cause;
    const struct reply_speaker *speaker; /* NULL: many */
    const char *means;                   /* NULL: as the cause says */
    const char *todo;                    /* NULL: as the cause says */
    unsigned reply;                      /* only with this code, or class 4 or 5; 0: any */
    const char *enhanced; /* only with this subject and detail, "1.8"; NULL: any */
    enum reply_step step; /* only there */
    enum reply_confidence confidence;
    const struct reply_source *source;
};

#endif
